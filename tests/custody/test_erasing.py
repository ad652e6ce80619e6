"""One person is erased, and nobody else; what remains leads nowhere."""

import json
import shutil
import uuid
from pathlib import Path

import pytest

from issuer.publishing.archive_writer import PARTS
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from tests.status.test_offices import colleague

NAME = "Ayesha Siddiqui-Unmistakable"
ROSTER = f"Student Number,Name,Email\nSN-77123,{NAME},ayesha77@students.example\n2,Zoë Fernandes,\n"


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path / "office")
    assert opened.issue(ROSTER).exit_code == 0
    (opened.folder / "roster.csv").unlink()  # the professor's own, which the issuer does not keep
    return opened


def erase(office: Office, *more: str) -> tuple[int, str]:
    result = office.run("erase", "--config", str(office.config), *more)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_nothing_of_the_person_is_left_in_any_file(office: Office) -> None:
    kept = office.pdfs[0].read_bytes()
    verdict, other = office.verdicts(*office.pdfs)
    hash_ = bytes.fromhex(verdict["hash"][2:])
    code, output = erase(office, verdict["hash"], "--yes")
    assert code == 0, output
    assert "record, page and 2 files" in output
    needles = [b"Unmistakable", b"Siddiqui", b"SN-77123", b"ayesha77", hash_, hash_.hex().encode()]
    for path in office.folder.rglob("*"):
        assert "Siddiqui" not in path.name
        assert hash_.hex() not in path.name
        data = path.read_bytes() if path.is_file() else b""
        assert not [needle for needle in needles if needle in data], path

    erased, still = office.verdicts(verdict["hash"], other["hash"])
    assert erased["verdict"] == "unavailable"
    assert "The institution erased this record on" in json.dumps(erased)
    assert still["verdict"] == "valid"
    assert office.verdict(kept) == "valid"  # whoever kept the file can still show it

    code, output = erase(office, verdict["hash"], "--yes")
    assert code == 0
    assert "0 files" in output
    assert office.issue(ROSTER, "again").exit_code == 0  # the person may take the course once more


def test_a_mistake_is_told(office: Office) -> None:
    assert erase(office, "0x" + "00" * 32, "--yes")[0] == 2
    code, output = erase(office, office.verdicts(office.pdfs[0])[0]["hash"])
    assert (code, "say --yes" in output, f"{NAME} (SN-77123), " in output) == (2, True, True)
    altered = office.folder / "altered.pdf"
    altered.write_bytes(office.pdfs[0].read_bytes() + b"\n")
    code, output = erase(office, str(altered), "--yes")
    assert (code, "it was changed" in output) == (2, True)
    assert len(office.pdfs) == 2


def test_one_is_erased_by_file_code_or_name(office: Office) -> None:
    code = office.verdicts(office.pdfs[0])[0]["short_code"]
    result = office.run("erase", "--name", "fernandes", "--yes", "--config", str(office.config))
    assert (result.exit_code, len(office.pdfs)) == (0, 1), result.output
    assert erase(office, code.replace("-", " "), "--yes")[0] == 0
    assert not office.pdfs


def everything(*folders: Path) -> dict[Path, bytes]:
    """Every file but what the locks and the database's own log need."""
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in found if ".lock" not in str(path) and "sqlite" not in path.name}


def test_where_the_record_is_not_nothing_is_erased(embedded_chain: ChainNode, tmp_path: Path) -> None:
    office = open_office(deploy_on(embedded_chain), tmp_path / "office")
    other = colleague(office)
    assert other.issue(ROSTER).exit_code == 0
    hash_ = office.verdicts(other.pdfs[0])[0]["hash"]
    office.issue("Student Number,Name\n8,Hira Iqbal\n", "mine")
    before = everything(office.folder, other.folder)
    places = [f"the records {office.folder / 'data' / 'records.sqlite'}", f"the archive {office.folder / 'archive'}"]
    for words in ([hash_], [str(other.pdfs[0])], ["--name", "Unmistakable"], ["0x" + "00" * 32]):
        code, told = erase(office, *words, "--yes")
        assert code == 2, told
        assert "Nothing was erased" in told
        assert all(place in told for place in places), told
    assert everything(office.folder, other.folder) == before
    assert "name that office under also in [issuer]" in erase(office, hash_, "--yes")[1]

    office.config.write_text(office.config.read_text() + 'also = ["../other office", "nowhere"]\n')
    code, told = erase(office, hash_, "--yes")
    assert (code, "nowhere, which is neither a sanad.toml nor a folder" in told) == (2, True)
    office.config.write_text(office.config.read_text().replace(', "nowhere"', ""))
    code, told = erase(office, "--name", "Unmistakable", "--yes")
    assert (code, "record, page and 2 files" in told) == (0, True), told
    assert len(other.pdfs) == 1
    assert other.verdicts(hash_)[0]["verdict"] == "unavailable"
    assert erase(other, hash_, "--yes")[0] == 0

    shutil.rmtree(other.folder / "data")
    left = office.verdicts(other.pdfs[0])[0]["hash"]
    assert erase(office, left, "--yes")[0] == 2
    assert erase(office, left, "--archive-only", "--yes")[0] == 0
    assert office.verdicts(left)[0]["verdict"] == "unavailable"


def test_one_person_is_found_in_every_part_and_in_what_killed_runs_left(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER, "second", code="BC-302").exit_code == 0
    pdf, envelope = office.pdfs[0], office.envelopes[0]
    hash_ = office.verdicts(pdf)[0]["hash"][2:]
    exports, data = tmp_path / "exports", office.folder / "data" / "batches"
    lost = data / str(uuid.uuid4()) / "work"
    exports.mkdir()
    lost.mkdir(parents=True)
    office.config.write_text(office.config.read_text() + f'also = ["{exports}"]\n')
    token = uuid.uuid4().hex
    (batch,) = {path.parent for path in data.glob("*/course") if path.parent.name in _batch_of(office, hash_)}
    copies = {
        "in an export": (exports / "anything.pdf", pdf),
        "in an export, changed": (exports / "deep" / "copy.pdf", pdf),
        "in an export, the envelope": (exports / "deep" / "x.json", envelope),
        "in the out folder, half written": (pdf.with_name(f".{pdf.name}.{token}.part"), pdf),
        "in the archive": (office.folder / "archive" / PARTS / f".{hash_}.json.{token}.part", envelope),
        "in the archive, of an earlier version": (
            office.folder / "archive" / "envelopes" / hash_[:4] / f".{hash_}.json.{token}.part", envelope,
        ),
        "in a delivered batch's work": (batch / "work" / "000000.pdf", pdf),
        "in the work of a batch that no record has": (lost / "000000.pdf", pdf),
        "the same, its envelope": (lost / "000000.json", envelope),
        "the same, its credentials": (lost / "credentials.jsonl", envelope),
    }  # fmt: skip
    for path, source in copies.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
    (exports / "deep" / "copy.pdf").write_bytes(pdf.read_bytes() + b"\n")
    (exports / "other.pdf").write_bytes(office.pdfs[1].read_bytes())
    (exports / "class.csv").write_text(f"1,{NAME}\n2,Zoë Fernandes\n")
    code, told = erase(office, "--number", "SN-77123", "--yes")
    assert (code, "names 2 certificates" in told) == (2, True), told
    code, told = erase(office, "--number", "SN-77123", "--all", "--yes")
    assert code == 0, told
    assert told.count("Erased (") == 2
    assert f"take the person out yourself: {exports / 'class.csv'}" in told
    left = [what for what, (path, _) in copies.items() if path.exists()]
    assert not left
    assert (exports / "other.pdf").exists()
    (exports / "class.csv").unlink()
    needles = [b"Unmistakable", b"SN-77123", hash_.encode(), bytes.fromhex(hash_)]
    for path in [*office.folder.rglob("*"), *exports.rglob("*")]:
        data_ = path.read_bytes() if path.is_file() and path.name != "roster.csv" else b""
        assert not [needle for needle in needles if needle in data_], path
    code, told = erase(office, "--all", "--yes")
    assert (code, "--all goes with" in told) == (2, True)


def _batch_of(office: Office, hash_: str) -> list[str]:
    told = office.run("find", hash_, "--json", "--offline", "--config", str(office.config))
    return [each["batch"] for each in json.loads(told.stdout)]
