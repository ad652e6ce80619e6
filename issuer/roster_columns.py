"""Which column of a roster is which: the header's words, in English (other languages come beside them)."""

import re
from collections.abc import Sequence

COLUMNS = (
    *("name", "student_number", "father_name", "national_id", "grade"),
    *("credits", "hours", "term", "email", "date"),
)

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("name", "student name", "full name", "name of student", "candidate", "candidate name", "recipient"),
    "student_number": (
        *("student number", "student no", "student id", "registration number", "registration no", "registration"),
        *("reg no", "reg number", "roll number", "roll no", "roll", "enrolment number", "enrollment number"),
        *("enrolment no", "enrollment no", "matriculation number"),
    ),
    "father_name": (
        "father's name",
        "fathers name",
        "father name",
        "father",
        "name of father",
        "s/o",
        "d/o",
        "s/o d/o",
    ),
    "national_id": (
        "national id",
        "national identity number",
        "cnic",
        "cnic no",
        "cnic number",
        "nic",
        "id card number",
    ),
    "grade": ("grade", "letter grade", "final grade", "result", "marks", "score", "percentage"),
    "credits": ("credits", "credit", "credit hours", "credits earned", "ch"),
    "hours": ("hours", "contact hours", "total hours", "hours attended"),
    "term": ("term", "semester", "session"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "date": ("date", "date of award", "award date", "awarded", "completion date", "date of completion", "issue date"),
}
_COUNTERS = ("s no", "sno", "sr", "sr no", "serial", "serial no", "serial number", "no", "#", "nr")


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9#]", "", heading.casefold())


_BY_HEADING = {_plain(word): column for column, words in _SYNONYMS.items() for word in words}
_IGNORED = {_plain(word) for word in _COUNTERS}


def column_of(heading: str) -> str | None:
    """The column that a heading means; None if it means none. A running number is `""`."""
    plain = _plain(heading)
    return "" if plain in _IGNORED else _BY_HEADING.get(plain)


def looks_like_header(headings: Sequence[str]) -> bool:
    """Whether some heading is known: a first row without any is probably a student."""
    return any(column_of(heading) for heading in headings)
