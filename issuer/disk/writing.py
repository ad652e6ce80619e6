"""Writing files so that they are there when the records say so."""

import ctypes
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from issuer.errors import DiskError

Opener = Callable[[Path], IO[bytes]]
"""Opens a new file to write it, and so decides who may read it."""
_PART = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{32}\.part")


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


def write_whole(path: Path, data: bytes, open_new: Opener, parts: Path | None = None) -> None:
    """Write a file so that it appears whole or not at all, even if there was another or the machine stops.

    Args:
        path: its place.
        data: its bytes.
        open_new: opens it.
        parts: the folder, on the same disk, in which it is written before it gets its place; else beside it.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    part = write_part(path, data, open_new, force=True, parts=parts)
    try:
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    keep_name(path.parent)


def write_part(path: Path, data: bytes, open_new: Opener, force: bool, parts: Path | None = None) -> Path:
    """Write the bytes beside their place or in the folder `parts`, forced to the disk or not yet."""
    part = (parts or path.parent) / f".{path.name}.{uuid.uuid4().hex}.part"
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


def part_of(name: str) -> str | None:
    """The name of the file that was being written under this name; None where this is the name of no part of ours."""
    found = _PART.fullmatch(name)
    return None if found is None else found["name"]


def remove_parts(folder: Path, wanted: Callable[[str], bool]) -> int:
    """Remove parts that a killed run left in a folder, of files whose names are wanted; how many there were.

    Raises:
        OSError: one cannot be removed.
    """
    found = [path for path in folder.iterdir() if (name := part_of(path.name)) is not None and wanted(name)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def keep_name(folder: Path) -> None:
    """Force the folder's new entry to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
