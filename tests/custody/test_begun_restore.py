"""A restore that was killed: nothing half restored looks whole, the same one goes on, and nobody erased comes back."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from issuer.custody import restoring
from issuer.custody.backup import back_up
from issuer.custody.begun_restore import begun
from issuer.custody.restoring import restore
from issuer.custody.traces import Traces
from issuer.errors import BackupError, StoreError
from issuer.publishing.archive_writer import LOCKS, PARTS, ArchiveWriter
from issuer.records import Records, RecordsPlace
from issuer.records.place import RESTORING, in_folder
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from tests.postgres import postgres
from verifier.archive_folder import HIDDEN, FolderArchive, Mark, mark_of, mark_path

__all__ = ["postgres"]

ROSTER = "Student Number,Name,Email\nSN-77123,Ayesha Unmistakable,ayesha77@students.example\n2,فاطمہ نور,\n"


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """With a backup of before the first student was erased, and one of after."""
    opened = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office") / "office")
    assert opened.issue(ROSTER).exit_code == 0
    _copy(opened, "before.tar")
    hash_ = opened.verdicts(opened.pdfs[0])[0]["hash"]
    (opened.folder / "hash").write_text(hash_)
    assert opened.run("erase", hash_, "--yes", "--config", str(opened.config)).exit_code == 0
    _copy(opened, "after.tar")
    return opened


def _copy(office: Office, name: str) -> None:
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        back_up(store, office.folder / "data", office.folder / "archive", office.folder / name)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> RecordsPlace:
    if request.param == "postgresql":
        made: RecordsPlace = request.getfixturevalue("postgres")()
        return made
    return in_folder(tmp_path / "data")


class KilledError(BaseException):
    """Stands for the end of the process: nothing is removed after it."""


def kill(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def dies(*_: object) -> None:
        raise KilledError

    monkeypatch.setattr(Traces, "remove", lambda _traces: None)
    monkeypatch.setattr(restoring, name, dies)


@pytest.mark.parametrize("moment", ["_erased", "_restore_files", "_restore_records", "_force"])
def test_the_same_restore_goes_on_and_another_is_refused(
    office: Office, place: RecordsPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    data, archive = tmp_path / "data", tmp_path / "archive"
    source = office.folder / "before.tar"
    with monkeypatch.context() as patch:
        kill(patch, moment)
        with pytest.raises(KilledError):
            restore(source, place, data, archive)
    assert json.loads((data / RESTORING).read_text())["file"] == str(source)
    config = tmp_path / "sanad.toml"
    url = "" if place.file else f'records = "{place.url.render_as_string(hide_password=False)}"\n'
    config.write_text(office.config.read_text() + url)
    for name in ("professor.json", "institution.pem", "passphrase"):
        shutil.copy(office.folder / name, tmp_path)
    for words in (["batches"], ["find", "x"], ["rebuild"], ["backup", "b.tar"], ["status", "publish"], ["resume"]):
        said = office.run(*words, "--config", str(config))
        assert said.exit_code == 2, said.output
        assert f"A restore was begun and not finished. Type: sanad restore {source}" in said.output
    refused = office.run("restore", str(office.folder / "after.tar"), "--config", str(config))
    assert refused.exit_code == 2
    assert f"A restore of another backup, {source}, was begun here" in refused.output
    went_on = office.run("restore", str(source), "--config", str(config))
    assert went_on.exit_code == 0, went_on.output
    assert not (data / RESTORING).exists()
    with closing(Records(place)) as store:
        assert len(store.hashes(store.batches()[0].id)) == 2
        assert [entry.did for entry in store.trail.entries()].count("restored") == 1
    assert len(list((data / "certificates").rglob("*.pdf"))) == 2


def test_a_file_cut_short_is_written_anew(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, archive = tmp_path / "data", tmp_path / "archive"
    with monkeypatch.context() as patch:
        kill(patch, "_restore_records")
        with pytest.raises(KilledError):
            restore(office.folder / "before.tar", in_folder(data), data, archive)
    spoilt = [*data.rglob("*.pdf"), *archive.rglob("*.json")]
    whole = [path.read_bytes() for path in spoilt]
    for path in spoilt:
        path.write_bytes(path.read_bytes()[:100])
    restore(office.folder / "before.tar", in_folder(data), data, archive)
    assert [path.read_bytes() for path in spoilt] == whole


def test_two_restores_at_once(office: Office, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with (
        begun(data, office.folder / "before.tar", "00", Traces()),
        pytest.raises(BackupError, match=r"Another run is restoring into .* just now"),
    ):
        restore(office.folder / "before.tar", in_folder(data), data, tmp_path / "archive")


def test_a_mark_without_content_stops_nobody(office: Office, tmp_path: Path) -> None:
    """The process was killed between making it and writing it; nothing else was written then."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / RESTORING).touch()
    restore(office.folder / "before.tar", in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "archive")
    assert not (tmp_path / "data" / RESTORING).exists()
    (tmp_path / "data" / RESTORING).touch()
    with pytest.raises(BackupError, match="is not empty"):
        restore(office.folder / "before.tar", in_folder(tmp_path / "data"), tmp_path / "data", tmp_path / "other")


def test_a_database_that_goes_away_in_the_commit_leaves_the_mark(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then whether the rows are there; so nothing is removed, and the same command goes on."""
    from issuer.records.database import Database

    write = Database.write

    def lost(self: Database, work: Callable[..., object]) -> object:
        write(self, work)
        raise StoreError("The connection was lost.")

    data, archive = tmp_path / "data", tmp_path / "archive"
    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", lost)
        with pytest.raises(BackupError, match="Type the same command again"):
            restore(office.folder / "before.tar", in_folder(data), data, archive)
    assert (data / RESTORING).exists()
    assert restore(office.folder / "before.tar", in_folder(data), data, archive).files > 5
    with closing(Records(data / "records.sqlite")) as store:
        assert [entry.did for entry in store.trail.entries()].count("restored") == 1


def test_whoever_was_erased_since_does_not_come_back(office: Office, place: RecordsPlace, tmp_path: Path) -> None:
    """From a backup of before, into a place where the marks outlived: in the archive, and in the database."""
    data, archive = tmp_path / "data", tmp_path / "archive"
    hash_ = bytes.fromhex((office.folder / "hash").read_text()[2:])
    archive.mkdir()
    shutil.copytree(office.folder / "archive" / "erased", archive / "erased")
    if place.file is None:  # the database kept them, and the archive is lost
        store = Records(place)
        store.marks.add(FolderArchive(archive).marks())
        store.close()
        shutil.rmtree(archive)
    done = restore(office.folder / "before.tar", place, data, archive)
    assert done.erased == 1
    with closing(Records(place)) as store:
        (batch,) = store.batches()
        assert list(store.hashes(batch.id)) == [1]
        assert [draft.position for draft in store.drafts(batch.id)] == [1]
        assert [mark.kind for mark in store.marks.all()] == ["erased"]
        assert len(store.rebuilt.leaves(batch.id)) == 2  # the batch file can be made again
        recipients = [each.recipient for each in store.deliveries.of(batch.id)]
    assert "ayesha77@students.example" not in recipients
    needles = [b"Unmistakable", b"SN-77123", b"ayesha77", hash_, hash_.hex().encode()]
    for path in (*data.rglob("*"), *archive.rglob("*")):
        assert "Unmistakable" not in path.name
        held = path.read_bytes() if path.is_file() else b""
        assert not [needle for needle in needles if needle in held], path
    assert len(list((data / "certificates").rglob("*.pdf"))) == 1


def test_where_no_mark_is_left_the_backups_own_count(office: Office, tmp_path: Path) -> None:
    for name, erased in (("before", 0), ("after", 0)):
        data, archive = tmp_path / name / "data", tmp_path / name / "archive"
        done = restore(office.folder / f"{name}.tar", in_folder(data), data, archive)
        assert done.erased == erased
        assert len(list((data / "certificates").rglob("*.pdf"))) == (2 if name == "before" else 1)
        with closing(Records(data / "records.sqlite")) as store:
            assert len(store.marks.all()) == (0 if name == "before" else 1)


def test_an_archive_that_was_kept_is_kept_by_the_run_that_goes_on(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The advice printed meanwhile is typed; the archive is newer than the backup, and nothing of it is set back."""
    copy = Office(tmp_path / "office", office.deployed, office.domain)
    shutil.copytree(office.folder, copy.folder)
    shutil.rmtree(copy.folder / "data")
    (path,) = (copy.folder / "archive" / "status").rglob("*.json")
    path.write_bytes(b"a newer list")
    before = {each: each.read_bytes() for each in (copy.folder / "archive").rglob("*") if each.is_file()}
    words = ("--config", str(copy.config))
    with monkeypatch.context() as patched:
        kill(patched, "_restore_files")
        with pytest.raises(KilledError):
            copy.run("restore", str(copy.folder / "before.tar"), "--keep-archive", *words)
    told = copy.run("resume", *words)
    assert f"Type: sanad restore {copy.folder}/before.tar --keep-archive" in told.output, told.output
    for more in ([], ["--keep-archive"]):
        shutil.copytree(copy.folder / "data", tmp_path / f"data{len(more)}")
        done = copy.run("restore", str(copy.folder / "before.tar"), *more, *words)
        assert done.exit_code == 0, done.output
        assert {each: each.read_bytes() for each in (copy.folder / "archive").rglob("*") if each.is_file()} == before
        shutil.rmtree(copy.folder / "data")
        (tmp_path / f"data{len(more)}").rename(copy.folder / "data")


def test_locks_and_what_was_being_written_do_not_make_an_archive_full(office: Office, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / PARTS).mkdir(parents=True)
    for name in LOCKS:
        (archive / name).touch()
    (archive / PARTS / f".a.json.{32 * '0'}.part").write_text("half written")
    with ArchiveWriter(archive).together(), pytest.raises(BackupError, match="is not empty"):
        restore(office.folder / "before.tar", in_folder(tmp_path / "data"), tmp_path / "data", archive)
    restore(office.folder / "before.tar", in_folder(tmp_path / "data"), tmp_path / "data", archive)
    assert not [*archive.rglob("*.part")]


def test_hidden_marks_outlive_a_restore(office: Office, tmp_path: Path) -> None:
    """The kind is kept in records and archive alike; what hides is not built yet."""
    hidden = Mark(HIDDEN, mark_of(HIDDEN, bytes(32)), "2026-01-02")
    data, archive = tmp_path / "data", tmp_path / "archive"
    path = mark_path(archive, hidden.kind, hidden.mark)
    path.parent.mkdir(parents=True)
    path.write_text("2026-01-02\n")
    done = restore(office.folder / "before.tar", in_folder(data), data, archive)
    assert done.erased == 0
    with closing(Records(data / "records.sqlite")) as store:
        assert store.marks.all() == {hidden}
        back_up(store, data, archive, tmp_path / "again.tar")
    assert set(FolderArchive(archive).marks()) == {hidden}
    other = tmp_path / "other"
    restore(tmp_path / "again.tar", in_folder(other / "data"), other / "data", other / "archive")
    assert set(FolderArchive(other / "archive").marks()) == {hidden}


def test_an_archive_that_was_not_lost_is_kept_and_a_rebuild_adds_what_came_after_the_backup(
    embedded_chain: ChainNode, tmp_path: Path
) -> None:
    """The story of most losses: an old backup, a class issued since, somebody erased since."""
    office = open_office(deploy_on(embedded_chain), tmp_path / "office")
    words = ("--config", str(office.config))
    assert office.issue(ROSTER).exit_code == 0
    _copy(office, "old.tar")
    since = "Student Number,Name\n7,Zoë Fernandes\n8,Ömer Ansari\n"
    assert office.issue(since, "since", code="BC-302").exit_code == 0
    assert office.run("erase", "--name", "Unmistakable", "--yes", *words).exit_code == 0
    before = {path: path.read_bytes() for path in (office.folder / "archive").rglob("*") if path.is_file()}
    shutil.rmtree(office.folder / "data")
    refused = office.run("restore", str(office.folder / "old.tar"), *words)
    assert (refused.exit_code, "If the archive was not lost: --keep-archive" in refused.output) == (2, True)
    restored = office.run("restore", str(office.folder / "old.tar"), "--keep-archive", *words)
    assert (restored.exit_code, "not restored: 1 certificate." in restored.output) == (0, True), restored.output
    assert {path: path.read_bytes() for path in (office.folder / "archive").rglob("*") if path.is_file()} == before
    rebuilt = office.run("rebuild", "--from", str(office.folder), "--json", *words)
    assert rebuilt.exit_code == 0, rebuilt.output
    report = json.loads(rebuilt.stdout)
    assert [(each["new"], each["added"], each["missing"]) for each in report["batches"]] == [
        (False, 0, []), (True, 2, []),
    ]  # fmt: skip
    again = office.issue(since, "again", code="BC-302")
    assert (again.exit_code, "2 who have it already. Nothing was issued" in again.output) == (0, True), again.output
    found = office.run("find", "Unmistakable", *words)
    assert "Unmistakable," not in found.output
