"""What was lost, and every command that would issue or publish because of it: each stops, and says what brings it back.

One class of five and one of two are issued; then parts of the office are lost, each time in a copy of its folder.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deploy.registry_contract import authorise
from issuer.records import Records
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import DOMAIN, ROSTER, Office, open_office, school_keys
from verifier.core.hashes import institution_id, sha256

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


def test_where_records_and_archive_are_lost_nothing_is_called_well(story: Story, tmp_path: Path) -> None:
    """Neither names an institution then; the registry says for whom the key registers."""
    office = story.copy(tmp_path / "office")
    _data(office, story.kept)
    _archive(office, story.kept)
    for words in (["resume"], ["status", "publish"]):
        done = office.run(*words, "--config", str(office.config))
        assert f"{DOMAIN} has registered 2 batches, and these records hold none of them" in done.output, done.output
        assert "type: sanad rebuild" in done.output
    rebuilt = office.run("rebuild", "--config", str(office.config))
    assert (rebuilt.exit_code, f"{DOMAIN}: the registry has 2 more batches" in rebuilt.output) == (1, True)
    assert "Nothing had to be added" not in rebuilt.output


def test_records_without_a_batch_beside_an_archive_with_some_are_not_called_new(story: Story, tmp_path: Path) -> None:
    office = story.copy(tmp_path / "office")
    for words, lost in ((["find", "Omar Nobody"], False), (["batches"], True), (["find", "Omar"], True)):
        if lost and (office.folder / "data").exists():
            _data(office, story.kept)
        done = office.run(*words, "--config", str(office.config))
        assert ("holds 2 batches. If the records were lost, type: sanad rebuild" in done.output) is lost, done.output


@pytest.mark.parametrize(("chain_id", "port", "code"), [(True, False, 2), (False, True, 3)])
def test_a_node_of_another_chain_is_a_wrong_setting_and_a_dead_one_is_none(
    story: Story, tmp_path: Path, chain_id: bool, port: bool, code: int
) -> None:
    office = story.copy(tmp_path / "office")
    text = office.config.read_text()
    if chain_id:
        text = re.sub(r"chain_id = \d+", "chain_id = 31338", text)
    if port:
        text = re.sub(r'nodes = \["http://([^:]+):\d+"', r'nodes = ["http://\1:9"', text)
    office.config.write_text(text)
    done = office.run("status", "publish", "--config", str(office.config))
    assert (done.exit_code, "Nothing was published" in done.output) == (code, True), done.output
    assert "Nothing was issued" not in done.output


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
    return int(office.deployed.record("institutionRecord", institution_id(DOMAIN))["batches"])


def test_records_and_archive_lost_ask_once(story: Story, tmp_path: Path) -> None:
    """Only the institution's counter tells it: whoever issues is asked, and not again for the same number."""
    office = story.copy(tmp_path / "office")
    _records_and_files(office, story.kept)
    _archive(office, story.kept)
    known = _registered(office)
    before = _everything(office)
    for more in ([], ["--json"]):
        refused = office.issue(ROSTER, "again", *more)
        assert refused.exit_code == 2, refused.output
        assert f"{known} batches, and these records hold none of them" in refused.output
        assert "sanad rebuild" in refused.output
        assert "say --yes" in refused.output
        assert _everything(office) == before
    checked = office.issue(ROSTER, "again", "--check")
    assert checked.exit_code == 0
    assert f"{known} batches, and these records hold none of them" in checked.output
    assert _everything(office) == before
    for words in (["resume"], ["status", "publish"]):
        done = office.run(*words, "--config", str(office.config))
        assert "Every batch is delivered" not in done.output
        assert _registered(office) == known
    first = office.issue("Name\nOmar Aziz\n", "again", "--yes", code="BC-304")
    assert first.exit_code == 0, first.output
    second = office.issue("Name\nZara Aziz\n", "again2", code="BC-304")
    assert second.exit_code == 0, second.output
    assert "hold none" not in second.output
    assert "neither" not in second.output


def test_one_key_with_two_sets_of_records_is_noticed_and_can_be_left(embedded_school: Office, tmp_path: Path) -> None:
    one = embedded_school
    assert one.issue().exit_code == 0
    other = replace(one, folder=tmp_path / "other")
    shutil.copytree(one.folder, other.folder, ignore=shutil.ignore_patterns("data", "archive", "certificates"))
    assert other.issue(SECOND, code="BC-302").exit_code == 2
    assert other.issue(SECOND, "certificates", "--yes", code="BC-302").exit_code == 0
    stopped = one.issue("Name\nOmar Aziz\n", "more", code="BC-303")
    assert stopped.exit_code == 2
    assert "other records use the same key" in stopped.output
    assert "1 transaction (place 1)" in stopped.output
    assert "1 batch that neither they nor the archive hold" in stopped.output
    asked = one.run("batches", "--accept-missing", "--config", str(one.config))
    assert asked.exit_code == 2
    assert "say --yes" in asked.output
    accepted = one.run("batches", "--accept-missing", "--yes", "--config", str(one.config))
    assert accepted.exit_code == 0, accepted.output
    gone_on = one.issue("Name\nOmar Aziz\n", "more", code="BC-303")
    assert gone_on.exit_code == 0, gone_on.output
    again = one.run("batches", "--accept-missing", "--config", str(one.config))
    assert "Nothing is missing that was not accepted before." in again.output
    # with one archive the batch itself is found
    shutil.copytree(other.folder / "archive", one.folder / "archive", dirs_exist_ok=True)
    found = one.run("resume", "--config", str(one.config))
    assert found.exit_code == 2
    assert "Not in them: 1 batch of" in found.output
    assert one.run("batches", "--accept-missing", "--yes", "--config", str(one.config)).exit_code == 0
    assert one.run("resume", "--config", str(one.config)).exit_code == 0


def test_a_key_that_other_programs_use_stops_nothing(embedded_school: Office) -> None:
    """Said once where no batch is missing; funding, other acts and acts without records are ordinary."""
    office = embedded_school
    office.deployed.revoke(office.deployed.signer, [sha256(b"before any records")], 1)
    assert "Note" not in office.issue().output
    office.deployed.revoke(office.deployed.signer, [sha256(b"from another machine")], 1)
    told = office.issue("Name\nOmar Aziz\n", "more", code="BC-303")
    assert told.exit_code == 0, told.output
    assert "has sent 1 transaction (place 2) that these records do not know" in told.output
    quiet = office.issue("Name\nZara Aziz\n", "more2", code="BC-303")
    assert quiet.exit_code == 0
    assert "these records do not know" not in quiet.output


def test_a_colleague_with_records_and_archive_of_their_own_is_asked_about_once(
    embedded_school: Office, tmp_path: Path
) -> None:
    office, deployed = embedded_school, embedded_school.deployed
    assert office.issue().exit_code == 0
    deployed.writer(deployed.admin)  # the admin may be a signer too
    authorise(deployed.sender(deployed.admin), deployed.address, DOMAIN, deployed.admin.address)
    deployed.writer(deployed.admin).issue(institution_id(DOMAIN), sha256(b"a colleague's"), 7)
    asked = office.issue("Name\nOmar Aziz\n", "more", code="BC-303")
    assert asked.exit_code == 2
    assert "1 batch that neither these records nor the archive hold" in asked.output
    published = office.run("status", "publish", "--config", str(office.config))
    assert published.exit_code == 0
    assert "1 batch that neither these records nor the archive hold" in published.output
    assert office.issue("Name\nOmar Aziz\n", "more", "--yes", code="BC-303").exit_code == 0
    assert office.issue("Name\nZara Aziz\n", "more2", code="BC-303").exit_code == 0
    deployed.writer(deployed.admin).issue(institution_id(DOMAIN), sha256(b"another"), 7)
    assert office.issue("Name\nHina Aziz\n", "more3", code="BC-303").exit_code == 2


def test_acts_are_done_and_no_list_is_written_while_records_are_behind(story: Story, tmp_path: Path) -> None:
    office = story.copy(tmp_path / "office")
    _older_file(office, story.kept)
    lists = {path: path.read_bytes() for path in (office.folder / "archive" / "status").rglob("*.json")}
    done = office.run("revoke", str(office.pdfs[4]), "--reason", "data-error", "--config", str(office.config))
    assert done.exit_code == 0, done.output
    assert "The status lists for other verifiers were not published. The records are behind" in done.output
    assert "sanad rebuild" in done.output
    assert {path: path.read_bytes() for path in lists} == lists


def test_a_check_without_a_node_says_what_was_not_checked(story: Story, tmp_path: Path) -> None:
    office = story.copy(tmp_path / "office")
    office.config.write_text(office.config.read_text().replace(office.deployed.chain.url, "http://127.0.0.1:9"))
    checked = office.issue(ROSTER, "again", "--check")
    assert checked.exit_code == 0, checked.output
    assert "Whether the records are whole could not be checked." in checked.output
    refused = office.issue(ROSTER, "again")
    assert refused.exit_code == 2, refused.output
