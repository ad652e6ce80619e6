"""Which encoding a text file is in: told from its bytes, or asked for where two would do. Never guessed.

Unicode proves itself. Of the rest, Windows-1252 (western Europe) and Windows-1256 (Arabic, Urdu) are told apart by
their words: where the one makes a sound word of the bytes, the other makes Arabic letters amid Latin ones, or a
word of nothing but accents, which nobody writes. Words that are sound in neither, or might be Turkish, are asked
about.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from issuer.errors import RosterFileError

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1252": "cp1252",
    "cp1254": "cp1254",
    "cp1256": "cp1256",
    "macintosh": "mac_roman",
}
"""What `--encoding` takes, with Python's name for it. The numbers are Windows' code pages."""

SAVE_AS = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)" or as .xlsx.'
_SAY = f"say it with --encoding ({', '.join(ENCODINGS)}), or {SAVE_AS}"

_WORD = re.compile(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]*[\x80-\xff][^\x00-\x40\x5b-\x60\x7b-\x7f]*")
_ENOUGH = 3
"""Letters that a word must have to speak for Arabic: two accented letters may be initials."""
_TURKISH = frozenset("ÐÝÞðýþ")
"""Windows-1252's Icelandic letters stand where Windows-1254 has the six Turkish ones."""
_PUNCTUATION = "\u00a0\u00ad‘’“”•–—…‚„«»·°®©™§±¹²³×÷¡¿ºª´‹›"
_SIGNS = "€£¥¢¤¼½¾‰†‡¬¦¶"
"""What stands by itself or beside digits, never beside letters."""
_ARABIC_PUNCTUATION = _PUNCTUATION.replace("ª", "").replace("º", "") + "؟،؛"
_JOINERS = "\u200c\u200d\u200e\u200fـ"


@dataclass(frozen=True)
class Told:
    """An encoding and what speaks for it."""

    name: str
    """A key of `ENCODINGS`."""
    example: str | None = None
    """A word for people to compare, where the encoding was concluded from the words."""


def tell_encoding(file: str, data: bytes) -> Told:
    """The one encoding that a text file can be in.

    Raises:
        RosterFileError: none, or several, with what to do.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise RosterFileError(f"{file} is in UTF-32, which spreadsheet programs do not write; {SAVE_AS}")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Told("utf-16")
    if b"\0" in data[:4096]:
        return _utf16_without_mark(file, data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_words(file, data)
    return Told("utf-8")


def _utf16_without_mark(file: str, start: bytes) -> Told:
    """Half of the bytes of separators and line ends are zero; which half, tells the order."""
    zeros = (start[0::2].count(0), start[1::2].count(0))
    if 0 in zeros and sum(zeros) * 20 > len(start):
        return Told("utf-16-le" if zeros[1] else "utf-16-be")
    raise RosterFileError(f"{file} is UTF-16 without its mark, or no text; {_SAY}")


@dataclass
class _Votes:
    """The first word of each kind."""

    latin: str | None = None
    arabic: str | None = None
    alike: str | None = None
    """The same letters in both encodings."""
    unsound: str | None = None
    """A word in neither, or perhaps Turkish."""
    open: bytes | None = None
    """A word in both, and not the same one."""

    def count(self, word: bytes) -> None:
        latin, arabic = word.decode("cp1252", "replace"), word.decode("cp1256", "replace")
        as_latin, as_arabic = _is_latin(latin), _is_arabic(arabic)
        if (as_latin and _TURKISH & set(latin)) and not as_arabic:
            self.unsound = self.unsound or latin
        elif latin == arabic:
            self.alike = self.alike or latin
            self.unsound = self.unsound or (None if as_latin else latin)
        elif as_latin and not as_arabic:
            self.latin = self.latin or latin
        elif as_arabic and (not as_latin or len(word) >= _ENOUGH):
            self.arabic = self.arabic or arabic
        elif as_arabic:
            self.open = self.open or word
        else:
            self.unsound = self.unsound or latin


def _by_words(file: str, data: bytes) -> Told:
    votes = _Votes()
    for word in sorted(set(_WORD.findall(data))):
        votes.count(word)
    contradicted = votes.latin if votes.arabic else None
    if unsound := votes.unsound or contradicted:
        raise RosterFileError(f"{file} is not Unicode, and {unsound!r} in it shows no other encoding for sure; {_SAY}")
    if votes.arabic or votes.latin:
        return Told("cp1256", votes.arabic) if votes.arabic else Told("cp1252", votes.latin)
    if votes.open is None:
        return Told("cp1252", votes.alike)
    one, other = votes.open.decode("cp1252"), votes.open.decode("cp1256")
    raise RosterFileError(
        f"{file} may be Western (cp1252, with {one!r} in it) or Arabic (cp1256, with {other!r}), and nothing tells "
        f"which; {_SAY}"
    )


def _is_latin(word: str) -> bool:
    """Whether it may be a Latin word: only letters, some of them plain, no accented capital after a small letter."""
    if not word.strip(_SIGNS):
        return True
    parts = re.split(f"[{re.escape(_PUNCTUATION)}]+", word)
    letters = "".join(parts)
    if not all(letter.isalpha() and "LATIN" in unicodedata.name(letter, "") for letter in letters):
        return False
    if len(letters) >= _ENOUGH and not any(map(str.isascii, letters)):
        return False
    return not any(
        before.islower() and after.isupper() and not after.isascii()
        for part in parts
        for before, after in zip(part, part[1:], strict=False)
    )


def _is_arabic(word: str) -> bool:
    """Whether it may be an Arabic or Urdu word: it begins with a letter, and has no letters but Arabic ones."""
    letters = word.strip(_ARABIC_PUNCTUATION + _SIGNS)
    if not letters:
        return True
    if letters[0] in _JOINERS or unicodedata.combining(letters[0]):
        return False
    return all(letter in _JOINERS or "ARABIC" in unicodedata.name(letter, "") for letter in letters)
