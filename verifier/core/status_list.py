"""Bitstring Status List 1.0: the bits in a list's credential, and what they say about one certificate.

This is for verifiers that do not know the registry: the list says what the registry says (SPEC.md section 15). A list
that cannot be fetched, or is invalid, says nothing; it never means "not revoked".
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from verifier.core.canonical import Json
from verifier.core.credential import validity
from verifier.core.data_integrity import verify_proof
from verifier.core.dates import Instant
from verifier.core.errors import CredentialError, StatusError

LENGTH = 131_072
"""Entries of one of our lists: the fewest that the standard allows."""
PURPOSE = "revocation"
_MAX_BYTES = 2_097_152
"""The longest list that is unpacked: 16 million entries."""
_GZIP = zlib.MAX_WBITS | 16
# RFC 1952: deflate, no name, no time, slowest compression, system unknown; so the bytes are the same on every machine.
_HEADER = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
_ENCODED = re.compile("u[A-Za-z0-9_-]*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def encode(bits: bytes) -> str:
    """A bitstring in the form of `encodedList`: multibase base64url (`u`) of its gzip form (section 3.3)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(bits) + packer.flush()
    foot = zlib.crc32(bits).to_bytes(4, "little") + len(bits).to_bytes(4, "little")
    return "u" + base64.urlsafe_b64encode(_HEADER + body + foot).decode().rstrip("=")


def decode(encoded: object) -> bytes:
    """The bitstring of an `encodedList` (section 3.4).

    Raises:
        StatusError: it is not one, is shorter than the standard allows, or longer than this verifier unpacks.
    """
    if not isinstance(encoded, str) or not _ENCODED.fullmatch(encoded):
        raise StatusError("The status list's bits are not written in base64url after a u.")
    try:
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(_GZIP)
        bits = unpacker.decompress(packed, _MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise StatusError("The status list's bits cannot be unpacked.") from None
    if not unpacker.eof or unpacker.unused_data:
        raise StatusError("The status list's bits are cut off, or too many.")
    if len(bits) * 8 < LENGTH:
        raise StatusError("The status list is shorter than {least} entries.", least=LENGTH)
    return bits


def with_bits(places: Any, length: int = LENGTH) -> bytes:
    """The bitstring with these places set; the first place is the leftmost bit."""
    bits = bytearray(length // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return bytes(bits)


def bit(bits: bytes, place: int) -> bool:
    """Whether a place is set.

    Raises:
        StatusError: the list has no such place.
    """
    if place >= len(bits) * 8:
        raise StatusError("The status list has no place {place}.", place=place)
    return bool(bits[place // 8] & 0x80 >> place % 8)


def changed(bits: bytes, places: Mapping[int, bool]) -> bytes:
    """The bitstring with these places set or cleared, and every other place unchanged."""
    after = bytearray(bits)
    for place, value in places.items():
        mask = 0x80 >> place % 8
        after[place // 8] = after[place // 8] | mask if value else after[place // 8] & ~mask
    return bytes(after)


def places_set(bits: bytes) -> int:
    """How many places are set."""
    return int.from_bytes(bits).bit_count()


def is_revoked(
    credential: Mapping[str, Json],
    listed: Mapping[str, Json],
    now: datetime,
    verify: Callable[[Mapping[str, Json]], object] = verify_proof,
) -> bool:
    """Whether a list says that a credential is revoked (section 3.2).

    Args:
        credential: its `credentialStatus` names the list; its own proof is not checked.
        listed: the list's credential, as found at that address.
        now: for the list's own dates.
        verify: checks the list's signature, and raises an error if it is not genuine.

    Raises:
        StatusError: it says nothing: it is not this credential's list, not its issuer's, not valid now, or malformed.
        SignatureError: the list's signature is false.
        SignatureUncheckedError: the list's signature could not be checked.
    """
    if not isinstance(listed, Mapping):
        raise StatusError("What stands at the status list's address is no status list.")
    entry, subject = status_entry(credential), listed.get("credentialSubject")
    if not isinstance(subject, dict):
        raise StatusError("The status list has no single subject.")
    address = listed.get("id")
    if not isinstance(address, str) or entry.get("statusListCredential") != address:
        raise StatusError("The status list is not the one that the credential names.")
    types = _names(listed.get("type")), _names(subject.get("type"))
    if "BitstringStatusListCredential" not in types[0] or "BitstringStatusList" not in types[1]:
        raise StatusError("What stands at the status list's address is no status list.")
    if PURPOSE not in _names(subject.get("statusPurpose")) or entry.get("statusPurpose") != PURPOSE:
        raise StatusError("The status list is not about revocation.")
    if _identity(listed.get("issuer")) != _identity(credential.get("issuer")):
        raise StatusError("The status list is not the issuer's.")
    _check_dates(listed, now)
    verify(listed)
    place = entry.get("statusListIndex")
    if not isinstance(place, str) or not _INDEX.fullmatch(place):
        raise StatusError("The credential's place in its status list is not a number.")
    return bit(decode(subject.get("encodedList")), int(place))


def status_entry(credential: Mapping[str, Json]) -> Mapping[str, Any]:
    """The credential's one status entry.

    Raises:
        StatusError: it has several, or one of another kind, so that not all of them can be checked.
    """
    entries = _names(credential.get("credentialStatus"))
    if len(entries) != 1 or not isinstance(entries[0], dict) or entries[0].get("type") != "BitstringStatusListEntry":
        raise StatusError("The credential's status is not told by one place in one status list.")
    size = entries[0].get("statusSize", 1)
    if isinstance(size, bool) or size != 1:
        raise StatusError("The credential's status is more than one bit of its list.")
    return entries[0]


def _check_dates(listed: Mapping[str, Json], now: datetime) -> None:
    try:
        start, end = validity(listed)
    except CredentialError as error:
        raise StatusError("The status list's dates cannot be read: {reason}", reason=error.sentence) from None
    at = Instant.of(now)
    if (start is not None and at < start) or (end is not None and at > end):
        raise StatusError("The status list is not valid at this time.")


def _identity(issuer: Json) -> Any:
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(found, str):
        raise StatusError("The credential or its status list names no issuer.")
    return found


def _names(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [value]
