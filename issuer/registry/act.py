"""What an institution or a programme does on the registry: one act, one transaction, looked at before it is sent.

An act knows how to tell from the registry's own record that it is done, so doing it again sends nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from issuer.keys.files import address_named
from issuer.registry.writer import fields_of, registry_abi
from issuer.sending import Call, Cost, Keep, Ledger, Sender, reading
from issuer.sending.ledger import as_ledger


@dataclass(frozen=True)
class Act:
    """One thing to do, not done yet.

    `facts` are what people are shown, in order; `done` says whether the registry has it already.
    """

    name: str
    facts: Mapping[str, str]
    sender: Sender
    call: Call = field(repr=False)
    done: Callable[[], bool] = field(repr=False)

    def cost(self) -> Cost | None:
        """What it would cost; None where it is done already. The registry is asked whether it would allow it.

        Raises:
            RevertedError: it would not, and why.
            RefusedError, NodeUnusableError: as issuer.sending.Sender.cost.
        """
        return None if self.done() else self.sender.cost(self.call)

    def perform(self, store: Keep | Ledger | None = None) -> "Done":
        """Do it, unless it is done; `store` keeps what is signed.

        Raises:
            TransactionError: as issuer.sending.Sender.transact.
        """
        if self.done():
            return Done()
        ledger = as_ledger(store)
        receipt = self.sender.settle(lambda: self.call, self.done, ledger)
        ledger.close()
        if receipt is None or receipt["status"] != 1:  # somebody else's transaction did it
            return Done()
        return Done("0x" + bytes(receipt["transactionHash"]).hex(), receipt["blockNumber"], receipt["gasUsed"])


@dataclass(frozen=True)
class Done:
    """An act that stands in the registry; all None where nothing had to be sent."""

    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None


class ActingRegistry:
    """One registry as somebody who acts on it sees it: its functions and its records.

    Args:
        sender: the key that acts, and its node.
        address: the registry.
        abi: its interface; by default the issuer's part of it.
    """

    def __init__(self, sender: Sender, address: str, abi: list[dict[str, Any]] | None = None) -> None:
        self.sender = sender
        contract = sender.web3.eth.contract(sender.web3.to_checksum_address(address), abi=abi or registry_abi())
        self._contract = contract

    def act(self, name: str, facts: Mapping[str, str], function: str, arguments: Any, done: Callable[[], bool]) -> Act:
        """An act that calls `function`."""
        call = self._contract.functions[function](*arguments)
        return Act(name, {**facts, "signed by": self.sender.address}, self.sender, call, done)

    def value(self, view: str, *arguments: Any) -> Any:
        """What a view answers.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        return reading(self._contract.functions[view](*arguments).call)

    def record(self, view: str, *arguments: Any) -> dict[str, Any]:
        """A view's struct by the names of its fields; errors as `value`."""
        return fields_of(self._contract.functions[view](*arguments).abi["outputs"][0], self.value(view, *arguments))

    def structs(self, view: str, output: int, *arguments: Any) -> list[dict[str, Any]]:
        """A list of structs that a view answers at place `output`; errors as `value`."""
        kind = self._contract.functions[view](*arguments).abi["outputs"][output]
        return [fields_of(kind, each) for each in self.value(view, *arguments)[output]]

    def checksummed(self, named: str) -> str:
        """The address of a key, as contracts want it; `named` is the address or a keystore file.

        Raises:
            ActError: it is neither, or has a typing error.
        """
        return address_named(named)
