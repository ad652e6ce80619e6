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
    presentation,
    sign,
    unsigned,
)
from verifier.core.canonical import Json
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import JCS, RDFC
from verifier.core.errors import SignatureUncheckedError
from verifier.core.linked_data import canonical_quads
from verifier.errors import FetchError
from verifier.vc.checking import Finding, Standing, check_credential, check_presentation, lenient_quads
from verifier.vc.faults import Kind
from verifier.vc.keys import did_web_address
from verifier.vc.proofs import MAX_PROOFS, Asked, Bench

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
    assert "Whether its issuer has revoked it since was not asked." in map(str, finding.warnings)


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
    assert told(check_credential(unsigned(), BENCH)) == [(Kind.PROOF_VERIFICATION, "It carries no proof.")]


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
    assert "9 proofs; no more than 8 are read" in str(told(finding))


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
        assert "in a form that is not read here" in str(told(finding))

    @pytest.mark.parametrize("did", ["did:ion:abc", "https://issuer.example"])
    def test_other_methods_could_not_be_checked(self, did: str) -> None:
        finding = check_credential(sign(unsigned(did), verificationMethod=f"{did}#key-1"), BENCH)
        assert finding.signature is Standing.UNCHECKED
        assert f"Keys of {did} are not read here" in str(told(finding))

    def test_another_kind_of_did_key_could_not_be_checked(self) -> None:
        key = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
        finding = check_credential(sign(unsigned(), verificationMethod=f"did:key:{key}#{key}"), BENCH)
        assert finding.signature is Standing.UNCHECKED
        assert "not of Ed25519" in str(told(finding))

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


class TestPresentations:
    ASKED = Asked("c-123", "verifier.example")

    def signed(self, *credentials: Node, **options: Any) -> Node:
        asked = {"proofPurpose": "authentication", "challenge": "c-123", "domain": "verifier.example"}
        return sign(presentation(*credentials), **{**asked, **options})

    @pytest.mark.parametrize("suite", [RDFC, JCS])
    def test_one_that_is_whole(self, suite: str) -> None:
        whole = self.signed(sign(unsigned()), sign(unsigned(), suite=JCS), suite=suite)
        finding = check_presentation(whole, BENCH, self.ASKED)
        assert told(finding) == []
        assert finding.controller == DID

    @pytest.mark.parametrize("suite", [RDFC, JCS])
    def test_a_credential_that_was_changed_or_left_out(self, suite: str) -> None:
        whole = self.signed(sign(unsigned()), sign(unsigned()), suite=suite)
        changed = copy.deepcopy(whole)
        changed["verifiableCredential"][1]["credentialSubject"][0]["says"] = "no"
        finding = check_presentation(changed, BENCH, self.ASKED)
        assert [fault.pointer for fault in finding.faults] == ["/proof", "/verifiableCredential/1/proof"]
        left_out = {**whole, "verifiableCredential": whole["verifiableCredential"][:1]}
        assert check_presentation(left_out, BENCH, self.ASKED).signature is Standing.FALSE

    @pytest.mark.parametrize(
        ("asked", "kind"),
        [
            (Asked("c-124", "verifier.example"), Kind.CHALLENGE),
            (Asked("c-123", "another.example"), Kind.DOMAIN),
            (Asked(None, "verifier.example"), Kind.CHALLENGE),
            (Asked("c-123", None), Kind.DOMAIN),
        ],
    )
    def test_an_answer_to_another_question(self, asked: Asked, kind: Kind) -> None:
        assert [each for each, _ in told(check_presentation(self.signed(), BENCH, asked))] == [kind]

    def test_several_domains(self) -> None:
        both = self.signed(domain=["a.example", "verifier.example"])
        assert told(check_presentation(both, BENCH, self.ASKED)) == []

    def test_a_proof_for_another_purpose(self) -> None:
        finding = check_presentation(self.signed(proofPurpose="assertionMethod"), BENCH, self.ASKED)
        assert told(finding) == [(Kind.CRYPTOGRAPHIC, "The proof's purpose is not authentication.")]

    def test_the_holder_signed_it(self) -> None:
        other = sign(
            presentation(),
            OTHER_KEY,
            proofPurpose="authentication",
            challenge="c-123",
            domain="verifier.example",
        )
        [(kind, text)] = told(check_presentation(other, BENCH, self.ASKED))
        assert kind is Kind.METHOD
        assert "not to the holder" in text
        anybody = {**presentation(holder=None)}
        asked = {"proofPurpose": "authentication", "challenge": "c-123", "domain": "verifier.example"}
        assert told(check_presentation(sign(anybody, OTHER_KEY, **asked), BENCH, self.ASKED)) == []

    def test_an_enveloped_credential_could_not_be_checked(self) -> None:
        enveloped = {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc,x"}
        finding = check_presentation(self.signed(enveloped), BENCH, self.ASKED)
        assert finding.standing is Standing.UNCHECKED
        assert "JOSE or COSE are not read here" in str(told(finding))


class TestContextsOfItsOwn:
    def quads(self, context: Json, lenient: bool = True) -> str:
        subject = {"id": "urn:s", "said": "yes"}
        document = {"@context": [CREDENTIALS_V2, context], "type": "VerifiableCredential", "credentialSubject": subject}
        return canonical_quads(document, lenient=lenient)

    def test_are_read_where_nothing_is_lost(self) -> None:
        assert self.quads({"said": "urn:x:said"}).count('<urn:s> <urn:x:said> "yes" .\n') == 1
        assert (
            self.quads({"x": "urn:x:", "said": {"@id": "x:said", "@type": "x:kind"}}).count('"yes"^^<urn:x:kind> .\n')
            == 1
        )
        with pytest.raises(SignatureUncheckedError, match="defines terms of its own"):
            self.quads({"said": "urn:x:said"}, lenient=False)

    @pytest.mark.parametrize(
        "context",
        [
            *({"said": None}, {"said": {"@id": None}}, {"said": "@index"}, {"said": {"@id": "@direction"}}),
            *({"said": {"@id": "urn:x", "@container": "@index"}}, {"said": {"@id": "urn:x", "@container": ["@id"]}}),
            *({"said": {"@reverse": "urn:x"}}, {"@base": "urn:x"}, {"@import": "https://example.org/c"}),
            *({"said": "@nest"}, {"said": {"@id": "urn:x", "@nest": "y"}}, {"@propagate": False}, {"said": ["urn:x"]}),
            *({"@context": [{"said": None}]}, {"said": {"@id": "urn:x", "@context": {"y": None}}}, {"said": "@graph"}),
            {"said": {"@id": "urn:x", "@type": "@json"}},
        ],
    )
    def test_are_not_read_where_something_could_be(self, context: Node) -> None:
        with pytest.raises(SignatureUncheckedError, match="The credential's own context uses"):
            self.quads(context)

    def test_what_a_document_defines_is_forgotten_with_it(self) -> None:
        self.quads({"said": "urn:x:said"})
        with pytest.raises(Exception, match="'said' that no context defines"):
            self.quads({"other": "urn:x:other"})

    def test_inside_a_credential_that_is_presented(self) -> None:
        credential = sign(unsigned())
        credential["credentialSubject"][0]["@context"] = {"says": None}
        node = sign(presentation(sign(unsigned())), proofPurpose="authentication", challenge="c")
        node["verifiableCredential"] = [credential]
        finding = check_presentation(node, BENCH, Asked("c"))
        assert finding.signature is Standing.UNCHECKED


class TestNodesThatNothingTellsApart:
    """Telling such nodes apart takes a time that grows with their factorial; nobody may make a verifier spend it."""

    def presented(self, credentials: int, chains: int, length: int) -> Node:
        def chain(left: int) -> Node:
            return {"https://e.org/#p": [chain(left - 1)]} if left else {"https://e.org/#q": "x"}

        inside = {
            "@context": [CREDENTIALS_V2],
            "type": ["VerifiableCredential"],
            "credentialSubject": {"https://e.org/#s": [chain(length) for _ in range(chains)]},
        }
        return presentation(*[copy.deepcopy(inside) for _ in range(credentials)])

    def test_are_refused_before_any_work(self) -> None:
        for shape in (3, 3, 4), (2, 3, 6), (2, 5, 3):
            with pytest.raises(SignatureUncheckedError, match="More than 12 of its nameless nodes say the same"):
                lenient_quads(self.presented(*shape))

    def test_a_handful_is_told_apart(self) -> None:
        assert lenient_quads(self.presented(2, 2, 3)).count("_:c14n") > 0
        assert lenient_quads(self.presented(1, 1, 9)).count("_:c14n") > 0
