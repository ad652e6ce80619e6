"""Step 9 is computed once for a credential, whoever asks, and what is remembered has an end."""

from typing import Any

import pytest

from tests.vectors.samples import DOMAIN, document, key, sign
from verifier.core import data_integrity, steps
from verifier.core.signature_memory import SignatureMemory
from verifier.core.verdict import Check, State, Step


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The domains that a signature was computed for."""
    asked: list[str | None] = []

    def compute(credential: Any, domain: str | None) -> Step:
        asked.append(domain)
        return steps._signature(credential, domain)

    monkeypatch.setattr(steps, "_SIGNATURES", SignatureMemory(compute, most=2))
    return asked


def test_the_same_credential_is_computed_once(computed: list[str | None]) -> None:
    credential = sign(document("Ayesha Khan"), key())
    for _ in range(3):
        assert steps.signature(dict(reversed(credential.items())), DOMAIN).state is State.PASSED
    assert computed == [DOMAIN]
    assert steps.signature(credential, "other.example").state is State.FAILED
    assert computed == [DOMAIN, "other.example"]


def test_another_proof_or_word_is_another_credential(computed: list[str | None]) -> None:
    credential = sign(document("Ayesha Khan"), key())
    assert steps.signature(credential, DOMAIN).state is State.PASSED
    assert steps.signature(credential | {"name": "x"}, DOMAIN).state is State.FAILED
    proof = credential["proof"] | {"created": "2026-06-30T12:00:01Z"}
    assert steps.signature(credential | {"proof": proof}, DOMAIN).state is State.FAILED
    assert steps.signature(credential, DOMAIN).state is State.PASSED
    assert len(computed) == 4  # two are kept, the first was forgotten


def test_a_quicker_way_is_not_remembered(computed: list[str | None]) -> None:
    credential, calls = sign(document("Ayesha Khan"), key()), []

    def quicker(node: Any) -> str:
        calls.append(node)
        return data_integrity.canonical_quads(node)

    for _ in range(2):
        assert steps.signature(credential, DOMAIN, quicker).check is Check.SIGNATURE
    assert (len(calls), computed) == (4, [])
