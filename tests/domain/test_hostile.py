"""What strangers publish is read, or refused in a sentence of ours; no other exception ever comes of it."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.doubles import DOMAIN, credential
from verifier.core.domain_keys import DomainAnswer, confirmed, read_did_document, read_txt_records
from verifier.core.errors import DomainStatementError, SanadError
from verifier.core.status_list import decode, is_revoked
from verifier.core.verdict import State

_SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20)
_WORDS = st.sampled_from(
    ["#key-0", f"did:web:{DOMAIN}#key-0", "z6Mk", "2026-01-01T00:00:00Z", "SanadRegistry", "u", "0"]
)
_VALUES = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "publicKeyMultibase", "revoked", "expires", "validUntil", "serviceEndpoint", "registry"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_DOCUMENTS = st.fixed_dictionaries(
    {"id": st.just(f"did:web:{DOMAIN}") | _VALUES},
    optional=dict.fromkeys(("verificationMethod", "assertionMethod", "service"), _VALUES),
)


@given(_DOCUMENTS)
def test_any_did_json(document: dict[str, Any]) -> None:
    with suppress(DomainStatementError):
        said = read_did_document(json.dumps(document).encode(), DOMAIN)
        step = confirmed(credential(), DOMAIN, DomainAnswer((said,)))
        assert step.outcome is None
        assert step.state in (State.FAILED, State.NOTE)


@given(st.binary(max_size=200))
def test_any_bytes_for_a_did_json(data: bytes) -> None:
    with suppress(DomainStatementError):
        read_did_document(data, DOMAIN)


@given(st.lists(st.text(max_size=60) | st.builds("v=sanad1; key={0}; until={1}; registry={0}".format, _WORDS, _WORDS)))
def test_any_txt_records(texts: list[str]) -> None:
    with suppress(DomainStatementError):
        read_txt_records(texts)


@given(_VALUES, st.dictionaries(st.sampled_from(["id", "type", "issuer", "credentialSubject", "proof"]), _VALUES))
def test_any_status_list(entry: Any, listed: dict[str, Any]) -> None:
    status = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListCredential": entry}
    with suppress(SanadError):
        is_revoked({"issuer": "did:web:a.b", "credentialStatus": status}, listed, datetime.now(UTC))
        raise AssertionError("a list that nobody signed said something")


@given(st.text(max_size=80).map("u{}".format) | _VALUES)
def test_any_encoded_list(encoded: Any) -> None:
    with suppress(SanadError):
        decode(encoded)
