"""Batches, certificates, deliveries and the trail, the same on SQLite and PostgreSQL."""

from contextlib import closing

import pytest
from sqlalchemy import text

from issuer.errors import StoreError
from issuer.records import BatchState, DeliveryState, Records, RecordsPlace
from tests.store.samples import COURSE, DOMAIN, LIST, batch, drafts, signed


def test_a_batch_comes_out_as_it_was_put_in(store: Records) -> None:
    made, whole = batch(2500), drafts(2500)
    store.add_batch(made, whole)
    found = store.batch(made.id)
    assert (found.domain, found.size, found.state, found.waits) == (DOMAIN, 2500, BatchState.DRAFTED, None)
    assert found.since
    assert list(store.drafts(made.id)) == whole
    assert store.status_lists.taken(LIST) == {each.identity.status_index for each in whole}
    hashes = [(at.to_bytes(32), (at + 9000).to_bytes(32)) for at in range(2500)]
    store.set_built(made.id, b"r" * 32, hashes)
    assert store.batch(made.id).root == b"r" * 32
    assert store.batch_of((1234).to_bytes(32)) == store.batch(made.id)
    assert store.batch_of(b"x" * 32) is None


def test_nobody_gets_a_course_twice_unless_it_is_asked_for_again(store: Records) -> None:
    store.add_batch(batch(), drafts())
    taken = frozenset(store.status_lists.taken(LIST))
    with pytest.raises(StoreError, match=r"The records refuse this: .*"):
        store.add_batch(batch(4), drafts(4, first=3, taken=taken))
    assert len(store.batches()) == 1
    assert {who: one.again for who, one in store.issued(DOMAIN, COURSE).items()} == dict.fromkeys(
        ("number 1", "number 2", "number 3"), 0
    )
    store.add_batch(batch(1), drafts(1, taken=taken, again=1))
    assert store.issued(DOMAIN, COURSE)["number 1"].again == 1


def test_a_place_in_the_status_list_is_given_out_once(store: Records) -> None:
    whole = drafts()
    store.add_batch(batch(), whole)
    again = [type(each)(each.position, COURSE, f"other {each.position}", each.identity, each.row) for each in whole]
    with pytest.raises(StoreError, match="The records refuse this"):
        store.add_batch(batch(), again)


def test_an_institution_registers_a_root_once(store: Records) -> None:
    one, other = batch(1), batch(1)
    store.add_batch(one, drafts(1))
    store.add_batch(other, drafts(1, first=2, taken=frozenset(store.status_lists.taken(LIST))))
    store.set_built(one.id, b"r" * 32, [(b"a" * 32, b"b" * 32)])
    with pytest.raises(StoreError, match="The records refuse this"):
        store.set_built(other.id, b"r" * 32, [(b"c" * 32, b"d" * 32)])
    with pytest.raises(StoreError, match="The records refuse this"):
        store.set_state(other.id, BatchState.ANCHORING)  # nothing is anchored without a root


def test_only_what_was_never_signed_can_be_cancelled(store: Records) -> None:
    one, other = batch(), batch()
    store.add_batch(one, drafts())
    store.add_batch(other, drafts(first=4, taken=frozenset(store.status_lists.taken(LIST))))
    store.transactions.keep(other.id, "issue", signed())
    assert store.cancel(one.id)
    assert not store.cancel(other.id)
    assert store.batch(one.id).state is BatchState.CANCELLED
    assert list(store.drafts(one.id)) == []
    assert len(list(store.drafts(other.id))) == 3
    assert "number 1" not in store.issued(DOMAIN, COURSE)


def test_what_failed_to_build_is_forgotten_and_nothing_else(store: Records) -> None:
    one = batch()
    store.add_batch(one, drafts())
    store.set_built(one.id, b"r" * 32, [])
    store.discard(one.id)
    assert [each.id for each in store.batches()] == [one.id]
    other = batch()
    store.add_batch(other, drafts(first=4, taken=frozenset(store.status_lists.taken(LIST))))
    store.discard(other.id)
    assert [each.id for each in store.batches()] == [one.id]


def test_what_a_batch_waits_for_is_told_until_it_goes_on(store: Records) -> None:
    one = batch()
    store.add_batch(one, drafts())
    store.set_waits(one.id, "The node does not answer.")
    assert store.batch(one.id).waits == "The node does not answer."
    store.set_built(one.id, b"r" * 32, [])
    assert store.batch(one.id).waits is None


def test_one_message_for_each_certificate(store: Records) -> None:
    one = batch()
    store.add_batch(one, drafts())
    assert store.deliveries.queue(one.id, [(0, "a@example.org"), (2, "c@example.org")]) == 2
    store.deliveries.note(one.id, 2, DeliveryState.REFUSED, words="550 no such user", tries=1)
    assert store.deliveries.queue(one.id, [(0, "other@example.org"), (1, "b@example.org")]) == 1
    found = {each.position: (each.recipient, each.state) for each in store.deliveries.of(one.id)}
    assert found[0] == ("a@example.org", DeliveryState.QUEUED)
    assert found[2] == ("c@example.org", DeliveryState.REFUSED)
    assert store.deliveries.counts(one.id) == {DeliveryState.QUEUED: 2, DeliveryState.REFUSED: 1}
    assert [each.words for each in store.deliveries.of(one.id, DeliveryState.REFUSED)] == ["550 no such user"]
    with pytest.raises(StoreError, match="refuse"):
        store.deliveries.queue(one.id, [(7, "nobody@example.org")])


def test_who_did_what_is_written_once_and_for_all(store: Records) -> None:
    store.trail.who = "professor"
    one = batch()
    store.add_batch(one, drafts())
    store.trail.add("revoked", DOMAIN, hash="0xab")
    told = [(each.who, each.did, each.batch) for each in store.trail.entries()]
    assert told == [("professor", "drafted", one.id), ("professor", "revoked", None)]
    assert store.trail.entries(one.id)[0].facts == {"size": 3}
    for statement in ("UPDATE trail SET who = 'nobody'", "DELETE FROM trail"):
        with pytest.raises(StoreError, match="the trail is only added to"):
            store.database.write(lambda connection, statement=statement: connection.execute(text(statement)))
    assert len(store.trail.entries()) == 2


def test_a_refusal_tells_nothing_of_people(store: Records) -> None:
    store.add_batch(batch(), drafts())
    with pytest.raises(StoreError) as caught:
        store.add_batch(batch(), drafts(taken=frozenset(store.status_lists.taken(LIST))))
    assert "فاطمہ" not in str(caught.value)


def test_two_open_records_see_each_other(place: RecordsPlace) -> None:
    with closing(Records(place)) as one, closing(Records(place)) as other:
        one.add_batch(batch(), drafts())
        assert len(other.batches()) == 1
