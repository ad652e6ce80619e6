"""The header of a roster: found below titles, read, and everything that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice

from issuer.course.fields import COLUMNS
from issuer.errors import RosterErrors
from issuer.roster.columns import column_of, plain
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, Merge, RefusedCell, RosterProblem, whole_file
from issuer.text import refused_character

_EMPTY = "The roster is empty; its first row names the columns, and each next row a student."


@dataclass(frozen=True)
class Header:
    """Where the columns are."""

    row: int
    headings: list[str]
    columns: list[str]
    """For each place the column's name, `""` where it is not read."""
    problems: tuple[RosterProblem, ...] = ()
    """What is wrong with it but does not prevent reading the rows."""

    @property
    def heading_of(self) -> dict[str, str]:
        """How the file heads each column that is read."""
        return {column: self.headings[at] for at, column in enumerate(self.columns) if column}


def header_of(
    cells: Cells,
    mapped: Mapping[str, str],
    merged: Sequence[Merge] = (),
    wanted: Sequence[str] = (),
    named: bool = True,
) -> tuple[Header, Cells]:
    """The header, and the cells below it; each of the headings `wanted` must be there.

    Rows above it are titles (the university's name, the course) if they name no column. With `named` one of its columns
    has the students' names.

    Raises:
        RosterErrors: there is none, or its columns are not clear.
    """
    start = [(at, row) for at, row in islice(cells, LIMITS.title_rows) if any(map(str.strip, row))]
    place = _place(start, mapped)
    number, row = start[place]
    headings = [heading.strip() for heading in row]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > LIMITS.columns:
        raise whole_file(f"The header has {len(headings)} columns; at most {LIMITS.columns} are read.")
    columns: list[str] = []
    problems = [*_merged(number, merged), *_problems(number, headings, row, mapped, columns)]
    problems += _not_there(number, headings, wanted)
    nameless = named and "name" not in columns
    if nameless:
        problems.append(RosterProblem(number, None, None, _no_name(headings)))
    if nameless or any(_merged(number, merged)):
        raise RosterErrors(problems)
    return Header(number, headings, columns, tuple(problems)), chain(start[place + 1 :], cells)


def _place(start: list[tuple[int, list[str]]], mapped: Mapping[str, str]) -> int:
    """Which of the first rows is the header: the one that names most columns, a name's among them if any does."""
    if not start:
        raise whole_file(_EMPTY)
    named = [{column_of(each, mapped) for each in row} - {None, ""} for _, row in start]
    best = max(range(len(start)), key=lambda at: ("name" in named[at], len(named[at]), -at))
    if not named[best]:
        number, row = start[0]
        shown = ", ".join(filter(None, map(str.strip, row)))[:80]
        advice = f"The first row should name the columns, one of them name: {', '.join(COLUMNS)}. {_by_hand(row)}"
        raise RosterErrors((RosterProblem(number, None, shown, advice),))
    return best


def _problems(
    number: int, headings: Sequence[str], row: Sequence[str], mapped: Mapping[str, str], columns: list[str]
) -> Iterator[RosterProblem]:
    """What is wrong heading by heading; `columns` is filled with what can be read."""
    seen: dict[str, str] = {}
    for heading, raw in zip(headings, row, strict=False):
        column = column_of(heading, mapped)
        columns.append("")
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
            columns[-1] = column


def _unknown(heading: str) -> str:
    near = get_close_matches(heading.lower(), COLUMNS, n=1, cutoff=0.6)
    meant = f' If it is the {near[0]}, say --map "{heading}={near[0]}".' if near else ""
    return f'No such column is known. If it is not wanted on certificates, say --map "{heading}=ignore".{meant}'


def _no_name(headings: Sequence[str]) -> str:
    return f"A column with the students' names is missing. {_by_hand(headings)}"


def _by_hand(headings: Sequence[str]) -> str:
    example = next(filter(None, map(str.strip, headings)), "Heading")
    return f'Change its heading to name, or say which column it is: --map "{example}=name".'


def _not_there(number: int, headings: Sequence[str], wanted: Sequence[str]) -> Iterator[RosterProblem]:
    present = {plain(heading) for heading in headings}
    for heading in wanted:
        if plain(heading) not in present:
            shown = ", ".join(filter(None, headings))[:200]
            advice = f"This is mapped by --map, and no column has this heading. The headings are: {shown}."
            yield RosterProblem(number, None, heading, advice)


def _merged(number: int, merged: Sequence[Merge]) -> Iterator[RosterProblem]:
    for merge in merged:
        if merge.top <= number <= merge.bottom:
            advice = "These cells are merged; unmerge them and give each column its own heading, in one row."
            yield RosterProblem(number, None, merge.place, advice)
