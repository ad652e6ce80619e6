"""A status list as a credential (Bitstring Status List 1.0): made, signed, and read again. SPEC.md section 15."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from issuer.credential.credential import sign_credential, status_list_address
from issuer.credential.identity import STATUS_LIST_LENGTH
from issuer.errors import StatusListError
from verifier.core.canonical import canonical, parse
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import verify_proof
from verifier.core.dates import parse_timestamp
from verifier.core.domain import did_web
from verifier.core.errors import SanadError
from verifier.core.limits import LIMITS
from verifier.core.status_list import PURPOSE, decode, encode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TTL = timedelta(minutes=15)
"""How long others may use a copy of a list."""
_ADDRESS = re.compile(r"(?P<origin>https?://[^/?#]+)/status/(?P<domain>[a-z0-9.-]+)/(?P<identifier>[0-9a-f]{32})")


@dataclass(frozen=True)
class Address:
    """Where a list is."""

    origin: str
    domain: str
    identifier: str

    @property
    def url(self) -> str:
        """The list's `id`."""
        return status_list_address(self.origin, self.domain, self.identifier)

    @property
    def host(self) -> str:
        """The host of its origin, with the port if there is one."""
        return urlsplit(self.origin).netloc


@dataclass(frozen=True)
class Listed:
    """A genuine list, as it was found."""

    bits: bytes
    moment: datetime
    """Its proof's `created`: the time of the block that it was made from."""
    multikey: str
    """The key that signed it."""


def parse_address(url: object) -> Address | None:
    """The parts of a list's address; None where it does not have this form."""
    found = _ADDRESS.fullmatch(url) if isinstance(url, str) else None
    return None if found is None else Address(**found.groupdict())


def status_list_credential(domain: str, url: str, encoded: str, valid_from: str) -> dict[str, Any]:
    """A status list's credential, to be signed (Bitstring Status List 1.0 section 2.2)."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_web(domain),
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encoded,
            "ttl": int(TTL.total_seconds() * 1000),
        },
    }


def signed_list(address: Address, bits: bytes, key: "Ed25519PrivateKey", moment: datetime) -> bytes:
    """The bytes of a list as they are published; never the same twice, because a random fraction of a second is drawn.

    `moment` is the time of the block at which the registry was asked. The list is valid from the second before it, or
    before now by this machine's clock where that is earlier: a chain for trials may be ahead of the clock.
    """
    from_ = min(moment, datetime.now(UTC)).replace(microsecond=0) - timedelta(microseconds=1 + secrets.randbelow(10**6))
    valid_from = from_.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    unsigned = status_list_credential(address.domain, address.url, encode(bits), valid_from)
    return canonical(sign_credential(unsigned, key, moment.astimezone(UTC)))


def read_list(data: bytes, address: Address, keys: Collection[str] | None) -> Listed:
    """Read a list that was found at its address, and see that it is genuine: this list, of this institution.

    Args:
        data: what was found.
        address: where.
        keys: the multikeys whose signature counts; None where the bytes are known to be our own.

    Raises:
        StatusListError: it is not, and why.
    """
    try:
        listed = parse(data, LIMITS.status_list_bytes)
        if not isinstance(listed, dict):
            raise StatusListError("it is not a JSON object")
        bits = _bits(listed, address)
        key = verify_proof(listed).multikey
        moment = parse_timestamp(listed["proof"]["created"])
    except SanadError as error:
        raise StatusListError(str(error).rstrip(".")) from None
    if keys is not None and key not in keys:
        raise StatusListError(f"it is signed by {key}, which is not one of the institution's keys here")
    return Listed(bits, moment, key)


def _bits(listed: dict[str, Any], address: Address) -> bytes:
    """The bits of a list that, except for these, its date and its proof, is exactly the one that would be made here."""
    subject = listed.get("credentialSubject")
    encoded = subject.get("encodedList") if isinstance(subject, dict) else None
    valid_from = listed.get("validFrom")
    if listed.get("id") != address.url:
        raise StatusListError("it is another list, by its id")
    if listed.get("issuer") != did_web(address.domain):
        raise StatusListError("it is another issuer's")
    wanted = status_list_credential(address.domain, address.url, str(encoded), str(valid_from))
    if {name: value for name, value in listed.items() if name != "proof"} != wanted:
        raise StatusListError("it is not of the form in which lists are published here")
    bits = decode(encoded)
    if len(bits) * 8 != STATUS_LIST_LENGTH:
        raise StatusListError("it does not have as many places as lists have here")
    parse_timestamp(str(valid_from))
    return bits
