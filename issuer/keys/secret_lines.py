"""A secret out of a file: its first line. Shells may give a pipe: `--passphrase-file <(pass show sanad)`."""

import errno
import os
import re
import stat
from pathlib import Path

from verifier.plain_file import read_plain

_HANDED_OVER = re.compile(r"/dev/stdin|/(?:dev|proc/(?:self|[0-9]+))/fd/[0-9]+")
_MOST_BYTES = 10_000


def first_line(file: Path) -> str:
    """The first line, without its end.

    Raises:
        OSError: it cannot be read, its first line is too long, or it is neither a file nor a pipe that was handed
            over to this process.
        UnicodeDecodeError: it is not UTF-8.
    """
    data = _handed_over(file) if _is_handed_over(file) else read_plain(file, _MOST_BYTES)
    if len(data) > _MOST_BYTES and b"\n" not in data:
        raise OSError(errno.EFBIG, f"its first line is longer than {_MOST_BYTES:,} bytes", str(file))
    return data.split(b"\n", 1)[0].removesuffix(b"\r").decode("utf-8-sig")


def _is_handed_over(file: Path) -> bool:
    """Whether it is a pipe that was open already when this process began: its other end was there, and will close."""
    return _HANDED_OVER.fullmatch(str(file)) is not None and stat.S_ISFIFO(file.stat().st_mode)


def _handed_over(file: Path) -> bytes:
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_CLOEXEC), "rb") as pipe:
        return pipe.read(_MOST_BYTES + 1)
