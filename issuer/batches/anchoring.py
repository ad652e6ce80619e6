"""Registering a batch in one transaction, and waiting until no reorganisation can undo it.

A mined transaction is not final: where the chain is reorganised, the same bytes are sent again. The registry's own
record, with our signer and our size, says that a batch is registered; never a receipt.
"""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from issuer.batches.progress import Progress
from issuer.errors import DroppedError, IssuerError, NodeUnusableError, NotFinalError
from issuer.records import Batch, BatchState, Records
from issuer.sending import Noted, StoredLedger
from issuer.sending.values import FINAL_SECONDS
from issuer.sending.waiting import waiting
from verifier.core.batch_file import BatchFile
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import institution_id, to_hex
from verifier.core.registry import Record, Registry

if TYPE_CHECKING:
    from issuer.registry.writer import Issued, RegistryWriter
    from issuer.sending import Ledger

_POLL_SECONDS = 0.25
_REPORT_SECONDS = 10.0
_PLACES = 3
"""How often another program may take our place in the key's order before we leave it to a person."""


class Anchoring:
    """Batches on their way into one registry.

    Args:
        store: the records.
        writer: the signer's way to the registry.
        registry: the same registry as verifiers read it.
        progress: gets reports on how it goes.
        final_seconds: how long to wait for finality.
        settle_seconds: how old a final registration must also be, so that every node that verifiers may ask has it.
    """

    def __init__(
        self,
        store: Records,
        writer: "RegistryWriter",
        registry: Registry,
        progress: Progress,
        final_seconds: float = FINAL_SECONDS,
        settle_seconds: int = 0,
    ) -> None:
        self._store, self._writer, self._registry, self._progress = store, writer, registry, progress
        self._final_seconds = final_seconds
        self._settle_seconds = settle_seconds
        self._problem = ""  # why it is not final yet

    def begin(self, batch: Batch) -> None:
        """Note which registry and signer it will be, before anything is signed."""
        writer = self._writer
        place = {"chain_id": writer.chain_id, "registry": writer.address, "signer": writer.signer}
        self._store.set_state(batch.id, BatchState.ANCHORING, **place)

    def anchor(self, batch: Batch, file: BatchFile) -> "Issued":
        """See that the batch is registered and final; the state is not changed.

        Raises:
            TransactionError: it could not be sent, or its outcome is not known yet.
            NotFinalError: it is registered, and not final in time.
        """
        self._check_same(batch)
        assert batch.root is not None
        writer = self._writer
        ledger = StoredLedger(
            self._store, writer.chain_id, writer.sender.address, batch.id, "issue", self._noted(batch)
        )
        self._progress.stage("Registering the batch in one transaction", 1)
        while True:
            issued = self._register(batch, ledger)
            self._progress.step(1)
            if self._is_final(batch, file):
                ledger.close()
                return issued
            self._store.trail.add("reorganised", batch.domain, batch.id)
            self._progress.stage("The chain was reorganised; registering the same batch again", 1)

    def _noted(self, batch: Batch) -> Noted:
        facts = {"batch": to_hex(batch.root or b""), "size": f"{batch.size:,}", "signed by": self._writer.signer}
        return Noted(batch.domain, {"registry": self._writer.address, "act": facts})

    def is_here(self, batch: Batch) -> bool:
        """Whether a batch belongs to the registry and the signer of this run."""
        writer = self._writer
        return (batch.chain_id, batch.registry, batch.signer) == (writer.chain_id, writer.address, writer.signer)

    def still_has(self, file: BatchFile) -> bool:
        """Whether the chain, as verifiers read it, still has a batch that became final.

        Raises:
            RegistryUnavailableError: it cannot be asked.
        """
        return self._record(file).exists

    def _register(self, batch: Batch, ledger: "Ledger") -> "Issued":
        assert batch.root is not None
        place = (institution_id(batch.domain), batch.root, batch.size)
        for _ in range(_PLACES - 1):
            try:
                return self._writer.issue(*place, store=ledger)
            except DroppedError as error:
                self._store.trail.add("dropped", batch.domain, batch.id, why=str(error))
                why = "The nodes lagged" if error.own else "Another program used the key"
                self._progress.say(f"{why}; the batch gets another place in its order.")
        return self._writer.issue(*place, store=ledger)

    def _check_same(self, batch: Batch) -> None:
        if not self.is_here(batch):
            raise IssuerError(
                f"Batch {batch.id} was begun with another registry or signer; use the same settings again."
            )

    def _is_final(self, batch: Batch, file: BatchFile) -> bool:
        """Wait until it is final and has settled; False where the record has vanished from the chain."""
        self._progress.stage("Waiting until the registration is final", 1)
        self._problem = "it is not final yet"
        with waiting(lambda: f"The batch is registered, but {self._problem}"):
            return self._final_in_time(batch, file)

    def _final_in_time(self, batch: Batch, file: BatchFile) -> bool:
        began = reported = time.monotonic()
        while time.monotonic() < began + self._final_seconds:
            try:
                record = self._record(file)
                if record.exists and self._may_go_out(record):
                    self._progress.step(1)
                    return True
                if not record.exists and not self._still_registered(batch):
                    return False
                self._problem = self._stall(record) if record.exists else self._problem
            except RegistryUnavailableError as error:
                self._problem = str(error).removesuffix(".")
            if time.monotonic() > reported + _REPORT_SECONDS:
                reported = time.monotonic()
                self._store.set_waits(batch.id, f"Registered, but {self._problem}")
            time.sleep(_POLL_SECONDS)
        raise NotFinalError(f"The batch is registered, but {self._problem}. Type: sanad resume")

    def _may_go_out(self, record: Record) -> bool:
        age = max(time.time(), record.block_time) - record.issued_at
        settled = not self._settle_seconds or age > self._settle_seconds
        return record.issued_at < record.finalized_time and settled

    def _stall(self, record: Record) -> str:
        if record.issued_at < record.finalized_time:
            return f"it is not {self._settle_seconds} seconds old yet, and some nodes may not have it"
        return _not_final(record)

    def _record(self, file: BatchFile) -> Record:
        commitment, sheet = file.record(0)
        return self._registry.verify(file.domain, 0, commitment, sheet, file.tree().path(0))

    def _still_registered(self, batch: Batch) -> bool:
        assert batch.root is not None
        try:
            return self._writer.has_batch(institution_id(batch.domain), batch.root, batch.size)
        except NodeUnusableError:
            return True  # asked again


def _not_final(record: Record) -> str:
    registered, final = (
        datetime.fromtimestamp(moment, UTC).strftime("%H:%M:%S") for moment in (record.issued_at, record.finalized_time)
    )
    return f"it is not final yet: the chain took it at {registered} UTC and calls final what is before {final} UTC"
