"""A roster file read whole: its bytes show its format, its students are checked, all mistakes are reported at once."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import RosterErrors
from issuer.roster.columns import mapping
from issuer.roster.delimited import delimited
from issuer.roster.foreign import refuse_foreign
from issuer.roster.headings import header_of
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, ReadOptions, Roster, Table, whole_file
from issuer.roster.row_checks import RowChecker
from verifier.plain_file import read_plain

if TYPE_CHECKING:
    from issuer.course.course import Course

_PLAIN = ReadOptions()
_ZIP = b"PK\x03\x04"


def read_roster(path: Path, course: "Course | None" = None, options: ReadOptions = _PLAIN) -> Roster:
    """Read a roster file: delimited text or an XLSX workbook, with a header in English or Urdu.

    With `course`, nobody may have more credits or hours than it has.

    Raises:
        RosterErrors: with all problems, each with row, column, value and what to do.
    """
    return _sound(scan_roster(path, course, options))


def scan_roster(path: Path, course: "Course | None" = None, options: ReadOptions = _PLAIN) -> Roster:
    """The same, with the problems of rows beside the rows without problems.

    Raises:
        RosterErrors: what is wrong with the file as a whole or with its header.
    """
    mapped = _mapped(course, options)
    return _scan(table_of(path, options, mapped), course, options, mapped)


def table_of(path: Path, options: ReadOptions, mapped: Mapping[str, str]) -> Table:
    """The cells of a file.

    Raises:
        RosterErrors: it cannot be read, or is no such file.
    """
    data = _bytes(path)
    refuse_foreign(data, path.name)
    return _table(data, path.name, options, mapped)


def roster_from(cells: Cells, course: "Course | None" = None, options: ReadOptions = _PLAIN) -> Roster:
    """The roster in rows of cells, whatever file they come from.

    Raises:
        RosterErrors: with all problems.
    """
    return _sound(_scan(Table(cells), course, options, _mapped(course, options)))


def _mapped(course: "Course | None", options: ReadOptions) -> dict[str, str]:
    """What headings were said to mean: in course.toml for every roster, by hand for this one, which wins."""
    return mapping((*(course.roster.columns if course else ()), *options.columns))


def _table(data: bytes, name: str, options: ReadOptions, mapped: Mapping[str, str]) -> Table:
    if not data.startswith(_ZIP):
        return delimited(data, name, options, mapped)
    from issuer.roster.workbook import workbook  # late: a text needs no library

    return workbook(io.BytesIO(data), name, options)


def _scan(table: Table, course: "Course | None", options: ReadOptions, mapped: Mapping[str, str]) -> Roster:
    try:
        wanted = [heading for heading, _ in options.columns]
        header, cells = header_of(table.cells, mapped, table.merged, wanted)
    except RosterErrors as error:
        # Another sheet or another encoding may be what was meant.
        raise RosterErrors((*error.problems, *table.notes)) from None
    checker = RowChecker(header, course, options.namesakes, table.merged)
    rows = []
    for number, values in cells:
        if (row := checker.row(number, values)) is not None:
            rows.append(row)
        if len(rows) + len(checker.troubled) > LIMITS.students:
            raise whole_file(f"The roster has more than {LIMITS.students:,} students; issue them in parts.")
    problems = (*header.problems, *checker.problems)
    if not rows and not problems:
        raise whole_file("The roster has a header and no students; add a row for each.")
    return Roster(tuple(rows), tuple(table.notes), problems, tuple(checker.troubled), header.heading_of)


def _sound(roster: Roster) -> Roster:
    if roster.problems:
        raise RosterErrors(roster.problems)
    return roster


def _bytes(path: Path) -> bytes:
    try:
        data = read_plain(path, LIMITS.file_bytes)
    except OSError as error:
        raise whole_file(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > LIMITS.file_bytes:
        raise whole_file(f"{path.name} is larger than {LIMITS.file_bytes // 1024**2} MiB, the most that is read.")
    return data
