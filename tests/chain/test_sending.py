"""A transaction happens once, whatever the node on the way does; and nobody is told what is not known."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from eth_account import Account
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from deploy.registry_contract import registry_artifact
from issuer.errors import (
    DroppedError,
    IssuerError,
    NodeUnusableError,
    RefusedError,
    RevertedError,
    TransactionError,
    UnresolvedError,
)
from issuer.records import Records
from issuer.registry.act import Done
from issuer.registry.funding import top_up
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, Signed, StoredLedger, connect, connect_to_any
from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Exchange, Spoil
from tests.chain.batches import small_batch
from tests.chain_fixtures import ChainNode, Deployed, deploy_on

SEND = "eth_sendRawTransaction"


@pytest.fixture(scope="module")
def registry(embedded_chain: ChainNode) -> Deployed:
    return deploy_on(embedded_chain)


@pytest.fixture
def through(registry: Deployed) -> Iterator[Callable[..., tuple[RegistryWriter, BadNode]]]:
    """A writer whose node spoils the sending."""
    with ExitStack() as stack:

        def build(spoil: Spoil, seconds: float = 1.0, resend: float = 0.4) -> tuple[RegistryWriter, BadNode]:
            def at_sending(exchange: Exchange) -> None:
                if exchange.method == SEND:
                    spoil(exchange)

            node = stack.enter_context(BadNode(registry.chain.url, at_sending))
            web3 = connect(node.url, registry.chain.chain_id, seconds=0.4)
            return RegistryWriter(Sender(web3, registry.signer, Pricing(), seconds, resend), registry.address), node

        yield build


def taken_and(then: Spoil) -> Spoil:
    """The transaction arrives; the answer goes wrong."""

    def spoil(exchange: Exchange) -> None:
        exchange.ask()
        then(exchange)

    return spoil


def once(spoil: Spoil) -> Spoil:
    left = [spoil]
    return lambda exchange: left.pop()(exchange) if left else None


LOST_ANSWERS = [
    *(bad_node.hang, bad_node.hang_up, bad_node.drip, bad_node.html, bad_node.empty, bad_node.deep),
    *(bad_node.throttled_http, bad_node.throttled_rpc, bad_node.internal, bad_node.json_list, bad_node.result_null),
]


@pytest.mark.parametrize("spoil", LOST_ANSWERS, ids=lambda spoil: spoil.__name__)
def test_a_sent_transaction_whose_answer_is_lost_is_found_in_the_registry(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]], spoil: Spoil
) -> None:
    writer, node = through(taken_and(spoil), seconds=5)
    kept: list[Signed] = []
    batch = small_batch()
    done = writer.issue(registry.institution, batch.root, 3, kept.append)
    assert done.transaction == kept[0].hash
    assert node.seen.count(SEND) == 1
    assert len(kept) == 1


def test_what_a_node_lost_is_sent_again_as_it_was(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]]
) -> None:
    writer, node = through(once(bad_node.gateway_error), seconds=5)
    kept: list[Signed] = []
    done = writer.issue(registry.institution, small_batch().root, 3, kept.append)
    assert done.transaction == kept[0].hash
    assert node.seen.count(SEND) == 2


def test_what_is_not_known_is_called_unknown_and_can_be_taken_up_again(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]]
) -> None:
    writer, node = through(bad_node.gateway_error)
    kept: list[Signed] = []
    root = small_batch().root
    with pytest.raises(UnresolvedError, match=r"is not known yet\. Run the same command again") as caught:
        writer.issue(registry.institution, root, 3, kept.append)
    assert caught.value.transaction == kept[0].hash
    node.spoil = None
    assert writer.issue(registry.institution, root, 3, kept.append, stored=kept[0]).transaction == kept[0].hash
    assert len(kept) == 1


@pytest.mark.parametrize("text", ["already known", "transaction already imported"])
def test_a_known_transaction_is_a_sent_one(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]], text: str
) -> None:
    writer, node = through(taken_and(lambda exchange: exchange.error(-32000, text)), seconds=5)
    assert writer.issue(registry.institution, small_batch().root, 3).transaction
    assert node.seen.count(SEND) == 1


BELOW = "so the price offered, 0.1 gwei, is below the node's floor; raise price_floor_gwei (now 0.1) in the settings."
REFUSALS = {
    "insufficient funds for gas * price + value: balance 0, tx cost 5": "the key has too few coins; send it some.",
    "transaction underpriced: tip needed 1 gwei": BELOW,
    "transaction gas price below minimum": BELOW,
    "replacement transaction underpriced": "another transaction of this key is waiting; wait until it is mined.",
    "transaction gas limit too high (cap: 16777216)": "it asks for more gas than a transaction may; split it.",
}


@pytest.mark.parametrize(("text", "told"), REFUSALS.items())
def test_a_refusal_says_what_to_do_and_sends_nothing(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]], text: str, told: str
) -> None:
    writer, node = through(lambda exchange: exchange.error(-32000, text))
    root = small_batch().root
    with pytest.raises(RefusedError) as caught:
        writer.issue(registry.institution, root, 3)
    assert str(caught.value).startswith(f'The node did not take the transaction: it says "{text}", so ')
    assert str(caught.value).endswith(told)
    assert node.seen.count(SEND) == 1
    assert not writer.has_batch(registry.institution, root, 3)


def test_a_refusal_of_bytes_that_were_sent_before_proves_nothing(
    registry: Deployed, through: Callable[..., tuple[RegistryWriter, BadNode]]
) -> None:
    writer, _ = through(lambda exchange: exchange.error(-32000, "insufficient funds"))
    kept: list[Signed] = []
    root = small_batch().root
    with pytest.raises(RefusedError):
        writer.issue(registry.institution, root, 3, kept.append)
    with pytest.raises(UnresolvedError):
        writer.issue(registry.institution, root, 3, stored=kept[0])


def test_a_transaction_whose_place_another_took_is_given_up(registry: Deployed) -> None:
    writer = registry.writer(registry.signer, seconds=1.0)
    kept: list[Signed] = []
    root = small_batch().root

    def meanwhile(signed: Signed) -> None:
        kept.append(signed)
        registry.writer(registry.signer).issue(registry.institution, small_batch().root, 3)

    with pytest.raises(DroppedError, match="another transaction of the same key took its place"):
        writer.issue(registry.institution, root, 3, meanwhile)
    assert not writer.has_batch(registry.institution, root, 3)
    assert writer.issue(registry.institution, root, 3).transaction not in {None, kept[0].hash}


def test_a_transaction_that_is_mined_and_fails_says_why(embedded_chain: ChainNode) -> None:
    fresh = deploy_on(embedded_chain)
    admin = fresh.sender(fresh.admin)
    contract = admin.web3.eth.contract(fresh.address, abi=registry_artifact()["abi"])

    def meanwhile(_signed: Signed) -> None:
        admin.transact(contract.functions.remove(fresh.institution, fresh.signer.address))

    with pytest.raises(RevertedError, match="is not an authorised signer of the institution") as caught:
        fresh.writer(fresh.signer).issue(fresh.institution, small_batch().root, 3, meanwhile)
    assert caught.value.reason == "NotAuthorised"


def test_a_node_of_another_chain_is_refused_at_once(embedded_chain: ChainNode) -> None:
    told = "The node is of chain 1337, not of chain 97: check the network's settings."
    with pytest.raises(NodeUnusableError, match=told):
        connect(embedded_chain.url, 97)


def test_the_first_node_that_answers_is_written_through(embedded_chain: ChainNode) -> None:
    dead, chain_id = "http://127.0.0.1:9", embedded_chain.chain_id
    web3 = connect_to_any([dead, embedded_chain.url, dead], chain_id, seconds=5)
    assert web3.eth.chain_id == chain_id
    with pytest.raises(NodeUnusableError):
        connect_to_any([dead, dead], chain_id)


@pytest.mark.parametrize("spoil", [bad_node.html, bad_node.hang, bad_node.deep])
@pytest.mark.parametrize(
    "method", ["eth_call", "eth_gasPrice", "eth_estimateGas", "eth_getBalance", "eth_getTransactionCount"]
)
def test_a_node_that_fails_before_sending_is_told_and_nothing_is_sent(
    registry: Deployed, spoil: Spoil, method: str
) -> None:
    with BadNode(registry.chain.url) as node:
        web3 = connect(node.url, registry.chain.chain_id, seconds=0.2)
        writer = RegistryWriter(Sender(web3, registry.signer), registry.address)
        node.spoil = lambda exchange: spoil(exchange) if exchange.method == method else None
        with pytest.raises((NodeUnusableError, RefusedError)):
            writer.issue(registry.institution, small_batch().root, 3)
        assert SEND not in node.seen


def test_a_null_number_of_transactions_is_not_taken_for_one(registry: Deployed) -> None:
    with BadNode(registry.chain.url) as node:
        web3 = connect(node.url, registry.chain.chain_id)
        node.spoil = lambda each: each.result(None) if each.method == "eth_getTransactionCount" else None
        writer = RegistryWriter(Sender(web3, registry.signer), registry.address)
        with pytest.raises(NodeUnusableError, match="did not say how many transactions the key has sent"):
            writer.issue(registry.institution, small_batch().root, 3)


def test_keys_are_in_nothing_that_is_shown(registry: Deployed) -> None:
    key = registry.signer.key.hex()
    kept: list[Signed] = []
    writer = registry.writer(registry.signer)
    writer.issue(registry.institution, small_batch().root, 3, kept.append)
    shown = [repr(writer.sender), repr(kept), repr(registry.signer), json.dumps([each.hash for each in kept])]
    assert not any(key in text for text in shown)
    assert kept[0].raw.hex() not in repr(kept)


def test_every_error_here_is_the_issuers() -> None:
    for kind in (NodeUnusableError, RefusedError, RevertedError, UnresolvedError, DroppedError):
        assert issubclass(kind, TransactionError)
        assert issubclass(kind, IssuerError)


def test_an_account_is_never_needed_to_be_known_by_the_node(registry: Deployed) -> None:
    with BadNode(registry.chain.url) as node:
        web3 = connect(node.url, registry.chain.chain_id)
        RegistryWriter(Sender(web3, registry.signer), registry.address).issue(
            registry.institution, small_batch().root, 3
        )
        assert not {"eth_accounts", "eth_sendTransaction", "personal_unlockAccount"} & set(node.seen)


class Pool:
    """A node that takes transactions and mines none until it is let go, as a busy chain does."""

    def __init__(self) -> None:
        self.held: list[Exchange] = []
        self.open = False

    def __call__(self, exchange: Exchange) -> None:
        if self.open:
            return
        if exchange.method == SEND:
            self.held.append(exchange)
            exchange.result("0x" + keccak(HexBytes(exchange.request["params"][0])).hex())
        elif exchange.method == "eth_getTransactionCount" and exchange.request["params"][1] == "pending":
            exchange.result(
                hex(int(exchange.ask()["result"], 16) + len({each.request["params"][0] for each in self.held}))
            )

    def mine(self) -> None:
        self.open = True
        for each in self.held:
            each.ask()


@pytest.mark.parametrize("kept", [False, True])
def test_coins_are_not_given_twice_where_the_first_time_is_still_on_its_way(
    registry: Deployed, tmp_path: Path, kept: bool
) -> None:
    """Killed after it was sent, and typed again before a block has it: with records and without."""
    pool, poor = Pool(), Account.create().address
    programme = registry.programme
    before = registry.chain.web3.eth.get_transaction_count(programme.address)

    def fund(**seconds: float) -> Done:
        with closing(Records(tmp_path / "records.sqlite")) as store:
            sender = Sender(connect(node.url, registry.chain.chain_id), programme, **{"resend_seconds": 0.4, **seconds})
            ledger = StoredLedger(store, sender.chain_id, sender.address, None, "fund") if kept else None
            return top_up(sender, poor, 10**15).perform(ledger)

    with BadNode(registry.chain.url, pool) as node:
        with pytest.raises(UnresolvedError):
            fund(seconds=1)
        with pytest.raises(UnresolvedError, match="no block has yet, and that may be this very act"):
            fund(seconds=1)
        timer = threading.Timer(2, pool.mine)
        timer.start()
        assert fund(seconds=20) == Done()
        timer.join()
    assert registry.chain.web3.eth.get_balance(poor) == 10**15
    assert registry.chain.web3.eth.get_transaction_count(programme.address) == before + 1
