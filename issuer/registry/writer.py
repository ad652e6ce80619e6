"""What the issuer writes to the registry: batches and revocations, each at most once.

What was done is decided from the registry's own record, never from a receipt: receipts vanish, and another run, or
another machine with the same key, may have done the work.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from issuer.errors import RevertedError
from issuer.keys.signers import Signer
from issuer.registry.relaying import signed_arguments
from issuer.sending import Call, Cost, Keep, Ledger, Sender, Signed, reading
from issuer.sending.revert_reasons import ABI_FILE
from verifier.core.hashes import to_hex
from verifier.core.registry import NO_ADDRESS

_RELAYING_GAS = 20_000
"""More than a relayed act takes beyond the act itself."""


@dataclass(frozen=True)
class Issued:
    """A batch that stands in the registry with our signer and our size.

    `transaction`, `block` and `gas_used` are None where an earlier run wrote it.
    """

    issued_at: int
    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None


@dataclass(frozen=True)
class Revoked:
    """Certificates whose revocations stand in the registry; None as in `Issued`."""

    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None


class RegistryWriter:
    """Writes to one registry for one signer.

    Args:
        sender: the key that pays, and its node.
        address: the registry.
        signer: a professor, whose acts the sender relays; without one the sender acts for itself.
    """

    def __init__(self, sender: Sender, address: str, signer: Signer | None = None) -> None:
        self.sender, self._relayed = sender, signer
        self.signer = sender.address if signer is None else str(signer.address)
        """Whose acts these are, as the registry keeps it."""
        self._contract = sender.web3.eth.contract(sender.web3.to_checksum_address(address), abi=registry_abi())

    @property
    def address(self) -> str:
        """The registry's address."""
        return str(self._contract.address)

    @property
    def chain_id(self) -> int:
        """The chain that the registry is on."""
        return self.sender.chain_id

    def check_signer(self, institution: bytes) -> None:
        """See that this key may issue for the institution, by asking the registry to issue without sending anything.

        Raises:
            RevertedError: it may not, and why.
            NodeUnusableError: the node gave no usable answer.
        """
        call = self._contract.functions.issue(institution, secrets.token_bytes(32), 1)
        reading(lambda: call.call({"from": self._contract.w3.to_checksum_address(self.signer)}))

    def cost_of_issuing(self, institution: bytes, size: int) -> Cost:
        """What registering a batch would cost now, and what the key that pays has.

        Raises:
            RevertedError: the signer may not issue, and why.
            RefusedError: the price is over the cap, or the key has too few coins.
            NodeUnusableError: the node gave no usable answer.
        """
        call = self._contract.functions.issue(institution, secrets.token_bytes(32), size)
        acting = None if self._relayed is None else self._contract.w3.to_checksum_address(self.signer)
        # Whoever relays needs the signer's word only for what is really to be registered.
        cost = self.sender.cost(call, acting, 0 if acting is None else _RELAYING_GAS)
        self.sender.check_funds(cost)
        return cost

    def issue(
        self,
        institution: bytes,
        root: bytes,
        size: int,
        store: Keep | Ledger | None = None,
        stored: Signed | None = None,
    ) -> Issued:
        """Register a batch, unless it stands already with our signer and our size.

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
        call = lambda: self._call("issue", institution, root, size)  # noqa: E731
        receipt = self.sender.settle(call, lambda: self.stands(institution, root, size), store, stored)
        return Issued(self._batch(institution, root)["issuedAt"], *_facts(receipt))

    def revoke(
        self,
        institution: bytes,
        commitments: Sequence[bytes],
        reason: int,
        store: Keep | Ledger | None = None,
        stored: Signed | None = None,
    ) -> Revoked:
        """Revoke certificates, in the authority that `authority` says: it is named, so a key that loses it on the way
        fails, and does not act in another one.

        Those that are revoked already stay as they are. Arguments and errors as `issue`.
        """
        authority = self.authority(institution)
        call = lambda: self._call("revoke", institution, authority, list(commitments), reason)  # noqa: E731
        done = lambda: self._all_revoked(institution, authority, commitments)  # noqa: E731
        receipt = self.sender.settle(call, done, store, stored)
        return Revoked(*_facts(receipt))

    def revocation_cost(self, institution: bytes, commitments: Sequence[bytes], reason: int) -> Cost | None:
        """What revoking would cost, had it to be sent now; None where all are revoked. Nothing is sent.

        Raises:
            RevertedError: the registry does not allow it.
            NodeUnusableError: the node gave no usable answer.
        """
        authority = self.authority(institution)
        if self._all_revoked(institution, authority, commitments):
            return None
        return self.sender.cost(self._call("revoke", institution, authority, list(commitments), reason))

    def authority(self, institution: bytes) -> str:
        """In whose authority this key revokes: the institution's (zero) while it is its admin, else its own.

        Raises:
            NodeUnusableError: the node gave no usable answer.
        """
        admin = self._struct("institutionRecord", institution)["admin"]
        return NO_ADDRESS if admin == self.signer else self.signer

    def stands(self, institution: bytes, root: bytes, size: int) -> bool:
        """Whether the registry has the batch, with our signer and our size.

        Raises:
            RevertedError: it has the root with another signer or size.
            NodeUnusableError: the node gave no usable answer.
        """
        record = self._batch(institution, root)
        if not record["counts"]:
            return False
        if record["signer"] != self.signer or record["size"] != size or record["adopted"]:
            raise RevertedError(
                f"The institution has registered the root {to_hex(root)} already, by {record['signer']} "
                f"and with {record['size']:,} certificates.",
                "BatchExists",
            )
        return True

    def why_in_vain(self, institution: bytes, root: bytes) -> str | None:
        """Why this key's revocation would change nothing in a batch; None where it bites.

        The admin's bites everywhere, a signer's in its own batches that nobody adopted. Of a batch that is not on
        record nobody can say.
        """
        return why_in_vain(self._batch(institution, root), self.signer, self.authority(institution))

    def _call(self, act: str, institution: bytes, *arguments: Any) -> Call:
        """The act itself, or what the signer signs of it for others to send."""
        if self._relayed is None:
            return self._contract.functions[act](institution, *arguments)
        place = (self.chain_id, self.address, institution)
        signed = signed_arguments(self._relayed, act, *place, arguments, self.sender.now())
        return self._contract.functions[f"{act}For"](*signed)

    def _batch(self, institution: bytes, root: bytes) -> dict[str, Any]:
        return self._struct("batchRecord", institution, root)

    def _all_revoked(self, institution: bytes, authority: str, commitments: Sequence[bytes]) -> bool:
        view = self._contract.functions.revocations(institution, authority, list(commitments))
        answers = reading(view.call)[3]
        return all(fields_of(view.abi["outputs"][3], answer)["reason"] for answer in answers)

    def _struct(self, name: str, *arguments: Any) -> dict[str, Any]:
        view = self._contract.functions[name](*arguments)
        return fields_of(view.abi["outputs"][0], reading(view.call))


def why_in_vain(record: Mapping[str, Any], key: str, authority: str) -> str | None:
    """As RegistryWriter.why_in_vain, of a batch's record and of a key that acts in an authority (zero: the admin's)."""
    own = record["signer"] == key and not record["adopted"]
    if own or not record["issuedAt"] or authority == NO_ADDRESS:
        return None
    if record["adopted"]:
        return "The batch was registered in the institution's own name, so only its admin revokes there"
    return (
        f"The batch was registered by {record['signer']}, and {key} is not the institution's admin: what it revokes "
        "there changes nothing"
    )


@cache
def registry_abi() -> list[dict[str, Any]]:
    """The part of the registry's interface that issuing uses."""
    entries: list[dict[str, Any]] = json.loads(files("issuer").joinpath(ABI_FILE).read_text(encoding="utf-8"))
    return entries


def fields_of(abi: Any, value: Any) -> dict[str, Any]:
    """A struct's value by the names of its fields."""
    return dict(zip((one["name"] for one in abi["components"]), value, strict=True))


def _facts(receipt: Any) -> tuple[str | None, int | None, int | None]:
    if receipt is None or receipt["status"] != 1:  # somebody else's transaction did it
        return None, None, None
    return "0x" + bytes(receipt["transactionHash"]).hex(), receipt["blockNumber"], receipt["gasUsed"]
