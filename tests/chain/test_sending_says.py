"""What a person is told while something is sent: refusals in the nodes' words, slow and throttled nodes, prices."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from eth_typing import HexStr

from issuer.batches.overview import batch_data, state_text
from issuer.errors import NodeUnusableError, RefusedError, UnresolvedError, WrongChainError
from issuer.records import BatchState, Records
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, connect, connect_to_any
from issuer.sending.answers import Answer, Refusals, Sending, answer_of
from issuer.sending.nodes import Reply
from issuer.sending.waiting import heard_by, say, waiting
from issuer.sending.words import MOST, cleaned, secrets_of
from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Exchange, Spoil
from tests.chain.batches import small_batch
from tests.chain.test_settling import ledger_of
from tests.chain_fixtures import ChainNode, Deployed, deploy_on

SEND = "eth_sendRawTransaction"
POLICY = "sender \x1b[31mis on\nour list https://node.example/key-0123456789"
SHOWN = "sender [31mis on our list …"


@pytest.fixture(scope="module")
def registry(embedded_chain: ChainNode) -> Deployed:
    return deploy_on(embedded_chain)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    said: list[str] = []
    with heard_by(said.append):
        yield said


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Records]:
    with closing(Records(tmp_path / "records.sqlite")) as opened:
        yield opened


Through = Callable[..., tuple[RegistryWriter, list[BadNode]]]


@pytest.fixture
def through(registry: Deployed) -> Iterator[Through]:
    """A writer over several nodes, each with its fault."""
    with ExitStack() as stack:

        def build(*spoils: Spoil | None, **seconds: float) -> tuple[RegistryWriter, list[BadNode]]:
            nodes = [stack.enter_context(BadNode(registry.chain.url)) for _ in spoils]
            web3 = connect_to_any([node.url for node in nodes], registry.chain.chain_id, seconds.pop("answer", 5.0))
            for node, spoil in zip(nodes, spoils, strict=True):
                node.spoil = spoil
            return RegistryWriter(
                Sender(web3, registry.signer, **{"resend_seconds": 0.4, **seconds}), registry.address
            ), nodes

        yield build


def at_sending(spoil: Spoil) -> Spoil:
    return lambda exchange: spoil(exchange) if exchange.method == SEND else None


def saying(words: str, code: int = -32000) -> Spoil:
    return at_sending(lambda exchange: exchange.error(code, words))


def test_a_refusal_in_unknown_words_is_shown_at_once_and_waited_for_three_times(
    registry: Deployed, through: Through, store: Records, heard: list[str]
) -> None:
    writer, (node,) = through(saying(POLICY), seconds=60)
    batch, ledger = ledger_of(store, writer)
    store.set_built(batch, b"r" * 32, [(b"h" * 32, b"p" * 32)])
    store.set_state(batch, BatchState.ANCHORING)
    root, began = small_batch().root, time.monotonic()
    with pytest.raises(UnresolvedError) as caught:
        writer.issue(registry.institution, root, 3, ledger)
    assert time.monotonic() - began < 10
    assert node.seen.count(SEND) == 3
    assert f'says "{SHOWN}"' in str(caught.value)
    assert "nothing is registered twice" in str(caught.value)
    assert [each for each in heard if "refuses" in each] == [
        f'{node.url.removeprefix("http://")} refuses the transaction: "{SHOWN}".'
    ]
    assert f'says "{SHOWN}"' in state_text(store, store.batch(batch))
    assert f'says "{SHOWN}"' in batch_data(store, store.batch(batch))["waits_for"]
    node.spoil = None
    assert writer.issue(registry.institution, root, 3, ledger).transaction == ledger.attempts()[0].hash


def test_what_was_refused_once_by_all_and_never_sent_is_over_at_once(registry: Deployed, through: Through) -> None:
    writer, nodes = through(saying("insufficient funds"), saying("insufficient funds"), seconds=60)
    with pytest.raises(RefusedError, match="send it some"):
        writer.issue(registry.institution, small_batch().root, 3)
    assert [node.seen.count(SEND) for node in nodes] == [1, 1]


def test_a_refusal_by_one_node_is_not_the_end_where_another_takes_it(
    registry: Deployed, through: Through, heard: list[str]
) -> None:
    writer, nodes = through(saying("insufficient funds for gas"), None, seconds=20)
    assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert [node.seen.count(SEND) for node in nodes] == [1, 1]
    assert any('"insufficient funds for gas"' in each for each in heard)


def test_a_refusal_by_one_node_is_nothing_where_another_may_have_taken_it(registry: Deployed, through: Through) -> None:
    """The second took it and never answered: nobody says that nothing was sent."""

    def taken_in_silence(exchange: Exchange) -> None:
        if exchange.method == SEND:
            exchange.ask()
            bad_node.hang_up(exchange)

    writer, _ = through(saying("insufficient funds"), taken_in_silence, seconds=20)
    assert writer.issue(registry.institution, small_batch().root, 3).transaction


def test_nobody_stops_waiting_for_what_a_node_has_taken() -> None:
    refusals = Refusals(["A", "B"])
    no = [Answer(name, Sending.OBJECTED, "no") for name in ("A", "B")]
    refusals.hear([Answer("A", Sending.TAKEN, "taken")])
    for _ in range(5):
        refusals.hear(no)
    assert not refusals.in_vain


def test_three_like_refusals_of_every_node_are_enough_and_numbers_may_differ() -> None:
    refusals = Refusals(["A", "B"])
    for count in range(3):
        assert not refusals.in_vain
        told = refusals.hear([Answer("A", Sending.OBJECTED, f"no: {count}"), Answer("B", Sending.REFUSED, "never")])
        assert len(told) == (0 if count else 2)
    assert refusals.in_vain
    refusals.hear([Answer("A", Sending.OBJECTED, "another reason")])
    assert not refusals.in_vain
    assert refusals.summary == 'A says "another reason"; B says "never"'


def test_a_nodes_words_steer_no_terminal_hold_no_key_and_are_short() -> None:
    assert cleaned(POLICY) == SHOWN
    assert len(cleaned("x" * 5000)) == MOST
    url = "https://user:password1@node.example/v3/0123456789abcdef?apikey=topsecret9"
    said = "project 0123456789abcdef: password1, topsecret9"
    assert cleaned(said, secrets_of(url)) == "project …: …, …"


@pytest.mark.parametrize("error", [{"code": 1}, {"message": None}, [1], {"message": " "}])
def test_an_error_without_words_is_no_refusal(error: object) -> None:
    answer = answer_of(Reply("A", (), {"error": error}))  # type: ignore[typeddict-item]
    assert answer.sending is Sending.UNKNOWN


THROTTLED = [
    *(bad_node.throttled_http, bad_node.throttled_rpc, bad_node.throttled_by_provider, bad_node.throttled_as_http),
    *(bad_node.throttled_in_words, bad_node.throttled_in_a_bare_word, bad_node.throttled_without_an_error),
]


def for_so_many(times: int, spoil: Spoil, method: str | None = None) -> Spoil:
    left = [spoil] * times
    return lambda exchange: left.pop()(exchange) if left and method in (None, exchange.method) else None


@pytest.mark.parametrize("spoil", THROTTLED, ids=lambda spoil: spoil.__name__)
def test_a_throttled_node_is_waited_for(registry: Deployed, through: Through, spoil: Spoil, heard: list[str]) -> None:
    writer, (node,) = through(for_so_many(1, spoil))
    assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert f"{node.url.removeprefix('http://')} is asked too often at the moment. Waiting 1 second." in heard


@pytest.mark.parametrize("spoil", THROTTLED[1:3], ids=lambda spoil: spoil.__name__)
def test_a_throttled_sending_is_no_refusal_and_goes_out_again(
    registry: Deployed, through: Through, spoil: Spoil
) -> None:
    writer, _ = through(for_so_many(4, spoil, SEND), seconds=60)
    assert writer.issue(registry.institution, small_batch().root, 3).transaction


@pytest.mark.parametrize("spoil", [*THROTTLED[:2], bad_node.hang_up, bad_node.gateway_error, bad_node.deep])
def test_where_one_node_fails_the_others_are_used_and_it_is_said(
    registry: Deployed, through: Through, spoil: Spoil, heard: list[str]
) -> None:
    writer, nodes = through(spoil, None)
    began = time.monotonic()
    assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert time.monotonic() - began < 8
    assert any(nodes[0].url.removeprefix("http://") in each and "the other nodes are used" in each for each in heard)


def test_a_slow_node_is_left_for_the_others(registry: Deployed, through: Through, heard: list[str]) -> None:
    def slow(exchange: Exchange) -> None:
        exchange.sleep(2.2)

    writer, nodes = through(slow, None)
    assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert any("is slow (2." in each and "the other nodes are used" in each for each in heard)
    assert nodes[0].seen.count("eth_call") <= 1


def test_a_node_that_hangs_is_told_within_ten_seconds(registry: Deployed) -> None:
    with BadNode(registry.chain.url, bad_node.hang) as node:
        began = time.monotonic()
        with pytest.raises(NodeUnusableError, match="did not answer in time"):
            connect(node.url, registry.chain.chain_id)
        assert time.monotonic() - began < 10


def test_no_silence_is_long(heard: list[str]) -> None:
    with waiting(lambda: "Still waiting.", 0.5):
        time.sleep(1.3)
        say("News.")
        time.sleep(0.4)
    assert heard == ["Still waiting.", "Still waiting.", "News."]


def test_waits_within_waits_make_no_silence_longer(heard: list[str]) -> None:
    with waiting(lambda: "Still waiting.", 0.8):
        for _ in range(4):
            with waiting(lambda: "Again.", 60):
                time.sleep(0.4)
    assert "Still waiting." in heard


def test_what_waits_for_a_block_is_said(
    registry: Deployed, through: Through, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.sending.waiting.SILENCE_SECONDS", 0.5)
    writer, _ = through(at_sending(bad_node.gateway_error), seconds=2)
    with pytest.raises(UnresolvedError) as caught:
        writer.issue(registry.institution, small_batch().root, 3)
    assert f"Transaction {caught.value.transaction} was sent, and no block has it yet." in heard


def test_a_price_over_the_cap_names_number_setting_and_variable(registry: Deployed) -> None:
    pricing = Pricing(floor=1, cap=10, network="bsc-testnet")
    writer = RegistryWriter(
        Sender(connect(registry.chain.url, registry.chain.chain_id), registry.signer, pricing), registry.address
    )
    with pytest.raises(RefusedError) as caught:
        writer.issue(registry.institution, small_batch().root, 3)
    assert "more than the 1e-08 gwei that the settings allow" in str(caught.value)
    assert str(caught.value).endswith(
        "raise price_cap_gwei (now 1e-08) under [networks.bsc-testnet] in sanad.toml, "
        "or set SANAD_BSC_TESTNET_PRICE_CAP_GWEI."
    )


def test_a_price_under_the_floor_names_number_setting_and_variable(registry: Deployed, through: Through) -> None:
    writer, _ = through(saying("transaction underpriced: gas tip cap 1, minimum needed 1000000000"))
    writer.sender.pricing = Pricing(network="bsc-testnet")
    with pytest.raises(RefusedError) as caught:
        writer.issue(registry.institution, small_batch().root, 3)
    for part in (
        'it says "transaction underpriced: gas tip cap 1, minimum needed 1000000000"',
        "so the price offered, ",
        "raise price_floor_gwei (now 0.1) under [networks.bsc-testnet] in sanad.toml",
        "or set SANAD_BSC_TESTNET_PRICE_FLOOR_GWEI.",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize("spoil", [bad_node.no_finalized, bad_node.null_finalized])
def test_a_node_without_final_blocks_is_told_with_what_to_do(
    registry: Deployed, through: Through, spoil: Spoil
) -> None:
    writer, _ = through(spoil)
    with pytest.raises(NodeUnusableError, match="does not say which block is final") as caught:
        writer.sender.final_count()
    assert "Name another node under nodes in sanad.toml" in str(caught.value)
    both, _ = through(spoil, None)
    assert both.sender.final_count() >= 0


def test_that_the_place_is_used_is_said_when_it_is_heard_again_and_in_the_end(
    registry: Deployed, through: Through, store: Records, heard: list[str]
) -> None:
    writer, (node,) = through(saying("nonce too low: next nonce 9, tx nonce 0"), seconds=2)
    batch, ledger = ledger_of(store, writer)
    with pytest.raises(UnresolvedError) as caught:
        writer.issue(registry.institution, small_batch().root, 3, ledger)
    said = f'{node.url.removeprefix("http://")} says "nonce too low: next nonce 9, tx nonce 0"'
    assert [each for each in heard if "nonce too low" in each] == [f"{said}."]
    assert f"is not known yet. {said}. Type: sanad resume; nothing is registered twice." in str(caught.value)
    assert store.transactions.signed_for(batch)


def test_that_a_place_is_used_is_no_refusal() -> None:
    refusals = Refusals(["A"])
    for told in ([], ['A says "nonce too low".'], [], []):
        assert refusals.hear([Answer("A", Sending.NONCE_USED, "nonce too low")]) == told
    assert not refusals.in_vain
    assert refusals.hear([Answer("A", Sending.REFUSED, "nonce too low")])


def test_while_a_node_does_not_answer_to_a_transaction_nobody_says_that_nothing_was_sent(
    registry: Deployed, through: Through, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.sending.waiting.SILENCE_SECONDS", 0.5)

    def taken_late(exchange: Exchange) -> None:
        exchange.ask()
        exchange.sleep(1.5)

    writer, _ = through(at_sending(taken_late), seconds=20)
    done = writer.issue(registry.institution, small_batch().root, 3)
    assert f"Transaction {done.transaction} was sent, and no node has answered yet." in heard
    assert not any("nothing was sent" in each for each in heard)


@pytest.mark.parametrize("answer", [None, [], {}, "banana", "0x" + "f" * 5000])
def test_a_node_that_says_no_chain_is_told(registry: Deployed, answer: object) -> None:
    with (
        BadNode(registry.chain.url, lambda exchange: exchange.result(answer)) as node,
        pytest.raises(NodeUnusableError, match="gave no usable answer"),
    ):
        connect(node.url, registry.chain.chain_id)


def test_of_several_nodes_the_one_of_another_chain_is_named(registry: Deployed) -> None:
    with BadNode(registry.chain.url, bad_node.other_chain) as node:
        for nodes in ([node.url, registry.chain.url], [node.url, node.url]):
            with pytest.raises(WrongChainError, match=f"The node {node.url.removeprefix('http://')}.* is of chain 56"):
                connect_to_any(nodes, registry.chain.chain_id)


def test_no_node_decides_for_which_chain_is_signed(registry: Deployed, through: Through) -> None:
    """A node that changes its chain after it was looked at gets no transaction that another chain would take."""
    writer, _ = through(bad_node.other_chain)
    done = writer.issue(registry.institution, small_batch().root, 3)
    sent = registry.chain.web3.eth.get_transaction(HexStr(str(done.transaction)))
    assert sent["chainId"] == registry.chain.chain_id
