"""The genuine batch files of several archives, each batch once."""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError


class BatchFiles:
    """Read once; a file that is damaged, or is not what its name says, proves nothing and is reported.

    Args:
        archives: the folders.
        domains: only these institutions' files; by default all.
    """

    def __init__(self, archives: Sequence[Path], domains: Sequence[str] = ()) -> None:
        self.archives = tuple(archives)
        self.troubles: list[str] = []
        """What could not be read, in whole sentences."""
        self.damaged: list[str] = []
        """Files that prove nothing, in whole sentences."""
        self._found: dict[str, dict[bytes, BatchFile]] = defaultdict(dict)
        for folder in archives:
            self._read(folder, domains)

    def of(self, domain: str) -> list[BatchFile]:
        """An institution's files."""
        return list(self._found[domain].values())

    @property
    def domains(self) -> list[str]:
        """Whose files are here."""
        return [domain for domain, files in self._found.items() if files]

    def _read(self, folder: Path, domains: Sequence[str]) -> None:
        if not _can_be_read(folder, self.troubles):
            return
        archive = FolderArchive(folder)
        for name in archive.batches():
            domain, _, root = name.partition("/")
            if domains and domain not in domains:
                continue
            if bytes.fromhex(root) in self._found[domain]:
                continue
            path = folder / "batches" / f"{name}.sanad"
            if not os.access(path, os.R_OK):
                self.troubles.append(f"{path} cannot be read.")
                continue
            self._keep(archive.batch_file(name), domain, bytes.fromhex(root), path)

    def _keep(self, data: bytes, domain: str, root: bytes, path: Path) -> None:
        try:
            file = parse_batch_file(data)
        except BatchFileError as error:
            self.damaged.append(f"{path} proves nothing. {error}")
            return
        if (file.domain, file.root) != (domain, root):
            self.damaged.append(f"{path} proves nothing: it is the file of another batch.")
            return
        self._found[domain][root] = file


def _can_be_read(folder: Path, troubles: list[str]) -> bool:
    """Whether an archive and its folders can be listed; one that is not there is no empty one."""
    batches = folder / "batches"
    try:
        if not folder.is_dir():
            troubles.append(f"There is no archive {folder}.")
            return False
        if not batches.exists():
            return True
        for each in (batches, *batches.iterdir()):
            if each.is_dir() and not os.access(each, os.R_OK | os.X_OK):
                troubles.append(f"The folder {each} cannot be read.")
    except OSError as error:
        troubles.append(f"The archive {folder} cannot be read: {error.strerror}.")
        return False
    return True
