"""A file of corrections: which certificate, and what changes; empty cells change nothing."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from issuer.errors import RosterErrors
from issuer.roster.corrections import read_corrections
from issuer.roster.model import ReadOptions


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "corrections.csv"
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(RosterErrors) as error:
        read_corrections(path)
    return [str(each) for each in error.value.problems]


def test_only_filled_cells_change_something(tmp_path: Path) -> None:
    text = "Code,Name,Grade,Date\n7PW0-8MT3-PVTM,Ayesha,,2026-05-01\n,,,\n147,,A,\n"
    first, second = read_corrections(csv(tmp_path, text))
    assert (first.named, first.row, first.values) == ("7PW0-8MT3-PVTM", 2, {"name": "Ayesha", "date": date(2026, 5, 1)})
    assert (second.named, second.row, second.values) == ("147", 4, {"grade": "A"})


def test_the_student_number_names_it_where_nothing_else_does(tmp_path: Path) -> None:
    (by_number,) = read_corrections(csv(tmp_path, "Roll No,Name\n147,Ayesha\n"))
    assert (by_number.named, by_number.values) == ("147", {"name": "Ayesha"})
    (changed,) = read_corrections(csv(tmp_path, "Certificate,Roll No\n7PW0-8MT3-PVTM,148\n"))
    assert (changed.named, changed.values) == ("7PW0-8MT3-PVTM", {"student_number": "148"})


def test_a_national_id_is_masked_and_kept_in_its_field(tmp_path: Path) -> None:
    (only,) = read_corrections(csv(tmp_path, "Link,CNIC\nabc,35202-1234567-1\n"))
    assert only.values == {"masked_national_id": "*****-****567-1"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Name,Grade\nAyesha,A\n", "A column that names the certificate is missing"),
        ("Code\n7PW0-8MT3-PVTM\n", "There is no column for what changes"),
        ("Code,Name\n", "The file has a header and no corrections"),
        ("Code,Name\n,Ayesha\n", "Row 2, Code: Say which certificate this row corrects."),
        ("Code,Email\nabc,nobody\n", "Row 2, Email 'nobody': Write one e-mail address: name@example.com."),
        ("Code,Shoe size\nabc,38\n", "Row 1, Shoe size: No such column is known."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    assert told(csv(tmp_path, text))[0].startswith(problem)


def test_a_workbook_and_its_merged_cells(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "corrections.xlsx"
    sheet = book.active
    for row in (["Code", "Grade"], ["7PW0-8MT3-PVTM", "A"], ["7PW0-8MT3-PVTN", None]):
        sheet.append(row)
    book.save(path)
    assert [each.values for each in read_corrections(path)] == [{"grade": "A"}, {}]
    sheet.merge_cells("B2:B3")
    book.save(path)
    assert "These cells are merged" in told(path)[0]


def test_a_heading_is_mapped_by_hand(tmp_path: Path) -> None:
    options = ReadOptions(columns=(("Marks out of ten", "grade"), ("Remark", "ignore")))
    (only,) = read_corrections(csv(tmp_path, "Code,Marks out of ten,Remark\nabc,9,late\n"), options)
    assert only.values == {"grade": "9"}
