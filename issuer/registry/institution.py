"""What an institution's admin and its signers do on the registry: keys, batches, certificates, handing over."""

from collections.abc import Callable, Mapping, Sequence

from issuer.errors import ActError
from issuer.keys.signers import Signer
from issuer.registry.act import Act, ActingRegistry, Effects, Guard
from issuer.registry.guards import Domains, Elsewhere, Guards, nowhere
from issuer.registry.signed_acts import Place
from issuer.sending import Sender, reading
from issuer.text import moment
from verifier.core.domain import is_domain
from verifier.core.hashes import ZERO, commitment, institution_id, to_hex
from verifier.core.registry import NO_ADDRESS

_STATUS = Effects(status=True)
WITHDRAWN = "The batch was withdrawn."
_FREE: Guard = lambda: None  # noqa: E731


class InstitutionActs:
    """The acts of one institution; nothing is sent until an act is performed.

    Args:
        sender: the key that acts: the admin's, or for `accept` the nominee's, for certificates also a signer's.
        registry: the registry's address.
        domain: the institution's.
        signer: whose acts the sender relays; without one the sender acts for itself.
        elsewhere: says of a batch where it is to be acted on instead of here, and why; None where here is right.
        domains: those of the registry's institutions, for what may be meant by one that is none of them.
    """

    def __init__(
        self,
        sender: Sender,
        registry: str,
        domain: str,
        signer: Signer | None = None,
        elsewhere: Elsewhere = nowhere,
        domains: Domains = tuple,
    ) -> None:
        if not is_domain(domain):
            raise ActError(
                f"{domain!r} is not an institution's domain: lower-case labels with dots, such as example.edu.pk."
            )
        self.registry = ActingRegistry(sender, registry, signer=signer)
        self.domain = domain
        self.id = institution_id(domain)
        self.guards = Guards(self.registry, domain, elsewhere, domains)

    @property
    def place(self) -> Place:
        """Which registry it is."""
        return Place.of(self.registry.sender.chain_id, self.registry.address)

    def authorise(self, key: str, certifier: str | None = None) -> Act:
        """Let a key issue for the institution, on its own word or on the word of one that certified the educator."""
        key = self.registry.checksummed(key)
        word = ZERO if certifier is None else institution_id(certifier)

        def done() -> bool:
            record = self._key(key)
            authorised = bool(record["authorised"]) and not record["distrustedSince"]
            return authorised and record["certifier"] == word

        facts = {"key": key, **({} if certifier is None else {"on the word of": certifier})}
        guard = lambda: self.guards.authorising(key, certifier)  # noqa: E731
        if certifier is None:
            return self._act("authorise", facts, "authorise", (key,), done, guard)
        return self._act("authorise", facts, "authoriseEducator", (key, word), done, guard)

    def remove(self, key: str) -> Act:
        """End a key's authority; what it did stays valid."""
        key = self.registry.checksummed(key)
        facts = {"key": key, **self._doubt(key)}

        def done() -> bool:
            record = self._key(key)
            return not record["authorised"] and not record["isAdmin"]

        return self._act("remove", facts, "remove", (key,), done, lambda: self.guards.removing(key))

    def distrust(self, key: str, since: int) -> Act:
        """What the key wrote since a moment (Unix seconds) does not count, and it does nothing more."""
        key = self.registry.checksummed(key)
        facts = {"key": key, "since": moment(since), **self._doubt(key)}
        done = lambda: self._key(key)["distrustedSince"] == since  # noqa: E731
        return self._act("distrust", facts, "distrust", (key, since), done, effects=_STATUS)

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
        return self._act("lift distrust", {"key": key}, "liftDistrust", (key,), done, effects=_STATUS)

    def withdraw(self, root: bytes, registered: bool = True) -> Act:
        """Withdraw a whole batch, until it is reinstated; one that is not registered yet only when asked to."""
        guard = (lambda: self.guards.withdrawing(root)) if registered else _FREE
        effects = Effects(status=True, batches=(root,), why=WITHDRAWN)
        facts = self._batch_facts(root)
        return self._act("withdraw", facts, "withdraw", (root,), lambda: self._withdrawn(root), guard, effects)

    def reinstate_batch(self, root: bytes) -> Act:
        """Reinstate a withdrawn batch."""
        done = lambda: self._registered(root) and not self._withdrawn(root)  # noqa: E731
        guard = lambda: self.guards.withdrawing(root)  # noqa: E731
        effects = Effects(status=True, reinstated=(root,), why=WITHDRAWN)
        return self._act("reinstate", self._batch_facts(root), "reinstateBatch", (root,), done, guard, effects)

    def adopt(self, batches: Mapping[bytes, int]) -> Act:
        """Register roots that have no counting record in the institution's own name, each with its size."""

        def done() -> bool:
            records = [self.registry.record("batchRecord", self.id, root) for root in batches]
            return all(one["counts"] and one["adopted"] for one in records)

        facts = {f"batch {to_hex(root)}": f"{size:,} certificates" for root, size in batches.items()}
        arguments = (list(batches), list(batches.values()))
        return self._act("adopt", facts, "adopt", arguments, done, lambda: self.guards.adopting(batches), _STATUS)

    def certify(self, key: str, commitment_: bytes) -> Act:
        """Say that a key belongs to the educator whose certificate has this commitment; zero takes it back."""
        key = self.registry.checksummed(key)
        facts = {"key": key, "educator's certificate": "none" if commitment_ == ZERO else to_hex(commitment_)}
        done = lambda: self.registry.value("certification", self.id, key) == commitment_  # noqa: E731
        return self._act("certify", facts, "certify", ([key], [commitment_]), done)

    def certify_many(self, educators: Mapping[str, bytes]) -> Act:
        """The same of several keys, each with the commitment of its educator's certificate, in one transaction."""
        asked = [(self.registry.checksummed(key), commitment_) for key, commitment_ in educators.items()]

        def done() -> bool:
            return all(self.registry.value("certification", self.id, key) == each for key, each in asked)

        facts = {f"key {key}": f"educator's certificate {to_hex(each)}" for key, each in asked}
        arguments = ([key for key, _ in asked], [each for _, each in asked])
        return self._act("certify", facts, "certify", arguments, done)

    def transfer(self, nominee: str) -> Act:
        """Nominate the next admin, who accepts."""
        nominee = self.registry.checksummed(nominee)
        done = lambda: self._record("pendingAdmin") == nominee  # noqa: E731
        guard = lambda: self.guards.nominating(nominee)  # noqa: E731
        return self._act("transfer", {"nominee": nominee}, "transferAdmin", (nominee,), done, guard)

    def accept(self) -> Act:
        """Take over as admin, being the nominee."""
        me = self.registry.actor
        return self._act("accept", {}, "acceptAdmin", (), lambda: self._record("admin") == me)

    def revoke(self, commitments: Sequence[bytes], reason: int) -> Act:
        """Revoke certificates in the institution's own name, which only its admin may, whatever batch they are of."""
        done = lambda: all(each["reason"] for each in self._revocations(NO_ADDRESS, commitments))  # noqa: E731
        facts = {f"commitment {number}": to_hex(each) for number, each in enumerate(commitments, 1)}
        arguments = (NO_ADDRESS, list(commitments), reason)
        return self._act("revoke", facts, "revoke", arguments, done, effects=_STATUS)

    def replace(self, replacements: Mapping[bytes, bytes], reason: int) -> Act:
        """Revoke certificates in the institution's own name and name what replaces each; commitments, old and new."""
        wanted, olds = list(replacements.values()), list(replacements)
        done = lambda: self._replacements(NO_ADDRESS, olds) == wanted  # noqa: E731
        guard = lambda: self.guards.replacing(NO_ADDRESS, replacements)  # noqa: E731
        facts = {f"commitment {to_hex(old)}": f"replaced by {to_hex(new)}" for old, new in replacements.items()}
        return self._act("replace", facts, "replace", (NO_ADDRESS, olds, wanted, reason), done, guard, _STATUS)

    def revoke_certificate(self, root: bytes, hash_: bytes, reason: int) -> Act:
        """Revoke the certificate of a batch; `hash_` is its `H`.

        In the institution's name where the key is its admin, else in the signer's own, for its own batches.
        """
        authority, commitment_ = self._authority(), commitment(hash_)

        def done() -> bool:
            found = self._taking_effect(root, authority, commitment_)
            return found["reason"] == reason and found["replacement"] == ZERO

        def guard() -> str | None:
            found = self._taking_effect(root, authority, commitment_)
            return self.guards.revoking(root, authority, "revoke") or self.guards.revoking_again(hash_, found)

        effects = Effects(status=True, certificates=(hash_,), why="The certificate was revoked.")
        facts = {"certificate": to_hex(hash_)}
        return self._act("revoke", facts, "revoke", (authority, [commitment_], reason), done, guard, effects)

    def replace_certificate(self, root: bytes, old: bytes, new: bytes, reason: int) -> Act:
        """Revoke the certificate `old` of a batch and name `new` in its place (both `H`); as `revoke_certificate`."""
        facts = {"certificate": to_hex(old), "replaced by": to_hex(new)}
        return self._replacing(root, {old: new}, reason, facts, "replace", f"by {to_hex(new)}")

    def correct_certificates(self, root: bytes, corrections: Mapping[bytes, bytes], reason: int) -> Act:
        """Replace certificates of one batch (`H` of each, old and new), all in one transaction."""
        facts = {f"certificate {to_hex(old)}": f"replaced by {to_hex(new)}" for old, new in corrections.items()}
        return self._replacing(root, corrections, reason, facts, "correct", "by its correction")

    def _replacing(
        self, root: bytes, hashes: Mapping[bytes, bytes], reason: int, facts: Mapping[str, str], typed: str, how: str
    ) -> Act:
        authority = self._authority()
        pairs = {commitment(old): commitment(new) for old, new in hashes.items()}

        def done() -> bool:
            mine = self._all_taking_effect(root, authority, list(pairs))
            institution_s = self._revocations(NO_ADDRESS, list(pairs))  # which takes effect on every signer's batches
            found = zip(pairs.values(), mine, institution_s, strict=True)
            return all(new in (one["replacement"], other["replacement"]) for new, one, other in found)

        def guard() -> str | None:
            each = (self.guards.replacing(authority, {commitment(old): pairs[commitment(old)]}, old) for old in hashes)
            return self.guards.revoking(root, authority, typed) or next(filter(None, each), None)

        why = f"The certificate was replaced {how}."
        effects = Effects(status=True, pointers=tuple(hashes.items()), certificates=tuple(hashes), why=why)
        arguments = (authority, list(pairs), list(pairs.values()), reason)
        return self._act("replace", facts, "replace", arguments, done, guard, effects)

    def _act(
        self,
        name: str,
        facts: Mapping[str, str],
        function: str,
        arguments: tuple[object, ...],
        done: Callable[[], bool],
        guard: Guard = _FREE,
        effects: Effects = Effects(),  # noqa: B008 - it is frozen
    ) -> Act:
        facts = {"institution": self.domain, **facts}
        return self.registry.act(name, facts, function, (self.id, *arguments), done, guard, effects)

    def _batch_facts(self, root: bytes) -> dict[str, str]:
        record = self.registry.record("batchRecord", self.id, root)
        if not record["issuedAt"]:
            return {"batch": to_hex(root)}
        return {"batch": to_hex(root), "size": f"{record['size']:,}", "registered": moment(record["issuedAt"])}

    def _registered(self, root: bytes) -> bool:
        return bool(self.registry.record("batchRecord", self.id, root)["issuedAt"])

    def _withdrawn(self, root: bytes) -> bool:
        return bool(self.registry.record("batchRecord", self.id, root)["withdrawnAt"])

    def _key(self, key: str) -> dict[str, object]:
        return self.registry.record("keyRecord", self.id, key)

    def _doubt(self, key: str) -> dict[str, str]:
        """What makes one look at an address again: a mistyped one is nobody's, and the registry does not notice."""
        record = self._key(key)
        if record["authorised"] or record["everAdmin"] or record["distrustedSince"]:
            return {}
        return {"note": "no signer of this institution now: compare the address"}

    def _record(self, name: str) -> object:
        return self.registry.record("institutionRecord", self.id)[name]

    def _authority(self) -> str:
        """In whose authority this key revokes: the institution's while it is its admin, else its own."""
        return NO_ADDRESS if self._record("admin") == self.registry.actor else self.registry.actor

    def _taking_effect(self, root: bytes, authority: str, commitment_: bytes) -> dict[str, object]:
        """The revocation that verifiers see on a certificate of the batch; for an admin, the institution's own."""
        return self._all_taking_effect(root, authority, [commitment_])[0]

    def _all_taking_effect(self, root: bytes, authority: str, commitments: Sequence[bytes]) -> list[dict[str, object]]:
        record = self.registry.record("batchRecord", self.id, root)
        signer = NO_ADDRESS if authority == NO_ADDRESS or record["adopted"] else record["signer"]
        return self._revocations(signer, commitments)

    def _revocations(self, authority: str, commitments: Sequence[bytes]) -> list[dict[str, object]]:
        return self.registry.structs("revocations", 3, self.id, authority, list(commitments))

    def _replacements(self, authority: str, commitments: Sequence[bytes]) -> list[object]:
        return [each["replacement"] for each in self._revocations(authority, commitments)]
