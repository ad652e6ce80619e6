"""Presentations: what was asked, who holds it, and every credential in it."""

import copy
from typing import Any

import pytest

from tests.vc.conftest import DID, OTHER_KEY, Node, presentation, sign, unsigned
from tests.vc.test_proofs import BENCH, told
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import JCS, RDFC
from verifier.vc.checking import Finding, Standing, check_credential, check_presentation
from verifier.vc.faults import Kind
from verifier.vc.proofs import Asked


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

    def test_what_the_holder_says_of_itself_is_secured_with_the_presentation(self) -> None:
        whole = self.signed(unsigned())
        assert told(check_presentation(whole, BENCH, self.ASKED)) == []
        whole["verifiableCredential"][0]["name"] = "Another"
        assert check_presentation(whole, BENCH, self.ASKED).signature is Standing.FALSE
        of_another = self.signed(unsigned("did:web:college.example"))
        assert "It has no proof." in str(told(check_presentation(of_another, BENCH, self.ASKED)))
        nobodys = sign(presentation(unsigned(), holder=None), **self.asked())
        assert "It has no proof." in str(told(check_presentation(nobodys, BENCH, self.ASKED)))

    def asked(self) -> Node:
        return {"proofPurpose": "authentication", "challenge": "c-123", "domain": "verifier.example"}

    @pytest.mark.parametrize("kind", ["Credential", "Presentation"])
    def test_an_envelope_alone_could_not_be_checked(self, kind: str) -> None:
        node = {"@context": CREDENTIALS_V2, "type": f"EnvelopedVerifiable{kind}", "id": "data:application/vc+jwt,x"}

        def check(node: Node) -> Finding:
            if kind == "Credential":
                return check_credential(node, BENCH)
            return check_presentation(node, BENCH, self.ASKED)

        assert check(node).standing is Standing.UNCHECKED
        assert check({**node, "id": "urn:x"}).standing is Standing.FALSE
        assert check({**node, "@context": []}).standing is Standing.FALSE

    def test_an_enveloped_credential_could_not_be_checked(self) -> None:
        enveloped = {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc,x"}
        finding = check_presentation(self.signed(enveloped), BENCH, self.ASKED)
        assert finding.standing is Standing.UNCHECKED
        assert "JOSE or COSE cannot be checked here" in str(told(finding))
