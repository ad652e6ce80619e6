"""Which encoding a text file is in: recognised by its bytes where they can mean only one thing, asked for where not.

Byte-order marks and valid UTF-8 decide by themselves. Windows-1252 and Windows-1256 give every byte a meaning, so
there the words decide: one that mixes scripts, or puts a capital inside, was not meant. Where words fit both
or neither, nothing is guessed.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from issuer.roster.model import whole_file
from issuer.text import suggestion

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
    "windows-1256": "cp1256",
}
"""What `--encoding` takes, and Python's names for it."""

_OTHER_NAMES = {"cp1252": "windows-1252", "cp1256": "windows-1256", "utf8": "utf-8", "utf16": "utf-16"}
_SAVE_AS = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)"'
_LATIN, _ARABIC = "windows-1252", "windows-1256"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
# What may be around and between words in both code pages: quotation marks, dashes, no-break space, ordinals.
_BETWEEN = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u00a0\u00ab\u00bb\u00b7\u00ad\u00ba\u00aa\u00b0،؛؟]+")
# Where other systems (Macintosh, DOS) have letters these code pages have marks, and then there are marks inside words.
_MARK_INSIDE = re.compile("[A-Za-zÀ-ÿ](?:[\u201c\u201d\u2013\u2014][a-zß-ÿ]|[\u2018\u201c])")
_CAPITAL_INSIDE = re.compile("[a-zß-öø-ÿœšž][À-ÖØ-ÞŒŠŽŸ]|[À-ÖØ-ÞŒŠŽŸ][A-Z]?[a-zß-öø-ÿœšž]*[À-ÖØ-ÞŒŠŽŸ]")
_LATIN_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]+")
# Letters that Windows-1254 writes with the same bytes as other ones, so that Turkish names came out Icelandic.
_TURKISH = re.compile("[ÐÝÞðýþ]")
_ARABIC_WORD = re.compile("[\u0621-\u064a\u0679-\u06d3][\u0621-\u0652\u0670\u0679-\u06d3\u200c-\u200f]*")
_INSIDE_ARABIC = re.compile("[ةى][\u0621-\u064a\u0679-\u06d3]")
_FOREIGN = re.compile("[\u0250-\u02ff\u0370-\u05ff\u0700-\u07ff]")


@dataclass(frozen=True)
class Decoded:
    """A text file's text, and how it was read."""

    text: str
    encoding: str
    """A key of `ENCODINGS`."""
    example: str | None = None
    """A word that another encoding would read differently; None where the bytes themselves decide."""


def decoded(data: bytes, name: str, asked: str | None = None) -> Decoded:
    """The text of a file's bytes; `name` is the file's, for sentences, `asked` the encoding that a person named.

    Raises:
        RosterErrors: they are not what was asked for, or may be several things.
    """
    if asked is not None:
        return _as_asked(data, name, asked)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, name, encoding)
    if data.count(0) * 10 > len(data):  # a stray zero is a control character, reported with its row
        return _strict(data, name, _endianness(data, name))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, name, error)
        return _decided_by_words(data, name)
    if _FOREIGN.search(text):
        _refuse_doubtful_utf8(data, name)
    return Decoded(text, "utf-8")


def _as_asked(data: bytes, name: str, asked: str) -> Decoded:
    encoding = asked.strip().lower().replace("_", "-")
    encoding = _OTHER_NAMES.get(encoding, encoding)
    if encoding not in ENCODINGS:
        raise whole_file(f"There is no encoding {asked!r} here. {suggestion(encoding, list(ENCODINGS))}")
    return _strict(data, name, encoding)


def _strict(data: bytes, name: str, encoding: str) -> Decoded:
    try:
        text = data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise whole_file(f"{name} is not {encoding} (line {line}); leave out --encoding, or {_SAVE_AS}.") from None
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _marked(data: bytes, name: str, encoding: str) -> Decoded:
    if encoding == "utf-32":
        raise whole_file(f"{name} is in UTF-32, which no spreadsheet program writes; {_SAVE_AS}.")
    try:
        return Decoded(data.decode(ENCODINGS[encoding]), encoding)
    except UnicodeDecodeError:
        raise whole_file(f"{name} begins as {encoding.upper()} but does not continue so; {_SAVE_AS}.") from None


def _endianness(data: bytes, name: str) -> str:
    """Which of the two UTF-16 without a mark: commas, digits and line ends show where the zeros belong."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and odd > 4 * even:
        return "utf-16-le"
    if len(data) % 2 == 0 and even > 4 * odd:
        return "utf-16-be"
    raise whole_file(f"{name} is not a text that a spreadsheet program writes (it has zero bytes); {_SAVE_AS}.")


def _refuse_damaged_utf8(data: bytes, name: str, error: UnicodeDecodeError) -> None:
    """UTF-8 with a few broken letters is that, and no other encoding.

    A cut at the end does not count: the bytes before it say enough.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(not letter.isascii() for letter in text) - broken > broken:
        line = data[: error.start].count(b"\n") + 1
        raise whole_file(f"{name} is UTF-8 with broken letters, the first in line {line}; {_SAVE_AS}.") from None


def _refuse_doubtful_utf8(data: bytes, name: str) -> None:
    """A few letters of a third script may be two letters each of a Windows code page."""
    votes = _votes(data)
    if votes.unlikely is None and votes.arabic and not votes.latin:
        word = votes.arabic
        raise _ask(name, "utf-8", _ARABIC, (word.decode("utf-8", "replace"), word.decode("cp1256")))


@dataclass(frozen=True)
class _Votes:
    """A word for each code page that makes sense only in it; and one that makes sense in neither, or perhaps in one."""

    latin: bytes | None
    arabic: bytes | None
    unlikely: bytes | None
    unsure: bytes | None


def _votes(data: bytes) -> _Votes:
    found: dict[str, bytes] = {}
    for word, _ in Counter(_WORD.findall(data)).most_common():
        one, other = _latin(word), _arabic(word)
        if one is not None and one == other:
            continue
        found.setdefault(_vote(one, other), word)
    return _Votes(*(found.get(vote) for vote in ("latin", "arabic", "unlikely", "unsure")))


def _vote(latin: str | None, arabic: str | None) -> str:
    if latin is None and arabic is None:
        return "unlikely"
    if latin is not None and arabic is not None:
        return "unsure"
    return "latin" if arabic is None else "arabic"


def _decided_by_words(data: bytes, name: str) -> Decoded:
    votes = _votes(data)
    if votes.unlikely is not None:
        raise _neither(name, votes.unlikely)
    if votes.latin is None or votes.arabic is None:
        if votes.arabic is not None:
            return Decoded(data.decode("cp1256"), _ARABIC, votes.arabic.decode("cp1256"))
        if votes.latin is not None:
            return _latin_unless_turkish(data, name, votes.latin)
        if votes.unsure is None:
            return _alike(data)
    word = votes.latin or votes.unsure or b""
    raise _ask(name, _LATIN, _ARABIC, (word.decode("cp1252", "replace"), word.decode("cp1256")))


def _latin_unless_turkish(data: bytes, name: str, word: bytes) -> Decoded:
    text = data.decode("cp1252")
    if found := _TURKISH.search(text):
        raise whole_file(
            f"{name} may be windows-1252 (Icelandic) or windows-1254 (Turkish, which is not read here): it has the "
            f"letter {found[0]!r}. If that is right, say --encoding windows-1252; if not, {_SAVE_AS}."
        )
    return Decoded(text, _LATIN, word.decode("cp1252"))


def _alike(data: bytes) -> Decoded:
    """Letters with accents that are at the same place in both code pages."""
    return Decoded(data.decode("cp1252"), _LATIN, _WORD.findall(data)[0].decode("cp1252"))


def _latin(word: bytes) -> str | None:
    """The word as Windows-1252 has it; None if nobody writes that way."""
    try:
        text = word.decode("cp1252")
    except UnicodeDecodeError:
        return None
    parts = [part for part in _BETWEEN.split(text) if part]
    sound = all(_LATIN_WORD.fullmatch(part) and _meant_as_latin(part) for part in parts)
    return text if sound and _MARK_INSIDE.search(text) is None else None


def _meant_as_latin(part: str) -> bool:
    if len(part) > 1 and not any(map(str.isascii, part)):
        return False
    return part.isupper() or _CAPITAL_INSIDE.search(part) is None


def _arabic(word: bytes) -> str | None:
    """The word as Windows-1256 has it; None if nobody writes that way."""
    text = word.decode("cp1256")
    parts = [part for part in _BETWEEN.split(text) if part]
    return text if _MARK_INSIDE.search(text) is None and all(map(_meant_as_arabic, parts)) else None


def _meant_as_arabic(part: str) -> bool:
    if _ARABIC_WORD.fullmatch(part):
        return _INSIDE_ARABIC.search(part) is None
    # French letters are in Windows-1256 at the places that they have in Windows-1252.
    return _LATIN_WORD.fullmatch(part) is not None and _meant_as_latin(part)


def _neither(name: str, word: bytes) -> Exception:
    one, other = word.decode("cp1252", "replace"), word.decode("cp1256")
    return whole_file(
        f"{name} is not UTF-8, and a word in it makes no sense as windows-1252 ({one!r}) nor as windows-1256 "
        f"({other!r}); {_SAVE_AS}, or say what it is with --encoding."
    )


def _ask(name: str, one: str, other: str, words: tuple[str, str]) -> Exception:
    return whole_file(
        f"{name} may be {one} or {other}: a word in it reads {words[0]!r} in one and {words[1]!r} in the other. "
        f"Say which with --encoding {one} or --encoding {other}, or {_SAVE_AS}."
    )
