"""What stands on the sheet: from the course for the whole batch, from the credential for each certificate.

What a student's sheet says is read from the signed credential, never from the roster, so that both agree.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from issuer.certificate.sheet import SheetFields, SheetWording
from issuer.course import Course
from issuer.errors import IssuerError
from verifier.core.codes import link, short_code
from verifier.core.credential import read_fields

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""Not strftime's: its names change with the process's locale, and the sheet's bytes with them."""


def sheet_wording(course: Course) -> SheetWording:
    """What all sheets of the batch say."""
    return SheetWording(
        headline=course.wording.headline,
        institution=course.institution.name,
        institution_urdu=course.institution.name_urdu or "",
        programme=course.programme.name if course.programme else "",
        course=course.title,
        lead=course.wording.certifies,
        statement=course.wording.completed,
        professor=course.professor.name,
        professor_title=course.professor.title or "",
        verifier_domain=urlsplit(course.verifier.origin).netloc,
        logo=_picture(course.institution.logo),
        signature=_picture(course.professor.signature),
        accent=course.appearance.colour,
        language=course.language,
    )


def sheet_fields(course: Course, credential: Mapping[str, Any], hash_: bytes, drafted: datetime) -> SheetFields:
    """What one sheet says."""
    said = read_fields(credential)
    return SheetFields(
        recipient=said.recipient or "",
        date=_day(said.awarded) if said.awarded else "",
        link=link(course.verifier.origin, hash_),
        code=short_code(hash_),
        hash=hash_.hex(),
        identity=said.credential_id or "",
        drafted=drafted,
        father=said.father_name or "",
        student_number=said.student_number or "",
        grade=said.grade or "",
        credits=said.credits or "",
        hours=said.hours or "",
        term=said.term or "",
    )


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _picture(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise IssuerError(f"The picture {path} cannot be read: {error.strerror}.") from None
