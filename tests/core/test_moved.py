"""What the verdict says of registries that were moved: successors, adoption, retired ones."""

from tests.doubles import ADMIN, DOMAIN, INFO, FakeRegistry, batch, credential
from verifier.answers.remarks import remarks
from verifier.core.verdict import Check, Outcome, State, Step, Verdict
from verifier.core.verifier import Verifier

NEXT = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"


def anchored(verdict: Verdict) -> Step:
    return verdict.steps[Check.ANCHORED.number - 1]


def test_a_registry_with_a_successor_answers_and_says_so() -> None:
    registry, (envelope,) = FakeRegistry(), batch([credential()])
    registry.register(envelope.root, 1)
    registry.successor, registry.successor_chain = NEXT, 56
    verdict = Verifier([registry]).check_file(envelope.to_bytes())
    assert (verdict.outcome, anchored(verdict).state) == (Outcome.VALID, State.NOTE)
    assert anchored(verdict).sentence.endswith(
        f"registered it on 2026-11-17 11:06 UTC with National Educators Programme. That registry takes no more "
        f"batches; the programme has named {NEXT} on chain 56 to follow it."
    )
    assert anchored(verdict).sentence in map(str, remarks(verdict))


def test_an_adopted_batch_was_registered_again() -> None:
    registry, (envelope,) = FakeRegistry(), batch([credential()])
    registry.register(envelope.root, 1, signer=ADMIN, adopted=True)
    verdict = Verifier([registry]).check_file(envelope.to_bytes())
    assert verdict.outcome is Outcome.VALID
    assert f"({DOMAIN}) registered it again on 2026-11-17 11:06 UTC with" in anchored(verdict).sentence


def test_a_retired_registry_is_not_asked_and_this_is_said() -> None:
    (envelope,) = batch([credential()])
    verdict = Verifier([FakeRegistry()], retired=[INFO]).check_file(envelope.to_bytes())
    assert verdict.outcome is Outcome.UNKNOWN
    assert anchored(verdict).sentence == (
        f"No registry that this verifier trusts has a record of it in the name of {DOMAIN}. Retired registries were "
        f"not asked: National Educators Programme (BNB Smart Chain Testnet, {INFO.address})."
    )
