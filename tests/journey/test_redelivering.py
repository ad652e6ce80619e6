"""`sanad deliver`: delivered files that are lost are made again, the same bytes; nobody who was erased comes back."""

import json
import shutil
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("deliver") / "office")
    assert opened.issue().exit_code == 0
    return opened


def deliver(office: Office, *words: str) -> tuple[int, str]:
    result = office.run("deliver", *words, "--config", str(office.config))
    assert "Traceback" not in result.output
    return result.exit_code, result.stdout if result.exit_code in (0, 1) else result.output


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_made_again_and_nothing_is_overwritten(office: Office, tmp_path: Path) -> None:
    (batch,) = json.loads(office.run("batches", "--json", "--config", str(office.config)).stdout)
    out = office.folder / "certificates"
    whole, id_ = files(out), batch["batch"][:8]
    shutil.rmtree(out)
    assert deliver(office, id_) == (
        0,
        f"Batch {id_} (Foundations of Blockchain and Digital Trust): 5 written. Folder: {out}\n",
    )
    assert files(out) == whole
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    for name in (batch["root"], batch["root"][:10], batch["root"][2:].upper(), batch["batch"]):
        assert "0 written, 5 already there" in deliver(office, name)[1]

    pdf = office.pdfs[2]
    pdf.write_bytes(b"another file")
    office.envelopes[0].unlink()
    code, told = deliver(office, id_)
    assert code == 1
    assert f"Row 4, Zoë Fernandes: not written. {pdf} is there and is another file. Move it away" in told
    assert "1 written, 3 already there, 1 not written." in told
    assert pdf.read_bytes() == b"another file"
    code, told = deliver(office, id_, "--out", str(tmp_path / "new"), "--json")
    assert code == 0
    assert files(tmp_path / "new") == whole
    assert {each["fate"] for each in json.loads(told)["certificates"]} == {"written"}
    pdf.write_bytes(whole[pdf.name])

    for wrong, words in (
        (("zz",), "No batches begin with zz: sanad batches lists them."),
        (("",), "No batches begin with"),
        ((id_, "--out", str(office.config)), "sanad.toml cannot be written"),
    ):
        code, told = deliver(office, *wrong)
        assert (code, words in told) == (2, True), told


def test_what_cannot_be_made_is_said_and_who_was_erased_stays_so(office: Office, tmp_path: Path) -> None:
    assert (
        office.issue("Student Number,Name\n21,Sana Mir\n22,Bilal Khan\n23,Noor Jahan\n", "b", code="BC-9").exit_code
        == 0
    )
    batch = json.loads(office.run("batches", "--json", "--config", str(office.config)).stdout)[-1]["batch"]
    assert office.run("erase", "--name", "Sana Mir", "--yes", "--config", str(office.config)).exit_code == 0
    out, again = office.folder / "b", tmp_path / "again"
    whole = files(out)
    code, told = deliver(office, batch, "--out", str(again))
    assert (code, "2 written, 1 erased, so not made again." in told) == (0, True), told
    assert files(again) == whole

    course = office.folder / "data" / "batches" / batch / "course"
    course.rename(course.with_name("away"))
    code, told = deliver(office, batch, "--out", str(tmp_path / "copied"))
    assert (code, "2 written" in told) == (0, True), "what was delivered is still there"
    (gone,) = (path for path in out.glob("*Noor*.pdf"))
    gone.unlink()
    code, told = deliver(office, batch, "--out", str(tmp_path / "less"))
    assert code == 1
    assert "Row 4, Noor Jahan: cannot be made. The batch's course is not in" in told
    assert "the delivered PDF is gone. The envelope is in the archive." in told
    assert len(list((tmp_path / "less").iterdir())) == 2
    course.with_name("away").rename(course)
    hash_ = office.verdicts(next(out.glob("*Noor*.json")))[0]["hash"][2:]
    (office.folder / "archive" / "envelopes" / hash_[:4] / f"{hash_}.json").unlink()
    assert deliver(office, batch)[0] == 0
    assert files(out) == whole
    next(out.glob("*Noor*.json")).unlink()
    code, told = deliver(office, batch)
    assert (code, "Its envelope is neither in the archive nor where it was delivered." in told) == (1, True), told
