"""Which certificates are corrections of which: noted in the trail with the draft itself, so that none is made twice.

A batch of corrections is noted as `correcting` in the transaction that drafts it, and as `corrected` once all the
certificates that it corrects are replaced.
"""

from issuer.records.batches import CORRECTING, BatchRecords
from issuer.records.certificates import Place
from issuer.records.trail import Trail
from issuer.records.values import Batch, BatchState

_CORRECTED = "corrected"


class CorrectionRecords:
    """The corrections of one place of records; those whose batch was given up count no more."""

    def __init__(self, batches: BatchRecords, trail: Trail) -> None:
        self._batches, self._trail = batches, trail

    def all(self) -> dict[bytes, Place]:
        """By `H` of each certificate that is corrected: the batch and position of its correction."""
        kept = self._kept()
        return {
            bytes.fromhex(old): (entry.batch, int(position))
            for entry in self._trail.those_that(CORRECTING)
            if entry.batch is not None and entry.batch in kept
            for position, old in entry.facts["olds"].items()
        }

    def of(self, batch: str) -> dict[int, bytes]:
        """By position, `H` of the certificates that a batch corrects; none where it is no batch of corrections."""
        noted = [entry for entry in self._trail.entries(batch) if entry.did == CORRECTING]
        return {int(position): bytes.fromhex(old) for each in noted for position, old in each.facts["olds"].items()}

    def pending(self) -> list[Batch]:
        """The batches whose olds are not all replaced yet, oldest first."""
        done = {entry.batch for entry in self._trail.those_that(_CORRECTED)}
        kept, noted = self._kept(), [entry.batch for entry in self._trail.those_that(CORRECTING)]
        return [kept[id_] for id_ in noted if id_ is not None and id_ in kept and id_ not in done]

    def is_pending(self, batch: Batch) -> bool:
        """Whether a batch corrects certificates that are not all replaced yet."""
        did = {entry.did for entry in self._trail.entries(batch.id)}
        return CORRECTING in did and _CORRECTED not in did

    def close(self, batch: Batch) -> None:
        """Note that everything that a batch corrects is replaced."""
        self._trail.add(_CORRECTED, batch.domain, batch.id)

    def _kept(self) -> dict[str, Batch]:
        return {batch.id: batch for batch in self._batches.batches() if batch.state is not BatchState.CANCELLED}
