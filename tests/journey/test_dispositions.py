"""What becomes of each row is told before anything happens; the new ones are issued, the others left as they are."""

import json

from tests.journey.office import ROSTER, Office

GROWN = ROSTER + "6,Sana Tariq,A\n7,Omar Farooq,B\n"


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

    strict = embedded_office.issue(GROWN, "more", "--strict")
    assert strict.exit_code == 2
    assert "Nothing was issued. Take these rows out, or issue without --strict." in strict.output
    assert embedded_office.issue(GROWN, "more", "--strict", "--check").exit_code == 2
    assert not (embedded_office.folder / "more").exists()

    issued = json.loads(embedded_office.issue(GROWN, "more", "--json").stdout)
    assert [each["name"] for each in issued["certificates"]] == ["Sana Tariq", "Omar Farooq"]
    assert (issued["new"], issued["size"], len(issued["already_issued"])) == (2, 2, 5)
    assert len(list((embedded_office.folder / "more").glob("*.pdf"))) == 2


def test_the_same_number_with_another_name_is_told(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    result = embedded_office.issue(ROSTER.replace("Hira Iqbal", "Hira Iqbal Khan"))
    assert result.exit_code == 0
    line = next(line for line in result.output.splitlines() if line.startswith("Row 6 "))
    assert line.startswith(
        "Row 6 (Hira Iqbal Khan) has this course's certificate already, under the name 'Hira Iqbal', of 20"
    )
    assert line.endswith(
        "If it is somebody else, correct the student number; a certificate with a wrong name is replaced by another "
        "one (sanad replace)."
    )


def test_somebody_known_who_comes_without_the_number_is_a_problem(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    bare = "Name,Grade\nAYESHA SIDDIQUI,A\nSana Tariq,A\n"
    result = embedded_office.issue(bare, "more")
    assert result.exit_code == 2
    told = " ".join(result.output.split())
    assert "2 name 'AYESHA SIDDIQUI' Somebody of this name has this course's certificate already, under the " in told
    assert "If it is the same person, take the row out. If they are two people, say so with --namesakes." in told
    assert not (embedded_office.folder / "more").exists()
    assert embedded_office.issue(bare, "more", "--namesakes").exit_code == 0


def test_a_namesake_with_another_number_is_somebody_new(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    told = json.loads(embedded_office.issue("Roll No,Name\n9,Ayesha Siddiqui\n", "more", "--check", "--json").stdout)
    assert [each["disposition"] for each in told["rows"]] == ["new"]


def test_check_needs_no_settings_and_says_what_it_could_not_see(embedded_office: Office, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    embedded_office.issue(ROSTER, "certificates", "--check")
    monkeypatch.chdir(embedded_office.folder / "..")
    monkeypatch.delenv("SANAD_CONFIG", raising=False)
    files = [str(embedded_office.folder / "roster.csv"), "--course", str(embedded_office.folder / "course.toml")]
    result = embedded_office.run("issue", *files, "--check")
    assert result.exit_code == 0, result.output
    assert "No sanad.toml was found, so nobody could be looked up who has the certificate already." in result.output
    assert "5 students, Foundations of Blockchain and Digital Trust: 5 new. Nothing was issued." in result.output
