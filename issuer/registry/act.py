"""One act on the registry: one transaction, with its guard and with what follows from it.

An act knows from the registry's own record whether it is done, so doing it again sends nothing. Its guard refuses what
the registry would take and what would change nothing. The guard is asked both before an act and about what it costs,
so a command, a console and a worker are refused alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from issuer.errors import ActError
from issuer.keys.files import address_named
from issuer.keys.signers import Signer
from issuer.registry.abi import fields_of, registry_abi
from issuer.registry.relaying import RELAYED, signed_arguments
from issuer.sending import Call, Cost, Keep, Ledger, Sender, Signed, reading
from issuer.sending.ledger import as_ledger

_RELAYING_GAS = 20_000
"""More than a relayed act takes beyond the act itself."""

Guard = Callable[[], str | None]
"""Why the act would change nothing, and the way that works, in whole sentences; None where it is not in vain."""


@dataclass(frozen=True)
class Effects:
    """What follows from an act once the registry has it; issuer/office/performing.py carries it out."""

    status: bool = False
    """The status lists for other verifiers say something else afterwards."""
    pointers: tuple[tuple[bytes, bytes], ...] = ()
    """`H` of each replaced certificate, and of the one in its place: published in the archive."""
    certificates: tuple[bytes, ...] = ()
    """`H` of certificates that are no longer good."""
    batches: tuple[bytes, ...] = ()
    """Roots of batches that are no longer good."""
    reinstated: tuple[bytes, ...] = ()
    """Roots of batches that are good again."""
    why: str = ""
    """Why letters of these do not go out any more, or did not until now."""


@dataclass(frozen=True)
class Relayed:
    """An act that its signer signs, and that another key sends and pays for."""

    signer: str
    call: Callable[[], Call] = field(repr=False)
    """Signs it, when it is to be sent."""


@dataclass(frozen=True)
class Done:
    """An act that the registry has; all None where nothing had to be sent.

    Without a block the registry has it, and no node shows the receipt of what was sent for it.
    """

    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None


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
    guard: Guard = field(repr=False, default=lambda: None)
    effects: Effects = field(repr=False, default=Effects())
    relayed: Relayed | None = field(repr=False, default=None)

    @property
    def registry(self) -> str | None:
        """The registry that it is done on; None where it only sends coins."""
        address = getattr(self.call, "address", None)
        return None if address is None else str(address)

    def is_due(self) -> bool:
        """Whether it is still to be done: False where the registry has it already.

        Raises:
            ActError: it would change nothing; why, and the way that works.
            NodeUnusableError: the node gave no usable answer.
        """
        if self.done():
            return False
        if (why := self.guard()) is not None:
            raise ActError(f"{why} Nothing was sent.")
        return True

    def cost(self) -> Cost | None:
        """What it would cost; None where it is done already. The registry is asked whether it would allow it.

        Raises:
            ActError: as `is_due`.
            RevertedError: the registry would not allow it, and why.
            RefusedError, NodeUnusableError: as issuer.sending.Sender.cost.
        """
        return self.price() if self.is_due() else None

    def price(self) -> Cost:
        """What its transaction would cost, whether it is done or not; errors as `cost`."""
        if self.relayed is None:
            return self.sender.cost(self.call)
        # Relaying needs the signer's word only for what is really to be sent.
        return self.sender.cost(self.call, self.relayed.signer, _RELAYING_GAS)

    def perform(self, store: Keep | Ledger | None = None) -> Done:
        """Do it, unless it is done; `store` keeps what is signed.

        Raises:
            ActError: as `is_due`.
            TransactionError: as issuer.sending.Sender.transact.
        """
        ledger = as_ledger(store)
        done = self.bring_about(ledger)
        ledger.close()
        return done

    def bring_about(self, store: Keep | Ledger | None = None, stored: Signed | None = None) -> Done:
        """As `perform`, and its place among the key's transactions stays guarded: for what has to become final.

        Args:
            store: keeps what is signed.
            stored: what an earlier run signed and kept; these very bytes are sent again.
        """
        ledger = as_ledger(store, stored)
        if not ledger.attempts() and not self.is_due():
            return Done()
        receipt = self.sender.settle(self._to_send, self.done, ledger)
        if receipt is None:  # somebody else's transaction did it, or ours, of which no node shows the receipt yet
            sent = ledger.attempts()
            return Done(sent[-1].hash) if sent else Done()
        if receipt["status"] != 1:  # somebody else's transaction did it
            return Done()
        return Done("0x" + bytes(receipt["transactionHash"]).hex(), receipt["blockNumber"], receipt["gasUsed"])

    def _to_send(self) -> Call:
        return self.call if self.relayed is None else self.relayed.call()


class ActingRegistry:
    """One registry as somebody who acts on it sees it: its functions and its records.

    Args:
        sender: the key that sends and pays, and its node.
        address: the registry.
        abi: its interface; by default the issuer's part of it.
        signer: whose acts the sender relays; without one the sender acts for itself.
    """

    def __init__(
        self, sender: Sender, address: str, abi: list[dict[str, Any]] | None = None, signer: Signer | None = None
    ) -> None:
        self.sender, self._signer = sender, signer
        self.actor = sender.address if signer is None else str(signer.address)
        """Whose acts these are, as the registry keeps it."""
        contract = sender.web3.eth.contract(sender.web3.to_checksum_address(address), abi=abi or registry_abi())
        self._contract = contract

    @property
    def address(self) -> str:
        """The registry's address."""
        return str(self._contract.address)

    def act(
        self,
        name: str,
        facts: Mapping[str, str],
        function: str,
        arguments: tuple[Any, ...],
        done: Callable[[], bool],
        guard: Guard = lambda: None,
        effects: Effects = Effects(),
    ) -> Act:
        """An act that calls `function`; relayed where there is a signer.

        Raises:
            ActError: it cannot be relayed.
        """
        facts = {**facts, "signed by": self.actor}
        if self._signer is not None:
            facts["sent by"] = self.sender.address
        call = self._contract.functions[function](*arguments)
        return Act(name, facts, self.sender, call, done, guard, effects, self._relayed(function, arguments))

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

    def would_allow(self, function: str, *arguments: Any) -> None:
        """See that the registry would allow a call of the actor's, without sending anything.

        Raises:
            RevertedError: it would not, and why.
            NodeUnusableError: the node gave no usable answer.
        """
        call = self._contract.functions[function](*arguments)
        reading(lambda: call.call({"from": self._contract.w3.to_checksum_address(self.actor)}))

    def checksummed(self, named: str) -> str:
        """The address of a key, as contracts want it; `named` is the address or a keystore file.

        Raises:
            ActError: it is neither, or has a typing error.
        """
        return address_named(named)

    def _relayed(self, function: str, arguments: tuple[Any, ...]) -> Relayed | None:
        """What the signer signs for others to send; the first argument is the institution."""
        if self._signer is None:
            return None
        if function not in RELAYED:
            raise ActError(
                f"{function} cannot be relayed: only issue, revoke and replace can. Act with the key itself."
            )
        signer, contract, sender = self._signer, self._contract, self.sender

        def call() -> Call:
            institution, *rest = arguments
            place = (sender.chain_id, self.address, institution)
            signed = signed_arguments(signer, function, *place, tuple(rest), sender.now())
            return contract.functions[f"{function}For"](*signed)

        return Relayed(self._contract.w3.to_checksum_address(self.actor), call)
