"""The hashes of SPEC.md section 3, and the two ways in which 32 bytes are written."""

import base64
import hashlib
import re

from eth_hash.auto import keccak as _keccak

from verifier.core.canonical import Json, canonical

ZERO = bytes(32)
"""The sheet hash of a certificate without a PDF."""

_HEX = re.compile(r"0x[0-9a-f]{64}")


def sha256(data: bytes) -> bytes:
    """SHA-256 (FIPS 180-4), 32 bytes."""
    return hashlib.sha256(data).digest()


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it, 32 bytes."""
    return bytes(_keccak(data))


def certificate_hash(credential: Json) -> bytes:
    """`H`: SHA-256 of the credential's RFC 8785 bytes, its proof included."""
    return sha256(canonical(credential))


def commitment(hash_: bytes) -> bytes:
    """`C`: SHA-256 of the 32 bytes of `H`; nothing else of a certificate reaches a chain or a public list."""
    return sha256(hash_)


def institution_id(domain: str) -> bytes:
    """Keccak-256 of the domain's ASCII bytes (SPEC.md section 10)."""
    return keccak256(domain.encode("ascii"))


def to_hex(value: bytes) -> str:
    """`0x` and 64 lower-case hex digits for 32 bytes."""
    return "0x" + value.hex()


def is_hex(text: object) -> bool:
    """Whether `text` is exactly `0x` and 64 lower-case hex digits."""
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def from_hex(text: str) -> bytes:
    """The 32 bytes of what `is_hex` accepts."""
    return bytes.fromhex(text[2:])


def to_base64url(value: bytes) -> str:
    """The 43 base64url characters (RFC 4648 section 5, unpadded) of 32 bytes."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
