"""When a bare hash may be called unknown: every batch of every institution is at hand, and none has it.

SPEC.md section 11, bare hashes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.core.archive import Archive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.registry import Registry, RegistryInfo, check_record


@dataclass(frozen=True)
class Place:
    """Where a commitment stands: all that a registry is asked about."""

    domain: str
    root: bytes
    index: int
    commitment: bytes
    sheet: bytes
    path: tuple[bytes, ...]


class BatchFiles:
    """The archive's batch files, each proved by its root once and remembered by name."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._proved: dict[str, tuple[BatchFile, Place] | None] = {}
        self._held: set[tuple[RegistryInfo, str, bytes]] = set()
        """Records that are final: they never go away, so no registry is asked about them again."""

    def find(self, commitment: bytes) -> Place | None:
        """Where a commitment stands, proved by root, or None."""
        for file, _ in self._files():
            index = file.find(commitment)
            if index is not None:
                return _place(file, index)
        return None

    def cover(self, registry: Registry) -> bool:
        """Whether a batch file is at hand for every batch that `registry` counts in every institution.

        Raises:
            RegistryUnavailableError: the registry gave no trustworthy answer.
        """
        counts = registry.batch_counts()
        held = Counter(
            file.domain for file, first in self._files() if file.domain in counts and self._holds(registry, first)
        )
        return all(held[domain] >= count for domain, count in counts.items())

    def _holds(self, registry: Registry, place: Place) -> bool:
        known = (registry.info, place.domain, place.root)
        if known in self._held:
            return True
        record = registry.verify(place.domain, place.index, place.commitment, place.sheet, place.path)
        check_record(record, place.domain, place.root)
        if record.exists and record.issued_at < record.finalized_time:
            self._held.add(known)
        return record.exists

    def _files(self) -> Iterator[tuple[BatchFile, Place]]:
        for name in self._archive.batches():
            if name not in self._proved:
                self._proved[name] = self._prove(name)
            if (proved := self._proved[name]) is not None:
                yield proved

    def _prove(self, name: str) -> tuple[BatchFile, Place] | None:
        try:
            file = parse_batch_file(self._archive.batch_file(name))
        except BatchFileError:
            return None
        return file, _place(file, 0)


def _place(file: BatchFile, index: int) -> Place:
    commitment, sheet = file.record(index)
    return Place(file.domain, file.root, index, commitment, sheet, tuple(file.tree().path(index)))
