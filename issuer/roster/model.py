"""What a roster is made of: students, problems, notes; and the cells that a file of any format gives."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from issuer.errors import RosterErrors
from issuer.roster.limits import LIMITS


@dataclass(frozen=True, slots=True)
class Row:
    """One student, checked and cleaned."""

    number: int
    """The row in the spreadsheet."""
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
    """What is written there; national identity numbers are masked."""
    advice: str

    def __str__(self) -> str:
        """One line for people."""
        place = f"Row {self.row}" if self.row is not None else ""
        if self.column is not None:
            place += f", {self.column}" if place else self.column
        shown = "" if self.value is None else f" {self.value!r}"
        return f"{place}{shown}: {self.advice}" if place else self.advice


class RosterNote(RosterProblem):
    """One thing to know, which stops nothing."""


@dataclass(frozen=True)
class Roster:
    """All students of a class, in the file's order."""

    rows: tuple[Row, ...]
    """Those without a problem."""
    notes: tuple[RosterNote, ...] = ()
    problems: tuple[RosterProblem, ...] = ()
    """Empty whenever `read_roster` returns; `scan_roster` returns them beside the rows without problems."""
    troubled: tuple[Row, ...] = ()
    """The rows with problems, with what could be read of them; an unreadable name is empty."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """How the file heads each column that is read."""


@dataclass(frozen=True)
class ReadOptions:
    """What a person says about a file because the file does not say it."""

    sheet: str | None = None
    """The workbook's sheet; None: the first that is not hidden."""
    encoding: str | None = None
    """The text file's encoding, a key of `encodings.ENCODINGS`; None: recognised by its bytes."""
    columns: tuple[tuple[str, str], ...] = ()
    """Headings and the columns that they mean, `ignore` for none."""
    namesakes: bool = False
    """Students who differ only in a number are known to be different people."""


class RefusedCell(str):
    """A cell that its own format makes unusable: the text in it, and what to do."""

    __slots__ = ("advice",)

    def __new__(cls, shown: str, advice: str) -> "RefusedCell":
        """Keep the advice beside the text."""
        cell = super().__new__(cls, shown)
        cell.advice = advice
        return cell

    advice: str


class DateCell(str):
    """A cell that the spreadsheet program holds as a date, written year-month-day."""

    __slots__ = ()


Cells = Iterator[tuple[int, list[str]]]
"""Rows of cells with their number in the spreadsheet."""


@dataclass(frozen=True)
class Merge:
    """Merged cells, both ends included; rows and columns count from 1."""

    place: str
    """As the spreadsheet program writes it: `B1:C1`."""
    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Table:
    """What a file of any format gives."""

    cells: Cells
    notes: list[RosterNote] = field(default_factory=list)
    merged: tuple[Merge, ...] = ()


def whole_file(advice: str) -> RosterErrors:
    """What is wrong with a file as a whole."""
    return RosterErrors((RosterProblem(None, None, None, advice),))


def note(advice: str) -> RosterNote:
    """What people should know about a file as a whole."""
    return RosterNote(None, None, None, advice)


def shortened(value: str | None) -> str | None:
    """A value as a problem shows it."""
    most = LIMITS.shown_characters
    return value if value is None or len(value) <= most else value[: most - 1] + "…"
