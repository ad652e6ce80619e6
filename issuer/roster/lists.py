"""A list of universities, keys or educators: CSV or XLSX, one act a row, headings in any order and in two languages.

Every cell is read as a roster's is: whatever encoding, sheet or letters it comes in. What is wrong is found row by row
and reported at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from issuer.errors import RosterErrors, ValueProblem
from issuer.roster import cells as cell
from issuer.roster.columns import known_heading, mapping, plain
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, Merge, ReadOptions, RosterProblem, shortened, whole_file
from issuer.roster.reading import table_of
from issuer.text import refused_character, suggestion

_PLAIN = ReadOptions()


@dataclass(frozen=True)
class ListKind:
    """What a list may have."""

    what: str
    """What a row is, in the plural: `educators`."""
    columns: Mapping[str, tuple[str, ...]]
    """Each column with the headings that mean it, besides its own name."""
    needed: tuple[str, ...]
    """Those that have to be there, and filled in each row."""
    most: int = 20_000
    """Rows in one file."""


@dataclass(frozen=True)
class Listed:
    """One row of a list."""

    row: int
    """In the spreadsheet."""
    values: Mapping[str, str]
    """By column; empty cells are missing."""
    headings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """How the file heads its columns."""

    def __getitem__(self, column: str) -> str:
        """What a column says; empty where it says nothing."""
        return self.values.get(column, "")

    def problem(self, column: str | None, advice: str) -> RosterProblem:
        """What is wrong with it, in one of its columns or as a whole."""
        if column is None:
            return RosterProblem(self.row, None, None, advice)
        value = shortened(self.values.get(column))
        return RosterProblem(self.row, self.headings.get(column, column), value, advice)


def read_list(path: Path, kind: ListKind, options: ReadOptions = _PLAIN) -> tuple[list[Listed], list[RosterProblem]]:
    """The rows of a list, and what is wrong with them so far: rows with a wrong cell are not among them.

    Raises:
        RosterErrors: what is wrong with the file as a whole or with its headings.
    """
    mapped = {plain(word): column for column, words in kind.columns.items() for word in (column, *words)}
    mapped |= mapping(options.columns, tuple(kind.columns))
    table = table_of(path, options, mapped)
    try:
        at, headings, columns, cells = _header(table.cells, kind, mapped, options)
    except RosterErrors as error:  # another sheet or another encoding may be what was meant
        raise RosterErrors((*error.problems, *table.notes)) from None
    heading_of = {column: headings[place] for place, column in enumerate(columns) if column}
    problems, rows = list(_merged(at, table.merged)), []
    for number, values in cells:
        if any(map(str.strip, values)):
            found, wrong = _row(number, values, columns, heading_of, kind)
            problems += wrong
            rows += [] if wrong else [found]
        if len(rows) + len(problems) > kind.most:
            raise whole_file(f"The file has more than {kind.most:,} rows; make it several files.")
    if not rows and not problems:
        raise whole_file(f"The file has headings and no {kind.what}; add a row for each.")
    return rows, problems


def doubled(rows: Iterable[Listed], column: str, advice: str, key: Callable[[str], str] = str) -> list[RosterProblem]:
    """The rows whose value in a column is in an earlier row already; `{row}` in the advice is that row."""
    first: dict[str, Listed] = {}
    found = []
    for each in rows:
        if each[column] and (before := first.setdefault(key(each[column]), each)) is not each:
            found.append(each.problem(column, advice.format(row=before.row)))
    return found


def _header(
    cells: Cells, kind: ListKind, mapped: Mapping[str, str], options: ReadOptions
) -> tuple[int, list[str], list[str], Cells]:
    """Row, headings and columns of the header, which is below titles, and the cells below it."""
    start = [(at, row) for at, row in islice(cells, LIMITS.title_rows) if any(map(str.strip, row))]
    if not start:
        raise whole_file("The file is empty; its first row names the columns.")
    meant = [[_column(heading, mapped) for heading in row] for _, row in start]
    best = max(range(len(start)), key=lambda at: (len(set(meant[at]) - {None, ""}), -at))
    number, row = start[best]
    headings = [str(heading).strip() for heading in row]
    problems = list(_wrong_headings(number, headings, meant[best], kind))
    present = {plain(heading) for heading in headings}
    for heading, _ in options.columns:
        if plain(heading) not in present:
            advice = "This is mapped by --map, and no column has this heading."
            problems.append(RosterProblem(number, None, heading, advice))
    if problems:
        raise RosterErrors(problems)
    return number, headings, [column or "" for column in meant[best]], chain(start[best + 1 :], cells)


def _column(heading: str, mapped: Mapping[str, str]) -> str | None:
    """The column that a heading means; `""` for one that is not read here, as a roster's other columns."""
    if (found := mapped.get(plain(heading))) is not None:
        return found
    return "" if not heading.strip() or known_heading(heading) else None


def _wrong_headings(
    number: int, headings: Sequence[str], meant: Sequence[str | None], kind: ListKind
) -> Iterator[RosterProblem]:
    seen: dict[str, str] = {}
    for heading, column in zip(headings, meant, strict=True):
        if refused := refused_character(heading):
            yield RosterProblem(number, heading, None, f"Type it again without the invisible character {refused}.")
        elif column is None:
            near = suggestion(heading.lower(), list(kind.columns))
            advice = f'No such column is known. {near} If it is not to be read, say --map "{heading}=ignore".'
            yield RosterProblem(number, heading, None, advice)
        elif column and column in seen:
            yield RosterProblem(number, heading, None, f"This means the same as {seen[column]}; keep one of the two.")
        elif column:
            seen[column] = heading
    for column in kind.needed:
        if column not in seen:
            advice = (
                f"A column {column} is missing. Change the heading of the column that it is, or say it: "
                f'--map "{next(filter(None, headings), "Heading")}={column}".'
            )
            yield RosterProblem(number, None, None, advice)


def _row(
    number: int, values: Sequence[str], columns: Sequence[str], headings: Mapping[str, str], kind: ListKind
) -> tuple[Listed, list[RosterProblem]]:
    read: dict[str, str] = {}
    problems = []
    for column, raw in zip(columns, values, strict=False):
        if not column or not raw.strip():
            continue
        try:
            read[column] = cell.plain_text(raw)
        except ValueProblem as advice:
            problems.append(RosterProblem(number, headings[column], shortened(raw.strip()), str(advice)))
    wrong = {problem.column for problem in problems}
    for column in kind.needed:
        if column not in read and headings[column] not in wrong:
            problems.append(RosterProblem(number, headings[column], None, "This cell is empty; fill it in."))
    return Listed(number, read, headings), problems


def _merged(header: int, merged: Sequence[Merge]) -> Iterator[RosterProblem]:
    for merge in merged:
        if merge.bottom >= header:
            advice = "These cells are merged; unmerge them and write the value into each row."
            yield RosterProblem(max(merge.top, header), None, merge.place, advice)
