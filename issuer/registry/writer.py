"""The professor's way to the registry: batches, each registered at most once.

What was done is decided from the registry's own record, never from a receipt: receipts vanish, and another run, or
another machine with the same key, may have done the work.
"""

import secrets
from dataclasses import dataclass

from issuer.errors import RevertedError
from issuer.keys.signers import Signer
from issuer.registry.act import Act, ActingRegistry
from issuer.sending import Cost, Keep, Ledger, Sender, Signed
from verifier.core.hashes import to_hex


@dataclass(frozen=True)
class Issued:
    """A batch that the registry has with our signer and our size.

    `transaction`, `block` and `gas_used` are None where an earlier run wrote it.
    """

    issued_at: int
    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None


class RegistryWriter:
    """Registers batches in one registry for one signer.

    Args:
        sender: the key that pays, and its node.
        address: the registry.
        signer: a professor, whose acts the sender relays; without one the sender acts for itself.
    """

    def __init__(self, sender: Sender, address: str, signer: Signer | None = None) -> None:
        self.sender = sender
        self._registry = ActingRegistry(sender, address, signer=signer)
        self.signer = self._registry.actor
        """Whose acts these are, as the registry keeps it."""

    @property
    def address(self) -> str:
        """The registry's address."""
        return self._registry.address

    @property
    def chain_id(self) -> int:
        """The chain that the registry is on."""
        return self.sender.chain_id

    def is_accredited(self, institution: bytes) -> bool:
        """Whether the registry has the institution.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        return bool(self._registry.record("institutionRecord", institution)["accreditedAt"])

    def check_signer(self, institution: bytes) -> None:
        """See that this key may issue for the institution, by asking the registry to issue without sending anything.

        Raises:
            RevertedError: it may not, and why.
            NodeUnusableError: the node gave no usable answer.
        """
        self._registry.would_allow("issue", institution, secrets.token_bytes(32), 1)

    def cost_of_issuing(self, institution: bytes, size: int) -> Cost:
        """What registering a batch would cost now, and what the key that pays has.

        Raises:
            RevertedError: the signer may not issue, and why.
            RefusedError: the price is over the cap, or the key has too few coins.
            NodeUnusableError: the node gave no usable answer.
        """
        cost = self.registering(institution, secrets.token_bytes(32), size).price()
        self.sender.check_funds(cost)
        return cost

    def registering(self, institution: bytes, root: bytes, size: int) -> Act:
        """The act that registers a batch: done where the registry has it with our signer and our size."""
        facts = {"batch": to_hex(root), "size": f"{size:,}"}
        done = lambda: self.has_batch(institution, root, size)  # noqa: E731
        return self._registry.act("issue", facts, "issue", (institution, root, size), done)

    def issue(
        self,
        institution: bytes,
        root: bytes,
        size: int,
        store: Keep | Ledger | None = None,
        stored: Signed | None = None,
    ) -> Issued:
        """Register a batch, unless the registry has it already with our signer and our size.

        Args:
            institution: its 32-byte id.
            root: the batch's Merkle root.
            size: how many certificates it has.
            store: keeps the signed transaction before it is sent.
            stored: what an earlier run signed and kept; these very bytes are sent again.

        Raises:
            RevertedError: the registry does not allow it, or has the root with another signer or size.
            RefusedError, UnresolvedError, NodeUnusableError: as Sender.transact.
        """
        done = self.registering(institution, root, size).bring_about(store, stored)
        issued_at = self._registry.record("batchRecord", institution, root)["issuedAt"]
        return Issued(issued_at, done.transaction, done.block, done.gas_used)

    def has_batch(self, institution: bytes, root: bytes, size: int) -> bool:
        """Whether the registry has the batch, with our signer and our size.

        Raises:
            RevertedError: it has the root with another signer or size.
            NodeUnusableError: the node gave no usable answer.
        """
        record = self._registry.record("batchRecord", institution, root)
        if not record["counts"]:
            return False
        if record["signer"] != self.signer or record["size"] != size or record["adopted"]:
            raise RevertedError(
                f"The institution has registered the root {to_hex(root)} already, by {record['signer']} "
                f"and with {record['size']:,} certificates.",
                "BatchExists",
            )
        return True
