"""What a stranger's file may cost: bounded before it is expanded, and by its length besides."""

import json
import time
from typing import Any

import pytest

from tests.pace import unit
from tests.vc.conftest import DID, MULTIKEY
from verifier.answers.answer import check_bytes
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from verifier.core.limits import LIMITS
from verifier.core.steps import signature
from verifier.core.verifier import Verifier

PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-06-30T12:00:00Z",
    "verificationMethod": f"{DID}#{MULTIKEY}",
    "proofPurpose": "assertionMethod",
    "proofValue": "z" + "2" * 88,
}
TYPES = ("AchievementSubject", "Achievement", "Profile", "IdentityObject", "Result", "ResultDescription", "Alignment")
UNITS = 40


def document(subject: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": "urn:x",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": DID,
        "credentialSubject": subject or {"id": "urn:y"},
        "proof": PROOF,
        **more,
    }


def texts(number: int) -> list[str]:
    return [str(each) for each in range(number)]


def presented(proofs: int) -> dict[str, Any]:
    return {"type": ["VerifiableCredential"], "proof": [{"type": "DataIntegrityProof"}] * proofs}


def chain(length: int) -> dict[str, Any]:
    return {"source": chain(length - 1)} if length else {"name": "x"}


HOSTILE = {
    "sibling nodes without names": document([{"name": "x"} for _ in range(18_000)]),
    "as many as are read": document([{"name": "x"} for _ in range(60)]),
    "one node with many values": document([{"id": "urn:a", "name": texts(n)} for n in (240, 240, 230)]),
    "one node under each edition": document(
        [{"id": "urn:a", "name": texts(n)} for n in (240, 240, 220)], jti="urn:uuid:x", endorsementJwt=["x"]
    ),
    "types by turns": document([{"id": f"urn:{n}", "type": [TYPES[n % 7], TYPES[n % 5]]} for n in range(140)]),
    "a list of types": document({"id": "urn:a", "type": [TYPES[n % 7] for n in range(250)]}),
    "contexts again and again": document(**{"@context": [CREDENTIALS_V2, OPEN_BADGES_3] * 1_500}),
    "eight proofs": document([{"id": "urn:a", "name": texts(240)} for _ in range(2)], proof=[PROOF] * 8),
    "graphs without names": document(evidence=[presented(3) for _ in range(4)]),
    "chains": document({"id": "urn:a", "type": ["AchievementSubject"], "source": [chain(20) for _ in range(3)]}),
    "many keys": document(**{f"k{n}": 1 for n in range(19_000)}),
    "a long text": document(name="x" * 250_000),
    "a text of controls": document(name="\u0001" * 41_000),
    "a long identifier": document({"id": "urn:" + "x" * 250_000}),
    "many status entries": document(credentialStatus=[{} for _ in range(60_000)]),
    "many resources": document(relatedResource=[{"id": f"urn:{n}"} for n in range(10_000)]),
    "contexts of its own": document(**{"@context": [{"a": "urn:x"} for _ in range(10_000)]}),
    "a long language": document(name=[{"@value": "x", "@language": "aaaaaaaa-" * 25_000}]),
    "empty lists": document(name=[[] for _ in range(80_000)]),
}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    signature(document(), "university.example")


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_costs_little(case: str) -> None:
    data = json.dumps(HOSTILE[case], separators=(",", ":")).encode()
    assert len(data) <= LIMITS.envelope_bytes
    begun = time.process_time()
    answer = check_bytes(Verifier([]), data)
    asked = time.process_time() - begun
    assert answer.report is None or str(answer.report.reason)
    begun = time.process_time()
    step = signature(HOSTILE[case] | {"issuer": {"id": "did:web:university.example"}}, "university.example")
    own = time.process_time() - begun
    assert step.sentence
    assert (asked < UNITS * unit(), own < UNITS * unit()) == (True, True), (asked, step.sentence)
