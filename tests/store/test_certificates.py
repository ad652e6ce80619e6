"""Certificates looked for across batches, on both databases."""

from issuer.records import BatchState, DeliveryState, Records
from tests.store.samples import batch, drafts


def test_by_row_by_beginning_and_by_place(store: Records) -> None:
    first, second = batch(3), batch(2)
    store.add_batch(first, drafts(3))
    store.add_batch(second, drafts(2, first=11))
    hashes = [bytes([0xAB, 0xCD, at]) + bytes(29) for at in range(3)]
    store.set_built(first.id, b"\x01" * 32, [(hash_, bytes(32)) for hash_ in hashes])
    store.set_state(first.id, BatchState.DELIVERED)
    store.deliveries.queue(first.id, [(1, "a@students.example")])

    found = store.certificates.places(lambda lines: [id_ == second.id or '"2"' in row for id_, row, _ in lines])
    assert sorted(found) == sorted([(first.id, 1), (second.id, 0), (second.id, 1)])

    one, other = store.certificates.at([(second.id, 1), (first.id, 1)])
    assert (one.batch, one.draft.row.name, one.hash, one.letter) == (second.id, "فاطمہ 12", None, None)
    assert (other.batch, other.draft.position, other.hash) == (first.id, 1, hashes[1])
    assert other.letter is not None
    assert (other.letter.recipient, other.letter.state) == ("a@students.example", DeliveryState.QUEUED)

    assert [kept.hash for kept in store.certificates.beginning("abcd0")] == hashes
    assert [kept.hash for kept in store.certificates.beginning(hashes[2].hex())] == hashes[2:]
    assert store.certificates.beginning("abce") == []
    many = [(first.id, at) for at in range(3)] * 400
    assert len(store.certificates.at(many)) == 1200

    store.erase(first.id, 1)
    assert store.certificates.at([(first.id, 1)]) == []
    assert (first.id, 1) not in store.certificates.places(lambda lines: [True for _ in lines])
