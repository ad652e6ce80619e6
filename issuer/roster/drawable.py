"""Whether a class's sheets can be drawn, reported for all rows at once and before anything is issued."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from issuer.course.course import Course, Expiry
from issuer.course.sheet_wording import sheet_wording
from issuer.roster import RosterProblem, Row
from issuer.sheet.errors import SheetError
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import SheetFields

_COLUMNS = {
    "name": "recipient",
    "father_name": "father",
    "student_number": "student_number",
    "grade": "grade",
    "term": "term",
}
"""A roster's fields that the sheet shows as they are, and their names there."""

_SURELY_FITS = 24
"""Letters that fit every place in every design; longer values are typeset to find out."""

_BLANK = SheetFields(
    recipient="A",
    date="1 January 2026",
    link="https://verify.example/c/" + "A" * 43,
    code="0000-0000-0000",
    hash="0" * 64,
    identity="urn:uuid:00000000-0000-4000-8000-000000000000",
    drafted=datetime(2026, 1, 1, tzinfo=UTC),
)


def undrawable(course: Course, rows: Sequence[Row]) -> list[RosterProblem]:
    """What a sheet of this course cannot show: characters that no packaged font has, texts too long.

    Every character of the class is tried once, and only long values are set, so large classes are checked quickly.

    Raises:
        SheetError: the course's own texts cannot be drawn.
    """
    template, blank = SheetTemplate(sheet_wording(course)), _blank(course)
    template.check(blank)
    missing = {char for char in _characters(rows) if _refusal(template, blank, recipient=f"A{char}") is not None}
    return list(_problems(template, blank, rows, missing))


def _blank(course: Course) -> SheetFields:
    """A certificate's fields with what every certificate of the course has."""
    if course.expiry == Expiry():
        return _BLANK
    return replace(_BLANK, expires="30 September 2030", expires_urdu="30 ستمبر 2030")


def _problems(
    template: SheetTemplate, blank: SheetFields, rows: Sequence[Row], missing: set[str]
) -> Iterator[RosterProblem]:
    for row in rows:
        for column, field in _COLUMNS.items():
            value = getattr(row, column)
            if value and (not missing.isdisjoint(value) or len(value) > _SURELY_FITS):
                error = _refusal(template, blank, **{field: value})
                if error is not None:
                    yield RosterProblem(row.number, column.replace("_", " "), value, _advice(error, value))


def _characters(rows: Sequence[Row]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for column in _COLUMNS:
            found.update(getattr(row, column) or "")
    return found - {" "}


def _refusal(template: SheetTemplate, blank: SheetFields, **fields: Any) -> SheetError | None:
    try:
        template.check(replace(blank, **fields))
    except SheetError as error:
        return error
    return None


def _advice(error: SheetError, value: str) -> str:
    """What the sheet's own error says after field and value, which the problem has already."""
    text = str(error).partition(f"{value!r}: ")[2] or str(error)
    return f"{text[0].upper()}{text[1:]}."
