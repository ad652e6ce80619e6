"""Texts as people type them, made fit for a certificate: one spelling, no invisible tricks."""

import re
import unicodedata
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)

# Joiners and direction marks are part of how Urdu, Persian and mixed names are written.
_ALLOWED_FORMAT = frozenset("\u200c\u200d\u200e\u200f\u061c")
_EDGES = " \t\r\n\u00a0\ufeff\u200e\u200f\u061c"
_REFUSED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_LETTERS = {
    **dict.fromkeys("\u064a\u0649\u06d2\u06cd\u06d0", "\u06cc"),  # yeh
    **dict.fromkeys("\u0643\u06aa", "\u06a9"),  # kaf
    **dict.fromkeys("\u0647\u06be\u06d5\u0629\u06c3", "\u06c1"),  # heh and teh marbuta
    **dict.fromkeys("\u0671\u0622\u0623\u0625", "\u0627"),  # alef with what is written upon it
    **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    **dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u2032", "'"),  # keyboards have one apostrophe
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),  # and one hyphen
    "\u0640": "",  # the line that stretches a word
    "\u0621": "",  # hamza, which is written or left out
}


def utc(moment_: datetime) -> str:
    """A moment as records, options and documents write it: 2026-11-23T09:30:00Z."""
    return moment_.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_now() -> str:
    """This moment by the machine's clock, as `utc` writes it."""
    return utc(datetime.now(UTC))


def moment(seconds: int) -> str:
    """Unix seconds, as `utc` writes them."""
    return utc(datetime.fromtimestamp(seconds, UTC))


def clean_line(text: str) -> str:
    """One line in Unicode form NFC, trimmed, every run of white space one space."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.strip(_EDGES)).split())


def clean_paragraphs(text: str) -> str:
    """Lines as `clean_line` makes them; empty lines at the edges go."""
    return "\n".join(clean_line(line) for line in text.strip().splitlines())


def refused_character(text: str) -> str | None:
    """The first character that no certificate may hold, described for people; None if there is none.

    Refused are control characters, bidirectional embeddings, overrides and isolates, other invisible
    characters, and code points that have no meaning.
    """
    if text.isprintable():
        return None
    for character in text:
        if _is_refused(character):
            name = unicodedata.name(character, "a control character or unassigned code point").lower()
            return f"U+{ord(character):04X}, {name}"
    return None


def folded(text: str) -> str:
    """A text as it is compared with what people type: without case, accents, vowel marks and the letters' variants.

    The Arabic and the Urdu forms of a letter are one (ي and ی, ك and ک, ه and ہ), as are digits of every script,
    apostrophes and hyphens.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    for char in set(plain):  # a character at a time, so that long texts take little longer than short ones
        if char > "~" and (form := _plain_form(char)) != char:
            plain = plain.replace(char, form)
    return plain


def suggestion(word: str, known: list[str]) -> str:
    """`Did you mean …?` with the nearest known word, or the known words if none is near."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."


@lru_cache(maxsize=4096)
def _plain_form(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Cf"):
        return ""
    return _LETTERS.get(character, character)


def _is_refused(character: str) -> bool:
    if character in "\t\r\n" or character in _ALLOWED_FORMAT or character == "\ufeff":
        return False
    return unicodedata.category(character) in _REFUSED
