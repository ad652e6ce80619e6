"""Taking back names the people and asks; what follows from an act is done with it, also where a later one fails."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from issuer.errors import NodeUnusableError, UnresolvedError
from issuer.office.certificates import certificates_meant
from issuer.office.key_choice import KeyChoice
from issuer.office.office import open_office
from issuer.office.performing import perform
from issuer.office.records_place import place_in
from issuer.office.taking_back import revocation
from issuer.registry.act import Act
from tests.journey.office import Office
from tests.journey.school import act, refused, root
from tests.journey.test_in_vain import hash_of
from tests.mail.conftest import mail_server
from tests.mail.test_mail_command import mail, post_through, states
from verifier.core.codes import short_code
from verifier.core.hashes import from_hex

LONG_AGO = "2020-01-01T00:00:00Z"
LETTERS = """Student Number,Name,Email
1,Ayesha Siddiqui,ayesha@students.example
2,Hira Iqbal,hira@students.example
3,Sana Tariq,sana@students.example
"""


def typed(school: Office, answer: str, *words: str) -> Result:
    """As somebody types it, without --yes."""
    return CliRunner().invoke(main, [*words, "--config", str(school.config)], input=answer)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits there."""
    monkeypatch.setattr("issuer.commands.acting.at_terminal", lambda: True)


def test_where_nobody_can_be_asked_nothing_final_is_done(school: Office) -> None:
    first, signer = hash_of(school, school.pdfs[0]), school.deployed.signer.address
    for words in (
        ("revoke", first, "--reason", "misconduct"),
        ("withdraw", school.domain, root(school)),
        ("remove", school.domain, signer),
        ("distrust", school.domain, signer, "--since", LONG_AGO),
        ("transfer", school.domain, signer),
        ("suspend", school.domain),
        ("registry", "rename", school.domain, "Another Name"),
        ("registry", "replace-admin", school.domain, signer),
        ("registry", "transfer", signer),
    ):
        told = typed(school, "", *words)
        assert told.exit_code == 2, told.output
        assert "Nobody is there to be asked. Say --yes if that is meant. Nothing was sent." in told.output
        assert typed(school, "", *words, "--dry-run").exit_code == 0
    assert [each["verdict"] for each in school.verdicts(*school.pdfs)] == ["valid"] * 5


@pytest.mark.usefixtures("terminal")
def test_whose_certificate_it_is_is_shown_and_asked(school: Office) -> None:
    first = hash_of(school, school.pdfs[0])
    words = ("revoke", first, "--reason", "misconduct")
    told = typed(school, "n\n", *words)
    assert told.exit_code == 2
    assert "To be taken back  Ayesha Siddiqui" in told.output
    assert "Revoke this certificate permanently?" in told.output
    assert school.verdicts(school.pdfs[0])[0]["verdict"] == "valid"
    told = typed(school, "y\n", *words)
    assert told.exit_code == 0, told.output
    assert f"{first[2:]} is revoked (misconduct)." in told.output
    assert "was revoked already" in typed(school, "", *words).output  # nothing is left to ask about


@pytest.mark.usefixtures("terminal")
def test_a_distrust_names_what_ends_and_asks(school: Office) -> None:
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", LONG_AGO)
    told = typed(school, "n\n", *words)
    assert told.exit_code == 2
    assert f"ceases to count: batch {root(school)}, 5 certificates" in told.output
    assert "Distrust this key, with these consequences?" in told.output
    assert school.verdicts(school.pdfs[0])[0]["verdict"] == "valid"


def test_one_certificate_is_not_replaced_by_another_student_s_or_course_s(school: Office) -> None:
    old, other = (hash_of(school, pdf) for pdf in school.pdfs[:2])
    assert school.issue("Student Number,Name\n1,Ayesha Siddiqui\n", "second", code="BC-302").exit_code == 0
    course = hash_of(school, next((school.folder / "second").glob("*.pdf")))
    assert "are of different students: Ayesha Siddiqui" in refused(school, "replace", old, other)
    assert "are of different courses: Ayesha Siddiqui" in refused(school, "replace", old, course)
    told = school.run("replace", old, course, "--even-so", "--config", str(school.config))
    assert told.exit_code == 0, told.output
    assert "In its place      Ayesha Siddiqui" in told.output
    assert school.verdicts(school.pdfs[0])[0]["verdict"] == "replaced"


@pytest.mark.parametrize(("error", "code"), [(NodeUnusableError("The node went away."), 2), (None, 3)])
def test_what_was_sent_before_an_act_failed_is_reported_and_followed_up(
    school: Office, monkeypatch: pytest.MonkeyPatch, error: NodeUnusableError | None, code: int
) -> None:
    """Of a revocation repeated, a distrust and an adoption the distrust fails."""
    third = hash_of(school, school.pdfs[2])
    assert school.run("revoke", third, "--reason", "other", "--config", str(school.config)).exit_code == 0
    performing, hash_ = Act.perform, "0x" + "ab" * 32

    def failing(self: Act, *arguments: Any) -> Any:
        if self.name == "distrust":
            raise error or UnresolvedError(f"What became of transaction {hash_} is not known yet.", hash_)
        return performing(self, *arguments)

    monkeypatch.setattr(Act, "perform", failing)
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", LONG_AGO, "--keep-recorded")
    told = school.run(*words, "--json", "--config", str(school.config))
    assert told.exit_code == code, told.output
    first, failed = json.loads(told.stdout)
    assert (first["act"], failed["act"]) == ("revoke", "distrust")
    assert first["transaction"].startswith("0x")
    assert failed["error"]
    assert failed["transaction"] == (None if code == 2 else hash_)
    assert f"Before it failed, 1 act was done: revoke in transaction {first['transaction']}." in told.stderr


def test_what_follows_from_an_act_is_done_also_where_the_next_one_fails(school: Office) -> None:
    def unreachable() -> bool:
        raise NodeUnusableError("The node went away.")

    office = open_office(school.config)
    found = certificates_meant(place_in(office), [str(pdf) for pdf in school.pdfs[:2]])
    done, never = (revocation(office, KeyChoice(), each, "other").act for each in found)
    lists = [path for path in (school.folder / "archive" / "status").rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in lists}
    report = perform(office, [done, replace(never, name="fails", done=unreachable), never])
    assert ([each.act.name for each in report.performed], str(report.error)) == (["revoke"], "The node went away.")
    assert report.failed is not None
    assert report.failed.name == "fails"
    assert report.troubles == []
    assert [path for path, data in before.items() if path.read_bytes() != data], "the lists show the revocation"
    assert [each["verdict"] for each in school.verdicts(*school.pdfs[:2])] == ["revoked", "valid"]


def test_what_follows_from_an_act_is_done_also_where_somebody_stops_the_next_one(school: Office) -> None:
    def stopped() -> bool:
        raise KeyboardInterrupt

    office = open_office(school.config)
    found = certificates_meant(place_in(office), [str(pdf) for pdf in school.pdfs[:2]])
    done, never = (revocation(office, KeyChoice(), each, "other").act for each in found)
    lists = [path for path in (school.folder / "archive" / "status").rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in lists}
    with pytest.raises(KeyboardInterrupt):
        perform(office, [done, replace(never, done=stopped)])
    assert [path for path, data in before.items() if path.read_bytes() != data], "the lists show the revocation"


def test_letters_of_what_is_taken_back_do_not_go_out(embedded_school: Office, tmp_path: Path) -> None:
    school = embedded_school
    with mail_server(tmp_path / "accepted") as server:
        post_through(school, server)
        assert school.issue(LETTERS).exit_code == 0
        first = hash_of(school, school.pdfs[0])
        told = school.run("revoke", first, "--reason", "data-error", "--config", str(school.config))
        assert "1 letter does not go out any more: sanad mail list --state withheld" in told.output
        assert states(school) == {2: "withheld"}
        assert "The certificate was revoked." in mail(school, 0, "list", "--state", "withheld")
        admin = ("--key", str(school.folder / "admin.json"), "--passphrase-file", str(school.folder / "passphrase"))
        act(school, "withdraw", school.domain, root(school), *admin)
        assert states(school) == {2: "withheld", 3: "withheld", 4: "withheld"}
        assert "1 withheld" not in mail(school, 0, "send")
        assert server.received() == []
        act(school, "withdraw", school.domain, root(school), "--undo", *admin)
        assert states(school) == {2: "withheld", 3: "queued", 4: "queued"}
        assert "2 sent, 1 withheld (sanad mail list --state withheld)" in mail(school, 0, "send")
        assert sorted(each["X-Recipient"] for each in server.received()) == [
            "hira@students.example", "sana@students.example",
        ]  # fmt: skip


def test_the_trail_keeps_what_was_sent_and_nothing_else(school: Office) -> None:
    first = hash_of(school, school.pdfs[0])
    for _ in range(2):
        assert school.run("revoke", first, "--reason", "other", "--config", str(school.config)).exit_code == 0
    refused(school, "replace", first, hash_of(school, school.pdfs[1]), "--even-so")
    with open_office(school.config).records() as store:
        assert store is not None
        (entry,) = [each for each in store.trail.entries() if each.did in ("revoke", "replace")]
    assert entry.domain == school.domain
    assert entry.facts["act"]["certificate"] == first
    assert entry.facts["transaction"].startswith("0x")


def done(school: Office, *words: str, code: int = 0) -> str:
    told = school.run(*words, "--config", str(school.config))
    assert told.exit_code == code, told.output
    return told.output


def test_what_is_taken_back_is_named_by_whatever_names_it(school: Office) -> None:
    """A PDF, an envelope, a link, a short code, a name, a number."""
    code = short_code(from_hex(hash_of(school, school.pdfs[2])))
    named = (
        (str(school.pdfs[0]),),
        (str(school.envelopes[1]),),
        (code,),
        ("--name", "ansari"),
        ("--number", "5"),
    )
    for words in named:
        assert " is revoked (other)." in done(school, "revoke", *words, "--reason", "other")
    assert [each["verdict"] for each in school.verdicts(*school.pdfs)] == ["revoked"] * 5


def test_several_are_listed_and_none_is_taken_back(school: Office) -> None:
    told = done(school, "revoke", "--name", "i", "--reason", "other", code=2)
    assert "names 3 certificates. Give the file, link, hash or short code of one of them:" in told
    assert "Hira Iqbal (5), Foundations of Blockchain" in told
    assert "Which certificate?" in done(school, "revoke", "--reason", "other", code=2)
    altered = school.folder / "altered.pdf"
    altered.write_bytes(school.pdfs[0].read_bytes().replace(b"%PDF", b"%PDG", 1) + b"\n")
    assert "is not the file that was issued" in done(school, "revoke", str(altered), "--reason", "other", code=2)
    assert [each["verdict"] for each in school.verdicts(*school.pdfs)] == ["valid"] * 5


def test_the_old_one_of_a_replacement_is_named_by_whose_it_is(school: Office) -> None:
    """The new one has the same name: it is not meant."""
    assert school.issue("Student Number,Name\n1,Ayesha Siddiqui\n", "second", "--again", "2").exit_code == 0
    (new,) = (school.folder / "second").glob("*.pdf")
    assert "Name two certificates" in done(school, "replace", str(new), code=2)
    assert "NEW alone, beside --name or --number" in done(school, "replace", "a", "b", "--name", "Ayesha", code=2)
    assert "In its place      Ayesha Siddiqui (1)" in done(school, "replace", str(new), "--name", "ayesha")
    assert [each["verdict"] for each in school.verdicts(school.pdfs[0], new)] == ["replaced", "valid"]


def test_a_file_alone_is_nothing_to_act_on(school: Office) -> None:
    """Neither records nor archive hold it: whatever it says of itself may be a mistake."""
    pdf = school.pdfs[0].read_bytes()
    for name in ("archive", "data"):
        shutil.move(school.folder / name, school.folder / f"{name}.away")
    (school.folder / "one.pdf").write_bytes(pdf)
    told = done(school, "revoke", str(school.folder / "one.pdf"), "--reason", "other", code=2)
    assert "Ayesha Siddiqui; only the file says that it was issued. Nothing was sent." in told
