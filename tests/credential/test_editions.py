"""Contexts that were changed after they were published: a signature may fit any edition, and no guess is made."""

import copy
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.vectors.samples import base58, document, key
from verifier.core.contexts import (
    FROZEN,
    OPEN_BADGES_3,
    bundled_contexts,
    edition_open,
    other_editions,
    term_addresses,
)
from verifier.core.data_integrity import proof_hash_data, verify_proof
from verifier.core.errors import SignatureError, UnknownTermError
from verifier.core.linked_data import canonical_quads
from verifier.core.multikey import ed25519_multikey

KEY = key("somebody else")
EDITIONS = [bundled_contexts(), *other_editions([OPEN_BADGES_3], {"jti"})]


def signed(edition: int, **more: Any) -> dict[str, Any]:
    multikey = ed25519_multikey(KEY.public_key().public_bytes_raw())
    draft = document("Ayesha Khan", **more) | {"issuer": f"did:key:{multikey}"}
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-06-30T12:00:00Z",
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "proofPurpose": "assertionMethod",
    }
    quads = partial(canonical_quads, contexts=EDITIONS[edition])
    proof["proofValue"] = base58(KEY.sign(proof_hash_data(draft, proof, quads)))
    return {**draft, "proof": proof}


def test_a_signature_under_any_known_edition_is_genuine() -> None:
    assert len(EDITIONS) == 2
    verify_proof(signed(0))
    verify_proof(signed(1, jti="urn:uuid:5b1479a8-5080-4689-b9b4-c2636bed843a", endorsementJwt=["eyJ.a.b"]))


def test_an_edition_that_says_nothing_else_of_a_document_is_not_tried() -> None:
    assert list(other_editions([OPEN_BADGES_3], {"name", "issuer"})) == []
    assert list(other_editions([OPEN_BADGES_3], {"jti"})) == EDITIONS[1:2]


def test_a_change_is_false_under_every_edition() -> None:
    for credential in (signed(0), signed(1, jti="urn:uuid:x"), {**signed(0), "jti": "urn:uuid:x"}):
        credential["name"] = "Another"
        with pytest.raises(SignatureError, match="The signature is false"):
            verify_proof(credential)


def test_a_term_of_no_known_edition_could_not_be_checked() -> None:
    credential = copy.deepcopy(signed(0))
    credential["credentialSubject"]["honours"] = "summa"
    with pytest.raises(UnknownTermError, match="It holds 'honours'"):
        verify_proof(credential)


def test_only_contexts_with_a_published_digest_have_one_edition_for_ever() -> None:
    assert not edition_open(sorted(FROZEN))
    assert not edition_open(None)
    assert edition_open([*FROZEN, OPEN_BADGES_3])
    assert not edition_open([{"x": "urn:x"}])


def definitions(value: Any) -> Iterator[tuple[str, Any]]:
    """Every term with its definition, inner ones too."""
    if isinstance(value, list):
        for each in value:
            yield from definitions(each)
    elif isinstance(value, dict):
        for term, defined in value.items():
            yield term, defined
            if isinstance(defined, dict) and "@context" in defined:
                yield from definitions(defined["@context"])


def test_no_published_context_lets_one_property_have_two_names() -> None:
    """What the rules for writing rest on: no prefixes, no keywords by other names, one name for a property."""
    addresses: dict[str, set[str]] = {}
    for contexts in EDITIONS:
        for context in contexts.values():
            for term, defined in definitions(context["@context"]):
                address = defined["@id"] if isinstance(defined, dict) else defined
                if term.startswith("@"):
                    continue
                assert ":" not in term
                assert address in ("@id", "@type") or address[-1] not in ":/?#[]@" or term == "xsd"
                assert not isinstance(defined, dict) or not defined.keys() & {"@reverse", "@nest", "@index", "@prefix"}
                if not term[0].isupper():
                    addresses.setdefault(address, set()).add(term)
                elif address in addresses:
                    assert address in term_addresses()
    assert {address: names for address, names in addresses.items() if len(names) > 1} == {}
    assert addresses.pop("https://www.w3.org/2001/XMLSchema#") == {"xsd"}  # a prefix that check_compacted refuses
    assert addresses["@id"] == {"id"}
    assert addresses["@type"] == {"type"}
