"""The roster: what is read, and everything that is wrong with it at once, with row, column, value and what to do."""

import codecs
import time
import unicodedata
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import issuer
from issuer.course.course import load_course
from issuer.course.fields import COLUMNS
from issuer.errors import RosterError, RosterErrors
from issuer.roster import ReadOptions, Row, read_roster, roster_from
from issuer.roster.columns import column_of
from tests.pace import unit
from tests.roster.rosters import many

SAMPLES = Path(issuer.__file__).parent / "samples"
SAVE_AS = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)".'
ALIKE = "Row {} differs only in the student number; take one out. If they are two people, say so with --namesakes."
NO_NAME = (
    "A column with the students' names is missing. Change its heading to name, or say which column it is: "
    '--map "grade=name".'
)
UNKNOWN = (
    'No such column is known. If it is not wanted on certificates, say --map "grde=ignore". '
    'If it is the grade, say --map "grde=grade".'
)
TWO_DAYS = "This may be 3 April or 4 March; write 2026-04-03 or 2026-03-04, whichever is meant."
HEAD_IT = 'Change its heading to name, or say which column it is: --map "Ali Khan=name".'
NAMESAKE = "Row {} has the same name and nothing distinguishes the two; give each a student number."


def write(folder: Path, content: str | bytes) -> Path:
    file = folder / "roster.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def rows(folder: Path, content: str | bytes) -> tuple[Row, ...]:
    return read_roster(write(folder, content)).rows


def problems(folder: Path, content: str | bytes) -> list[tuple[Any, ...]]:
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(folder, content))
    return [(each.row, each.column, each.value, each.advice) for each in caught.value.problems]


def told(folder: Path, content: str | bytes) -> list[str]:
    return [advice for _, _, _, advice in problems(folder, content)]


def test_the_sample() -> None:
    found = read_roster(SAMPLES / "roster.csv", load_course(SAMPLES / "course.toml")).rows
    assert len(found) == 40
    assert [row.number for row in found] == list(range(2, 42))
    assert found[0].masked_national_id == "*****-****981-2"
    scripts = {unicodedata.name(row.name[0]).split()[0] for row in found}
    assert scripts == {"LATIN", "ARABIC"}
    assert any(not row.name.isascii() and "LATIN" in unicodedata.name(row.name[0]) for row in found), "diacritics"


def test_every_column(tmp_path: Path) -> None:
    content = (
        "S.No,Full Name,Roll No.,S/O,CNIC,Grade,Credit Hours,Hours,Semester,E-Mail,Completion Date\n"
        '1," Ayesha  Khan ",U-7,Gul Khan,35202-1234567-1,A-,1.50,48,Fall 2026,a.k@uni.example,2026-06-30\n'
    )
    assert rows(tmp_path, content) == (
        Row(
            number=2,
            name="Ayesha Khan",
            student_number="U-7",
            father_name="Gul Khan",
            masked_national_id="*****-****567-1",
            grade="A-",
            credits=1.5,
            hours=48,
            term="Fall 2026",
            email="a.k@uni.example",
            date=date(2026, 6, 30),
        ),
    )


def test_only_the_name_is_required(tmp_path: Path) -> None:
    assert rows(tmp_path, "name,grade\nAli,\n\n , \nSana,B\n") == (Row(2, "Ali"), Row(5, "Sana", grade="B"))


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + b'Name,Grade\r\n"Khan, Ayesha",A\r\n'
    assert rows(tmp_path, content) == (Row(2, "Khan, Ayesha", grade="A"),)


def test_names_get_one_spelling(tmp_path: Path) -> None:
    content = 'name\n\u200fZoe\u0308 \u00a0 Fernandes\u200e \n"علی\nرضا"\nنعیم\u200cالدین\n'
    assert [row.name for row in rows(tmp_path, content)] == ["Zoë Fernandes", "علی رضا", "نعیم\u200cالدین"]


def test_the_national_id_is_nowhere(tmp_path: Path) -> None:
    content = "name,cnic\nAli,35202-1234567-1\nSana,3520212345672\n"
    found = rows(tmp_path, content)
    assert [row.masked_national_id for row in found] == ["*****-****567-1", "*********5672"]
    assert "1234567" not in repr(found)
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(tmp_path, "name,cnic\nAli,61101~7654321-1\nOmar,61101_7654321_1\nSana,12\n"))
    assert "7654" not in str(caught.value)
    assert [problem.value for problem in caught.value.problems][:1] == ["***********21-1"]


def test_all_problems_at_once(tmp_path: Path) -> None:
    content = (
        "Name,CNIC,Credits,Hours,Date,Email,Student No,Grade\n"
        f"Ali\u202e,12,-1,zero,03/04/2026,x@y,1,{'A' * 41}\n"
        ",35202-1234567-x,301,1.005,2026-02-29,a b@c.de,1,A\n"
        "Sana,,3,10001,1899-01-01,a@b.co,2,A,extra\n"
    )
    decimal = "Write a number in the digits 0-9, with a point for decimals: 3 or 1.5."
    assert problems(tmp_path, content) == [
        (2, "Name", "Ali\u202e", "Type it again without the invisible character U+202E, right-to-left override."),
        (2, "CNIC", "**", "Write the whole number: 35202-1234567-1."),
        (2, "Credits", "-1", "Write a number above 0 and up to 300."),
        (2, "Hours", "zero", decimal),
        (2, "Date", "03/04/2026", TWO_DAYS),
        (2, "Email", "x@y", "Write one e-mail address: name@example.com."),
        (2, "Grade", "A" * 41, "Shorten it to 40 characters; these are 41."),
        (3, "Credits", "301", "Write a number above 0 and up to 300."),
        (3, "Hours", "1.005", "Write at most two decimals."),
        (3, "Date", "2026-02-29", "There is no such day; write the date as year-month-day: 2026-06-30."),
        (3, "Email", "a b@c.de", "Write one e-mail address: name@example.com."),
        (3, "Name", None, "The name is missing; write it as it should be on the certificate."),
        (3, "Student No", "1", "Row 2 has the same number; correct one of them or take out the repetition."),
        (4, None, None, "It has 9 cells, the header 8; text with separators in it needs quotes."),
        (4, "Hours", "10001", "Write a number above 0 and up to 10,000."),
        (4, "Date", "1899-01-01", "Check the year: it should be between 1950 and 2100."),
    ]


def test_a_day_of_award_years_ahead_is_a_mistyped_year(tmp_path: Path) -> None:
    today = date.today()
    assert rows(tmp_path, f"Name,Date\nAli,{today + timedelta(days=300)}\n")[0].date == today + timedelta(days=300)
    far = f"{today.year + 3}-01-15"
    advice = "Check the year: the day is more than a year ahead, and until then the certificate would not be valid."
    assert problems(tmp_path, f"Name,Date\nAli,{far}\n") == [(2, "Date", far, advice)]


def test_a_problem_reads_as_row_column_value_and_advice(tmp_path: Path) -> None:
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(tmp_path, "Name,Credits\nAli,0\n"))
    assert str(caught.value) == "Row 2, Credits '0': Write a number above 0 and up to 300."
    assert isinstance(caught.value, RosterError)


def test_a_thousand_problems_are_kept_and_fifty_shown(tmp_path: Path) -> None:
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(tmp_path, "name,credits\n" + "".join(f"S{n},x\n" for n in range(1000))))
    assert len(caught.value.problems) == 1000
    assert str(caught.value).count("\n") == 50
    assert str(caught.value).endswith("… and 950 more.")


@pytest.mark.parametrize(
    "character",
    [*"\0\x07\x1b\x7f\x85\u200b\u2060\u202a\u202e\u2066\u2069\ue000\ufdd0\uffff", "a\ufeffb"[1:2] + "\u202d"],
)
def test_invisible_tricks_are_refused(tmp_path: Path, character: str) -> None:
    assert "Type it again without the invisible character U+" in told(tmp_path, f"name,grade\nA{character}li,A\n")[0]


@pytest.mark.parametrize("character", "\u200c\u200d\u200e\u200f\u061c’-ٔ۔ʻ")
def test_what_belongs_to_names_is_kept(tmp_path: Path, character: str) -> None:
    assert rows(tmp_path, f"name\nA{character}li\n")[0].name == unicodedata.normalize("NFC", f"A{character}li")


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("Ali,1,\nAli,2,\n", ALIKE.format(2)),
        ("علي,1,\nعلی,2,\n", ALIKE.format(2)),
        ("Ali,1,Gul\nALI,2,Gul\n", ALIKE.format(2)),
        ("Ali,1,Gul\nAli,2,Zar\n", None),
        ("Ali,,Gul\nAli,,Zar\n", None),
        ("Ali,,Gul\nALI,,gul\n", None),
        ("Ali,1,Gul\nAli,,Zar\n", None),
        ("Ali,,\nSana,,\n", None),
        ("Ali,,\nAli,,\n", NAMESAKE.format(2)),
        ("Ali,,\nali ,,\n", NAMESAKE.format(2)),
        ("Ali,,Gul\nAli,,Gul\n", NAMESAKE.format(2)),
        ("Ali,1,Gul\nAli,,Gul\n", NAMESAKE.format(2)),
        ("Ali,,Gul\nAli,1,Gul\n", NAMESAKE.format(2)),
        ("Ali,,\nAli,,Gul\n", NAMESAKE.format(2)),
        ("Ali,,Gul\nAli,,\n", NAMESAKE.format(2)),
        ("Ali,1,\nAli,,\n", NAMESAKE.format(2)),
        ("Ali,,\nAli,1,\n", NAMESAKE.format(2)),
        ("Ali,a1,\nSana,A1,\n", "Row 2 has the same number; correct one of them or take out the repetition."),
    ],
)
def test_nobody_stands_in_it_twice(tmp_path: Path, lines: str, complaint: str | None) -> None:
    content = "name,student number,father name\n" + lines
    if complaint is None:
        assert len(rows(tmp_path, content)) == 2
    else:
        assert told(tmp_path, content) == [complaint]


def test_many_namesakes_take_no_long_time(tmp_path: Path) -> None:
    started = time.process_time()  # other processes may have the machine
    file = write(tmp_path, "name,roll no\n" + "".join(f"Muhammad Ahmad,{n}\n" for n in range(20_000)))
    assert len(read_roster(file, options=ReadOptions(namesakes=True)).rows) == 20_000
    with pytest.raises(RosterErrors) as caught:
        read_roster(file)
    assert len(caught.value.problems) == 19_999
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("", "The roster is empty; its first row names the columns, and each next row a student."),
        ("\n ,\n", "The roster is empty; its first row names the columns, and each next row a student."),
        ("name,grade\n", "The roster has a header and no students; add a row for each."),
        ("name,grade\n,\n", "The roster has a header and no students; add a row for each."),
        ("grade,term\nA,B\n", NO_NAME),
        (
            "Ali Khan,A\nSana,B\n",
            f"The first row should name the columns, one of them name: {', '.join(COLUMNS)}. {HEAD_IT}",
        ),
        ("name,Student Name\nAli,Ali\n", "This means the same as name; keep one of the two."),
        ("name,grde\nAli,A\n", UNKNOWN),
        ('name\n"Ali\n', f"A quotation mark opens here and is never closed. Take it out or close it, or {SAVE_AS}"),
        ('name\n"A"x\n', f'There is a quotation mark inside a text in quotes. Write it twice (""), or {SAVE_AS}'),
    ],
)
def test_files_that_are_no_roster(tmp_path: Path, content: str | bytes, advice: str) -> None:
    assert told(tmp_path, content) == [advice]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RosterErrors, match="cannot be read: No such file or directory"):
        read_roster(tmp_path / "roster.csv")


def test_nobody_has_more_than_the_course(tmp_path: Path) -> None:
    course = load_course(SAMPLES / "course.toml")
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(tmp_path, "name,credits,hours\nAli,4,49\nSana,3,48\n"), course)
    assert [problem.advice for problem in caught.value.problems] == [
        "The course has 3 credits; nobody can have more. Correct it here or in course.toml.",
        "The course has 48 hours; nobody can have more. Correct it here or in course.toml.",
    ]


def test_cells_may_come_from_anywhere() -> None:
    assert roster_from(iter([(3, ["Name"]), (7, ["Ali"])])).rows == (Row(7, "Ali"),)


def test_every_column_is_its_own_heading() -> None:
    assert [column_of(column) for column in COLUMNS] == list(COLUMNS)
    kept = {field.name for field in fields(Row)}
    assert set(COLUMNS) - kept == {"national_id"}


@given(st.lists(st.lists(st.text(max_size=12), max_size=12), max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_in_the_cells(cells: list[list[str]]) -> None:
    header = ["name", "roll no", "father", "cnic", "grade", "credits", "hours", "term", "email", "date"]
    try:
        found = roster_from(iter(enumerate([header, *cells], start=1))).rows
    except RosterErrors:
        return
    for row in found:
        assert row.name == unicodedata.normalize("NFC", " ".join(row.name.split())) != ""


def test_eighty_thousand_students_cost_little(tmp_path: Path) -> None:
    file = write(tmp_path, "\n".join(map(",".join, many(80_000))))
    started = time.process_time()
    assert len(read_roster(file).rows) == 80_000
    assert time.process_time() - started < 160 * unit()  # bench/roster.py has the seconds
