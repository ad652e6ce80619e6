"""The mark of a restore that is not finished: it is there before anything is written, and goes when all is on the disk.

While it is there every other command refuses the place (issuer/settings.py), so nothing half restored looks whole. The
process that restores holds a lock on it.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer.custody.traces import Traces
from issuer.disk.private_files import FILE
from issuer.disk.writing import keep_name
from issuer.errors import BackupError
from issuer.records.place import RESTORING
from issuer.text import utc_now

KEEP_ARCHIVE = "keep_archive"


@dataclass(frozen=True)
class BegunRestore:
    """A restore at work."""

    mark: Path
    resumed: bool
    """Whether an earlier run began it."""
    keep_archive: bool
    """As the run that began it: what that one did not write, none may write over."""

    def finish(self) -> None:
        """Everything is on the disk: take the mark away.

        Raises:
            OSError: it cannot be removed.
        """
        self.mark.unlink(missing_ok=True)
        keep_name(self.mark.parent)


def is_begun(data: Path) -> bool:
    """Whether a restore into this data folder was begun and not finished."""
    return (data / RESTORING).exists()


@contextmanager
def begun(data: Path, source: Path, backup: str, traces: Traces, keep_archive: bool = False) -> Iterator[BegunRestore]:
    """Begin a restore of the backup with that hash, or go on with it.

    Raises:
        BackupError: another backup is being restored here, or another process is at work.
        OSError: the folder cannot be written.
    """
    mark = data / RESTORING
    traces.private_folder(data)
    handle = os.open(mark, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE)
    try:
        _lock(handle, data)
        before = _read(handle)
        if before is not None and before["backup"] != backup:
            raise BackupError(
                f"A restore of another backup, {before['file']}, was begun here and not finished. Type: sanad restore "
                f"{before['file']}. To restore this one instead, first empty {data} and the archive by hand. Nothing "
                "was changed."
            )
        if before is None:
            traces.mark(mark)
            said = {"backup": backup, "file": str(source.resolve()), "begun": utc_now(), KEEP_ARCHIVE: keep_archive}
            _write(handle, said)
            keep_name(data)
        yield BegunRestore(mark, before is not None, keep_archive if before is None else before[KEEP_ARCHIVE])
    finally:
        os.close(handle)


def _lock(handle: int, data: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupError(f"Another run is restoring into {data} just now. Let it finish.") from None


def _read(handle: int) -> dict[str, Any] | None:
    """What the mark says; None where it was only just made, and nothing was written after it."""
    try:
        said = json.loads(os.pread(handle, 1 << 16, 0))
        kept = bool(said.get(KEEP_ARCHIVE, False))
        return {"backup": str(said["backup"]), "file": str(said["file"]), KEEP_ARCHIVE: kept}
    except (ValueError, KeyError, TypeError):
        return None


def _write(handle: int, said: dict[str, Any]) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(said).encode(), 0)
    os.fsync(handle)
