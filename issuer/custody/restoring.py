"""Back out of a backup, into an empty place; all is compared with the manifest before anything is written.

Files first, then every row in one transaction, so that a restore that fails anywhere leaves nothing behind: the
transaction is undone, and the files are removed again.
"""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Connection, MetaData, func, inspect, select, text

from issuer.custody.backup import MANIFEST, manifest_of
from issuer.custody.rows import insert_lines
from issuer.custody.traces import Traces
from issuer.disk.shared_folder import SharedFolder
from issuer.errors import BackupError
from issuer.records import BatchState, RecordsPlace
from issuer.records.database import Database
from issuer.records.status_lists import close_restored
from issuer.records.tables import metadata
from issuer.records.trail import Trail
from issuer.records.upgrading import NEWEST, bring_to, forget, migrating_database
from verifier.plain_file import open_plain

_ROOTS = ("data", "archive", "certificates")
_ENDED = (BatchState.DELIVERED.value, BatchState.CANCELLED.value)
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    made: str
    """When the backup was made, UTC."""
    rows: dict[str, int]
    files: int
    unfinished: int
    """Batches that `sanad resume` continues."""


def restore(
    source: Path,
    place: RecordsPlace,
    data: Path,
    archive: Path | None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Restored:
    """Restore a backup. Records, data folder and archive must be empty; nothing is ever overwritten.

    Delivered certificates go to `<data>/certificates/<batch>/`.

    Raises:
        BackupError: the file is damaged or of a newer version, the place is not empty, or it cannot be written.
        StoreError: the records cannot be written.
        Whatever is raised, nothing that was written stays.
    """
    manifest = _checked(source, progress)
    _refuse_occupied(place, data, archive)
    traces = Traces()
    try:
        files = _restore_files(source, data, archive, traces, progress)
        unfinished = _restore_records(source, place, manifest, data, traces)
    except BaseException:
        traces.remove()
        raise
    return Restored(str(manifest["made"]), dict(manifest["rows"]), files, unfinished)


def _checked(source: Path, progress: Callable[[int], None]) -> dict[str, Any]:
    """The manifest, once every member is seen to be as it was written."""
    found: dict[str, str] = {}
    manifest = None
    with _opened(source) as tar:
        for member in _members(tar):
            content = _content(tar, member)
            if member.name == MANIFEST:
                manifest = manifest_of(content.read())
            else:
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
            progress(1)
    if manifest is None:
        raise BackupError(f"{source} is cut short: it has no manifest. Nothing was restored.")
    if found != manifest["sha256"]:
        wrong = sorted(set(found.items()) ^ set(manifest["sha256"].items()))[0][0]
        raise BackupError(f"{source} is damaged: {wrong} is not as it was written. Nothing was restored.")
    return manifest


def _refuse_occupied(place: RecordsPlace, data: Path, archive: Path | None) -> None:
    for folder in (data, archive):
        if folder is not None and folder.exists() and any(folder.iterdir()):
            raise BackupError(f"{folder} is not empty. Restore into an empty place; nothing is ever overwritten.")
    if place.file is not None and place.file.exists():
        raise BackupError(f"{place} is there already. Restore into an empty place; nothing is ever overwritten.")


def _restore_files(
    source: Path, data: Path, archive: Path | None, traces: Traces, progress: Callable[[int], None]
) -> int:
    """Put the files where they belong; how many there were."""
    files = 0
    with _opened(source) as tar:
        for member in _members(tar):
            root, _, rest = member.name.partition("/")
            if root == "archive" and archive is not None:
                traces.shared_file(SharedFolder(archive), archive / rest, _content(tar, member))
            elif root in ("data", "certificates"):
                folder = data if root == "data" else data / "certificates"
                traces.private_file(folder / rest, _content(tar, member))
            else:
                continue
            files += 1
            progress(1)
    return files


def _restore_records(source: Path, place: RecordsPlace, manifest: dict[str, Any], data: Path, traces: Traces) -> int:
    """Put every row back, in one transaction; how many batches are not done."""
    if place.file is not None:
        traces.private_folder(place.file.parent)
        for ending in ("", *_BESIDE):
            traces.expect(place.file.with_name(f"{place.file.name}{ending}"))
    with migrating_database(place) as database:
        try:
            return database.write(lambda connection: _restore_rows(connection, source, database, manifest, data))
        except (ValueError, KeyError) as error:
            raise BackupError(f"The backup's records cannot be read: {error}. Nothing was restored.") from None


def _restore_rows(
    connection: Connection, source: Path, database: Database, manifest: dict[str, Any], data: Path
) -> int:
    """Rows into tables of the version that they were read from, then these up to today's."""
    place = database.place
    _clear(connection, place)
    bring_to(connection, place, str(manifest["records"]))
    tables = MetaData()
    tables.reflect(connection)
    with _opened(source) as tar:
        kept = {f"records/{table.name}.jsonl": table for table in tables.sorted_tables}
        for member in _members(tar):
            if member.name in kept:
                insert_lines(connection, kept[member.name], _content(tar, member))
    if "status_lists" in tables.tables:
        close_restored(connection)
    _point_to(connection, tables, data)
    bring_to(connection, place, NEWEST)
    _see_whole(connection)
    Trail(database).note(connection, "restored", made=manifest["made"])
    state = tables.tables["batches"].c.state
    return connection.execute(select(func.count()).where(state.not_in(_ENDED))).scalar_one()


def _clear(connection: Connection, place: RecordsPlace) -> None:
    """Remove our own empty tables, which another command may have made; refuse where a single row is in them."""
    there = set(inspect(connection).get_table_names())
    ours = MetaData()
    ours.reflect(connection, only=sorted(there & set(metadata.tables)))
    if any(connection.execute(select(table).limit(1)).first() is not None for table in ours.sorted_tables):
        raise BackupError(f"{place} has records already. Restore into an empty database; nothing was written.")
    if ours.tables:
        forget(connection, ours)


def _point_to(connection: Connection, tables: MetaData, data: Path) -> None:
    """Say of every batch where its files are now."""
    batches = tables.tables["batches"]
    for batch in connection.execute(select(batches.c.id)).scalars().all():
        out = str((data / "certificates" / batch).resolve())
        connection.execute(batches.update().where(batches.c.id == batch).values(out=out))


def _see_whole(connection: Connection) -> None:
    """SQLite does not check references while its tables are made again, so they are checked at the end."""
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise BackupError("The backup's records refer to what is not in it. Nothing was restored.")


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with os.fdopen(open_plain(source), "rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
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


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # `_members` lets only files through
    return content
