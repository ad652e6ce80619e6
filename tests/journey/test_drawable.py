"""Names that no packaged font can draw, and texts without room, are told for all rows before anything is issued."""

import json
from pathlib import Path

import pytest

from tests.journey.office import Office

ROSTER = (
    "Student Number,Name,Grade\n1,Ayesha Siddiqui,A\n2,Ayesha \u4e2d,A\n3,Ali \U0001f600,B\n4,Zo\u00eb,\u13e3\n5,"
    + "Wm" * 75
    + ",A\n"
)


def test_all_rows_are_told_at_once_and_nothing_is_issued(embedded_office: Office) -> None:
    result = embedded_office.issue(ROSTER)
    assert result.exit_code == 2
    told = " ".join(result.output.split())
    for sentence in (
        "3 name 'Ayesha \u4e2d' No packaged font can draw '\\u4e2d' (U+4E2D CJK UNIFIED IDEOGRAPH-4E2D)",
        "4 name 'Ali \U0001f600' No packaged font can draw",
        "5 grade '\u13e3' No packaged font can draw '\\u13e3' (U+13E3 CHEROKEE LETTER TSA)",
        "6 name 'WmWm",
    ):
        assert sentence in told
    assert "5 students, Foundations of Blockchain and Digital Trust: 1 new, 4 with problems. Nothing was issued." in told
    assert "Ayesha Siddiqui" not in told
    assert embedded_office.pdfs == []
    assert (
        "No batch has been drafted yet."
        in embedded_office.run("batches", "--config", str(embedded_office.config)).output
    )


def test_check_tells_the_same_as_data(embedded_office: Office) -> None:
    result = embedded_office.issue(ROSTER, "certificates", "--check", "--json")
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert [(each["row"], each["column"]) for each in problems] == [(3, "name"), (4, "name"), (5, "grade"), (6, "name")]


@pytest.mark.parametrize(
    "name",
    ["Nguy\u1ec5n Th\u1ecb H\u1ed3ng", "\u0645\u062d\u0645\u062f \u06f1\u06f2\u06f3", "\u1ecc\u0300r\u1ecd\u0300"],
)
def test_what_can_be_drawn_is_let_through(embedded_office: Office, name: str, tmp_path: Path) -> None:
    result = embedded_office.issue(f"Student Number,Name\n1,{name}\n", "certificates", "--check")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "certificates").exists()
