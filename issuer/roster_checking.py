"""Rows checked one by one, remembering only what tells students apart."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from issuer import roster_cells as cell
from issuer.course import Course
from issuer.roster_model import NumberCell, RosterNote, RosterProblem, Row, Table
from issuer.unfit import Unfit


@dataclass(frozen=True)
class Header:
    """The row that names the columns."""

    number: int
    headings: list[str]
    columns: list[str]
    """For each place the column's name, `""` where it is not read."""


class RowChecker:
    """Checks row by row; problems and notes gather in it."""

    def __init__(self, header: Header, table: Table, course: Course | None, namesakes: bool) -> None:
        self.problems: list[RosterProblem] = []
        self.troubled: list[tuple[int, str]] = []
        self._highest = {"credits": course.credits, "hours": course.hours} if course else {}
        self._headings, self._header = header.headings, header
        self._places = [(at, column) for at, column in enumerate(header.columns) if column]
        self._heading_of = {column: header.headings[at] for at, column in self._places}
        self._table = table
        self._students = _Students(namesakes)
        self._zeros: dict[str, tuple[int, int]] = {}
        """The first row with leading zeros and the first with a bare number, by column."""
        self._refuse_merged()

    def row(self, number: int, values: list[str]) -> Row | None:
        """The row, or None for one with problems (which are kept)."""
        before = len(self.problems)
        if number in self._table.hidden_rows:
            advice = (
                "The row is hidden in the spreadsheet; show it or delete it, so that what you see is what is issued."
            )
            self._problem(number, None, None, advice)
        if len(values) > len(self._headings) and any(map(str.strip, values[len(self._headings) :])):
            advice = f"It has {len(values)} cells, the header {len(self._headings)}; put text with commas in quotes."
            self._problem(number, None, None, advice)
        read = {column: self._cell(number, column, values[at]) for at, column in self._places if at < len(values)}
        if read.get("name") is None and not self._complained(before, "name"):
            self._problem(number, "name", None, "The name is missing; write it as it should stand on the certificate.")
        self._check_course(number, read)
        self._check_alone(number, read, values)
        if len(self.problems) > before:
            self.troubled.append((number, read.get("name") or ""))
            return None
        masked = read.pop("national_id", None)
        return Row(number=number, masked_national_id=masked, **read)

    def notes(self) -> Iterator[RosterNote]:
        """What is to be known once all rows are read."""
        for at, column in self._places:
            if at + 1 in self._table.hidden_columns:
                advice = "The column is hidden in the spreadsheet, and was read."
                yield RosterNote(self._header.number, self._headings[at], None, advice)
            padded, bare = self._zeros.get(column, (0, 0))
            if padded and bare:
                advice = (
                    f"Some numbers begin with zeros (row {padded}), others are stored as plain numbers, which cannot "
                    f"(row {bare}). If those lost their zeros, format the column as text and type them again."
                )
                yield RosterNote(bare, self._headings[at], None, advice)

    def _cell(self, number: int, column: str, raw: str) -> Any:
        try:
            value = cell.read(column, raw)
        except Unfit as advice:
            self._problem(number, column, raw.strip(), str(advice))
            return None
        if value is not None and column in ("student_number", "national_id"):
            padded, bare = self._zeros.get(column, (0, 0))
            if isinstance(raw, NumberCell):
                self._zeros[column] = (padded, bare or number)
            elif not padded and raw.lstrip().startswith("0"):
                self._zeros[column] = (number, bare)
        return value

    def _complained(self, before: int, column: str) -> bool:
        heading = self._heading_of[column]
        return any(problem.column == heading for problem in self.problems[before:])

    def _problem(self, row: int, column: str | None, value: str | None, advice: str) -> None:
        if column == "national_id" and value is not None:
            value = cell.hide(value)
        heading = None if column is None else self._heading_of[column]
        self.problems.append(RosterProblem(row, heading, value, advice))

    def _refuse_merged(self) -> None:
        for merge in self._table.merged:
            if merge.top <= self._header.number <= merge.bottom:
                advice = "These heading cells are merged; unmerge them, so that every column has a heading of its own."
                self._problem(self._header.number, None, merge.place, advice)
            elif merge.bottom > self._header.number:
                advice = "These cells are merged, and only the first holds the value; unmerge them and fill in each."
                self._problem(merge.top, None, merge.place, advice)

    def _check_course(self, number: int, read: dict[str, Any]) -> None:
        for column, highest in self._highest.items():
            value = read.get(column)
            if value is not None and highest is not None and value > highest:
                advice = f"The course has {highest} {column}; nobody can have more. Correct it here or in course.toml."
                self._problem(number, column, str(value), advice)

    def _check_alone(self, number: int, read: dict[str, Any], values: list[str]) -> None:
        whole_id = None
        if read.get("national_id") is not None:
            at = next(at for at, column in self._places if column == "national_id")
            whole_id = cell.letters_and_digits(values[at])
        for column, advice in self._students.meet(number, read, whole_id):
            self._problem(number, column, read[column], advice)


class _Students:
    """Sees that nobody stands in the roster twice."""

    def __init__(self, namesakes: bool) -> None:
        self.namesakes = namesakes
        self.numbers: dict[str, int] = {}
        self.ids: dict[bytes, int] = {}
        self.names: dict[str, int] = {}
        self.persons: dict[tuple[Any, ...], tuple[int, bool]] = {}
        self._key = os.urandom(16)  # so that not even in memory a national identity number is kept

    def meet(self, number: int, read: dict[str, Any], whole_id: str | None) -> Iterator[tuple[str, str]]:
        """Column and advice for each way in which a row is an earlier one again."""
        student, name = read.get("student_number"), read.get("name")
        if student is not None:
            first = self.numbers.setdefault(student.casefold(), number)
            if first != number:
                yield (
                    "student_number",
                    f"Row {first} has the same number; correct one of them or take out the repetition.",
                )
        mark = read.get("national_id")
        if whole_id is not None:
            mark = hashlib.blake2b(whole_id.encode(), key=self._key, digest_size=16).digest()
            first = self.ids.setdefault(mark, number)
            if first != number:
                advice = f"Row {first} has the same number; correct one of them or take out the repetition."
                yield "national_id", advice
                return
        if name is not None:
            yield from self._namesake(
                number, name.casefold(), student, (read.get("father_name"), mark, read.get("email"))
            )

    def _namesake(
        self, number: int, name: str, student: str | None, marks: tuple[Any, ...]
    ) -> Iterator[tuple[str, str]]:
        numbered = student is not None
        person = (name, *(mark.casefold() if isinstance(mark, str) else mark for mark in marks))
        earlier = self.persons.get(person)
        bare = self.persons.get((name, None, None, None))
        if earlier is None and bare is not None and not bare[1]:
            earlier = bare
        if earlier is None and not numbered and not any(marks) and name in self.names:
            earlier = (self.names[name], False)
        if earlier is not None and not (numbered and earlier[1]):
            yield (
                "name",
                f"Row {earlier[0]} has the same name and nothing tells the two apart; give each a student number.",
            )
        elif earlier is not None and not self.namesakes:
            advice = (
                f"Row {earlier[0]} is alike but for the student number. One person twice? Take one out. Two people?"
            )
            yield "name", f"{advice} Say --namesakes."
        self.persons.setdefault(person, (number, numbered))
        self.names.setdefault(name, number)
