"""Revocations that a rebuild finds in the registry, and whose transactions were lost with the records.

They are noted as ours, so that the watch does not take them for a thief's. Nothing proves that: so each is
listed with the key that wrote it, for a person to look at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from issuer.records import Records
from issuer.records.rebuilding import TakenOver
from issuer.registry.signed_acts import Place, signed_for, signed_revocations
from verifier.core.registry import NO_ADDRESS
from verifier.toml_table import checksummed


@dataclass
class Revocations:
    """Collects the revocations that are in the registry, by institution.

    Args:
        chain_id: the registry's chain.
        registry: its address.
    """

    chain_id: int
    registry: str
    found: dict[str, list[TakenOver]] = field(default_factory=dict)
    places: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    """Of each commitment: the batch's root, and the position in it from 0."""

    def see(self, domain: str, root: bytes, positions: Mapping[bytes, int], standing: Mapping[bytes, Any]) -> None:
        """Take what takes effect on a batch of ours, by commitment."""
        self.places |= {each: (root, positions[each]) for each in standing}
        self.found.setdefault(domain, []).extend(_each(standing))

    def unknown(self, store: Records | None) -> dict[str, list[TakenOver]]:
        """Those that the records neither signed nor have noted.

        Raises:
            StoreError: the records cannot be read.
        """
        unknown = {domain: self._unknown(store, domain, seen) for domain, seen in self.found.items()}
        return {domain: found for domain, found in unknown.items() if found}

    def _unknown(self, store: Records | None, domain: str, seen: Collection[TakenOver]) -> list[TakenOver]:
        if store is None:
            return list(seen)
        signed = signed_for(signed_revocations(store, domain), Place.of(self.chain_id, self.registry))
        noted = store.rebuilt.taken_over(domain, self.chain_id, self.registry)
        known = {(each.authority, each.commitment) for each in signed}
        known |= {(each.authority, each.commitment) for each in noted}
        return [each for each in seen if (each.authority, each.commitment) not in known]

    def note(self, store: Records) -> None:
        """Note as ours what is unknown. Errors: StoreError."""
        for domain, found in self.unknown(store).items():
            store.rebuilt.take_over(domain, self.chain_id, self.registry, found)


def _each(standing: Mapping[bytes, Any]) -> Iterator[TakenOver]:
    for commitment, answer in standing.items():
        writer = checksummed(str(answer.revoked_by))
        authority = NO_ADDRESS if answer.by_institution else writer
        yield TakenOver(authority, commitment, writer, int(answer.revoked_at))
