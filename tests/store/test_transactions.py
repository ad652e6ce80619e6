"""Transactions and attempts, and the locks, on both databases."""

from contextlib import closing

import pytest

from issuer.errors import BusyError, StoreError
from issuer.records import AttemptState, Records, RecordsPlace
from tests.store.samples import KEY, LIST, batch, drafts, signed


@pytest.fixture
def two(store: Records) -> tuple[str, str]:
    one, other = batch(), batch()
    store.add_batch(one, drafts())
    store.add_batch(other, drafts(first=4, taken=frozenset(store.status_lists.taken(LIST))))
    return one.id, other.id


def test_what_is_signed_is_kept_with_all_that_it_says(store: Records, two: tuple[str, str]) -> None:
    one = signed(7, fee=10**9)
    kept = store.transactions.keep(two[0], "issue", one)
    assert (kept.raw, kept.gas, kept.max_fee, kept.tip, kept.state) == (
        *(one.raw, 60_000, 10**9, 10**9),
        AttemptState.SIGNED,
    )
    found = store.transactions.open_of(two[0])
    assert found is not None
    assert (found.chain_id, found.sender, found.nonce, found.open) == (97, KEY.address, 7, True)
    assert store.transactions.keep(two[0], "issue", one) == kept


def test_the_same_place_with_another_price_is_an_attempt_of_the_same(store: Records, two: tuple[str, str]) -> None:
    first = store.transactions.keep(two[0], "issue", signed(7))
    second = store.transactions.keep(two[0], "issue", signed(7, fee=2 * 10**8))
    assert first.transaction == second.transaction
    receipt = {"status": 1, "blockNumber": 5}
    store.transactions.note(second.hash, AttemptState.MINED, block=5, block_hash="0xab", receipt=receipt, gas_used=9)
    one, other = store.transactions.attempts(first.transaction)
    assert (one.state, other.state, other.block, other.receipt) == (AttemptState.SIGNED, AttemptState.MINED, 5, receipt)


def test_a_nonce_is_given_out_once(store: Records, two: tuple[str, str]) -> None:
    first = store.transactions.keep(two[0], "issue", signed(7))
    with pytest.raises(StoreError, match="The records refuse this"):
        store.transactions.keep(two[1], "issue", signed(7, data=b"\x02"))
    store.transactions.drop(first.transaction)
    assert store.transactions.open_of(two[0]) is None
    assert store.transactions.attempts(first.transaction)[0].state is AttemptState.DROPPED
    store.transactions.keep(two[1], "issue", signed(7, data=b"\x02"))


def test_what_is_open_is_listed_in_its_order(store: Records, two: tuple[str, str]) -> None:
    store.transactions.keep(two[1], "issue", signed(9))
    store.transactions.keep(two[0], "issue", signed(8))
    done = store.transactions.keep(two[0], "mail", signed(3))
    store.transactions.close(done.transaction)
    assert [one.nonce for one in store.transactions.unresolved(97, KEY.address)] == [8, 9]
    assert store.transactions.unresolved(56, KEY.address) == []
    assert store.transactions.signed_for(two[0])


def test_bytes_that_are_no_transaction_are_kept_all_the_same(store: Records) -> None:
    odd = type(signed())("0x" + "ab" * 32, b"\x00junk")
    assert store.transactions.keep(None, "revoke", odd).max_fee is None
    assert store.transactions.raw("revoke") == [b"\x00junk"]


def test_a_lock_is_held_by_one_and_waited_for(place: RecordsPlace) -> None:
    with closing(Records(place)) as one, closing(Records(place)) as other:
        with one.locks.held("key:97:0xab", 1, "busy"):
            with (
                pytest.raises(BusyError, match="Another run has the key"),
                other.locks.held("key:97:0xab", 0.2, "Another run has the key."),
            ):
                pass
            with other.locks.held("key:97:0xcd", 0, "busy"):
                pass
        with other.locks.held("key:97:0xab", 0, "busy"):
            pass


def test_the_last_place_that_a_block_has_is_known_after_it_is_closed(store: Records, two: tuple[str, str]) -> None:
    assert store.transactions.last_used(97, KEY.address) is None
    for nonce, batch_ in ((8, two[0]), (9, two[1])):
        kept = store.transactions.keep(batch_, "issue", signed(nonce))
        store.transactions.note(kept.hash, AttemptState.MINED, block=nonce * 10, sent="2026-11-26T10:00:00Z")
        store.transactions.close(kept.transaction)
    store.transactions.keep(two[0], "revoke", signed(12))
    found = store.transactions.last_used(97, KEY.address)
    assert found is not None
    assert (found.nonce, found.block, found.sent) == (9, 90, "2026-11-26T10:00:00Z")
    assert store.transactions.last_used(56, KEY.address) is None
    assert store.transactions.last_used(97, KEY.address, 12) is None
    assert getattr(store.transactions.last_used(97, KEY.address, 8), "block", None) == 80
