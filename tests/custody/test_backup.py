"""A backup is whole, proves itself, and comes back into an empty place on either database."""

import io
import json
import shutil
import stat
import tarfile
from pathlib import Path

import pytest

from issuer.batches.issuing import Issuer
from issuer.custody.backup import back_up
from issuer.custody.restoring import restore
from issuer.errors import BackupError, DiskError
from issuer.keys.files import new_institution_key
from issuer.records import Records, RecordsPlace
from issuer.records.place import in_file
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import PASSPHRASE, Office, open_office, settings
from tests.postgres import postgres

__all__ = ["postgres"]

ROSTER = "Student Number,Name,Email\n1,Ayesha Siddiqui,a@students.example\n2,فاطمہ نور,\n3,Zoë Fernandes,\n"


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office") / "office")
    assert opened.issue(ROSTER).exit_code == 0
    return opened


@pytest.fixture(scope="module")
def copied(office: Office) -> Path:
    result = office.run("backup", str(office.folder / "copy.tar"), "--config", str(office.config))
    assert result.exit_code == 0, result.output
    assert "Not where" not in result.output
    return office.folder / "copy.tar"


def everything(store: Records) -> list[object]:
    batches = store.batches()
    trail = [entry for entry in store.trail.entries() if entry.did != "restored"]
    return [[list(store.drafts(batch.id)) for batch in batches], [batch.root for batch in batches], trail]


def test_what_a_backup_holds(copied: Path, office: Office) -> None:
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    with tarfile.open(copied) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest.json"
    assert "records/certificates.jsonl" in names
    assert len([name for name in names if name.startswith("certificates/")]) == 6
    assert not [name for name in names if "key" in name or "professor" in name or name.endswith(".pem")]
    again = office.run("backup", str(copied), "--config", str(office.config))
    assert (again.exit_code, "is there already" in again.output) == (2, True)


def test_it_comes_back_in_an_empty_place_and_everything_still_verifies(
    office: Office, copied: Path, tmp_path: Path
) -> None:
    new = Office(tmp_path, office.deployed, office.domain)
    for name in ("professor.json", "institution.pem", "passphrase"):
        (tmp_path / name).write_bytes((office.folder / name).read_bytes())
    new.config.write_text(settings(office.deployed))
    result = new.run("restore", str(copied), "--config", str(new.config))
    assert result.exit_code == 0, result.output
    before, after = (Records(each.folder / "data" / "records.sqlite") for each in (office, new))
    assert everything(before) == everything(after)
    pdfs = sorted((tmp_path / "data" / "certificates").rglob("*.pdf"))
    assert [pdf.read_bytes() for pdf in pdfs] == [pdf.read_bytes() for pdf in office.pdfs]
    assert Path(after.batches()[0].out) == pdfs[0].parent
    before.close()
    after.close()
    hashes = [each["hash"] for each in office.verdicts(*office.pdfs)]
    assert {each["verdict"] for each in new.verdicts(*pdfs, *hashes)} == {"valid"}
    again = new.issue(ROSTER, "more")
    assert "has it already" in again.output or "already" in again.output
    twice = new.run("restore", str(copied), "--config", str(new.config))
    assert (twice.exit_code, "is not empty" in twice.output) == (2, True)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_either_database_takes_it_and_numbers_go_on(
    copied: Path, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place: RecordsPlace = (
        in_file(tmp_path / "records.sqlite") if kind == "sqlite" else request.getfixturevalue("postgres")()
    )
    restore(copied, place, tmp_path / "data", tmp_path / "archive")
    store = Records(place)
    numbers = [entry.number for entry in store.trail.entries()]
    assert numbers == sorted(set(numbers))
    copy = tmp_path / "again.tar"
    back_up(store, tmp_path / "data", tmp_path / "archive", copy)
    for table in ("batches", "certificates", "attempts", "transactions", "deliveries"):
        if table != "batches":  # whose folder has changed
            assert member(copied, f"records/{table}.jsonl") == member(copy, f"records/{table}.jsonl")
    store.close()


def member(path: Path, name: str) -> bytes:
    with tarfile.open(path) as tar:
        content = tar.extractfile(name)
        assert content is not None
        return content.read()


@pytest.mark.parametrize("damage", ["cut", "byte", "extra", "outside", "no backup"])
def test_a_damaged_backup_restores_nothing(copied: Path, damage: str, tmp_path: Path) -> None:
    data = bytearray(copied.read_bytes())
    told = {
        "cut": "cut short",
        "byte": "is damaged|is no backup",
        "extra": "is damaged",
        "outside": "which no backup does",
    }
    if damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "byte":
        at = data.index(b"Ayesha")
        data[at] ^= 1
    elif damage == "no backup":
        data = bytearray(b"hello" * 1000)
    wrong = tmp_path / "wrong.tar"
    wrong.write_bytes(data)
    if damage in ("extra", "outside"):
        with tarfile.open(wrong, "w") as tar, tarfile.open(copied) as old:
            extra = tarfile.TarInfo("archive/extra" if damage == "extra" else "archive/../../outside")
            extra.size = 5
            tar.addfile(extra, io.BytesIO(b"hello"))
            for each in old:
                tar.addfile(each, old.extractfile(each))
    with pytest.raises(BackupError, match=told.get(damage, "is not a backup")):
        restore(wrong, in_file(tmp_path / "data" / "records.sqlite"), tmp_path / "data", tmp_path / "archive")
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "outside").exists()


def test_a_backup_that_cannot_be_finished_leaves_nothing(office: Office, tmp_path: Path) -> None:
    store = Records(office.folder / "data" / "records.sqlite")
    with pytest.raises(BackupError, match="cannot be made"):
        back_up(store, office.folder / "data", office.folder / "archive", tmp_path / "missing" / "copy.tar")
    assert list(tmp_path.iterdir()) == []
    store.close()


def test_the_json_is_data(office: Office) -> None:
    result = office.run("backup", str(office.folder / "other.tar"), "--json", "--config", str(office.config))
    assert json.loads(result.stdout)["rows"]["certificates"] == 3


@pytest.mark.parametrize(("stopped", "state"), [("_anchor", "anchoring"), ("_deliver", "final")])
def test_a_batch_in_work_is_made_again_byte_for_byte(
    embedded_chain: ChainNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: str, state: str
) -> None:
    old = open_office(deploy_on(embedded_chain), tmp_path / "old")

    def stop(_issuer: Issuer, _batch: object) -> None:
        raise DiskError("The lights went out.")

    with monkeypatch.context() as patch:
        patch.setattr(Issuer, stopped, stop)
        assert old.issue(ROSTER).exit_code == 3
    work = next((old.folder / "data" / "batches").glob("*/work"))
    built = [path.read_bytes() for path in sorted(work.glob("*.pdf"))]
    assert len(built) == 3
    assert old.run("backup", str(tmp_path / "copy.tar"), "--config", str(old.config)).exit_code == 0

    new = Office(tmp_path / "new", old.deployed, old.domain)
    new.folder.mkdir()
    for name in ("professor.json", "institution.pem", "passphrase"):
        (new.folder / name).write_bytes((old.folder / name).read_bytes())
    new.config.write_text(settings(old.deployed))
    restored = new.run("restore", str(tmp_path / "copy.tar"), "--config", str(new.config))
    assert "1 batches were not delivered yet. Type: sanad resume" in restored.output
    assert state in new.run("batches", "--config", str(new.config)).output
    resumed = new.run("resume", "--config", str(new.config))
    assert resumed.exit_code == 0, resumed.output
    pdfs = sorted((new.folder / "data" / "certificates").rglob("*.pdf"))
    assert [pdf.read_bytes() for pdf in pdfs] == built
    assert {each["verdict"] for each in new.verdicts(*pdfs)} == {"valid"}
    assert new.deployed.registry().institution(new.domain)["batches"] == 1


def test_another_key_does_not_pass_for_the_one_that_is_lost(
    embedded_chain: ChainNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(deploy_on(embedded_chain), tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Issuer, "_anchor", lambda *_: (_ for _ in ()).throw(DiskError("The lights went out.")))
        assert office.issue(ROSTER).exit_code == 3
    shutil.rmtree(next((office.folder / "data" / "batches").glob("*/work")))
    (office.folder / "institution.pem").unlink()
    new_institution_key(office.folder / "institution.pem", PASSPHRASE)
    resumed = office.run("resume", "--config", str(office.config))
    assert resumed.exit_code != 0
    assert "and those made again differ" in resumed.output
    assert office.deployed.registry().institution(office.domain)["batches"] == 0


def test_a_backup_goes_into_no_file_that_somebody_else_put_in_its_way(office: Office, tmp_path: Path) -> None:
    """Whoever made the file, or holds it open, would read all that comes into it."""
    target, his = tmp_path / "copy.tar", tmp_path / "his"
    his.write_text("his")
    (tmp_path / ".copy.tar.part").symlink_to(his)
    assert office.run("backup", str(target), "--config", str(office.config)).exit_code == 0
    assert his.read_text() == "his"
    target.unlink()
    with (tmp_path / ".copy.tar.part").open("w+b") as held:
        assert office.run("backup", str(target), "--config", str(office.config)).exit_code == 0
        assert held.read() == b""
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.tar", "his"]
