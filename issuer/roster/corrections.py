"""A file of corrections: a column that names the certificate, columns for what changes; empty cells change nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from issuer.errors import RosterErrors, ValueProblem
from issuer.roster import cells as cell
from issuer.roster.columns import mapping, plain
from issuer.roster.headings import Header, header_of
from issuer.roster.limits import LIMITS
from issuer.roster.model import Merge, ReadOptions, RosterProblem, shortened, whole_file
from issuer.roster.reading import table_of

CERTIFICATE = "certificate"
_HEADINGS = (
    *("certificate", "certificate code", "code", "short code", "link", "hash", "certificate link", "certificate hash"),
    *("سند", "کوڈ", "لنک"),
)
_PLAIN = ReadOptions()
FIELDS = {"national_id": "masked_national_id"}
"""The fields of a row that are not called as their column."""


@dataclass(frozen=True)
class Asked:
    """One correction as somebody asks for it."""

    named: str
    """What names the certificate."""
    values: Mapping[str, Any]
    """By the fields of `Row`: what is to be written there."""
    row: int | None = None
    """The row in the file; None where it was typed."""
    numbered: bool = False
    """Whether what names it may be a student number."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """How the file heads its columns."""

    def problem(self, column: str, advice: str, value: str | None = None) -> RosterProblem:
        """What is wrong with it."""
        return RosterProblem(self.row, self.headings.get(column, column), shortened(value), advice)


def read_corrections(path: Path, options: ReadOptions = _PLAIN) -> list[Asked]:
    """Read a file of corrections, CSV or XLSX.

    The certificate is named in a column of its own (its code, link, hash, or a student number); without such a column,
    by the student number.

    Raises:
        RosterErrors: with all problems, each with row, column, value and what to do.
    """
    mapped = {**{plain(word): CERTIFICATE for word in _HEADINGS}, **mapping(options.columns)}
    table = table_of(path, options, mapped)
    wanted = [heading for heading, _ in options.columns]
    header, cells = header_of(table.cells, mapped, table.merged, wanted, named=False)
    problems, asked = [*header.problems, *_merged(header, table.merged)], []
    key = _key(header)
    for number, values in cells:
        if any(map(str.strip, values)):
            found, wrong = _asked(header, key, number, values)
            problems += wrong
            asked.append(found)
        if len(asked) > LIMITS.students:
            raise whole_file(f"The file has more than {LIMITS.students:,} corrections; make them in parts.")
    if not asked and not problems:
        raise whole_file("The file has a header and no corrections; add a row for each.")
    if problems:
        raise RosterErrors(problems)
    return asked


def value_of(column: str, raw: str) -> Any:
    """The value of one column as somebody types it; None to leave it out.

    Raises:
        ValueProblem: with what to do.
    """
    value = cell.read(column, raw)
    if value is None and column == "name":
        raise ValueProblem("Write the name as it should be on the certificate.")
    return value


def _key(header: Header) -> str:
    columns = set(header.columns) - {""}
    key = CERTIFICATE if CERTIFICATE in columns else "student_number"
    if key not in columns:
        advice = (
            "A column that names the certificate is missing: head it certificate (for code, link or hash) or student "
            "number."
        )
    elif columns == {key}:
        advice = "There is no column for what changes: name, father_name, grade …"
    else:
        return key
    raise RosterErrors((*header.problems, RosterProblem(None, None, None, advice)))


def _merged(header: Header, merged: Sequence[Merge]) -> Iterator[RosterProblem]:
    """Merged cells leave others empty, which would change nothing although somebody meant it."""
    for merge in merged:
        if merge.bottom > header.row:
            advice = "These cells are merged; unmerge them and write the value into each row."
            yield RosterProblem(max(merge.top, header.row + 1), None, merge.place, advice)


def _asked(header: Header, key: str, number: int, values: list[str]) -> tuple[Asked, list[RosterProblem]]:
    """One row, and what is wrong with it."""
    headings, problems = header.heading_of, []
    named = values[header.columns.index(key)].strip() if header.columns.index(key) < len(values) else ""
    read: dict[str, Any] = {}
    for column, raw, advice in _read(header, key, values, read):
        shown = cell.hide(raw) if column == "national_id" else raw
        problems.append(RosterProblem(number, headings[column], shortened(shown), advice))
    if not named:
        problems.append(RosterProblem(number, headings[key], None, "Say which certificate this row corrects."))
    return Asked(named, read, number, True, headings), problems


def _read(header: Header, key: str, values: list[str], read: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Fill in what the filled cells say; each that is wrong, with its column, text and advice."""
    for column, raw in zip(header.columns, values, strict=False):
        if not column or column == key or not raw.strip():
            continue
        try:
            value = value_of(column, raw)
        except ValueProblem as advice:
            yield column, raw.strip(), str(advice)
            continue
        if value is not None:
            read[FIELDS.get(column, column)] = value
