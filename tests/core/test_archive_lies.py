"""What the operator hears of an archive that lies, and what a lookup costs."""

import pytest

from tests.doubles import DOMAIN, FakeRegistry, MemoryArchive, batch, credential
from verifier.answers.wording import wording
from verifier.core import batch_files, merkle
from verifier.core.batch_file import BatchFile
from verifier.core.canonical import canonical
from verifier.core.codes import ShortCode, parse_code, short_code
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.hashes import sha256
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier


def moved(envelope: Envelope, index: int) -> bytes:
    return Envelope(envelope.credential, index, envelope.sheet, envelope.root, envelope.path).to_bytes()


def test_the_operator_hears_of_it_once_for_each_hash() -> None:
    archive, heard = MemoryArchive(), list[tuple[bytes, str]]()

    def tell(hash_: bytes, problem: Sentence) -> None:
        heard.append((hash_, str(problem)))

    first, second = batch([credential("Ayesha Khan"), credential("Hira Iqbal")])
    archive.envelopes = {first.hash: second.to_bytes(), second.hash: b"{}"}
    registry = FakeRegistry()
    registry.accredit()
    verifier = Verifier([registry], archive, tell=tell)
    for _ in range(3):
        verifier.check_hash(first.hash)
        verifier.check_hash(second.hash)
        verifier.check_file(canonical(first.credential))
    assert heard == [
        (first.hash, "It is another certificate's envelope."),
        (second.hash, "An envelope has exactly the keys credential, index, path, root, sanad and sheet."),
    ]


def test_what_is_not_there_has_no_short_code() -> None:
    archive = MemoryArchive()
    (envelope,) = batch([credential()])
    code = parse_code(short_code(envelope.hash))
    assert isinstance(code, ShortCode)
    archive.envelopes[envelope.hash] = b"{}"
    assert Verifier([], archive).matches(code) == []
    archive.add([envelope])
    assert Verifier([], archive).matches(code) == [envelope.hash]


def test_the_envelope_that_is_given_out_is_at_the_place_that_is_on_record() -> None:
    registry, archive = FakeRegistry(), MemoryArchive()
    envelopes = batch([credential("Ayesha Khan"), credential("Hira Iqbal"), credential("Zoya")], [b"a", b"b", b"c"])
    registry.register(envelopes[0].root, 3)
    astray = envelopes[1]
    archive.envelopes[astray.hash] = moved(astray, 0)
    assert Verifier([registry], archive).envelope(astray.hash) is None
    archive.add_batch(envelopes)
    verifier = Verifier([registry], archive)
    given = verifier.envelope(astray.hash)
    assert given == astray.to_bytes()
    assert verifier.check_file(given).outcome is Outcome.VALID
    elsewhere = batch([astray.credential])[0]
    archive.envelopes[astray.hash] = elsewhere.to_bytes()
    assert verifier.envelope(astray.hash) == astray.to_bytes()
    registry.problem = "Down."
    told = verifier.envelope(astray.hash)
    assert told is not None
    assert parse_envelope(told) == elsewhere


def test_a_hit_costs_one_tree_for_each_batch_and_none_after(monkeypatch: pytest.MonkeyPatch) -> None:
    registry, archive, built = FakeRegistry(), MemoryArchive(), list[int]()
    classes = [batch([credential(f"Student {number} of {each}") for number in range(4)]) for each in range(3)]
    for envelopes in classes:
        registry.register(envelopes[0].root, 4)
        archive.add_batch(envelopes)
    of = merkle.MerkleTree.of

    def counted(leaves: list[bytes]) -> merkle.MerkleTree:
        built.append(len(leaves))
        return of(leaves)

    monkeypatch.setattr(merkle.MerkleTree, "of", counted)
    verifier = Verifier([registry], archive)
    for _ in range(3):
        for envelope in classes[1]:
            assert verifier.check_hash(envelope.hash).outcome is Outcome.UNAVAILABLE
    assert built == [4]
    assert verifier.check_hash(sha256(b"nobody")).outcome is Outcome.UNKNOWN
    assert verifier.check_hash(sha256(b"nobody else")).outcome is Outcome.UNKNOWN
    assert built == [4, 4, 4]
    built.clear()
    archive.add(classes[0])
    verifier = Verifier([registry], archive)
    assert verifier.check_hash(classes[0][2].hash).outcome is Outcome.VALID
    assert built == []  # the stored place needs none


def test_memory_for_batch_files_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = MemoryArchive()
    classes = [batch([credential(f"Student {number} of {each}") for number in range(4)]) for each in range(5)]
    for envelopes in classes:
        archive.add_batch(envelopes)
    damaged = BatchFile(DOMAIN, classes[0][0].root, b"x" * 64)
    archive.batch_files["damaged"] = damaged.to_bytes()
    files = batch_files.BatchFiles(archive)
    one = 4 * (64 + 68)
    monkeypatch.setattr(batch_files, "LIMITS", batch_files.LIMITS.__class__(batch_memory_bytes=2 * one, batch_proofs=3))
    for _ in range(2):
        for envelopes in classes:
            (place,) = files.places(envelopes[3].commitment)
            assert (place.root, place.path) == (envelopes[3].root, envelopes[3].path)
        assert {place.root for place in files.first_places()} == {envelopes[0].root for envelopes in classes}
        assert files._cost <= 2 * one
        assert len(files._proved) <= 3


def test_what_others_registered_under_the_same_code_is_told_and_decides_nothing() -> None:
    registry, archive = FakeRegistry(), MemoryArchive()
    (own,) = batch([credential()])
    (mallory,) = batch([own.credential], [b"another sheet"])
    registry.register(own.root, 1)
    registry.accredit("mallory.example", "Mallory")
    registry.register(mallory.root, 1, "mallory.example")
    registry.revoke(own.commitment, domain="mallory.example")
    archive.add_batch([mallory], "mallory.example")
    verdict = Verifier([registry], archive).check_file(canonical(own.credential))
    assert (verdict.outcome, verdict.record) == (Outcome.UNAVAILABLE, None)
    assert verdict.steps[2].sentence.endswith(
        "Mallory (mallory.example) registered a certificate under this code on 2026-11-17 11:06 UTC with National "
        "Educators Programme and revoked it on 2026-11-18 09:06 UTC: bring the file."
    )
    assert str(wording(verdict).headline) == "This certificate could not be checked without its PDF."
    told = verdict.steps[2].sentence.partition("Mallory")[2]
    archive.add_batch([own])
    assert Verifier([registry], archive).check_file(canonical(own.credential)).outcome is Outcome.VALID
    del registry.institutions[DOMAIN].batches[own.root]
    verdict = Verifier([registry], archive).check_file(canonical(own.credential))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.steps[2].sentence.partition("Mallory")[2] == told
