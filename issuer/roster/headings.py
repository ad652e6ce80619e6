"""The header of a roster: found below titles, read, and everything that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from issuer.errors import RosterErrors
from issuer.roster.columns import COLUMNS, column_of, plain
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, Merge, RefusedCell, RosterProblem, whole_file
from issuer.text import refused_character, suggestion

_EMPTY = "The roster is empty; its first row names the columns, and each next row a student."


@dataclass(frozen=True)
class Header:
    """Where the columns are."""

    row: int
    headings: list[str]
    columns: list[str]
    """For each place the column's name, `""` where it is not read."""

    @property
    def heading_of(self) -> dict[str, str]:
        """How the file heads each column that is read."""
        return {column: self.headings[at] for at, column in enumerate(self.columns) if column}


def header_of(
    cells: Cells, mapped: Mapping[str, str], merged: Sequence[Merge] = (), wanted: Sequence[str] = ()
) -> tuple[Header, Cells]:
    """The header, and the cells below it; each of the headings `wanted` must be there.

    Rows above it are titles (the university's name, the course) if they name no column.

    Raises:
        RosterErrors: there is none, or all that is wrong with it.
    """
    start = [(at, row) for at, row in islice(cells, LIMITS.title_rows) if any(map(str.strip, row))]
    place = _place(start, mapped)
    number, row = start[place]
    headings = [heading.strip() for heading in row]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > LIMITS.columns:
        raise whole_file(f"The header has {len(headings)} columns; at most {LIMITS.columns} are read.")
    problems = [*_merged(number, merged), *_problems(number, headings, row, mapped)]
    problems += _not_there(number, headings, wanted)
    if problems:
        raise RosterErrors(problems)
    columns = [column_of(heading, mapped) or "" for heading in headings]
    return Header(number, headings, columns), chain(start[place + 1 :], cells)


def _place(start: list[tuple[int, list[str]]], mapped: Mapping[str, str]) -> int:
    """Which of the first rows is the header: the one that names most columns, a name's among them if any does."""
    if not start:
        raise whole_file(_EMPTY)
    named = [{column_of(each, mapped) for each in row} - {None, ""} for _, row in start]
    best = max(range(len(start)), key=lambda at: ("name" in named[at], len(named[at]), -at))
    if not named[best]:
        number, row = start[0]
        shown = ", ".join(filter(None, map(str.strip, row)))[:80]
        advice = f"The first row should name the columns, one of them name: {', '.join(COLUMNS)}."
        raise RosterErrors((RosterProblem(number, None, shown, advice),))
    return best


def _problems(
    number: int, headings: Sequence[str], row: Sequence[str], mapped: Mapping[str, str]
) -> Iterator[RosterProblem]:
    seen: dict[str, str] = {}
    for heading, raw in zip(headings, row, strict=False):
        column = column_of(heading, mapped)
        if isinstance(raw, RefusedCell):
            yield RosterProblem(number, heading, None, raw.advice)
        elif refused := refused_character(heading):
            yield RosterProblem(number, heading, None, f"Type it again without the invisible character {refused}.")
        elif heading and column is None:
            yield RosterProblem(number, heading, None, _unknown(heading))
        elif column and column in seen:
            yield RosterProblem(number, heading, None, f"This means the same as {seen[column]}; keep one of the two.")
        elif column:
            seen[column] = heading
    if "name" not in seen:
        yield RosterProblem(number, None, None, _no_name(headings))


def _unknown(heading: str) -> str:
    nearest = suggestion(heading.lower(), list(COLUMNS))
    by_hand = f'--map "{heading}=ignore"'
    return f"No such column is known; rename it, take it out, or leave it unread with {by_hand}. {nearest}"


def _no_name(headings: Sequence[str]) -> str:
    example = next(filter(None, headings), "Heading")
    return f'A column with the students\' names is missing; head it name, or say which it is: --map "{example}=name".'


def _not_there(number: int, headings: Sequence[str], wanted: Sequence[str]) -> Iterator[RosterProblem]:
    present = {plain(heading) for heading in headings}
    for heading in wanted:
        if plain(heading) not in present:
            shown = ", ".join(filter(None, headings))[:200]
            advice = f"This is mapped by --map, and no column is headed so. The headings are: {shown}."
            yield RosterProblem(number, None, heading, advice)


def _merged(number: int, merged: Sequence[Merge]) -> Iterator[RosterProblem]:
    for merge in merged:
        if merge.top <= number <= merge.bottom:
            advice = "These cells are merged; unmerge them and give each column a heading of its own, in one row."
            yield RosterProblem(number, None, merge.place, advice)
