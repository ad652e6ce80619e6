"""Digests of related resources (VC Data Model 2.0 section 5.3): their form, and whether they are right.

Nothing is fetched. The verifier knows the digests of the contexts that it contains; the digest of any other resource
could not be checked, which means neither right nor wrong.
"""

import base64
import binascii
import re
from collections.abc import Mapping

from verifier.core.canonical import Json
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.errors import SignatureError
from verifier.core.multikey import from_multibase
from verifier.core.sentence import Sentence
from verifier.vc.faults import Fault, Faults, Kind, malformed
from verifier.vc.values import identifier, is_url, objects

KNOWN: Mapping[str, Mapping[str, str]] = {
    CREDENTIALS_V2: {  # VC Data Model 2.0, appendix B.1
        "sha256": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "sha384": "97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614",
    }
}
"""Hexadecimal digests of published resources by address."""

_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(\?[\x21-\x7e]*)?")
_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
Digest = tuple[str, bytes]


def related_resources(value: Json, pointer: str, known: Mapping[str, Mapping[str, str]] = KNOWN) -> Faults:
    """Section 5.3: objects with an `id` each, none twice, and at least one digest, which must be the resource's."""
    seen: set[str] = set()
    if value == []:
        yield malformed(pointer, "This list is empty.")
    for item, place in objects(value, pointer):
        if not isinstance(item, dict):
            yield malformed(place, "A related resource must be an object with an id and a digest.")
            continue
        yield from identifier(item, place, required=True)
        address = item.get("id")
        if is_url(address) and address in seen:
            yield malformed(f"{place}/id", "The related resource {address} is listed twice.", address=address)
        seen.add(str(address))
        yield from _media_type(item, place)
        yield from _digests(item, place, known)


def _media_type(item: Mapping[str, Json], pointer: str) -> Faults:
    media_type = item.get("mediaType", "text/plain")
    if not isinstance(media_type, str) or not re.fullmatch(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", media_type, re.ASCII):
        yield malformed(f"{pointer}/mediaType", "This is not a media type (application/ld+json).")


def _digests(item: Mapping[str, Json], pointer: str, known: Mapping[str, Mapping[str, str]]) -> Faults:
    readers = {"digestSRI": _read_sri, "digestMultibase": _read_multibase}
    if not readers.keys() & item.keys():
        yield malformed(pointer, "There is neither digestSRI nor digestMultibase here.")
    for key, read in readers.items():
        for value, place in objects(item[key], f"{pointer}/{key}") if key in item else ():
            digest = read(value)
            if digest is None:
                yield malformed(place, "This is not a SHA-256, SHA-384 or SHA-512 digest in the required form.")
            elif is_url(item.get("id")):
                yield from _compared(str(item.get("id")), digest, place, known)


def _compared(address: str, digest: Digest, pointer: str, known: Mapping[str, Mapping[str, str]]) -> Faults:
    name, value = digest
    expected = known.get(address, {}).get(name)
    if expected is None:
        text = "The related resource {address} is not available here, so its digest could not be compared."
        yield Fault(Kind.MALFORMED, Sentence(text, {"address": address}), pointer, unchecked=True)
    elif bytes.fromhex(expected) != value:
        text = "The digest is not that of the resource {address}."
        yield malformed(pointer, text, address=address)


def _read_sri(value: Json) -> Digest | None:
    """One digest in the form of Subresource Integrity."""
    found = _SRI.fullmatch(value) if isinstance(value, str) else None
    digest = _base64(found[2], urlsafe=False) if found else None
    return None if found is None or digest is None or len(digest) != _SIZES[found[1]] else (found[1], digest)


def _read_multibase(value: Json) -> Digest | None:
    """One multihash in multibase: base58btc (`z`) or base64url (`u`)."""
    if not isinstance(value, str):
        return None
    try:
        data = _base64(value[1:], urlsafe=True) if value.startswith("u") else from_multibase(value)
    except SignatureError:
        return None
    name = _MULTIHASH.get((data or b"")[:2])
    return None if data is None or name is None or len(data) - 2 != _SIZES[name] else (name, data[2:])


def _base64(text: str, *, urlsafe: bool) -> bytes | None:
    if urlsafe:
        text = text.translate({ord("-"): "+", ord("_"): "/", ord("+"): "!", ord("/"): "!"})
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
