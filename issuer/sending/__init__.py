"""Signing a transaction here and bringing it to a node, so that it happens once.

The rules that make a retry safe: what is signed is kept before it is sent; only the same bytes are sent again, or the
same act with the same nonce and a higher price; a node's silence is never taken for failure; the registry's own record
says whether it is done.

    values.py      prices, costs, what is signed
    words.py       a node's own words, fit to be shown
    nodes.py       several nodes as one to ask
    answers.py     what nodes say of a transaction, classified
    connecting.py  a node to write through
    places.py      which nonce is next, and which one is empty
    ledger.py      what is kept of attempts, in memory or in the records
    sender.py      one key and its node: costs, signing, sending
    settling.py    from an act to its being done
    resolving.py   what became of transactions whose run ended before it was known
"""

from issuer.records import Signed
from issuer.sending.answers import Sending, classify, refusal
from issuer.sending.connecting import connect, connect_to_any, reading
from issuer.sending.ledger import Keep, Ledger, MemoryLedger, Noted, StoredLedger
from issuer.sending.resolving import settle_open
from issuer.sending.sender import GAS_CAP, Call, Sender
from issuer.sending.values import Cost, Pricing

__all__ = [
    "GAS_CAP",
    "Call",
    "Cost",
    "Keep",
    "Ledger",
    "MemoryLedger",
    "Noted",
    "Pricing",
    "Sender",
    "Sending",
    "Signed",
    "StoredLedger",
    "classify",
    "connect",
    "connect_to_any",
    "reading",
    "refusal",
    "settle_open",
]
