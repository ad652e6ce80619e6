"""Multibase (base58btc) and Multikey for Ed25519 (W3C Controlled Identifiers 1.0, sections 2.4 and 2.2.2)."""

import re
from functools import lru_cache

from verifier.core.errors import SignatureError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_TEN_DIGITS = 58**10  # long numbers are divided by as much as fits a machine word, then digit by digit
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_MULTIBASE = re.compile(rf"z[{_ALPHABET}]{{1,128}}")
_ED25519_PUBLIC = b"\xed\x01"


def to_multibase(data: bytes) -> str:
    """`z` and the base58btc digits of `data`."""
    number = int.from_bytes(data, "big")
    pairs: list[str] = []
    while number:
        number, digits = divmod(number, _TEN_DIGITS)
        for _ in range(5):
            digits, pair = divmod(digits, 58 * 58)
            pairs.append(_PAIRS[pair])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(pairs)).lstrip("1")


def from_multibase(text: object) -> bytes:
    """The bytes of a base58btc multibase string of at most 129 characters.

    Raises:
        SignatureError: it is not one.
    """
    if not isinstance(text, str) or not _MULTIBASE.fullmatch(text):
        raise SignatureError("This is not a base58btc multibase value (z and base58 digits).")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _VALUES[letter]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@lru_cache(maxsize=64)
def ed25519_multikey(public_key: bytes) -> str:
    """The Multikey of the 32 bytes of an Ed25519 public key, `z6Mk…`."""
    return to_multibase(_ED25519_PUBLIC + public_key)


def ed25519_public_key(multikey: object) -> bytes:
    """The 32 bytes of an Ed25519 public key in Multikey form.

    Raises:
        SignatureError: it is not such a key.
    """
    data = from_multibase(multikey)
    if not data.startswith(_ED25519_PUBLIC) or len(data) != 34:
        raise SignatureError("The verification method's key is not an Ed25519 Multikey (z6Mk…).")
    return data[2:]
