"""What will become of each row of a roster, told before anything happens: new, already issued, or a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from issuer.certificate.achievement import achievement_id
from issuer.course import Course
from issuer.roster import Roster, RosterProblem, Row
from issuer.roster.checking import TELL_APART, same_name
from issuer.settings import load_issuer_settings
from issuer.store import BatchState, Issued, Store
from verifier.errors import SettingsError
from verifier.settings import find_settings


@dataclass(frozen=True)
class AlreadyIssued:
    """A row whose student has this course's certificate."""

    row: Row
    issued: Issued

    @property
    def other_name(self) -> str | None:
        """The name on the certificate, where it is another than the roster's."""
        return self.issued.name if self.issued.name != self.row.name else None

    @property
    def waits(self) -> bool:
        """Whether its batch was begun and is not through."""
        return self.issued.state is not BatchState.DELIVERED

    def __str__(self) -> str:
        """One line for people."""
        stem = f"Row {self.row.number} ({self.row.name}) has this course's certificate already, "
        where = f"of {self.issued.drafted[:10]}, batch {self.issued.batch}, {self.issued.out}"
        waits = "; that batch is not through yet: sanad resume" if self.waits else ""
        if self.other_name is None:
            return f"{stem}{where}{waits}."
        return (
            f"{stem}under the name {self.other_name!r}, {where}{waits}. If it is somebody else, correct the student "
            "number; a certificate with a wrong name is replaced by another one (sanad replace)."
        )


@dataclass(frozen=True)
class Dispositions:
    """Every row of a roster, in one of three places."""

    new: tuple[Row, ...]
    issued: tuple[AlreadyIssued, ...]
    problems: tuple[RosterProblem, ...]
    troubled: tuple[tuple[int, str | None], ...]
    """The rows with problems, with the name where it is readable."""


def person_of(row: Row) -> str:
    """Who a row is for: the student number where there is one, else all that tells people apart."""
    if row.student_number:
        return f"number {row.student_number.casefold()}"
    apart = (row.name, row.father_name or "", row.masked_national_id or "", row.email or "")
    return "name " + " / ".join(part.casefold() for part in apart)


def dispositions(
    roster: Roster,
    issued: Mapping[str, Issued],
    undrawable: Sequence[RosterProblem] = (),
    namesakes: bool = False,
) -> Dispositions:
    """Sort the rows; `undrawable` are the sound rows' problems that only drawing shows."""
    problems = [*undrawable, *([] if namesakes else _perhaps_issued(roster.rows, issued))]
    held_up = {problem.row for problem in problems}
    sound = [row for row in roster.rows if row.number not in held_up]
    known = [(row, issued.get(person_of(row))) for row in sound]
    troubled = [*roster.troubled, *((row.number, row.name) for row in roster.rows if row.number in held_up)]
    return Dispositions(
        tuple(row for row, found in known if found is None),
        tuple(AlreadyIssued(row, found) for row, found in known if found is not None),
        tuple(sorted([*roster.problems, *problems], key=lambda problem: problem.row or 0)),
        tuple(sorted(troubled, key=lambda each: each[0])),
    )


def issued_already(course: Course, config: Path | None) -> dict[str, Issued] | None:
    """Who has this course's certificate by the records; None where nobody says where records are.

    Raises:
        IssuerError, SettingsError: settings were named and cannot be used, or the records cannot.
    """
    try:
        place = config or find_settings()
    except SettingsError:
        return None
    records = load_issuer_settings(place).data / "records.sqlite"
    if not records.exists():
        return {}
    store = Store(records)
    try:
        return store.issued(course.institution.domain, achievement_id(course))
    finally:
        store.close()


def _perhaps_issued(rows: Sequence[Row], issued: Mapping[str, Issued]) -> list[RosterProblem]:
    """Rows of a known name and father that come without the number they had, with one they had not, or with another.

    Namesakes without a father's name and with two numbers are common, and are two people.
    """
    earlier = {
        (same_name(one.name), one.father_name and same_name(one.father_name)): (person, one)
        for person, one in issued.items()
    }
    found = []
    for row in rows:
        father = row.father_name and same_name(row.father_name)
        person, one = earlier.get((same_name(row.name), father), (None, None))
        if one is None or person is None or person_of(row) in issued:
            continue
        if father is not None or not (row.student_number and person.startswith("number ")):
            found.append(_perhaps(row, person, one))
    return found


def _perhaps(row: Row, person: str, one: Issued) -> RosterProblem:
    number = person.removeprefix("number ") if person.startswith("number ") else None
    under = f"under the number {number}" if number else "without a student number"
    advice = (
        f"Somebody of this name has this course's certificate already, {under} (of {one.drafted[:10]}, batch "
        f"{one.batch}). If it is the same person, take the row out. {TELL_APART}"
    )
    return RosterProblem(row.number, "name", row.name, advice)
