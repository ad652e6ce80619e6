"""What the registry shows of one institution at one moment, from storage counters and views alone."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from issuer.watch.changes import Facts
from issuer.watch.own import Known, Pair
from verifier.chain.registry import Revocation
from verifier.core.hashes import to_hex
from verifier.core.registry import NO_ADDRESS
from verifier.toml_table import checksummed

_AT_ONCE = 200
"""Commitments that one question asks about."""
_ROOTS_AT_ONCE = 500


class Watched(Protocol):
    """What is asked of a registry; verifier.chain.registry.NodeRegistry answers."""

    def refresh(self) -> None:
        """Let the next question be asked at a newer block."""

    def block_number(self) -> int:
        """The block that answers are from now."""

    def finalized_time(self) -> int:
        """The time before which records are final, in Unix seconds."""

    def institution(self, domain: str) -> Mapping[str, Any]:
        """The institution's record and counters."""

    def batches(self, domain: str, roots: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
        """Batches' records; all zero where there is none."""

    def keys(self, domain: str) -> Sequence[Mapping[str, Any]]:
        """Every address that was ever a signer or admin."""

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> Sequence[Revocation | None]:
        """The revocations that take effect."""

    def successor(self) -> str | None:
        """The registry that takes this one's place, once one is named."""

    def successor_chain(self) -> int | None:
        """Its chain."""


@dataclass(frozen=True)
class Sight:
    """One institution, as the registry showed it."""

    domain: str
    at: int
    """A moment, in Unix seconds, before which everything was seen."""
    block: int
    """A block up to which everything was seen."""
    institution: Mapping[str, Any]
    """By the contract's names (ISanadRegistry.Institution)."""
    batches: Mapping[bytes, Mapping[str, Any]]
    """The batches that we know and the registry has, by root."""
    keys: Mapping[str, Mapping[str, Any]]
    """What it says of every key that was ever a signer or admin, by address."""
    revoked: Mapping[bytes, Revocation] | None
    """The revocations of certificates that we know, by commitment; None where nothing new made looking necessary."""
    successor: str | None = None
    strange: Mapping[bytes, Mapping[str, Any]] = field(default_factory=dict)
    """Batches that we do not know, but whose root was found out."""
    strange_revoked: Mapping[Pair, Revocation | None] = field(default_factory=dict)
    """Revocations found out, by authority and commitment; None for those that take no effect."""

    @property
    def unknown(self) -> int:
        """How many batches the registry counts of which nobody here knows the root."""
        return max(0, int(self.institution["batches"]) - len(self.batches) - len(self.strange))

    @property
    def facts(self) -> Facts:
        """What may change, by name; see issuer/watch/changes.py."""
        facts: dict[str, Any] = {name: self.institution[name] for name in ROLES}
        for address, key in self.keys.items():
            facts[f"key {address} authorised"] = bool(key["authorised"])
            facts[f"key {address} distrusted"] = int(key["distrustedSince"])
        for root, batch in self.batches.items():
            facts[f"batch {to_hex(root)} withdrawn"] = bool(batch["withdrawnAt"])
        return facts


ROLES = ("admin", "pendingAdmin", "suspended", "mayCertify", "name")


@dataclass(frozen=True)
class Asked:
    """What a look asks about beyond what we know."""

    counted: int | None = None
    """How many revocations the registry had when they were last looked through; while it has no more, they are not
    looked through again. None: look through them."""
    roots: Collection[bytes] = ()
    """Roots that we knew once, or that were found out."""
    pairs: Collection[Pair] = ()
    """Revocations that were found out, or that are not explained."""


def look(registry: Watched, domain: str, clock: float, known: Callable[[], Known], asked: Asked) -> tuple[Sight, Known]:
    """Look at an institution.

    Args:
        registry: which is asked.
        domain: the institution's.
        clock: this machine's, in Unix seconds.
        known: reads the institution's own records; called after the registry's counters were read, so that what is
            issued meanwhile is not taken for a stranger's.
        asked: what else is asked.

    Raises:
        RegistryUnavailableError: too few nodes gave the same trustworthy answers.
    """
    registry.refresh()
    block, at = registry.block_number(), min(int(clock), registry.finalized_time())
    institution = _checksummed(registry.institution(domain))
    own = known()
    ours, strange = [*own.commitments], [root for root in asked.roots if root not in own.commitments]
    batches, others = batches_of(registry, domain, ours), batches_of(registry, domain, strange)
    revoked = None
    if institution["revocations"] != asked.counted:
        revoked = dict(_revoked(registry, domain, batches, own.commitments))
    keys = {str(key["key"]): key for key in registry.keys(domain)}
    successor = registry.successor()
    if successor is not None:
        successor = f"{checksummed(successor)} on chain {registry.successor_chain()}"
    found = dict(asked_pairs(registry, domain, asked.pairs))
    return Sight(domain, at, block, institution, batches, keys, revoked, successor, others, found), own


def batches_of(registry: Watched, domain: str, roots: Sequence[bytes]) -> dict[bytes, Mapping[str, Any]]:
    """The records of those roots that the registry has."""
    found: dict[bytes, Mapping[str, Any]] = {}
    for start in range(0, len(roots), _ROOTS_AT_ONCE):
        part = roots[start : start + _ROOTS_AT_ONCE]
        for root, record in zip(part, registry.batches(domain, part), strict=True):
            if record["issuedAt"]:
                found[root] = {**record, "signer": checksummed(record["signer"])}
    return found


def asked_pairs(registry: Watched, domain: str, pairs: Collection[Pair]) -> Iterator[tuple[Pair, Revocation | None]]:
    """Each revocation as it takes effect now, under its own authority; None where it takes none."""
    by_authority: dict[str, list[bytes]] = {}
    for authority, commitment in pairs:
        by_authority.setdefault(authority, []).append(commitment)
    for authority, commitments in by_authority.items():
        for start in range(0, len(commitments), _AT_ONCE):
            part = commitments[start : start + _AT_ONCE]
            for each, found in zip(part, registry.revocations(domain, authority, part), strict=True):
                of_this = found is not None and found.by_institution == (authority == NO_ADDRESS)
                yield (authority, each), _by(found) if found is not None and of_this else None


def _checksummed(institution: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**institution, **{name: checksummed(institution[name]) for name in ("admin", "pendingAdmin")}}


def _revoked(
    registry: Watched,
    domain: str,
    batches: Mapping[bytes, Mapping[str, Any]],
    commitments: Mapping[bytes, Sequence[bytes]],
) -> Iterator[tuple[bytes, Revocation]]:
    for root, record in batches.items():
        signer = NO_ADDRESS if record["adopted"] else record["signer"]
        known = commitments[root]
        for start in range(0, len(known), _AT_ONCE):
            asked = known[start : start + _AT_ONCE]
            answers = registry.revocations(domain, signer, asked)
            yield from ((each, _by(found)) for each, found in zip(asked, answers, strict=True) if found is not None)


def _by(found: Revocation) -> Revocation:
    return replace(found, revoked_by=checksummed(found.revoked_by))
