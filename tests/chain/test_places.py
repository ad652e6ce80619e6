"""Places in a key's order: lagging nodes give none out again, empty ones are named, and filled on request."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from issuer.errors import DroppedError, UnresolvedError
from issuer.records import Records
from issuer.records.raw_transaction import facts_of
from issuer.registry.writer import RegistryWriter
from issuer.sending import Sender, StoredLedger, connect
from issuer.sending.filling import fill_gaps
from issuer.sending.waiting import heard_by
from tests.chain.bad_node import BadNode, Exchange
from tests.chain.batches import small_batch
from tests.chain.test_settling import ledger_of, mined_by_hand
from tests.chain_fixtures import Deployed, deploy_on, running_anvil

COUNT = "eth_getTransactionCount"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with running_anvil(tmp_path_factory.mktemp("anvil") / "log") as chain:
        yield deploy_on(chain)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Records]:
    with closing(Records(tmp_path / "records.sqlite")) as opened:
        yield opened


@pytest.fixture
def heard() -> Iterator[list[str]]:
    said: list[str] = []
    with heard_by(said.append):
        yield said


def writer_through(registry: Deployed, *urls: str, **seconds: float) -> RegistryWriter:
    from issuer.sending import connect_to_any

    web3 = connect_to_any(urls or [registry.chain.url], registry.chain.chain_id)
    return RegistryWriter(Sender(web3, registry.signer, **seconds), registry.address)


def closed(registry: Deployed, store: Records) -> int:
    """A batch that is registered and closed, as every finished one is; the place that it has."""
    writer = writer_through(registry)
    _, ledger = ledger_of(store, writer)
    writer.issue(registry.institution, small_batch().root, 3, ledger)
    facts = facts_of(ledger.attempts()[0].raw)
    ledger.close()
    assert facts is not None
    return facts.nonce


class Lagging:
    """A node that counts fewer transactions than there are, for so many questions or for ever."""

    def __init__(self, by: int, questions: int = 10**6) -> None:
        self.by, self.left = by, questions

    def __call__(self, exchange: Exchange) -> None:
        if exchange.method == COUNT and exchange.request["params"][1] != "finalized" and self.left:
            self.left -= 1
            exchange.result(hex(max(int(exchange.ask()["result"], 16) - self.by, 0)))


def test_a_node_that_counts_too_few_gives_no_place_out_again(
    registry: Deployed, store: Records, heard: list[str]
) -> None:
    used = closed(registry, store)
    with BadNode(registry.chain.url, Lagging(1)) as node:
        writer = writer_through(registry, node.url)
        _, ledger = ledger_of(store, writer)
        done = writer.issue(registry.institution, small_batch().root, 3, ledger)
    assert done.transaction == ledger.attempts()[0].hash
    facts = facts_of(ledger.attempts()[0].raw)
    assert facts is not None
    assert facts.nonce == used + 1
    (told,) = [each for each in heard if "lag" in each]
    assert f"its place {used} is used already" in told
    assert f"Continuing with place {used + 1}." in told
    assert not any("another program" in each.lower() for each in heard)


def test_a_node_that_catches_up_is_waited_for(registry: Deployed, store: Records, heard: list[str]) -> None:
    closed(registry, store)
    with BadNode(registry.chain.url, Lagging(1, 2)) as node:
        writer = writer_through(registry, node.url)
        _, ledger = ledger_of(store, writer)
        assert writer.issue(registry.institution, small_batch().root, 3, ledger).transaction
    assert heard == []


def test_the_node_that_counts_most_is_believed(registry: Deployed, heard: list[str]) -> None:
    with BadNode(registry.chain.url, Lagging(2)) as node:
        writer = writer_through(registry, node.url, registry.chain.url)
        assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert heard == []


def test_a_place_that_the_chain_has_lost_is_given_out_again(registry: Deployed, store: Records) -> None:
    writer = writer_through(registry)
    _, ledger = ledger_of(store, writer)
    snapshot = registry.chain.ask("evm_snapshot")
    writer.issue(registry.institution, small_batch().root, 3, ledger)
    ledger.close()
    registry.chain.ask("evm_revert", snapshot)
    registry.chain.ask("anvil_mine", "0x3")
    _, ledger = ledger_of(store, writer)
    assert writer.issue(registry.institution, small_batch().root, 3, ledger).transaction


def test_our_own_earlier_transaction_is_not_called_another_programs(
    registry: Deployed, store: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a used place given out all the same, it would be said whose it is."""
    used = closed(registry, store)
    registry.chain.finalize()
    time.sleep(0.1)
    monkeypatch.setattr("issuer.sending.settling.free_place", lambda *_: used)
    writer = writer_through(registry, seconds=5, resend_seconds=0.5)
    _, ledger = ledger_of(store, writer)
    with pytest.raises(DroppedError, match="the nodes lagged when it was signed") as caught:
        writer.issue(registry.institution, small_batch().root, 3, ledger)
    assert caught.value.own
    assert "another transaction of the same key" not in str(caught.value)


@contextmanager
def behind_another_program(registry: Deployed, store: Records) -> Iterator[tuple[RegistryWriter, StoredLedger, int]]:
    """Our transaction waits behind one of another program, and that one is dropped."""
    chain, account = registry.chain, registry.signer
    with mined_by_hand(chain):
        place = chain.web3.eth.get_transaction_count(account.address, "pending")
        fields = {"to": account.address, "value": 1, "gas": 21_000, "nonce": place, "chainId": chain.chain_id}
        fees = {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9}
        other = chain.web3.eth.send_raw_transaction(account.sign_transaction({**fields, **fees}).raw_transaction)
        writer = writer_through(registry, seconds=4, resend_seconds=0.5)
        _, ledger = ledger_of(store, writer)

        def spoil(exchange: Exchange) -> None:
            if exchange.method == "eth_sendRawTransaction":
                chain.ask("anvil_dropTransaction", "0x" + bytes(other).hex())

        with BadNode(chain.url, spoil) as node:
            writer = writer_through(registry, node.url, seconds=4, resend_seconds=0.5)
            yield writer, ledger, place


def test_an_empty_place_below_ours_is_named_and_filled_on_request(
    registry: Deployed, store: Records, heard: list[str]
) -> None:
    root = small_batch().root
    with behind_another_program(registry, store) as (writer, ledger, place):
        with pytest.raises(UnresolvedError) as caught:
            writer.issue(registry.institution, root, 3, ledger)
        told = f"Place {place} of the key {registry.signer.address} is empty, and ours, place {place + 1}, waits behind"
        assert told in str(caught.value)
        assert "sanad resume --fill-gaps" in str(caught.value)
        assert any(told in each for each in heard)
        registry.chain.ask("evm_setAutomine", True)
        assert fill_gaps(writer.sender, store) == [place]
        assert fill_gaps(writer.sender, store) == []
        done = writer.issue(registry.institution, root, 3, ledger)
    assert done.transaction == ledger.attempts()[0].hash
    assert len(ledger.attempts()) == 1
    assert registry.chain.web3.eth.get_transaction_count(registry.signer.address) == place + 2


def test_nothing_is_filled_where_no_place_is_empty(registry: Deployed, store: Records) -> None:
    writer = writer_through(registry)
    before = registry.chain.web3.eth.get_transaction_count(registry.signer.address)
    assert fill_gaps(writer.sender, store) == []
    closed(registry, store)
    assert fill_gaps(writer.sender, store) == []
    assert registry.chain.web3.eth.get_transaction_count(registry.signer.address) == before + 1


def test_no_place_is_given_up_while_a_node_does_not_call_it_final(registry: Deployed) -> None:
    """One node says that our place is used for good; another that answers does not have that block yet."""

    def ahead(exchange: Exchange) -> None:
        if exchange.method == COUNT and exchange.request["params"][1] == "finalized":
            exchange.result("0x1000")

    with BadNode(registry.chain.url, ahead) as node:
        sender = writer_through(registry, node.url, registry.chain.url).sender
        assert sender.final_count() < 0x1000
        assert Sender(connect(node.url, registry.chain.chain_id), registry.signer).final_count() == 0x1000


def test_a_node_that_is_behind_in_all_gives_no_place_out_again(
    registry: Deployed, store: Records, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was before our last transaction: its count, its blocks, and no receipt."""
    monkeypatch.setattr("issuer.sending.places.LONGEST_LAG_SECONDS", 4.0)
    writer = writer_through(registry)
    before = registry.chain.web3.eth.block_number
    used, sent = closed(registry, store), []

    def behind(exchange: Exchange) -> None:
        sent.append(exchange.method == "eth_sendRawTransaction")
        if any(sent):
            return
        if exchange.method == COUNT:
            exchange.result(hex(used))
        elif exchange.method == "eth_getTransactionReceipt":
            exchange.result(None)
        elif exchange.method == "eth_getBlockByNumber":
            exchange.request["params"][0] = hex(before)

    with BadNode(registry.chain.url, behind) as node:
        writer = writer_through(registry, node.url)
        _, ledger = ledger_of(store, writer)
        done = writer.issue(registry.institution, small_batch().root, 3, ledger)
    assert done.transaction == ledger.attempts()[0].hash
    assert any(f"its place {used} is used already" in each for each in heard)
