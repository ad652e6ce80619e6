"""What nodes can do wrong: the right answer comes, or none with the reason; never a wrong one, never another error."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Spoil
from tests.chain.batches import SmallBatch, issued
from tests.chain_fixtures import ChainNode, Deployed, deploy_on
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress, Patience, Query
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import ZERO
from verifier.core.registry import Record, check_record
from verifier.errors import ClockError, NoFinalityError

QUICK = Patience(request=0.4, question=1.0, grace=0.1, reuse=0)


@dataclass(frozen=True)
class Scene:
    """A good certificate in a registry, read through nodes of which some are bad."""

    deployed: Deployed
    batch: SmallBatch
    stack: ExitStack

    def node(self, spoil: Spoil | None = None) -> BadNode:
        return self.stack.enter_context(BadNode(self.deployed.chain.url, spoil))

    def registry(
        self, *nodes: BadNode | str, agreement: int = 1, patience: Patience = QUICK, clock: Callable = time.time
    ) -> NodeRegistry:
        urls = [node if isinstance(node, str) else node.url for node in nodes]
        addresses = [NodeAddress(url, f"Node {number}") for number, url in enumerate(urls, 1)]
        return NodeRegistry(self.deployed.info, addresses, agreement, patience, clock)

    def ask(self, registry: NodeRegistry) -> Record:
        record = self.batch.verify(registry, self.deployed.domain)
        return check_record(record, self.deployed.domain, self.batch.root)


@pytest.fixture(scope="module")
def prepared(embedded_chain: ChainNode) -> tuple[Deployed, SmallBatch]:
    deployed = deploy_on(embedded_chain)
    batch = issued(deployed)
    embedded_chain.finalize()
    return deployed, batch


@pytest.fixture
def scene(prepared: tuple[Deployed, SmallBatch]) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(*prepared, stack)


CANNOT_BE_UNDERSTOOD = "Node 1 answered something that cannot be understood."
NO_FINAL_BLOCK = (
    "Node 1 does not say which block is final (the tag finalized); another node has to be named in the settings."
)
FAULTS = {
    bad_node.html: CANNOT_BE_UNDERSTOOD,
    bad_node.empty: CANNOT_BE_UNDERSTOOD,
    bad_node.json_list: CANNOT_BE_UNDERSTOOD,
    bad_node.json_null: CANNOT_BE_UNDERSTOOD,
    bad_node.json_text: CANNOT_BE_UNDERSTOOD,
    bad_node.deep: CANNOT_BE_UNDERSTOOD,
    bad_node.not_utf8: CANNOT_BE_UNDERSTOOD,
    bad_node.zeroes: CANNOT_BE_UNDERSTOOD,
    bad_node.huge_number: CANNOT_BE_UNDERSTOOD,
    bad_node.gateway_error: "Node 1 answered with HTTP error 502.",
    bad_node.redirected: "Node 1 answered with HTTP error 307.",
    bad_node.throttled_http: "Node 1 is asked too often at the moment.",
    bad_node.throttled_rpc: "Node 1 is asked too often at the moment.",
    bad_node.throttled_by_provider: "Node 1 is asked too often at the moment.",
    bad_node.throttled_as_http: "Node 1 is asked too often at the moment.",
    bad_node.throttled_in_words: "Node 1 is asked too often at the moment.",
    bad_node.throttled_in_a_bare_word: "Node 1 is asked too often at the moment.",
    bad_node.throttled_without_an_error: "Node 1 is asked too often at the moment.",
    bad_node.huge: "Node 1 answered with more data than any answer needs.",
    bad_node.hang: "Node 1 did not answer in time.",
    bad_node.hang_in_the_body: "Node 1 did not answer in time.",
    bad_node.drip: "Node 1 did not answer in time.",
    bad_node.hang_up: "Node 1 cannot be reached.",
    bad_node.internal: "Node 1 refused the question.",
    bad_node.no_header: "Node 1 does not have the block that was asked for.",
    bad_node.no_finalized: NO_FINAL_BLOCK,
    bad_node.null_finalized: NO_FINAL_BLOCK,
    bad_node.stale: "Node 1 is 450 seconds behind this machine's clock.",
    bad_node.other_chain: "Node 1 is a node of chain 56, not of chain 1337.",
    bad_node.pruned: "Node 1 answers without the registry's storage; it keeps too little of the chain.",
    bad_node.earlier_block: "Node 1 answered for another block than was asked.",
}
NONSENSE = [
    bad_node.error_is_a_list,
    bad_node.error_without_text,
    bad_node.result_null,
    bad_node.result_number,
    bad_node.result_object,
    bad_node.result_garbage,
    bad_node.result_odd,
    bad_node.reverted,
]


def name(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS.items(), ids=name)
def test_a_faulty_node_gives_no_answer_and_its_fault_is_told(scene: Scene, spoil: Spoil, sentence: str) -> None:
    with pytest.raises(RegistryUnavailableError) as caught:
        scene.ask(scene.registry(scene.node(spoil)))
    told = str(caught.value).replace("451 seconds", "450 seconds")
    assert told == f"No node gave an answer. {sentence}"


@pytest.mark.parametrize("spoil", [*FAULTS, *NONSENSE], ids=name)
@pytest.mark.parametrize("method", ["eth_chainId", "eth_getBlockByNumber", "eth_call"])
def test_no_fault_at_any_question_raises_anything_else(scene: Scene, spoil: Spoil, method: str) -> None:
    node = scene.node(lambda exchange: spoil(exchange) if exchange.method == method else None)
    registry = scene.registry(node, patience=Patience(request=0.1, question=0.3, grace=0, reuse=0))
    told = []
    for ask in (lambda: scene.ask(registry), registry.batch_counts):
        try:
            ask()
        except RegistryUnavailableError as error:
            told.append(str(error))
    assert not any(word in sentence for sentence in told for word in ("127.0.0.1", "secret", "Error"))


@pytest.mark.parametrize("spoil", [*FAULTS, *NONSENSE, bad_node.forged], ids=name)
def test_two_good_nodes_outvote_any_bad_one(scene: Scene, spoil: Spoil) -> None:
    url = scene.deployed.chain.url
    assert scene.ask(scene.registry(scene.node(spoil), url, scene.node(), agreement=2)).good


def test_a_dead_node_is_told(scene: Scene) -> None:
    with pytest.raises(RegistryUnavailableError, match=r"No node gave an answer\. Node 1 cannot be reached\.$"):
        scene.ask(scene.registry("http://127.0.0.1:9"))


def test_agreement_with_a_dead_node_is_no_agreement(scene: Scene) -> None:
    told = r"Only 1 of the 2 nodes that must agree gave an answer\. Node 2 cannot be reached\."
    with pytest.raises(RegistryUnavailableError, match=told):
        scene.ask(scene.registry(scene.deployed.chain.url, "http://127.0.0.1:9", agreement=2))


def test_a_forged_answer_against_a_true_one_is_no_answer(scene: Scene) -> None:
    assert scene.ask(scene.registry(scene.node(bad_node.forged))).reason == 3  # with one node there is only its word
    with pytest.raises(RegistryUnavailableError, match=r"The nodes contradict each other, and 2 must agree\."):
        scene.ask(scene.registry(scene.node(bad_node.forged), scene.deployed.chain.url, agreement=2))


def test_two_against_two_is_no_answer(scene: Scene) -> None:
    nodes = [scene.node(bad_node.forged), scene.node(bad_node.forged), scene.node(), scene.node()]
    with pytest.raises(RegistryUnavailableError, match="contradict"):
        scene.ask(scene.registry(*nodes, agreement=2, patience=Patience(grace=1, reuse=0)))


def test_pruned_counters_are_not_taken_for_an_empty_registry(scene: Scene) -> None:
    with pytest.raises(RegistryUnavailableError, match="keeps too little of the chain"):
        scene.registry(scene.node(bad_node.pruned)).batch_counts()


@pytest.mark.parametrize("spoil", [bad_node.pruned, bad_node.pruned_at_last, bad_node.earlier_block, bad_node.zeroes])
def test_many_answers_are_believed_as_little_as_one(scene: Scene, spoil: Spoil) -> None:
    with pytest.raises(RegistryUnavailableError):
        scene.registry(scene.node(spoil)).verify_many(scene.deployed.domain, [Query(0, ZERO, ZERO, [])] * 2)


@pytest.mark.parametrize("spoil", [bad_node.pruned, bad_node.earlier_block, bad_node.zeroes])
def test_keys_are_believed_as_little(scene: Scene, spoil: Spoil) -> None:
    with pytest.raises(RegistryUnavailableError):
        scene.registry(scene.node(spoil)).keys(scene.deployed.domain)


def test_an_address_without_a_registry_is_told(scene: Scene) -> None:
    with pytest.raises(RegistryUnavailableError, match="Node 1 finds no registry at 0x"):
        scene.ask(scene.registry(scene.node(bad_node.no_contract)))


def test_a_hanging_node_costs_little_where_others_suffice(scene: Scene) -> None:
    url = scene.deployed.chain.url
    registry = scene.registry(scene.node(bad_node.hang), url, url, agreement=2, patience=Patience())
    begun = time.monotonic()
    assert scene.ask(registry).good
    assert time.monotonic() - begun < 1.5


def test_a_node_that_never_answers_keeps_no_question_longer_than_agreed(scene: Scene) -> None:
    begun = time.monotonic()
    with pytest.raises(RegistryUnavailableError):
        scene.ask(scene.registry(scene.node(bad_node.drip), scene.node(bad_node.hang)))
    assert time.monotonic() - begun < 2


def test_final_needs_as_many_nodes_and_stays(scene: Scene) -> None:
    url, doubter = scene.deployed.chain.url, scene.node(bad_node.never_final)
    record = scene.ask(scene.registry(doubter, url, agreement=2, patience=Patience(reuse=0)))
    assert record.good
    assert record.issued_at >= record.finalized_time
    turning = scene.node()
    registry = scene.registry(turning)
    first = scene.ask(registry).finalized_time
    turning.spoil = bad_node.never_final
    assert scene.ask(registry).finalized_time == first


def test_a_node_that_recovers_is_believed_again(scene: Scene) -> None:
    node = scene.node(bad_node.gateway_error)
    registry = scene.registry(node)
    with pytest.raises(RegistryUnavailableError):
        scene.ask(registry)
    node.spoil = None
    assert scene.ask(registry).good


def test_many_questions_ask_for_the_block_once_and_for_the_chain_once(scene: Scene) -> None:
    node = scene.node()
    registry = scene.registry(node, patience=Patience(reuse=30))
    for _ in range(50):
        assert scene.ask(registry).good
    assert node.seen.count("eth_chainId") == 1
    assert node.seen.count("eth_getBlockByNumber") == 2
    assert node.seen.count("eth_call") == 50


def test_a_refreshed_registry_sees_what_was_just_written(scene: Scene) -> None:
    registry = scene.registry(scene.deployed.chain.url, patience=Patience(reuse=30))
    assert scene.ask(registry).good
    batch = issued(scene.deployed)
    assert not batch.verify(registry, scene.deployed.domain).exists
    registry.refresh()
    assert batch.verify(registry, scene.deployed.domain).good


def test_the_clock_of_this_machine_decides_what_is_stale(scene: Scene) -> None:
    registry = scene.registry(scene.deployed.chain.url, clock=lambda: time.time() + 121.5)
    with pytest.raises(RegistryUnavailableError, match=r"Node 1 is 12[12] seconds behind this machine's clock"):
        scene.ask(registry)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (5_000, "it is wrong, unless the whole chain stands still. Compare it with another clock and set it right"),
        (-5_000, "it is wrong. Set it right, then try again."),
    ],
)
def test_a_clock_that_the_nodes_agree_is_wrong_is_told_with_what_to_do(scene: Scene, wrong: int, told: str) -> None:
    registry = scene.registry(scene.deployed.chain.url, scene.node(), agreement=2, clock=lambda: time.time() + wrong)
    with pytest.raises(ClockError) as caught:
        scene.ask(registry)
    times = r"2 nodes agree that it is \d{4}-\d\d-\d\d [\d:]{8} UTC, and this machine's clock says \d{4}-"
    assert re.search(times, str(caught.value))
    assert told in str(caught.value)


def test_nodes_that_do_not_agree_on_the_time_say_nothing_of_the_clock(scene: Scene) -> None:
    nodes = (scene.node(lambda each: bad_node.stale(each, 300)), scene.node(lambda each: bad_node.stale(each, 900)))
    with pytest.raises(RegistryUnavailableError) as caught:
        scene.ask(scene.registry(*nodes, agreement=2))
    assert not isinstance(caught.value, ClockError)


def test_too_few_nodes_with_final_blocks_are_told_as_such(scene: Scene) -> None:
    nodes = (scene.node(bad_node.no_finalized), scene.deployed.chain.url)
    with pytest.raises(NoFinalityError, match=r"Only 1 of the 2 nodes that must agree gave an answer"):
        scene.ask(scene.registry(*nodes, agreement=2))


def test_a_block_of_the_future_is_no_answer(scene: Scene) -> None:
    ahead = scene.registry(scene.deployed.chain.url, clock=lambda: time.time() - 2_000)
    with pytest.raises(RegistryUnavailableError, match=r"Node 1 is [12],\d\d\d seconds ahead of this machine's clock"):
        scene.ask(ahead)
    scene.ask(scene.registry(scene.deployed.chain.url, clock=lambda: time.time() - 600))


def test_threads_share_one_registry(scene: Scene) -> None:
    registry, good = scene.registry(scene.deployed.chain.url, patience=Patience()), []
    threads = [threading.Thread(target=lambda: good.append(scene.ask(registry).good)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert good == [True] * 16


def test_addresses_with_keys_are_never_shown() -> None:
    address = NodeAddress("https://user:secret@node.example/v3/secret")
    assert address.name == "node.example"
    assert "secret" not in repr(address)
