"""Folders that a web server reads: the archive, a domain's root. What is put into one takes over its permissions.

Who may read it is decided once, by the mode and the group of the folder itself (docs/privacy.md): in a folder of mode
2750 new folders get 2750 and files 640; in one of mode 700 everything is its owner's alone. Umask has no say.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from verifier.plain_file import require_file_to_write

PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
_FOLDER, _FILE = 0o2777, 0o666
_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600


@dataclass(frozen=True)
class SharedFolder:
    """One of them.

    `fresh` is the mode that it is made with where it is missing.
    """

    path: Path
    fresh: int = _OWNER_FOLDER

    def make(self, folder: Path) -> None:
        """Make a folder in it, and what is missing above; the shared folder too.

        Raises:
            OSError: it cannot be made.
        """
        if folder.is_dir():
            return
        if not self.path.exists():
            self._make_whole_way()
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            _make(each, self._bits() & _FOLDER | _OWNER_FOLDER)

    def open_new(self, path: Path) -> IO[bytes]:
        """Open a new file in it, to write.

        Raises:
            OSError: it is there already, or cannot be made.
        """
        mode = self.file_mode()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with suppress(OSError):
            os.fchmod(handle, mode)
        return os.fdopen(handle, "wb")

    def file_mode(self) -> int:
        """The mode of files in it."""
        return self._bits() & _FILE | _OWNER_FILE

    def _bits(self) -> int:
        try:
            return stat.S_IMODE(self.path.stat().st_mode)
        except OSError:
            return self.fresh

    def _make_whole_way(self) -> None:
        missing = [each for each in (self.path, *self.path.parents) if not each.exists()]
        for each in reversed(missing):
            _make(each, self.fresh)


def write_public(path: Path, text: str) -> None:
    """Write a file that everybody may read, as did.json is; one that is there keeps its mode.

    Raises:
        OSError: it cannot be written.
    """
    require_file_to_write(path)
    new = not path.exists()
    path.write_text(text, encoding="utf-8")
    if new:
        path.chmod(PUBLIC_FILE)


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(mode & 0o777)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    with suppress(OSError):
        folder.chmod(mode)
