"""Writing files so that they are there when the records say so."""

import ctypes
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from issuer.errors import DiskError

Opener = Callable[[Path], IO[bytes]]
"""Opens a new file to write it, and so decides who may read it."""


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Turn the system's refusal to write into a DiskError that names the place."""
    try:
        yield
    except OSError as error:
        raise DiskError(f"{place} cannot be written: {error.strerror or error}.") from None


def force_to_disk(folder: Path) -> None:
    """Wait until everything written on the folder's file system is on the disk: once for thousands of files.

    Raises:
        OSError: the disk could not take it all.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        syncfs = None
        with suppress(OSError, AttributeError):  # Linux has it; elsewhere everything is synced
            syncfs = ctypes.CDLL(None, use_errno=True).syncfs
        if syncfs is None:
            os.sync()
        elif syncfs(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes, open_new: Opener) -> None:
    """Write a file so that it appears whole or not at all, even if there was another or the machine stops.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    part = write_part(path, data, open_new, force=True)
    try:
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    keep_name(path.parent)


def write_part(path: Path, data: bytes, open_new: Opener, force: bool) -> Path:
    """Write the bytes beside their place, forced to the disk or not yet."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with open_new(part) as file:
            file.write(data)
            if force:
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    return part


def keep_name(folder: Path) -> None:
    """Force the folder's new entry to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
