"""A roster looked at before anything happens: what will happen to each row, as data and in numbers."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from issuer.batches.dispositions import AlreadyIssued, Dispositions, dispositions
from issuer.batches.issuing import check_class
from issuer.course.course import Course
from issuer.credential.achievement import achievement_id
from issuer.errors import RosterErrors
from issuer.records import Issued, Records
from issuer.records.rebuilding import UNKNOWN_COURSE
from issuer.roster.model import ReadOptions, RosterNote, RosterProblem, Row, note
from issuer.roster.reading import scan_roster
from issuer.settings import load_issuer_settings
from verifier.core.hashes import to_hex
from verifier.errors import SettingsError
from verifier.settings import find_settings

_NO_RECORDS = "No sanad.toml was found, so nobody could be looked up who has the certificate already."


@dataclass(frozen=True)
class Ending:
    """Why nothing is issued."""

    exit_code: int
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row."""

    row: Row
    disposition: str
    """new, again, already issued, or problem."""
    more: str = ""
    """The same with what is to be known of it, for people."""


@dataclass(frozen=True)
class ClassReport:
    """What will happen to a roster's rows."""

    course: str
    """The course's title."""
    found: Dispositions
    notes: tuple[RosterNote, ...]

    @property
    def students(self) -> int:
        """Rows that are not empty."""
        found = self.found
        return len(found.new) + len(found.again) + len(found.issued) + len(found.troubled)

    def ending(self, check: bool) -> Ending | None:
        """How it ends before anything is issued; None where there is something to issue."""
        if self.found.problems:
            return Ending(2, "Nothing was issued.")
        if check:
            return Ending(0, "Nothing was issued: this was a check.")
        if self.found.to_issue:
            return None
        if any(each.waits for each in self.found.issued):
            return Ending(3, "Nothing more was issued: every certificate was begun already. Type: sanad resume")
        return Ending(0, "Nothing was issued: everybody has this course's certificate already.")

    def hints(self) -> list[str]:
        """What may be wanted next."""
        found, hints = self.found, []
        ahead = [row for row in found.to_issue if row.date is not None and row.date > date.today()]
        if ahead:
            who = "1 student has" if len(ahead) == 1 else f"{len(ahead):,} students have"
            hints.append(
                f"{who} a date of award that lies ahead (row {ahead[0].number}: {ahead[0].date}). Until that day the "
                "certificate is shown as not valid yet."
            )
        if any(each.renamed for each in found.issued):
            hints.append(
                "Another name than in the records: if it is somebody else, correct the student number; if the name was "
                'wrong: sanad correct CERTIFICATE --name "…".'
            )
        if found.again:
            hints.append("Earlier certificates stay valid until they are revoked or replaced: sanad replace.")
        return hints

    def outcomes(self) -> list[Outcome]:
        """What becomes of each row, in the roster's order."""
        found = self.found
        rows = [Outcome(row, "new") for row in found.new]
        rows += [Outcome(each.row, "again", f"will be issued again; has already {each}") for each in found.again]
        rows += [Outcome(each.row, "already issued", f"already issued: {each}") for each in found.issued]
        rows += [Outcome(row, "problem") for row in found.troubled]
        return sorted(rows, key=lambda outcome: outcome.row.number)

    def data(self) -> dict[str, Any]:
        """Everything, as plain data."""
        found = self.found
        return {
            "course": self.course,
            "students": self.students,
            "new": len(found.new),
            "rows": [
                {"row": each.row.number, "name": each.row.name or None, "disposition": each.disposition}
                for each in self.outcomes()
            ],
            "again": [_issued_data(each) for each in found.again],
            "already_issued": [_issued_data(each) for each in found.issued],
            "problems": problems_data(found.problems),
            "notes": [note.advice for note in self.notes],
        }

    def summary(self) -> str:
        """One sentence with the numbers."""
        found = self.found
        counts = {
            "to be issued again": len(found.again),
            "who has it already" if len(found.issued) == 1 else "who have it already": len(found.issued),
            "with problems": len(found.troubled),
        }
        parts = [f"{len(found.new):,} new", *(f"{count:,} {what}" for what, count in counts.items() if count)]
        return (
            f"{self.course}, {self.students:,} {'student' if self.students == 1 else 'students'}: {', '.join(parts)}."
        )


def examine(
    course: Course, roster: Path, options: ReadOptions, again: tuple[str, ...] = (), config: Path | None = None
) -> ClassReport:
    """Read a roster, and see what will happen to each row.

    Raises:
        RosterErrors: what is wrong with the file as a whole or its header.
        BuildError: the course's own texts cannot be drawn.
        IssuerError, SettingsError: the records cannot be used.
    """
    read = scan_roster(roster, course, options)
    issued = issued_already(course, config)
    notes = (*read.notes, *(map(note, unknown_holders(course, config)) if issued is not None else [note(_NO_RECORDS)]))
    found = dispositions(
        read, issued or {}, _undrawable(course, (*read.rows, *read.troubled)), again, options.namesakes
    )
    return ClassReport(course.title, found, notes)


def issued_already(course: Course, config: Path | None) -> dict[str, Issued] | None:
    """Who has this course's certificate by the records; None where nobody says where records are.

    Raises:
        IssuerError, SettingsError: settings were named and cannot be used, or the records cannot.
    """
    try:
        place = config or find_settings()
    except SettingsError:
        return None
    records = load_issuer_settings(place).records
    if not records.exists:
        return {}
    store = Records(records)
    try:
        return store.issued(course.institution.domain, achievement_id(course))
    finally:
        store.close()


def unknown_holders(course: Course, config: Path | None) -> list[str]:
    """What is to be known where the records lack certificates of this course, because they were lost or erased.

    Raises:
        IssuerError, SettingsError: as `issued_already`.
    """
    records = load_issuer_settings(config or find_settings()).records
    if not records.exists:
        return []
    with closing(Records(records)) as store:
        return [
            f"Batch {batch.id[:8]} ({batch.drafted[:10]}) lacks {lacking:,} of {batch.size:,} certificates, lost or "
            "erased: it is not known who has them. Somebody who is new here may have one already."
            for batch, lacking in store.rebuilt.gaps(course.institution.domain)
            if batch.course in (course.title, UNKNOWN_COURSE)
        ]


def problems_data(problems: tuple[RosterProblem, ...]) -> list[dict[str, Any]]:
    """Problems as plain data."""
    return [{"row": one.row, "column": one.column, "value": one.value, "advice": one.advice} for one in problems]


def _undrawable(course: Course, rows: tuple[Row, ...]) -> tuple[RosterProblem, ...]:
    try:
        check_class(course, rows)
    except RosterErrors as error:
        return error.problems
    return ()


def _issued_data(each: AlreadyIssued) -> dict[str, Any]:
    issued = each.issued
    return {
        "row": each.row.number,
        "name": each.row.name,
        "issued_to": issued.name,
        "batch": issued.batch,
        "state": issued.state.value,
        "drafted": issued.drafted,
        "out": issued.out,
        "hash": None if issued.hash is None else to_hex(issued.hash),
    }
