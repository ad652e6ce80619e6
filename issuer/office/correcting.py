"""Corrections as they are asked for, looked at before anything happens: whose, what changes, what is against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from issuer.batches.dispositions import person_of
from issuer.course.kept_course import kept_course
from issuer.errors import (
    ActError,
    CourseElsewhereError,
    CourseError,
    ErasedCertificateError,
    IssuerError,
    NamingError,
    RosterErrors,
)
from issuer.office.certificates import Certificates, Meant, Source
from issuer.office.key_choice import KeyChoice
from issuer.office.office import SIGNER, Office
from issuer.office.records_place import place_in
from issuer.records import BatchState, Records
from issuer.records.certificates import Place
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.reasons import code_of
from issuer.roster import Row
from issuer.roster.corrections import CERTIFICATE, FIELDS, Asked
from verifier.core.errors import SanadError
from verifier.core.verdict import Outcome

REASON = "data-error"
_UNKNOWN_YET = b"\xff" * 32
"""In the place of a certificate that is not made yet, where the registry is asked whether it would accept it."""
_STANDING = (Outcome.VALID, Outcome.EXPIRED, Outcome.PENDING)
_OWN = ("name", "father_name", "masked_national_id", "student_number", "email")
"""What is one student's alone."""


@dataclass(frozen=True)
class Change:
    """One thing that is written differently."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Correction:
    """One certificate, and how it is to be."""

    old: Meant
    row: Row
    """The student as the corrected certificate has it."""
    changes: tuple[Change, ...]
    begun: Place | None = None
    """Where the corrected certificate is in the records, if it was drafted already."""
    asked: Asked | None = None

    @property
    def asked_in(self) -> int | None:
        """The row of the file that asks for it."""
        return None if self.asked is None else self.asked.row

    @property
    def is_new(self) -> bool:
        """Whether its certificate is still to be issued."""
        return self.begun is None


@dataclass(frozen=True)
class Plan:
    """What is to be corrected."""

    corrections: tuple[Correction, ...]
    unchanged: tuple[Meant, ...] = ()
    """Those that say already what is asked for."""

    @property
    def fresh(self) -> dict[str, list[Correction]]:
        """What is still to be issued, by the batch of the old certificates: each has one course description."""
        found: dict[str, list[Correction]] = {}
        for each in self.corrections:
            if each.is_new:
                assert each.old.batch is not None
                found.setdefault(each.old.batch, []).append(each)
        return found

    @property
    def begun(self) -> list[str]:
        """The batches of corrections that were begun before, in order."""
        return list(dict.fromkeys(each.begun[0] for each in self.corrections if each.begun is not None))


class Planner:
    """Looks at corrections; nothing is changed or sent.

    Args:
        office: the office.
        store: its records.
        choice: the key that replaces; without one it is the signer's of [issuer].
    """

    def __init__(self, office: Office, store: Records, choice: KeyChoice) -> None:
        self._office, self._store, self._choice = office, store, choice
        self._certificates = Certificates(store, place_in(office))
        self._known = store.corrections.all()
        self._acts: dict[str, InstitutionActs] = {}

    @cached_property
    def _before(self) -> dict[Place, bytes]:
        """By the place of each correction, `H` of what it corrects."""
        return {place: old for old, place in self._known.items()}

    def plan(self, asked: Sequence[Asked]) -> Plan:
        """What becomes of each; every guard is asked.

        Raises:
            RosterErrors: what is wrong in the rows of a file.
            IssuerError: a correction that was typed is not possible, and why; nothing was sent.
        """
        numbers = {each.named for each in asked if each.numbered}
        named = self._certificates.numbered(numbers)
        found, problems = [], []
        for each in asked:
            try:
                found.append(self._one(each, named.get(each.named, [])))
            except (IssuerError, SanadError) as error:
                if each.row is None:
                    raise
                key = CERTIFICATE if CERTIFICATE in each.headings else "student_number"
                problems.append(each.problem(key, str(error), each.named))
        problems += _twice(found)
        if not problems:
            problems += self._taken(found)
        if problems:
            raise RosterErrors(problems)
        changed = [each for each in found if each.changes]
        return Plan(tuple(changed), tuple(each.old for each in found if not each.changes))

    def act_of(self, corrections: Sequence[Correction]) -> Act:
        """The act that would replace certificates of one batch, as far as it can be known before they are issued."""
        old = corrections[0].old
        assert old.root is not None
        hashes = {each.old.hash: _UNKNOWN_YET for each in corrections}
        return self.acts(old).correct_certificates(old.root, hashes, code_of(REASON))

    def acts(self, old: Meant) -> InstitutionActs:
        """The acts of the institution that issued a certificate; errors as Office.institution."""
        assert old.domain is not None
        if old.domain not in self._acts:
            self._acts[old.domain] = self._office.institution(old.domain, self._choice, SIGNER)
        return self._acts[old.domain]

    def _one(self, asked: Asked, numbered: Sequence[Meant]) -> Correction:
        old = self._old(asked, numbered)
        if old.source is not Source.RECORDS or old.batch is None or old.index is None:
            raise ActError(
                f"{old} is not in these records, so its row is not known any more. Issue it from a roster of one row "
                "(sanad issue), then: sanad replace OLD NEW."
            )
        row = self._row(old)
        wanted = replace(row, **asked.values)
        changes = tuple(_changes(row, wanted))
        begun = self._known.get(old.hash)
        if begun is not None and changes:
            return self._begun(old, wanted, changes, begun, asked)
        if changes:
            self._check(old, wanted)
        return Correction(old, wanted, changes, None, asked)

    def _old(self, asked: Asked, numbered: Sequence[Meant]) -> Meant:
        if not numbered:
            return self._named(asked)
        places = {(each.batch, each.index) for each in numbered}
        last = [each for each in numbered if self._known.get(each.hash) not in places]
        if len(last) != 1:
            listed = "; ".join(map(str, last or numbered))
            raise NamingError(
                f"The student number means {len(last)} certificates: {listed}. Name one by its code, in a column "
                "headed certificate."
            )
        return self._still_correcting(last[0], asked) or last[0]

    def _still_correcting(self, new: Meant, asked: Asked) -> Meant | None:
        """What `new` is the correction of, where it is this very correction: then a run that was cut off goes on."""
        assert new.batch is not None
        assert new.index is not None
        old = self._before.get((new.batch, new.index))
        if old is None:
            return None
        before, (kept,) = self._certificates.hashed(old), self._store.certificates.at([(new.batch, new.index)])
        return before if _same(replace(self._row(before), **asked.values), kept.draft.row) else None

    def _named(self, asked: Asked) -> Meant:
        try:
            return self._certificates.named(asked.named)
        except ErasedCertificateError as error:
            raise ActError(
                f"{error} Its row is not known any more, so it cannot be corrected; issue a new one: sanad issue."
            ) from None

    def _row(self, old: Meant) -> Row:
        """The student's row, with the day of award written in: it stays whatever the day of correction is."""
        assert old.batch is not None
        assert old.index is not None
        (kept,) = self._store.certificates.at([(old.batch, old.index)])
        return replace(kept.draft.row, date=old.awarded)

    def _begun(self, old: Meant, wanted: Row, changes: tuple[Change, ...], begun: Place, asked: Asked) -> Correction:
        """The correction that was begun before, where it is the same one."""
        found = self._store.certificates.at([begun])
        if not found or not _same(found[0].draft.row, wanted):
            new = "" if not found or found[0].hash is None else f": {self._certificates.of(found[0])}"
            raise ActError(
                f"{old} is corrected already, by another correction{new}. Correct that one instead; where it is not "
                "finished: sanad resume."
            )
        return Correction(old, wanted, changes, begun, asked)

    def _check(self, old: Meant, wanted: Row) -> None:
        """See that nothing speaks against it."""
        if old.state is not BatchState.DELIVERED:
            raise ActError(f"{old} is not issued yet: its batch is {old.state}. Type: sanad resume; then correct it.")
        verdict = self._office.settings.verifier().check_hash(old.hash)
        if verdict.outcome not in _STANDING:
            reason = "" if verdict.reason is None else f" {verdict.reason.sentence}"
            raise ActError(f"{old} cannot be corrected: it is {verdict.outcome.value}.{reason} Nothing was sent.")
        self._check_course(old, wanted)
        self.act_of([Correction(old, wanted, ())]).is_due()

    def _check_course(self, old: Meant, wanted: Row) -> None:
        try:
            course = kept_course(self._office.issuing.data / "batches" / str(old.batch) / "course")
        except CourseElsewhereError as error:
            raise ActError(str(error)) from None
        except (OSError, CourseError) as error:
            raise ActError(
                f"The course description kept with batch {old.batch} cannot be read: {error} If it is lost, name the "
                "folder that has the course.toml: sanad rebuild --from FOLDER"
            ) from None
        for what, most in (("credits", course.credits), ("hours", course.hours)):
            value = getattr(wanted, what)
            if value is not None and most is not None and value > most:
                raise ActError(f"The course has {most} {what}; nobody can have more than that: {value}.")

    def _taken(self, found: Sequence[Correction]) -> Iterator[Any]:
        """Numbers that would make one student of two."""
        there = {(each.old.batch, each.old.index) for each in found}
        persons: dict[tuple[str | None, str], Correction] = {}
        for each in (one for one in found if one.changes and one.is_new):
            assert each.asked is not None
            person, first = person_of(each.row), persons.setdefault((each.old.course_id, person_of(each.row)), each)
            if first is not each:
                yield each.asked.problem("student_number", f"{first.old} would be the same student then.")
            others = [] if person == person_of(self._row(each.old)) else self._having(each)
            for other in others:
                if (other.batch, other.index) not in there:
                    yield each.asked.problem(
                        "student_number", f"This number has another certificate of the course: {other}."
                    )

    def _having(self, each: Correction) -> list[Meant]:
        number = each.row.student_number
        known = [] if number is None else self._certificates.numbered([number])[number]
        return [one for one in known if one.is_of_same_course(each.old) and one.hash not in self._known]


def check_alike(asked: Mapping[str, Any], olds: Sequence[Meant]) -> None:
    """See that what is one student's alone is not written onto several students' certificates.

    Raises:
        ActError: it is.
    """
    other = next((each for each in olds if not olds[0].is_of_same_student(each)), None)
    if other is not None and any(field in asked for field in _OWN):
        raise ActError(
            f"These certificates are of different students: {olds[0]}; and {other}. Correct them one by one, or from a "
            "file: sanad correct --from corrections.csv. Nothing was sent."
        )


def _changes(old: Row, new: Row) -> Iterator[Change]:
    names = {field: column for column, field in FIELDS.items()}
    for field in ("name", "student_number", "father_name", "masked_national_id", "grade", "credits", "hours", "term",
                  "email", "date"):  # fmt: skip
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(names.get(field, field), before, after)


def _same(one: Row, other: Row) -> bool:
    return replace(one, number=0) == replace(other, number=0)


def _twice(found: Sequence[Correction]) -> Iterator[Any]:
    seen: dict[bytes, Correction] = {}
    for each in found:
        first = seen.setdefault(each.old.hash, each)
        if first is not each and each.asked is not None and first.asked is not None:
            where = "" if first.asked.row is None else f" (row {first.asked.row})"
            yield each.asked.problem(
                CERTIFICATE, f"This certificate is corrected twice{where}; keep one.", each.asked.named
            )


def ahead(row: Row) -> bool:
    """Whether its day of award lies ahead, so that it is not valid before."""
    return row.date is not None and row.date > date.today()
