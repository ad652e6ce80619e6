"""What a value in course.toml may be: one check for each kind, each with its advice.

A check takes the value as TOML gave it and returns it as the course keeps it, or raises `ValueProblem` with what to do.
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from issuer.errors import ValueProblem
from issuer.sheet.colours import READABLE, contrast, parse_colour
from issuer.text import EMAIL, clean_line, clean_paragraphs, refused_character, suggestion
from verifier.core.domain import is_domain
from verifier.plain_file import read_plain

Check = Callable[[Any], Any]
COLUMNS = (
    *("name", "student_number", "father_name", "national_id", "grade"),
    *("credits", "hours", "term", "email", "date"),
)
"""The columns that a roster may have."""
IGNORE = "ignore"
"""What people map a heading to if its column is not to be read."""

_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")  # Open Badges 3.0, LanguageCode
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_OFFSET = re.compile(r"[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00|Z")
_PICTURE_BYTES = 10_000_000
"""Of a picture's file."""
_URL = re.compile(r"(?:[!#$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})+")  # RFC 3986 without brackets


def line(limit: int) -> Check:
    """One line of text."""

    def check(value: Any) -> str:
        return _text(value, clean_line, limit)

    return check


def line_with(limit: int, *places: str) -> Check:
    """One line of text with places that are filled in."""

    def check(value: Any) -> str:
        text = _text(value, clean_line, limit)
        if any(place not in text for place in places):
            raise ValueProblem(f"Keep {' and '.join(places)} in it: they are filled in.")
        return text

    return check


def paragraphs(limit: int) -> Check:
    """Text that may have several lines."""

    def check(value: Any) -> str:
        return _text(value, clean_paragraphs, limit)

    return check


def domain(value: Any) -> str:
    """A DNS domain in lower-case A-labels (SPEC.md section 10)."""
    if isinstance(value, str) and is_domain(value):
        return value
    raise ValueProblem(
        "Write only the institution's domain, in lower case, letters, digits and hyphens (university.edu.pk): "
        "no https://, no path, no port; a domain in other letters as xn--…"
    )


def url(value: Any) -> str:
    """An https or http address in ASCII."""
    parts = _split(value)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueProblem("Write a whole web address in ASCII, https://…")
    return str(value)


def url_or(word: str) -> Check:
    """A web address, or a word in its place."""

    def check(value: Any) -> str:
        try:
            return word if value == word else url(value)
        except ValueProblem as advice:
            raise ValueProblem(f'{advice} or "{word}".') from None

    return check


def origin(value: Any) -> str:
    """Scheme, host and port of the verifier's web address; https unless the host is local."""
    parts = _split(value)
    if parts is None or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueProblem("Write scheme and host only, https://verify.university.edu.pk")
    if parts.username is not None or not (parts.scheme == "https" or (parts.scheme == "http" and _local(parts))):
        raise ValueProblem("Write it with https://; plain http:// is for trials on a local address only.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def email(value: Any) -> str:
    """An e-mail address."""
    if isinstance(value, str) and len(value) <= 254 and EMAIL.fullmatch(value):
        return value
    raise ValueProblem("Write an e-mail address, name@university.edu.pk")


def number(highest: int) -> Check:
    """A positive number with at most two decimals; whole ones as int."""

    def check(value: Any) -> int | float:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= highest
        if not fits or round(value, 2) != value:
            raise ValueProblem(
                f"Write a number above 0 and up to {highest:,}, with at most two decimals and no quotes."
            )
        return int(value) if float(value).is_integer() else float(value)

    return check


def whole(highest: int) -> Check:
    """A whole number from 1."""

    def check(value: Any) -> int:
        if type(value) is not int or not 1 <= value <= highest:
            raise ValueProblem(f"Write a whole number from 1 to {highest}, without quotes.")
        return int(value)

    return check


def roster_columns(value: Any) -> tuple[tuple[str, str], ...]:
    """A table of a roster's headings and the columns that they mean."""
    known = [*COLUMNS, IGNORE]
    if not isinstance(value, dict):
        raise ValueProblem('Write headings and columns in braces: { "Learner" = "name", "Remarks" = "ignore" }.')
    for heading, column in value.items():
        if column not in known:
            raise ValueProblem(
                f"{heading} is mapped to {column!r}, which is not a column. {suggestion(str(column), known)}"
            )
    return tuple(value.items())


def yes_or_no(value: Any) -> bool:
    """A TOML boolean."""
    if isinstance(value, bool):
        return value
    raise ValueProblem("Write true or false, without quotes.")


def day(value: Any) -> dt.date:
    """A TOML local date."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime) and 1900 <= value.year <= 9000:
        return value
    raise ValueProblem("Write a date as 2028-12-31, without quotes.")


def language(value: Any) -> str:
    """A language code as Open Badges takes it."""
    if isinstance(value, str) and _LANGUAGE.fullmatch(value):
        return value
    raise ValueProblem("Write a language code: en, ur, en-GB.")


def colour(value: Any) -> str:
    """An RGB colour."""
    if isinstance(value, str) and _COLOUR.fullmatch(value):
        return value.lower()
    raise ValueProblem("Write a colour as # and six hex digits: #0b5d3b.")


def ink(value: Any) -> str:
    """A colour that letters can have on white paper, and white letters on it."""
    found = contrast(parse_colour(colour(value)))
    if found < READABLE:
        raise ValueProblem(
            f"It is too pale for letters on white paper (contrast {found:.1f} to 1, at least {READABLE} to 1 is "
            "needed); write a darker one: #0b5d3b."
        )
    return colour(value)


def utc_offset(value: Any) -> str:
    """The offset from UTC in which the institution's days begin and end."""
    if isinstance(value, str) and _OFFSET.fullmatch(value):
        return value
    raise ValueProblem("Write the offset from UTC: +05:00 for Pakistan, Z for UTC.")


def one_of(choices: Collection[str]) -> Check:
    """One of a standard's words."""

    def check(value: Any) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise ValueProblem(f"Write one of: {', '.join(sorted(choices))}.")

    return check


def lines(limit: int, most: int) -> Check:
    """A list of short texts."""

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueProblem(f'Write a list of at most {most} texts: ["blockchain", "education"].')
        return tuple(_text(item, clean_line, limit) for item in value)

    return check


def picture(value: Any) -> Path:
    """A PNG file; a path is relative to the folder of course.toml (`in_folder`)."""
    if not isinstance(value, str) or not value.lower().endswith(".png"):
        raise ValueProblem("Write the path of a PNG file, relative to the folder of course.toml.")
    return Path(value)


def in_folder(path: Path, folder: Path) -> Path:
    """The picture's path made absolute.

    Raises:
        ValueProblem: there is no such file, or it is not a PNG.
    """
    whole_path = folder / path
    try:
        data = read_plain(whole_path, _PICTURE_BYTES)
    except OSError as error:
        raise ValueProblem(
            f"The file cannot be read ({error.strerror}); paths are relative to {folder.resolve()}."
        ) from None
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueProblem("The file is not a PNG; save the picture as PNG.")
    if len(data) > _PICTURE_BYTES:
        raise ValueProblem(f"The file has more than {_PICTURE_BYTES / 1e6:g} MB; save the picture with fewer pixels.")
    return whole_path


def _text(value: Any, clean: Callable[[str], str], limit: int) -> str:
    if not isinstance(value, str):
        raise ValueProblem("Write a text in quotes.")
    refused = refused_character(value)
    if refused is not None:
        raise ValueProblem(f"Take out the invisible character {refused}.")
    cleaned = clean(value)
    if not cleaned:
        raise ValueProblem("Write something, or leave the line out.")
    if len(cleaned) > limit:
        raise ValueProblem(f"Write at most {limit} characters; these are {len(cleaned)}.")
    return cleaned


def _split(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > 2000 or not _URL.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _local(parts: Any) -> bool:
    if parts.hostname == "localhost" or parts.hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_private
    except ValueError:
        return False
