"""From an act to its being done on a node whose blocks the test makes: stuck, forgotten, unsent, not final."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from issuer.batches.anchoring import Anchoring
from issuer.batches.progress import SILENT
from issuer.errors import NotFinalError, UnresolvedError
from issuer.records import AttemptState, Records
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, StoredLedger, connect
from tests.chain.batches import small_batch
from tests.chain_fixtures import ChainNode, Deployed, deploy_on, running_anvil
from tests.store.samples import LIST, drafts
from tests.store.samples import batch as recorded
from verifier.core.batch_file import BatchFile


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with running_anvil(tmp_path_factory.mktemp("anvil") / "log") as chain:
        yield deploy_on(chain)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Records]:
    with closing(Records(tmp_path / "records.sqlite")) as opened:
        yield opened


def writer_with(registry: Deployed, pricing: Pricing | None = None, **seconds: float) -> RegistryWriter:
    web3 = connect(registry.chain.url, registry.chain.chain_id)
    return RegistryWriter(Sender(web3, registry.signer, pricing, **seconds), registry.address)


def ledger_of(store: Records, writer: RegistryWriter, what: str = "issue") -> tuple[str, StoredLedger]:
    """A batch in the records, built, and the ledger of its transaction."""
    made = recorded(1)
    taken = frozenset(store.status_lists.taken(LIST))
    store.add_batch(made, drafts(1, first=len(taken) + 1, taken=taken))
    return made.id, StoredLedger(store, writer.chain_id, writer.sender.address, made.id, what)


@contextmanager
def mined_by_hand(chain: ChainNode) -> Iterator[None]:
    chain.ask("evm_setAutomine", False)
    try:
        yield
    finally:
        chain.ask("evm_setAutomine", True)
        chain.ask("evm_mine")


def dearer(registry: Deployed, wei: int, over: threading.Event) -> None:
    """Once something waits, blocks in which gas costs so much, until it is over."""
    chain, count = registry.chain, registry.chain.web3.eth.get_transaction_count
    waiting = False
    while not over.wait(0.2):
        key = registry.signer.address
        waiting = waiting or count(key, "pending") > count(key, "latest")
        if not waiting:
            continue
        chain.ask("anvil_setNextBlockBaseFeePerGas", hex(wei))
        chain.ask("evm_mine")


@contextmanager
def blocks_at(registry: Deployed, wei: int) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=dearer, args=(registry, wei, over))
    with mined_by_hand(registry.chain):
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def test_what_is_stuck_is_offered_an_eighth_more(registry: Deployed, store: Records) -> None:
    writer, batch = writer_with(registry, seconds=20, resend_seconds=1, bump_seconds=1), small_batch()
    _, ledger = ledger_of(store, writer)
    price = writer.sender.price()
    with blocks_at(registry, price * 21 // 20):
        done = writer.issue(registry.institution, batch.root, 3, ledger)
    first, second = ledger.attempts()[:2]
    assert first.max_fee == price
    assert second.max_fee is not None
    assert second.max_fee >= -(-price * 9 // 8)
    assert second.tip == second.max_fee
    mined = [one for one in ledger.attempts() if one.state is AttemptState.MINED]
    assert [one.hash for one in mined] == [done.transaction]
    assert mined[0].receipt is not None
    assert (mined[0].block, mined[0].receipt["status"]) == (done.block, 1)


def test_no_more_is_offered_than_the_cap(registry: Deployed, store: Records) -> None:
    price = writer_with(registry).sender.price()
    pricing = Pricing(floor=price, cap=price * 9 // 8 - 1)
    writer, batch = writer_with(registry, pricing, seconds=4, resend_seconds=1, bump_seconds=1), small_batch()
    _, ledger = ledger_of(store, writer)
    with blocks_at(registry, price * 2), pytest.raises(UnresolvedError, match="is not known yet") as caught:
        writer.issue(registry.institution, batch.root, 3, ledger)
    assert "and more would be above the cap; raise price_cap_gwei (now " in str(caught.value)
    assert len(ledger.attempts()) == 1
    registry.chain.ask("anvil_setNextBlockBaseFeePerGas", hex(price // 2))
    registry.chain.ask("evm_mine")
    done = writer_with(registry).issue(registry.institution, batch.root, 3, ledger)
    assert done.transaction == ledger.attempts()[0].hash


def test_what_another_run_left_unsent_goes_before(
    registry: Deployed, store: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, first, second = writer_with(registry), small_batch(), small_batch()
    _, left = ledger_of(store, writer)
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send", _killed)
        with pytest.raises(KeyboardInterrupt):
            writer.issue(registry.institution, first.root, 3, left)
    _, ledger = ledger_of(store, writer)
    assert writer.issue(registry.institution, second.root, 3, ledger).transaction
    assert writer.has_batch(registry.institution, first.root, 3)
    open_ones = store.transactions.unresolved(writer.chain_id, writer.sender.address)
    assert open_ones[1].nonce == (open_ones[0].nonce or 0) + 1
    assert writer.issue(registry.institution, first.root, 3, left).transaction == left.attempts()[0].hash


def test_a_batch_that_is_not_final_is_told_and_waited_for(registry: Deployed, store: Records) -> None:
    writer, batch = writer_with(registry), small_batch(1)
    id_, ledger = ledger_of(store, writer)
    store.set_built(id_, batch.root, [(b"h" * 32, b"p" * 32)])
    file = BatchFile(registry.domain, batch.root, batch.commitments[0] + batch.records[0][1])
    anchoring = Anchoring(store, writer, registry.registry(), SILENT, final_seconds=1.5)
    made = store.batch(id_)
    anchoring.begin(made)
    made = _in(registry, store.batch(id_))
    with pytest.raises(NotFinalError, match=r"the chain took it at \d\d:\d\d:\d\d UTC and calls final what is before"):
        anchoring.anchor(made, file)
    registry.chain.finalize()
    anchoring.anchor(made, file)
    assert store.transactions.unresolved(writer.chain_id, writer.sender.address) == []
    assert len(ledger.attempts()) == 0


def _in(registry: Deployed, made: object) -> object:
    from dataclasses import replace

    return replace(made, domain=registry.domain)  # type: ignore[type-var]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_final_batch_goes_out_only_when_every_believed_node_has_it(registry: Deployed, store: Records) -> None:
    writer, batch = writer_with(registry), small_batch(1)
    id_, _ledger = ledger_of(store, writer)
    store.set_built(id_, batch.root, [(b"h" * 32, b"p" * 32)])
    file = BatchFile(registry.domain, batch.root, batch.commitments[0] + batch.records[0][1])
    waiting = Anchoring(store, writer, registry.registry(), SILENT, final_seconds=2, settle_seconds=10**6)
    waiting.begin(store.batch(id_))
    made = _in(registry, store.batch(id_))
    registry.chain.finalize()
    with pytest.raises(NotFinalError, match="it is not 1000000 seconds old yet, and some nodes may not have it"):
        _anchored_and_final(registry, waiting, made, file)
    settled = Anchoring(store, writer, registry.registry(), SILENT, final_seconds=5, settle_seconds=1)
    assert settled.anchor(made, file).transaction


def _anchored_and_final(registry: Deployed, anchoring: Anchoring, made: object, file: BatchFile) -> None:
    with pytest.raises(NotFinalError, match="calls final"):
        anchoring.anchor(made, file)
    registry.chain.finalize()
    anchoring.anchor(made, file)
