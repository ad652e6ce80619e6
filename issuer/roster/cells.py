"""What a cell of the roster may be: one check for each column, each with its advice."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from issuer.errors import ValueProblem
from issuer.roster import dates
from issuer.roster.model import DateCell, RefusedCell
from issuer.text import EMAIL, clean_line, refused_character

MOST_CREDITS = 300
MOST_HOURS = 10_000
LONGEST = {"name": 150, "father_name": 150, "student_number": 64, "grade": 40, "term": 60}

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_NATIONAL_ID = re.compile(r"[0-9A-Za-z*•/ .-]{1,40}")
_USUAL_ID = re.compile(r"\d{5}-\d{7}-\d", re.ASCII)  # Pakistan's
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.ASCII | re.IGNORECASE)
# What starts a formula in a spreadsheet program, and what a minus must be followed by to be one.
_FORMULA_STARTS = frozenset("=+@-＝＋＠－−")
_MINUS_FORMULA = re.compile(r"[-－−].*[-+*/^&(|!=<>].*", re.DOTALL)
_NOTHING = re.compile(r"[-–—_.?*]+|n[/.]a\.?", re.IGNORECASE)
_ERROR = re.compile(r"#.*[!?]|#n/a", re.IGNORECASE)
# What garbled letters must have been to be reported as such: only those that names here have.
_LETTERS_OF_NAMES = re.compile("[\u0000-\u007f\u00c0-\u017f\u0600-\u06ff\u1ea0-\u1ef9\u200c\u2019]+")
_TEXT_ADVICE = "The spreadsheet program has made a date of it; format the column as text and type the cell again."


def text(column: str, cell: str) -> str:
    """A name or another short text."""
    if len(cell) > LONGEST[column]:
        raise ValueProblem(f"Shorten it to {LONGEST[column]} characters; these are {len(cell)}.")
    if _NOTHING.fullmatch(cell):
        raise ValueProblem("Leave the cell empty if there is nothing to write in it.")
    if cell[0] == "#" and _ERROR.fullmatch(cell):
        raise ValueProblem("This is a spreadsheet program's error, not a value; correct the formula it came from.")
    if not any(map(str.isalnum, cell)):
        raise ValueProblem("There is no letter and no digit in it; write it in full.")
    return cell


def name(column: str, cell: str) -> str:
    """A person's name: a text that has lost no letter on its way."""
    if "?" in cell:
        raise ValueProblem(
            "There is a question mark where a letter was lost; type it again, and save as CSV UTF-8 or .xlsx."
        )
    return text(column, cell)


def student_number(cell: str) -> str:
    """A student number: whatever the institution writes, but not what a spreadsheet program made of it."""
    if _SHORTENED.fullmatch(cell):
        raise ValueProblem(
            "The spreadsheet program has shortened the number; format the column as text and type it again."
        )
    if any(letter.isspace() for letter in cell) and cell.replace(" ", "").isdigit():
        raise ValueProblem("Write the number without spaces inside.")
    return text("student_number", cell)


def clean(cell: str) -> str:
    """Any cell: invisible characters and formulas refused, form NFC, trimmed, inner white space made one space."""
    refused = refused_character(cell)
    if refused is not None:
        raise ValueProblem(f"Type it again without the invisible character {refused}.")
    line = clean_line(cell)
    if not line.isascii():
        _refuse_garbled(line)
    if line and line[0] in _FORMULA_STARTS and (line[0] not in "-－−" or _MINUS_FORMULA.fullmatch(line)):
        raise ValueProblem(
            f"A value that begins with {line[0]} is a formula to spreadsheet programs; write it without."
        )
    return line


def plain_text(raw: str) -> str:
    """A filled cell of a list that is no roster: cleaned, and as it was typed.

    Raises:
        ValueProblem: with what to do.
    """
    if isinstance(raw, RefusedCell):
        raise ValueProblem(raw.advice)
    if isinstance(raw, DateCell):
        raise ValueProblem(_TEXT_ADVICE)
    return clean(raw)


def _refuse_garbled(line: str) -> None:
    """Letters that were read in a wrong encoding before they came into this file."""
    if "\ufffd" in line:
        raise ValueProblem("A letter was lost on its way (\ufffd); type it again.")
    for wrong in ("cp1252", "cp1256"):
        try:
            meant = line.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        if len(meant) > 2 and _LETTERS_OF_NAMES.fullmatch(meant):
            raise ValueProblem(
                f"It was garbled before it came into this file, and was probably {meant!r}; type it again."
            )


def number(cell: str, highest: int) -> int | float:
    """A positive number with at most two decimals; whole ones as int."""
    cell = western(cell)
    if not _NUMBER.fullmatch(cell):
        raise ValueProblem("Write a number in the digits 0-9, with a point for decimals: 3 or 1.5.")
    value = float(cell)
    if not 0 < value <= highest:
        raise ValueProblem(f"Write a number above 0 and up to {highest:,}.")
    if round(value, 2) != value:
        raise ValueProblem("Write at most two decimals.")
    return int(value) if value.is_integer() else value


def day(cell: str) -> date:
    """A day, in any form that can mean one only."""
    return dates.day(western(cell))


def email(cell: str) -> str:
    """An e-mail address."""
    if len(cell) > 254 or not EMAIL.fullmatch(cell) or cell[0] == "." or ".." in cell or ".@" in cell:
        raise ValueProblem("Write one e-mail address: name@example.com.")
    return cell


def masked_national_id(cell: str) -> str:
    """A national identity number with all but its last four letters and digits as asterisks."""
    if _USUAL_ID.fullmatch(cell):
        return "*****-****" + cell[10:]
    cell = western(cell)
    if _SHORTENED.fullmatch(cell):
        raise ValueProblem(
            "The spreadsheet program has shortened the number; format the column as text and type it again."
        )
    if not _NATIONAL_ID.fullmatch(cell):
        raise ValueProblem("Write the number in the digits 0-9 with hyphens: 35202-1234567-1.")
    places = [place for place, character in enumerate(cell) if character.isalnum() or character in "*•"]
    if len(places) < 8 or not all(cell[place].isalnum() for place in places[-4:]):
        raise ValueProblem("Write the whole number: 35202-1234567-1.")
    hidden = set(places[:-4])
    return "".join("*" if place in hidden else character for place, character in enumerate(cell))


def hide(cell: str) -> str:
    """A national identity number as an error may show it, whatever it looks like."""
    return "*" * max(0, len(cell) - 4) + cell[-4:] if len(cell) > 8 else "*" * len(cell)


def digits_of(cell: str) -> str | None:
    """A whole national identity number's letters and digits only; None where it was masked already."""
    alone = "".join(filter(str.isalnum, western(cell)))
    return None if "*" in cell or "•" in cell else alone.upper()


_CHECKS: dict[str, Callable[[str], Any]] = {
    **{column: partial(text, column) for column in LONGEST},
    "name": partial(name, "name"),
    "father_name": partial(name, "father_name"),
    "student_number": student_number,
    "credits": partial(number, highest=MOST_CREDITS),
    "hours": partial(number, highest=MOST_HOURS),
    "email": email,
    "date": day,
    "national_id": masked_national_id,
}


def read(column: str, raw: str) -> Any:
    """The value that a cell of a column holds, None for an empty one.

    Raises:
        ValueProblem: with what to do.
    """
    if isinstance(raw, RefusedCell):
        raise ValueProblem(raw.advice)
    value = clean(raw)
    if value and isinstance(raw, DateCell) and column != "date":
        raise ValueProblem(_TEXT_ADVICE)
    return _CHECKS[column](value) if value else None


def western(cell: str) -> str:
    """Urdu and Arabic digits as 0-9."""
    if cell.isascii():
        return cell
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in cell)
