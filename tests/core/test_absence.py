"""What is asked of a registry before a bare hash is called unknown."""

from tests.doubles import FakeRegistry, MemoryArchive, batch, credential
from verifier.core.hashes import sha256
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier


def test_a_registry_is_asked_once_about_each_batch_that_is_final() -> None:
    registry, archive = FakeRegistry(), MemoryArchive()
    for number in range(5):
        envelopes = batch([credential(f"Student {number}")])
        registry.register(envelopes[0].root, 1, at=registry.finalized_time - 1 if number else registry.finalized_time)
        archive.add_batch(envelopes)
    verifier = Verifier([registry], archive)
    asked = []
    for number in range(3):
        assert verifier.check_hash(sha256(bytes([number]))).outcome is Outcome.UNKNOWN
        asked.append(registry.calls)
    # How many batches there are, and the five; then how many, and the one that is not final yet.
    assert asked == [6, 8, 10]
