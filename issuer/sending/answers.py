"""What nodes say of a transaction that is sent to them, classified. What is not recognised is unknown."""

from enum import StrEnum

from web3.exceptions import Web3RPCError

from issuer.errors import RefusedError


class Sending(StrEnum):
    """What a node made of a transaction that was sent to it."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    """No answer, or one that does not say; it may be on its way."""
    NONCE_USED = "nonce used"
    """A transaction with this key's number stands in a block already: this very one, or another."""
    REFUSED = "refused"


_TAKEN = ("already known", "already imported", "known transaction")
_REFUSALS = {
    "replacement transaction underpriced": "another transaction of this key is waiting; wait until it is mined.",
    "underpriced": "the price offered is below the node's floor; raise the network's price floor in the settings.",
    "below minimum": "the price offered is below the node's floor; raise the network's price floor in the settings.",
    "less than block base fee": "the price offered is below the block's; raise the network's price floor.",
    "insufficient funds": "the key has too few coins; send it some.",
    "gas limit": "it asks for more gas than a transaction may; split it.",
    "oversized data": "it is larger than nodes take; split it.",
}


def classify(error: Web3RPCError) -> Sending:
    """What a node's error means for a transaction that was sent to it."""
    text = str(error).lower()
    if any(known in text for known in _TAKEN):
        return Sending.TAKEN
    if "nonce too low" in text:
        return Sending.NONCE_USED
    return Sending.REFUSED if any(known in text for known in _REFUSALS) else Sending.UNKNOWN


def refusal(text: str) -> RefusedError:
    """The error for a transaction that the node did not take, by what it said."""
    why = next(why for known, why in _REFUSALS.items() if known in text.lower())
    return RefusedError(f"The node did not take the transaction: {why}")
