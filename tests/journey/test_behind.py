"""What was lost, and every command that would issue or publish because of it: each stops, and says what brings it back.

One class of five and one of two are issued; then parts of the office are lost, each time in a copy of its folder.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from issuer.records import Records
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import DOMAIN, ROSTER, Office, open_office, school_keys

SECOND = "Student Number,Name,Grade\n11,Bilal Khan,A\n12,Sana Malik,B\n"
REBUILD, REBUILD_ARCHIVE = "Type: sanad rebuild\n", "Type: sanad rebuild --archive\n"


@dataclass(frozen=True)
class Story:
    """An office that issued two classes, and what was kept of the time between them."""

    office: Office
    kept: Path
    """Records and a backup, as they were after the first class."""

    def copy(self, folder: Path) -> Office:
        shutil.copytree(self.office.folder, folder)
        return replace(self.office, folder=folder)


@pytest.fixture(scope="module")
def story(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    office = open_office(deploy_on(embedded_chain), folder / "office")
    school_keys(office)
    assert office.issue().exit_code == 0
    kept = folder / "kept"
    kept.mkdir()
    shutil.copy(office.folder / "data" / "records.sqlite", kept)
    assert office.run("backup", str(kept / "backup.tar"), "--config", str(office.config)).exit_code == 0
    assert office.issue(SECOND, "second", code="BC-302").exit_code == 0
    return Story(office, kept)


def _records(office: Office, _kept: Path) -> None:
    (office.folder / "data" / "records.sqlite").unlink()


def _records_and_files(office: Office, kept: Path) -> None:
    _records(office, kept)
    for folder in ("certificates", "second"):
        shutil.rmtree(office.folder / folder)


def _data(office: Office, _kept: Path) -> None:
    shutil.rmtree(office.folder / "data")


def _older_file(office: Office, kept: Path) -> None:
    _records(office, kept)
    shutil.copy(kept / "records.sqlite", office.folder / "data")


def _older_backup(office: Office, kept: Path) -> None:
    _data(office, kept)
    _archive(office, kept)
    done = office.run("restore", str(kept / "backup.tar"), "--config", str(office.config))
    assert done.exit_code == 0, done.output


def _archive(office: Office, _kept: Path) -> None:
    shutil.rmtree(office.folder / "archive")


def _emptied_archive(office: Office, kept: Path) -> None:
    _archive(office, kept)
    (office.folder / "archive").mkdir()


COMMANDS = {
    "issue": lambda office: office.issue(out="again"),
    "issue the second class": lambda office: office.issue(SECOND, "again", code="BC-302"),
    "issue another class": lambda office: office.issue("Name\nOmar Aziz\n", "again", code="BC-303"),
    "check": lambda office: office.issue(ROSTER, "again", "--check"),
    "resume": lambda office: office.run("resume", "--config", str(office.config)),
    "publish": lambda office: office.run("status", "publish", "--config", str(office.config)),
    "correct": lambda office: office.run("correct", "1", "--name", "A B", "--config", str(office.config)),
}
LOSSES: dict[Callable[[Office, Path], None], tuple[list[str], str]] = {
    _records: (["2 batches of", "5 certificates", "2 certificates"], REBUILD),
    _data: (["2 batches of", "5 certificates", "2 certificates"], REBUILD),
    _records_and_files: (["2 batches of", "5 certificates", "2 certificates"], REBUILD),
    _older_file: (["1 batch of", "2 certificates"], REBUILD),
    _older_backup: (["1 transaction (place 1)", "1 batch that neither"], REBUILD),
    _archive: (["archive", "is behind: 2 batches of"], REBUILD_ARCHIVE),
    _emptied_archive: (["archive", "is behind: 2 batches of"], REBUILD_ARCHIVE),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_is_issued_or_published_while_something_is_behind(
    story: Story, tmp_path: Path, loss: Callable[[Office, Path], None]
) -> None:
    office = story.copy(tmp_path / "office")
    loss(office, story.kept)
    said, command = LOSSES[loss]
    before, registered = _everything(office), _registered(office)
    for name, run in COMMANDS.items():
        done = run(office)
        assert done.exit_code == 2, (name, done.output)
        assert command in done.output, (name, done.output)
        assert all(each in done.output for each in said), (name, done.output)
        assert "Traceback" not in done.output
        assert _everything(office) == before, name
    assert _registered(office) == registered


def _everything(office: Office) -> dict[str, bytes]:
    """Every file but what a command was given; what the records hold, and not how SQLite keeps it."""
    found = {
        str(path.relative_to(office.folder)): path.read_bytes()
        for path in sorted(office.folder.rglob("*"))
        if path.is_file() and path.name not in ("roster.csv", "course.toml") and "records.sqlite" not in path.name
    }
    records = office.folder / "data" / "records.sqlite"
    if records.exists():
        store = Records(records)
        found["records"] = repr([store.batches(), store.trail.entries()]).encode()
        store.close()
    return found


def _registered(office: Office) -> int:
    return int(office.deployed.record("institutionRecord", _institution())["batches"])


def _institution() -> bytes:
    from verifier.core.hashes import institution_id

    return institution_id(DOMAIN)
