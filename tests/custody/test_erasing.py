"""One person is erased, and nobody else; what remains leads nowhere."""

import json
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office

NAME = "Ayesha Siddiqui-Unmistakable"
ROSTER = f"Student Number,Name,Email\nSN-77123,{NAME},ayesha77@students.example\n2,Zoë Fernandes,\n"


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path / "office")
    assert opened.issue(ROSTER).exit_code == 0
    (opened.folder / "roster.csv").unlink()  # the professor's own, which the issuer does not keep
    return opened


def erase(office: Office, hash_: str, *more: str) -> tuple[int, str]:
    result = office.run("erase", hash_, "--config", str(office.config), *more)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_nothing_of_the_person_is_left_in_any_file(office: Office) -> None:
    kept = office.pdfs[0].read_bytes()
    verdict, other = office.verdicts(*office.pdfs)
    hash_ = bytes.fromhex(verdict["hash"][2:])
    code, output = erase(office, verdict["hash"], "--yes")
    assert code == 0, output
    assert "record, page and 2 delivered files" in output
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
    assert "0 delivered files" in output
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
