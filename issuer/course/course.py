"""The course description, `course.toml`: who awards what, in which words.

Every field is explained in `issuer/samples/course.toml`. `load_course` reads a file and reports every mistake at once.
"""

# ruff: noqa: RUF009 - every default here is dataclasses.field() with its check in the metadata

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from issuer.course import alignment
from issuer.course import fields as kind
from issuer.course.alignment import Alignment
from issuer.course.fields import Check
from issuer.errors import CourseError, ValueProblem
from issuer.sheet.texts import DESIGN_NAMES, SheetLabels, SheetWording
from issuer.text import suggestion
from verifier.plain_file import read_plain_text

# Open Badges 3.0, AchievementType: those that a university awards.
ACHIEVEMENT_TYPES = (
    *("Achievement", "ApprenticeshipCertificate", "Assessment", "Award", "Badge", "Certificate"),
    *("CertificateOfCompletion", "Certification", "CoCurricular", "CommunityService", "Competency", "Course"),
    *("Degree", "Diploma", "Fieldwork", "LearningProgram", "License", "Membership", "MicroCredential"),
)
# Open Badges 3.0, ResultType: those that a grade can be.
GRADE_TYPES = (
    *("LetterGrade", "Percent", "GradePointAverage", "PerformanceLevel"),
    *("RawScore", "ScaledScore", "Result"),
)

# W3C Data Integrity EdDSA Cryptosuites 1.0; the first is the one that Open Badges asks for.
CRYPTOSUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")


BADGE = "badge"
"""In place of a web address: the badge's own address at the verifier."""


def _key(check: Check, **default: Any) -> Any:
    return field(metadata={"check": check}, **default)


def _optional(check: Check) -> Any:
    return _key(check, default=None)


@dataclass(frozen=True)
class Institution:
    """`[institution]`: the university that awards the certificate."""

    name: str = _key(kind.line(150))
    domain: str = _key(kind.domain)
    name_urdu: str | None = _optional(kind.line(150))
    url: str | None = _optional(kind.url)
    logo: Path | None = _optional(kind.picture)
    logo_url: str | None = _optional(kind.url)
    utc_offset: str = _key(kind.utc_offset, default="Z")


@dataclass(frozen=True)
class Professor:
    """`[professor]`: who assessed the students and signs the sheet."""

    name: str = _key(kind.line(100))
    name_urdu: str | None = _optional(kind.line(100))
    title: str | None = _optional(kind.line(150))
    email: str | None = _optional(kind.email)
    url: str | None = _optional(kind.url)
    signature: Path | None = _optional(kind.picture)


@dataclass(frozen=True)
class Programme:
    """`[programme]`: the programme that designed the course, where it is not the institution itself."""

    name: str = _key(kind.line(150))
    url: str | None = _optional(kind.url)


@dataclass(frozen=True)
class Wording:
    """`[wording]`: the words of the sheet."""

    headline: str = _key(kind.line(60), default="Certificate of Completion")
    certifies: str = _key(kind.line(100), default="This is to certify that")
    completed: str = _key(kind.line(150), default="has successfully completed the course")
    check: str = _key(kind.line_with(200, "{code}", "{domain}"), default=SheetWording.how_to_check)
    headline_urdu: str = _key(kind.line(60), default=SheetWording.headline_urdu)
    certifies_urdu: str = _key(kind.line(100), default=SheetWording.lead_urdu)
    completed_urdu: str = _key(kind.line(150), default=SheetWording.statement_urdu)
    check_urdu: str = _key(kind.line_with(200, "{code}", "{domain}"), default=SheetWording.how_to_check_urdu)


def _label(name: str) -> Any:
    return _key(kind.line(40), default=getattr(SheetLabels, name))


@dataclass(frozen=True)
class Labels:
    """`[labels]`: the words beside the values of the sheet."""

    father: str = _label("father")
    student_number: str = _label("student_number")
    grade: str = _label("grade")
    credits: str = _label("credits")
    hours: str = _label("hours")
    term: str = _label("term")
    date: str = _label("date")
    expires: str = _label("expires")
    scan: str = _label("scan")
    father_urdu: str = _label("father_urdu")
    student_number_urdu: str = _label("student_number_urdu")
    grade_urdu: str = _label("grade_urdu")
    credits_urdu: str = _label("credits_urdu")
    hours_urdu: str = _label("hours_urdu")
    term_urdu: str = _label("term_urdu")
    date_urdu: str = _label("date_urdu")
    expires_urdu: str = _label("expires_urdu")
    scan_urdu: str = _label("scan_urdu")


@dataclass(frozen=True)
class Expiry:
    """`[expiry]`: until a day, or for some years from the award; neither: never."""

    until: date | None = _optional(kind.day)
    years: int | None = _optional(kind.whole(100))


@dataclass(frozen=True)
class Include:
    """`[include]`: which of the roster's identities go into the certificate."""

    student_number: bool = _key(kind.yes_or_no, default=True)
    father_name: bool = _key(kind.yes_or_no, default=True)
    national_id: bool = _key(kind.yes_or_no, default=True)
    email: bool = _key(kind.yes_or_no, default=False)


@dataclass(frozen=True)
class Appearance:
    """`[appearance]`: how the sheet looks."""

    design: str = _key(kind.one_of(DESIGN_NAMES), default="formal")
    colour: str = _key(kind.ink, default="#0b5d3b")
    second_colour: str = _key(kind.colour, default="#b08d3c")


@dataclass(frozen=True)
class RosterHeadings:
    """`[roster]`: what the headings of this institution's rosters mean, where they do not say it themselves."""

    columns: tuple[tuple[str, str], ...] = _key(kind.roster_columns, default=())


@dataclass(frozen=True)
class Signature:
    """`[signature]`: how credentials are signed."""

    cryptosuite: str = _key(kind.one_of(CRYPTOSUITES), default=CRYPTOSUITES[0])


@dataclass(frozen=True)
class VerifierAddress:
    """`[verifier]`: where certificates of this institution are checked."""

    origin: str = _key(kind.origin)


@dataclass(frozen=True, kw_only=True)
class Course:
    """One course of one institution, as `course.toml` describes it; the fields of `[course]` are its own."""

    title: str = _key(kind.line(150))
    description: str = _key(kind.paragraphs(2000))
    criteria: str = _key(kind.paragraphs(2000))
    title_urdu: str | None = _optional(kind.line(150))
    criteria_url: str | None = _optional(kind.url)
    code: str | None = _optional(kind.line(40))
    language: str = _key(kind.language, default="en")
    credits: int | float | None = _optional(kind.number(300))
    hours: int | float | None = _optional(kind.number(10_000))
    term: str | None = _optional(kind.line(60))
    award: str = _key(kind.one_of(ACHIEVEMENT_TYPES), default="CertificateOfCompletion")
    grade: str = _key(kind.one_of(GRADE_TYPES), default="LetterGrade")
    tags: tuple[str, ...] = _key(kind.lines(40, 20), default=())
    image: str | None = _optional(kind.url_or(BADGE))
    badge: Path | None = _optional(kind.picture)
    institution: Institution
    professor: Professor
    verifier: VerifierAddress
    programme: Programme | None = None
    wording: Wording = Wording()
    labels: Labels = Labels()
    expiry: Expiry = Expiry()
    include: Include = Include()
    appearance: Appearance = Appearance()
    roster: RosterHeadings = RosterHeadings()
    signature: Signature = Signature()
    alignment: tuple[Alignment, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but should only be done on purpose."""
        if not self.include.email:
            return ()
        return (
            "[include] email = true puts a hash of each student's e-mail address into the certificate permanently. "
            "Addresses can be guessed, and the salt is beside the hash: anybody who has the certificate can try them.",
        )

    def with_origin(self, origin: str) -> "Course":
        """The same course with certificates checked at another address (`--public-url`).

        Raises:
            CourseError: it is not an origin.
        """
        try:
            return replace(self, verifier=VerifierAddress(kind.origin(origin)))
        except ValueProblem as advice:
            raise CourseError((CourseProblem("verifier.origin", origin, str(advice)),)) from None


@dataclass(frozen=True)
class CourseProblem:
    """One mistake in a course description."""

    field: str
    """Section and key, `institution.domain`; empty for the file as a whole."""
    value: Any
    """What is written there; None where something is missing."""
    advice: str

    def __str__(self) -> str:
        """One line for people."""
        shown = "" if self.value is None else f" = {_shown(self.value)}"
        return f"{self.field}{shown}: {self.advice}" if self.field else self.advice


_SECTIONS: dict[str, Any] = {
    "institution": Institution,
    "professor": Professor,
    "programme": Programme,
    "wording": Wording,
    "labels": Labels,
    "expiry": Expiry,
    "include": Include,
    "appearance": Appearance,
    "signature": Signature,
    "verifier": VerifierAddress,
    "roster": RosterHeadings,
}
PICTURES = (("institution", "logo"), ("professor", "signature"), ("course", "badge"))
"""Section and field of every picture."""
_REQUIRED = ("course", "institution", "professor", "verifier")


def load_course(path: Path) -> Course:
    """Read a course description.

    Raises:
        CourseError: it cannot be read, or has mistakes: all of them, each with field, value and what to do.
    """
    return course_from(course_document(path), path.parent)


def course_document(path: Path) -> dict[str, Any]:
    """What the file says, not yet checked.

    Raises:
        CourseError: it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(read_plain_text(path))
    except OSError as error:
        raise CourseError((_whole_file(f"{path} cannot be read: {error.strerror}."),)) from None
    except UnicodeDecodeError as error:
        raise CourseError((_whole_file(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8."),)) from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError((_whole_file(f"{path} is not TOML: {error}."),)) from None


def course_from(document: Mapping[str, Any], folder: Path) -> Course:
    """The course of a parsed description; pictures are read from `folder`.

    Raises:
        CourseError: with all mistakes.
    """
    reader = _Reader(folder)
    reader.unknown("", document, ["course", *_SECTIONS, "alignment"])
    values: dict[str, Any] = reader.section("course", document, Course)
    for name, section in _SECTIONS.items():
        if name in document or name in _REQUIRED:
            read = reader.section(name, document, section)
            values[name] = None if reader.problems else section(**read)
    aligned = reader.alignments(document.get("alignment", []))
    reader.together(document)
    if reader.problems:
        raise CourseError(tuple(reader.problems))
    return Course(**values, alignment=tuple(Alignment(**each) for each in aligned))


class _Reader:
    """Reads section by section and gathers what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[CourseProblem] = []

    def section(self, name: str, document: Mapping[str, Any], section: Any) -> dict[str, Any]:
        table = document.get(name, {})
        if not isinstance(table, dict):
            self.problems.append(CourseProblem(name, table, f"Write it as a section, [{name}], with its fields below."))
            return {}
        known = [item for item in fields(section) if "check" in item.metadata]
        self.unknown(f"{name}.", table, [item.name for item in known])
        return {item.name: value for item in known if (value := self._value(name, item, table)) is not MISSING}

    def alignments(self, tables: Any) -> list[dict[str, Any]]:
        if not isinstance(tables, list) or len(tables) > alignment.MOST:
            advice = f"Write each as its own section, [[alignment]], at most {alignment.MOST} of them."
            self.problems.append(CourseProblem("alignment", None, advice))
            return []
        places = [f"alignment[{number}]" for number in range(1, len(tables) + 1)]
        found = [self.section(place, {place: table}, Alignment) for place, table in zip(places, tables, strict=True)]
        addresses = [each.get("url") for each in found]
        for place, address in zip(places, addresses, strict=True):
            if address is not None and addresses.count(address) > 1:
                self.problems.append(CourseProblem(f"{place}.url", address, "Two have this address; keep one of them."))
        return found

    def unknown(self, prefix: str, table: Mapping[str, Any], known: list[str]) -> None:
        for key in table:
            if key not in known:
                advice = f"There is no such {'field' if prefix else 'section'}. {suggestion(key, known)}"
                self.problems.append(CourseProblem(prefix + key, None, advice))

    def together(self, document: Mapping[str, Any]) -> None:
        expiry = document.get("expiry")
        if isinstance(expiry, dict) and "until" in expiry and "years" in expiry:
            advice = "Keep one of until and years, not both."
            self.problems.append(CourseProblem("expiry", None, advice))

    def _value(self, section: str, item: Field[Any], table: Mapping[str, Any]) -> Any:
        name = f"{section}.{item.name}"
        if item.name not in table:
            if item.default is MISSING:
                self.problems.append(CourseProblem(name, None, f"This is missing: write {item.name} in [{section}]."))
            return MISSING
        try:
            value = item.metadata["check"](table[item.name])
            return kind.in_folder(value, self.folder) if isinstance(value, Path) else value
        except ValueProblem as advice:
            self.problems.append(CourseProblem(name, table[item.name], str(advice)))
            return MISSING


def _whole_file(advice: str) -> CourseProblem:
    return CourseProblem("", None, advice)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
