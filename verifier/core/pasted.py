"""What people paste: links, hashes and short codes out of messages and pages (SPEC.md section 9, "as pasted")."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from verifier.core.codes import HASH_CHARS, ShortCode, from_base64url, parse_code, parse_short_code
from verifier.core.errors import CodeError, MistypedCodeError
from verifier.core.limits import LIMITS

Named = bytes | ShortCode
"""What a text names: the 32 bytes of `H`, or a short code."""

_DASH = "\u2013"
"""Every dash except the ASCII hyphen."""
_SOFT_HYPHEN = "\u00ad"
_LAYERS = 4
"""How often links are unwrapped: not at all, and up to three times."""


def _each(*ranges: tuple[int, int]) -> list[int]:
    return [code for first, last in ranges for code in range(first, last + 1)]


_DASHES = (
    *(0x058A, 0x05BE, 0x1400, 0x1806, 0x2E17, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E5D, 0x301C, 0x3030, 0x30A0),
    *(0x10EAD, 0x02D7, 0x2043, 0x2212, 0x2796),
    *_each((0x2010, 0x2015)),
)
_INVISIBLE = _each(
    *((0x034F, 0x034F), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0000, 0xE0FFF)),
)
_PLAIN: dict[int, str] = {
    **dict.fromkeys([*range(32), *range(0x7F, 0xA0), 0x1680], " "),
    **dict.fromkeys([0x0A, 0x0D, 0x85, 0x2028, 0x2029], "\n"),
    **dict.fromkeys(_DASHES, _DASH),
    **dict.fromkeys(_INVISIBLE, ""),
    **{zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
}
_NOT_NORMALISED = "\u017f\u212a"
"""Long s and the Kelvin sign: they are in no hash and no code, although Unicode folds them to s and K."""

_BREAK = r"=? ?\n[ >|]*"
_LINK = re.compile(rf"/[cC]/([A-Za-z0-9_{_DASH}-]*)(?:{_BREAK}([A-Za-z0-9_{_DASH}-]*))?")
_AFTER_HASH = re.compile(rf"[_-]*(?:{_DASH}.*)?")
_PERCENT = re.compile(r"%([2-6][0-9A-Fa-f]|7[0-9A-Ea-e])")
_PROOFPOINT = re.compile(r"/v2/url\?u=([^&# \n]+)")
_HEX = re.compile(r"[^A-Za-z0-9]*(?:0[xX])?([0-9a-fA-F]{64})[^A-Za-z0-9]*")
_BASE64URL = re.compile(r"[^A-Za-z0-9_-]*([A-Za-z0-9_-]{43})[^A-Za-z0-9]*")
_BETWEEN_WORDS = re.compile(r"""[ \n"'`<>()\[\]{},;:|]+""")
_INNER = re.compile(r"[A-Za-z0-9].*[A-Za-z0-9]", re.DOTALL)
_CHARACTER = "[0-9A-TV-Za-tv-z]"
_CODE_ALONE = re.compile(rf"{_CHARACTER}(?:[ \n-]*{_CHARACTER}){{11}}")
_CODE_AMONG_WORDS = re.compile(
    rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9]-){_CHARACTER}{{4}}-{_CHARACTER}{{4}}-{_CHARACTER}{{4}}(?!-?[A-Za-z0-9])"
)


def read_pasted(text: str) -> tuple[Named, ...]:
    """Every certificate that a text names, each once: the links if there are any, else the hashes, else the codes.

    Anything that `parse_code` reads is found, alone. If there are several, none is chosen.

    Raises:
        MistypedCodeError: there are only codes whose check character is wrong.
        CodeError: the text is too long to be searched.
    """
    try:
        return (parse_code(text),)
    except CodeError as error:
        if isinstance(error, MistypedCodeError) or len(text) > LIMITS.code_chars:
            raise
    plain = _plain(text)
    whole = plain.replace(_SOFT_HYPHEN, "")
    return _links(whole) or _hashes(whole) or _codes(re.sub(f"[{_SOFT_HYPHEN}{_DASH}]", "-", plain))


def _plain(text: str) -> str:
    one_end = text.replace("\r\n", "\n")
    normal = "".join(each if each <= "~" or each in _NOT_NORMALISED else normalize("NFKC", each) for each in one_end)
    return re.sub("  +", " ", normal.translate(_PLAIN))


def _links(text: str) -> tuple[bytes, ...]:
    found: dict[bytes, None] = {}
    for layer in _layers(text):
        for link in _LINK.finditer(layer):
            hash_ = _leading_hash(link[1])
            if hash_ is None and link[2]:
                hash_ = _leading_hash(link[1] + link[2])
            if hash_ is not None:
                found[hash_] = None
    return tuple(found)


def _leading_hash(run: str) -> bytes | None:
    """The hash at the beginning of a run of base64url characters and dashes, if nothing that belongs to it follows."""
    if len(run) < HASH_CHARS or not _AFTER_HASH.fullmatch(run, HASH_CHARS):
        return None
    return _hash(run[:HASH_CHARS].replace(_DASH, "-"))


def _layers(text: str) -> Iterator[str]:
    """The text, and the links inside its links, as mail scanners and click trackers wrap them."""
    layers = [text]
    for _ in range(_LAYERS):
        yield from layers
        layers = [inner for outer in layers for inner in _unwrapped(outer)]


def _unwrapped(text: str) -> Iterator[str]:
    decoded = _decoded(text)
    if decoded != text:
        yield decoded
    for found in _PROOFPOINT.finditer(text):
        yield _decoded(found[1].replace("-", "%").replace("_", "/"))


def _decoded(text: str) -> str:
    return _PERCENT.sub(lambda found: chr(int(found[1], 16)), text)


def _hashes(text: str) -> tuple[bytes, ...]:
    if found := _HEX.fullmatch(re.sub(r"[ \n]", "", text)):
        return (bytes.fromhex(found[1]),)
    hyphened, apart = text.replace(_DASH, "-"), text.replace(_DASH, " ")
    words = [re.sub(_BREAK, "", hyphened.strip(" \n"), count=1)]
    words += _BETWEEN_WORDS.split(hyphened) + _BETWEEN_WORDS.split(apart)
    return tuple(dict.fromkeys(hash_ for word in words if (hash_ := _hash_in(word)) is not None))


def _hash_in(word: str) -> bytes | None:
    if found := _HEX.fullmatch(word):
        return bytes.fromhex(found[1])
    found = _BASE64URL.fullmatch(word)
    return _hash(found[1]) if found else None


def _hash(text: str) -> bytes | None:
    try:
        return from_base64url(text)
    except CodeError:
        return None


def _codes(text: str) -> tuple[ShortCode, ...]:
    inner = _INNER.search(text)
    if inner and _CODE_ALONE.fullmatch(inner[0]):
        return (parse_short_code(inner[0].replace("\n", " ")),)
    found, mistyped = [], []
    for each in _CODE_AMONG_WORDS.findall(text):
        try:
            found.append(parse_short_code(each))
        except MistypedCodeError as error:
            mistyped.append(error)
    if mistyped and not found:
        raise mistyped[0]
    return tuple(dict.fromkeys(found))
