"""What a full disk, a killed run and a faster run leave: what is begun is said to be begun, and nothing outlives it."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from issuer.batches.leftovers import new_folder
from issuer.publishing.archive_writer import PARTS, ArchiveWriter
from issuer.records import Batch, Records
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from tests.postgres import postgres
from verifier.core.hashes import institution_id

__all__ = ["postgres"]


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("leftovers") / "office")


def batches(office: Office) -> list[Batch]:
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        return store.batches()


def folders(office: Office) -> set[str]:
    return {path.name for path in (office.folder / "data" / "batches").iterdir()}


def parts(office: Office) -> list[Path]:
    return [path for path in office.folder.rglob("*.part") if path.is_file()]


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


FULL = (
    ("issuer.batches.drafting.keep_course", False),
    ("issuer.batches.drafting.keep_folder", True),
    ("issuer.batches.building.write_private", True),
    ("issuer.batches.issuing.force_to_disk", True),
    ("issuer.disk.writing.os.fsync", False),
    ("issuer.batches.delivering.os.link", True),
)


@pytest.mark.parametrize(("point", "begun"), FULL, ids=lambda value: str(value))
def test_a_disk_that_is_full_after_the_draft_was_stored_is_begun(
    office: Office, monkeypatch: pytest.MonkeyPatch, point: str, begun: bool
) -> None:
    known, out, code = len(batches(office)), uuid.uuid4().hex, f"F-{uuid.uuid4().hex[:8]}"
    with monkeypatch.context() as patch:
        patch.setattr(point, full)
        if point.endswith("link"):
            patch.setattr("issuer.batches.delivering.replace_private", full)
        result = office.issue(out=out, code=code)
    assert "No space left on device" in result.output
    assert "Traceback" not in result.output
    if begun:
        assert result.exit_code == 3, result.output
        assert "Nothing is lost: batch" in result.output
        assert "Continue with: sanad resume" in result.output
        assert len(batches(office)) == known + 1
        assert office.run("resume", "--config", str(office.config)).exit_code == 0
    else:
        assert result.exit_code == 2, result.output
        assert len(batches(office)) == known
        assert office.issue(out=out, code=code).exit_code == 0
    assert len(list((office.folder / out).iterdir())) == 10
    assert folders(office) == {batch.id for batch in batches(office)}
    assert not parts(office)


@contextmanager
def failing_commits(begin: str) -> Iterator[None]:
    """The records' database fails where a statement begins like this."""

    def fails(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(begin):
            raise OperationalError(statement, {}, Exception("database or disk is full"))

    event.listen(Engine, "before_cursor_execute", fails)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", fails)


@pytest.mark.parametrize(("statement", "begun"), [("INSERT INTO batches", False), ("UPDATE batches", True)])
def test_records_that_are_full(office: Office, statement: str, begun: bool) -> None:
    known, out, code = len(batches(office)), uuid.uuid4().hex, f"R-{uuid.uuid4().hex[:8]}"
    with failing_commits(statement):
        result = office.issue(out=out, code=code)
    assert "database or disk is full" in result.output
    assert (result.exit_code, len(batches(office))) == ((3, known + 1) if begun else (2, known)), result.output
    assert ("Continue with: sanad resume" in result.output) is begun
    done = office.run("resume", "--config", str(office.config)) if begun else office.issue(out=out, code=code)
    assert done.exit_code == 0, done.output
    assert folders(office) == {batch.id for batch in batches(office)}


def test_only_what_is_left_over_is_removed(office: Office) -> None:
    assert office.issue(out="mine", code="L-1").exit_code == 0
    data, archive, known = office.folder / "data" / "batches", office.folder / "archive", batches(office)
    delivered = known[-1].id
    never, held, elsewhere = (str(uuid.uuid4()) for _ in range(3))
    for folder in (new_folder(data, never), new_folder(data, held), data / elsewhere, data / delivered / "work"):
        (folder / "course").mkdir(parents=True)
    (archive / PARTS / f".x.json.{uuid.uuid4().hex}.part").write_bytes(b"left")
    ours = data / "notes.part"
    ours.mkdir()
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        with store.locks.held(f"batch:{held}", 0, ""), ArchiveWriter(archive).together():
            assert office.run("resume", "--config", str(office.config)).exit_code == 0
            assert parts(office), "somebody is writing in the archive"
            assert new_folder(data, held).exists(), "somebody works on it"
        assert not new_folder(data, never).exists()
        assert not (data / delivered / "work").exists()
        assert (data / delivered / "course").exists()
        assert (data / elsewhere).exists(), "these records may not be the ones that know it"
    again = office.issue(out="mine", code="L-1")
    assert "everybody has this course's certificate already" in again.output
    assert not parts(office)
    assert not new_folder(data, held).exists()
    assert ours.exists()
    for path in (ours, data / elsewhere / "course", data / elsewhere):
        path.rmdir()


TOGETHER = """
import os, pathlib, time
from deploy.cli import main
from issuer.batches.issuing import Issuer

cost, gate = Issuer.cost, pathlib.Path(os.environ["GATE"])

def wait(*arguments):
    Issuer.cost = cost
    (gate / str(os.getpid())).touch()
    while len(list(gate.iterdir())) < 2:
        time.sleep(0.02)
    return cost(*arguments)

Issuer.cost = wait
main()
"""
"""`sanad`, which goes on after it has looked at the roster only when another process has looked too."""


@pytest.mark.parametrize(("records", "again"), [("sqlite", False), ("sqlite", True), ("postgres", False)])
def test_who_loses_a_race_for_a_roster_is_told_and_nobody_gets_two(
    embedded_chain: ChainNode, tmp_path: Path, request: pytest.FixtureRequest, records: str, again: bool
) -> None:
    office = open_office(deploy_on(embedded_chain), tmp_path / "office")
    if records == "postgres":
        url = request.getfixturevalue("postgres")().url.render_as_string(hide_password=False)
        office.config.write_text(f'{office.config.read_text()}records = "{url}"\n')
    roster = "Student Number,Name,Grade\n1,Ayesha Siddiqui,A\n"
    first = office.issue(roster, "first", *(() if again else ("--check",)))
    assert first.exit_code == 0, first.output
    (tmp_path / "gate").mkdir()
    words = ["issue", "roster.csv", "--course", "course.toml", *(["--again", "2"] if again else [])]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, *words, "--config", "sanad.toml", "--out", f"out{n}"],
            cwd=office.folder,
            env={**os.environ, "PYTHONPATH": str(Path.cwd()), "GATE": str(tmp_path / "gate")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for n in range(2)
    ]
    told = [run.communicate(timeout=120)[0] for run in runs]
    ends = sorted(zip([run.returncode for run in runs], told, strict=True))
    assert [code for code, _ in ends] in ([[0, 2]] if again else [[0, 0], [0, 3]]), ends
    (loser,) = (words for _, words in ends if "just now" in words or "Another run was faster" in words)
    if again:
        assert "Row 2 (Ayesha Siddiqui) was issued again by another run just now." in loser
    else:
        assert "begun already. Type: sanad resume" in loser or "everybody has this course's certificate" in loser
    assert len(list(office.folder.glob("out?/*.pdf"))) == 1
    assert office.deployed.record("institutionRecord", institution_id(office.domain))["batches"] == 1 + again
