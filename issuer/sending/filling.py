"""Filling an empty place in a key's order, so that what waits behind it continues: an empty transaction to oneself."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from issuer.errors import DroppedError
from issuer.sending.ledger import Noted, StoredLedger
from issuer.sending.places import empty_place
from issuer.sending.settling import Settling
from issuer.sending.waiting import say

if TYPE_CHECKING:
    from issuer.records.records import Records
    from issuer.sending.sender import Call, Sender

_LOOK_AGAIN_SECONDS = 2.0
"""Nodes lag: a place that is empty now may not be a moment later."""


def fill_gaps(sender: "Sender", store: "Records") -> list[int]:
    """Fill the empty places below the key's own waiting transactions; which ones were filled.

    An empty transaction does nothing, and only one transaction ever gets a place: where the other program's comes after
    all, it is that one or ours.

    Raises:
        TransactionError: as Sender.transact.
    """
    filled: list[int] = []
    while (place := _empty(sender, store)) is not None and place not in filled:
        say(f"Place {place} of the key {sender.address} is filled with an empty transaction.")
        noted = Noted(None, {"act": {"key": sender.address, "place": str(place)}})
        ledger = StoredLedger(store, sender.chain_id, sender.address, None, "fill", noted)
        call = cast("Call", _ToOneself(sender.web3, sender.address))
        try:
            Settling(sender, lambda call=call: call, None, ledger, place).run()  # type: ignore[misc]
        except DroppedError:
            say(f"Place {place} was taken by another transaction meanwhile, which does as well.")
        else:
            filled.append(place)
        ledger.close()
    return filled


def _empty(sender: "Sender", store: "Records") -> int | None:
    """The lowest empty place below the highest one that waits; None where there is none."""
    waiting = store.transactions.unresolved(sender.chain_id, sender.address)
    ours = max((one.nonce for one in waiting if one.nonce is not None), default=0)
    ledger = StoredLedger(store, sender.chain_id, sender.address, None, "fill")
    found = empty_place(sender, ledger, ours)
    if found is None:
        return None
    time.sleep(_LOOK_AGAIN_SECONDS)
    return found if empty_place(sender, ledger, ours) == found else None


class _ToOneself:
    """A transaction that does nothing, with the two methods by which a Sender knows a contract's call."""

    def __init__(self, web3: Any, address: str) -> None:
        self._web3 = web3
        self._fields = {"to": web3.to_checksum_address(address), "value": 0}

    def estimate_gas(self, transaction: Mapping[str, Any]) -> int:
        """The gas that it takes."""
        return int(self._web3.eth.estimate_gas({**transaction, **self._fields}))

    def build_transaction(self, transaction: Mapping[str, Any]) -> dict[str, Any]:
        """The whole transaction."""
        return {**transaction, **self._fields, "data": b""}
