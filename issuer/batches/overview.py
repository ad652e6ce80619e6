"""Where each batch stands, what to do about it, and giving one up."""

from typing import Any

from issuer.errors import CancelError
from issuer.store import AttemptState, Batch, BatchState, Store

_ENDED = (BatchState.DELIVERED, BatchState.CANCELLED)
_STAGES = {
    BatchState.DRAFTED: "its files are not made yet",
    BatchState.BUILT: "its files are made; it is not registered yet",
    BatchState.ANCHORING: "it is on its way into the registry",
    BatchState.FINAL: "it is registered; its files are not delivered yet",
    BatchState.DELIVERED: "done",
    BatchState.CANCELLED: "given up before anything was signed",
}


def standing(store: Store, batch: Batch) -> str:
    """Where a batch stands, in words, with what it waits for, and what nodes say against its transaction."""
    waits = batch.waits or _STAGES[batch.state]
    against = _said_against(store, batch)
    return waits if against is None or against in waits else f"{waits}. Of its transaction {against}."


def _said_against(store: Store, batch: Batch) -> str | None:
    """What nodes said when it was last sent, where none of them took it."""
    if batch.state is not BatchState.ANCHORING:
        return None
    last = next(reversed(store.transactions.of_batch(batch.id)), None)
    waits = last is not None and last.state in (AttemptState.SENT, AttemptState.DROPPED)
    return None if last is None or not waits or last.answer in (None, "taken") else last.answer


def advice(store: Store, batch: Batch) -> str | None:
    """What to type; None where nothing is left to do."""
    if batch.state in _ENDED:
        return None
    signed = store.transactions.signed_for(batch.id)
    return "sanad resume" if signed else f"sanad resume, or sanad cancel {batch.id[:8]}"


def batch_data(store: Store, batch: Batch) -> dict[str, Any]:
    """A batch as plain data, with the attempts of its transactions."""
    return {
        "batch": batch.id,
        "domain": batch.domain,
        "course": batch.course,
        "drafted": batch.drafted,
        "state": batch.state.value,
        "since": batch.since,
        "waits_for": None if batch.state in _ENDED else standing(store, batch),
        "type": advice(store, batch),
        "size": batch.size,
        "root": None if batch.root is None else "0x" + batch.root.hex(),
        "out": batch.out,
        "attempts": [
            {"hash": one.hash, "state": one.state.value, "block": one.block, "answer": one.answer}
            for one in store.transactions.of_batch(batch.id)
        ],
    }


def chosen(store: Store, beginning: str) -> Batch:
    """The batch whose number begins so.

    Raises:
        CancelError: none does, or several do.
    """
    found = [batch for batch in store.batches() if batch.id.startswith(beginning.lower())]
    if len(found) != 1:
        raise CancelError(f"{len(found) or 'No'} batches begin with {beginning}: sanad batches lists them.")
    return found[0]


def cancel(store: Store, beginning: str) -> Batch:
    """Give a batch up, as long as nothing of it was signed.

    Raises:
        CancelError: it cannot be given up any more; what to do instead.
        BusyError: another run is working on it.
    """
    batch = chosen(store, beginning)
    busy = f"Another run is working on batch {batch.id}; end that one first, then type: sanad cancel {beginning}"
    with store.locks.held(f"batch:{batch.id}", 0, busy):
        if not store.cancel(batch.id):
            raise CancelError(_why_not(batch))
    return store.batch(batch.id)


def _why_not(batch: Batch) -> str:
    if batch.state is BatchState.CANCELLED:
        return f"Batch {batch.id} is given up already."
    root = "" if batch.root is None else f"0x{batch.root.hex()}"
    withdraw = f"sanad withdraw {batch.domain} {root}"
    if batch.state in (BatchState.FINAL, BatchState.DELIVERED):
        return (
            f"Batch {batch.id} is registered, and what is registered cannot be taken back unseen. The institution's "
            f"admin withdraws it: {withdraw}"
        )
    return (
        f"A transaction of batch {batch.id} is signed and may be on its way, so it cannot be given up any more. Let it "
        f"end: sanad resume. Then the institution's admin withdraws it: {withdraw}"
    )


def overview(store: Store) -> list[tuple[Batch, str, str | None]]:
    """Every batch, oldest first, with where it stands and what to type."""
    return [(batch, standing(store, batch), advice(store, batch)) for batch in store.batches()]
