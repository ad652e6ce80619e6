"""An export needs no Sanad to be read, holds everything, and is sound before it is called done."""

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from verifier.core.batch_file import parse_batch_file
from verifier.core.hashes import from_hex


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office") / "office")
    assert opened.issue().exit_code == 0
    hash_ = opened.verdicts(opened.pdfs[4])[0]["hash"]
    assert opened.run("revoke", hash_, "--reason", "other", "--config", str(opened.config)).exit_code == 0
    assert opened.run("erase", hash_, "--yes", "--config", str(opened.config)).exit_code == 0
    return opened


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_there_and_agrees(office: Office, tmp_path: Path) -> None:
    out, keys = tmp_path / "out", tmp_path / "keys"
    result = office.run("export", str(out), "--keys", str(keys), "--config", str(office.config))
    assert result.exit_code == 0, result.output
    assert "1 batches, 5 certificates (1 erased)" in result.output
    (batch,) = (out / "batches").iterdir()
    file = parse_batch_file((batch / "batch.sanad").read_bytes())
    roster = rows(batch / "roster.csv")
    assert [each["name"] for each in roster] == ["Ayesha Siddiqui", "فاطمہ نور", "Zoë Fernandes", "Ömer Ansari"]
    assert [each["commitment"] for each in rows(batch / "leaves.csv")] == [
        "0x" + file.record(index)[0].hex() for index in range(5)
    ]
    pdfs = sorted((batch / "certificates").glob("*.pdf"))
    assert {each["verdict"] for each in office.verdicts(*pdfs)} == {"valid"}
    assert [each["hash"] for each in office.verdicts(*pdfs)] == [each["certificate hash"] for each in roster]
    registration = json.loads((batch / "registration.json").read_text())
    assert from_hex(registration["root"]) == file.root
    assert registration["transactions"][0]["transaction"].startswith("0x")
    (revocation,) = rows(out / "revocations.csv")
    assert revocation["commitment"] == rows(batch / "leaves.csv")[4]["commitment"]
    assert (batch / "course" / "course.toml").exists()
    assert sorted(path.name for path in keys.iterdir()) == ["institution.pem", "professor.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert not [path for path in out.rglob("*") if path.is_file() and b"BEGIN ENCRYPTED" in path.read_bytes()]
    twice = office.run("export", str(out), "--config", str(office.config))
    assert (twice.exit_code, "is not empty" in twice.output) == (2, True)


def test_a_file_that_was_saved_anew_or_moved_is_told(office: Office, tmp_path: Path) -> None:
    whole = office.pdfs[0].read_bytes()
    office.pdfs[0].write_bytes(whole + b"\n")
    result = office.run("export", str(tmp_path / "one"), "--config", str(office.config))
    assert (result.exit_code, "is not the certificate that was issued" in result.output) == (2, True)
    moved = office.pdfs[0]
    moved.unlink()
    result = office.run("export", str(tmp_path / "two"), "--config", str(office.config))
    assert (result.exit_code, f"Not where it was delivered to: {moved}" in result.output) == (1, True)
    moved.write_bytes(whole)
