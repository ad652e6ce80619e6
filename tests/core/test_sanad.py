"""The walk from the student's certificate to the institution that certified the educator, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.doubles import DOMAIN, FakeRegistry, MemoryArchive, batch, credential
from verifier.answers.remarks import remarks
from verifier.answers.report import verdict_data
from verifier.core.envelope import Envelope
from verifier.core.verdict import Check, Outcome, Role, State, Verdict
from verifier.core.verifier import Verifier

ACADEMY = "academy.example.org"


@dataclass
class World:
    """A student, whose certificate an educator's key registered, and that educator's own certificate."""

    registry: FakeRegistry
    archive: MemoryArchive
    student: Envelope
    educator: Envelope

    def verdict(self) -> Verdict:
        return Verifier([self.registry], self.archive).check_file(self.student.to_bytes())


@pytest.fixture
def world() -> World:
    registry, archive = FakeRegistry(), MemoryArchive()
    (student,) = batch([credential("Ayesha Khan")])
    (educator,) = batch([credential("Dr. Bilal Ahmed", domain=ACADEMY, valid_until="2027-01-01T00:00:00Z")])
    registry.accredit(ACADEMY, "Academy of Educators")
    registry.register(student.root, 1)
    registry.register(educator.root, 1, ACADEMY)
    registry.certify(ACADEMY, educator.commitment)
    archive.add([student, educator])
    archive.educators[DOMAIN, student.root] = educator.hash
    return World(registry, archive, student, educator)


def test_each_link_says_who_it_is_and_how_it_stands(world: World) -> None:
    verdict = world.verdict()
    educator, certifier = verdict.walk
    assert (educator.role, educator.state, educator.name) == (Role.EDUCATOR, State.PASSED, "Dr. Bilal Ahmed")
    assert (educator.domain, educator.hash, educator.outcome) == (ACADEMY, world.educator.hash, Outcome.VALID)
    told = "The key that registered it belongs to Dr. Bilal Ahmed, whose own certificate is valid."
    assert educator.sentence == told
    assert (certifier.role, certifier.state, certifier.name) == (Role.CERTIFIER, State.PASSED, "Academy of Educators")
    step = verdict.steps[Check.EDUCATOR.number - 1]
    assert step.state is State.PASSED
    assert step.sentence == f"The signer is an educator certified by Academy of Educators ({ACADEMY})."


def test_a_revoked_educator_is_shown_and_voids_nothing(world: World) -> None:
    world.registry.revoke(world.educator.commitment, domain=ACADEMY)
    verdict = world.verdict()
    step = verdict.steps[Check.EDUCATOR.number - 1]
    assert (verdict.outcome, step.state) == (Outcome.VALID, State.NOTE)
    assert "own certificate was revoked on 2026-11-18 09:06 UTC; the students' certificates stand." in step.sentence
    assert step.sentence in map(str, remarks(verdict))


def test_a_missing_educator_is_no_ones_fault(world: World) -> None:
    del world.archive.educators[DOMAIN, world.student.root]
    verdict = world.verdict()
    assert (verdict.outcome, verdict.walk[0].state, verdict.walk[0].hash) == (Outcome.VALID, State.UNCHECKED, None)
    assert verdict.walk[1].state is State.PASSED


def test_an_expired_educator_is_a_note(world: World) -> None:
    world.registry.block_time += 90 * 86_400
    assert world.verdict().walk[0].outcome is Outcome.EXPIRED
    assert world.verdict().walk[0].state is State.NOTE


def test_no_certifier_no_walk(world: World) -> None:
    world.registry.register(world.student.root, 1, adopted=True)
    verdict = world.verdict()
    assert (verdict.outcome, verdict.walk, verdict.steps[10].state) == (Outcome.VALID, (), State.SKIPPED)


def test_the_walk_is_data_too(world: World) -> None:
    verdict = world.verdict()
    educator, certifier = verdict_data(verdict, None, [], datetime(2026, 11, 18, tzinfo=UTC))["walk"]
    assert (educator["role"], educator["state"], educator["verdict"]) == ("educator", "passed", "valid")
    assert educator["certificate"]["hash"] == "0x" + world.educator.hash.hex()
    assert (certifier["domain"], certifier["certificate"], certifier["verdict"]) == (ACADEMY, None, None)
