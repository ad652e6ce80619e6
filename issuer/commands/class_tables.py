"""What a roster's check prints: problems as a table, those who have the certificate already as lines."""

import sys
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table

from issuer.office.class_report import ClassReport, Outcome
from issuer.roster.model import RosterProblem

MOST_ROWS = 50
"""Rows that a table lists; `--json` has all."""


def print_report(report: ClassReport, every_row: bool) -> None:
    """Problems and what becomes of the rows, as tables; notes on standard error.

    Where all rows are new, no table says so unless `every_row` is wanted.
    """
    for note in report.notes:
        print(f"Note: {note}", file=sys.stderr)
    if report.found.problems:
        print_problems(report.found.problems)
        print()
    if every_row or report.found.issued or report.found.again:
        _print_outcomes(report.outcomes())
    for hint in report.hints():
        print(hint)


def _print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Neighbouring rows with the same result share one line."""
    table = _table("Row", "Student", "What becomes of it")
    groups = [list(group) for _, group in groupby(outcomes, key=lambda each: each.more or each.disposition)]
    for group in groups[:MOST_ROWS]:
        first, last = group[0].row, group[-1].row
        place = str(first.number) if len(group) == 1 else f"{first.number}–{last.number}"
        whom = first.name if len(group) == 1 else f"{len(group):,} students"
        table.add_row(place, whom, group[0].more or group[0].disposition)
    _print(table)
    if len(groups) > MOST_ROWS:
        print(f"… and {sum(map(len, groups[MOST_ROWS:])):,} rows more; --json has all.")


def print_problems(problems: Sequence[RosterProblem], most: int = MOST_ROWS) -> None:
    """A table: row, column, value, what to do. Values are quoted, so that nothing hides or acts in a terminal.

    What is wrong with the file as a whole is a sentence.
    """
    for problem in problems:
        if problem.row is None and problem.column is None:
            print(problem)
    problems = [one for one in problems if one.row is not None or one.column is not None]
    if not problems:
        return
    table = _table("Row", "Column", "Value", "What to do")
    for problem in problems[:most]:
        value = "" if problem.value is None else repr(problem.value)
        place = "" if problem.row is None else str(problem.row)
        table.add_row(place, _shown(problem.column or ""), value, problem.advice)
    _print(table)
    if len(problems) > most:
        print(f"… and {len(problems) - most:,} more; --json has all.")


def _table(*headings: str) -> "Table":
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    return table


def _print(table: "Table") -> None:
    """At a terminal in its width; elsewhere every row in one line."""
    Console(width=None if sys.stdout.isatty() else 500, markup=False, emoji=False, highlight=False).print(table)


def _shown(heading: str) -> str:
    return heading if heading.isprintable() else repr(heading)
