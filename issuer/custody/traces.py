"""What a restore has put into empty places, so that all of it can be removed again if the restore fails."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from issuer.disk.private_files import open_private, private_folder
from issuer.disk.shared_folder import SharedFolder

_BLOCK = 1 << 20


class Traces:
    """Writes new files and folders, and remembers them."""

    def __init__(self) -> None:
        self._made: list[Path] = []
        self._mark: Path | None = None

    def private_folder(self, folder: Path) -> None:
        """Make a folder for its owner alone. Errors as those of `issuer.disk.private_files.private_folder`."""
        self._making(folder, private_folder)

    def private_file(self, path: Path, content: IO[bytes]) -> None:
        """Write a new file for its owner alone. Errors as those of `issuer.disk.private_files`."""
        self.private_folder(path.parent)
        self._write(path, content, lambda path: open_private(path, new=True))

    def shared_file(self, shared: SharedFolder, path: Path, content: IO[bytes]) -> None:
        """Write a new file of an archive. Errors as those of SharedFolder."""
        self._making(path.parent, shared.make)
        self._write(path, content, shared.open_new)

    def expect(self, path: Path) -> None:
        """Remember what others make for us."""
        self._made.append(path)

    def mark(self, path: Path) -> None:
        """Remember the mark of the restore: it stays where a file could not be removed."""
        self._mark = path
        self.expect(path)

    def remove(self) -> None:
        """Remove it all, the last first; a folder that somebody else has put something into stays."""
        left = False
        for path in reversed(self._made):
            if left and path == self._mark:
                break
            try:
                if path.is_dir() and not path.is_symlink():
                    with suppress(OSError):
                        path.rmdir()
                else:
                    path.unlink(missing_ok=True)
            except NotADirectoryError:  # it never came to be
                continue
            except OSError:
                left = True
        self._made.clear()

    def _making(self, folder: Path, make: Callable[[Path], None]) -> None:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        self._made += reversed(missing)
        make(folder)

    def _write(self, path: Path, content: IO[bytes], opened: Callable[[Path], IO[bytes]]) -> None:
        with opened(path) as file:
            self._made.append(path)
            while block := content.read(_BLOCK):
                file.write(block)
