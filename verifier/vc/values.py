"""The kinds of value in the data model, each with a predicate or a function that finds faults."""

import re
from typing import Any

from verifier.core.canonical import Json
from verifier.core.dates import Instant, parse_instant
from verifier.core.errors import CredentialError
from verifier.core.sentence import Sentence
from verifier.vc.faults import Fault, Faults, Kind, malformed

_URL = re.compile(r"""(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[^\x00-\x20<>"{}|^`\\]+)""")
_NEEDS_HOST = re.compile(r"//[^/?#]+([/?#].*)?", re.DOTALL)
_DID = re.compile(r"[a-z0-9]+:.+", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LANGUAGE_VALUE = {"@value", "@language", "@direction"}


def is_url(value: Json) -> bool:
    """Whether a value is an absolute URL: with a scheme, and with what that scheme requires."""
    found = _URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return False
    rest = {"http": _NEEDS_HOST, "https": _NEEDS_HOST, "did": _DID}.get(found["scheme"].lower())
    return rest is None or rest.fullmatch(found["rest"]) is not None


def is_term(value: Json) -> bool:
    """Whether a value can be a term or an absolute URL; whether a context defines the term is checked elsewhere."""
    return isinstance(value, str) and bool(value) and not re.search(r"\s", value) and not value.startswith("@")


def objects(value: Json, pointer: str) -> list[tuple[Json, str]]:
    """The items of a value that may be one or a list, each with its place; nothing for an empty list."""
    if isinstance(value, list):
        return [(item, f"{pointer}/{place}") for place, item in enumerate(value)]
    return [(value, pointer)]


def identifier(holder: dict[str, Json], pointer: str, *, required: bool = False) -> Faults:
    """Section 4.4: `id`, if there is one, is a single URL."""
    if "id" not in holder:
        if required:
            yield malformed(pointer, "There is no id here.")
    elif not is_url(holder["id"]):
        yield malformed(f"{pointer}/id", "The id {value} is not a single URL.", value=_short(holder["id"]))


def types(holder: dict[str, Json], pointer: str) -> Faults:
    """Section 4.5: there is a `type`: one or more terms or absolute URLs."""
    values = [each for each, _ in objects(holder.get("type"), pointer)]
    if "type" not in holder or not values:
        yield malformed(pointer, "There is no type here.")
    elif not all(map(is_term, values)):
        yield malformed(f"{pointer}/type", "The type {value} is not a term or URL.", value=_short(holder["type"]))


def language_value(value: Json, pointer: str) -> Faults:
    """Sections 4.6 and 11.1: a string, a language value object, or several of these."""
    if value == []:
        yield malformed(pointer, "This list is empty.")
    for item, place in objects(value, pointer):
        if not isinstance(item, str) and not _is_language_value(item):
            yield malformed(place, "This is neither text nor text with its language (@value, @language, @direction).")


def timestamp(value: Json, pointer: str) -> tuple[Instant | None, list[Fault]]:
    """Section 4.9: a dateTimeStamp, by the grammar of SPEC.md section 16."""
    if not isinstance(value, str):
        return None, [malformed(pointer, "A time must be written as text (2026-06-30T12:00:00Z).")]
    try:
        return parse_instant(value), []
    except CredentialError as error:
        return None, [Fault(Kind.MALFORMED, Sentence("{reason}", {"reason": error.sentence}), pointer)]


def _is_language_value(item: Json) -> bool:
    if not isinstance(item, dict) or not item.keys() <= _LANGUAGE_VALUE or not isinstance(item.get("@value"), str):
        return False
    language, direction = item.get("@language", "en"), item.get("@direction", "ltr")
    spoken = isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None
    return spoken and direction in ("ltr", "rtl")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else text[:99] + "…"
