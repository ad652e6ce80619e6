"""The passages of a text: stretches in one language, and those that are links, in the order in which they are read."""

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from issuer.sheet.shaping import is_arabic

_RIGHT_TO_LEFT = ("ur", "ar", "fa", "sd", "ps")


@dataclass(frozen=True)
class Passage:
    """A stretch of a text."""

    start: int
    text: str
    language: str
    linked: bool = False


@lru_cache(maxsize=4096)
def passages(text: str, language: str, linked: str = "") -> tuple[Passage, ...]:
    """Return the passages of a text in a document of `language`; `linked` is the part that can be clicked, if any."""
    at = text.find(linked) if linked else -1
    if at < 0:
        return tuple(_by_script(text, 0, language))
    end = at + len(linked)
    link = Passage(at, linked, language_of(linked, language), linked=True)
    return (*_by_script(text[:at], 0, language), link, *_by_script(text[end:], end, language))


def _by_script(text: str, start: int, language: str) -> Iterator[Passage]:
    cuts = [0, *_changes(text), len(text)] if text else []
    for begin, end in itertools.pairwise(cuts):
        yield Passage(start + begin, text[begin:end], language_of(text[begin:end], language))


def _changes(text: str) -> Iterator[int]:
    """Where the script changes. What both scripts share goes with the former up to its last space."""
    if text.isascii():
        return
    before, shared = "", 0
    for index, character in enumerate(text):
        script = _script(character)
        if not script:
            continue
        if before and script != before:
            yield max(text.rfind(" ", shared, index) + 1, shared)
        before, shared = script, index + 1


def _script(character: str) -> str:
    """Return the direction of a letter that has one; empty for what every script shares."""
    found = unicodedata.bidirectional(character)
    return found if found in ("L", "AL") else ""


@lru_cache(maxsize=4096)
def language_of(text: str, language: str) -> str:
    """Return the tag of a text's language in a document of `language`, as far as its letters show."""
    from_the_right = language.partition("-")[0] in _RIGHT_TO_LEFT
    if text.isascii() and not from_the_right:
        return language
    scripts = {_script(character) for character in text} - {""}
    if scripts == {"AL"} and not from_the_right:
        return "ar" if is_arabic(text) else "ur"
    if scripts == {"L"} and from_the_right:
        return "en"
    return language
