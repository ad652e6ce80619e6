"""Rosters as spreadsheet programs write them: encodings, separators, workbooks, headings in Urdu."""

import datetime as dt
import io
import unicodedata
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from issuer.errors import RosterErrors
from issuer.roster import ReadOptions, Row, read_roster
from issuer.roster.limits import RosterLimits

NAMES = [
    "Ayesha Siddiqui",
    "Zoë François",
    "فاطمہ نور",
    "O\u2019Brien",
]
WESTERN = ["Ayesha", "Zoë", "François", "Ömer", "Muñoz", "Bjørn", "Åsa"]
ARABIC = [
    "فاطمة",
    "محمد",
    "پروین".replace("ی", "ي"),
    "Zoë",
]


def rows(folder: Path, data: bytes, name: str = "roster.csv", **how: Any) -> tuple[Row, ...]:
    (folder / name).write_bytes(data)
    return read_roster(folder / name, options=ReadOptions(**how)).rows


def refused(folder: Path, data: bytes, name: str = "roster.csv", **how: Any) -> str:
    with pytest.raises(RosterErrors) as error:
        rows(folder, data, name, **how)
    return str(error.value)


def names(found: tuple[Row, ...]) -> list[str]:
    return [row.name for row in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_unicode_encoding_and_separator(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(["Name", "Grade"]), *(delimiter.join([name, "A-"]) for name in NAMES)]
    found = rows(tmp_path, "\r\n".join(lines).encode(encoding))
    assert names(found) == NAMES
    assert {row.grade for row in found} == {"A-"}


@pytest.mark.parametrize(("encoding", "written"), [("cp1252", WESTERN), ("cp1256", ARABIC)])
def test_windows_code_pages_are_told_apart(tmp_path: Path, encoding: str, written: list[str]) -> None:
    assert names(rows(tmp_path, "\n".join(["name", *written]).encode(encoding))) == written


def test_what_cannot_be_told_is_refused_and_can_be_said(tmp_path: Path) -> None:
    data = b"name\n\xd6mer\n" + "محمد\n".encode("cp1256")
    told = "a word in it reads 'Ömer' in one and 'ضmer' in the other. Say which with --encoding windows-1252 or "
    assert told in refused(tmp_path, data)
    assert names(rows(tmp_path, data, encoding="windows-1256"))[1] == "محمد"
    assert names(rows(tmp_path, data, encoding="CP1256"))[1] == "محمد"
    assert "roster.csv is not utf-8 (line 2); leave out --encoding" in refused(tmp_path, data, encoding="utf-8")


@given(
    st.lists(
        st.text(st.sampled_from("abcXYZابتٹیéłễ"), min_size=1, max_size=9),
        min_size=1,
        unique=True,
    )
)
@settings(max_examples=60)
def test_any_names_come_out_as_they_went_in(tmp_path_factory: pytest.TempPathFactory, given_names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("names")
    numbered = [f"{name},{number}" for number, name in enumerate(given_names)]
    for encoding in ("utf-8", "utf-16"):
        found = rows(folder, "\n".join(["name,roll no", *numbered]).encode(encoding), namesakes=True)
        assert names(found) == [unicodedata.normalize("NFC", name) for name in given_names]


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_roster_errors(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    with suppress(RosterErrors):
        rows(tmp_path_factory.mktemp("bytes"), data)
    with suppress(RosterErrors):
        rows(tmp_path_factory.mktemp("bytes"), b"PK\x03\x04" + data)


def test_headings_in_urdu_and_in_two_languages(tmp_path: Path) -> None:
    heading = "رول نمبر,Name / نام,والد كا نام,تاريخ"
    row = rows(tmp_path, f"{heading}\n17,علی,حسن,30 June 2026\n".encode())[0]
    assert (row.student_number, row.name, row.father_name) == ("17", "علی", "حسن")
    assert row.date == dt.date(2026, 6, 30)


@pytest.mark.parametrize("value", ["=1+1", "+92 300", "@SUM", "=HYPERLINK(1)"])
def test_what_would_be_a_formula_is_refused(tmp_path: Path, value: str) -> None:
    assert f"A value that begins with {value[0]} is a formula" in refused(tmp_path, f"name\n{value}\n".encode())


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, lines in sheets:
        page = workbook.create_sheet(title)
        for line in lines:
            page.append(line)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


CLASS = [["Roll No", "Name", "Grade", "Credits", "Date"], [2026001, NAMES[2], "A-", 3.0, dt.datetime(2026, 6, 30)]]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    row = rows(tmp_path, book(("Class", CLASS)), "class.xlsx")[0]
    assert row == Row(2, NAMES[2], "2026001", grade="A-", credits=3, date=dt.date(2026, 6, 30))


def test_a_sheet_by_its_name(tmp_path: Path) -> None:
    data = book(("Notes", [["nothing"]]), ("Class B", CLASS))
    assert names(rows(tmp_path, data, "class.xlsx", sheet="Class B")) == [NAMES[2]]
    assert "class.xlsx has no sheet 'C'. Known are: Notes, Class B." in refused(tmp_path, data, "class.xlsx", sheet="C")
    assert "is not a workbook and has no sheets; leave out --sheet." in refused(tmp_path, b"name\nAli\n", sheet="C")


def test_a_formula_in_a_workbook_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, book(("Class", [["Name", "Grade"], ["Ali", "=B1"]])), "class.xlsx")
    assert text == (
        "Row 2, Grade '=B1': This is a formula, and its value may be out of date; "
        "copy the column and paste it as values only."
    )


def test_old_locked_damaged_and_swollen_workbooks_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = book(("Class", CLASS))
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "a.xls is a workbook of the old kind (.xls); open it" in refused(tmp_path, compound, "a.xls")
    locked = compound + "EncryptedPackage".encode("utf-16-le")
    assert "a.xlsx is protected by a password" in refused(tmp_path, locked, "a.xlsx")
    assert "is a damaged workbook or not a workbook at all" in refused(tmp_path, whole[: len(whole) // 2], "class.xlsx")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert "is a damaged workbook or not a workbook at all" in refused(tmp_path, target.getvalue(), "class.ods")
    monkeypatch.setattr("issuer.roster.package.LIMITS", RosterLimits(unpacked_bytes=100))
    assert "is too large when unpacked" in refused(tmp_path, whole, "class.xlsx")
