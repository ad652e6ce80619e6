"""Rows checked one by one, remembering only what distinguishes students."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from issuer.errors import ValueProblem
from issuer.roster import cells as cell
from issuer.roster.columns import plain
from issuer.roster.headings import Header
from issuer.roster.model import Merge, RosterProblem, Row, shortened

if TYPE_CHECKING:
    from issuer.course.course import Course

_MARKS = ("father_name", "national_id", "email")
_REST = ("grade", "credits", "hours", "term", "date")
_ONCE = {"student_number": "number", "national_id": "national identity number", "email": "e-mail address"}
"""What no two students share, in words."""
_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
IF_TWO_PEOPLE = "If they are two people, say so with --namesakes."


def same_name(name: str) -> str:
    """What names that look alike have in common: without case, marks, spaces and the keyboard's letters."""
    return name.casefold().translate(_NO_LETTERS) if name.isascii() else plain(name)


@dataclass(frozen=True, slots=True)
class _Seen:
    row: int
    numbered: bool


class RowChecker:
    """Reads row by row; `problems` and `troubled` grow with it."""

    def __init__(self, header: Header, course: "Course | None", namesakes: bool, merged: Sequence[Merge] = ()) -> None:
        self.problems: list[RosterProblem] = []
        self.troubled: list[Row] = []
        self._highest = {"credits": course.credits, "hours": course.hours} if course else {}
        self._headings = header.headings
        self._places = [(at, column) for at, column in enumerate(header.columns) if column]
        self._places_of = {column: at for at, column in self._places}
        self._heading_of = header.heading_of
        self._namesakes = namesakes
        self._merged = _by_row(merged, {at + 1 for at, _ in self._places}, header.row)
        self._seen: dict[str, dict[str, int]] = {column: {} for column in _ONCE}
        self._read: dict[str, dict[str, Any]] = {column: {} for column in _REST}
        self._names: dict[str, int] = {}
        self._persons: dict[tuple[str | None, ...], _Seen] = {}
        self._alike: dict[tuple[Any, ...], int] = {}

    def row(self, number: int, values: list[str]) -> Row | None:
        """The row, or None for an empty one or one with problems (which are kept)."""
        if not any(map(str.strip, values)):
            return None
        before = len(self.problems)
        self._check_shape(number, values)
        read = {column: self._cell(number, column, values[at]) for at, column in self._places if at < len(values)}
        if read.get("name") is None and not self._complained(before, "name"):
            self._problem(number, "name", None, "The name is missing; write it as it should be on the certificate.")
        self._check_course(number, read)
        self._check_alone(number, read, self._whole_id(read, values))
        if len(self.problems) > before:
            self.troubled.append(_row(number, read))
            return None
        return _row(number, read)

    def _check_shape(self, number: int, values: list[str]) -> None:
        if any(map(str.strip, values[len(self._headings) :])):
            cells = len(values)
            while not values[cells - 1].strip():
                cells -= 1
            advice = f"It has {cells} cells, the header {len(self._headings)}; text with separators in it needs quotes."
            self._problem(number, None, None, advice)
        for merge in self._merged.get(number, ()):
            advice = "These cells are merged; unmerge them and write the value into each row."
            self.problems.append(RosterProblem(number, None, merge.place, advice))

    def _cell(self, number: int, column: str, raw: str) -> Any:
        read_before = self._read.get(column) if type(raw) is str else None
        if read_before is not None and raw in read_before:
            return read_before[raw]
        try:
            value = cell.read(column, raw)
        except ValueProblem as advice:
            self._problem(number, column, raw.strip(), str(advice))
            return None
        if read_before is not None:
            read_before[raw] = value
        return value

    def _whole_id(self, read: Mapping[str, Any], values: list[str]) -> str | None:
        """The national identity number unmasked, which distinguishes people while the roster is read."""
        return None if read.get("national_id") is None else cell.digits_of(values[self._places_of["national_id"]])

    def _complained(self, before: int, column: str) -> bool:
        heading = self._heading_of[column]
        return any(problem.column == heading for problem in self.problems[before:])

    def _problem(self, row: int, column: str | None, value: str | None, advice: str) -> None:
        if column == "national_id" and value is not None:
            value = cell.hide(value)
        heading = None if column is None else self._heading_of[column]
        self.problems.append(RosterProblem(row, heading, shortened(value), advice))

    def _check_course(self, number: int, read: Mapping[str, Any]) -> None:
        for column, highest in self._highest.items():
            value = read.get(column)
            if value is not None and highest is not None and value > highest:
                advice = f"The course has {highest} {column}; nobody can have more. Correct it here or in course.toml."
                self._problem(number, column, str(value), advice)

    def _check_alone(self, number: int, read: Mapping[str, Any], national_id: str | None) -> None:
        """See that nobody is in the roster twice."""
        keys = {"student_number": read.get("student_number"), "national_id": national_id, "email": read.get("email")}
        repeated = [column for column, key in keys.items() if key and self._repeats(number, column, key, read)]
        name = read.get("name")
        if name is not None and not repeated:
            self._check_namesake(number, same_name(name), read)

    def _repeats(self, number: int, column: str, key: str, read: Mapping[str, Any]) -> bool:
        first = self._seen[column].setdefault(key.casefold(), number)
        if first == number:
            return False
        advice = f"Row {first} has the same {_ONCE[column]}; correct one of them or take out the repetition."
        self._problem(number, column, read[column], advice)
        return True

    def _check_namesake(self, number: int, name: str, read: Mapping[str, Any]) -> None:
        numbered = read.get("student_number") is not None
        marks = tuple(read.get(mark) for mark in _MARKS)
        earlier = self._unnumbered_namesake(name, marks, numbered)
        if earlier is not None:
            advice = f"Row {earlier} has the same name and nothing distinguishes the two; give each a student number."
            self._problem(number, "name", read["name"], advice)
        elif numbered:
            self._check_alike(number, name, marks, read)
        self._persons.setdefault((name, *marks), _Seen(number, numbered))
        self._names.setdefault(name, number)

    def _unnumbered_namesake(self, name: str, marks: tuple[str | None, ...], numbered: bool) -> int | None:
        """The row of somebody who may be the same, one of the two having no number."""
        earlier = self._persons.get((name, *marks))
        bare = self._persons.get((name, *(None for _ in _MARKS)))
        if earlier is None and bare is not None and not bare.numbered:
            earlier = bare
        if earlier is None and not numbered and not any(marks) and name in self._names:
            earlier = _Seen(self._names[name], False)
        return None if earlier is None or (numbered and earlier.numbered) else earlier.row

    def _check_alike(self, number: int, name: str, marks: tuple[str | None, ...], read: Mapping[str, Any]) -> None:
        """Two rows that differ only in the student number: most often one person typed twice."""
        if self._namesakes:
            return
        rest = () if any(marks) else tuple(read.get(column) for column in _REST)
        first = self._alike.setdefault((name, *marks, *rest), number)
        if first != number:
            advice = f"Row {first} differs only in the student number; take one out. {IF_TWO_PEOPLE}"
            self._problem(number, "name", read["name"], advice)


def _by_row(merged: Sequence[Merge], columns: set[int], header: int) -> dict[int, list[Merge]]:
    """The merges that leave cells of read columns empty, by the first row below the header that they touch."""
    found: dict[int, list[Merge]] = {}
    for merge in merged:
        if merge.bottom > header and any(merge.left <= column <= merge.right for column in columns):
            found.setdefault(max(merge.top, header + 1), []).append(merge)
    return found


def _row(number: int, read: dict[str, Any]) -> Row:
    masked = read.pop("national_id", None)
    return Row(number=number, masked_national_id=masked, **{**read, "name": read.get("name") or ""})
