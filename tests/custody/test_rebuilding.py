"""Lost records, whole or in part, come back from what is left; nothing is invented, nobody erased comes back."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from issuer.records import Records, RecordsPlace
from issuer.records.place import in_folder
from issuer.records.tables import batches, certificates, status_lists
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import DOMAIN, ROSTER, Office, open_office, school_keys
from tests.postgres import postgres

__all__ = ["postgres"]

NAMED = "Name,Email,Grade\nAyesha Siddiqui,a@students.example,A\nAhmed Khan,k@students.example,C\n"
"""A class without student numbers."""


@pytest.fixture(scope="module")
def whole(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with two classes; one certificate is revoked, one corrected, one erased. Nothing more is issued."""
    return with_classes(open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("whole") / "office"))


def with_classes(office: Office) -> Office:
    school_keys(office)
    (office.folder / "out").mkdir()
    for roster, out, code in ((ROSTER, "out/first", "BC-301"), (NAMED, "out/second", "BC-302")):
        assert office.issue(roster, out, code=code).exit_code == 0
        shutil.copy(office.folder / "course.toml", office.folder / "out" / f"{code}.toml")
    hashes = [each["hash"] for each in office.verdicts(*sorted((office.folder / "out" / "first").glob("*.pdf")))]
    for words in (["revoke", hashes[0], "--reason", "misconduct"], ["correct", hashes[1], "--name", "فاطمہ"]):
        assert office.run(*words, "--config", str(office.config)).exit_code == 0
    assert office.run("erase", hashes[2], "--yes", "--config", str(office.config)).exit_code == 0
    return office


@pytest.fixture
def office(whole: Office, tmp_path: Path) -> Office:
    """A copy of it, whose records still say where the files of the first were delivered to."""
    shutil.copytree(whole.folder, tmp_path / "office")
    return Office(tmp_path / "office", whole.deployed, whole.domain)


@pytest.fixture
def later(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    """Another one, on whose registry a test goes on acting: two copies would each lack what the other issues."""
    return with_classes(open_office(deploy_on(embedded_chain), tmp_path / "later"))


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, office: Office) -> RecordsPlace:
    """Where records are built again."""
    if request.param == "sqlite":
        return in_folder(office.folder / "data")
    made: RecordsPlace = request.getfixturevalue("postgres")()
    url = made.url.render_as_string(hide_password=False)
    office.config.write_text(office.config.read_text().replace("[issuer]", f'[issuer]\nrecords = "{url}"'))
    return made


def rebuild(office: Office, *words: str) -> tuple[int, dict[str, Any]]:
    result = office.run("rebuild", "--json", "--config", str(office.config), *words)
    assert "Traceback" not in result.output, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout) if result.exit_code in (0, 1) else {"said": result.output}


def said(place: RecordsPlace, *but: str) -> list[list[tuple[Any, ...]]]:
    """Every row of the records that a rebuild gives back, but for what no file has."""
    unknown = {"id", "batch", "since", "out", "person", "row", "identity", "erased", "begun", "copy", "closed",
               "published", "again", *but}  # fmt: skip
    with closing(Records(place)) as store, store.database.reading() as connection:
        found = []
        for table in (batches, certificates, status_lists):
            rows = connection.execute(select(table)).mappings().all()
            kept = [
                tuple(sorted((name, str(value)) for name, value in row.items() if name not in unknown)) for row in rows
            ]
            found.append(sorted(kept))
        return found


def rows(place: RecordsPlace) -> list[dict[str, Any]]:
    with closing(Records(place)) as store:
        return [
            json.loads(json.dumps(vars_of(draft.row))) for batch in store.batches() for draft in store.drafts(batch.id)
        ]


def vars_of(row: Any) -> dict[str, Any]:
    return {name: str(getattr(row, name)) for name in ("name", "student_number", "father_name", "grade")}


def lose(office: Office, *names: str) -> None:
    for name in names:
        path = office.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


LOST: dict[str, tuple[tuple[str, ...], tuple[str, ...], int, list[tuple[int, ...]]]] = {
    # what is lost, where to look beside, exit code, positions that are missing of each batch
    "data folder": (("data",), ("out",), 1, [(2,), (), ()]),
    "records alone": (("data/records.sqlite",), ("out",), 1, [(2,), (), ()]),
    "data and delivered files": (("data", "out/first", "out/second"), ("out",), 1, [(2,), (), ()]),
    "data and envelopes in the archive": (("data", "archive/envelopes"), ("out",), 1, [(2,), (), ()]),
    "data and the whole archive": (("data", "archive"), ("out",), 1, [(2,), (), ()]),
    "data, all but the PDFs of one class": (("data", "archive", "out/second"), ("out",), 1, [(2,), ()]),
    "data, and envelopes everywhere": (("data", "archive/envelopes", "out"), (), 1, [(0, 1, 2, 3, 4), (0, 1), (0,)]),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_is_lost_and_what_comes_back(office: Office, place: RecordsPlace, lost: str) -> None:
    names, folders, code, missing = LOST[lost]
    before, archive = said(in_folder(office.folder / "data")), tree(office.folder / "archive")
    named = rows(in_folder(office.folder / "data"))
    lose(office, *names)
    words = [word for name in folders for word in ("--from", str(office.folder / name))]
    found, report = rebuild(office, *words)
    assert found == code, report
    assert [tuple(each["missing"]) for each in report["batches"]] == missing, report
    assert sum(report["no_file_of"].values()) == 3 - len(missing)
    after = said(place)
    if all(len(each) < 2 for each in missing) and len(missing) == 3:
        assert after[0] == before[0]
        erased = [row for row in before[1] if dict(row)["hash"] == "None"]
        assert len(erased) == 1
        assert after[1] == [row for row in before[1] if row not in erased]
        assert sorted(rows(place), key=str) == sorted(named, key=str)
    for name, data in tree(office.folder / "archive").items() if (office.folder / "archive").exists() else ():
        assert archive.get(name) == data, "nothing that is there is changed"
    again, second = rebuild(office, *words)
    assert (again, second["added"], second["marks_added"]) == (code, 0, 0)
    assert said(place) == after


def test_what_the_registry_says_is_told_and_nothing_is_invented(office: Office) -> None:
    lose(office, "data")
    _, report = rebuild(office)
    first, second, third = report["batches"]
    assert (first["revoked"], first["replaced"], second["revoked"], third["revoked"]) == (1, 1, 0, 0)
    assert report["marked_as_erased"] == 1
    assert set(report["settled_transactions"]) == {office.deployed.signer.address, office.deployed.admin.address}
    with closing(Records(in_folder(office.folder / "data"))) as store:
        sent = office.deployed.chain.web3.eth.get_transaction_count(office.deployed.signer.address)
        chain = office.deployed.chain.chain_id
        assert store.transactions.settled(chain, office.deployed.signer.address) == sent
        assert store.transactions.last_used(chain, office.deployed.signer.address) is None
        assert store.transactions.unresolved(chain, office.deployed.signer.address) == []
        assert all(each.closed for each in store.status_lists.of(DOMAIN))
        assert all(draft.row.email is None for batch in store.batches() for draft in store.drafts(batch.id))


def test_the_watch_takes_what_was_revoked_before_the_loss_for_ours(office: Office) -> None:
    words = ("watch", "--once", "--config", str(office.config))
    assert office.run(*words).exit_code == 0
    lose(office, "data")
    shown = office.run("rebuild", "--config", str(office.config))
    assert "2 revocations taken over from the registry" in shown.output, shown.output
    for position in (1, 2):
        assert f"…, position {position}: 2" in shown.output, shown.output
    assert shown.output.count(f"by the key {office.deployed.signer.address}") == 2
    watched = office.run(*words)
    assert watched.exit_code == 0, watched.output
    assert "distrust" not in watched.output
    _, again = rebuild(office)
    assert again["revocations_taken_over"] == {}
    with closing(Records(in_folder(office.folder / "data"))) as store:
        noted = store.rebuilt.taken_over(DOMAIN, office.deployed.chain.chain_id, office.deployed.address)
        assert len(noted) == len({each.commitment for each in noted}) == 2


def test_a_dry_run_takes_no_revocation_over(office: Office) -> None:
    lose(office, "data")
    _, shown = rebuild(office, "--dry-run")
    assert len(shown["revocations_taken_over"][DOMAIN]) == 2
    assert not (office.folder / "data" / "records.sqlite").exists()


def test_the_commands_go_on_after_it(later: Office) -> None:
    office = later
    lose(office, "data")
    words = ("--config", str(office.config))
    _, report = rebuild(office, "--from", str(office.folder / "out"))
    assert all(each["has_course"] and not each["without_pdf"] for each in report["batches"]), report
    for roster, course in ((NAMED, "BC-302"), (ROSTER.replace("3,Zoë Fernandes,B\n", ""), "BC-301")):
        again = office.issue(roster, "again", code=course)
        assert (again.exit_code, "already issued" in again.output, "0 new" in again.output) == (0, True, True), (
            again.output
        )
    mail = '[mail]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "a@b.example"\n'
    office.config.write_text(office.config.read_text() + mail)
    found = json.loads(office.run("find", "Ahmed", "--json", *words).stdout)
    assert "valid" in json.dumps(found)
    for line, expected in {
        "batches": 0,
        "resume": 0,
        "status publish": 0,
        "mail send": 0,
        "correct --name Hira --yes": 2,
        f"correct {office.folder}/out/first/004-Ömer-Ansari.pdf --name Ömer": 0,
        f"revoke {office.folder}/out/first/005-Hira-Iqbal.pdf --reason data-error": 0,
        f"export {office.folder}/left": 0,
        f"backup {office.folder}/copy.tar": 0,
    }.items():
        done = office.run(*line.split(), *words)
        assert done.exit_code == expected, (line, done.output)
    assert office.verdicts(office.folder / "out" / "first" / "005-Hira-Iqbal.pdf")[0]["verdict"] == "revoked"


def test_whoever_was_erased_does_not_come_back_from_any_file(later: Office) -> None:
    """The files of an erased certificate lie in a folder that the erasure did not reach."""
    office = later
    assert office.issue("Student Number,Name,Grade\n77,Unmistakable Person,A\n", "late", code="BC-303").exit_code == 0
    kept = office.folder / "kept"
    shutil.copytree(office.folder / "late", kept)
    envelope, course = next(kept.glob("*.json")), office.folder / "data" / "batches"
    hash_ = office.verdicts(envelope)[0]["hash"]
    assert office.run("erase", hash_, "--yes", "--config", str(office.config)).exit_code == 0
    shutil.copytree(kept, course / "11111111-2222-3333-4444-555555555555" / "work")
    for lost in (("data/records.sqlite",), ("data/records.sqlite", "archive")):
        if "archive" in lost:  # the marks of the records outlive it
            records = office.folder / "data" / "records.sqlite"
            shutil.copy(records, office.folder / "saved.sqlite")
            shutil.rmtree(office.folder / "archive")
        else:
            lose(office, *lost)
        _, report = rebuild(office, "--from", str(kept))
        late = next(each for each in report["batches"] if each["size"] == 1 and each["erased"])
        assert late["missing"] == []
        assert len(report["of_erased_certificates"]) == 4
        with closing(Records(in_folder(office.folder / "data"))) as store:
            assert store.batch_of(bytes.fromhex(hash_[2:])) is None
            assert store.rebuilt.positions(late["id"]) == {0}
        needles = (b"Unmistakable", bytes.fromhex(hash_[2:]))
        for path in (office.folder / "data" / "records.sqlite", *(office.folder / "archive").rglob("*")):
            data = path.read_bytes() if path.is_file() else b""
            assert not [needle for needle in needles if needle in data], path
    assert office.run("erase", hash_, "--yes", "--config", str(office.config)).exit_code == 0


@pytest.fixture
def strange(office: Office, embedded_chain: ChainNode, tmp_path: Path) -> Path:
    """Files that prove nothing here."""
    folder = tmp_path / "strange"
    folder.mkdir()
    pdf = next((office.folder / "out" / "first").glob("*.pdf"))
    (folder / "altered.pdf").write_bytes(pdf.read_bytes() + b"\n")
    envelope = json.loads(next((office.folder / "out" / "first").glob("*.json")).read_bytes())
    envelope["index"] = 3
    (folder / "moved.json").write_text(json.dumps(envelope))
    (folder / "package.json").write_text("{}")
    (folder / "cut.sanad").write_bytes(b"sanad-batch 1 ")
    other = open_office(deploy_on(embedded_chain), tmp_path / "other")
    assert other.issue(ROSTER).exit_code == 0
    shutil.copytree(other.folder / "certificates", folder / "of another registry")
    return folder


def test_files_that_prove_nothing_are_told_and_not_believed(office: Office, strange: Path) -> None:
    before = said(in_folder(office.folder / "data"))
    lose(office, "data")
    _, report = rebuild(office, "--from", str(office.folder / "out"), "--from", str(strange))
    told = {Path(path).name for path in report["prove_nothing"]}
    assert told == {"altered.pdf", "moved.json", "cut.sanad"}
    assert len(report["not_registered"]) == 1
    assert len(said(in_folder(office.folder / "data"))[0]) == len(before[0])


def test_batches_of_other_keys_are_left_out_and_told(office: Office) -> None:
    lose(office, "data")
    text = office.config.read_text()
    office.config.write_text(text.replace('signer_key = "professor.json"', 'signer_key = "programme.json"'))
    code, report = rebuild(office)
    assert [len(each) for each in report["of_other_keys"].values()] == [3]
    assert (code, report["batches"]) == (0, []), report
    key = office.deployed.signer.address
    _, report = rebuild(office, "--signer", key)
    assert len(report["batches"]) == 3


@pytest.mark.parametrize(
    ("words", "expected", "sentence"),
    [
        (["--from", "/nowhere"], 2, "/nowhere is not a folder"),
        (["--signer", "0x12"], 2, "is not an address"),
        (["--archive", "--signer", "0x12"], 2, "--signer goes with the records"),
        (["--archive"], 2, "First type: sanad rebuild"),
    ],
)
def test_what_is_typed_wrongly_is_told(office: Office, words: list[str], expected: int, sentence: str) -> None:
    lose(office, "data")
    result = office.run("rebuild", *words, "--config", str(office.config))
    assert (result.exit_code, sentence in result.output) == (expected, True), result.output
    assert not (office.folder / "data").exists()


def test_a_dry_run_writes_nothing_and_a_dead_node_is_told(office: Office) -> None:
    lose(office, "data")
    archive = tree(office.folder / "archive")
    code, report = rebuild(office, "--dry-run")
    assert (code, report["added"], (office.folder / "data").exists()) == (1, 7, False)
    assert tree(office.folder / "archive") == archive
    text = office.config.read_text()
    office.config.write_text(text.replace(office.deployed.chain.url, "http://127.0.0.1:9"))
    code, said_ = rebuild(office)
    assert (code, "The registry could not be asked" in said_["said"]) == (3, True), said_


ARCHIVE: dict[str, tuple[tuple[str, ...], int]] = {
    "everything but the lists": (("batches", "envelopes", "replacements", "erased", "courses"), 0),
    "all of it": (("batches", "envelopes", "replacements", "erased", "courses", "status"), 0),
}


@pytest.mark.parametrize("lost", ARCHIVE)
def test_a_lost_archive_comes_back_byte_for_byte(office: Office, lost: str) -> None:
    names, code = ARCHIVE[lost]
    before = tree(office.folder / "archive")
    for name in names:
        shutil.rmtree(office.folder / "archive" / name)
    words = ("--archive", "--from", str(office.folder / "out"))
    assert (dry := rebuild(office, *words, "--dry-run"))[0] == code, dry
    assert not (office.folder / "archive" / "batches").exists()
    found, report = rebuild(office, *words)
    assert (found, report["missing"]) == (code, [])
    if "status" in names:
        assert len(report["lists"]) == 1
        published = office.run("status", "publish", "--json", "--config", str(office.config))
        assert [each["revoked"] for each in json.loads(published.stdout)] == [2], published.output
    after = tree(office.folder / "archive")
    signed = {name for name in before if name.startswith("status/")}
    assert {name: data for name, data in after.items() if name not in signed} == {
        name: data for name, data in before.items() if name not in signed
    }
    assert rebuild(office, *words)[1]["envelopes"] == 0


def test_records_that_lack_certificates_do_not_make_a_lost_list_again(office: Office) -> None:
    lose(office, "data", "archive/status")
    rebuild(office, "--from", str(office.folder / "out"))
    code, report = rebuild(office, "--archive", "--from", str(office.folder / "out"))
    assert code == 1
    assert any("a new list would hide" in each for each in report["missing"]), report
    assert office.run("status", "publish", "--config", str(office.config)).exit_code == 1


def test_nothing_is_made_twice_where_the_rosters_have_namesakes(later: Office) -> None:
    """Two namesakes, known by nothing but addresses: both have it. A third is a problem, and is not issued."""
    office = later
    two = "Name,Email\nAli Raza,a@s.example\nAli Raza,b@s.example\n"
    assert office.issue(two, "two", "--namesakes", code="BC-309").exit_code == 0
    lose(office, "data")
    rebuild(office, "--from", str(office.folder / "two"))
    again = office.issue(two, "again", "--namesakes", code="BC-309")
    assert (again.exit_code, "0 new, 2 who have it already" in again.output) == (0, True), again.output
    three = office.issue(two + "Ali Raza,c@s.example\n", "again", code="BC-309")
    assert (three.exit_code, "Nothing was issued" in three.output) == (2, True), three.output


def test_batches_that_the_institution_adopted_and_those_that_count_no_more(
    embedded_chain: ChainNode, tmp_path: Path
) -> None:
    """The professor's key is distrusted from the beginning; one of its two batches was adopted."""
    office = open_office(deploy_on(embedded_chain), tmp_path / "office")
    school_keys(office)
    words = ("--config", str(office.config))
    roots = []
    for code in ("BC-301", "BC-302"):
        assert office.issue(NAMED, code, code=code).exit_code == 0
        roots.append(json.loads(office.run("batches", "--json", *words).stdout)[-1]["root"])
    begun = ("--since", "2026-01-01T00:00:00Z")
    done = office.run("distrust", DOMAIN, office.deployed.signer.address, *begun, *words)
    assert done.exit_code == 0, done.output
    done = office.run("adopt", DOMAIN, roots[0], *words)
    assert done.exit_code == 0, done.output
    lose(office, "data")
    code, report = rebuild(office, "--from", str(office.folder))
    assert code in (0, 1), report
    states = {each["root"]: (each["counts"], each["missing"], each["added"]) for each in report["batches"]}
    assert states == {roots[0]: (True, [], 2), roots[1]: (False, [], 2)}
    with closing(Records(in_folder(office.folder / "data"))) as store:
        signers = {f"0x{(batch.root or b'').hex()}": batch.signer for batch in store.batches()}
    assert signers == {roots[0]: None, roots[1]: office.deployed.signer.address}
