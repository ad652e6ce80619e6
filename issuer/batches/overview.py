"""The state of each batch, what to do about it, and cancelling one."""

from typing import Any

from issuer.errors import CancelError
from issuer.records import AttemptState, Batch, BatchState, Records

_ENDED = (BatchState.DELIVERED, BatchState.CANCELLED)
_STAGES = {
    BatchState.DRAFTED: "its files are not made yet",
    BatchState.BUILT: "its files are made; it is not registered yet",
    BatchState.ANCHORING: "it is on its way into the registry",
    BatchState.FINAL: "it is registered; its files are not delivered yet",
    BatchState.DELIVERED: "done",
    BatchState.CANCELLED: "cancelled before anything was signed",
}


def state_text(store: Records, batch: Batch) -> str:
    """A batch's state in words, with what it waits for and what nodes say against its transaction."""
    if batch.state is BatchState.DELIVERED and store.corrections.is_pending(batch):
        return "delivered; the certificates that it corrects are not replaced yet"
    waits = batch.waits or _STAGES[batch.state]
    against = _said_against(store, batch)
    return waits if against is None or against in waits else f"{waits.removesuffix('.')}. Of its transaction {against}."


def _said_against(store: Records, batch: Batch) -> str | None:
    """What nodes said when it was last sent, if none of them took it."""
    if batch.state is not BatchState.ANCHORING:
        return None
    last = next(reversed(store.transactions.of_batch(batch.id)), None)
    waits = last is not None and last.state in (AttemptState.SENT, AttemptState.DROPPED)
    return None if last is None or not waits or last.answer in (None, "taken") else last.answer


def advice(store: Records, batch: Batch) -> str | None:
    """What to type; None where nothing is left to do."""
    if batch.state is BatchState.DELIVERED and store.corrections.is_pending(batch):
        return "sanad resume"
    if batch.state in _ENDED:
        return None
    signed = store.transactions.signed_for(batch.id)
    return "sanad resume" if signed else f"sanad resume, or sanad cancel {batch.id[:8]}"


def batch_data(store: Records, batch: Batch) -> dict[str, Any]:
    """A batch as plain data, with the attempts of its transactions."""
    return {
        "batch": batch.id,
        "domain": batch.domain,
        "course": batch.course,
        "drafted": batch.drafted,
        "state": batch.state.value,
        "since": batch.since,
        "waits_for": None if batch.state in _ENDED else state_text(store, batch),
        "type": advice(store, batch),
        "size": batch.size,
        "root": None if batch.root is None else "0x" + batch.root.hex(),
        "out": batch.out,
        "attempts": [
            {"hash": one.hash, "state": one.state.value, "block": one.block, "answer": one.answer}
            for one in store.transactions.of_batch(batch.id)
        ],
    }


def chosen(store: Records, beginning: str) -> Batch:
    """The batch whose number or root begins like this.

    Raises:
        CancelError: none does, or several do.
    """
    wanted = beginning.strip().lower()
    found = [batch for batch in store.batches() if wanted and _begins(batch, wanted)]
    if len(found) != 1:
        raise CancelError(f"{len(found) or 'No'} batches begin with {beginning}: sanad batches lists them.")
    return found[0]


def _begins(batch: Batch, wanted: str) -> bool:
    root = "" if batch.root is None else batch.root.hex()
    return batch.id.startswith(wanted) or (bool(root) and root.startswith(wanted.removeprefix("0x")))


def cancel(store: Records, beginning: str) -> Batch:
    """Cancel a batch, as long as nothing of it was signed.

    Raises:
        CancelError: it can no longer be cancelled; what to do instead.
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
        return f"Batch {batch.id} is cancelled already."
    root = "" if batch.root is None else f"0x{batch.root.hex()}"
    withdraw = f"sanad withdraw {batch.domain} {root}"
    if batch.state in (BatchState.FINAL, BatchState.DELIVERED):
        return (
            f"Batch {batch.id} is registered, and the registry keeps what is registered. The institution's "
            f"admin withdraws it: {withdraw}"
        )
    return (
        f"A transaction of batch {batch.id} is signed and may be on its way, so it can no longer be cancelled. Let it "
        f"end: sanad resume. Then the institution's admin withdraws it: {withdraw}"
    )


def overview(store: Records) -> list[tuple[Batch, str, str | None]]:
    """Every batch, oldest first, with its state and what to type."""
    return [(batch, state_text(store, batch), advice(store, batch)) for batch in store.batches()]
