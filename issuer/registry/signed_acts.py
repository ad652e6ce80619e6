"""What our own records have signed on a registry, direct or relayed, oldest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from web3 import Web3

from issuer.records import Records
from issuer.registry.abi import registry_abi
from verifier.core.hashes import ZERO, institution_id, keccak256
from verifier.core.registry import NO_ADDRESS

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A registry: an address means nothing without its chain."""

    chain_id: int
    address: str
    """In lower case."""

    @classmethod
    def of(cls, chain_id: int, address: str) -> "Place":
        """However the address is written."""
        return cls(chain_id, address.lower())


@dataclass(frozen=True)
class SignedAct:
    """One stored transaction on a registry."""

    name: str
    given: Arguments
    actor: str
    """Whose act it is: of a relayed one, who signed it and not who sent it."""
    place: Place
    transaction: str
    """Its hash; empty for one that was written for a multisig."""


def acts_signed(store: Records, domain: str, *what: str, written: bool = False) -> Iterator[SignedAct]:
    """Of each stored transaction of these kinds on the institution, in any registry: the act.

    Args:
        store: the records.
        domain: the institution's.
        what: the kinds of act.
        written: also those that were written for a multisig, which may have executed them.
    """
    contract = Web3().eth.contract(abi=registry_abi())
    for call in calls_signed(store, *what, written=written):
        try:
            function, given = contract.decode_function_input(call.data)
        except ValueError:  # the programme's act of the same name
            continue
        if given["institution"] == institution_id(domain):
            name = function.fn_name
            actor = str(given["signer"]) if name.endswith("For") else call.actor
            yield SignedAct(name.removesuffix("For"), given, actor, call.place, call.transaction)


@dataclass(frozen=True)
class SignedCall:
    """The bytes of one stored transaction, or of one that was written for a multisig."""

    data: HexBytes
    actor: str
    place: Place
    transaction: str = ""


def calls_signed(store: Records, *what: str, written: bool = False) -> Iterator[SignedCall]:
    """What these records have signed of these kinds, oldest first; arguments as of `acts_signed`."""
    yield from _sent(store, what)
    if written:
        yield from _written(store, what)


def _sent(store: Records, what: Sequence[str]) -> Iterator[SignedCall]:
    for raw in store.transactions.raw(*what):
        call = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        place = Place.of(int(call["chainId"]), "0x" + bytes(HexBytes(call["to"])).hex())
        hash_ = "0x" + keccak256(bytes(raw)).hex()
        yield SignedCall(HexBytes(call["data"]), str(Account.recover_transaction(raw)), place, hash_)


def _written(store: Records, what: Sequence[str]) -> Iterator[SignedCall]:
    for entry in store.trail.entries():
        if "multisig" in entry.facts and entry.did in what:
            call = entry.facts["call"]
            place = Place.of(int(entry.facts["chain_id"]), str(call["to"]))
            yield SignedCall(HexBytes(call["data"]), str(entry.facts["multisig"]), place)


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
    place: Place | None = field(default=None, compare=False)
    """The registry that it was signed for."""
    transaction: str = field(default="", compare=False)

    def takes_effect_on(self, signer: str | None) -> bool:
        """Whether it takes effect in a batch of that signer; None: nobody knows whose it is."""
        return self.authority == NO_ADDRESS or signer is None or self.authority == signer


def signed_for(signed: Iterable[SignedRevocation], *places: Place) -> list[SignedRevocation]:
    """Those that were signed for one of these registries: in another one they changed nothing here."""
    return [each for each in signed if each.place is None or each.place in places]


def signed_revocations(store: Records | None, domain: str) -> list[SignedRevocation]:
    """Every revocation and replacement of the institution that our own records have signed, in any registry.

    None without records.
    """
    found = []
    for act in acts_signed(store, domain, "revoke", "replace") if store is not None else ():
        given = act.given
        news = given["replacements"] if act.name == "replace" else [ZERO] * len(given["commitments"])
        for old, new in zip(given["commitments"], news, strict=True):
            facts = act.actor, given["authority"], old, given["reason"], new
            found.append(SignedRevocation(*facts, act.place, act.transaction))
    return found
