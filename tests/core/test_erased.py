"""A record that the institution erased: said as such, neither false nor true, and the file still shows it."""

from datetime import date

import pytest

from tests.doubles import DOMAIN, INSTITUTION, FakeRegistry, MemoryArchive, batch, credential
from verifier.core.verdict import Outcome, State
from verifier.core.verifier import Verifier


@pytest.fixture
def erased() -> tuple[Verifier, bytes, FakeRegistry, bytes]:
    registry, archive = FakeRegistry(), MemoryArchive()
    (envelope,) = batch([credential("Ayesha Khan")])
    registry.register(envelope.root, 1, at=registry.finalized_time - 1)
    archive.add_batch([envelope])
    archive.erasures[envelope.hash] = date(2026, 11, 25)
    return Verifier([registry], archive), envelope.hash, registry, envelope.to_bytes()


def test_the_verdict_says_that_it_was_erased_and_when(erased: tuple[Verifier, bytes, FakeRegistry, bytes]) -> None:
    verifier, hash_, _, file = erased
    verdict = verifier.check_hash(hash_)
    assert verdict.outcome is Outcome.UNAVAILABLE
    assert verdict.steps[0].sentence == (
        "The institution erased this record on 2026-11-25. Only whoever has the file can still show it: bring the file."
    )
    assert verdict.credential is None
    assert verifier.check_file(file).outcome is Outcome.VALID


def test_bad_news_is_a_note_because_anybody_can_register_a_commitment(
    erased: tuple[Verifier, bytes, FakeRegistry, bytes],
) -> None:
    verifier, hash_, registry, file = erased
    commitment = verifier.check_file(file).commitment
    assert commitment is not None
    registry.revoke(commitment)
    verdict = verifier.check_hash(hash_)
    assert (verdict.outcome, verdict.record, verdict.steps[2].state) == (Outcome.UNAVAILABLE, None, State.NOTE)
    assert verdict.steps[2].sentence == (
        f"{INSTITUTION} ({DOMAIN}) registered a certificate under this code on 2026-11-18 11:06 UTC with National "
        "Educators Programme and revoked it on 2026-11-18 09:06 UTC: bring the file."
    )
