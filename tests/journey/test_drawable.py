"""Names that no packaged font can draw, and texts without room, are told for all rows before anything is issued."""

import json
from pathlib import Path

import pytest

from tests.journey.office import Office

ROSTER = (
    "Student Number,Name,Grade\n1,Ayesha Siddiqui,A\n2,Ayesha 中,A\n3,Ali \U0001f600,B\n4,Zoë,Ꮳ\n5,"
    + "Wm" * 75
    + ",A\n"
)


def test_all_rows_are_told_at_once_and_nothing_is_issued(embedded_office: Office) -> None:
    result = embedded_office.issue(ROSTER)
    assert result.exit_code == 2
    told = " ".join(result.output.split())
    for sentence in (
        "3 Name 'Ayesha 中' No packaged font can draw '\\u4e2d' (U+4E2D CJK UNIFIED IDEOGRAPH-4E2D)",
        "4 Name 'Ali \U0001f600' No packaged font can draw",
        "5 Grade 'Ꮳ' No packaged font can draw '\\u13e3' (U+13E3 CHEROKEE LETTER TSA)",
        "6 Name 'WmWm",
    ):
        assert sentence in told
    assert "5 students: 1 new, 4 with problems. Nothing was issued." in told
    assert "2 Ayesha Siddiqui new 3–6 4 students problem" not in told, "only where it is asked for"
    assert embedded_office.pdfs == []
    assert (
        "These records hold no batch." in embedded_office.run("batches", "--config", str(embedded_office.config)).output
    )


def test_check_tells_the_same_as_data(embedded_office: Office) -> None:
    result = embedded_office.issue(ROSTER + "6,Omar 中,=A\n", "certificates", "--check", "--json")
    assert result.exit_code == 2
    places = [(each["row"], each["column"]) for each in json.loads(result.stdout)["problems"]]
    assert places[:4] == [(3, "Name"), (4, "Name"), (5, "Grade"), (6, "Name")]
    assert places[4:] == [(7, "Grade"), (7, "Name")], "also in a row that has another problem"


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hồng", "محمد \u06f1\u06f2\u06f3", "Ọ\u0300rọ\u0300"],
)
def test_what_can_be_drawn_is_let_through(embedded_office: Office, name: str, tmp_path: Path) -> None:
    result = embedded_office.issue(f"Student Number,Name\n1,{name}\n", "certificates", "--check")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "certificates").exists()
