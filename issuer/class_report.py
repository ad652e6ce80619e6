"""A roster looked at before anything happens, and how that is told: as tables, and as data."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer.course import Course
from issuer.dispositions import AlreadyIssued, Dispositions, dispositions, issued_already
from issuer.errors import RosterErrors
from issuer.issuing import check_class
from issuer.roster import ReadOptions, RosterNote, RosterProblem, scan_roster
from verifier.core.hashes import to_hex

MOST_ROWS = 50
"""Rows that a table lists; `--json` has all."""

_NO_RECORDS = "No sanad.toml was found, so nobody could be looked up who has the certificate already."


@dataclass(frozen=True)
class Ending:
    """Why nothing is issued."""

    exit_code: int
    sentence: str


@dataclass(frozen=True)
class ClassReport:
    """What will become of a roster's rows."""

    course: str
    """The course's title."""
    found: Dispositions
    notes: tuple[RosterNote, ...]

    @property
    def students(self) -> int:
        """Rows that are not empty."""
        return len(self.found.new) + len(self.found.issued) + len(self.found.troubled)

    @property
    def waiting(self) -> bool:
        """Whether somebody's certificate is in a batch that is not through."""
        return any(each.waits for each in self.found.issued)

    def ending(self, strict: bool, check: bool) -> "Ending | None":
        """How it ends before anything is issued; None where there is something to issue."""
        if self.found.problems:
            return Ending(2, "Nothing was issued.")
        if strict and self.found.issued:
            return Ending(2, "Nothing was issued. Take these rows out, or issue without --strict.")
        if check:
            return Ending(0, "Nothing was issued.")
        if self.found.new:
            return None
        if self.waiting:
            return Ending(3, "Nothing more was issued: every certificate was begun already. Type: sanad resume")
        return Ending(0, "Nothing was issued: everybody has this course's certificate already.")

    def data(self) -> dict[str, Any]:
        """Everything, as plain data."""
        rows: list[tuple[int, str | None, str]] = [(row.number, row.name, "new") for row in self.found.new]
        rows += [(each.row.number, each.row.name, "already issued") for each in self.found.issued]
        rows += [(number, name, "problem") for number, name in self.found.troubled]
        return {
            "course": self.course,
            "students": self.students,
            "new": len(self.found.new),
            "rows": [{"row": row, "name": name, "disposition": kind} for row, name, kind in sorted(rows, key=_first)],
            "already_issued": [_issued_data(each) for each in self.found.issued],
            "problems": [_problem_data(problem) for problem in self.found.problems],
            "notes": [note.advice for note in self.notes],
        }

    def summary(self) -> str:
        """One sentence with the numbers."""
        issued, troubled = len(self.found.issued), len(self.found.troubled)
        parts = [f"{self.students:,} students, {self.course}: {len(self.found.new):,} new"]
        parts += [f"{issued:,} have it already"] if issued else []
        parts += [f"{troubled:,} with problems"] if troubled else []
        return ", ".join(parts) + "."


def examine(course: Course, roster: Path, options: ReadOptions, config: Path | None) -> ClassReport:
    """Read a roster, and see what will become of each row.

    Raises:
        RosterErrors: what is wrong with the file as a whole or its header.
        BuildError: the course's own texts cannot be drawn.
        IssuerError, SettingsError: the records cannot be used.
    """
    read = scan_roster(roster, course, options)
    issued = issued_already(course, config)
    notes = read.notes if issued is not None else (*read.notes, RosterNote(None, None, None, _NO_RECORDS))
    undrawable: tuple[RosterProblem, ...] = ()
    try:
        check_class(course, read.rows)
    except RosterErrors as error:
        undrawable = error.problems
    return ClassReport(course.title, dispositions(read, issued or {}, undrawable, options.namesakes), notes)


def print_report(report: ClassReport) -> None:
    """Problems as a table, those who have the certificate already as lines, notes on standard error."""
    for note in report.notes:
        print(f"Note: {note}", file=sys.stderr)
    if report.found.problems:
        print_problems(report.found.problems)
    for each in report.found.issued[:MOST_ROWS]:
        print(each)
    if len(report.found.issued) > MOST_ROWS:
        print(f"… and {len(report.found.issued) - MOST_ROWS:,} more who have it already.")


def print_problems(problems: tuple[RosterProblem, ...]) -> None:
    """A table: row, column, value, what to do. Values are quoted, so that nothing hides or acts in a terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("Row", "Column", "Value", "What to do"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    for problem in problems[:MOST_ROWS]:
        value = "" if problem.value is None else repr(problem.value)
        place = "" if problem.row is None else str(problem.row)
        table.add_row(*map(Text, (place, _shown(problem.column or ""), value, problem.advice)))
    Console(width=None if sys.stdout.isatty() else 500).print(table)
    if len(problems) > MOST_ROWS:
        print(f"… and {len(problems) - MOST_ROWS:,} more; --json has all.")


def _shown(heading: str) -> str:
    return heading if heading.isprintable() else repr(heading)


def _first(row: tuple[int, str | None, str]) -> int:
    return row[0]


def _problem_data(problem: RosterProblem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "value": problem.value, "advice": problem.advice}


def _issued_data(each: AlreadyIssued) -> dict[str, Any]:
    issued = each.issued
    return {
        "row": each.row.number,
        "name": each.row.name,
        "issued_to": issued.name,
        "batch": issued.batch,
        "state": issued.state.value,
        "drafted": issued.drafted,
        "out": issued.out,
        "hash": None if issued.hash is None else to_hex(issued.hash),
    }
