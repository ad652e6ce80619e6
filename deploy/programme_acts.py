"""What a programme, the registry's owner, does on it: it accredits, suspends and reinstates institutions."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from deploy.institution_names import check_name
from deploy.registry_contract import registry_artifact
from issuer.errors import ActError
from issuer.office.key_choice import KeyChoice, Seat, chosen_key
from issuer.office.office import Office
from issuer.registry.act import Act, ActingRegistry
from issuer.registry.guards import not_accredited
from issuer.sending import Sender
from issuer.settings import KeySettings, load_key_settings
from issuer.text import moment
from verifier.core.domain import is_domain
from verifier.core.hashes import institution_id, to_hex
from verifier.core.registry import NO_ADDRESS

COUNTS_AGAIN = "counts again"
"""The name of the facts that say what ends with a distrust."""


_KEYS = ("owner_key", "passphrase_file")


def programme_acts(office: Office, choice: KeyChoice) -> "ProgrammeActs":
    """The programme's acts on the registry of an office, with the chosen key or [programme] owner_key.

    Raises:
        ActError: nobody names the key.
        KeyFileError, SignerError, NodeUnusableError: the key or the node cannot be used.
    """
    if choice.seat is not None:
        return _of_multisig(office, choice.seat)
    place, passphrases = chosen_key(choice, programme_key(office), "[programme] owner_key")
    return ProgrammeActs(office.sender(place, passphrases), office.registry_settings.info.address, office.domains)


def _of_multisig(office: Office, seat: Seat) -> "ProgrammeActs":
    """The acts of a programme whose owner, or whose next one, is a multisig."""
    address = office.registry_settings.info.address
    asked = ProgrammeActs(office.asker(), address).registry
    pending = asked.value("pendingOwner")
    nominee = seat is Seat.NOMINEE and pending != NO_ADDRESS
    what = "nominated as the registry's owner" if nominee else "the registry's owner"
    holder = pending if nominee else asked.value("owner")
    return ProgrammeActs(office.multisig(holder, what), address, office.domains)


def programme_key(office: Office) -> KeySettings:
    """What the settings say of the programme's key."""
    return load_key_settings(office.path, "programme", "owner_key", _KEYS)


class ProgrammeActs:
    """The acts of a programme; nothing is sent until an act is performed.

    Args:
        sender: the owner's key, and its node.
        registry: the registry's address.
        domains: those of its institutions, for what may be meant by one that is none of them.
    """

    def __init__(self, sender: Sender, registry: str, domains: Callable[[], Sequence[str]] = tuple) -> None:
        self._domains = domains
        self.registry = ActingRegistry(sender, registry, registry_artifact()["abi"])

    def accredit(self, domain: str, name: str, admin: str, may_certify: bool = False) -> Act:
        """Accredit an institution.

        Raises:
            ActError: it is not a domain, nobody can be shown the name, or it is accredited otherwise.
        """
        if not is_domain(domain):
            raise ActError(f"{domain!r} is not a domain that can be accredited: lower-case A-labels, two or more.")
        check_name(name)
        admin = self.registry.checksummed(admin)

        def done() -> bool:
            found = self._record(domain)
            return (found["domain"], found["name"], found["admin"], found["mayCertify"]) == (
                *(domain, name, admin, may_certify),
            )

        def guard() -> str | None:
            if not self._record(domain)["accreditedAt"]:
                return None
            return (
                f"{domain} is accredited already, with another name, admin or permission. To change these: "
                "sanad registry rename, replace-admin, permit-certifying."
            )

        facts = {"institution": domain, "name": name, "admin": admin, "may certify": "yes" if may_certify else "no"}
        return self.registry.act("accredit", facts, "accredit", (domain, name, admin, may_certify), done, guard)

    def suspend(self, domain: str) -> Act:
        """Stop an institution from issuing from now on; what was issued is not touched."""
        return self._standing("suspend", domain, lambda record: bool(record["suspended"]))

    def reinstate(self, domain: str) -> Act:
        """Let a suspended institution issue again."""
        return self._standing("reinstate", domain, lambda record: not record["suspended"])

    def rename(self, domain: str, name: str) -> Act:
        """Let the registry show another name of an institution, on everything that it ever issued.

        Raises:
            ActError: nobody can be shown the name, or the institution is not accredited.
        """
        check_name(name)
        facts = {"institution": domain, "name until now": self._accredited(domain)["name"], "new name": name}
        done = lambda: self._record(domain)["name"] == name  # noqa: E731
        return self.registry.act("rename", facts, "rename", (institution_id(domain), name), done)

    def permit_certifying(self, domain: str, permitted: bool) -> Act:
        """Let an institution certify educators from now on, or no more; what it said before stays."""
        record = self._accredited(domain)
        facts = {"institution": domain, "name": record["name"], "may certify": "yes" if permitted else "no more"}
        done = lambda: self._record(domain)["mayCertify"] == permitted  # noqa: E731
        arguments = (institution_id(domain), permitted)
        return self.registry.act("permit certifying", facts, "permitCertifying", arguments, done)

    def replace_admin(self, domain: str, admin: str, roots: Iterable[bytes] = ()) -> Act:
        """Put another admin in place at once, where keys are lost or stolen.

        If the institution distrusts the new key, that is lifted; the act's facts then say so, and which of the batches
        `roots` count again.
        """
        admin = self.registry.checksummed(admin)
        facts = {"institution": domain, "admin until now": self._accredited(domain)["admin"], "new admin": admin}
        facts |= self._counting_again(institution_id(domain), admin, roots)
        done = lambda: self._record(domain)["admin"] == admin  # noqa: E731
        return self.registry.act("replace admin", facts, "replaceAdmin", (institution_id(domain), admin), done)

    def distrust(self, domain: str, key: str, since: int) -> Act:
        """Distrust a former admin since a moment (Unix seconds): what it wrote from then on ceases to count."""
        key, id_ = self.registry.checksummed(key), institution_id(domain)
        name = self._accredited(domain)["name"]
        facts = {"institution": domain, "name": name, "former admin": key, "since": moment(since)}
        done = lambda: self.registry.record("keyRecord", id_, key)["distrustedSince"] == since  # noqa: E731
        guard = lambda: self._not_a_former_admin(domain, key)  # noqa: E731
        return self.registry.act("distrust", facts, "distrust", (id_, key, since), done, guard)

    def lift_distrust(self, domain: str, key: str) -> Act:
        """What a former admin wrote counts again."""
        key, id_ = self.registry.checksummed(key), institution_id(domain)
        facts = {"institution": domain, "name": self._accredited(domain)["name"], "former admin": key}
        done = lambda: not self.registry.record("keyRecord", id_, key)["distrustedSince"]  # noqa: E731
        guard = lambda: self._not_a_former_admin(domain, key)  # noqa: E731
        return self.registry.act("lift distrust", facts, "liftDistrust", (id_, key), done, guard)

    def name_successor(self, chain_id: int, address: str) -> Act:
        """Name the registry that takes this one's place; from then on this one takes no batches."""
        address = self.registry.checksummed(address)

        def done() -> bool:
            named = self.registry.value("successorChain"), self.registry.value("successor")
            return named == (chain_id, address)

        facts = {"successor": address, "on chain": str(chain_id)}
        return self.registry.act("name successor", facts, "nameSuccessor", (chain_id, address), done)

    def transfer(self, nominee: str) -> Act:
        """Nominate the registry's next owner, who accepts."""
        nominee = self.registry.checksummed(nominee)
        facts = {"owner until now": self.registry.value("owner"), "nominee": nominee}
        done = lambda: self.registry.value("pendingOwner") == nominee  # noqa: E731
        return self.registry.act("transfer", facts, "transferOwnership", (nominee,), done)

    def accept(self) -> Act:
        """Take over as the registry's owner, being the nominee."""
        facts = {"owner until now": self.registry.value("owner")}
        done = lambda: self.registry.value("owner") == self.registry.sender.address  # noqa: E731
        return self.registry.act("accept", facts, "acceptOwnership", (), done)

    def _not_a_former_admin(self, domain: str, key: str) -> str | None:
        record = self.registry.record("keyRecord", institution_id(domain), key)
        if record["isAdmin"]:
            return (
                f"{key} is the institution's admin. Replace it first, with sanad registry replace-admin {domain} and "
                "the new key's address."
            )
        if not record["everAdmin"]:
            return (
                f"{key} never was the admin of {domain}, so the institution's admin distrusts it, with sanad distrust "
                f"{domain} {key} and not with this command."
            )
        return None

    def _counting_again(self, id_: bytes, key: str, roots: Iterable[bytes]) -> dict[str, str]:
        state = self.registry.record("keyRecord", id_, key)
        if not state["distrustedSince"] or state["everAdmin"]:
            return {}
        since = moment(state["distrustedSince"])
        facts = {
            "distrusted since": f"{since}, by the institution: that is lifted",
            COUNTS_AGAIN: "all that this key wrote since then, revocations too; if that is not meant, name another key",
        }
        for root in roots:
            record = self.registry.record("batchRecord", id_, root)
            if record["signer"] == key and not record["counts"] and not record["adopted"]:
                registered = f"{record['size']:,} certificates, {moment(record['issuedAt'])}"
                facts[f"{COUNTS_AGAIN}: batch {to_hex(root)}"] = registered
        return facts

    def _standing(self, name: str, domain: str, done: Any) -> Act:
        record = self._accredited(domain)
        facts = {"institution": domain, "name": record["name"], "certificates so far": f"{record['certificates']:,}"}
        arguments = (institution_id(domain),)
        return self.registry.act(name, facts, name, arguments, lambda: bool(done(self._record(domain))))

    def _accredited(self, domain: str) -> dict[str, Any]:
        record = self._record(domain)
        if not record["accreditedAt"]:
            raise ActError(not_accredited(domain, self._domains()))
        return record

    def _record(self, domain: str) -> dict[str, Any]:
        return self.registry.record("institutionRecord", institution_id(domain))
