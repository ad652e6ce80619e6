"""What a roster's check prints: problems as a table, those who have the certificate already as lines."""

import sys
from collections.abc import Sequence

from issuer.roster.model import RosterProblem
from issuer.roster.report import ClassReport

MOST_ROWS = 50
"""Rows that a table lists; `--json` has all."""


def print_report(report: ClassReport) -> None:
    """Problems, those who have it already, those who get it once more; notes on standard error."""
    for note in report.notes:
        print(f"Note: {note}", file=sys.stderr)
    if report.found.problems:
        print_problems(report.found.problems)
    for each in report.found.issued[:MOST_ROWS]:
        print(each)
    if len(report.found.issued) > MOST_ROWS:
        print(f"… and {len(report.found.issued) - MOST_ROWS:,} more who have it already; --json has all.")
    for one in report.found.again:
        print(
            f"Row {one.row.number} ({one.row.name}) gets this course's certificate once more, as asked. "
            f"The one of {one.issued.drafted[:10]} stays valid until it is revoked or replaced (sanad replace)."
        )


def print_problems(problems: Sequence[RosterProblem]) -> None:
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
