"""What issuing prints: progress, and the table of a class."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from issuer.checking import Checked
from issuer.issuing import SILENT, Progress
from verifier.core.codes import link, short_code
from verifier.core.hashes import to_hex

MOST_ROWS = 200
"""Certificates that a table lists; larger classes are summed up."""


@contextmanager
def progress_bars(quiet: bool = False) -> Iterator[Progress]:
    """Progress on standard error: a bar for each stage at a terminal, one line for each elsewhere."""
    if quiet:
        yield SILENT
        return
    if not sys.stderr.isatty():
        yield Progress(lambda name, _total: print(f"{name} …", file=sys.stderr, flush=True), lambda _count: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: list[Any] = []
        yield Progress(
            lambda name, total: tasks.append(bars.add_task(name, total=total)),
            lambda count: bars.advance(tasks[-1], count),
        )


def certificate_data(checked: Checked, origin: str) -> dict[str, Any]:
    """One certificate of a class as plain data."""
    hash_ = checked.verdict.hash
    assert hash_ is not None
    return {
        "name": checked.name,
        "hash": to_hex(hash_),
        "short_code": short_code(hash_),
        "verdict": checked.verdict.outcome.value,
        "link": link(origin, hash_),
        "file": str(checked.file),
    }


def print_certificates(checked: Sequence[Checked], origin: str) -> None:
    """The table of a class: name, verdict, link, file, short code."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Verdict", "Short code", "Link", "File"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Short code")
    for each in checked[:MOST_ROWS]:
        data = certificate_data(each, origin)
        table.add_row(data["name"], data["verdict"], data["short_code"], data["link"], each.file.name)
    console = Console(width=None if sys.stdout.isatty() else 220)
    console.print(table)
    if len(checked) > MOST_ROWS:
        console.print(f"… and {len(checked) - MOST_ROWS:,} more.")
