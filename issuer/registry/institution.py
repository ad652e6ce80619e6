"""What an institution's admin does on the registry: keys, batches, educators, the admin's own office."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from issuer.errors import ActError
from issuer.keys.signers import Signer
from issuer.registry.act import Act, ActingRegistry
from issuer.registry.relaying import signed_arguments
from issuer.registry.writer import why_in_vain
from issuer.sending import Sender, reading
from verifier.core.domain import is_domain
from verifier.core.hashes import ZERO, institution_id, to_hex
from verifier.core.registry import NO_ADDRESS


class InstitutionActs:
    """The acts of one institution; nothing is sent until an act is performed.

    Args:
        sender: the key that acts: the admin's, or for `accept` the nominee's, for `replace` also a signer's.
        registry: the registry's address.
        domain: the institution's.
    """

    def __init__(self, sender: Sender, registry: str, domain: str, signer: Signer | None = None) -> None:
        if not is_domain(domain):
            raise ActError(
                f"{domain!r} is no institution's domain: lower-case labels with dots, such as example.edu.pk."
            )
        self.registry = ActingRegistry(sender, registry)
        self._address, self._relayed = sender.web3.to_checksum_address(registry), signer
        self._me = sender.address if signer is None else str(signer.address)
        self.domain = domain
        self.id = institution_id(domain)

    def authorise(self, key: str, certifier: str | None = None) -> Act:
        """Let a key issue for the institution, on its own word or on the word of one that certified the educator."""
        key = self.registry.checksummed(key)
        word = ZERO if certifier is None else institution_id(certifier)

        def done() -> bool:
            record = self.registry.record("keyRecord", self.id, key)
            return bool(record["authorised"]) and record["certifier"] == word

        facts = {"key": key, **({} if certifier is None else {"on the word of": certifier})}
        if certifier is None:
            return self._act("authorise", facts, "authorise", (key,), done)
        return self._act("authorise", facts, "authoriseEducator", (key, word), done)

    def remove(self, key: str) -> Act:
        """End a key's authority; what it did stands."""
        key = self.registry.checksummed(key)
        facts = {"key": key, **self._doubt(key)}
        return self._act("remove", facts, "remove", (key,), lambda: not self._key(key)["authorised"])

    def distrust(self, key: str, since: int) -> Act:
        """What the key wrote since a moment (Unix seconds) does not count, and it does nothing more."""
        key = self.registry.checksummed(key)
        facts = {"key": key, "since": moment(since), **self._doubt(key)}
        return self._act(
            "distrust", facts, "distrust", (key, since), lambda: self._key(key)["distrustedSince"] == since
        )

    def now(self) -> int:
        """This moment by the chain's clock, in Unix seconds: its newest block's, which trails this machine's.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        return int(reading(lambda: self.registry.sender.web3.eth.get_block("latest"))["timestamp"])

    def lift_distrust(self, key: str) -> Act:
        """What the key wrote counts again."""
        key = self.registry.checksummed(key)
        done = lambda: not self._key(key)["distrustedSince"]  # noqa: E731
        return self._act("lift distrust", {"key": key}, "liftDistrust", (key,), done)

    def withdraw(self, root: bytes, registered: bool = True) -> Act:
        """Withdraw a whole batch, until it is reinstated; one that is not registered yet only when asked to."""
        facts = self._batch_facts(root) if registered else {"batch": to_hex(root)}
        return self._act("withdraw", facts, "withdraw", (root,), lambda: self._withdrawn(root))

    def reinstate_batch(self, root: bytes) -> Act:
        """Let a withdrawn batch stand again."""
        done = lambda: not self._withdrawn(root)  # noqa: E731
        return self._act("reinstate", self._batch_facts(root), "reinstateBatch", (root,), done)

    def adopt(self, batches: Mapping[bytes, int]) -> Act:
        """Register roots that have no counting record in the institution's own name, each with its size."""

        def done() -> bool:
            records = [self.registry.record("batchRecord", self.id, root) for root in batches]
            return all(one["counts"] and one["adopted"] for one in records)

        facts = {f"batch {to_hex(root)}": f"{size:,} certificates" for root, size in batches.items()}
        return self._act("adopt", facts, "adopt", (list(batches), list(batches.values())), done)

    def certify(self, key: str, commitment: bytes) -> Act:
        """Say that a key belongs to the educator whose certificate has this commitment; zero takes it back."""
        key = self.registry.checksummed(key)
        facts = {"key": key, "educator's certificate": "none" if commitment == ZERO else to_hex(commitment)}
        done = lambda: self.registry.value("certification", self.id, key) == commitment  # noqa: E731
        return self._act("certify", facts, "certify", ([key], [commitment]), done)

    def transfer(self, nominee: str) -> Act:
        """Nominate the next admin, who accepts."""
        nominee = self.registry.checksummed(nominee)
        done = lambda: self._record("pendingAdmin") == nominee  # noqa: E731
        return self._act("transfer", {"nominee": nominee}, "transferAdmin", (nominee,), done)

    def accept(self) -> Act:
        """Take over as admin, being the nominee."""
        me = self.registry.sender.address
        return self._act("accept", {}, "acceptAdmin", (), lambda: self._record("admin") == me)

    def revoke(self, commitments: Sequence[bytes], reason: int) -> Act:
        """Revoke certificates in the institution's own name, which only its admin may."""
        done = lambda: all(each["reason"] for each in self._revocations(NO_ADDRESS, commitments))  # noqa: E731
        facts = {f"commitment {number}": to_hex(each) for number, each in enumerate(commitments, 1)}
        return self._act("revoke", facts, "revoke", (NO_ADDRESS, list(commitments), reason), done)

    def replace(self, replacements: Mapping[bytes, bytes], reason: int) -> Act:
        """Revoke certificates and name what replaces each; commitments, old and new.

        In the institution's name where the key is its admin, else in the signer's own, for its own batches.
        """
        wanted, authority = list(replacements.values()), self._authority()

        def done() -> bool:
            return [each["replacement"] for each in self._revocations(authority, list(replacements))] == wanted

        facts = {f"commitment {to_hex(old)}": f"replaced by {to_hex(new)}" for old, new in replacements.items()}
        arguments = (authority, list(replacements), wanted, reason)
        if self._relayed is None:
            return self._act("replace", facts, "replace", arguments, done)
        sender = self.registry.sender
        place = (sender.chain_id, self._address, self.id)
        signed = signed_arguments(self._relayed, "replace", *place, arguments, sender.now())
        return self._act("replace", {**facts, "in the name of": self._me}, "replaceFor", signed[1:], done)

    def revocation(self, commitment: bytes) -> dict[str, object] | None:
        """The revocation that this key cannot write over: in its own authority or the institution's; None for none."""
        (found,) = self._revocations(self._authority(), [commitment])
        return found if found["reason"] else None

    def why_in_vain(self, root: bytes) -> str | None:
        """Why this key's revocation or replacement would change nothing in a batch; None where it bites."""
        return why_in_vain(self.registry.record("batchRecord", self.id, root), self._me, self._authority())

    def _act(
        self, name: str, facts: Mapping[str, str], function: str, arguments: tuple[object, ...], done: object
    ) -> Act:
        facts = {"institution": self.domain, **facts}
        return self.registry.act(name, facts, function, (self.id, *arguments), done)  # type: ignore[arg-type]

    def _batch_facts(self, root: bytes) -> dict[str, str]:
        record = self.registry.record("batchRecord", self.id, root)
        if not record["issuedAt"]:
            raise ActError(f"{self.domain} has no batch {to_hex(root)} in this registry.")
        return {"batch": to_hex(root), "size": f"{record['size']:,}", "registered": moment(record["issuedAt"])}

    def _withdrawn(self, root: bytes) -> bool:
        return bool(self.registry.record("batchRecord", self.id, root)["withdrawnAt"])

    def _key(self, key: str) -> dict[str, object]:
        return self.registry.record("keyRecord", self.id, key)

    def _doubt(self, key: str) -> dict[str, str]:
        """What makes one look at an address again: a mistyped one is nobody's, and the registry does not mind."""
        record = self._key(key)
        if record["authorised"] or record["everAdmin"] or record["distrustedSince"]:
            return {}
        return {"note": "no signer of this institution now: compare the address"}

    def _record(self, name: str) -> object:
        return self.registry.record("institutionRecord", self.id)[name]

    def _authority(self) -> str:
        """In whose authority this key revokes: the institution's while it is its admin, else its own."""
        return NO_ADDRESS if self._record("admin") == self._me else self._me

    def _revocations(self, authority: str, commitments: Sequence[bytes]) -> list[dict[str, object]]:
        return self.registry.structs("revocations", 3, self.id, authority, list(commitments))


def moment(seconds: int) -> str:
    """Unix seconds as people and `--since` write them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
