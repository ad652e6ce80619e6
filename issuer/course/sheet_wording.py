"""The texts of the sheet: from the course for the whole batch, from the credential for each certificate.

What a student's sheet says is read from the signed credential, never from the roster, so that both agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from issuer.course.course import Course
from issuer.errors import IssuerError
from issuer.sheet.texts import SheetFields, SheetLabels, SheetWording
from verifier.core.codes import link, short_code
from verifier.core.credential import read_fields
from verifier.plain_file import read_plain

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""Not strftime's: its names change with the process's locale, and the sheet's bytes with them."""


_MONTHS_URDU = (
    "جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر",
)  # fmt: skip


def sheet_wording(course: Course) -> SheetWording:
    """What all sheets of the batch say."""
    institution, professor, wording, appearance = (
        course.institution, course.professor, course.wording, course.appearance
    )  # fmt: skip
    return SheetWording(
        headline=wording.headline,
        headline_urdu=wording.headline_urdu,
        institution=institution.name,
        institution_urdu=institution.name_urdu or "",
        programme=course.programme.name if course.programme else "",
        course=course.title,
        course_urdu=course.title_urdu or "",
        lead=wording.certifies,
        lead_urdu=wording.certifies_urdu,
        statement=wording.completed,
        statement_urdu=wording.completed_urdu,
        how_to_check=wording.check,
        how_to_check_urdu=wording.check_urdu,
        professor=professor.name,
        professor_urdu=professor.name_urdu or "",
        professor_title=professor.title or "",
        verifier_domain=urlsplit(course.verifier.origin).netloc,
        logo=_picture(institution.logo),
        signature=_picture(professor.signature),
        design=appearance.design,
        colour=appearance.colour,
        second_colour=appearance.second_colour,
        language=course.language,
        labels=SheetLabels(**asdict(course.labels)),
    )


def sheet_fields(course: Course, credential: Mapping[str, Any], hash_: bytes, drafted: datetime) -> SheetFields:
    """What one sheet says."""
    said = read_fields(credential)
    return SheetFields(
        recipient=said.recipient or "",
        date=_day(said.awarded, _MONTHS) if said.awarded else "",
        date_urdu=_day(said.awarded, _MONTHS_URDU) if said.awarded else "",
        expires=_day(said.valid_until, _MONTHS) if said.valid_until else "",
        expires_urdu=_day(said.valid_until, _MONTHS_URDU) if said.valid_until else "",
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


def _day(day: date, months: Sequence[str]) -> str:
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _picture(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return read_plain(path)
    except OSError as error:
        raise IssuerError(f"The picture {path} cannot be read: {error.strerror}.") from None
