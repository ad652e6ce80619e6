"""Reading files that people name, and nothing else: a pipe may never answer, and a device may never end."""

import errno
import os
import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
TEXT_BYTES = 1_000_000
"""Of settings, course descriptions and key files."""
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


def special_kind(mode: int) -> str | None:
    """What a thing is that is neither a file nor a folder, by its mode: "a pipe"."""
    return next((name for is_kind, name in _KINDS if is_kind(mode)), None)


def open_plain(path: Path) -> int:
    """Open a file to read it, at once whatever it is; a descriptor.

    Raises:
        OSError: it cannot be opened, or is no file; `strerror` says which.
    """
    _require_file(path.stat().st_mode, path)  # first, for opening a device may do something
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | _NONBLOCK)
    try:
        _require_file(os.fstat(handle).st_mode, path)
    except OSError:
        os.close(handle)
        raise
    return handle


def read_plain(path: Path, limit: int | None = None) -> bytes:
    """A file's bytes, at most one more than `limit`: a caller that gets that many says that it is too large.

    Raises:
        OSError: as `open_plain`.
    """
    with os.fdopen(open_plain(path), "rb") as file:
        return file.read(-1 if limit is None else limit + 1) or b""  # what has nothing to say now is empty


def read_plain_text(path: Path, limit: int = TEXT_BYTES) -> str:
    """A file's text in UTF-8, also behind a byte-order mark.

    Raises:
        OSError: as `open_plain`, or it is larger than `limit`.
        UnicodeDecodeError: it is not UTF-8.
    """
    data = read_plain(path, limit)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit / 1e6:g} MB, which no such file is", str(path))
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def require_file_to_write(path: Path) -> None:
    """See that what is to be written is a file, or not there yet.

    Raises:
        OSError: it is a pipe, a device, a socket or a folder; `strerror` says which.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    _require_file(mode, path)


def _require_file(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
    if (kind := special_kind(mode)) is not None:
        raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))
