"""The bits of a status list as the standard wants them, and what a list says of one credential."""

import base64
import copy
import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from issuer.credential.credential import sign_credential
from issuer.credential.identity import STATUS_LIST_LENGTH
from issuer.publishing.status_credential import TTL, status_list_credential
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from verifier.core.errors import SignatureError, StatusError
from verifier.core.status_list import LENGTH, bit, decode, encode, is_revoked, with_bits
from verifier.web import status_lists

DOMAIN = "university.example"
URL = f"https://verify.example/status/{DOMAIN}/{IDENTITY.status_list}"
PLACE = IDENTITY.status_index


def test_the_least_length_that_the_standard_allows() -> None:
    assert LENGTH == STATUS_LIST_LENGTH == 131_072
    assert len(with_bits([])) == 16 * 1024
    assert TTL.total_seconds() == status_lists.SECONDS


def test_the_first_place_is_the_leftmost_bit() -> None:
    bits = with_bits([0, 9, LENGTH - 1])
    assert bits[:2] + bits[-1:] == bytes([0b1000_0000, 0b0100_0000, 0b0000_0001])


@given(st.sets(st.integers(0, LENGTH - 1), max_size=50))
def test_what_is_encoded_comes_back(places: set[int]) -> None:
    encoded = encode(with_bits(places))
    assert encoded[0] == "u"
    assert "=" not in encoded
    assert gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "==")) == with_bits(places)
    assert encoded == encode(with_bits(places))
    bits = decode(encoded)
    assert {place for place in [*places, 0, LENGTH - 1] if bit(bits, place)} == places & {*places, 0, LENGTH - 1}


def _packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("encoded", "sentence"),
    [
        (None, "The status list's bits are not written in base64url after a u."),
        ("zabc", "The status list's bits are not written in base64url after a u."),
        ("u!!!!", "The status list's bits are not written in base64url after a u."),
        ("uH4sI=", "The status list's bits are not written in base64url after a u."),
        ("u+/+/", "The status list's bits are not written in base64url after a u."),
        ("uabcde", "The status list's bits cannot be unpacked."),
        (_packed(b"no gzip"), "The status list's bits cannot be unpacked."),
        (_packed(gzip.compress(bytes(16_384), mtime=0)[:-1]), "The status list's bits are cut off, or too many."),
        (_packed(gzip.compress(bytes(16_384), mtime=0) + b"more"), "The status list's bits are cut off, or too many."),
        (_packed(gzip.compress(bytes(4_000_000), mtime=0)), "The status list's bits are cut off, or too many."),
        (_packed(gzip.compress(bytes(16_383), mtime=0)), "The status list is shorter than 131072 entries."),
    ],
)
def test_what_is_no_list_is_told(encoded: object, sentence: str) -> None:
    with pytest.raises(StatusError) as caught:
        decode(encoded)
    assert str(caught.value) == sentence


def entry() -> dict[str, Any]:
    status = {
        "id": f"{URL}#{PLACE}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": str(PLACE), "statusListCredential": URL,
    }  # fmt: skip
    return {"issuer": {"id": f"did:web:{DOMAIN}"}, "credentialStatus": status}


def listed(*places: int, key: Ed25519PrivateKey = KEY, **changed: Any) -> dict[str, Any]:
    unsigned = status_list_credential(DOMAIN, URL, encode(with_bits(places)), "2026-06-30T12:00:00Z")
    return sign_credential({**unsigned, **changed}, key, DRAFTED)


def test_the_credential_s_own_bit_counts() -> None:
    assert is_revoked(entry(), listed(PLACE), DRAFTED) is True
    assert is_revoked(entry(), listed(PLACE - 1, PLACE + 1), DRAFTED) is False
    assert is_revoked({**entry(), "issuer": f"did:web:{DOMAIN}"}, listed(PLACE), DRAFTED) is True


def _without_subject(**changed: Any) -> dict[str, Any]:
    subject = listed()["credentialSubject"]
    return {"credentialSubject": {**subject, **changed}}


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "https://verify.example/status/university.example/00000000000000000000000000000000"},
        {"type": ["VerifiableCredential"]},
        _without_subject(type="Anything"),
        _without_subject(statusPurpose="suspension"),
        _without_subject(encodedList="u"),
        {"credentialSubject": []},
        {"validFrom": "2026-06-30T12:00:01Z"},
        {"validUntil": "2026-06-30T11:59:59Z"},
        {"validUntil": "for ever"},
        {"validUntil": None},
    ],
)
def test_a_list_that_says_nothing_never_says_not_revoked(changed: dict[str, Any]) -> None:
    unsigned = {key: value for key, value in listed().items() if key != "proof"}
    strange = sign_credential({**unsigned, **changed}, KEY, DRAFTED, "eddsa-jcs-2022")  # which covers all of them
    with pytest.raises(StatusError):
        is_revoked(entry(), strange, DRAFTED)


def test_a_list_of_somebody_else_or_with_a_false_signature_says_nothing() -> None:
    with pytest.raises(StatusError):
        is_revoked({**entry(), "issuer": "did:web:college.example"}, listed(), DRAFTED)
    tampered = copy.deepcopy(listed(PLACE))
    tampered["credentialSubject"]["encodedList"] = encode(with_bits([]))
    with pytest.raises(SignatureError):
        is_revoked(entry(), tampered, DRAFTED)
    with pytest.raises(StatusError):
        is_revoked({**entry(), "credentialStatus": [entry()["credentialStatus"]] * 2}, listed(), DRAFTED)
    for size in (0, 2, True, "1"):
        with pytest.raises(StatusError, match="more than one bit"):
            is_revoked(
                {**entry(), "credentialStatus": {**entry()["credentialStatus"], "statusSize": size}}, listed(), DRAFTED
            )
    for place in ("-1", "007", "131072", 7):
        beyond = entry()
        beyond["credentialStatus"]["statusListIndex"] = place
        with pytest.raises(StatusError):
            is_revoked(beyond, listed(), datetime(2027, 1, 1, tzinfo=UTC))
