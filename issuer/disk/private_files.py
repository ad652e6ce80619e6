"""Files and folders for their owner alone: whatever holds personal data or secrets (docs/privacy.md).

Modes are given where a file is made, so they hold under any umask; `owner_only` is for what libraries write.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from issuer.disk.writing import write_whole
from verifier.plain_file import require_file_to_write

FILE, FOLDER = 0o600, 0o700
_OTHERS, _ENTERED = 0o077, 0o011


@contextmanager
def owner_only() -> Iterator[None]:
    """While this is open, all that this process makes is its owner's alone, unless it says otherwise."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone. One that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        try:
            each.mkdir(FOLDER)
        except FileExistsError:
            if not each.is_dir():
                raise


def open_private(path: Path, new: bool = False) -> IO[bytes]:
    """Open a file to write it from its beginning, for its owner alone.

    Raises:
        OSError: it cannot be opened, or is a pipe, a device or a socket; FileExistsError where it had to be `new`.
    """
    if not new:
        require_file_to_write(path)  # a pipe that nobody reads would never open
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_EXCL if new else os.O_TRUNC), FILE)
    with suppress(OSError):  # of somebody else, or on a file system without modes
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.fchmod(handle, FILE)
    return os.fdopen(handle, "wb")


def write_private(path: Path, data: bytes | str) -> None:
    """Write a file for its owner alone; text as UTF-8. Errors as `open_private`."""
    with open_private(path) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def replace_private(path: Path, data: bytes) -> None:
    """Write a file for its owner alone so that it appears whole or not at all, even if there was another.

    Raises:
        OSError: it cannot be written; what was there before stays.
    """
    write_whole(path, data, lambda part: open_private(part, new=True))


def tighten(path: Path) -> None:
    """Take a file of ours from everybody but its owner, where an earlier version or another umask left it open."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)


def open_to_others(paths: Iterable[Path]) -> list[Path]:
    """Those of the files and folders that are there and that others on this machine can read, enter or change."""
    return [path for path in paths if _is_open(path.absolute())]


def _is_open(path: Path) -> bool:
    try:
        way_in = all(stat.S_IMODE(folder.stat().st_mode) & _ENTERED for folder in path.parents)
        return way_in and bool(stat.S_IMODE(path.stat().st_mode) & _OTHERS)
    except OSError:
        return False
