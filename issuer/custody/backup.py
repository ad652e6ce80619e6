"""Everything in one file, while issuing continues.

A tar archive: `records/<table>.jsonl` out of one moment of the database, `data/…` (courses of the batches, the watch's
memory), `archive/…` (what is published), `certificates/<batch>/…` (what was delivered), and at the end `manifest.json`
with the SHA-256 of every member. Keys are not in it, nor the settings, which may name secrets: they are kept apart.

Files of batches in work are left out: they are made again from the records, byte for byte.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from issuer.batches.filenames import file_stem
from issuer.custody.rows import lines_of, tables
from issuer.disk.private_files import open_private
from issuer.errors import BackupError
from issuer.publishing.archive_writer import LOCKS
from issuer.records import Batch, BatchState, Records
from issuer.records.upgrading import revision
from issuer.text import utc_now
from verifier.plain_file import open_plain

MANIFEST = "manifest.json"
FORMAT = "sanad-backup-1"
_ENDINGS = (".pdf", ".json")


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds."""

    path: Path
    rows: dict[str, int]
    files: int
    bytes: int
    missing: tuple[str, ...]
    """Delivered files that are not where they were delivered to."""


def back_up(
    store: Records,
    data: Path,
    archive: Path | None,
    target: Path,
    progress: Callable[[int], None] = lambda _count: None,
) -> BackupReport:
    """Write a backup to `target`, which appears whole or not at all, readable by its owner alone.

    Raises:
        BackupError: it cannot be written, or something that must be in it cannot be read.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        if target.exists():
            raise BackupError(f"{target} is there already. Name another file.")
        part.unlink(missing_ok=True)  # of a run that was killed; or somebody else's, who would read what comes into it
        with open_private(part, new=True) as file:
            report = _Backup(file, progress).write(store, data, archive, target)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        return report
    except OSError as error:
        raise BackupError(f"The backup {target} cannot be made: {error.strerror or error}.") from None
    finally:
        with suppress(OSError):
            part.unlink()


class _Backup:
    def __init__(self, file: IO[bytes], progress: Callable[[int], None]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed in write
        self._progress = progress
        self._hashes: dict[str, str] = {}
        self._bytes = 0

    def write(self, store: Records, data: Path, archive: Path | None, target: Path) -> BackupReport:
        with self._tar:
            rows, version = self._records(store)
            for batch in store.batches():
                self._folder(data / "batches" / batch.id / "course", f"data/batches/{batch.id}/course")
            self._folder(data / "watch", "data/watch")
            if archive is not None:
                self._folder(archive, "archive")
            missing = [name for batch in store.batches() for name in self._certificates(store, batch)]
            manifest = {
                "format": FORMAT,
                "made": utc_now(),
                "records": version,
                "rows": rows,
                "missing": missing,
                "sha256": self._hashes,
            }
            self._add(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        return BackupReport(target, rows, len(self._hashes), self._bytes, tuple(missing))

    def _records(self, store: Records) -> tuple[dict[str, int], str | None]:
        """Every table, out of one moment: one transaction reads them all."""
        counts: dict[str, int] = {}

        def read(connection: Connection) -> str | None:
            for table in tables():
                with tempfile.TemporaryFile() as spool:
                    counts[table.name] = _spool(spool, lines_of(connection, table))
                    self._add_file(f"records/{table.name}.jsonl", spool)
            return revision(connection)

        return counts, store.database.snapshot(read)

    def _certificates(self, store: Records, batch: Batch) -> Iterator[str]:
        """Add what was delivered; the names of what is not there any more."""
        if batch.state is not BatchState.DELIVERED:
            return
        for draft in store.drafts(batch.id):
            stem = file_stem(draft.position, batch.size, draft.row.name)
            for ending in _ENDINGS:
                path = Path(batch.out) / f"{stem}{ending}"
                if not self._add_path(path, f"certificates/{batch.id}/{stem}{ending}"):
                    yield str(path)

    def _folder(self, folder: Path, name: str) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in LOCKS and not path.name.endswith(".part"):
                self._add_path(path, f"{name}/{path.relative_to(folder).as_posix()}")

    def _add_path(self, path: Path, name: str) -> bool:
        try:
            with os.fdopen(open_plain(path), "rb") as file:
                self._add_file(name, file)
        except FileNotFoundError:  # erased or moved since it was listed
            return False
        return True

    def _add(self, name: str, data: bytes) -> None:
        self._add_file(name, io.BytesIO(data))

    def _add_file(self, name: str, file: IO[bytes]) -> None:
        file.seek(0)
        hashed = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        member = tarfile.TarInfo(name)
        member.size, member.mode = file.seek(0, os.SEEK_END), 0o600
        file.seek(0)
        self._tar.addfile(member, file)
        self._hashes[name] = hashed.hexdigest()
        self._bytes += member.size
        self._progress(1)


def _spool(file: IO[bytes], lines: Iterable[bytes]) -> int:
    count = 0
    for line in lines:
        file.write(line)
        count += 1
    return count


def manifest_of(data: bytes) -> dict[str, Any]:
    """Read a manifest.

    Raises:
        BackupError: it is none, or of a format that this version does not know.
    """
    try:
        manifest = json.loads(data)
        known = manifest["format"] == FORMAT and isinstance(manifest["sha256"], dict)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise BackupError("The backup's manifest is damaged, or of a newer Sanad.")
    return dict(manifest)
