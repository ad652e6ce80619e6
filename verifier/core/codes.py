"""Links, certificate hashes and short codes, as people submit them (SPEC.md section 9)."""

import base64
import re
from dataclasses import dataclass

from verifier.core.errors import CodeError, MistypedCodeError
from verifier.core.hashes import to_base64url
from verifier.core.limits import LIMITS

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 alphabet: no I, L, O, U."""

CODE_DIGITS = 11
"""Characters of a short code before the check character: the first 55 bits of `H`."""

HASH_CHARS = 43
"""Characters of a certificate hash in base64url."""

_WHITE_SPACE = " \t\n\r"
_LINK = re.compile(r"(?i:https?)://[^/?#]+(?:/(?![cC]/[A-Za-z0-9_-]{43})[^/?#]*)*/c/([A-Za-z0-9_-]{43})/?(?:[?#].*)?")
_VISIBLE = re.compile(r"[!-~]+")
_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]{64})")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"[0-9A-TV-Za-tv-z](?:[ -]*[0-9A-TV-Za-tv-z]){11}")


@dataclass(frozen=True)
class ShortCode:
    """A correctly typed short code: the first 55 bits of one or more certificate hashes."""

    digits: str

    def matches(self, hash_: bytes) -> bool:
        """Whether `hash_` begins with the code's 55 bits."""
        return _digits(hash_) == self.digits

    @property
    def hex_prefix(self) -> str:
        """The first 13 hex digits (52 bits) of every hash that the code can mean."""
        value = 0
        for digit in self.digits:
            value = value << 5 | CROCKFORD.index(digit)
        return f"{value >> 3:013x}"

    def __str__(self) -> str:
        text = self.digits + check_character(self.digits)
        return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def link(origin: str, hash_: bytes) -> str:
    """`<origin>/c/<H in base64url>`."""
    return f"{origin.rstrip('/')}/c/{to_base64url(hash_)}"


def short_code(hash_: bytes) -> str:
    """`XXXX-XXXX-XXXX`: the first 55 bits of `H` and a check character."""
    return str(ShortCode(_digits(hash_)))


def check_character(digits: str) -> str:
    """The check character over Crockford digits: catches every wrong character and every swap of two.

    The sum of the digits times falling powers of 2 in GF(32) with x^5 + x^2 + 1, by Horner's rule.
    """
    check = 0
    for digit in digits:
        check = (check ^ CROCKFORD.index(digit)) << 1
        if check & 0b100000:
            check ^= 0b100101
    return CROCKFORD[check]


def parse_code(text: str) -> bytes | ShortCode:
    """Read the strict form of a link, a hash (hex or base64url) or a short code (SPEC.md section 9).

    Returns the 32 bytes of `H`, or the short code. A link's origin is never looked at. What people paste out of
    messages and pages is read by `verifier.core.pasted`.

    Raises:
        MistypedCodeError: twelve characters whose check character is wrong.
        CodeError: none of the four forms.
    """
    if len(text) > LIMITS.code_chars:
        raise CodeError("This text has more than {limit} characters.", limit=f"{LIMITS.code_chars:,}")
    bare = text.strip(_WHITE_SPACE)
    if _VISIBLE.fullmatch(bare) and (found := _LINK.fullmatch(bare)):
        return from_base64url(found[1])
    if found := _HEX.fullmatch(bare):
        return bytes.fromhex(found[1])
    if _BASE64URL.fullmatch(bare):
        return from_base64url(bare)
    if _CODE.fullmatch(bare):
        return parse_short_code(bare)
    raise _no_code(text)


def _no_code(text: str) -> CodeError:
    if "/c/" in text.lower():
        return CodeError(
            "This link does not have exactly {number} characters after /c/: it was not copied whole, or something "
            "was added to it. Copy the whole link again.",
            number=HASH_CHARS,
        )
    return CodeError(
        "This is not a link, a certificate hash or a short code. A link ends in /c/ and 43 characters, "
        "a short code has twelve characters like XXXX-XXXX-XXXX."
    )


def _digits(hash_: bytes) -> str:
    value = int.from_bytes(hash_[:7], "big") >> 1
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(CODE_DIGITS)))


def from_base64url(text: str) -> bytes:
    """The 32 bytes that 43 base64url characters encode.

    Raises:
        CodeError: encoding the bytes again gives other characters.
    """
    value = base64.urlsafe_b64decode(text + "=")
    if to_base64url(value) != text:
        raise CodeError("The last character of this certificate hash is wrong; copy the whole link again.")
    return value


def parse_short_code(text: str) -> ShortCode:
    """Read twelve Crockford characters, with or without spaces and hyphens among them.

    Raises:
        MistypedCodeError: the check character is wrong.
    """
    plain = re.sub(r"[ -]", "", text).upper().translate(str.maketrans("OIL", "011"))
    digits, check = plain[:CODE_DIGITS], plain[CODE_DIGITS]
    if check_character(digits) != check:
        raise MistypedCodeError(
            "The code {code} is mistyped: its check character does not fit. Compare it with the sheet.", code=text
        )
    return ShortCode(digits)
