"""Marks of erased and hidden certificates, kept in the records and in the archive: each outlives the other's loss."""

from collections.abc import Iterable
from pathlib import Path

from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Records
from verifier.archive_folder import ERASED, FolderArchive, Mark, mark_of


class KnownMarks:
    """Marks from wherever they are left."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.marks = set(marks)
        self._erased = {each.mark: each.day for each in self.marks if each.kind == ERASED}

    def erased(self, hash_: bytes) -> str | None:
        """The day on which the certificate `H` was erased, or None."""
        return self._erased.get(mark_of(ERASED, hash_)) if self._erased else None

    def is_erased(self, hash_: bytes) -> bool:
        """Whether the certificate `H` was erased."""
        return self.erased(hash_) is not None


def known_marks(store: Records | None, archive: Path | None) -> KnownMarks:
    """The marks of records and archive together."""
    marks = set() if store is None else store.marks.all()
    return KnownMarks(marks | (set() if archive is None else set(FolderArchive(archive).marks())))


def share_marks(store: Records, archive: Path | None, known: KnownMarks) -> int:
    """See that records and archive have all of them; how many were added.

    Raises:
        StoreError, ArchiveError: they cannot be written.
    """
    added = store.marks.add(known.marks)
    if archive is not None and known.marks:
        added += ArchiveWriter(archive).publish_marks(known.marks)
    return added
