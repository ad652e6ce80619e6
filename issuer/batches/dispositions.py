"""What will become of each row of a roster, shown before anything happens.

It is new, it is issued already, it is issued again because somebody asked for that by name, or it is a problem.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from issuer.records import BatchState, Issued
from issuer.roster.model import Roster, RosterProblem, Row
from issuer.roster.row_checks import IF_TWO_PEOPLE, same_name

AGAIN = "--again"
_SHOWN = "shown "


@dataclass(frozen=True)
class AlreadyIssued:
    """A row whose student has this course's certificate."""

    row: Row
    issued: Issued

    @property
    def renamed(self) -> bool:
        """Whether the certificate has another name than the roster."""
        return self.issued.name != self.row.name

    @property
    def waits(self) -> bool:
        """Whether its batch was begun and is not finished."""
        return self.issued.state is not BatchState.DELIVERED

    def __str__(self) -> str:
        """Which certificate it is, for people."""
        name = f" under the name {self.issued.name!r}" if self.renamed else ""
        waits = "; that batch is not finished yet: sanad resume" if self.waits else ""
        return f"{self.issued.drafted[:10]}{name}, {self.issued.out}{waits}"


@dataclass(frozen=True)
class Dispositions:
    """Every row of a roster, in one of four places."""

    new: tuple[Row, ...]
    again: tuple[AlreadyIssued, ...]
    """Those who have it and get it again, as asked."""
    issued: tuple[AlreadyIssued, ...]
    """Those who have it and are left out."""
    problems: tuple[RosterProblem, ...]
    troubled: tuple[Row, ...]
    """The rows with problems; a name that is not readable is empty."""

    @property
    def to_issue(self) -> tuple[Row, ...]:
        """The rows that get a certificate, in the roster's order."""
        rows = [*self.new, *(each.row for each in self.again)]
        return tuple(sorted(rows, key=_number))


def person_of(row: Row) -> str:
    """Who a row is for: the student number where there is one, else all that distinguishes people."""
    if row.student_number:
        return f"number {row.student_number.casefold()}"
    apart = (row.name, row.father_name or "", row.masked_national_id or "", row.email or "")
    return "name " + " / ".join(part.casefold() for part in apart)


def person_shown(row: Row, unique: str) -> str:
    """Who a certificate is for of which only what it shows is known (issuer/custody/from_credential.py).

    Its roster may have had a student number or an address that the certificate does not show.
    """
    apart = (row.name, row.father_name or "", row.masked_national_id or "")
    return _SHOWN + " / ".join(part.casefold() for part in apart) + f" / {unique}"


class Holders:
    """Who has a course's certificate, found by the rows of a roster.

    Args:
        issued: by `person_of` or `person_shown`.
        rows: the whole roster, whose namesakes count.
    """

    def __init__(self, issued: Mapping[str, Issued], rows: Sequence[Row]) -> None:
        self._issued = issued
        self._shown: dict[str, list[tuple[str, Issued]]] = {}
        for person, one in issued.items():
            if person.startswith(_SHOWN):
                self._shown.setdefault(same_name(one.name), []).append((person, one))
        names = [same_name(row.name) for row in rows] if self._shown else []
        self._rows = {name: names.count(name) for name in self._shown}

    def of(self, row: Row) -> Issued | None:
        """The last certificate of a row's student.

        One of which only the name is known belongs to a row that says nothing else than the certificate does, unless
        the roster has more namesakes than there are such certificates.
        """
        if (exact := self._issued.get(person_of(row))) is not None:
            return exact
        name = same_name(row.name)
        alike = [one for person, one in self._shown.get(name, ()) if _may_be(row, person, one)]
        return alike[-1] if alike and self._rows.get(name, 0) <= len(self._shown[name]) else None


def _may_be(row: Row, person: str, one: Issued) -> bool:
    mine, theirs = row.father_name, one.father_name
    father = theirs is None or mine is None or same_name(mine) == same_name(theirs)
    masked = person.rsplit(" / ", 2)[1]
    return father and (not masked or not row.masked_national_id or masked == row.masked_national_id.casefold())


def dispositions(
    roster: Roster,
    issued: Mapping[str, Issued],
    undrawable: Sequence[RosterProblem] = (),
    again: Sequence[str] = (),
    namesakes: bool = False,
) -> Dispositions:
    """Sort the rows.

    Args:
        roster: with its own problems.
        issued: who has the course's certificate, by `person_of`.
        undrawable: problems that only drawing shows.
        again: row numbers and names of those who get it again.
        namesakes: people who differ only in a number are known to be different.
    """
    headed = [replace(problem, column=_heading(roster, problem.column)) for problem in undrawable]
    holders = Holders(issued, roster.rows)
    perhaps = [] if namesakes else list(_perhaps_issued(roster, issued, holders))
    unsound = {problem.row for problem in (*headed, *perhaps)}
    sound = [row for row in roster.rows if row.number not in unsound]
    known = [AlreadyIssued(row, one) for row in sound if (one := holders.of(row)) is not None]
    asked, misunderstood = _asked_again(again, roster, known)
    have = {each.row.number for each in known}
    troubled = [*roster.troubled, *(row for row in roster.rows if row.number in unsound)]
    return Dispositions(
        tuple(row for row in sound if row.number not in have),
        tuple(each for each in known if each.row.number in asked),
        tuple(each for each in known if each.row.number not in asked),
        tuple(sorted([*roster.problems, *headed, *perhaps, *misunderstood], key=lambda problem: problem.row or 0)),
        tuple(sorted(troubled, key=_number)),
    )


def _number(row: Row) -> int:
    return row.number


def _heading(roster: Roster, column: str | None) -> str | None:
    """A column as the file heads it."""
    return roster.headings.get((column or "").replace(" ", "_"), column)


def _asked_again(
    words: Sequence[str], roster: Roster, known: Sequence[AlreadyIssued]
) -> tuple[set[int], list[RosterProblem]]:
    """The rows that `--again` means, and what is wrong with the rest of it."""
    names: dict[str, list[int]] = {}
    for row in roster.rows:
        names.setdefault(same_name(row.name), []).append(row.number)
    have, troubled = {each.row.number for each in known}, {row.number for row in roster.troubled}
    asked, problems = set(), []
    for word in words:
        spoken = word.strip().casefold().removeprefix("row").strip()
        rows = [int(spoken)] if spoken.isdecimal() else names.get(same_name(word.strip()), [])
        if len(rows) == 1 and rows[0] in have | troubled:
            asked.update(rows)
        else:
            problems.append(RosterProblem(None, AGAIN, word, _not_again(rows, roster)))
    return asked, problems


def _not_again(rows: Sequence[int], roster: Roster) -> str:
    if len(rows) > 1:
        listed = ", ".join(map(str, rows[:10]))
        return f"Several students have this name (rows {listed}); say which by the number of the row."
    named = next((row.name for row in roster.rows if rows and row.number == rows[0]), None)
    if named is None:
        return "It matches no student of the roster; write the number of the row, or the name as the roster has it."
    return f"Row {rows[0]} ({named}) has no certificate of this course yet and needs no {AGAIN}; leave it out."


def _perhaps_issued(roster: Roster, issued: Mapping[str, Issued], holders: Holders) -> Iterator[RosterProblem]:
    """Sound rows of a known name and father that come without their number, with a new one, or with another.

    Namesakes without a father's name and with two numbers are common, and are two people.
    """
    earlier = {
        (same_name(one.name), one.father_name and same_name(one.father_name)): (person, one)
        for person, one in issued.items()
    }
    for row in roster.rows:
        father = row.father_name and same_name(row.father_name)
        person, one = earlier.get((same_name(row.name), father), (None, None))
        if one is None or person is None or holders.of(row) is not None:
            continue
        if father is not None or not (row.student_number and person.startswith("number ")):
            yield RosterProblem(row.number, _heading(roster, "name"), row.name, _perhaps(person, one))


def _perhaps(person: str, one: Issued) -> str:
    number = person.removeprefix("number ") if person.startswith("number ") else None
    under = f"under the number {number}" if number else "without a student number"
    return (
        f"Somebody of this name has this course's certificate already, {under} (of {one.drafted[:10]}, batch "
        f"{one.batch}). If it is the same person, take the row out or correct the number. {IF_TWO_PEOPLE}"
    )
