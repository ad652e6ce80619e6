"""What becomes of each row is shown before anything happens; the new ones are issued, the others left as they are."""

import json
import re
import socket
from datetime import date, timedelta

import pytest

from tests.journey.office import ROSTER, Office

GROWN = ROSTER + "6,Sana Tariq,A\n7,Omar Farooq,B\n"
TITLE = "Foundations of Blockchain and Digital Trust"


def test_a_roster_that_has_grown_issues_the_new_ones(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    checked = embedded_office.issue(GROWN, "more", "--check", "--json")
    assert checked.exit_code == 0
    told = json.loads(checked.stdout)
    assert [each["disposition"] for each in told["rows"]] == ["already issued"] * 5 + ["new"] * 2
    assert [told["students"], told["new"], told["problems"], told["certificates"]] == [7, 2, [], []]
    (first, *_) = told["already_issued"]
    assert (first["row"], first["issued_to"], first["state"]) == (2, "Ayesha Siddiqui", "delivered")
    assert first["out"] == str(embedded_office.folder / "certificates")
    assert embedded_office.verdicts(first["hash"])[0]["verdict"] == "valid"
    assert not (embedded_office.folder / "more").exists()

    issued = embedded_office.issue(GROWN, "more")
    assert f"{TITLE}, 7 students: 2 new, 5 who have it already.\n" in issued.output
    assert "2 certificates in one transaction." in issued.output
    assert sorted(path.name for path in (embedded_office.folder / "more").glob("*.pdf")) == [
        "001-Sana-Tariq.pdf",
        "002-Omar-Farooq.pdf",
    ]


def test_who_is_asked_for_by_name_gets_it_once_more(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    corrected = GROWN.replace("Hira Iqbal", "Hira Iqbal Khan")
    left_out = embedded_office.issue(corrected, "more", "--check")
    told = " ".join(left_out.output.split())
    assert "2–5 4 students already issued: 20" in told
    assert "6 Hira Iqbal Khan already issued: 20" in told
    assert " under the name 'Hira Iqbal', " in told
    assert "7–8 2 students new Another name than in the records: if it is somebody else, correct the student" in told
    assert 'if the name was wrong: sanad correct CERTIFICATE --name "…".' in told

    issued = embedded_office.issue(corrected, "more", "--again", "hira iqbal khan", "--again", "row 3", "--json")
    assert issued.exit_code == 0, issued.output
    told = json.loads(issued.stdout)
    assert [each["name"] for each in told["certificates"]] == [
        "فاطمہ نور",
        "Hira Iqbal Khan",
        "Sana Tariq",
        "Omar Farooq",
    ]
    assert [each["issued_to"] for each in told["again"]] == ["فاطمہ نور", "Hira Iqbal"]
    third = embedded_office.issue(corrected, "third", "--again", "6")
    assert third.exit_code == 0, third.output
    assert "6 Hira Iqbal Khan will be issued again; has already 20" in " ".join(third.output.split())
    assert "Earlier certificates stay valid until they are revoked or replaced: sanad replace." in third.output
    assert len(list((embedded_office.folder / "third").glob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("7", "Row 7 (Sana Tariq) has no certificate of this course yet and needs no --again; leave it out."),
        ("99", "It matches no student of the roster; write the number of the row, or the name as the roster has it."),
        ("Hira", "It matches no student of the roster; write the number of the row, or the name as the roster has it"),
        ("omar farooq", "Several students have this name (rows 8, 9); say which by the number of the row."),
    ],
)
def test_again_is_understood_or_refused(embedded_office: Office, word: str, advice: str) -> None:
    result = embedded_office.issue(GROWN + "8,Omar Farooq,A\n", "more", "--check", "--again", word)
    assert result.exit_code == 2
    assert advice in " ".join(result.output.split())


def test_somebody_known_who_comes_without_the_number_is_a_problem(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    bare = "Name,Grade\nAYESHA SIDDIQUI,A\nSana Tariq,A\n"
    result = embedded_office.issue(bare, "more")
    assert result.exit_code == 2
    told = " ".join(result.output.split())
    assert "2 Name 'AYESHA SIDDIQUI' Somebody of this name has this course's certificate already, under the " in told
    assert "If it is the same person, take the row out or correct the number. If they are two people, say so " in told
    assert not (embedded_office.folder / "more").exists()
    assert embedded_office.issue(bare, "more", "--check", "--namesakes").exit_code == 0
    told = json.loads(embedded_office.issue("Roll No,Name\n9,Ayesha Siddiqui\n", "more", "--check", "--json").stdout)
    assert [each["disposition"] for each in told["rows"]] == ["new"]


def test_check_needs_no_settings_and_says_what_it_could_not_see(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded_office.issue(ROSTER, "certificates", "--check")
    monkeypatch.chdir(embedded_office.folder / "..")
    monkeypatch.delenv("SANAD_CONFIG", raising=False)
    files = [str(embedded_office.folder / "roster.csv"), "--course", str(embedded_office.folder / "course.toml")]
    result = embedded_office.run("issue", *files, "--check")
    assert result.exit_code == 0, result.output
    assert "No sanad.toml was found, so nobody could be looked up who has the certificate already." in result.output
    assert f"{TITLE}, 5 students: 5 new. Nothing was issued: this was a check." in result.output


def test_a_day_of_award_that_lies_ahead_is_told(embedded_office: Office) -> None:
    ahead = date.today() + timedelta(days=30)
    roster = f"Name,Date\nAli Khan,{ahead}\nSana Tariq,2026-06-30\n"
    checked = embedded_office.issue(roster, "certificates", "--check")
    assert checked.exit_code == 0
    told = f"1 student has a date of award that lies ahead (row 2: {ahead}). Until that day the certificate is shown as"
    assert f"{told} not valid yet.\n" in checked.output


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("issuer.batches.issuing.draft", "Stopped. No batch was begun.\n"),
        ("issuer.batches.issuing.deliver", "Stopped. Nothing is lost: 1 batch is begun. Continue with: sanad resume"),
        ("issuer.commands.ending.publish_after", "Stopped. The batch is delivered; not every file was checked"),
    ],
)
def test_whoever_stops_it_is_told_how_it_goes_on(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch, at: str, said: str
) -> None:
    def stopped(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(at, stopped)
        ran = embedded_office.issue()
    assert said in ran.stderr
    assert ran.exit_code == (2 if "No batch" in said else 3)
    embedded_office.run("resume", "--config", str(embedded_office.config))
    assert embedded_office.issue().exit_code == 0
    assert len(embedded_office.pdfs) == 5


def test_a_node_that_is_not_there_is_named(embedded_office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"127.0.0.1:{free.getsockname()[1]}"
    settings = embedded_office.config.read_text()
    url = re.search(r'nodes = \["http://([^"]+)"', settings)
    assert url is not None
    embedded_office.config.write_text(settings.replace(url[1], gone))
    ran = embedded_office.issue()
    assert ran.exit_code == 2
    said = f"{gone} cannot be reached. Try again; if this continues, check nodes in sanad.toml."
    assert said in ran.stderr
