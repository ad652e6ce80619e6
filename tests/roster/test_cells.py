"""What single cells may be, and what became of them on their way into the file."""

import datetime as dt
from pathlib import Path

import pytest

from issuer.roster import ReadOptions, read_roster
from tests.roster.rosters import names, problems, whole, write

CSV_UTF8 = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)"'
TWICE = "Row 2 has the same {}; correct one of them or take out the repetition."


@pytest.mark.parametrize(
    ("heading", "value", "advice"),
    [
        ("Name", "ZoÃ« Fernandes", "It was garbled before it came into this file, and was probably 'Zoë Fernandes'"),
        ("Name", "Ø¹Ù„ÛŒ", "It was garbled before it came into this file, and was probably 'علی'"),
        ("Name", "Zo\ufffd", "A letter was lost on its way (\ufffd); type it again."),
        ("Father", "F?tima", "There is a question mark where a letter was lost"),
        ("Name", "...", "Leave the cell empty if there is nothing to write in it."),
        ("Grade", "n/a", "Leave the cell empty if there is nothing to write in it."),
        ("Grade", "#N/A", "This is a spreadsheet program's error, not a value"),
        ("Roll No", "3.52E+12", "The spreadsheet program has shortened the number"),
        ("Roll No", "12 345", "Write the number without spaces inside."),
        ("Term", "-2+3", "A value that begins with - is a formula to spreadsheet programs"),
        ("CNIC", "3.52E+12", "The spreadsheet program has shortened the number"),
        ("Hours", "999999999", "Write a number above 0 and up to 10,000."),
        ("Credits", "-3", "Write a number above 0 and up to 300."),
        ("Credits", "1,5", "Write a number in the digits 0-9, with a point for decimals: 3 or 1.5."),
        ("Email", "a..b@x.example", "Write one e-mail address: name@example.com."),
        ("Email", "a@x.example; b@x.example", "Write one e-mail address: name@example.com."),
        ("Date", "30.6.26", "Write the year with four digits; write the date as year-month-day: 2026-06-30."),
    ],
)
def test_values_that_are_none(tmp_path: Path, heading: str, value: str, advice: str) -> None:
    rows = f'Name\n"{value}"\n' if heading == "Name" else f'Name,{heading}\nAli,"{value}"\n'
    told = [(row, column, text) for row, column, _, text in problems(write(tmp_path, rows))]
    assert [(row, column) for row, column, _ in told] == [(2, heading)]
    assert told[0][2].startswith(advice)


@pytest.mark.parametrize("name", ["اٹ", "آپ", "أک", "Ãsa", "Na", "O’Brien", "داؤں", "Šā"])
def test_no_name_is_taken_for_a_garbled_one(tmp_path: Path, name: str) -> None:
    assert names(read_roster(write(tmp_path, f"name\n{name}\n"))) == [name]


def test_digits_of_urdu_are_numbers_too(tmp_path: Path) -> None:
    (row,) = read_roster(write(tmp_path, "نام,کریڈٹ,تاریخ,شناختی کارڈ\nعلی,۳,۳۰/۰۶/۲۰۲۶,۳۵۲۰۲-۱۲۳۴۵۶۷-۱\n")).rows
    assert (row.credits, row.date) == (3, dt.date(2026, 6, 30))
    assert row.masked_national_id == "*****-****567-1"


@pytest.mark.parametrize(
    ("heading", "first", "second", "what"),
    [
        ("Roll No", "a1", "A1", "number"),
        ("CNIC", "35202-1234567-1", "3520212345671", "national identity number"),
        ("E-Mail", "ali@x.example", "Ali@X.example", "e-mail address"),
    ],
)
def test_what_no_two_students_share(tmp_path: Path, heading: str, first: str, second: str, what: str) -> None:
    ((row, column, _, advice),) = problems(write(tmp_path, f"Name,{heading}\nAli,{first}\nSana,{second}\n"))
    assert (row, column, advice) == (3, heading, TWICE.format(what))


def test_students_alike_but_for_a_number(tmp_path: Path) -> None:
    file = write(tmp_path, "Name,Father,Roll No\nZoë Khan,Gul,1\nZoe KHAN,Gul,2\nZoë Khan,Zar,3\n")
    advice = "Row 2 differs only in the student number; take one out. If they are two people, say so with --namesakes."
    assert problems(file) == [(3, "Name", "Zoe KHAN", advice)]
    assert len(read_roster(file, options=ReadOptions(namesakes=True)).rows) == 3


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark(tmp_path: Path, encoding: str) -> None:
    assert names(read_roster(write(tmp_path, "Name;Roll No\nعلی;1\nZoë;2\n".encode(encoding)))) == ["علی", "Zoë"]


def test_what_was_guessed_is_told_with_a_word(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, "Name\nمحمد\n".encode("cp1256")))
    assert [note.advice for note in roster.notes] == [
        "roster.csv was read as windows-1256, in which a word of it is 'محمد'; if that is garbled, say the right one "
        f"with --encoding, or {CSV_UTF8}."
    ]
    assert read_roster(write(tmp_path, "Name\nمحمد\n")).notes == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            "Name\nZoë\nÖmer\n".encode("mac_roman"),
            "is not UTF-8, and a word in it makes no sense as windows-1252 ('Zo‘')",
        ),
        ("Name\nGülşah\n".encode("cp1254"), "may be windows-1252 (Icelandic) or windows-1254 (Turkish"),
        ("Name\nفاطمہ\nعلی\n".encode()[:-2] + b"\n", "is UTF-8 with broken letters, the first in line 3"),
        ("Name\nAli\n".encode("utf-32"), "is in UTF-32, which no spreadsheet program writes"),
    ],
)
def test_encodings_that_are_not_guessed(tmp_path: Path, data: bytes, sentence: str) -> None:
    assert whole(write(tmp_path, data)).startswith(f"roster.csv {sentence}")


def test_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    file = write(tmp_path, "Name\nAli\n")
    assert whole(file, ReadOptions(encoding="utf-9")) == "There is no encoding 'utf-9' here. Did you mean utf-8?"


def test_excels_own_first_line_says_the_separator(tmp_path: Path) -> None:
    (row,) = read_roster(write(tmp_path, "sep=;\r\nName;Roll No\r\nKhan, Ali;1\r\n")).rows
    assert (row.number, row.name, row.student_number) == (3, "Khan, Ali", "1")
