"""Presentations between `@digitalbazaar/vc` and ours, and what our VC API issues in their hands."""

import copy
from typing import Any

import pytest

from tests.credential.test_independent import run
from tests.vc.conftest import DID, Api, Node, presentation, sign, unsigned
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import JCS, RDFC

ASKED = {"challenge": "c-1b9f", "domain": "verifier.example"}
SUITES = {"rdfc": RDFC, "jcs": JCS}
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/"


def issued(api: Api, suite: str) -> Node:
    """A credential of ours by the API, without contexts of its own, which their loader does not hold back."""
    credential = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "name": {"@value": "سند", "@language": "ur-PK"},
        "credentialSubject": {"id": "did:example:subject"},
    }
    answer = api.post(f"/{SUITES[suite]}/credentials/issue", {"credential": credential})
    assert answer.status_code == 201
    found: Node = answer.json()["verifiableCredential"]
    return found


@pytest.mark.parametrize("suite", SUITES)
def test_both_ways(api: Api, suite: str) -> None:
    inside = [issued(api, suite), issued(api, suite)]
    ours = sign(presentation(*inside), suite=SUITES[suite], proofPurpose="authentication", **ASKED)
    changed = copy.deepcopy(ours)
    changed["verifiableCredential"][1]["credentialSubject"]["id"] = "did:example:somebody"
    question: dict[str, Any] = {
        "seed": bytes(range(32)).hex(),
        "sign": [{"suite": suite, "presentation": presentation(*inside), **ASKED}],
        "verify": [
            {"suite": suite, "presentation": ours, **ASKED},
            {"suite": suite, "presentation": changed, **ASKED},
            {"suite": suite, "presentation": ours, **ASKED, "challenge": "another"},
        ],
    }
    answer = run("presentations.mjs", question)
    assert answer["verified"][0] is True
    assert all(each is not True for each in answer["verified"][1:])
    [theirs] = answer["signed"]
    body = {"verifiablePresentation": theirs, "options": ASKED}
    assert api.post("/presentations/verify", body).json()["verified"] is True
    theirs["verifiableCredential"][0]["validFrom"] = "2026-01-01T00:00:00Z"
    assert api.post("/presentations/verify", body).json()["verified"] is False


@pytest.mark.parametrize("contexts", [["context-3.0.2.json"], ["context-3.0.3.json", "extensions.json"]])
def test_the_contexts_of_open_badges_as_others_use_them(api: Api, contexts: list[str]) -> None:
    credential = {
        **{key: value for key, value in unsigned().items() if key in ("id", "issuer", "validFrom")},
        "@context": [CREDENTIALS_V2, *(OPEN_BADGES + name for name in contexts)],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Teamwork Badge",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://example.com/achievements/teamwork",
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works in a team.",
                "criteria": {"narrative": "Nominated by peers."},
            },
        },
    }
    if "extensions.json" in contexts:
        credential["credentialSchema"] = [
            {"id": "https://example.com/schema.json", "type": "1EdTechJsonSchemaValidator2019"}
        ]
    answer = api.post("/credentials/issue", {"credential": credential})
    assert answer.status_code == 201, answer.text
    signed = answer.json()["verifiableCredential"]
    assert api.post("/credentials/verify", {"verifiableCredential": signed}).status_code == 200
    if "context-3.0.2.json" in contexts:
        question = [{"suite": "rdfc", "credential": signed, "now": "2026-11-19T00:00:00Z"}]
        assert run("verify.mjs", question) == [{"verified": True}]
