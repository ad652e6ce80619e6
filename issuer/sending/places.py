"""Places in a key's order of transactions (nonces): which one is next, and which one below ours is empty.

Nodes lag, so the highest count that any of them has is taken, and the records know of places that none has yet.
"""

import time
from datetime import datetime
from typing import TYPE_CHECKING

from issuer.errors import NodeUnusableError, TransactionError
from issuer.records.raw_transaction import facts_of
from issuer.sending.waiting import say

if TYPE_CHECKING:
    from issuer.records.values import Place
    from issuer.sending.ledger import Ledger
    from issuer.sending.sender import Sender

LAG_SECONDS = 3.0
"""How long nodes that count too few are given at least."""
LONGEST_LAG_SECONDS = 20.0
"""How long nodes are given to have the block of a transaction that they do not count."""
_LONG_AFTER_SECONDS = 60.0
_POLL_SECONDS = 0.5


def free_place(sender: "Sender", ledger: "Ledger") -> int:
    """The place after all that are used, by the nodes and by the records.

    Raises:
        NodeUnusableError: no node says how many there are.
    """
    known, counted = ledger.last_used(), sender.count()
    if known is None or counted > known.nonce:
        return counted
    began = time.monotonic()
    while counted <= known.nonce:
        behind = _behind(sender, known)
        waited = time.monotonic() - began
        if waited > LAG_SECONDS and behind is False:
            return counted
        if waited > (LONGEST_LAG_SECONDS if behind is None else LAG_SECONDS):
            return _place_after(sender, known, counted)
        time.sleep(_POLL_SECONDS)
        counted = sender.count()
    return counted


def _place_after(sender: "Sender", known: "Place", counted: int) -> int:
    say(
        f"The nodes lag: they count {counted} transactions of the key {sender.address}, and its place {known.nonce} is "
        f"used already, by {known.hash}. Continuing with place {known.nonce + 1}."
    )
    return known.nonce + 1


def _behind(sender: "Sender", known: "Place") -> bool | None:
    """Whether nodes that do not count a mined transaction only count too few; None while they may yet catch up.

    Else the chain has lost it, with its place: it is as long as it was without it, or continues long after it was sent.
    """
    try:
        if sender.receipt(known.hash) is not None:
            return True
        number, moment = sender.newest_block()
    except NodeUnusableError:
        return None
    sent = datetime.fromisoformat(known.sent).timestamp() if known.sent else moment
    return False if number >= (known.block or 0) or moment > sent + _LONG_AFTER_SECONDS else None


def empty_place(sender: "Sender", ledger: "Ledger", ours: int) -> int | None:
    """The lowest place below ours that no transaction known to nodes or records has; None where there is none.

    Raises:
        NodeUnusableError: no node says how many there are.
    """
    first = sender.count()  # of those that are mined or can be: what is after an empty place is not counted
    known = ledger.last_used()
    if first >= ours or (known is not None and known.nonce >= first):
        return None
    return None if first in open_places(ledger) else first


def open_places(ledger: "Ledger") -> set[int]:
    """The places of other acts that are not done yet."""
    found = (facts_of(attempts[-1].raw) for attempts in ledger.others())
    return {facts.nonce for facts in found if facts is not None}


class Watch:
    """Looks, now and then, whether an empty place holds ours up; said once it was seen twice, since nodes lag."""

    def __init__(self, sender: "Sender", ledger: "Ledger") -> None:
        self._sender, self._ledger = sender, ledger
        self._seen: int | None = None
        self.sentence = ""
        """What was said of it."""

    def look(self, ours: int) -> None:
        """Look once."""
        try:
            empty = empty_place(self._sender, self._ledger, ours)
        except TransactionError:
            return
        if empty is None:
            self.sentence = ""
        elif empty == self._seen and not self.sentence:
            self.sentence = (
                f"Place {empty} of the key {self._sender.address} is empty, and ours, place {ours}, waits behind it: "
                "another program's transaction was there and was dropped. Let that program send it again, or fill the "
                "place: sanad resume --fill-gaps (with --key for another key than the one that registers)"
            )
            say(f"{self.sentence}.")
        self._seen = empty
