"""Workbooks: values as the spreadsheet shows them, and everything that a workbook may be instead of a roster."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from issuer.roster import ReadOptions, read_roster
from tests.roster.rosters import book, names, problems, whole, write, xlsx


def shown(folder: Path, heading: str, value: Any, shape: str = "General") -> Any:
    """The value of one cell, or the advice against it."""
    made = book([["Name", heading], ["Ali", value]])
    made.active["B2"].number_format = shape
    file = write(folder, xlsx(made), "class.xlsx")
    roster = read_roster(file)
    column = next(column for column, head in roster.headings.items() if head == heading)
    return getattr(roster.rows[0], "masked_national_id" if column == "national_id" else column)


@pytest.mark.parametrize(
    ("heading", "value", "shape", "read"),
    [
        ("Roll No", 42, "00000", "00042"),
        ("Roll No", 2026001, "General", "2026001"),
        ("Roll No", 7.0, "General", "7"),
        ("CNIC", 3520212345671, '00000"-"0000000"-"0', "*****-****567-1"),
        ("Marks", 0.855, "0.0%", "85.5%"),
        ("Marks", 0.85, "0%", "85%"),
        ("Marks", 3.7, "0.00", "3.70"),
        ("Marks", 91.5, "General", "91.5"),
        ("Credits", 1.5, "General", 1.5),
        ("Date", dt.datetime(2026, 6, 30), "dd/mm/yyyy", dt.date(2026, 6, 30)),
        ("Date", "30 June 2026", "@", dt.date(2026, 6, 30)),
    ],
)
def test_values_are_taken_as_they_are_shown(tmp_path: Path, heading: str, value: Any, shape: str, read: Any) -> None:
    assert shown(tmp_path, heading, value, shape) == read


@pytest.mark.parametrize(
    ("heading", "value", "advice"),
    [
        ("Grade", dt.datetime(2026, 12, 1), "The spreadsheet program has made a date of it; format the column as text"),
        ("Roll No", 12345678901234567, "Spreadsheet programs keep 15 digits of a number; format the column as text"),
        ("Hours", dt.time(8, 30), "This is a time of day, not a value for a certificate"),
        ("Grade", "#REF!", "This is a spreadsheet program's error, not a value"),
        (
            "Grade",
            "=CONCAT(A1)",
            "This is a formula, and its value may be out of date; copy the column and paste it as",
        ),
        ("Roll No", "3.52E+12", "The spreadsheet program has shortened the number; format the column as text"),
    ],
)
def test_what_the_spreadsheet_program_spoilt_is_told(tmp_path: Path, heading: str, value: Any, advice: str) -> None:
    ((row, column, _, told),) = problems(write(tmp_path, xlsx(book([["Name", heading], ["Ali", value]])), "class.xlsx"))
    assert (row, column) == (2, heading)
    assert told.startswith(advice)


def test_a_formula_with_a_stored_value_is_refused_in_the_header_too(tmp_path: Path) -> None:
    ((row, column, value, advice),) = problems(
        write(tmp_path, xlsx(book([["Name", '="Gra"&"de"'], ["Ali", "A"]])), "class.xlsx")
    )
    assert (row, column, value) == (1, '="Gra"&"de"', None)
    assert advice.startswith("This is a formula")


def test_the_first_shown_sheet_is_read_and_others_are_told(tmp_path: Path) -> None:
    made = Workbook()
    made.active.title = "Hidden"
    made.active.sheet_state = "hidden"
    for title, name in (("Class A", "Ali"), ("Class B", "Sana")):
        page = made.create_sheet(title)
        page.append(["Name"])
        page.append([name])
    made.active = 1
    file = write(tmp_path, xlsx(made), "class.xlsx")
    roster = read_roster(file)
    assert names(roster) == ["Ali"]
    assert [note.advice for note in roster.notes] == [
        "The sheet 'Class A' was read; others are 'Hidden', 'Class B'. Choose with --sheet NAME."
    ]
    assert names(read_roster(file, options=ReadOptions(sheet="class b"))) == ["Sana"]
    assert "leave out --encoding" in whole(file, ReadOptions(encoding="utf-8"))


def test_other_sheets_are_told_where_the_first_is_no_roster(tmp_path: Path) -> None:
    made = book([["Notes of the department"]], title="Notes")
    made.create_sheet("Class").append(["Name"])
    *_, (row, _, _, advice) = problems(write(tmp_path, xlsx(made), "class.xlsx"))
    assert (row, advice) == (None, "The sheet 'Notes' was read; others are 'Class'. Choose with --sheet NAME.")


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    made = book([["Name"], ["Ali"], ["Sana"]])
    made.active.row_dimensions[3].hidden = True
    roster = read_roster(write(tmp_path, xlsx(made), "class.xlsx"))
    assert names(roster) == ["Ali", "Sana"]
    assert [note.advice for note in roster.notes] == ["Hidden rows of the workbook were read like all others: 3."]


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (b"%PDF-1.7\n", "is a PDF file; ask for the spreadsheet that it was made from."),
        (b"\x1f\x8b\x08\x00", "is compressed (gzip); unpack it first."),
        (b"\x89PNG\r\n\x1a\n", "is a picture; ask for the spreadsheet itself."),
        (b"<html><table>", "is a web page or XML under another name; open it"),
    ],
)
def test_files_of_other_kinds(tmp_path: Path, start: bytes, sentence: str) -> None:
    assert whole(write(tmp_path, start + b"rest", "class.xlsx")).startswith(f"class.xlsx {sentence}")


def packed(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "is an OpenDocument file (.ods)"),
        (packed(xl__workbook_bin=""), "is a binary workbook (.xlsb)"),
        (packed(Index__Document_iwa=""), "is an Apple Numbers file"),
        (packed(anything=""), "is a damaged workbook or not a workbook at all"),
    ],
)
def test_packages_of_other_kinds(tmp_path: Path, data: bytes, sentence: str) -> None:
    assert whole(write(tmp_path, data, "class.xlsx")).startswith(f"class.xlsx {sentence}")


def test_declarations_are_refused_before_any_library_reads_them(tmp_path: Path) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(xlsx(book([["Name"], ["Ali"]])))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            data = source.read(part)
            if part == "xl/workbook.xml":
                data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + data.partition(b"?>")[2]
            archive.writestr(part, data)
    assert "holds declarations that no spreadsheet program writes" in whole(
        write(tmp_path, target.getvalue(), "class.xlsx")
    )
