"""`sanad correct`: issued again, the old one replaced, the letter sent; cut off anywhere, nobody gets two."""

import json
import os
import shutil
import signal
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from issuer.office.office import open_office
from issuer.records import Records
from issuer.records.place import in_file
from tests.journey.office import ORIGIN, Office
from tests.journey.school import root
from tests.journey.test_in_vain import as_key, colleague, hash_of
from tests.journey.test_taking_back import done, typed
from tests.mail.conftest import mail_server
from tests.mail.test_mail_command import SANAD, post_through
from tests.postgres import postgres
from verifier.core.codes import link, short_code
from verifier.core.hashes import from_hex
from verifier.settings import load_settings
from verifier.web import create_app

__all__ = ["postgres"]

ROSTER = """Student Number,Name,Father's Name,Grade,Email
1,Ayesha Sidiqui,Imran Siddiqui,A,ayesha@students.example
2,Hira Iqbal,,B,hira@students.example
3,Sana Tariq,,B,
"""


@pytest.fixture
def classroom(embedded_school: Office) -> Office:
    assert embedded_school.issue(ROSTER).exit_code == 0
    return embedded_school


def corrected(school: Office) -> list[Path]:
    return sorted((school.folder / "certificates").glob("corrected*/*.pdf"))


def correct(school: Office, *words: str, code: int = 0) -> dict[str, Any]:
    told = school.run("correct", *words, "--json", "--config", str(school.config))
    assert told.exit_code == code, told.output
    found = json.loads(told.stdout)
    assert isinstance(found, dict)
    return found


def words(school: Office) -> list[str]:
    """The verdicts on the class, then on what was corrected."""
    return [each["verdict"] for each in school.verdicts(*school.pdfs, *corrected(school))]


def test_a_wrong_name_is_put_right_in_one_go(classroom: Office, tmp_path: Path) -> None:
    with mail_server(tmp_path / "accepted") as server:
        post_through(classroom, server)
        before = hash_of(classroom, classroom.pdfs[0])
        told = done(classroom, "correct", str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui", "--grade", "A-")
        assert "name   Ayesha Sidiqui  ->  Ayesha Siddiqui" in told
        assert "grade  A               ->  A-" in told
        (new,) = corrected(classroom)
        assert words(classroom) == ["replaced", "valid", "valid", "valid"]
        old, found = classroom.verdicts(classroom.pdfs[0], new)
        assert found["hash"] in json.dumps(old)
        (letter,) = server.received()
        assert letter["X-Recipient"] == "ayesha@students.example"
        (attachment,) = letter.iter_attachments()
        assert attachment.get_content() == new.read_bytes()

        both = json.loads(classroom.run("find", "ayesha", "--json", "--config", str(classroom.config)).stdout)
        assert "valid" in json.dumps(both)
        assert "replaced" in json.dumps(both)
        told = done(classroom, "correct", short_code(from_hex(before)), "--name", "Ayesha Siddiqui", "--grade", "A-")
        assert "(begun before)" not in told
        assert f"in place of {short_code(from_hex(before))}" in told
        assert (len(corrected(classroom)), len(server.received())) == (1, 1)
        told = done(classroom, "correct", str(classroom.pdfs[0]), "--name", "Ayesha", code=2)
        assert "is corrected already, by another correction: Ayesha Siddiqui (1)" in told


def test_the_old_link_s_page_leads_to_the_new_one(classroom: Office) -> None:
    old = link(ORIGIN, from_hex(hash_of(classroom, classroom.pdfs[0])))
    (found,) = correct(classroom, str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui")["corrections"]
    client = create_app(load_settings(classroom.config).verifier(), ORIGIN).test_client()
    page = client.get(old.removeprefix(ORIGIN)).text
    assert found["link"].removeprefix(ORIGIN) in page
    assert "Ayesha Siddiqui" in client.get(found["link"].removeprefix(ORIGIN)).text


def test_everything_else_stays_as_it_was(classroom: Office) -> None:
    correct(classroom, str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui", "--no-mail")
    with open_office(classroom.config).records() as store:
        assert store is not None
        first, second = store.batches()
        old, new = next(store.drafts(first.id)).row, next(store.drafts(second.id)).row
    assert (new.student_number, new.father_name, new.grade, new.email) == (
        old.student_number,
        old.father_name,
        old.grade,
        old.email,
    )
    here = timezone(timedelta(hours=5))  # the sample course's
    assert new.date == datetime.fromisoformat(first.drafted).astimezone(here).date()


def test_what_would_change_nothing_sends_nothing(classroom: Office) -> None:
    told = done(classroom, "correct", str(classroom.pdfs[0]), "--name", "Ayesha Sidiqui")
    assert "Nothing to change: Ayesha Sidiqui (1)" in told
    told = done(classroom, "correct", str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui", "--dry-run")
    assert "1 certificate is issued again, and the old replaced: up to" in told
    assert "Dry run: nothing was sent." in told
    assert corrected(classroom) == []
    assert words(classroom) == ["valid"] * 3


def test_old_and_new_are_shown_and_asked(classroom: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("correct", str(classroom.pdfs[1]), "--father-name", "Javed Iqbal")
    told = typed(classroom, "", *command)
    assert (told.exit_code, "Nobody is there to be asked. Say --yes" in told.output) == (2, True)
    monkeypatch.setattr("issuer.commands.acting.at_terminal", lambda: True)
    told = typed(classroom, "n\n", *command)
    assert told.exit_code == 2
    assert "father name  (nothing)  ->  Javed Iqbal" in told.output
    assert "Issue this, and replace the old one permanently?" in told.output
    assert corrected(classroom) == []
    assert typed(classroom, "y\n", *command).exit_code == 0
    assert words(classroom) == ["valid", "replaced", "valid", "valid"]


def test_a_file_of_corrections_is_done_whole_or_not_at_all(classroom: Office) -> None:
    code, file = short_code(from_hex(hash_of(classroom, classroom.pdfs[0]))), classroom.folder / "wrong.csv"
    file.write_text(f"Certificate,Name,Grade\n{code},Ayesha Siddiqui,\n9,Nobody,A\n2,,=A\n")
    told = done(classroom, "correct", "--from", str(file), code=2)
    assert "is a formula to spreadsheet programs" in told
    file.write_text(f"Certificate,Name,Grade\n{code},Ayesha Siddiqui,\n9,Nobody,A\n2,Hira Iqbal,\n{code},Ayesha,\n")
    problems = correct(classroom, "--from", str(file), code=2)["problems"]
    assert [(each["row"], each["column"], each["value"]) for each in problems] == [
        (3, "Certificate", "9"),
        (5, "Certificate", code),
    ]
    assert words(classroom) == ["valid"] * 3

    file.write_text(f"Certificate,Name,Grade\n{code},Ayesha Siddiqui,\n2,Hira Iqbal,\n3,,A\n")
    found = correct(classroom, "--from", str(file), "--no-mail")
    assert [each["row"] for each in found["corrections"]] == [2, 4]
    assert len(found["unchanged"]) == 1
    assert [each["act"] for each in found["acts"]] == ["replace"]
    assert words(classroom) == ["replaced", "valid", "replaced", "valid", "valid"]
    again = correct(classroom, "--from", str(file), "--no-mail")
    assert [each["new"] for each in again["corrections"]] == [each["new"] for each in found["corrections"]]
    assert len(corrected(classroom)) == 2


class Killed(BaseException):
    """The process ends here."""


_POINTS = (
    ("issuer.records.records:Records.add_batch", "before"),
    ("issuer.records.records:Records.add_batch", "after"),
    ("issuer.records.records:Records.set_built", "after"),
    ("issuer.sending.sender:Sender.send", "after"),
    ("issuer.publishing.archive_writer:ArchiveWriter.publish_envelope", "before"),
    ("issuer.registry.act:Act.perform", "before"),
    ("issuer.registry.act:Act.perform", "after"),
    ("issuer.publishing.archive_writer:ArchiveWriter.publish_replacement", "before"),
    ("issuer.records.corrections:CorrectionRecords.close", "before"),
    ("issuer.records.corrections:CorrectionRecords.close", "after"),
)


def kill(monkeypatch: pytest.MonkeyPatch, point: str, when: str) -> None:
    module, _, path = point.partition(":")
    owner, name = path.split(".")
    kind = getattr(__import__(module, fromlist=[owner]), owner)
    inner = getattr(kind, name)

    def dying(*arguments: Any, **named: Any) -> Any:
        if when == "after":
            inner(*arguments, **named)
        raise Killed

    monkeypatch.setattr(kind, name, dying)


@pytest.mark.parametrize(("point", "when"), _POINTS)
@pytest.mark.parametrize("way", ["again", "resume"])
def test_cut_off_anywhere_it_goes_on_and_nobody_gets_two(
    classroom: Office, tmp_path: Path, point: str, when: str, way: str
) -> None:
    command = ("correct", str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui")
    with mail_server(tmp_path / "accepted") as server:
        post_through(classroom, server)
        with pytest.MonkeyPatch.context() as patch:
            kill(patch, point, when)
            with pytest.raises(Killed):
                classroom.run(*command, "--config", str(classroom.config))
        assert server.received() == []
        if way == "resume":
            done(classroom, "resume")
            if (point.rsplit(".", 1)[1], when) != ("add_batch", "before"):
                assert words(classroom) == ["replaced", "valid", "valid", "valid"]
        done(classroom, *command)
        assert words(classroom) == ["replaced", "valid", "valid", "valid"]
        assert [each["X-Recipient"] for each in server.received()] == ["ayesha@students.example"]
    store = Records(classroom.folder / "data" / "records.sqlite")
    assert [batch.size for batch in store.batches()] == [3, 1]
    assert store.corrections.pending() == []
    store.close()


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_killed_while_it_registers_it_goes_on(
    embedded_school: Office, where: str, request: pytest.FixtureRequest
) -> None:
    """The process is gone in an instant, as at a power cut."""
    classroom = embedded_school
    place = in_file(classroom.folder / "data" / "records.sqlite")
    if where == "postgresql":
        place = request.getfixturevalue("postgres")()
        settings = classroom.config.read_text()
        classroom.config.write_text(settings.replace("[issuer]\n", f'[issuer]\nrecords = "{place.url}"\n'))
    assert classroom.issue(ROSTER).exit_code == 0
    command = ["correct", str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui", "--yes"]
    config = ["--config", str(classroom.config)]
    process = subprocess.Popen([*SANAD, *command, *config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    store = Records(place)
    while process.poll() is None and not any(batch.state == "anchoring" for batch in store.batches()):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert [batch.size for batch in store.batches()] == [3, 1]
    told = done(classroom, *command)
    assert "(begun before)" in told or "Corrected: Ayesha Siddiqui (1)" in told
    assert words(classroom) == ["replaced", "valid", "valid", "valid"]
    assert [batch.size for batch in store.batches()] == [3, 1]
    store.close()


def test_what_is_issued_and_not_replaced_is_listed_and_resumed_with_the_admin_s_key(classroom: Office) -> None:
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, "issuer.registry.act:Act.perform", "before")
        with pytest.raises(Killed):
            classroom.run("correct", str(classroom.pdfs[0]), "--grade", "B", "--config", str(classroom.config))
    listed = done(classroom, "batches")
    assert "delivered; the certificates that it corrects are not replaced yet" in " ".join(listed.split())
    colleague(classroom)
    classroom.config.write_text(classroom.config.read_text().replace('"professor.json"', '"colleague.json"'))
    told = done(classroom, "resume", code=3)
    assert "corrects is not replaced yet. The batch was registered by" in told
    (typed,) = [line.strip() for line in told.splitlines() if line.startswith("  sanad replace ")]
    admin = as_key(classroom, classroom.deployed.admin, "admin")
    done(classroom, *typed.removeprefix("sanad ").removesuffix(" --key ADMIN").split(), *admin)
    assert words(classroom) == ["replaced", "valid", "valid", "valid"]
    assert "corrects is replaced." in done(classroom, "resume")


def test_what_another_key_registered_is_refused_before_anything_is_issued(classroom: Office) -> None:
    key = colleague(classroom)
    classroom.config.write_text(classroom.config.read_text().replace('"professor.json"', '"colleague.json"'))
    command = ("correct", str(classroom.pdfs[0]), "--name", "Ayesha Siddiqui")
    told = done(classroom, *command, code=2)
    assert "or with the admin's: sanad correct … --key ADMIN. Nothing was sent." in told
    assert key
    assert corrected(classroom) == []
    admin = as_key(classroom, classroom.deployed.admin, "admin")
    done(classroom, *command, *admin)
    assert words(classroom) == ["replaced", "valid", "valid", "valid"]


def test_what_cannot_be_corrected_is_refused_with_a_way(classroom: Office) -> None:
    first, second, third = (str(each) for each in classroom.pdfs)
    done(classroom, "revoke", first, "--reason", "misconduct")
    assert "cannot be corrected: it is revoked." in done(classroom, "correct", first, "--grade", "B", code=2)
    altered = classroom.folder / "altered.pdf"
    altered.write_bytes(Path(second).read_bytes() + b"\n")
    assert "is not the file that was issued" in done(classroom, "correct", str(altered), "--grade", "A", code=2)
    told = done(classroom, "correct", second, third, "--name", "Hira", code=2)
    assert "These certificates are of different students: Hira Iqbal" in told
    assert "What is to be corrected?" in done(classroom, "correct", second, code=2)
    assert "Which certificate?" in done(classroom, "correct", "--grade", "A", code=2)
    told = done(classroom, "correct", second, "--number", "3", code=2)
    assert "This number has another certificate of the course: Sana Tariq (3)" in told
    gone = hash_of(classroom, classroom.pdfs[2])
    done(classroom, "erase", third, "--yes")
    told = done(classroom, "correct", gone, "--grade", "A", code=2)
    assert "was erased on" in told
    assert "Its row is not known any more, so it cannot be corrected; issue a new one: sanad issue." in told
    shutil.move(classroom.folder / "data", classroom.folder / "away")
    told = done(classroom, "correct", second, "--grade", "A", code=2)
    assert "The records are behind" in told
    assert [each["verdict"] for each in classroom.verdicts(first, second)] == ["revoked", "valid"]


def test_one_student_s_certificates_of_several_courses_are_corrected_together(classroom: Office) -> None:
    second = "Student Number,Name\n1,Ayesha Sidiqui\n"
    assert classroom.issue(second, "second", code="BC-302").exit_code == 0
    (other,) = (classroom.folder / "second").glob("*.pdf")
    out = str(classroom.folder / "right")
    found = correct(classroom, str(classroom.pdfs[0]), str(other), "--name", "Ayesha Siddiqui", "--out", out)
    assert [each["old"] for each in found["corrections"]] == [
        hash_of(classroom, classroom.pdfs[0]),
        hash_of(classroom, other),
    ]
    news = [each["file"] for each in found["corrections"]]
    assert [Path(each).parent.name for each in news] == ["right", "right-2"]
    verdicts = classroom.verdicts(classroom.pdfs[0], other, *news)
    assert [each["verdict"] for each in verdicts] == ["replaced", "replaced", "valid", "valid"]


def test_a_withdrawn_batch_does_not_come_back_by_a_correction(classroom: Office) -> None:
    admin = ("--key", str(classroom.folder / "admin.json"), "--passphrase-file", str(classroom.folder / "passphrase"))
    done(classroom, "withdraw", classroom.domain, root(classroom), *admin)
    told = done(classroom, "correct", str(classroom.pdfs[0]), "--grade", "B", code=2)
    assert "cannot be corrected: it is untrusted." in told
    assert corrected(classroom) == []


def test_a_number_means_the_newest_certificate_until_a_correction_is_done_twice(classroom: Office) -> None:
    file = classroom.folder / "corrections.csv"
    for grade, state in (("A+", 1), ("A+", 1), ("A-", 2), ("A-", 2)):
        file.write_text(f"Student Number,Grade\n1,{grade}\n")
        (found,) = correct(classroom, "--from", str(file), "--no-mail")["corrections"]
        assert found["changes"]["grade"][1] == grade
        assert len(corrected(classroom)) == state
    assert [each["verdict"] for each in classroom.verdicts(classroom.pdfs[0], *corrected(classroom))] == [
        "replaced",
        "replaced",
        "valid",
    ]
