"""`sanad report` and `sanad registry signers`, as a programme and as a university type them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from issuer.office.figures import Figures, Line, University
from issuer.office.figures_courses import Taught
from issuer.office.figures_pdf import figures_pdf
from tests.doubles import INFO
from tests.journey.office import Office
from tests.journey.school import act

NAMES = ("Ayesha", "Siddiqui", "فاطمہ", "Fernandes", "Ömer", "Hira")
LONG = "قائد اعظم یونیورسٹی برائے سائنس و ٹیکنالوجی، اسلام آباد (نمونہ)"


def report(office: Office, config: Path, *words: str, code: int = 0) -> Any:
    result = office.run("report", "--config", str(config), "--json", *words)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_a_university_knows_course_and_term_from_its_records(issued: Office) -> None:
    (university,) = [each for each in report(issued, issued.config)["universities"] if each["domain"] == issued.domain]
    (line,) = university["lines"]
    assert (line["proved"], line["good"], line["term"] or "Fall 2026") == (5, 5, "Fall 2026")
    assert (university["claimed_not_proved"], university["course_not_known"], university["signers"]) == (0, 0, 1)


def test_a_programme_counts_the_archives_that_it_is_given(issued: Office, programme_config: Path) -> None:
    nothing = report(issued, programme_config)["total"]
    assert (nothing["proved"], nothing["claimed_not_proved"]) == (0, 5)
    archive = issued.folder / "archive"
    told = report(issued, programme_config, issued.domain, "--archive", str(archive))
    mine = report(issued, issued.config, issued.domain)
    assert told["universities"][0]["lines"] == mine["universities"][0]["lines"]
    assert (told["total"]["proved"], told["total"]["claimed_not_proved"]) == (5, 0)


def test_a_programme_needs_no_archive_of_its_own(issued: Office, programme_config: Path) -> None:
    """`sanad deploy` names one in sanad.toml, and nobody issues there; without any, what is missing is said."""
    programme_config.write_text(programme_config.read_text().replace("[verifier]", '[verifier]\narchive = "none"', 1))
    assert report(issued, programme_config, "--archive", str(issued.folder / "archive"))["complete"]
    told = report(issued, programme_config, code=3)
    assert told["total"]["claimed_not_proved"] == 5
    assert told["could_not_be_asked"] == [
        f"There is no archive {programme_config.parent / 'none'}. Name those of the universities: --archive FOLDER"
    ]


def test_nothing_personal_is_in_it(issued: Office, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    outputs = [
        issued.run("report", "--config", str(issued.config), "--pdf", str(pdf), *words).output
        for words in ((), ("--csv",), ("--json",))
    ]
    text = "".join(outputs) + "".join(text_of(pdf.read_bytes()))
    assert "Darya University" in text
    assert not [name for name in NAMES if name in text]


def test_the_csv_has_a_row_for_each_course_term_and_month(issued: Office) -> None:
    result = issued.run("report", issued.domain, "--csv", "--config", str(issued.config))
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["domain"], row["proved"], row["good"], row["claimed_not_proved"]) == (issued.domain, "5", "5", "")


def test_targets_and_explanations_are_shown(issued: Office, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(f'university,students\nall,"80,000"\n{issued.domain},10\n')
    result = issued.run("report", "--targets", str(targets), "--config", str(issued.config))
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert ["Darya", "University", "students", "10", "5", "50", "%"] in lines
    assert ["all", "students", "80,000", "5", "0", "%"] in lines
    assert "Claimed, not proved: what signers said" in result.output


@pytest.mark.parametrize("words", [("--csv", "--json"), ("stranger.example",), ("--targets", "/nowhere.csv")])
def test_what_cannot_be_counted(issued: Office, words: tuple[str, ...]) -> None:
    result = issued.run("report", *words, "--config", str(issued.config))
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_registry_that_does_not_answer_ends_with_3(issued: Office, tmp_path: Path) -> None:
    config = tmp_path / "sanad.toml"
    text = issued.config.read_text().partition("[issuer]")[0]
    config.write_text(text.replace(issued.deployed.chain.url, "http://127.0.0.1:9"))
    result = issued.run("report", "--config", str(config), "--archive", str(issued.folder / "archive"))
    assert result.exit_code == 3
    assert "Nothing was counted: the registry could not be asked." in result.output
    result = issued.run("report", "--config", str(issued.config), "--archive", str(tmp_path / "nowhere"), "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["complete"] is False


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [document[at].get_textpage().get_text_bounded() for at in range(len(document))]


def _many() -> Figures:
    taught = [Taught(f"Course {number} {'of many words ' * 9}", "خزاں ۲۰۲۶") for number in range(9)]
    lines = {(each, "2026-06"): Line(10**9) for each in taught}
    named = [LONG, "W" * 150, "Łódź Academy", "日本 University", LONG * 3]
    universities = [
        University(f"{'a' * 40}{at}.example", name, at % 2 == 0, dict(lines), True, 3, 10**9, 1, 300, frozenset())
        for at, name in enumerate(named * 5)
    ]
    silent = University("silent.example", "Silent University", False)
    return Figures(INFO, "2026-06-01T00:00:00Z", [*universities, silent], ["Silent University could not be asked."] * 3)


def test_nothing_in_the_pdf_is_clipped_or_overlaps_the_edge() -> None:
    pdf = figures_pdf(_many())
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) > 5
    for at in range(len(document)):
        page = document[at]
        width, height = page.get_size()
        text = page.get_textpage()
        for letter in range(text.count_chars()):
            left, low, right, high = text.get_charbox(letter)
            assert 30 < left <= right < width - 30 or left == right, (at, letter)
            assert 15 < low <= high < height - 25 or low == high, (at, letter)
    whole = "".join(text_of(pdf))
    assert "Silent University could not be asked." in whole
    assert "Not in these figures" in whole
    assert "1,000,000,000" in whole
    assert "?" in whole


def test_who_may_issue(issued: Office) -> None:
    result = issued.run("registry", "signers", issued.domain, "--config", str(issued.config), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    (key,) = told["signers"]
    assert key["address"] == issued.deployed.signer.address
    assert (key["on_the_word_of"], key["certifier_domain"], key["may_issue"]) == ("admin", None, True)
    assert key["wei"] > told["wei_for_one_issue"] > 0
    assert key["enough_for_one_issue"] is True
    stranger = issued.run("registry", "signers", "stranger.example", "--config", str(issued.config))
    assert (stranger.exit_code, "is not accredited" in stranger.output) == (2, True)


def test_a_signer_on_a_certifiers_word_without_coins_or_trust(issued: Office) -> None:
    from eth_account import Account

    school, poor, gone, thief = issued, *(Account.create().address for _ in range(3))
    act(school, "registry", "permit-certifying", school.domain)
    act(school, "certify", school.domain, poor, str(school.envelopes[0]))
    act(school, "authorise", school.domain, poor, "--certifier", school.domain)
    for key in (gone, thief):
        act(school, "authorise", school.domain, key)
    act(school, "remove", school.domain, gone)
    act(school, "distrust", school.domain, thief)
    school.deployed.chain.finalize()
    result = school.run("registry", "signers", school.domain, "--csv", "--config", str(school.config))
    keys = {row["address"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert gone not in keys
    assert (keys[poor]["certifier_domain"], keys[poor]["certifier_name"]) == (school.domain, "Darya University")
    assert keys[poor]["educator_commitment"].startswith("0x")
    assert (keys[poor]["enough_for_one_issue"], keys[poor]["may_issue"]) == ("False", "True")
    assert thief not in keys or keys[thief]["may_issue"] == "False"
    shown = school.run("registry", "signers", school.domain, "--config", str(school.config)).output
    assert "on the word of Darya University (darya-university.example), which certified the educator on 0x" in shown
    assert "0.000000 coins, too few for one class: sanad fund" in shown
    assert "Registering one class costs up to" in shown
    (figures,) = report(school, school.config, school.domain)["universities"]
    assert figures["educators"] == 1


def test_what_signers_claim_is_said_to_be_a_claim(issued: Office) -> None:
    shown = issued.run("registry", "show", "--config", str(issued.config))
    assert "claimed by its signers: 5 certificates; on record: 1 batches" in shown.output
    assert "What batch files prove: sanad report" in " ".join(shown.output.split())
    told = json.loads(issued.run("registry", "show", "--json", "--config", str(issued.config)).stdout)
    assert told["claims_of_signers"] == ["certificates"]
