"""`@digitalcredentials/verifier-core`, which wallets use, over our credentials: did.json, status list and schema."""

import base64
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from issuer.credential.credential import draft_credential, sign_credential
from issuer.keys.key_history import InstitutionKey
from issuer.publishing.did_document import Institution
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from tests.credential.test_independent import run, tampered
from tests.credential.test_shape import SCHEMA, VALIDATOR
from tests.credential.variants import FULL_COURSE, FULL_ROW, VARIANTS
from tests.scenes import Scenes
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.multikey import ed25519_multikey

Node = dict[str, Any]

SCHEMA_URL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
LIST_BYTES = 131_072 // 8


def did_json() -> Node:
    key = InstitutionKey(ed25519_multikey(KEY.public_key().public_bytes_raw()))
    return Institution("uni.example", [key], [], []).did_document()


def status_list(url: str, *revoked: int) -> Node:
    """A list signed by the institution, with these places set."""
    bits = bytearray(LIST_BYTES)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    encoded = base64.urlsafe_b64encode(gzip.compress(bytes(bits))).decode().rstrip("=")
    draft = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": "did:web:uni.example"},
        "validFrom": "2026-06-30T12:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{encoded}",
        },
    }
    return sign_credential(draft, KEY, datetime(2026, 6, 30, 12, tzinfo=UTC))


def question(credentials: list[Node], *revoked: int, **instead: Any) -> Node:
    """Credentials, and the web in which they are looked at."""
    url = credentials[0]["credentialStatus"]["statusListCredential"]
    documents = {
        "https://uni.example/.well-known/did.json": did_json(),
        url: status_list(url, *revoked),
        SCHEMA_URL: SCHEMA,
        **instead,
    }
    return {"documents": documents, "credentials": credentials}


def found(answer: Node) -> dict[str, Any]:
    return {entry["id"]: entry.get("valid") for entry in answer["log"]}


@pytest.fixture(scope="module")
def answers() -> dict[str, list[Node]]:
    """One process answers everything, and a second one where the domain says otherwise: documents are remembered."""
    signed = [sign_credential(draft_credential(*variant, IDENTITY), KEY, DRAFTED) for variant in VARIANTS.values()]
    full = sign_credential(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY), KEY, DRAFTED)
    place = IDENTITY.status_index
    unlisted = {"https://uni.example/.well-known/did.json": {**did_json(), "assertionMethod": []}}
    questions = {
        "good": question(signed),
        "revoked": question(signed[:1], place),
        "another revoked": question(signed[:1], place + 1),
        "tampered": question(tampered(full)),
    }
    answers = dict(zip(questions, run("verifier-core.mjs", list(questions.values())), strict=True))
    return answers | {"unlisted": run("verifier-core.mjs", [question(signed[:1], **unlisted)])[0]}


def test_every_variant_is_genuine_unrevoked_and_as_the_schema_asks(answers: dict[str, list[Node]]) -> None:
    assert len(answers["good"]) == len(VARIANTS)
    for answer in answers["good"]:
        assert answer.get("errors") is None
        expected = {"valid_signature": True, "expiration": True, "revocation_status": True, "registered_issuer": False}
        assert found(answer) == expected
        [schema] = answer["additionalInformation"]
        assert [each["result"] for each in schema["results"]] == [{"valid": True}]


def test_a_revoked_one_is_told(answers: dict[str, list[Node]]) -> None:
    [revoked], [another] = answers["revoked"], answers["another revoked"]
    assert (found(revoked)["valid_signature"], found(revoked)["revocation_status"]) == (True, False)
    assert found(another)["revocation_status"] is True


def test_tampered_copies_are_refused(answers: dict[str, list[Node]]) -> None:
    assert len(answers["tampered"]) == 5
    for answer in answers["tampered"]:
        assert answer.get("log") is None
        assert {error["name"] for error in answer["errors"]} <= {"invalid_signature", "jsonld.ValidationError"}


def test_a_key_that_the_domain_does_not_list_is_refused(answers: dict[str, list[Node]]) -> None:
    [answer] = answers["unlisted"]
    assert [error["name"] for error in answer["errors"]] == ["invalid_signature"]


def test_every_credential_of_the_vectors_and_the_scenes_is_as_the_schema_asks() -> None:
    for envelope in Scenes().certificates.values():
        VALIDATOR.validate(envelope.credential)
    folder = Path(__file__).parent.parent / "vectors" / "good"
    envelopes = sorted(folder.glob("*.json"))
    assert envelopes
    for path in envelopes:
        VALIDATOR.validate(json.loads(path.read_text("utf-8"))["credential"])
