"""What our own records have signed on a registry, direct or relayed, oldest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from web3 import Web3

from issuer.records import Records
from issuer.registry.abi import registry_abi
from verifier.core.hashes import ZERO, institution_id
from verifier.core.registry import NO_ADDRESS

Arguments = Mapping[str, Any]


def signed_acts(
    store: Records, domain: str, *what: str, place: tuple[int, str] | None = None
) -> Iterator[tuple[str, Arguments, str]]:
    """Of each stored transaction of these kinds on the institution: the act, its arguments, and whose act it is.

    A relayed act is reported as the act itself, of the key that signed it and not of the one that sent it. Where a
    place is given, a chain and an address, only what was sent to the registry there.
    """
    contract = Web3().eth.contract(abi=registry_abi())
    for raw in store.transactions.raw(*what):
        call = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        if place is not None and (int(call["chainId"]), HexBytes(call["to"]).hex()) != (place[0], place[1][2:].lower()):
            continue
        try:
            function, given = contract.decode_function_input(HexBytes(call["data"]))
        except ValueError:  # the programme's act of the same name
            continue
        if given["institution"] == institution_id(domain):
            relayed = function.fn_name.endswith("For")
            actor = given["signer"] if relayed else Account.recover_transaction(raw)
            yield function.fn_name.removesuffix("For"), given, str(actor)


@dataclass(frozen=True)
class SignedRevocation:
    """A revocation that our own records have signed."""

    writer: str
    authority: str
    """In whose authority: the institution's (the zero address), or the signer's own address."""
    commitment: bytes
    reason: int
    replacement: bytes
    """The commitment of what replaces it; zero for none."""

    def takes_effect_on(self, signer: str | None) -> bool:
        """Whether it takes effect in a batch of that signer; None: nobody knows whose it is."""
        return self.authority == NO_ADDRESS or signer is None or self.authority == signer


def signed_revocations(store: Records | None, domain: str) -> list[SignedRevocation]:
    """Every revocation and replacement of the institution that our own records have signed; none without records."""
    found = []
    for name, given, writer in signed_acts(store, domain, "revoke", "replace") if store is not None else ():
        news = given["replacements"] if name == "replace" else [ZERO] * len(given["commitments"])
        for old, new in zip(given["commitments"], news, strict=True):
            found.append(SignedRevocation(writer, given["authority"], old, given["reason"], new))
    return found
