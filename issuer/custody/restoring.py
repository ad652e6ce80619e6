"""Back out of a backup, into an empty place; all is compared with the manifest before anything is written.

A mark first (issuer/custody/begun_restore.py), then the files, then every row in one transaction; the mark goes last.
A restore that fails leaves nothing behind: the transaction is undone, and the files are removed again. One that was
killed goes on when it is typed again. Nobody who was erased comes back, by any mark that is left.
"""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Connection, MetaData, func, inspect, select, text

from issuer.custody.backup import MANIFEST, manifest_of
from issuer.custody.begun_restore import begun, is_begun
from issuer.custody.erased_since import ErasedSince, Member, erased_since
from issuer.custody.rows import insert_lines
from issuer.custody.traces import Traces
from issuer.disk.shared_folder import SharedFolder
from issuer.disk.writing import force_to_disk
from issuer.errors import BackupError, StoreError
from issuer.publishing.archive_writer import LOCKS, PARTS, ArchiveWriter
from issuer.records import BatchState, RecordsPlace
from issuer.records.batches import erase_in
from issuer.records.database import Database
from issuer.records.marks import add_marks, marks_in
from issuer.records.place import RESTORING
from issuer.records.status_lists import close_restored
from issuer.records.tables import marks, metadata, trail
from issuer.records.trail import Trail
from issuer.records.upgrading import NEWEST, bring_to, forget, migrating_database
from verifier.archive_folder import MARKS, FolderArchive, Mark
from verifier.plain_file import open_plain

_ROOTS = ("data", "archive", "certificates")
_ENDED = (BatchState.DELIVERED.value, BatchState.CANCELLED.value)
_BESIDE = ("-wal", "-shm", "-journal")
_RESTORED = "restored"
"""In the trail: the records were restored, from which backup."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    made: str
    """When the backup was made, UTC."""
    rows: dict[str, int]
    files: int
    unfinished: int
    """Batches that `sanad resume` continues."""
    erased: int = 0
    """Certificates that were erased since the backup was made, and so did not come back."""


class _UnsureError(BackupError):
    """It is not known whether the rows are there, so nothing is removed."""


@dataclass(frozen=True)
class _Backup:
    """A backup that is whole, and where it goes."""

    source: Path
    manifest: dict[str, Any]
    hash: str
    """SHA-256 of its manifest, which has that of every member."""
    place: RecordsPlace
    data: Path
    archive: Path | None
    keep_archive: bool = False
    """The archive was not lost: nothing goes into it."""

    def target(self, name: str) -> Path | None:
        """Where a member goes; None where it goes nowhere."""
        root, _, rest = name.partition("/")
        if root == "archive":
            return None if self.archive is None or self.keep_archive else self.archive / rest
        folders = {"data": self.data, "certificates": self.data / "certificates"}
        return folders[root] / rest if root in folders else None


def restore(
    source: Path,
    place: RecordsPlace,
    data: Path,
    archive: Path | None,
    progress: Progress = lambda _count: None,
    keep_archive: bool = False,
) -> Restored:
    """Restore a backup. Records, data folder and archive must be empty, but for marks of who was erased or hidden.

    Nothing is ever overwritten. Delivered certificates go to `<data>/certificates/<batch>/`. With `keep_archive` the
    archive was not lost: it stays as it is, and need not be empty; a run that goes on with another follows that
    one's word.

    Raises:
        BackupError: the file is damaged or of a newer version, the place is not empty, or it cannot be written.
        StoreError: the records cannot be written.
        Whatever is raised, nothing that was written stays; but a run that goes on with one that was killed leaves what
        is there, and is typed again.
    """
    manifest, hash_ = _checked(source, progress)
    backup = _Backup(source, manifest, hash_, place, data, archive, keep_archive)
    was_begun = is_begun(data)
    if not was_begun:
        _refuse_occupied(backup)
    traces, resumed = Traces(), False
    try:
        with _errors(source), begun(data, source, hash_, traces, keep_archive) as restoring:
            resumed = restoring.resumed
            backup = replace(backup, keep_archive=restoring.keep_archive)
            if was_begun and not resumed:
                _refuse_occupied(backup)
            erased = _erased(backup)
            files = _restore_files(backup, erased, traces, resumed, progress)
            _restore_records(backup, erased, traces, resumed)
            resumed = True  # the rows are there: from here on it is only finished
            unfinished = _finish_records(place, erased)
            _force(data, archive)
            restoring.finish()
    except _UnsureError:
        raise
    except BaseException:
        if not resumed:
            traces.remove()
        raise
    return Restored(str(manifest["made"]), dict(manifest["rows"]), files, unfinished, len(erased.places))


def _checked(source: Path, progress: Progress) -> tuple[dict[str, Any], str]:
    """The manifest and its hash, once every member is seen to be as it was written."""
    found: dict[str, str] = {}
    data = None
    with _opened(source) as tar:
        for member in _members(tar):
            content = _content(tar, member)
            if member.name == MANIFEST:
                data = content.read()
            else:
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
            progress(1)
    if data is None:
        raise BackupError(f"{source} is cut short: it has no manifest. Nothing was restored.")
    manifest = manifest_of(data)
    if found != manifest["sha256"]:
        wrong = sorted(set(found.items()) ^ set(manifest["sha256"].items()))[0][0]
        raise BackupError(f"{source} is damaged: {wrong} is not as it was written. Nothing was restored.")
    return manifest, hashlib.sha256(data).hexdigest()


def _refuse_occupied(backup: _Backup) -> None:
    place, data, archive = backup.place, backup.data, None if backup.keep_archive else backup.archive
    if data.exists() and any(each.name != RESTORING for each in data.iterdir()):
        raise BackupError(f"{data} is not empty. Restore into an empty place; nothing is ever overwritten.")
    if archive is not None and archive.is_dir() and _is_occupied(archive):
        raise BackupError(
            f"{archive} is not empty. Restore into an empty place; nothing is ever overwritten. Leave only its folders "
            f"{' and '.join(MARKS)}, if it has them: so nobody comes back who was erased since. If the archive was not "
            "lost: --keep-archive."
        )
    if place.file is not None and place.file.exists():
        raise BackupError(f"{place} is there already. Restore into an empty place; nothing is ever overwritten.")


def _is_occupied(archive: Path) -> bool:
    """Whether anything is published there, but for marks; what killed runs were writing is removed first.

    Raises:
        ArchiveError: what they left cannot be removed.
    """
    ArchiveWriter(archive).sweep()
    parts = archive / PARTS
    writing = parts.is_dir() and any(parts.iterdir())  # another run is at work
    return writing or any(each.name not in (*MARKS, *LOCKS, PARTS) for each in archive.iterdir())


def _erased(backup: _Backup) -> ErasedSince:
    """Who was erased, by the marks of the backup, of the archive, and of a database without records."""
    outlived = set() if backup.archive is None else set(FolderArchive(backup.archive).marks())
    if backup.place.file is None:
        outlived |= _marks_left(backup.place)
    with _opened(backup.source) as first, _opened(backup.source) as second:
        return erased_since(_contents(first), outlived, _contents(second))


def _marks_left(place: RecordsPlace) -> set[Mark]:
    with migrating_database(place) as database:
        return database.read(lambda connection: marks_in(connection) if _has(connection, marks.name) else set())


def _restore_files(backup: _Backup, erased: ErasedSince, traces: Traces, resumed: bool, progress: Progress) -> int:
    """Put the files where they belong; how many there are."""
    files = 0
    with _opened(backup.source) as tar:
        for name, content in _contents(tar):
            target = backup.target(name)
            if target is None or erased.leaves_out(name, content):
                continue
            files += 1
            progress(1)
            if _is_mark(name) and target.exists():
                continue
            if resumed and target.exists():
                if _is(target, backup.manifest["sha256"][name]):
                    continue
                target.unlink()  # cut short when the run before was killed: the place was empty then
            if name.startswith("archive/") and backup.archive is not None:
                traces.shared_file(SharedFolder(backup.archive), target, content)
            else:
                traces.private_file(target, content)
    return files


def _is_mark(name: str) -> bool:
    """Whether it is a mark in the archive, which may be older than the backup's: the first day stays."""
    return PurePosixPath(name).parts[:2] in {("archive", kind) for kind in MARKS}


def _is(path: Path, digest: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _restore_records(backup: _Backup, erased: ErasedSince, traces: Traces, resumed: bool) -> None:
    """Put every row back, in one transaction.

    Raises:
        _UnsureError: nobody knows whether the transaction was done.
    """
    place = backup.place
    if place.file is not None:
        traces.private_folder(place.file.parent)
        for ending in ("", *_BESIDE):
            traces.expect(place.file.with_name(f"{place.file.name}{ending}"))
    with migrating_database(place) as database:
        try:
            if not resumed or not database.read(lambda connection: _is_restored(connection, backup)):
                database.write(lambda connection: _restore_rows(connection, database, backup, erased))
        except (ValueError, KeyError) as error:
            raise BackupError(f"The backup's records cannot be read: {error}. Nothing was restored.") from None
        except StoreError:
            if resumed or _may_be_restored(database, backup):
                raise _UnsureError(
                    f"{place} did not answer at the end, so it is not known whether the records are restored. Type the "
                    "same command again."
                ) from None
            raise


def _finish_records(place: RecordsPlace, erased: ErasedSince) -> int:
    """See that nothing of who was erased is left in the database's files; how many batches are not done."""
    with migrating_database(place) as database:
        if erased.places:
            database.scrub()
        state = metadata.tables["batches"].c.state
        unfinished = select(func.count()).where(state.not_in(_ENDED))
        return int(database.read(lambda connection: connection.execute(unfinished).scalar_one()))


def _is_restored(connection: Connection, backup: _Backup) -> bool:
    """Whether the rows of this very backup are there: all of them then."""
    if not _has(connection, trail.name):
        return False
    facts = connection.scalars(select(trail.c.facts).where(trail.c.did == _RESTORED))
    return any(backup.hash in each for each in facts)


def _may_be_restored(database: Database, backup: _Backup) -> bool:
    try:
        return database.read(lambda connection: _is_restored(connection, backup))
    except StoreError:
        return True


def _has(connection: Connection, table: str) -> bool:
    return bool(inspect(connection).has_table(table))


def _restore_rows(connection: Connection, database: Database, backup: _Backup, erased: ErasedSince) -> None:
    """Rows into tables of the version that they were read from, then these up to today's."""
    place = database.place
    _clear(connection, place)
    bring_to(connection, place, str(backup.manifest["records"]))
    tables = MetaData()
    tables.reflect(connection)
    with _opened(backup.source) as tar:
        kept = {f"records/{table.name}.jsonl": table for table in tables.sorted_tables}
        for name, content in _contents(tar):
            if name in kept:
                insert_lines(connection, kept[name], content)
    if "status_lists" in tables.tables:
        close_restored(connection)
    _point_to(connection, tables, backup.data)
    bring_to(connection, place, NEWEST)
    for (batch, position), day in erased.places.items():
        erase_in(connection, batch, position, day)
    add_marks(connection, erased.known.marks)
    _see_whole(connection)
    Trail(database).note(connection, _RESTORED, made=backup.manifest["made"], backup=backup.hash)


def _clear(connection: Connection, place: RecordsPlace) -> None:
    """Remove our own empty tables, which another command may have made; refuse where a single row is in them.

    Marks are no records, and are put back beside those of the backup.
    """
    there = set(inspect(connection).get_table_names())
    ours = MetaData()
    ours.reflect(connection, only=sorted(there & set(metadata.tables)))
    full = (each for each in ours.sorted_tables if each.name != marks.name)
    if any(connection.execute(select(table).limit(1)).first() is not None for table in full):
        raise BackupError(f"{place} has records already. Restore into an empty database; nothing was written.")
    if ours.tables:
        forget(connection, ours)


def _point_to(connection: Connection, tables: MetaData, data: Path) -> None:
    """Say of every batch where its files are now."""
    batches = tables.tables["batches"]
    for batch in connection.execute(select(batches.c.id)).scalars().all():
        out = str((data / "certificates" / batch).resolve())
        connection.execute(batches.update().where(batches.c.id == batch).values(out=out))


def _force(data: Path, archive: Path | None) -> None:
    """Wait until everything is on the disk."""
    for folder in (data, archive):
        if folder is not None and folder.is_dir():
            force_to_disk(folder)


def _see_whole(connection: Connection) -> None:
    """SQLite does not check references while its tables are made again, so they are checked at the end."""
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise BackupError("The backup's records refer to what is not in it. Nothing was restored.")


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    with _errors(source), os.fdopen(open_plain(source), "rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        yield tar


@contextmanager
def _errors(source: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, TypeError):  # the last where a file of the system has nothing to say now
        raise BackupError(f"{source} is not a backup, or is cut short. Nothing was restored.") from None
    except OSError as error:
        raise BackupError(
            f"{error.filename or source} cannot be read or written: {error.strerror or error}. Nothing was restored."
        ) from None


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members, each a plain file with a plain name below the roots: a backup from elsewhere may be hostile."""
    for member in tar:
        path = PurePosixPath(member.name)
        plain = member.isfile() and not path.is_absolute() and ".." not in path.parts
        if not plain or (path.parts[0] not in (*_ROOTS, "records") and member.name != MANIFEST):
            raise BackupError(f"The backup holds {member.name!r}, which no backup does. Nothing was restored.")
        yield member


def _contents(tar: tarfile.TarFile) -> Iterator[Member]:
    for member in _members(tar):
        yield member.name, _content(tar, member)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # `_members` lets only files through
    return content
