"""What issuing prints: progress, and the table of a class."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from issuer.batches.judging import Checked
from issuer.batches.progress import SILENT, Progress
from issuer.sending.waiting import heard_by
from verifier.answers.wording import Problem
from verifier.core.codes import link, short_code
from verifier.core.hashes import to_hex
from verifier.core.verdict import Outcome

MOST_ROWS = 200
"""Certificates that a table lists; larger classes are summed up."""
MOST_REASONS = 10
"""Reasons why certificates are not valid that are printed below a table."""
WIDE = 500
"""Columns where no terminal says how many there are."""
SPOILT = (Outcome.ALTERED.value, Problem.UNREADABLE.value)
"""What is said of a file that was changed or removed after it was delivered."""
_PENDING, _UNCHECKED = (Outcome.PENDING.value,), (Outcome.UNAVAILABLE.value,)
_BAD = tuple(each.value for each in Outcome if each is not Outcome.VALID and each.value not in (*_PENDING, *_UNCHECKED))
_UNSOUND = (
    ("is not valid", "are not valid", (*_BAD, Problem.UNREADABLE.value)),
    ("is not valid yet", "are not valid yet", _PENDING),
    ("could not be checked now", "could not be checked now", _UNCHECKED),
)
_SPOILT_ADVICE = (
    "Something changed or removed such a PDF after it was delivered. Put it back from a backup before you send it out. "
    "The certificate is registered all the same: its link, short code and .json file are still valid."
)


@contextmanager
def progress_bars(quiet: bool = False) -> Iterator[Progress]:
    """Progress on standard error: a bar for each stage at a terminal, one line for each elsewhere."""
    if quiet:
        yield SILENT
        return
    if not sys.stderr.isatty():
        with heard_by(_say):
            yield Progress(lambda name, _total: _say(f"{name} …"), lambda _count: None, _say)
        return
    bars = _Bars()
    try:
        with heard_by(bars.say):
            yield Progress(bars.stage, bars.step, bars.say)
    finally:
        bars.close()


class _Bars:
    """One bar at a time, which stays as it is once its stage is done; standard output is left alone."""

    def __init__(self) -> None:
        self._open: Bars | None = None

    def stage(self, name: str, total: int) -> None:
        self.close()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._open = Bars(*columns, console=Console(stderr=True), redirect_stdout=False, redirect_stderr=False)
        self._open.start()
        self._open.add_task(f"{name:<40}", total=total)

    def step(self, count: int) -> None:
        if self._open is not None:
            self._open.advance(self._open.task_ids[0], count)
            if self._open.finished:
                self.close()

    def say(self, sentence: str) -> None:
        if self._open is None:
            _say(sentence)
        else:
            self._open.console.print(sentence, highlight=False)

    def close(self) -> None:
        if self._open is not None:
            self._open.stop()
            self._open = None


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def certificate_data(checked: Checked, origin: str) -> dict[str, Any]:
    """One certificate of a class as plain data."""
    data = {
        "name": checked.name,
        "hash": to_hex(checked.hash),
        "short_code": short_code(checked.hash),
        "verdict": checked.word,
        "link": link(origin, checked.hash),
        "file": str(checked.file),
    }
    return data if checked.valid else {**data, "why": checked.why}


def print_certificates(checked: Iterable[Checked], origin: str, width: int | None = None) -> int:
    """The table of a class: name, verdict, short code, link, file; what is not valid first in a large one.

    Where the window (`width`: columns; None: the terminal's own) has no room, each link is below its line, so
    that it is never broken. Returns how many there are; memory does not grow with them.
    """
    rows, unsound, counts = _shown(checked, origin)
    count = counts.total()
    width = width or (shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE)
    heading, *lines = _aligned(rows, ("name", "verdict", "short_code", "link", "file"))
    below = max(map(_cells, lines)) > width
    if below:
        heading, *lines = _aligned(rows, ("name", "verdict", "short_code", "file"))
    print(heading)
    for row, line in zip(rows, lines, strict=True):
        print(f"{line}\n  {row['link']}" if below else line)
    if count > MOST_ROWS:
        print(f"… and {count - MOST_ROWS:,} more; --json has all.")
    _print_unsound(unsound, counts)
    return count


def _print_unsound(unsound: Sequence[Mapping[str, str]], counts: Counter[str]) -> None:
    """How many are not valid, not yet, or could not be checked, and each reason once, with the files it is about."""
    for is_, are, words in _UNSOUND:
        bad = sum(counts[word] for word in words)
        if bad:
            print(f"{bad:,} of {counts.total():,} {is_ if bad == 1 else are}:")
            _print_reasons([row for row in unsound if row["verdict"] in words])
    if any(counts[word] for word in SPOILT):
        print(_SPOILT_ADVICE)


def _print_reasons(rows: Sequence[Mapping[str, str]]) -> None:
    files: dict[str, list[str]] = {}
    for row in rows:
        files.setdefault(row["why"], []).append(row["file"])
    for why, named in list(files.items())[:MOST_REASONS]:
        more = f" and {len(named) - 1:,} more" if len(named) > 1 else ""
        print(f"  {named[0]}{more}: {why}")
    if len(files) > MOST_REASONS:
        print("  … and more; sanad verify FILE says why.")


def _shown(checked: Iterable[Checked], origin: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Counter[str]]:
    """The rows that are shown, the first that are not valid, and how many there are of each verdict."""
    first: list[dict[str, Any]] = []
    unsound: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for each in checked:
        counts[each.word] += 1
        row = {**certificate_data(each, origin), "file": each.file.name}
        if len(first) < MOST_ROWS:
            first.append(row)
        if not each.valid and len(unsound) < MOST_ROWS:
            unsound.append(row)
    if counts.total() > MOST_ROWS:
        first = [*unsound, *(row for row in first if row["verdict"] == Outcome.VALID.value)][:MOST_ROWS]
    return first, unsound, counts


def _aligned(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> list[str]:
    """The heading and the rows, each as wide as its letters are on a terminal."""
    table = [[column.replace("_", " ").capitalize() for column in columns]]
    table += [[row[column] for column in columns] for row in rows]
    widths = [max(map(_cells, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(text + " " * (width - _cells(text)) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]


def _cells(text: str) -> int:
    return cell_len(text)
