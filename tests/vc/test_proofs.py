"""Proofs, sets and chains of them, and whose the keys are."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.vc.conftest import (
    DID,
    KEY,
    MULTIKEY,
    NOW,
    OTHER_KEY,
    OTHER_MULTIKEY,
    Node,
    sign,
    unsigned,
)
from verifier.core.canonical import Json
from verifier.core.data_integrity import JCS, RDFC
from verifier.core.errors import SignatureUncheckedError
from verifier.errors import FetchError
from verifier.vc.checking import Finding, Standing, check_credential, lenient_quads
from verifier.vc.faults import Kind
from verifier.vc.keys import did_web_address
from verifier.vc.proofs import MAX_PROOFS, Bench

BENCH = Bench(NOW, lenient_quads)
WEB = "did:web:college.example"


def told(finding: Finding) -> list[tuple[Kind, str]]:
    return [(fault.kind, str(fault.sentence)) for fault in finding.faults]


class Documents:
    """Documents of `did:web` at hand, and none besides."""

    def __init__(self, *documents: Node) -> None:
        self._documents = {document["id"]: document for document in documents}

    def document(self, did: str) -> Mapping[str, Any]:
        if did not in self._documents:
            raise FetchError("college.example cannot be reached.")
        return self._documents[did]


def did_document(*methods: Node, purpose: str = "assertionMethod") -> Node:
    listed = [{"id": f"{WEB}#{MULTIKEY}", "type": "Multikey", "controller": WEB, "publicKeyMultibase": MULTIKEY}]
    listed = list(methods) or listed
    return {"id": WEB, "verificationMethod": listed, purpose: [method["id"] for method in listed]}


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_one_that_is_whole(suite: str) -> None:
    finding = check_credential(sign(unsigned(), suite=suite), BENCH)
    assert told(finding) == []
    assert (finding.standing, finding.signature, finding.form) == (Standing.GENUINE,) * 3
    assert finding.controller == DID
    assert "It was not checked whether its issuer has revoked it since." in map(str, finding.warnings)


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_one_that_was_changed(suite: str) -> None:
    credential = sign(unsigned(), suite=suite)
    credential["credentialSubject"][0]["says"] = "no"
    finding = check_credential(credential, BENCH)
    assert finding.signature is Standing.FALSE
    assert finding.form is Standing.GENUINE
    assert [kind for kind, _ in told(finding)] == [Kind.CRYPTOGRAPHIC]


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_a_term_that_no_context_defines_is_told_with_either_suite(suite: str) -> None:
    credential = sign(unsigned(), suite=suite)
    credential["credentialSubject"][0]["more"] = "x"
    assert "'more' that no context defines" in str(told(check_credential(credential, BENCH)))


def test_without_any_proof() -> None:
    assert told(check_credential(unsigned(), BENCH)) == [(Kind.PROOF_VERIFICATION, "It has no proof.")]


def test_dates_are_not_the_signature() -> None:
    for now, text in ((NOW.replace(year=2028), "It has expired."), (NOW.replace(year=2025), "It is not valid yet.")):
        finding = check_credential(sign(unsigned()), replace(BENCH, now=now))
        assert told(finding) == [(Kind.RANGE, text)]
        assert (finding.standing, finding.signature) == (Standing.FALSE, Standing.GENUINE)


def test_a_set_of_proofs_holds_if_all_do() -> None:
    both = sign(sign(unsigned()), OTHER_KEY)
    assert told(check_credential(both, BENCH)) == []
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    assert [kind for kind, _ in told(check_credential(both, BENCH))] == [Kind.CRYPTOGRAPHIC]


def test_the_issuer_is_among_those_who_signed() -> None:
    finding = check_credential(sign(unsigned(), OTHER_KEY), BENCH)
    expected = f"The key that signed it belongs to did:key:{OTHER_MULTIKEY}, not to the issuer."
    assert told(finding) == [(Kind.METHOD, expected)]


@pytest.mark.parametrize("previous", ["urn:first", ["urn:first"]])
@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_a_chain_of_proofs(previous: Json, suite: str) -> None:
    chain = sign(sign(unsigned(), OTHER_KEY, suite, id="urn:first"), KEY, suite, previousProof=previous)
    assert told(check_credential(chain, BENCH)) == []
    broken = copy.deepcopy(chain)
    broken["proof"][0]["created"] = "2026-06-30T12:00:01Z"
    # The second was made over the first: both fall.
    assert [kind for kind, _ in told(check_credential(broken, BENCH))] == [Kind.CRYPTOGRAPHIC] * 2
    alone = {**chain, "proof": chain["proof"][1]}
    assert "follows another one that is not here" in str(told(check_credential(alone, BENCH)))


def test_a_proof_does_not_follow_itself() -> None:
    credential = sign(unsigned(), id="urn:first")
    credential["proof"]["previousProof"] = "urn:first"
    assert "follows another one that is not here" in str(told(check_credential(credential, BENCH)))


def test_a_crowd_of_proofs_is_not_read() -> None:
    credential = sign(unsigned())
    credential["proof"] = [credential["proof"]] * (MAX_PROOFS + 1)
    finding = check_credential(credential, BENCH)
    assert finding.standing is Standing.UNCHECKED
    assert "9 proofs; at most 8 are read" in str(told(finding))


def test_a_proof_that_has_expired() -> None:
    good = sign(unsigned(), expires="2026-11-18T11:00:01Z")
    assert told(check_credential(good, BENCH)) == []
    over = sign(unsigned(), expires="2026-11-18T10:59:59Z")
    assert told(check_credential(over, BENCH)) == [(Kind.PROOF_VERIFICATION, "The proof has expired.")]


def test_another_suite_could_not_be_checked() -> None:
    credential = sign(unsigned())
    credential["proof"]["cryptosuite"] = "ecdsa-rdfc-2019"
    finding = check_credential(credential, BENCH)
    assert finding.signature is Standing.UNCHECKED
    assert "'ecdsa-rdfc-2019', which this verifier does not know" in str(told(finding))


def test_an_unknown_context_could_not_be_checked() -> None:
    credential = sign(unsigned())
    credential["@context"].append("https://example.org/context")
    finding = check_credential(credential, BENCH)
    assert finding.signature is Standing.UNCHECKED
    assert "https://example.org/context is not among those" in str(told(finding))


class TestWhoseTheKeyIs:
    def of_web(self, **options: Any) -> Node:
        return sign(unsigned(WEB), verificationMethod=f"{WEB}#{MULTIKEY}", **options)

    def test_the_domain_lists_it(self) -> None:
        finding = check_credential(self.of_web(), replace(BENCH, documents=Documents(did_document())))
        assert told(finding) == []
        assert finding.controller == WEB

    def test_the_domain_is_not_asked_or_does_not_answer(self) -> None:
        for documents, why in ((None, "was not asked for"), (Documents(), "college.example cannot be reached")):
            finding = check_credential(self.of_web(), replace(BENCH, documents=documents))
            assert finding.signature is Standing.UNCHECKED
            [(kind, text)] = told(finding)
            assert kind is Kind.METHOD
            assert text.startswith("The signature fits the key that the proof names, but whose key it is could not be")
            assert why in text

    def test_a_false_signature_is_false_whoever_is_asked(self) -> None:
        credential = self.of_web()
        credential["name"] = "Another"
        assert check_credential(credential, BENCH).signature is Standing.FALSE

    def test_the_domain_lists_another(self) -> None:
        other = {"id": f"{WEB}#{OTHER_MULTIKEY}", "type": "Multikey", "publicKeyMultibase": OTHER_MULTIKEY}
        finding = check_credential(self.of_web(), replace(BENCH, documents=Documents(did_document(other))))
        assert told(finding) == [(Kind.CRYPTOGRAPHIC, f"The document of {WEB} does not list this key.")]

    def test_the_domain_lists_another_under_this_name(self) -> None:
        other = {"id": f"{WEB}#{MULTIKEY}", "type": "Multikey", "publicKeyMultibase": OTHER_MULTIKEY}
        finding = check_credential(self.of_web(), replace(BENCH, documents=Documents(did_document(other))))
        assert told(finding) == [(Kind.CRYPTOGRAPHIC, f"The document of {WEB} lists another key under this name.")]

    def test_the_domain_lists_it_for_something_else(self) -> None:
        documents = Documents(did_document(purpose="authentication"))
        finding = check_credential(self.of_web(), replace(BENCH, documents=documents))
        expected = f"The document of {WEB} does not list this key for assertionMethod."
        assert told(finding) == [(Kind.CRYPTOGRAPHIC, expected)]

    def test_the_domain_lists_it_as_anothers(self) -> None:
        entry = {"id": f"{WEB}#{MULTIKEY}", "controller": "did:web:x.example", "publicKeyMultibase": MULTIKEY}
        finding = check_credential(self.of_web(), replace(BENCH, documents=Documents(did_document(entry))))
        assert told(finding) == [(Kind.CRYPTOGRAPHIC, f"The document of {WEB} lists this key as another's.")]

    @pytest.mark.parametrize(
        "form",
        [
            {"publicKeyMultibase": MULTIKEY},
            {"publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"}},
        ],
    )
    @pytest.mark.parametrize("name", ["#key-1", f"{WEB}#key-1"])
    def test_a_key_with_a_name_of_its_own(self, form: Node, name: str) -> None:
        credential = sign(unsigned(WEB), verificationMethod=f"{WEB}#key-1")
        documents = Documents(did_document({"id": name, "type": "Multikey", **form}))
        assert told(check_credential(credential, replace(BENCH, documents=documents))) == []
        assert check_credential(credential, BENCH).signature is Standing.UNCHECKED
        credential["name"] = "Another"
        assert check_credential(credential, replace(BENCH, documents=documents)).signature is Standing.FALSE

    def test_a_key_that_stands_in_the_list_itself(self) -> None:
        entry = {"id": f"{WEB}#k", "type": "Multikey", "publicKeyMultibase": MULTIKEY}
        documents = Documents({"id": WEB, "assertionMethod": [entry]})
        credential = sign(unsigned(WEB), verificationMethod=f"{WEB}#k")
        assert told(check_credential(credential, replace(BENCH, documents=documents))) == []

    def test_a_key_of_another_kind_could_not_be_checked(self) -> None:
        entry = {"id": f"{WEB}#k", "publicKeyJwk": {"kty": "EC", "crv": "P-256", "x": "", "y": ""}}
        credential = sign(unsigned(WEB), verificationMethod=f"{WEB}#k")
        finding = check_credential(credential, replace(BENCH, documents=Documents(did_document(entry))))
        assert finding.signature is Standing.UNCHECKED
        assert "in a form that is not supported here" in str(told(finding))

    @pytest.mark.parametrize("did", ["did:ion:abc", "https://issuer.example"])
    def test_other_methods_could_not_be_checked(self, did: str) -> None:
        finding = check_credential(sign(unsigned(did), verificationMethod=f"{did}#key-1"), BENCH)
        assert finding.signature is Standing.UNCHECKED
        assert f"Keys of {did} are not supported here" in str(told(finding))

    def test_another_kind_of_did_key_could_not_be_checked(self) -> None:
        key = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
        finding = check_credential(sign(unsigned(), verificationMethod=f"did:key:{key}#{key}"), BENCH)
        assert finding.signature is Standing.UNCHECKED
        assert "is not an Ed25519 key" in str(told(finding))

    @pytest.mark.parametrize(
        ("did", "address"),
        [
            (WEB, "https://college.example/.well-known/did.json"),
            ("did:web:college.example:staff:a%20b", "https://college.example/staff/a b/did.json"),
        ],
    )
    def test_where_a_document_is(self, did: str, address: str) -> None:
        assert did_web_address(did) == address

    @pytest.mark.parametrize(
        "did",
        ["did:web:", "did:web:localhost", "did:web:127.0.0.1", "did:web:a.example%3A8443", "did:web:a.example:..%2Fx"],
    )
    def test_where_there_is_none(self, did: str) -> None:
        with pytest.raises(SignatureUncheckedError, match="names no domain whose document could be fetched"):
            did_web_address(did)
