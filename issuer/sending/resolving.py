"""What became of transactions whose outcome was not known when their run ended."""

from typing import TYPE_CHECKING, Any

from issuer.records.raw_transaction import facts_of
from issuer.records.values import Attempt, AttemptState
from issuer.sending.ledger import Ledger, StoredLedger

if TYPE_CHECKING:
    from issuer.records.records import Records
    from issuer.sending.sender import Sender

_RECEIPT = ("status", "blockNumber", "gasUsed", "effectiveGasPrice", "transactionIndex")


def note_mined(ledger: Ledger, attempt: Attempt, receipt: Any) -> None:
    """Keep where an attempt was mined, unless that is kept already."""
    block_hash = "0x" + bytes(receipt["blockHash"]).hex()
    if attempt.state is not AttemptState.MINED or attempt.block_hash != block_hash:
        facts = {name: receipt.get(name) for name in _RECEIPT}
        place = {"block": receipt["blockNumber"], "block_hash": block_hash, "gas_used": receipt["gasUsed"]}
        ledger.note(attempt.hash, AttemptState.MINED, receipt=facts, **place)


def settle_open(sender: "Sender", store: "Records") -> None:
    """Note what became of the key's open transactions, as far as the nodes know; a batch's are left to its own run.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    for one in store.transactions.unresolved(sender.chain_id, sender.address):
        attempts = store.transactions.attempts(one.number)
        ledger = StoredLedger(store, sender.chain_id, sender.address, one.batch, one.what)
        mined = [(each, found) for each in attempts if (found := sender.receipt(each.hash)) is not None]
        if mined:
            note_mined(ledger, *mined[0])
        if one.batch is not None:
            continue
        facts = facts_of(attempts[-1].raw)
        if mined:
            ledger.close(attempts[-1])
        elif facts is not None and sender.final_count() > facts.nonce:
            ledger.drop(attempts[-1])
