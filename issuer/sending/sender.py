"""One key and the node that its transactions go through: what they cost, signing them, sending them."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from web3 import Web3
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import ContractLogicError, TransactionNotFound
from web3.types import RPCEndpoint, TxParams

from issuer.errors import NodeUnusableError, RefusedError, TransactionError
from issuer.keys.signers import Signer
from issuer.records.values import Signed
from issuer.sending.answers import Answer, Sending, answer_of
from issuer.sending.connecting import reading
from issuer.sending.ledger import as_ledger
from issuer.sending.nodes import SEND, nodes_of
from issuer.sending.revert_reasons import reverted
from issuer.sending.settling import Settling
from issuer.sending.values import Cost, Pricing

if TYPE_CHECKING:
    from issuer.sending.ledger import Keep, Ledger

Call = ContractFunction | ContractConstructor
GAS_CAP = 16_777_216
"""Most gas that a transaction may ask for on BNB Smart Chain (EIP-7825)."""
_GAS_MARGIN = 1.2
_QUANTITY = re.compile("0x[0-9a-fA-F]{1,15}")


class Sender:
    """One key and the node that its transactions go through.

    Args:
        web3: from `connect`.
        account: signs; its key goes nowhere.
        pricing: bounds of the price.
        seconds: how long to wait for a transaction to be mined.
        resend_seconds: after how long the same bytes go out again where it is not mined.
        bump_seconds: after how long without being mined a higher price is offered.
    """

    def __init__(
        self,
        web3: Web3,
        account: Signer,
        pricing: Pricing | None = None,
        seconds: float = 90.0,
        resend_seconds: float = 5.0,
        bump_seconds: float = 20.0,
    ) -> None:
        self.web3 = web3
        self.address = str(account.address)
        self.account = account
        self.pricing = pricing or Pricing()
        self.seconds, self.resend_seconds, self.bump_seconds = seconds, resend_seconds, bump_seconds

    def __repr__(self) -> str:
        return f"Sender({self.address})"

    @property
    def chain_id(self) -> int:
        """The chain that the nodes must be of. No node is asked: what is signed would hold what it answers."""
        return nodes_of(self.web3).chain_id

    def cost(self, call: Call, acting: str | None = None, more: int = 0) -> Cost:
        """What a call would cost if it was sent now. Nothing is signed.

        Args:
            call: the act.
            acting: whose act it is, where this key only relays it.
            more: gas that relaying takes besides.

        Raises:
            RevertedError: the contract does not allow it.
            RefusedError: it would cost more than it may; too few coins are no error here.
            NodeUnusableError: the node gave no usable answer.
        """
        price, gas = self.price(), self.gas(call, acting) + more
        return Cost(gas, price, int(reading(lambda: self.web3.eth.get_balance(self.account.address))))

    def sign(self, call: Call, nonce: int | None = None) -> Signed:
        """A transaction for a contract call, signed and not sent; errors as `cost`.

        Raises:
            RefusedError: also where the key has too few coins.
        """
        cost = self.cost(call)
        self.check_funds(cost)
        return self._signed(call, self.count() if nonce is None else nonce, cost.gas, cost.price)

    def sign_again(self, call: Call, nonce: int, gas: int, price: int) -> Signed:
        """The same act at the same place for another price, without asking whether the contract allows it."""
        return self._signed(call, nonce, gas, price)

    def _signed(self, call: Call, nonce: int, gas: int, price: int) -> Signed:
        fields: TxParams = {
            "from": self.account.address,
            "nonce": cast(Any, nonce),
            "gas": gas,
            "maxFeePerGas": cast(Any, price),
            "maxPriorityFeePerGas": cast(Any, price),
            "chainId": self.chain_id,
            "value": cast(Any, 0),
        }
        filled = reading(lambda: call.build_transaction(fields))
        signed = self.account.sign_transaction(filled)
        return Signed(Web3.to_hex(signed.hash), bytes(signed.raw_transaction))

    def transact(self, call: Call, store: "Keep | Ledger | None" = None) -> Any:
        """Sign, store, send, and wait for the receipt.

        Raises:
            RevertedError: the contract does not allow it.
            RefusedError: the node did not take it; nothing was sent.
            UnresolvedError: it may have been sent; what became of it is not known.
            DroppedError: another transaction of the key took its place.
            NodeUnusableError: the node gave no usable answer before anything was sent.
        """
        return self.settle(lambda: call, None, store)

    def settle(
        self,
        call: Callable[[], Call],
        done: Callable[[], bool] | None = None,
        store: "Keep | Ledger | None" = None,
        stored: Signed | None = None,
    ) -> Any:
        """Bring an act about and wait; returns the receipt of the attempt that did it, or None where there is none.

        Args:
            call: makes the act, when it is to be signed.
            done: whether it is done, by whomever: then this decides, and no receipt does. May raise RevertedError.
            store: keeps what is signed.
            stored: what an earlier run signed and kept; these very bytes are sent again.

        Raises:
            TransactionError: as `transact`.
        """
        return Settling(self, call, done, as_ledger(store, stored)).run()

    def send(self, raw: bytes, everywhere: bool = False) -> list[Answer]:
        """Send signed bytes; what each node that was asked made of them, in its words.

        Args:
            raw: the bytes. They may go to several nodes and as often as anybody likes: they happen once.
            everywhere: to every node, and not only until one takes them.
        """
        taken = lambda reply: not everywhere and answer_of(reply).sending is Sending.TAKEN  # noqa: E731
        replies = nodes_of(self.web3).each(SEND, [Web3.to_hex(raw)], taken)
        return [answer_of(reply) for reply in replies]

    @property
    def nodes(self) -> list[str]:
        """The names of the nodes that transactions go through."""
        return nodes_of(self.web3).names

    def receipt(self, hash_: str) -> Any:
        """A transaction's receipt, None where there is none.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        try:
            return self.web3.eth.get_transaction_receipt(cast(Any, hash_))
        except TransactionNotFound:
            return None
        except TransactionError:
            raise
        except Exception as error:  # web3 and requests raise their own exceptions
            raise NodeUnusableError(f"The node gave no usable answer ({type(error).__name__}). Try again.") from None

    def why(self, hash_: str, receipt: Any) -> Exception:
        """Run a transaction again, where it ran, for the reason that a receipt does not keep."""
        try:
            sent = self.web3.eth.get_transaction(cast(Any, hash_))
            call: TxParams = {"from": sent["from"], "to": sent["to"], "data": sent["input"]}
            self.web3.eth.call(call, receipt["blockNumber"])
        except ContractLogicError as error:
            return reverted(error.data)
        except Exception:  # without a reason it is still refused
            return reverted(None)
        return reverted(None)

    def suggested(self) -> int:
        """What the node suggests for a unit of gas, and the floor at least; errors as `nonce`."""
        return max(self.pricing.floor, int(reading(lambda: self.web3.eth.gas_price)))

    def price(self) -> int:
        """What is offered for a unit of gas.

        Raises:
            RefusedError: the node asks more than the cap.
        """
        price = self.suggested()
        if price > self.pricing.cap:
            raise RefusedError(
                f"The node asks {price / 1e9:.10g} gwei for gas, more than the {self.pricing.cap / 1e9:.10g} gwei that "
                f"the settings allow. Wait, or raise {self.pricing.setting('price_cap_gwei')}."
            )
        return price

    def gas(self, call: Call, acting: str | None = None) -> int:
        """What a call may take, asked of the node as if it was sent; errors as `cost`."""
        # A price in the question would make a key without coins look like a broken contract.
        needed = reading(lambda: call.estimate_gas({"from": acting or self.account.address}))
        gas = int(needed * _GAS_MARGIN)
        if gas > GAS_CAP:
            raise RefusedError(f"It would take {gas:,} gas, more than one transaction may: split it.")
        return gas

    def check_funds(self, cost: Cost) -> None:
        """See that the key can pay.

        Raises:
            RefusedError: it has too few coins.
        """
        if cost.balance < cost.wei:
            raise RefusedError(
                f"The key {self.address} has {cost.balance / 1e18:.6f} coins and needs up to {cost.wei / 1e18:.6f}: "
                "send it some."
            )

    def nonce(self, block: str) -> int:
        """How many transactions of the key one node has at a block: `pending` or `latest`.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        nonce = reading(lambda: self.web3.eth.get_transaction_count(self.account.address, cast(Any, block)))
        if type(nonce) is not int:  # some nodes answer null, which web3 hands on
            raise NodeUnusableError("The node did not say how many transactions the key has sent. Try again.")
        return nonce

    def count(self) -> int:
        """How many transactions of the key are mined or waiting to be, by the node that has most; errors as `nonce`."""
        return max(self._counts("pending") or [self.nonce("pending")])

    def mined_count(self) -> int:
        """How many transactions of the key are mined, by the node that has most; errors as `nonce`."""
        return max(self._counts("latest") or [self.nonce("latest")])

    def final_count(self) -> int:
        """How many transactions of the key are final by every node that says it.

        So what is below can be looked up at any of them.

        Raises:
            NodeUnusableError: none says it.
        """
        counts = self._counts("finalized")
        if not counts:
            self.nonce("latest")
            raise NodeUnusableError(no_final_block(self.nodes))
        return min(counts)

    def _counts(self, block: str) -> list[int]:
        return transaction_counts(self.web3, self.address, block)

    def newest_block(self) -> tuple[int, int]:
        """Number and time of the newest block, the time in Unix seconds; errors as `nonce`."""
        block = reading(lambda: self.web3.eth.get_block("latest"))
        return int(block["number"]), int(block["timestamp"])

    def now(self) -> int:
        """The time of the chain's newest block, Unix seconds; this machine's clock may be wrong."""
        return int(reading(lambda: self.web3.eth.get_block("latest"))["timestamp"])


def transaction_counts(web3: Web3, address: str, block: str) -> list[int]:
    """How many transactions of a key each node has at a block; those that do not say it are left out."""
    replies = nodes_of(web3).each(RPCEndpoint("eth_getTransactionCount"), [address, block])
    found = (None if reply.response is None else reply.response.get("result") for reply in replies)
    return [int(each, 16) for each in found if isinstance(each, str) and _QUANTITY.fullmatch(each)]


def no_final_block(nodes: Sequence[str]) -> str:
    """What is wrong with nodes that do not know which block is final, and what to do."""
    do = "does" if len(nodes) == 1 else "do"
    return (
        f"{', '.join(nodes)} {do} not say which block is final (the block tag `finalized`), so nobody could tell when "
        "an act can no longer be undone. Name another node under nodes in sanad.toml: one of the network's newer "
        "versions, which keeps finality switched on."
    )
