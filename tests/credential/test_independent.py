"""Other people's software finds our credentials genuine, and we find theirs; tampered ones fail on both sides."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from issuer.course.course import Course
from issuer.credential.credential import draft_credential, sign_credential
from issuer.credential.quads_template import QuadsTemplates
from issuer.roster import Row
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from tests.credential.variants import FULL_COURSE, FULL_ROW, VARIANTS
from verifier.core.data_integrity import JCS, RDFC, verify_proof
from verifier.core.errors import SignatureError, UnknownTermError

NODE = Path(__file__).parent.parent / "node"
SUITES = {"rdfc": RDFC, "jcs": JCS}
NOW = "2026-07-01T00:00:00Z"

AWKWARD = [
    *(
        "",
        "\b\f\x7f\x1f\x0b\0",
        "\t\r\n",
        'quote " and \\ backslash',
        "Nguyễn Thị Ánh Tuyết",
        "محمد عبداللہ بن \u200fعلی",
    ),
    *("\u202eabc\u202c", "👩🏽‍🎓🏳️‍🌈", "\u2028\u2029\x85", "<tag> &amp; {0} %s _:c14n0", "é vs e\u0301", "𒀀 𝔘"),
]


def run(script: str, question: Any) -> Any:
    assert (NODE / "node_modules").is_dir(), "set up tests/node first: make test does, or `npm ci` there"
    answer = subprocess.run(
        ["node", script], input=json.dumps(question), capture_output=True, text=True, cwd=NODE, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def awkward_drafts() -> list[dict[str, Any]]:
    drafts = []
    for text in AWKWARD:
        draft = copy.deepcopy(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY))
        draft["credentialSubject"]["identifier"][0]["identityHash"] = text
        draft["credentialSubject"]["achievement"]["name"] = text
        drafts.append(draft)
    # Not below 0.000001: jsonld.js takes what JavaScript writes as 1e-7 for a whole number and signs "0".
    for number in (0.5, 1, 0, -1, 0.000001, 0.01, 0.1, 299.99, 123456789.125, 2**53 - 1, -(2**53) + 1):
        draft = copy.deepcopy(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY))
        draft["credentialSubject"]["creditsEarned"] = number
        drafts.append(draft)
    for language in ("en-GB", "ur-PK", "zh-Hant"):
        draft = copy.deepcopy(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY))
        draft["name"] = {"@value": "سند", "@language": language}
        drafts.append(draft)
    return drafts


def all_drafts(course: Course, rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    ours = [draft_credential(course, row, IDENTITY) for row in rows[:6]]
    return ours + [draft_credential(*variant, IDENTITY) for variant in VARIANTS.values()] + awkward_drafts()


@pytest.mark.parametrize("suite", SUITES)
def test_theirs_finds_ours_genuine(course: Course, rows: tuple[Row, ...], suite: str) -> None:
    templates = QuadsTemplates()
    signed = [
        sign_credential(draft, KEY, DRAFTED, SUITES[suite], canonicalise=templates)
        for draft in all_drafts(course, rows)
    ]
    answers = run("verify.mjs", [{"suite": suite, "credential": each, "now": NOW} for each in signed])
    assert answers == [{"verified": True}] * len(signed)


@pytest.mark.parametrize("suite", SUITES)
def test_ours_finds_theirs_genuine(course: Course, rows: tuple[Row, ...], suite: str) -> None:
    drafts = all_drafts(course, rows)
    by_issuer: dict[str, list[dict[str, Any]]] = {}
    for draft in drafts:
        by_issuer.setdefault(draft["issuer"]["id"], []).append(draft)
    for controller, group in by_issuer.items():
        questions = [{"suite": suite, "credential": draft} for draft in group]
        signed = run("sign.mjs", {"controller": controller, "seed": bytes(range(32)).hex(), "questions": questions})
        assert len(signed) == len(group)
        for credential in signed:
            assert verify_proof(credential).public_key == KEY.public_key().public_bytes_raw()


def tampered(signed: dict[str, Any]) -> list[dict[str, Any]]:
    copies = [copy.deepcopy(signed) for _ in range(5)]
    copies[0]["credentialSubject"]["result"][0]["value"] = "A+"
    copies[1]["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    copies[2]["validFrom"] = "2025-06-30T12:00:00Z"
    copies[3]["proof"]["created"] = "2026-06-30T12:00:01Z"
    copies[4]["credentialSubject"]["honours"] = "a term that no context defines"
    return copies


@pytest.mark.parametrize("suite", SUITES)
def test_tampered_copies_fail_on_both_sides(suite: str) -> None:
    bad = tampered(sign_credential(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY), KEY, DRAFTED, SUITES[suite]))
    answers = run("verify.mjs", [{"suite": suite, "credential": each, "now": NOW} for each in bad])
    assert [answer["verified"] for answer in answers] == [False] * len(bad)
    for each in bad[:-1]:
        with pytest.raises(SignatureError):
            verify_proof(each)
    # Another edition of the context might define that term, so with RDF ours does not know.
    with pytest.raises(UnknownTermError if suite == "rdfc" else SignatureError):
        verify_proof(bad[-1])
