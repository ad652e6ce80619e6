"""Back out of a backup, into an empty place; all is compared with the manifest before a single row is written."""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Connection, MetaData, select

from issuer.custody.backup import MANIFEST, manifest_of
from issuer.custody.rows import insert_lines
from issuer.errors import BackupError
from issuer.records import Records, RecordsPlace
from issuer.records.database import Database
from issuer.records.status_lists import close_restored
from issuer.records.upgrading import migrate

_ROOTS = ("data", "archive", "certificates")


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    made: str
    """When the backup was made, UTC."""
    rows: dict[str, int]
    files: int
    unfinished: int
    """Batches that `sanad resume` goes on with."""


def restore(
    source: Path,
    place: RecordsPlace,
    data: Path,
    archive: Path | None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Restored:
    """Restore a backup. Records, data folder and archive must be empty; nothing is ever overwritten.

    Delivered certificates come to stand in `<data>/certificates/<batch>/`.

    Raises:
        BackupError: the file is damaged or of a newer version, or the place is not empty; nothing was written.
    """
    manifest = _checked(source, progress)
    _refuse_occupied(place, data, archive)
    targets = {"data": data, "archive": archive, "certificates": data / "certificates"}
    _restore_records(source, place, manifest, data)
    files = 0
    with _opened(source) as tar:
        for member in _members(tar):
            root, _, rest = member.name.partition("/")
            folder = targets.get(root)
            if folder is not None:
                _write(folder / rest, _content(tar, member))
                files += 1
                progress(1)
    store = Records(place)
    try:
        unfinished = sum(batch.state not in ("delivered", "cancelled") for batch in store.batches())
        store.trail.add("restored", made=manifest["made"])
    finally:
        store.close()
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
    if place.file is None:
        store = Records(place)
        try:
            occupied = bool(store.batches())
        finally:
            store.close()
        if occupied:
            raise BackupError(f"{place} has batches already. Restore into an empty database; nothing was written.")


def _restore_records(source: Path, place: RecordsPlace, manifest: dict[str, Any], data: Path) -> None:
    """Put rows back into tables of the version that they were read from, then bring these up to today's."""
    if place.file is not None:
        place.file.parent.mkdir(parents=True, exist_ok=True)
    migrate(place, str(manifest["records"]))
    database = Database(place)

    def write(connection: Connection) -> None:
        tables = MetaData()
        tables.reflect(connection)
        with _opened(source) as tar:
            kept = {f"records/{table.name}.jsonl": table for table in tables.sorted_tables}
            for member in _members(tar):
                if member.name in kept:
                    insert_lines(connection, kept[member.name], _content(tar, member))
        batches = tables.tables["batches"]
        if "status_lists" in tables.tables:
            close_restored(connection)
        for batch in connection.execute(select(batches.c.id)).scalars().all():
            out = str((data / "certificates" / batch).resolve())
            connection.execute(batches.update().where(batches.c.id == batch).values(out=out))

    try:
        database.write(write)
    except ValueError as error:
        raise BackupError(f"The backup's records cannot be read: {error}.") from None
    finally:
        database.close()


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError):
        raise BackupError(f"{source} is no backup, or is cut short. Nothing was restored.") from None
    except OSError as error:
        raise BackupError(f"{error.filename or source} cannot be read or written: {error.strerror or error}.") from None


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


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        while block := content.read(1 << 20):
            file.write(block)
