"""The class roster: rows of students out of a spreadsheet, and everything that is wrong with them at once.

Three layers: cells out of a file (roster_files.py), columns by their headings (roster_columns.py), rows checked one
by one. Nothing is issued while one problem stands.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from issuer import roster_cells as cell
from issuer.course import Course
from issuer.errors import RosterErrors, RosterFileError
from issuer.roster_columns import COLUMNS, column_of, looks_like_header
from issuer.roster_files import Cells, file_cells
from issuer.text import suggestion
from issuer.unfit import Unfit

MOST_CREDITS = 300
MOST_HOURS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One student, checked and cleaned."""

    number: int
    """The row in the spreadsheet, the header being row 1."""
    name: str
    student_number: str | None = None
    father_name: str | None = None
    masked_national_id: str | None = None
    """All but the last four digits are asterisks; the whole number is kept nowhere."""
    grade: str | None = None
    credits: int | float | None = None
    hours: int | float | None = None
    term: str | None = None
    email: str | None = None
    date: dt.date | None = None
    """The day of award, where it is not the day of drafting."""


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """One thing that is wrong."""

    row: int | None
    """The row in the spreadsheet; None for the file as a whole."""
    column: str | None
    """The heading as the file writes it; None for the whole row."""
    value: str | None
    """What stands there; national identity numbers are masked."""
    advice: str

    def __str__(self) -> str:
        """One line for people."""
        place = f"Row {self.row}" if self.row is not None else ""
        if self.column is not None:
            place += f", {self.column}" if place else self.column
        shown = "" if self.value is None else f" {self.value!r}"
        return f"{place}{shown}: {self.advice}" if place else self.advice


@dataclass(frozen=True)
class Roster:
    """All students of a class, in the file's order."""

    rows: tuple[Row, ...]


def read_roster(
    path: Path, course: Course | None = None, encoding: str | None = None, sheet: str | None = None
) -> Roster:
    """Read a roster file: CSV or a workbook, with a header in English or Urdu.

    With `course`, nobody may have more credits or hours than it has.

    Raises:
        RosterErrors: with all problems, each with row, column, value and what to do.
    """
    try:
        return roster_from(file_cells(path, encoding, sheet), course)
    except RosterFileError as error:
        raise _whole_file(str(error)) from None


def roster_from(cells: Cells, course: Course | None = None) -> Roster:
    """The roster that rows of cells say, whatever file they come from.

    Raises:
        RosterErrors: with all problems.
    """
    reader = _Reader(_header(cells), course)
    rows = [row for number, values in cells if (row := reader.row(number, values)) is not None]
    if not rows and not reader.problems:
        raise _whole_file("The roster has a header and no students; add a row for each.")
    if reader.problems:
        raise RosterErrors(reader.problems)
    return Roster(tuple(rows))


def _whole_file(advice: str) -> RosterErrors:
    return RosterErrors((RosterProblem(None, None, None, advice),))


@dataclass(frozen=True)
class _Header:
    headings: list[str]
    columns: list[str]
    """For each place the column's name, `""` where it is not read."""


def _header(cells: Cells) -> _Header:
    number, headings = next(((at, row) for at, row in cells if any(map(str.strip, row))), (0, []))
    headings = [heading.strip() for heading in headings]
    if not headings:
        raise _whole_file("The roster is empty; its first row names the columns, and each next row a student.")
    if not looks_like_header(headings):
        advice = f"The first row should name the columns, one of them name: {', '.join(COLUMNS)}."
        raise RosterErrors((RosterProblem(number, None, ", ".join(headings)[:80], advice),))
    problems = list(_header_problems(number, headings))
    if problems:
        raise RosterErrors(problems)
    return _Header(headings, [column_of(heading) or "" for heading in headings])


def _header_problems(number: int, headings: Sequence[str]) -> Iterator[RosterProblem]:
    seen: dict[str, str] = {}
    for heading in filter(None, headings):
        column = column_of(heading)
        if column is None:
            advice = f"No such column is known; rename it or take it out. {suggestion(heading.lower(), list(COLUMNS))}"
            yield RosterProblem(number, heading, None, advice)
        elif column and column in seen:
            yield RosterProblem(number, heading, None, f"This means the same as {seen[column]}; keep one of the two.")
        elif column:
            seen[column] = heading
    if "name" not in seen:
        yield RosterProblem(number, None, None, "A column with the students' names is missing; head it name.")


_CHECKS: dict[str, Callable[[str], Any]] = {
    "credits": partial(cell.number, highest=MOST_CREDITS),
    "hours": partial(cell.number, highest=MOST_HOURS),
    "email": cell.email,
    "date": cell.day,
    "national_id": cell.masked_national_id,
    **{column: partial(cell.text, column) for column in cell.LONGEST},
}


class _Reader:
    """Reads row by row, remembering only what tells students apart."""

    def __init__(self, header: _Header, course: Course | None) -> None:
        self.highest = {"credits": course.credits, "hours": course.hours} if course else {}
        self.headings = header.headings
        self.places = [(at, column) for at, column in enumerate(header.columns) if column]
        self.heading_of = {column: header.headings[at] for at, column in self.places}
        self.problems: list[RosterProblem] = []
        self.numbers: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.persons: dict[tuple[str | None, ...], tuple[int, bool]] = {}

    def row(self, number: int, values: list[str]) -> Row | None:
        """The row, or None for an empty one or one with problems (which are kept)."""
        if not any(map(str.strip, values)):
            return None
        before = len(self.problems)
        if len(values) > len(self.headings) and any(map(str.strip, values[len(self.headings) :])):
            advice = f"It has {len(values)} cells, the header {len(self.headings)}; put text with commas in quotes."
            self._problem(number, None, None, advice)
        read = {column: self._cell(number, column, values[at]) for at, column in self.places if at < len(values)}
        if read.get("name") is None and not self._complained(before, "name"):
            self._problem(number, "name", None, "The name is missing; write it as it should stand on the certificate.")
        self._check_course(number, read)
        self._check_alone(number, read)
        return None if len(self.problems) > before else _row(number, read)

    def _cell(self, number: int, column: str, raw: str) -> Any:
        try:
            value = cell.clean(raw)
            return _CHECKS[column](value) if value else None
        except Unfit as advice:
            self._problem(number, column, raw.strip(), str(advice))
            return None

    def _complained(self, before: int, column: str) -> bool:
        heading = self.heading_of[column]
        return any(problem.column == heading for problem in self.problems[before:])

    def _problem(self, row: int, column: str | None, value: str | None, advice: str) -> None:
        if column == "national_id" and value is not None:
            value = cell.hide(value)
        heading = None if column is None else self.heading_of[column]
        self.problems.append(RosterProblem(row, heading, value, advice))

    def _check_course(self, number: int, read: dict[str, Any]) -> None:
        for column, highest in self.highest.items():
            value = read.get(column)
            if value is not None and highest is not None and value > highest:
                advice = f"The course has {highest} {column}; nobody can have more. Correct it here or in course.toml."
                self._problem(number, column, str(value), advice)

    def _check_alone(self, number: int, read: dict[str, Any]) -> None:
        """See that nobody stands in the roster twice."""
        student, name = read.get("student_number"), read.get("name")
        if student is not None:
            first = self.numbers.setdefault(student.casefold(), number)
            if first != number:
                advice = f"Row {first} has the same number; correct one of them or take out the repetition."
                self._problem(number, "student_number", student, advice)
        if name is not None:
            self._check_namesake(number, name.casefold(), student is not None, read)

    def _check_namesake(self, number: int, name: str, numbered: bool, read: dict[str, Any]) -> None:
        marks = (read.get("father_name"), read.get("national_id"), read.get("email"))
        person = (name, *marks)
        earlier = self.persons.get(person)
        bare = self.persons.get((name, None, None, None))
        if earlier is None and bare is not None and not bare[1]:
            earlier = bare
        if earlier is None and not numbered and not any(marks) and name in self.names:
            earlier = (self.names[name], False)
        if earlier is not None and not (numbered and earlier[1]):
            advice = f"Row {earlier[0]} has the same name and nothing tells the two apart; give each a student number."
            self._problem(number, "name", read["name"], advice)
        self.persons.setdefault(person, (number, numbered))
        self.names.setdefault(name, number)


def _row(number: int, read: dict[str, Any]) -> Row:
    masked = read.pop("national_id", None)
    return Row(number=number, masked_national_id=masked, **read)
