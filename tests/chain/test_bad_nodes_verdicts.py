"""A verifier behind nodes that fail: the verdict is right, or `unavailable` with the reason; never anything else."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Flapping, GoingBackInFinality, Spoil
from tests.chain_fixtures import ChainNode, Deployed, deploy_on, running_anvil
from tests.doubles import batch, credential
from verifier.answers.remarks import remarks
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress, Patience
from verifier.core.verdict import Check, Outcome, State, Verdict
from verifier.core.verifier import Verifier

QUICK = Patience(request=0.4, question=0.8, grace=0.1, reuse=0)
PATIENT = Patience(request=4, question=8, grace=0.1, reuse=0)
"""For nodes that are slow and do answer: a busy machine is slow as well."""
DEAD = "http://127.0.0.1:9"
RIGHT = (Outcome.VALID, Outcome.REVOKED, Outcome.UNKNOWN)


@dataclass(frozen=True)
class World:
    """A registry on anvil with a good certificate, a revoked one, and one that was never registered."""

    deployed: Deployed
    files: tuple[bytes, bytes, bytes]

    def clock(self) -> float:
        """The chain's own time: the blocks mined at once have carried it away from this machine's."""
        return float(self.deployed.chain.web3.eth.get_block("latest")["timestamp"])


@pytest.fixture(scope="module")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChainNode]:
    """A chain of its own: what is mined here carries its time far ahead."""
    with running_anvil(tmp_path_factory.mktemp("anvil") / "log") as chain:
        yield chain


@pytest.fixture(scope="module")
def world(anvil: ChainNode) -> World:
    deployed = deploy_on(anvil)
    good, revoked = batch([credential("Ayesha Khan"), credential("Hira Iqbal")])
    (absent,) = batch([credential("Somebody Else")])
    deployed.writer(deployed.signer).issue(deployed.institution, good.root, 2)
    deployed.revoke(deployed.admin, [revoked.commitment], 3)
    anvil.ask("anvil_mine", hex(300), "0x1")
    return World(deployed, (good.to_bytes(), revoked.to_bytes(), absent.to_bytes()))


@dataclass(frozen=True)
class Scene:
    """One bad node, and honest ones beside it."""

    world: World
    stack: ExitStack

    def verifier(self, spoil: Spoil | str | None, honest: int, agreement: int, patience: Patience = QUICK) -> Verifier:
        url = self.world.deployed.chain.url
        bad = spoil if isinstance(spoil, str) else self.node(spoil).url
        addresses = [NodeAddress(each, f"Node {number}") for number, each in enumerate([bad, *[url] * honest], 1)]
        registry = NodeRegistry(self.world.deployed.info, addresses, agreement, patience, self.world.clock)
        return Verifier([registry])

    def node(self, spoil: Spoil | None) -> BadNode:
        return self.stack.enter_context(BadNode(self.world.deployed.chain.url, spoil))

    def verdicts(self, verifier: Verifier) -> list[Verdict]:
        return [verifier.check_file(file) for file in self.world.files]


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(world, stack)


def outcomes(verdicts: list[Verdict]) -> tuple[Outcome, ...]:
    return tuple(verdict.outcome for verdict in verdicts)


def name(value: object) -> str | None:
    return getattr(value, "__name__", None)


# What a node does, and what is told where only it could have answered. None: what it does is borne.
FAULTS: dict[Callable[[], Spoil | str], str | None] = {
    lambda: DEAD: "Node 1 cannot be reached.",
    lambda: bad_node.slow: None,
    lambda: bad_node.hang: "Node 1 did not answer in time.",
    lambda: bad_node.hang_in_the_body: "Node 1 did not answer in time.",
    lambda: bad_node.other_chain: "Node 1 is a node of chain 56, not of chain 97.",
    lambda: bad_node.throttled_http: "Node 1 is asked too often at the moment.",
    lambda: bad_node.throttled_rpc: "Node 1 is asked too often at the moment.",
    lambda: bad_node.pruned: "Node 1 answers without the registry's storage; it keeps too little of the chain.",
    lambda: bad_node.html: "Node 1 answered something that cannot be understood.",
    lambda: bad_node.huge: "Node 1 answered with more data than any answer needs.",
    GoingBackInFinality: None,
    lambda: bad_node.finality_of_an_hour_ago: None,
}
IDS = (
    "dead", "slow", "hanging", "hanging-in-the-body", "other-chain", "429", "-32005", "pruned", "html", "huge",
    "going-back-in-finality", "stalled-finality",
)  # fmt: skip
QUICKLY_TOLD = set(FAULTS.values()) - {"Node 1 did not answer in time."}
# Honest nodes beside it, and how many must agree.
COMPANY = [(0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3)]


@pytest.mark.parametrize(("honest", "agreement"), COMPANY)
@pytest.mark.parametrize(("make", "told"), FAULTS.items(), ids=IDS)
def test_the_verdict_is_right_or_unavailable(
    scene: Scene, make: Callable[[], Spoil | str], told: str | None, honest: int, agreement: int
) -> None:
    verifier = scene.verifier(make(), honest, agreement, QUICK if told else PATIENT)
    if told is None or honest >= agreement:
        assert outcomes(scene.verdicts(verifier)) == RIGHT
        return
    for file in scene.world.files[:: 1 if told in QUICKLY_TOLD else 3]:
        verdict = verifier.check_file(file)
        assert verdict.outcome is Outcome.UNAVAILABLE
        assert verdict.reason is not None
        assert verdict.reason.check is Check.ANCHORED
        assert told in verdict.reason.sentence


@pytest.mark.parametrize(("honest", "agreement"), COMPANY)
def test_a_forger_wins_nowhere_where_agreement_is_asked(scene: Scene, honest: int, agreement: int) -> None:
    verdicts = scene.verdicts(scene.verifier(bad_node.forged, honest, agreement))
    if honest >= agreement > 1:
        assert outcomes(verdicts) == RIGHT
    elif agreement > 1 or honest:
        assert set(outcomes(verdicts[:1])) == {Outcome.UNAVAILABLE}
        assert verdicts[1].outcome in (Outcome.REVOKED, Outcome.UNAVAILABLE)
        assert Outcome.VALID not in outcomes(verdicts)


def test_nodes_of_one_operator_are_one_voice(scene: Scene) -> None:
    """Whoever runs two nodes does not agree with himself, neither on a lie nor on the truth."""
    forger, second = scene.node(bad_node.forged), scene.node(bad_node.forged)
    honest = NodeAddress(scene.world.deployed.chain.url, "Node 1")
    company = [NodeAddress(forger.url, "One Ltd"), NodeAddress(second.url, "One Ltd")]
    for nodes, told in (
        ([*company, honest], "The nodes contradict each other, and 2 must agree."),
        (company, "Only 1 of the 2 nodes that must agree gave an answer."),
    ):
        registry = NodeRegistry(scene.world.deployed.info, nodes, 2, QUICK, scene.world.clock)
        verdict = Verifier([registry]).check_file(scene.world.files[0])
        assert verdict.outcome is Outcome.UNAVAILABLE
        assert told in verdict.steps[2].sentence
    other = NodeAddress(scene.node(None).url, "Node 2")
    registry = NodeRegistry(scene.world.deployed.info, [*company, honest, other], 2, QUICK, scene.world.clock)
    assert outcomes(scene.verdicts(Verifier([registry]))) == RIGHT


def test_the_word_of_one_node_alone_is_told_as_such(scene: Scene) -> None:
    told = "This rests on the word of one node alone (Node 1)."
    forged = scene.verifier(bad_node.forged, 0, 1).check_file(scene.world.files[0])
    assert (forged.outcome, forged.steps[2].state) == (Outcome.REVOKED, State.NOTE)
    assert told in forged.steps[2].sentence
    assert forged.steps[2].sentence in map(str, remarks(forged))
    two = scene.verifier(None, 1, 2).check_file(scene.world.files[0])
    own = NodeRegistry(scene.world.deployed.info, [NodeAddress(scene.node(None).url)], 1, QUICK, scene.world.clock)
    for verdict in (two, Verifier([own]).check_file(scene.world.files[0])):
        assert (verdict.outcome, verdict.steps[2].state) == (Outcome.VALID, State.PASSED)


@pytest.mark.parametrize(("honest", "agreement"), COMPANY)
def test_a_node_that_comes_and_goes_is_borne_or_told(scene: Scene, honest: int, agreement: int) -> None:
    verifier = scene.verifier(Flapping(), honest, agreement)
    for right, verdict in zip(RIGHT * 2, scene.verdicts(verifier) + scene.verdicts(verifier), strict=True):
        assert verdict.outcome in ((right,) if honest >= agreement else (right, Outcome.UNAVAILABLE))


@pytest.mark.parametrize(("honest", "agreement"), COMPANY)
def test_a_node_a_thousand_blocks_behind_is_left_behind(
    anvil: ChainNode, scene: Scene, honest: int, agreement: int
) -> None:
    if anvil.web3.eth.block_number < 2100:
        anvil.ask("anvil_mine", hex(2100), "0x1")
    verdicts = scene.verdicts(scene.verifier(bad_node.stale_by_a_thousand_blocks, honest, agreement))
    if honest >= agreement:
        assert outcomes(verdicts) == RIGHT
        return
    assert set(outcomes(verdicts)) == {Outcome.UNAVAILABLE}
    assert re.search(r"Node 1 is 1,0\d\d seconds behind this machine's clock\.", verdicts[0].steps[2].sentence)


def test_where_finality_has_stalled_the_depth_counts_and_the_verdict_says_so(scene: Scene, anvil: ChainNode) -> None:
    anvil.ask("anvil_mine", hex(1000), "0x1")
    deployed = scene.world.deployed
    verifier = scene.verifier(bad_node.finality_of_an_hour_ago, 0, 1)
    verdict = verifier.check_file(scene.world.files[0])
    final = verdict.steps[Check.FINAL.number - 1]
    assert (verdict.outcome, final.state) == (Outcome.VALID, State.NOTE)
    told = "The chain has stopped calling blocks final; the registration is taken for final 240 blocks on."
    assert final.sentence == told
    (new,) = batch([credential("Zoë Fernandes")])
    deployed.writer(deployed.signer).issue(deployed.institution, new.root, 1)
    anvil.ask("anvil_mine", hex(239), "0x1")
    verdict = verifier.check_file(new.to_bytes())
    told = "The chain has stopped calling blocks final; wait until the registration is 240 blocks old."
    assert (verdict.outcome, verdict.steps[3].sentence) == (Outcome.PENDING, told)
    anvil.ask("anvil_mine", hex(2), "0x1")
    assert verifier.check_file(new.to_bytes()).outcome is Outcome.VALID


def test_a_throttling_node_is_left_alone_and_asked_again_later(scene: Scene) -> None:
    node = scene.node(bad_node.throttled_http)
    address = NodeAddress(node.url, "Node 1")
    registry = NodeRegistry(scene.world.deployed.info, [address], 1, QUICK, scene.world.clock)
    verifier = Verifier([registry])
    for _ in range(5):
        assert verifier.check_file(scene.world.files[0]).outcome is Outcome.UNAVAILABLE
    assert len(node.seen) == 1
    node.spoil = None
    time.sleep(1.05)
    assert verifier.check_file(scene.world.files[0]).outcome is Outcome.VALID


def test_a_node_is_asked_no_more_than_its_budget(scene: Scene) -> None:
    node = scene.node(None)
    address = NodeAddress(node.url, "Node 1", requests_per_minute=10)
    verifier = Verifier([NodeRegistry(scene.world.deployed.info, [address], 1, QUICK, scene.world.clock)])
    verdicts = list(itertools.chain.from_iterable(scene.verdicts(verifier) for _ in range(5)))
    assert len(node.seen) <= 11
    assert outcomes(verdicts[:2]) == RIGHT[:2]
    assert verdicts[-1].outcome is Outcome.UNAVAILABLE
    assert "Node 1 was asked as often as it may be; wait a minute." in verdicts[-1].steps[2].sentence


def test_public_nodes_have_a_budget_and_ones_own_have_none() -> None:
    assert NodeAddress("https://node.example").budget == 1_500
    assert NodeAddress("http://127.0.0.1:8545").budget is None
    assert NodeAddress("https://node.example", requests_per_minute=60).budget == 60
