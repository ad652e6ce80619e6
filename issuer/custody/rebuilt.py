"""What a rebuild found and did, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from issuer.records.rebuilding import TakenOver
from issuer.text import moment
from verifier.core.hashes import to_hex


@dataclass(frozen=True)
class RebuiltBatch:
    """One of our batches, as it is after the rebuild."""

    id: str
    domain: str
    root: bytes
    size: int
    course: str
    registered: str
    """UTC."""
    out: Path
    new: bool
    """Whether the records did not have it."""
    added: int
    """Certificates that were added to the records."""
    missing: tuple[int, ...]
    """Positions of certificates that were found nowhere, from 0."""
    erased: int = 0
    without_pdf: int = 0
    """Certificates whose PDF is not in `out`, of those that were added."""
    has_course: bool = True
    """Whether the course description is kept with it."""
    revoked: int = 0
    replaced: int = 0
    withdrawn: bool = False
    counts: bool = True
    """False where its writer is distrusted."""
    unfinished: str | None = None
    """Its state in the records, where these have it and have not delivered it."""

    @property
    def whole(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.missing and not self.without_pdf and self.has_course

    @property
    def data(self) -> dict[str, Any]:
        """Everything, as plain data."""
        plain = {**vars(self), "root": to_hex(self.root), "out": str(self.out), "missing": list(self.missing)}
        return plain


@dataclass
class Rebuilt:
    """What became of a rebuild of the records."""

    dry_run: bool = False
    batches: list[RebuiltBatch] = field(default_factory=list)
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Batches that other keys of our institutions registered: by the key's address, their roots."""
    unregistered: tuple[str, ...] = ()
    """Roots that the registry does not have, and so prove nothing."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """By domain: batches on record of which no file was found."""
    unproved: Mapping[Path, str] = field(default_factory=dict)
    left: tuple[Path, ...] = ()
    """Files of erased certificates, which still hold their data."""
    erased: int = 0
    """Certificates that are marked as erased, of whichever batch."""
    marks: int = 0
    """Marks of erased or hidden certificates that were added."""
    settled: dict[str, int] = field(default_factory=dict)
    """By key: how many of its transactions are settled now."""
    taken_over: Mapping[str, list[TakenOver]] = field(default_factory=dict)
    """By domain: revocations in the registry that the records did not know, and that are noted as ours now."""
    places: Mapping[bytes, tuple[bytes, int]] = field(default_factory=dict)
    """Of each revoked certificate, by commitment: the batch's root, and the position in it from 0."""
    waiting: tuple[str, ...] = ()
    """Keys with a transaction that is not final yet, so that nothing was noted of them."""

    @property
    def whole(self) -> bool:
        """Whether nothing that was found on record is missing."""
        return all(each.whole for each in self.batches) and not any(self.unknown.values()) and not self.waiting

    @property
    def added(self) -> int:
        """How many certificates the records did not have."""
        return sum(each.added for each in self.batches)

    @property
    def data(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {
            "dry_run": self.dry_run,
            "whole": self.whole,
            "added": self.added,
            "batches": [each.data for each in self.batches],
            "of_other_keys": {key: list(roots) for key, roots in self.others.items()},
            "not_registered": list(self.unregistered),
            "no_file_of": dict(self.unknown),
            "prove_nothing": {str(path): why for path, why in self.unproved.items()},
            "of_erased_certificates": [str(path) for path in self.left],
            "marked_as_erased": self.erased,
            "marks_added": self.marks,
            "revocations_taken_over": {
                domain: list(map(self._plain, found)) for domain, found in self.taken_over.items()
            },
            "settled_transactions": self.settled,
            "not_final_yet": list(self.waiting),
        }

    def _plain(self, each: TakenOver) -> dict[str, Any]:
        root, position = self.places[each.commitment]
        said = {"commitment": to_hex(each.commitment), "key": each.writer, "at": moment(each.at)}
        return {"root": to_hex(root), "position": position, **said}
