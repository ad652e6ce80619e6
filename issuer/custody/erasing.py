"""One person's data removed, and no other's: records, delivered files, the archive.

What stays: the certificate's place in the batch (its commitment and the sheet's hash lead to nobody without `H`), and
the day, under a name that leads nowhere without `H`, so that the verifier can say on its page that the record was
erased. What this cannot reach: backups, the student's own file, and the professor's roster.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from issuer.batches.filenames import file_stem
from issuer.errors import ErasureError, UnknownCertificateError
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Batch, BatchState, Draft, Records
from verifier.archive_folder import ERASED, FolderArchive, Mark, mark_of


@dataclass(frozen=True)
class Erased:
    """What was erased."""

    day: str
    """`YYYY-MM-DD`; the first day where it had been erased before."""
    files: tuple[Path, ...]
    """Delivered files that were removed."""
    recorded: bool
    """Whether our records had it; else only the archive."""


def erase(store: Records | None, archive: Path, hash_: bytes) -> Erased:
    """Erase the certificate `H`. Doing it again finishes what was cut off, and changes nothing else.

    Raises:
        UnknownCertificateError: neither records nor archive hold it.
        ErasureError: its batch is not delivered yet.
        ArchiveError, StoreError: something cannot be written; type it again.
    """
    batch = store.batch_of(hash_) if store is not None else None
    draft = store.draft_of(hash_) if store is not None else None
    folder = FolderArchive(archive)
    before = folder.erased(hash_)
    if batch is None and before is None and folder.envelope(hash_) is None:
        raise UnknownCertificateError(
            f"Neither the records nor the archive hold the certificate {hash_.hex()}. Compare the hash with the sheet."
        )
    if batch is not None and batch.state is not BatchState.DELIVERED:
        raise ErasureError(
            f"The certificate's batch {batch.id} is {batch.state}, and would only be made again: sanad resume first, "
            "or sanad cancel."
        )
    day = before or datetime.now(UTC).date()
    ArchiveWriter(archive).erase(hash_, day)
    if store is not None:
        store.marks.add([Mark(ERASED, mark_of(ERASED, hash_), day.isoformat())])
    removed: tuple[Path, ...] = ()
    if store is not None and batch is not None and draft is not None:
        removed = _remove_files(batch, draft)
        store.erase(batch.id, draft.position, day)
    return Erased(day.isoformat(), removed, batch is not None)


def _remove_files(batch: Batch, draft: Draft) -> tuple[Path, ...]:
    """Remove whatever was delivered under the student's name."""
    stem, out = file_stem(draft.position, batch.size, draft.row.name), Path(batch.out)
    removed = []
    for path in sorted(out.iterdir()) if out.is_dir() else ():
        if path.is_file() and path.name.startswith(f"{stem}."):
            try:
                path.unlink()
            except OSError as error:
                raise ErasureError(
                    f"{path} cannot be removed ({error.strerror}). Remove it, or allow that, and run the command again."
                ) from None
            removed.append(path)
    return tuple(removed)
