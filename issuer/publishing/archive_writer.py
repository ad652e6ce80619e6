"""Publishes envelopes and batch files in an archive's folder (verifier/archive_folder.py has its layout).

Every file appears whole or not at all, also when the machine stops: written beside its place, forced to the disk,
then renamed. Publishing the same again changes nothing. Who may read it is decided by the folder's own permissions
(issuer/disk/shared_folder.py).
"""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO

from issuer.disk.shared_folder import SharedFolder
from issuer.disk.writing import force_to_disk, keep_name, write_part, write_whole
from issuer.errors import ArchiveConflictError, ArchiveError
from verifier.archive_folder import (
    BADGE,
    CARD,
    FolderArchive,
    Mark,
    batch_path,
    course_path,
    educator_path,
    envelope_path,
    erasure_path,
    mark_path,
    replacement_path,
    status_path,
)
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.credential import issuer_domain
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import BatchFileError, SanadError
from verifier.core.hashes import to_hex

LOCK = ".status.lock"
"""In the archive's folder: held while a status list is written."""
_TOGETHER = 1000
"""Files that are forced to the disk at once."""


class ArchiveWriter:
    """Writes to one archive's folder; makes it where it is missing.

    Raises (each method):
        ArchiveConflictError: something else is published at this place.
        ArchiveError: the folder cannot be written, or what is given cannot be published.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._shared = path, SharedFolder(path)
        self._batch: BatchFile | None = None
        self._waiting: list[tuple[Path, Path]] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """While this is open files are forced to the disk a thousand at a time; all of them are when it closes.

        Each still appears whole or not at all: it gets its name after its bytes are on the disk.
        """
        self._waiting = []
        try:
            yield
            self._release()
        finally:
            waiting, self._waiting = self._waiting, None
            for part, _ in waiting:
                with suppress(OSError):
                    part.unlink()

    def _release(self) -> None:
        if not self._waiting:
            return
        try:
            force_to_disk(self.path)
            for part, path in self._waiting:
                part.replace(path)
            force_to_disk(self.path)
        except OSError as error:
            raise _unwritable(self.path, error) from None
        self._waiting = []

    def publish_batch(self, data: bytes) -> Path:
        """Publish a batch file. Its envelopes are published after it."""
        try:
            batch = parse_batch_file(data)
        except BatchFileError as error:
            raise ArchiveError(f"The batch file cannot be published. {error}") from None
        self._batch = batch
        return self._publish(batch_path(self.path, batch.domain, batch.root), data)

    def publish_envelope(self, data: bytes) -> Path:
        """Publish an envelope. Its batch file says which certificate has its place; no other is accepted there."""
        try:
            envelope = parse_envelope(data)
            domain = issuer_domain(envelope.credential)
        except SanadError as error:
            raise ArchiveError(f"The envelope cannot be published. {error}") from None
        batch = self._batch_of(domain, envelope.root)
        if envelope.index >= batch.size or batch.record(envelope.index) != (envelope.commitment, envelope.sheet):
            raise ArchiveConflictError(
                f"Certificate {to_hex(envelope.hash)} is not the one at place {envelope.index} of its batch "
                f"{to_hex(envelope.root)}."
            )
        self._check_path(envelope)
        return self._publish(envelope_path(self.path, envelope.hash), data)

    def publish_replacement(self, old: bytes, new: bytes) -> Path:
        """Publish which certificate (`H`) replaces which."""
        return self._publish(replacement_path(self.path, old), f"{to_hex(new)}\n".encode("ascii"))

    def publish_educator(self, domain: str, root: bytes, educator: bytes) -> Path:
        """Publish who has the key that registered a batch, by the `H` of the educator's own certificate.

        Unlike all else it may be corrected: it is followed only where the registry names that certificate.
        """
        path = educator_path(self.path, domain, root)
        self._publish_over(path, f"{to_hex(educator)}\n".encode("ascii"))
        return path

    def erase(self, hash_: bytes, day: date) -> None:
        """Remove a certificate from the archive, and note the day under a name that nobody can find without its `H`.

        The batch file stays: it holds no personal data, and other certificates are proved by it.
        """
        self._publish_over(erasure_path(self.path, hash_), f"{day.isoformat()}\n".encode("ascii"))
        everywhere = FolderArchive(self.path)
        naming = [replacement_path(self.path, old) for old, new in everywhere.replacements() if new == hash_]
        naming += [
            educator_path(self.path, domain, root)
            for domain, root in everywhere.educated()
            if everywhere.educator(domain, root) == hash_
        ]
        for path in (envelope_path(self.path, hash_), replacement_path(self.path, hash_), *naming):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _unwritable(path, error) from None
            keep_name(path.parent)

    def publish_marks(self, marks: Iterable[Mark]) -> int:
        """Publish the marks of erased and hidden certificates that are missing; how many were. The first day stays."""
        there = {(each.kind, each.mark) for each in FolderArchive(self.path).marks()}
        missing = [each for each in marks if (each.kind, each.mark) not in there]
        for each in missing:
            self._publish_over(mark_path(self.path, each.kind, each.mark), f"{each.day}\n".encode("ascii"))
        return len(missing)

    def publish_status_list(self, domain: str, identifier: str, host: str, data: bytes, over: bytes | None) -> Path:
        """Publish a status list's credential over the version `over` that was read; None where there was none.

        Lists in this folder are published one at a time, so that nobody overwrites what they have not read.

        Raises:
            ArchiveConflictError: another version is there by now.
        """
        path = self.status_list_path(domain, identifier, host)
        with self._publishing_lists():
            if _found(path) != over:
                raise ArchiveConflictError(f"{path} was published again by somebody else in the meantime.")
            self._publish_over(path, data)
        return path

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:
        """What is published as this status list, whatever it is; None for nothing. The version to publish over."""
        return _found(self.status_list_path(domain, identifier, host))

    def status_list_path(self, domain: str, identifier: str, host: str) -> Path:
        """Where a status list's credential is."""
        return status_path(self.path, domain, identifier, host)

    @contextmanager
    def _publishing_lists(self) -> Iterator[None]:
        lock = self.path / LOCK
        try:
            self._shared.make(lock.parent)
            file = self._opened_lock(lock)
        except OSError as error:
            raise _unwritable(lock, error) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError as error:
                raise _unwritable(lock, error) from None
            yield

    def _opened_lock(self, lock: Path) -> IO[bytes]:
        with suppress(FileExistsError):
            return self._shared.open_new(lock)
        return lock.open("ab")

    def _publish_over(self, path: Path, data: bytes) -> None:
        try:
            self._write_whole(path, data)
        except OSError as error:
            raise _unwritable(path, error) from None

    def publish_pictures(self, domain: str, course: str, card: bytes, badge: bytes) -> Path:
        """Publish the pictures of a course, by its UUID. They may be drawn again: nothing depends on them."""
        folder = course_path(self.path, domain, course)
        try:
            self._write_whole(folder / CARD, card)
            self._write_whole(folder / BADGE, badge)
        except OSError as error:
            raise _unwritable(folder, error) from None
        return folder

    def _batch_of(self, domain: str, root: bytes) -> BatchFile:
        if self._batch is None or (self._batch.domain, self._batch.root) != (domain, root):
            try:
                self._batch = parse_batch_file(batch_path(self.path, domain, root).read_bytes())
            except (OSError, BatchFileError):
                raise ArchiveError(f"The batch file of {to_hex(root)} is not published; publish it first.") from None
        return self._batch

    def _check_path(self, envelope: Envelope) -> None:
        if envelope.computed_root != envelope.root:
            raise ArchiveError(f"The path of certificate {to_hex(envelope.hash)} does not lead to its root.")

    def _publish(self, path: Path, data: bytes) -> Path:
        try:
            if not _same(path, data):
                self._place(path, data)
        except OSError as error:
            raise _unwritable(path, error) from None
        return path

    def _place(self, path: Path, data: bytes) -> None:
        if self._waiting is None:
            return self._write_whole(path, data)
        self._shared.make(path.parent)
        self._waiting.append((write_part(path, data, self._shared.open_new, force=False), path))
        if len(self._waiting) >= _TOGETHER:
            self._release()
        return None

    def _write_whole(self, path: Path, data: bytes) -> None:
        """Write a file so that it appears whole or not at all, even if there was another or the machine stops."""
        self._shared.make(path.parent)
        write_whole(path, data, self._shared.open_new)


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path} cannot be written: {error.strerror or error}.")


def _found(path: Path) -> bytes | None:
    """What is there now; None for nothing.

    Raises:
        ArchiveError: something is there that cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror or error}.") from None


def _same(path: Path, data: bytes) -> bool:
    """Whether exactly these bytes are there already."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return False
    if found != data:
        raise ArchiveConflictError(f"{path} is published already, and it is something else.")
    return True
