"""Writing files so that they are there when the records say so."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from issuer.errors import DiskError


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """What the system says against writing, as a DiskError that names the place."""
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
