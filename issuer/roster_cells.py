"""What a cell of the roster may be: one check for each column, each with its advice."""

import re
from datetime import date

from issuer import roster_dates
from issuer.text import EMAIL, clean_line, refused_character
from issuer.unfit import Unfit

_NUMBER = re.compile(r"\d{1,7}(\.\d+)?", re.ASCII)
_NATIONAL_ID = re.compile(r"[0-9A-Za-z*•/ .-]{1,40}")

_FORMULA_STARTS = ("=", "+", "@", "＝", "＋", "＠")
"""What starts a formula in a spreadsheet program. A minus may stand alone: grades have it."""

LONGEST = {"name": 150, "father_name": 150, "student_number": 64, "grade": 40, "term": 60}


def text(column: str, cell: str) -> str:
    """A name or another short text."""
    if len(cell) > LONGEST[column]:
        raise Unfit(f"Shorten it to {LONGEST[column]} characters; these are {len(cell)}.")
    return cell


def clean(cell: str) -> str:
    """Any cell: invisible characters refused, form NFC, trimmed, inner white space made one space."""
    refused = refused_character(cell)
    if refused is not None:
        raise Unfit(f"Type it again without the invisible character {refused}.")
    line = clean_line(cell)
    if line.startswith(_FORMULA_STARTS):
        raise Unfit(f"A value that begins with {line[0]} is a formula to spreadsheet programs; write it without.")
    return line


def number(cell: str, highest: int) -> int | float:
    """A positive number with at most two decimals; whole ones as int."""
    if not _NUMBER.fullmatch(cell):
        raise Unfit("Write a number in the digits 0-9, with a point for decimals: 3 or 1.5.")
    value = float(cell)
    if not 0 < value <= highest:
        raise Unfit(f"Write a number above 0 and up to {highest:,}.")
    if round(value, 2) != value:
        raise Unfit("Write at most two decimals.")
    return int(value) if value.is_integer() else value


def day(cell: str) -> date:
    """A day, in any form that can mean one only."""
    return roster_dates.day(cell)


def email(cell: str) -> str:
    """An e-mail address."""
    if len(cell) > 254 or not EMAIL.fullmatch(cell):
        raise Unfit("Write one e-mail address: name@example.com.")
    return cell


def masked_national_id(cell: str) -> str:
    """A national identity number with all but its last four letters and digits as asterisks."""
    if not _NATIONAL_ID.fullmatch(cell):
        raise Unfit("Write the number in the digits 0-9 with hyphens: 35202-1234567-1.")
    places = [place for place, character in enumerate(cell) if character.isalnum() or character in "*•"]
    if len(places) < 8 or not all(cell[place].isalnum() for place in places[-4:]):
        raise Unfit("Write the whole number: 35202-1234567-1.")
    hidden = set(places[:-4])
    return "".join("*" if place in hidden else character for place, character in enumerate(cell))


def hide(cell: str) -> str:
    """A national identity number as an error may show it, whatever it looks like."""
    return "*" * max(0, len(cell) - 4) + cell[-4:] if len(cell) > 8 else "*" * len(cell)
