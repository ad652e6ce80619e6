"""Signing a transaction here and bringing it to a node, so that it happens once.

The rules that make a retry safe: what is signed is stored before it is sent; only the same bytes are sent again; a
node's silence is never taken for failure.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from web3 import Web3
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import TxParams

from issuer.errors import DroppedError, NodeUnusableError, RefusedError, TransactionError, UnresolvedError
from issuer.revert_reasons import reverted
from issuer.signers import Signer
from verifier.networks import Chain
from verifier.node import BoundedProvider

Call = ContractFunction | ContractConstructor
GAS_CAP = 16_777_216
"""Most gas that a transaction may ask for on BNB Smart Chain (EIP-7825)."""
_GAS_MARGIN = 1.2
_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Pricing:
    """Wei a unit of gas: never less than the floor, whatever the node suggests, and never more than the cap."""

    floor: int = Chain.price_floor
    cap: int = Chain.price_cap

    @classmethod
    def of(cls, chain: Chain) -> "Pricing":
        """The bounds that a chain's settings give (verifier/networks.toml)."""
        return cls(chain.price_floor, chain.price_cap)


@dataclass(frozen=True)
class Signed:
    """A signed transaction. The bytes are public once sent, and worth storing before."""

    hash: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Cost:
    """What a transaction may cost at most, in wei, and what the key has."""

    gas: int
    price: int
    balance: int

    @property
    def wei(self) -> int:
        """Gas times price."""
        return self.gas * self.price


class Sending(StrEnum):
    """What a node made of a transaction that was sent to it."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    """No answer, or one that does not say; it may be on its way."""
    NONCE_USED = "nonce used"
    """A transaction with this key's number stands in a block already: this very one, or another."""
    REFUSED = "refused"


Store = Callable[[Signed], object]
"""Keeps a signed transaction before it is sent; whatever it raises stops the sending."""


def connect(url: str, chain_id: int, seconds: float = 10.0) -> Web3:
    """A connection for writing: it never sends twice by itself.

    Raises:
        NodeUnusableError: the node cannot be asked, or is of another chain.
    """
    web3 = Web3(BoundedProvider(url, seconds))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    found = reading(lambda: web3.eth.chain_id)
    if found != chain_id:
        raise NodeUnusableError(f"The node is of chain {found}, not of chain {chain_id}: check the network's settings.")
    return web3


def reading(question: Callable[[], Any]) -> Any:
    """What a node answers to a question.

    Raises:
        NodeUnusableError: it gave no answer.
        RevertedError: the contract refuses, and why.
    """
    try:
        return question()
    except ContractLogicError as error:
        raise reverted(error.data) from None
    except Exception as error:  # web3, requests and eth_abi each have trees of their own
        raise NodeUnusableError(f"The node gave no usable answer ({type(error).__name__}). Try again.") from None


class Sender:
    """One key and the node that its transactions go through. One writer a key.

    Args:
        web3: from `connect`.
        account: signs; its key goes nowhere.
        pricing: bounds of the price.
        seconds: how long to wait for a transaction to be mined.
        resend_seconds: after how long the same bytes go out again where no node has said that it took them.
    """

    def __init__(
        self,
        web3: Web3,
        account: Signer,
        pricing: Pricing | None = None,
        seconds: float = 90.0,
        resend_seconds: float = 5.0,
    ) -> None:
        self.web3 = web3
        self.address = str(account.address)
        self._account = account
        self._pricing = pricing or Pricing()
        self._seconds = seconds
        self._resend_seconds = resend_seconds

    def __repr__(self) -> str:
        return f"Sender({self.address})"

    def sign(self, call: Call) -> Signed:
        """A transaction for a contract call, signed and not sent.

        Raises:
            RevertedError: the contract does not allow it.
            RefusedError: it would cost more than it may, or than the key has.
            NodeUnusableError: the node gave no usable answer.
        """
        cost = self.cost(call)
        self._check_funds(cost)
        fields: TxParams = {
            "from": self._account.address,
            "nonce": cast(Any, self._nonce()),
            "gas": cost.gas,
            "maxFeePerGas": cast(Any, cost.price),
            "maxPriorityFeePerGas": cast(Any, cost.price),
            "chainId": self.web3.eth.chain_id,
            "value": cast(Any, 0),
        }
        filled = reading(lambda: call.build_transaction(fields))
        signed = self._account.sign_transaction(filled)
        return Signed(Web3.to_hex(signed.hash), bytes(signed.raw_transaction))

    def cost(self, call: Call) -> Cost:
        """What a call would cost, had it to be sent now. Nothing is signed.

        Raises:
            RevertedError, RefusedError, NodeUnusableError: as `sign`; too few coins are no error here.
        """
        price, gas = self._price(), self._gas(call)
        return Cost(gas, price, int(reading(lambda: self.web3.eth.get_balance(self._account.address))))

    def transact(self, call: Call, store: Store | None = None) -> Any:
        """Sign, store, send, and wait for the receipt.

        Raises:
            RevertedError: the contract does not allow it.
            RefusedError: the node did not take it; nothing was sent.
            UnresolvedError: it may have been sent; what became of it is not known.
            DroppedError: another transaction of the key took its place.
            NodeUnusableError: the node gave no usable answer before anything was sent.
        """
        signed = self.sign(call)
        if store is not None:
            store(signed)
        return self.settle(signed, fresh=True)

    def settle(self, signed: Signed, done: Callable[[], bool] | None = None, fresh: bool = False) -> Any:
        """Send a stored transaction and wait; returns its receipt, or None where there is none.

        Args:
            signed: from `sign`, now or in an earlier run.
            done: whether what it was to do is done, by whomever: then this decides, and no receipt does. May raise
                RevertedError.
            fresh: it was never sent before, so that a node's refusal means that nothing was sent.

        Raises:
            RevertedError, RefusedError, UnresolvedError, DroppedError: as `transact`.
        """
        sending = self._send(signed, fresh)
        deadline, again = self._deadline(sending), time.monotonic() + self._resend_seconds
        while True:
            receipt = self._receipt(signed.hash)
            mined = receipt is not None and receipt["status"] == 1
            if _true(done) if done is not None else mined:
                return receipt or self._receipt(signed.hash)
            if receipt is not None and not mined:
                raise self._why(signed, receipt)
            if time.monotonic() > deadline:
                raise _lost(signed, sending)
            if sending is Sending.UNKNOWN and time.monotonic() > again:
                sending, again = self._send(signed, False), time.monotonic() + self._resend_seconds
            time.sleep(_POLL_SECONDS)

    def _deadline(self, sending: Sending) -> float:
        seconds = min(self._resend_seconds, self._seconds) if sending is Sending.NONCE_USED else self._seconds
        return time.monotonic() + seconds

    def _send(self, signed: Signed, fresh: bool) -> Sending:
        try:
            self.web3.eth.send_raw_transaction(signed.raw)
        except Web3RPCError as error:
            sending = classify(error)
            if sending is not Sending.REFUSED:
                return sending
            if fresh:
                raise refusal(error) from None
            return Sending.UNKNOWN  # an earlier sending may have been taken by another node
        except Exception:  # a timeout, a broken connection, HTML: the node may have it or not
            return Sending.UNKNOWN
        return Sending.TAKEN

    def _receipt(self, hash_: str) -> Any:
        try:
            return self.web3.eth.get_transaction_receipt(cast(Any, hash_))
        except TransactionNotFound:
            return None
        except Exception:  # asked again until the deadline
            return None

    def _why(self, signed: Signed, receipt: Any) -> Exception:
        """Run the transaction again, where it ran, for the reason that a receipt does not keep."""
        try:
            sent = self.web3.eth.get_transaction(cast(Any, signed.hash))
            call: TxParams = {"from": sent["from"], "to": sent["to"], "data": sent["input"]}
            self.web3.eth.call(call, receipt["blockNumber"])
        except ContractLogicError as error:
            return reverted(error.data)
        except Exception:  # without a reason it is still refused
            return reverted(None)
        return reverted(None)

    def _price(self) -> int:
        suggested = reading(lambda: self.web3.eth.gas_price)
        price = max(self._pricing.floor, int(suggested))
        if price > self._pricing.cap:
            raise RefusedError(
                f"The node asks {price / 1e9:g} gwei for gas, more than the {self._pricing.cap / 1e9:g} gwei that the "
                "settings allow. Wait, or raise the cap."
            )
        return price

    def _gas(self, call: Call) -> int:
        # A price in the question would make a key without coins look like a broken contract.
        needed = reading(lambda: call.estimate_gas({"from": self._account.address}))
        gas = int(needed * _GAS_MARGIN)
        if gas > GAS_CAP:
            raise RefusedError(f"It would take {gas:,} gas, more than one transaction may: split it.")
        return gas

    def _check_funds(self, cost: Cost) -> None:
        if cost.balance < cost.wei:
            raise RefusedError(
                f"The key {self.address} has {cost.balance / 1e18:.6f} coins and needs up to {cost.wei / 1e18:.6f}: "
                "send it some."
            )

    def _nonce(self) -> int:
        nonce = reading(lambda: self.web3.eth.get_transaction_count(self._account.address, "pending"))
        if type(nonce) is not int:  # some nodes answer null, which web3 hands on
            raise NodeUnusableError("The node did not say how many transactions the key has sent. Try again.")
        return nonce


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
    """What a node's error means for a transaction that was sent to it. What is not recognised is unknown."""
    text = str(error).lower()
    if any(known in text for known in _TAKEN):
        return Sending.TAKEN
    if "nonce too low" in text:
        return Sending.NONCE_USED
    return Sending.REFUSED if any(known in text for known in _REFUSALS) else Sending.UNKNOWN


def refusal(error: Web3RPCError) -> RefusedError:
    """The error for a transaction that the node did not take."""
    text = str(error).lower()
    why = next(why for known, why in _REFUSALS.items() if known in text)
    return RefusedError(f"The node did not take the transaction: {why}")


def _lost(signed: Signed, sending: Sending) -> TransactionError:
    if sending is Sending.NONCE_USED:
        return DroppedError(
            f"Transaction {signed.hash} was never mined: another transaction of the same key took its place. "
            "Start again; one key has one writer."
        )
    return UnresolvedError(
        f"What became of transaction {signed.hash} is not known yet. Run the same command again; "
        "nothing is registered twice.",
        signed.hash,
    )


def _true(done: Callable[[], bool]) -> bool:
    try:
        return done()
    except NodeUnusableError:
        return False
