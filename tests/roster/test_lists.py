"""Lists of universities, keys, educators and targets: whatever way they are written, and what is wrong with them."""

import datetime as dt
import itertools
from pathlib import Path

import pytest

from deploy.programme_lists import ACCREDIT
from issuer.errors import RosterErrors
from issuer.office.in_bulk import AUTHORISE, CERTIFY, REMOVE
from issuer.office.targets import TARGETS
from issuer.roster.columns import plain
from issuer.roster.lists import ListKind, read_list
from issuer.roster.model import ReadOptions
from tests.roster.rosters import book, write, xlsx

KINDS = {"accredit": ACCREDIT, "authorise": AUTHORISE, "certify": CERTIFY, "remove": REMOVE, "targets": TARGETS}
URDU = {"domain": "ڈومین", "name": "جامعہ", "admin": "منتظم", "may_certify": "may certify"}
CELLS = {"domain": "u.example.edu.pk", "name": "جامعہ کراچی", "admin": "0x" + "ab" * 20, "may_certify": "yes"}


def read(file: Path, kind: ListKind = ACCREDIT, **options: object) -> list[dict[str, str]]:
    rows, problems = read_list(file, kind, ReadOptions(**options))  # type: ignore[arg-type]
    assert problems == []
    return [dict(row.values) for row in rows]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_heading_means_two_columns(kind: ListKind) -> None:
    words = {(plain(word), column) for column, more in kind.columns.items() for word in (column, *more)}
    assert len({word for word, _ in words}) == len(words)
    assert set(kind.needed) <= set(kind.columns)


@pytest.mark.parametrize("order", itertools.permutations(CELLS), ids=" ".join)
def test_headings_in_any_order_and_language(tmp_path: Path, order: tuple[str, ...]) -> None:
    for names in (dict.fromkeys(CELLS), URDU):
        headings = [names[column] or column for column in order]
        file = write(tmp_path, ",".join(headings) + "\n" + ",".join(CELLS[column] for column in order) + "\n")
        assert read(file) == [CELLS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_marks(tmp_path: Path, encoding: str, mark: str) -> None:
    cells = {**CELLS, "name": "جامعه كراتشي"}
    text = mark.join(cells) + "\r\n" + mark.join(cells.values()) + "\r\n"
    assert read(write(tmp_path, text.encode(encoding)))[0]["domain"] == CELLS["domain"]


def test_a_workbook_with_titles_other_columns_and_empty_rows(tmp_path: Path) -> None:
    rows = [["Universities 2026"], [], ["Sr No", "E-mail", *CELLS], [1, "a@b.c", *CELLS.values()], [], [None] * 5]
    assert read(write(tmp_path, xlsx(book(rows)), "list.xlsx")) == [CELLS]
    other = book([["nothing"]])
    sheet = other.create_sheet("Really")
    for row in rows:
        sheet.append(row)
    assert read(write(tmp_path, xlsx(other), "other.xlsx"), sheet="Really") == [CELLS]


def test_columns_named_by_hand(tmp_path: Path) -> None:
    file = write(tmp_path, "Gate,name,admin,Remarks\nu.example.edu.pk,A,0x1,x\n")
    found = read(file, columns=(("Gate", "domain"), ("Remarks", "ignore")))
    assert found == [{"domain": "u.example.edu.pk", "name": "A", "admin": "0x1"}]
    for columns, advice in (
        ((("Gate", "door"),), "'door', which is not a column"),
        ((("Nowhere", "domain"), ("Remarks", "ignore"), ("Gate", "domain")), "no column has this heading"),
    ):
        with pytest.raises(RosterErrors, match=advice):
            read(file, columns=columns)


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        (dt.date(2026, 1, 1), "The spreadsheet program has made a date of it"),
        ("=A1", "formula"),
        ("a\u202eb", "invisible character"),
        ("Ù†Ø§Ù…", "garbled"),
        (None, "This cell is empty; fill it in."),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, cell: object, advice: str) -> None:
    good = ["v.example.edu.pk", "B", "0x2"]
    file = write(tmp_path, xlsx(book([["domain", "name", "admin"], ["u.example", cell, "0x1"], good])), "list.xlsx")
    rows, (problem,) = read_list(file, ACCREDIT)
    assert [row.row for row in rows] == [3]
    assert (problem.row, problem.column) == (2, "name")
    assert advice in problem.advice


def test_merged_cells_are_reported(tmp_path: Path) -> None:
    made = book([["domain", "name", "admin"], ["u.example", "A", "0x1"], ["v.example", "", "0x2"]])
    made.active.merge_cells("B2:B3")
    _, problems = read_list(write(tmp_path, xlsx(made), "list.xlsx"), ACCREDIT)
    assert any("These cells are merged" in problem.advice for problem in problems)


def test_more_rows_than_a_file_may_have(tmp_path: Path) -> None:
    few = ListKind("keys", {"key": ()}, ("key",), most=3)
    with pytest.raises(RosterErrors, match="more than 3 rows"):
        read_list(write(tmp_path, "key\n" + "a\n" * 4), few)
