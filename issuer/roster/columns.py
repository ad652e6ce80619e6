"""Which column of a roster is which: the header's words in English and Urdu, and what people map by hand."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from issuer.course.fields import COLUMNS, IGNORE
from issuer.roster.model import whole_file
from issuer.text import suggestion

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        *("name", "student name", "students name", "full name", "name of student", "name of the student", "student"),
        *("candidate", "candidate name", "name of candidate", "recipient", "recipient name", "participant"),
        *("participant name", "trainee", "trainee name"),
        *("نام", "طالب علم", "طالب علم کا نام", "طالب علم نام", "طالبہ کا نام", "طلبہ کا نام", "مکمل نام", "پورا نام"),
        *("نام طالب علم", "امیدوار", "امیدوار کا نام", "نام امیدوار", "اسم گرامی"),
    ),
    "student_number": (
        *("student number", "student no", "student id", "registration number", "registration no", "registration"),
        *("registration id", "reg no", "reg number", "reg id", "roll number", "roll no", "roll", "enrolment number"),
        *("enrollment number", "enrolment no", "enrollment no", "matriculation number", "matriculation no"),
        *("seat no", "seat number", "university id"),
        *("رول نمبر", "رولنمبر", "رجسٹریشن نمبر", "رجسٹریشن", "طالب علم نمبر", "طالب علم کا نمبر", "داخلہ نمبر"),
        *("اندراج نمبر", "انرولمنٹ نمبر"),
    ),
    "father_name": (
        *("father's name", "fathers name", "father name", "father", "name of father", "father/guardian name"),
        *("s/o", "d/o", "s/o d/o", "son of", "daughter of", "father or guardian name"),
        *("والد کا نام", "والد", "نام والد", "ولدیت", "والد صاحب کا نام", "باپ کا نام", "ولد", "بنت", "ولد/بنت"),
        *("ولد بنت", "والد یا سرپرست کا نام"),
    ),
    "national_id": (
        *("national id", "national id no", "national id number", "national identity number", "cnic", "cnic no"),
        *("cnic number", "nic", "nic no", "nicop", "id card", "id card no", "id card number", "identity card number"),
        *("cnic/b-form", "b-form", "b-form no", "cnic/b-form no", "cnic/nicop"),
        *(
            "شناختی کارڈ نمبر",
            "شناختی کارڈ",
            "قومی شناختی کارڈ",
            "قومی شناختی کارڈ نمبر",
            "شناختی نمبر",
            "سی این آئی سی",
        ),
        *("کمپیوٹرائزڈ شناختی کارڈ نمبر", "ب فارم", "ب فارم نمبر"),
    ),
    "grade": (
        *("grade", "letter grade", "final grade", "result", "final result", "marks", "score", "percentage"),
        *("marks obtained", "obtained marks", "cgpa", "gpa", "division"),
        *("گریڈ", "درجہ", "نتیجہ", "نمبرات", "حاصل کردہ نمبر", "حاصل کردہ نمبرات", "فیصد"),
    ),
    "credits": (
        *("credits", "credit", "credit hours", "credit hrs", "cr hrs", "cr hr", "credits earned", "ch"),
        *("کریڈٹ", "کریڈٹس", "کریڈٹ آورز", "کریڈٹ گھنٹے"),
    ),
    "hours": (
        *("hours", "contact hours", "total hours", "hours attended", "training hours", "duration hours"),
        *("گھنٹے", "کل گھنٹے", "تدریسی گھنٹے", "دورانیہ گھنٹے"),
    ),
    "term": (
        *("term", "semester", "session", "batch", "academic year"),
        *("سمسٹر", "سیمسٹر", "میقات", "سیشن", "ٹرم", "تعلیمی سال"),
    ),
    "email": (
        *("email", "e-mail", "email address", "e-mail address", "mail", "email id"),
        *("ای میل", "ایمیل", "ای میل ایڈریس", "ای میل پتہ", "برقی ڈاک", "برقی پتہ"),
    ),
    "date": (
        *("date", "date of award", "award date", "awarded", "completion date", "date of completion", "issue date"),
        *("date of issue", "completed on", "awarded on"),
        *("تاریخ", "تاریخ اجرا", "تاریخ تکمیل", "تکمیل کی تاریخ", "اجرا کی تاریخ", "تاریخ اجراء"),
    ),
}
_COUNTERS = (
    *("s no", "sno", "sl no", "sr", "sr no", "sr number", "serial", "serial no", "serial number", "no", "#", "nr"),
    *("نمبر شمار", "شمار", "شمار نمبر", "سیریل نمبر"),
)

# One letter in the Arabic, Persian and Urdu keyboards' several forms.
_ONE_LETTER = str.maketrans(
    {"ك": "ک", "ي": "ی", "ى": "ی", "ه": "ہ", "ة": "ہ", "ھ": "ہ", "ە": "ہ", "ۃ": "ہ", "ٱ": "ا", "ء": "", "ـ": ""}
)


def plain(heading: str) -> str:
    """A heading without what does not matter: case, marks, punctuation, spaces, and which keyboard wrote it."""
    letters = unicodedata.normalize("NFKD", heading).casefold().translate(_ONE_LETTER)
    return "".join(letter for letter in letters if letter.isalnum() or letter == "#")


_BY_HEADING = {plain(word): column for column, words in _SYNONYMS.items() for word in words}
_BY_HEADING.update({plain(word): "" for word in _COUNTERS})
_PARTS = re.compile(r"[/|()\[\]\n,:–—-]+")


def column_of(heading: str, mapped: Mapping[str, str] | None = None) -> str | None:
    """The column that a heading means; None if it means none, `""` for one that is not read (a running number).

    `mapped` are headings as `plain` makes them, with their columns. A heading in two languages
    (`Name / نام`) counts where all its parts mean the same.
    """
    whole = plain(heading)
    if mapped is not None and whole in mapped:
        return mapped[whole]
    if whole in _BY_HEADING:
        return _BY_HEADING[whole]
    parts = {_BY_HEADING.get(plain(part)) for part in _PARTS.split(heading) if plain(part)}
    return parts.pop() if len(parts) == 1 else None


def known_heading(heading: str) -> bool:
    """Whether a roster could have this heading."""
    return column_of(heading) is not None


def mapping(pairs: Iterable[tuple[str, str]], known: Sequence[str] = COLUMNS) -> dict[str, str]:
    """What people mapped by hand, by the heading as `plain` makes it; `""` for columns that are not read.

    Args:
        pairs: headings and their columns.
        known: the columns that there are.

    Raises:
        RosterErrors: something is mapped to a column that does not exist.
    """
    mapped = {}
    for heading, column in pairs:
        if column != IGNORE and column not in known:
            advice = (
                f"{heading!r} is mapped to {column!r}, which is not a column. {suggestion(column, [*known, IGNORE])}"
            )
            raise whole_file(advice)
        mapped[plain(heading)] = "" if column == IGNORE else column
    return mapped


def mapped_by_hand(word: str) -> tuple[str, str]:
    """What `--map "Column heading=name"` says.

    Raises:
        RosterErrors: it has no equals sign.
    """
    heading, equals, column = word.rpartition("=")
    if not equals or not heading.strip():
        raise whole_file(f'--map {word!r} is not understood; write --map "Column heading=name".')
    return heading.strip(), column.strip().lower()
