"""A restore that fails leaves nothing behind, wherever it fails: no file, no folder, no row, no table."""

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import inspect, text

from issuer.custody import restoring
from issuer.custody.backup import back_up
from issuer.custody.restoring import restore
from issuer.custody.traces import Traces
from issuer.errors import BackupError, StoreError
from issuer.records import Records, RecordsPlace
from issuer.records.database import Database
from issuer.records.place import in_folder
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import open_office
from tests.postgres import postgres

__all__ = ["postgres"]

ROSTER = "Student Number,Name\n1,Ayesha Siddiqui\n2,فاطمہ نور\n"


@pytest.fixture(scope="module")
def copied(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office") / "office")
    assert office.issue(ROSTER).exit_code == 0
    store = Records(office.folder / "data" / "records.sqlite")
    back_up(store, office.folder / "data", office.folder / "archive", office.folder / "copy.tar")
    store.close()
    return office.folder / "copy.tar"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> RecordsPlace:
    if request.param == "postgresql":
        made: RecordsPlace = request.getfixturevalue("postgres")()
        return made
    return in_folder(tmp_path / "data")


def tables(place: RecordsPlace) -> list[str]:
    database = Database(place)
    try:
        return database.read(lambda connection: inspect(connection).get_table_names())
    finally:
        database.close()


def changed(backup: Path, target: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A backup whose manifest is right and one of whose members is another."""
    with tarfile.open(backup) as old:
        contents = {each.name: old.extractfile(each).read() for each in old}  # type: ignore[union-attr]
    contents[member] = change(contents[member])
    manifest = json.loads(contents.pop("manifest.json"))
    manifest["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    contents["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(target, "w") as new:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    return target


def see_nothing(place: RecordsPlace, folder: Path, *but: str) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(but)
    if place.file is None:
        assert tables(place) == []


@pytest.mark.parametrize("after", [1, 5])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_files_that_cannot_all_be_written(
    copied: Path, place: RecordsPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int,
    failure: BaseException,
) -> None:  # fmt: skip
    written = 0
    write = Traces._write

    def fills_up(self: Traces, path: Path, content: IO[bytes], opened: Callable[[Path], IO[bytes]]) -> None:
        nonlocal written
        written += 1
        write(self, path, io.BytesIO(content.read(10)) if written > after else content, opened)
        if written > after:
            raise failure

    monkeypatch.setattr(Traces, "_write", fills_up)
    expected = KeyboardInterrupt if isinstance(failure, KeyboardInterrupt) else BackupError
    with pytest.raises(
        expected, match=None if expected is KeyboardInterrupt else "No space left.*Nothing was restored"
    ):
        restore(copied, place, tmp_path / "data", tmp_path / "archive")
    see_nothing(place, tmp_path)


def test_a_place_that_cannot_be_written(copied: Path, place: RecordsPlace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match=r"Not a directory\. Nothing was restored"):
        restore(copied, place, tmp_path / "data", tmp_path / "file" / "archive")
    see_nothing(place, tmp_path, "file")


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("records/trail.jsonl", lambda data: data + b"{}\n"),
        ("records/trail.jsonl", lambda data: data + b"[]\n"),
        ("records/certificates.jsonl", lambda data: data[:-5] + b"\n"),
        ("records/batches.jsonl", lambda _: b""),
    ],
)
def test_rows_that_cannot_be_read(
    copied: Path, place: RecordsPlace, tmp_path: Path, member: str, change: Callable[[bytes], bytes]
) -> None:
    wrong = changed(copied, tmp_path / "wrong.tar", member, change)
    with pytest.raises((BackupError, StoreError)):
        restore(wrong, place, tmp_path / "data", tmp_path / "archive")
    see_nothing(place, tmp_path, "wrong.tar")


@pytest.mark.parametrize("step", ["_point_to", "close_restored", "_see_whole"])
@pytest.mark.parametrize("failure", [StoreError("The database went away."), KeyboardInterrupt()])
def test_a_database_that_fails_at_the_end(
    copied: Path, place: RecordsPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str,
    failure: BaseException,
) -> None:  # fmt: skip
    def fails(*_: object) -> None:
        raise failure

    monkeypatch.setattr(restoring, step, fails)
    with pytest.raises(type(failure)):
        restore(copied, place, tmp_path / "data", tmp_path / "archive")
    see_nothing(place, tmp_path)
    monkeypatch.undo()
    assert restore(copied, place, tmp_path / "data", tmp_path / "archive").files > 5


def test_folders_that_were_there_stay_with_their_modes(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive").chmod(0o2750)
    wrong = changed(copied, tmp_path / "wrong.tar", "records/trail.jsonl", lambda data: data + b"{}\n")
    with pytest.raises(BackupError, match="The backup's records cannot be read"):
        restore(wrong, in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "archive")
    assert list((tmp_path / "data").iterdir()) == list((tmp_path / "archive").iterdir()) == []
    restore(copied, in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "archive")
    modes = {oct(stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "archive").rglob("*")}
    assert modes == {"0o2750", "0o640"}


def test_what_somebody_else_has_put_there_meanwhile_stays(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        (tmp_path / "data" / "batches" / "theirs").touch()
        raise StoreError("The database went away.")

    monkeypatch.setattr(restoring, "_point_to", fails)
    with pytest.raises(StoreError):
        restore(copied, in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "archive")
    assert [path.name for path in (tmp_path / "data").rglob("*")] == ["batches", "theirs"]


def test_a_database_with_empty_tables_is_an_empty_place(
    copied: Path, tmp_path: Path, postgres: Callable[[], RecordsPlace]
) -> None:
    place = postgres()
    Records(place).close()
    database = Database(place)
    database.write(lambda connection: connection.execute(text("CREATE TABLE of_others (name text)")))
    database.close()
    assert restore(copied, place, tmp_path / "data", tmp_path / "archive").rows["certificates"] == 2
    assert "of_others" in tables(place)
    store = Records(place)
    assert [entry.did for entry in store.trail.entries()][-1] == "restored"
    store.close()


def test_a_database_with_a_single_row_is_left_alone(
    copied: Path, tmp_path: Path, postgres: Callable[[], RecordsPlace]
) -> None:
    place = postgres()
    store = Records(place)
    store.trail.add("accredited")
    with pytest.raises(BackupError, match="has records already"):
        restore(copied, place, tmp_path / "data", tmp_path / "archive")
    see = [entry.did for entry in store.trail.entries()]
    store.close()
    assert see == ["accredited"]
    assert list(tmp_path.iterdir()) == []


def test_records_beside_the_data_folder_are_not_written_over(copied: Path, tmp_path: Path) -> None:
    from issuer.records.place import in_file

    Records(tmp_path / "records.sqlite").close()
    before = (tmp_path / "records.sqlite").read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        restore(copied, in_file(tmp_path / "records.sqlite"), tmp_path / "data", tmp_path / "archive")
    assert (tmp_path / "records.sqlite").read_bytes() == before
    assert not (tmp_path / "data").exists()


def test_a_file_that_has_nothing_to_say_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As some under /proc, which are files by their mode."""

    class Silent(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return None  # type: ignore[return-value]

    monkeypatch.setattr(restoring, "open_plain", lambda _path: -1)
    monkeypatch.setattr(restoring.os, "fdopen", lambda _handle, _mode: Silent())
    with pytest.raises(BackupError, match="is not a backup"):
        restore(tmp_path / "kmsg", in_folder(tmp_path / "records"), tmp_path / "data", tmp_path / "archive")


def test_a_pipe_is_no_backup(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "copy.tar")
    with pytest.raises(BackupError, match="it is a pipe, not a file"):
        restore(tmp_path / "copy.tar", in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "archive")
    assert not (tmp_path / "data").exists()
