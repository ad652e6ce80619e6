"""What the registry shows of one institution at one moment, from storage counters and views alone."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from verifier.chain.registry import Revocation
from verifier.toml_table import checksummed

_AT_ONCE = 200
"""Commitments that one question asks about."""


class Watched(Protocol):
    """What is asked of a registry; verifier.chain.registry.NodeRegistry answers."""

    def institution(self, domain: str) -> Mapping[str, Any]:
        """The institution's record and counters."""

    def batch(self, domain: str, root: bytes) -> Mapping[str, Any]:
        """A batch's record; all zero where there is none."""

    def key(self, domain: str, address: str) -> Mapping[str, Any]:
        """What the institution says of an address."""

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> Sequence[Revocation | None]:
        """The revocations that take effect."""

    def successor(self) -> str | None:
        """The registry that takes this one's place, once one is named."""


@dataclass(frozen=True)
class Sight:
    """One institution, as the registry showed it."""

    domain: str
    at: int
    """This machine's clock before the first question, in Unix seconds: what was written later may be missing."""
    institution: Mapping[str, Any]
    """By the contract's names (ISanadRegistry.Institution)."""
    batches: Mapping[bytes, Mapping[str, Any]]
    """The batches that we know and the registry has, by root."""
    keys: Mapping[str, Mapping[str, Any]]
    """What it says of every key that we know, by address."""
    revoked: Mapping[bytes, Revocation] | None
    """The revocations of certificates that we know, by commitment; None where nothing new made looking necessary."""
    successor: str | None


@dataclass(frozen=True)
class Known:
    """What the institution knows to be its own."""

    commitments: Mapping[bytes, Sequence[bytes]]
    """Every root, and its commitments by index, as far as they are known here."""
    keys: Collection[str]
    """Every address that may act for it."""
    revoked: Collection[bytes] = ()
    """Commitments whose revocation or replacement it has signed."""
    acts: Collection[tuple[str, str]] = ()
    """`(function, about)` of each act that it has signed: a key's address for roles, a root's hex for batches."""


def look(
    registry: Watched, domain: str, at: int, known: Callable[[], Known], counted: int | None
) -> tuple[Sight, Known]:
    """Look at an institution.

    Args:
        registry: which is asked.
        domain: the institution's.
        at: the clock now, in Unix seconds.
        known: reads the institution's own records; called after the registry's counters were read, so that what is
            issued meanwhile is not taken for a stranger's.
        counted: how many revocations the registry had when they were last looked through; while it has no more,
            they are not looked through again.

    Raises:
        RegistryUnavailableError: too few nodes gave the same trustworthy answers.
    """
    institution = _checksummed(registry.institution(domain))
    own = known()
    commitments = own.commitments
    records = {root: registry.batch(domain, root) for root in commitments}
    batches = {root: record for root, record in records.items() if record["issuedAt"]}
    revoked = None
    if institution["revocations"] != counted:
        revoked = dict(_revoked(registry, domain, batches, commitments))
    keys = {address: registry.key(domain, address) for address in own.keys}
    return Sight(domain, at, institution, batches, keys, revoked, registry.successor()), own


def _checksummed(institution: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**institution, **{name: checksummed(institution[name]) for name in ("admin", "pendingAdmin")}}


def _revoked(
    registry: Watched,
    domain: str,
    batches: Mapping[bytes, Mapping[str, Any]],
    commitments: Mapping[bytes, Sequence[bytes]],
) -> Iterator[tuple[bytes, Revocation]]:
    for root, record in batches.items():
        known = commitments[root]
        for start in range(0, len(known), _AT_ONCE):
            asked = known[start : start + _AT_ONCE]
            answers = registry.revocations(domain, record["signer"], asked)
            yield from ((each, found) for each, found in zip(asked, answers, strict=True) if found is not None)
