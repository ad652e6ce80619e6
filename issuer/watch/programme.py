"""What the programme's own acts do not explain in its registry: institutions, their admins, who owns the registry."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from eth_abi.abi import decode

from issuer.records import Records, open_existing
from issuer.records.place import RecordsPlace
from issuer.registry import signed_acts
from issuer.watch.alerts import Alert, Kind, Place, Typed
from issuer.watch.changes import Act, Change, Fact, changes, facts_left
from issuer.watch.memory import Seen
from issuer.watch.trail_file import TrailFile
from verifier.core.hashes import institution_id, keccak256
from verifier.core.registry import NO_ADDRESS
from verifier.toml_table import checksummed

_KINDS = (
    *("accredit", "suspend", "reinstate", "rename", "permit certifying", "replace admin", "name successor"),
    *("transfer", "accept", "transfer ownership", "accept ownership"),
)
"""What the records call the programme's transactions."""
_FUNCTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "accredit": (("domain", "string"), ("name", "string"), ("admin", "address"), ("mayCertify", "bool")),
    "suspend": (("institution", "bytes32"),),
    "reinstate": (("institution", "bytes32"),),
    "rename": (("institution", "bytes32"), ("name", "string")),
    "permitCertifying": (("institution", "bytes32"), ("permitted", "bool")),
    "replaceAdmin": (("institution", "bytes32"), ("admin", "address")),
    "nameSuccessor": (("chainId", "uint64"), ("registry", "address")),
    "transferOwnership": (("newOwner", "address"),),
    "acceptOwnership": (),
}
_OF_INSTITUTION = ("admin", "pendingAdmin", "suspended", "mayCertify", "name")


class Registry(Protocol):
    """What is asked; verifier.chain.registry.NodeRegistry answers."""

    def refresh(self) -> None:
        """Let the next question be asked at a newer block."""

    def institutions(self) -> Sequence[Mapping[str, Any]]:
        """Every institution's record, in order of accreditation."""

    def owner(self) -> str:
        """Who owns the registry."""

    def pending_owner(self) -> str | None:
        """Who is nominated as the next owner."""

    def successor(self) -> str | None:
        """The registry that takes this one's place."""

    def successor_chain(self) -> int | None:
        """Its chain."""


@dataclass
class ProgrammeView:
    """Compares a registry with what the programme did.

    Args:
        registry: which is asked.
        place: which one it is.
        records: where the programme's records may be.
        files: acts of other machines.
        typed: completes commands.
    """

    registry: Registry
    place: Place
    records: Sequence[RecordsPlace]
    files: Sequence[Path] = ()
    typed: Typed = field(default_factory=Typed)

    @property
    def name(self) -> str:
        """Whom it is about."""
        return f"the registry {self.place.address}"

    def see(self, memory: Mapping[str, Any], clock: float, thorough: bool) -> Seen:  # noqa: ARG002
        """Look once.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
            StoreError, WatchError: the programme's acts cannot be read.
        """
        self.registry.refresh()
        facts = self._facts()
        domains = [str(fact.rpartition(" ")[0]) for fact in facts if fact.endswith(" accredited")]
        acts = self._acts(domains)
        before = memory.get("facts", {})
        new = {fact.rpartition(" ")[0] for fact in facts if fact.endswith(" accredited") and fact not in before}
        found = [
            self._alert(change, facts, int(clock))
            for change in changes(before, facts, acts)
            if change.fact.endswith(" accredited") or change.fact.rpartition(" ")[0] not in new
        ]
        return Seen([], [each for each in found if each.text], {"facts": facts}, acts)

    def _facts(self) -> dict[str, Any]:
        owner, nominee, successor = self.registry.owner(), self.registry.pending_owner(), self.registry.successor()
        named = None if successor is None else f"{checksummed(successor)} on chain {self.registry.successor_chain()}"
        facts: dict[str, Any] = {"owner": owner, "pendingOwner": nominee or NO_ADDRESS, "successor": named or ""}
        for record in self.registry.institutions():
            facts[f"{record['domain']} accredited"] = True
            for name in _OF_INSTITUTION:
                value = record[name]
                facts[f"{record['domain']} {name}"] = checksummed(value) if name.endswith("dmin") else value
        return facts

    def _acts(self, domains: Sequence[str]) -> frozenset[Fact]:
        sources: list[list[Act]] = [TrailFile(path).acts(self.place) for path in self.files]
        by_id = {institution_id(domain): domain for domain in domains}
        for place in self.records:
            store = open_existing(place)
            if store is not None:
                with closing(store):
                    sources.append(list(signed_by_programme(store, self.place, by_id)))
        return frozenset(fact for acts in sources for fact in facts_left(acts))

    def _alert(self, change: Change, facts: Mapping[str, Any], at: int) -> Alert:
        fact, _, now = change
        domain, _, name = fact.rpartition(" ")
        text, command = _words(change, domain, name, facts)
        kind = Kind.INSTITUTION if domain else Kind.REGISTRY if name == "successor" else Kind.OWNER
        if text:
            text += " The programme's records do not explain it." + (self.typed.elsewhere if command else "")
        commands = (self.typed(command),) if command else ()
        return Alert(kind, domain or self.place.address, text, commands, f"{fact} {now} {at}", fact, now)


def _words(change: Change, domain: str, name: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """A change in words, and what undoes it or stops who did it; no words where it is no news."""
    _, was, now = change
    if now == NO_ADDRESS:
        return "", ""
    if not domain:
        return _of_registry(name, was, now, facts)
    ask = "Ask the institution on a way that you know."
    if name == "accredited":
        title, admin = facts[f"{domain} name"], facts[f"{domain} admin"]
        return (
            f"The institution {domain} was accredited under the name {title!r}, with the admin {admin}. If you did not "
            "do that, the owner's key is stolen: stop the institution, then hand the registry over to a new key (sanad "
            "registry transfer, and its address).",
            f"sanad suspend {domain}",
        )
    if name == "admin":
        return (
            f"The admin of {domain} is {now} now, and was {was}: the institution handed itself over, or somebody put "
            f"another in place. {ask} The command below puts the former admin back. If that key is stolen, "
            f"put a new one in place instead: sanad registry replace-admin {domain}, and the new key's address.",
            f"sanad registry replace-admin {domain} {was}",
        )
    if name == "pendingAdmin":
        return (
            f"{domain} nominated {now} as its next admin. {ask} Should its admin's key be stolen, put another admin in "
            f"place: sanad registry replace-admin {domain}, and the new key's address.",
            "",
        )
    if name == "suspended":
        done, undo = ("suspended", "reinstate") if now else ("reinstated", "suspend")
        return f"{domain} was {done}.", f"sanad {undo} {domain}"
    if name == "mayCertify":
        text = f"{domain} may {'now' if now else 'no longer'} certify educators."
        return text, f"sanad registry permit-certifying {domain}{' --end' if now else ''}"
    undo = f"sanad registry rename {domain} {shlex.quote(str(was))}"
    return f"{domain} is named {now!r} now, and was {was!r}.", undo


def _of_registry(name: str, was: Any, now: Any, facts: Mapping[str, Any]) -> tuple[str, str]:
    if name == "owner":
        return (
            f"The registry's owner is {now} now, and was {was}. If you did not hand it over, the registry is lost to "
            "you: deploy another (sanad deploy), move there (sanad reanchor), and publish it on your domain.",
            "",
        )
    if name == "pendingOwner":
        return (
            f"{now} was nominated as the registry's next owner. If you did not do that, the owner's key is stolen. The "
            "command below puts the present owner in the nominee's place; then hand the registry over to a new key of "
            "yours at once (sanad registry transfer, and its address).",
            f"sanad registry transfer {facts['owner']}",
        )
    return (
        f"{now} was named as the registry that takes this one's place: this one takes no batches any more. That can be "
        "corrected to another registry, and not taken back.",
        "",
    )


def signed_by_programme(store: Records, place: Place, domains: Mapping[bytes, str]) -> Iterator[Act]:
    """The programme's acts on a registry that the records have signed, oldest first."""
    selectors = {
        keccak256(f"{name}({','.join(kind for _, kind in fields)})".encode())[:4]: name
        for name, fields in _FUNCTIONS.items()
    }
    here = signed_acts.Place.of(place.chain_id, place.address)
    for call in signed_acts.calls_signed(store, *_KINDS, written=True):
        data = bytes(call.data)
        name = selectors.get(data[:4])
        if name is None or call.place != here:
            continue
        values = decode([kind for _, kind in _FUNCTIONS[name]], data[4:])
        given: dict[str, Any] = {
            field_: checksummed(value) if kind == "address" else value
            for (field_, kind), value in zip(_FUNCTIONS[name], values, strict=True)
        }
        domain = domains.get(bytes(given.get("institution", b"")), "")
        yield Act(name, given, call.actor, domain)
