"""The class roster: rows of students out of a spreadsheet, and everything that is wrong with them at once.

Three layers: cells out of a file (roster_files.py, roster_workbook.py), columns by their headings
(roster_columns.py), rows checked one by one (roster_checking.py). Nothing is issued while one problem stands.
"""

from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from issuer.course import Course
from issuer.errors import RosterErrors, RosterFileError
from issuer.roster_checking import Header, RowChecker
from issuer.roster_columns import COLUMNS, IGNORE, column_of, mapping
from issuer.roster_files import TITLE_ROWS, open_table
from issuer.roster_model import Cells, ReadOptions, Roster, RosterNote, RosterProblem, Row, Table, note, whole_file
from issuer.text import suggestion

__all__ = ["ReadOptions", "Roster", "RosterNote", "RosterProblem", "Row", "read_roster", "roster_from", "scan_roster"]

MOST_STUDENTS = 200_000


def read_roster(path: Path, course: Course | None = None, options: ReadOptions | None = None) -> Roster:
    """Read a roster file: CSV or a workbook, with a header in English or Urdu.

    With `course`, nobody may have more credits or hours than it has.

    Raises:
        RosterErrors: with all problems, each with row, column, value and what to do.
    """
    return _sound(scan_roster(path, course, options))


def scan_roster(path: Path, course: Course | None = None, options: ReadOptions | None = None) -> Roster:
    """As `read_roster`, but problems of single rows are answered beside the rows that have none.

    Raises:
        RosterErrors: what is wrong with the file as a whole or its header.
    """
    options = options or ReadOptions()
    mapped = mapping(options.columns)
    try:
        table = open_table(path, options, lambda row: sum(column_of(each, mapped) is not None for each in row))
        return _scan(table, course, options, mapped)
    except RosterFileError as error:
        raise whole_file(str(error)) from None


def roster_from(cells: Cells, course: Course | None = None, options: ReadOptions | None = None) -> Roster:
    """The roster that rows of cells say, whatever they come from.

    Raises:
        RosterErrors: with all problems.
    """
    options = options or ReadOptions()
    return _sound(_scan(Table(cells), course, options, mapping(options.columns)))


def _sound(roster: Roster) -> Roster:
    if roster.problems:
        raise RosterErrors(roster.problems)
    return roster


def _scan(table: Table, course: Course | None, options: ReadOptions, mapped: dict[str, str]) -> Roster:
    found = _find_header(table.cells, mapped)
    header = _header(found, mapped, options)
    checker = RowChecker(header, table, course, options.namesakes)
    rows, size = [], 0
    for number, values in chain(found.after, table.cells):
        if any(map(str.strip, values)):
            size += 1
            if size > MOST_STUDENTS:
                raise whole_file(f"The roster has more than {MOST_STUDENTS:,} students; split it.")
            if (row := checker.row(number, values)) is not None:
                rows.append(row)
    if not size:
        raise whole_file("The roster has a header and no students; add a row for each.")
    notes = (*table.notes, *_skipped(found), *checker.notes())
    return Roster(tuple(rows), notes, tuple(checker.problems), tuple(checker.troubled))


@dataclass(frozen=True)
class _Found:
    """A header among the first rows."""

    number: int
    headings: list[str]
    before: int
    """Rows above that are not empty: a title."""
    after: list[tuple[int, list[str]]]
    """Rows that were read in looking for it."""


def _find_header(cells: Cells, mapped: dict[str, str]) -> _Found:
    """The first row that names a column for the students' names; without one, the first that is not empty."""
    first = [(number, row) for number, row in islice(cells, TITLE_ROWS) if any(map(str.strip, row))]
    if not first:
        first = list(islice(((number, row) for number, row in cells if any(map(str.strip, row))), 1))
    if not first:
        raise whole_file("The roster is empty; its first row names the columns, and each next row a student.")
    named = (at for at, (_, row) in enumerate(first) if any(column_of(each, mapped) == "name" for each in row))
    at = next(named, 0)
    number, row = first[at]
    return _Found(number, [heading.strip() for heading in row], at, first[at + 1 :])


def _skipped(found: _Found) -> list[RosterNote]:
    if not found.before:
        return []
    return [note(f"Row {found.number} was taken as the header; what stands above it was left out.")]


def _header(found: _Found, mapped: dict[str, str], options: ReadOptions) -> Header:
    columns = [column_of(heading, mapped) if heading else "" for heading in found.headings]
    if not any(columns):
        advice = f"The first row should name the columns, one of them name: {', '.join(COLUMNS)}."
        raise RosterErrors((RosterProblem(found.number, None, ", ".join(found.headings)[:80], advice),))
    problems = _header_problems(found, columns)
    if problems:
        raise RosterErrors(problems)
    return Header(found.number, found.headings, [column or "" for column in columns])


def _header_problems(found: _Found, columns: list[str | None]) -> list[RosterProblem]:
    seen: dict[str, str] = {}
    problems = []
    for heading, column in zip(found.headings, columns, strict=True):
        if column is None:
            problems.append(RosterProblem(found.number, heading, None, _unknown(heading)))
        elif column and column in seen:
            advice = f'This means the same as {seen[column]}; keep one of the two, or say --map "{heading}={IGNORE}".'
            problems.append(RosterProblem(found.number, heading, None, advice))
        elif column:
            seen[column] = heading
    if "name" not in seen:
        advice = "A column with the students' names is missing; head it name."
        problems.append(RosterProblem(found.number, None, None, advice))
    return problems


def _unknown(heading: str) -> str:
    known = suggestion(heading.lower(), list(COLUMNS))
    return (
        f'No such column is known. {known} Rename it, or say what it means: --map "{heading}=name", '
        f'or that it is not to be read: --map "{heading}={IGNORE}".'
    )
