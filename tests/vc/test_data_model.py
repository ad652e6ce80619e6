"""Every MUST of the data model that software can check: each broken in turn, and told where."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.credential.credential import draft_credential, sign_credential
from tests.credential.conftest import DRAFTED, IDENTITY
from tests.credential.conftest import KEY as INSTITUTION_KEY
from tests.credential.variants import VARIANTS
from tests.vc.conftest import presentation, sign, unsigned
from verifier.core.contexts import CREDENTIALS_V2
from verifier.vc.data_model import credential_faults, presentation_faults
from verifier.vc.faults import Fault, Kind

Node = dict[str, Any]
Change = Callable[[Node], Any]


def put(*path: Any) -> Change:
    *parents, last, value = path

    def apply(node: Any) -> None:
        for key in parents:
            node = node[key]
        node[last] = value

    return apply


def drop(*path: Any) -> Change:
    *parents, last = path

    def apply(node: Any) -> None:
        for key in parents:
            node = node[key]
        del node[last]

    return apply


STATUS, SCHEMA, RESOURCE = "credentialStatus", "credentialSchema", "relatedResource"
BROKEN: dict[str, tuple[Change, str, str]] = {
    # 4.3 contexts
    "no context": (drop("@context"), "/@context", "The first context is not https://www.w3.org/ns/credentials/v2"),
    "an empty list of contexts": (put("@context", []), "/@context", "first context"),
    "one context, not in a list": (put("@context", CREDENTIALS_V2), "/@context", "first context"),
    "contexts in another order": (put("@context", ["https://example.org/c", CREDENTIALS_V2]), "/@context", "first"),
    "a context that is a number": (put("@context", 1, 5), "/@context/1", "a URL or an object"),
    "a context that is no URL": (put("@context", 1, "https ://x.example/c"), "/@context/1", "a URL or an object"),
    # 4.4 identifiers
    "no id but null": (put("id", None), "/id", "The id None is not a single URL"),
    "two ids": (put("id", ["urn:a", "urn:b"]), "/id", "not a single URL"),
    "an id that is no URL": (put("id", "343cf54b"), "/id", "'343cf54b' is not a single URL"),
    "an id without a host": (put("id", "https://"), "/id", "not a single URL"),
    "an id of no method": (put("id", "did:x"), "/id", "not a single URL"),
    "a subject with two ids": (put("credentialSubject", 0, "id", ["urn:a"]), "/credentialSubject/0/id", "single URL"),
    # 4.5 types
    "no type": (drop("type"), "", "There is no type here"),
    "no types": (put("type", []), "", "There is no type here"),
    "another type alone": (put("type", ["ExampleCredential"]), "/type", "VerifiableCredential is not among"),
    "a type that is a number": (put("type", ["VerifiableCredential", 2]), "/type", "not a term or URL"),
    "a type with a space": (put("type", ["VerifiableCredential", "https ://x"]), "/type", "not a term or URL"),
    # 4.6 names and descriptions
    "a name that is a number": (put("name", 5), "/name", "neither text nor text with its language"),
    "a name with more in it": (put("name", 0, "url", "urn:x"), "/name/0", "neither text nor text with its language"),
    "a name of no language": (put("name", 0, "@language", "?"), "/name/0", "neither text"),
    "a name of no direction": (put("name", 0, "@direction", "up"), "/name/0", "neither text"),
    "an empty list of names": (put("name", []), "/name", "This list is empty"),
    "a description that is no text": (put("description", {"en": "x"}), "/description", "neither text"),
    "an issuer's name that is no text": (put("issuer", "name", 5), "/issuer/name", "neither text"),
    # 4.7 issuer
    "no issuer": (drop("issuer"), "", "There is no issuer here"),
    "an issuer that is null": (put("issuer", None), "/issuer", "neither a URL nor an object with an id"),
    "an issuer that is no URL": (put("issuer", "fake-issuer"), "/issuer", "neither a URL nor"),
    "an issuer without id": (drop("issuer", "id"), "/issuer", "There is no id here"),
    "an issuer whose id is no URL": (put("issuer", "id", "fake"), "/issuer/id", "not a single URL"),
    # 4.8 subject
    "no subject": (drop("credentialSubject"), "", "There is no credentialSubject here"),
    "no subjects": (put("credentialSubject", []), "", "There is no credentialSubject here"),
    "a subject of whom nothing is said": (put("credentialSubject", {}), "/credentialSubject", "This says nothing"),
    "a second one": (put("credentialSubject", [{"id": "urn:a"}, {}]), "/credentialSubject/1", "This says nothing"),
    "a subject that is a text": (put("credentialSubject", "urn:a"), "/credentialSubject", "This says nothing"),
    # 4.9 validity
    "a date without a time": (put("validFrom", "2026-01-01"), "/validFrom", "is not a date and time with an offset"),
    "a time without an offset": (put("validFrom", "2026-01-01T00:00:00"), "/validFrom", "with an offset"),
    "a day that is not": (put("validUntil", "2027-02-30T00:00:00Z"), "/validUntil", "date and time that exists"),
    "a time that is a number": (put("validUntil", 5), "/validUntil", "A time must be written as text"),
    "an end before the beginning": (put("validUntil", "2025-12-31T23:59:59Z"), "/validUntil", "ends before it begins"),
    # 4.10 status, Bitstring Status List 2.1
    "a status without type": (drop(STATUS, "type"), "/credentialStatus", "There is no type here"),
    "a status with two ids": (put(STATUS, "id", ["urn:a", "urn:b"]), "/credentialStatus/id", "single URL"),
    "a status that is a URL": (put(STATUS, "urn:a"), "/credentialStatus", "not an object with a type"),
    "no status": (put(STATUS, []), "/credentialStatus", "This list is empty"),
    "a status for nothing": (
        drop(STATUS, "statusPurpose"),
        "/credentialStatus/statusPurpose",
        "must state its purpose",
    ),
    "a status at a number": (put(STATUS, "statusListIndex", 7), "/credentialStatus/statusListIndex", "as text"),
    "a status below nought": (put(STATUS, "statusListIndex", "-7"), "/credentialStatus/statusListIndex", "as text"),
    "a status in no list": (
        put(STATUS, "statusListCredential", "x"),
        "/credentialStatus/statusListCredential",
        "by a URL",
    ),
    # 4.11 schema
    "a schema without id": (drop(SCHEMA, "id"), "/credentialSchema", "There is no id here"),
    "a schema without type": (drop(SCHEMA, "type"), "/credentialSchema", "There is no type here"),
    "a schema that is no URL": (put(SCHEMA, "id", "https ://x"), "/credentialSchema/id", "single URL"),
    # 5.3 related resources
    "a resource that is a URL": (
        put(RESOURCE, ["https://x.example/"]),
        "/relatedResource/0",
        "with an id and a digest",
    ),
    "a resource without id": (drop(RESOURCE, "id"), "/relatedResource", "There is no id here"),
    "a resource of no media type": (put(RESOURCE, "mediaType", "ld+json"), "/relatedResource/mediaType", "media type"),
    "a resource without digest": (
        put(RESOURCE, {"id": "https://x.example/"}),
        "/relatedResource",
        "neither digestSRI nor digestMultibase",
    ),
    "another resource's digest": (
        put(RESOURCE, "digestSRI", "sha384-" + "A" * 64),
        "/relatedResource/digestSRI",
        "is not that of the resource https://www.w3.org/ns/credentials/v2",
    ),
    "another resource's multihash": (
        put(RESOURCE, "digestMultibase", "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknAA"),
        "/relatedResource/digestMultibase",
        "is not that of",
    ),
    "a digest that is cut": (
        put(RESOURCE, "digestSRI", "sha384-AAAA"),
        "/relatedResource/digestSRI",
        "digest in the required form",
    ),
    "a digest without its kind": (
        put(RESOURCE, "digestMultibase", "uAAAA"),
        "/relatedResource/digestMultibase",
        "not a",
    ),
    # 5.4, 5.5, 5.6
    "a service without type": (drop("refreshService", "type"), "/refreshService", "There is no type here"),
    "terms without type": (put("termsOfUse", [{}]), "/termsOfUse/0", "There is no type here"),
    "evidence without type": (drop("evidence", 0, "type"), "/evidence/0", "There is no type here"),
    "evidence with no URL": (put("evidence", 0, "id", "e1"), "/evidence/0/id", "single URL"),
    "no evidence": (put("evidence", []), "/evidence", "This list is empty"),
    # Data Integrity 2.1
    "a proof that is a text": (put("proof", "x"), "/proof", "A proof must be an object"),
    "no proofs": (put("proof", []), "/proof", "This list is empty"),
    "a proof without type": (drop("proof", "type"), "/proof/type", "A proof must have a type"),
    "a proof for nothing": (drop("proof", "proofPurpose"), "/proof/proofPurpose", "must have a proofPurpose"),
    "a proof without key": (drop("proof", "verificationMethod"), "/proof/verificationMethod", "have a verificationM"),
    "a proof of no URL": (put("proof", "verificationMethod", "#k"), "/proof/verificationMethod", "is not a URL"),
    "a proof without value": (put("proof", "proofValue", None), "/proof/proofValue", "must have a proofValue"),
    "a proof without suite": (drop("proof", "cryptosuite"), "/proof/cryptosuite", "must have a cryptosuite"),
    "a proof of no time": (put("proof", "created", "2026-06-30"), "/proof/created", "with an offset"),
    "a proof that ends at no time": (put("proof", "expires", 5), "/proof/expires", "A time must be written as text"),
    "a proof with a number for id": (put("proof", "id", 5), "/proof/id", "single URL"),
    "a proof for domains": (put("proof", "domain", [5]), "/proof/domain/0", "not a text or a list of texts"),
    "a proof for a challenge": (put("proof", "challenge", 5), "/proof/challenge", "not a text"),
}
SIGNED = sign(unsigned())


def told(faults: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.sentence)) for fault in faults]


def test_a_whole_one_has_no_fault() -> None:
    assert told(credential_faults(unsigned())) == []
    assert told(credential_faults(SIGNED)) == []


@pytest.mark.parametrize("case", BROKEN)
def test_each_rule(case: str) -> None:
    change, pointer, text = BROKEN[case]
    credential = copy.deepcopy(SIGNED)
    change(credential)
    [(where, what)] = told(credential_faults(credential))
    assert where == pointer
    assert re.search(text, what)


@pytest.mark.parametrize("variant", VARIANTS)
def test_ours_conform(variant: str) -> None:
    signed = sign_credential(draft_credential(*VARIANTS[variant], IDENTITY), INSTITUTION_KEY, DRAFTED)
    assert told(credential_faults(signed)) == []


def test_what_is_allowed() -> None:
    credential = unsigned()
    for change in (
        put("id", "https://example.org/1"),
        put("type", ["https://example.org/#A", "VerifiableCredential"]),
        put("name", {"@value": "سند", "@language": "ur-PK", "@direction": "rtl"}),
        put("issuer", "did:example:issuer"),
        put("credentialSubject", [{"id": "did:example:a"}, {"says": "no"}]),
        put("validFrom", "2026-01-01T23:59:59.123-11:30"),
        drop("credentialStatus", "id"),
        put("evidence", {"type": ["A", "https://example.org/#B"]}),
        put(RESOURCE, "digestSRI", [credential[RESOURCE]["digestSRI"]]),
    ):
        change(credential)
        assert told(credential_faults(credential)) == []


def test_a_resource_that_is_not_at_hand_is_neither_true_nor_false() -> None:
    credential = unsigned()
    credential[RESOURCE] = {"id": "https://example.org/x", "digestSRI": "sha256-" + "A" * 43 + "="}
    [fault] = credential_faults(credential)
    assert fault.unchecked
    assert "not available here" in str(fault.sentence)


def test_a_resource_stands_there_once() -> None:
    credential = unsigned()
    credential[RESOURCE] = [credential[RESOURCE]] * 2
    assert told(credential_faults(credential)) == [
        ("/relatedResource/1/id", f"The related resource {CREDENTIALS_V2} is listed twice.")
    ]


ENVELOPED = {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,e"}
PRESENTED: dict[str, tuple[Change, str, str]] = {
    "no context": (drop("@context"), "/@context", "first context"),
    "no type": (drop("type"), "", "There is no type here"),
    "another type": (put("type", ["VerifiableCredential"]), "/type", "VerifiablePresentation is not among"),
    "an id that is no URL": (put("id", "x"), "/id", "single URL"),
    "a credential that is a text": (put("verifiableCredential", ["ey.."]), "/verifiableCredential/0", "an object, not"),
    "a credential that is a link": (put("verifiableCredential", "urn:x"), "/verifiableCredential", "an object, not"),
    "a holder that is no URL": (put("holder", "z6Mk"), "/holder", "neither a URL nor"),
    "a holder without id": (put("holder", {"name": "A"}), "/holder", "There is no id"),
    "an envelope of no context": (
        put("verifiableCredential", [{**ENVELOPED, "@context": []}]),
        "/verifiableCredential/0/@context",
        "No context here defines EnvelopedVerifiableCredential",
    ),
    "an envelope around nothing": (
        put("verifiableCredential", [{**ENVELOPED, "id": "urn:x"}]),
        "/verifiableCredential/0/id",
        "must be a data: URL",
    ),
    "terms without type": (put("termsOfUse", {}), "/termsOfUse", "There is no type here"),
    "a proof that is a text": (put("proof", "x"), "/proof", "A proof must be an object"),
}


@pytest.mark.parametrize("case", PRESENTED)
def test_each_rule_of_presentations(case: str) -> None:
    change, pointer, text = PRESENTED[case]
    node = presentation(SIGNED)
    assert told(presentation_faults(node)) == []
    change(node)
    [(where, what)] = told(presentation_faults(node))
    assert where == pointer
    assert re.search(text, what)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted({*SIGNED, "holder", "verifiableCredential"})), ANYTHING)
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_handed_in_breaks_it(key: str, value: Any) -> None:
    for faults in (credential_faults({**SIGNED, key: value}), presentation_faults({**presentation(), key: value})):
        assert all(fault.kind in (Kind.MALFORMED, Kind.PARSING) for fault in faults)
    assert credential_faults(value) or isinstance(value, dict)


def test_a_fault_as_problem_details() -> None:
    [fault] = credential_faults({**SIGNED, "id": "x"})
    assert fault.details() == {
        "type": "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
        "title": "A value is malformed",
        "detail": "The id 'x' is not a single URL.",
        "pointer": "#/id",
    }
