"""What our own records say was done: the act and whose it is, direct or relayed; and where it takes effect."""

from typing import Any

import pytest
from eth_account import Account
from web3 import Web3

from issuer.records import AttemptState, BatchState, Records
from issuer.registry.abi import registry_abi
from issuer.registry.relaying import signed_arguments
from issuer.registry.repeating import in_effect, that_took_effect
from issuer.registry.signed_acts import SignedRevocation, acts_signed, signed_revocations
from issuer.sending import Signed
from tests.store.samples import batch, drafts
from verifier.core.hashes import ZERO, commitment, institution_id
from verifier.core.registry import NO_ADDRESS

DOMAIN = "darya-university.example"
REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
SENDER, PROFESSOR = Account.create(), Account.create()
A, B, C = (bytes([number]) * 32 for number in (1, 2, 3))


def sent(function: str, *arguments: Any, nonce: int = 0, domain: str = DOMAIN) -> Signed:
    """A signed transaction of the sender on the registry."""
    contract = Web3().eth.contract(Web3.to_checksum_address(REGISTRY), abi=registry_abi())
    fees = {"gas": 90_000, "maxFeePerGas": 10**9, "maxPriorityFeePerGas": 10**9}
    place = {"nonce": nonce, "chainId": 97, "type": 2, "from": SENDER.address}
    call = contract.functions[function](institution_id(domain), *arguments)
    done = SENDER.sign_transaction({k: v for k, v in call.build_transaction({**fees, **place}).items() if k != "from"})
    return Signed("0x" + bytes(done.hash).hex(), bytes(done.raw_transaction))


def relayed(act: str, *arguments: Any, nonce: int = 0) -> Signed:
    """The same, for what the professor signed."""
    values = signed_arguments(PROFESSOR, act, 97, REGISTRY, institution_id(DOMAIN), arguments, 1_790_000_000)
    return sent(f"{act}For", *values[1:], nonce=nonce)


def test_an_act_is_told_as_itself_and_as_its_signers(store: Records) -> None:
    store.transactions.keep(None, "revoke", sent("revoke", NO_ADDRESS, [A], 3, nonce=0))
    store.transactions.keep(None, "revoke", relayed("revoke", PROFESSOR.address, [B], 2, nonce=1))
    store.transactions.keep(None, "replace", relayed("replace", PROFESSOR.address, [C], [A], 4, nonce=2))
    store.transactions.keep(None, "revoke", sent("revoke", NO_ADDRESS, [C], 3, nonce=3, domain="other.example"))
    told = [(each.name, each.actor) for each in acts_signed(store, DOMAIN, "revoke", "replace")]
    assert told == [("revoke", SENDER.address), ("revoke", PROFESSOR.address), ("replace", PROFESSOR.address)]
    assert signed_revocations(store, DOMAIN) == [
        SignedRevocation(SENDER.address, NO_ADDRESS, A, 3, ZERO),
        SignedRevocation(PROFESSOR.address, PROFESSOR.address, B, 2, ZERO),
        SignedRevocation(PROFESSOR.address, PROFESSOR.address, C, 4, A),
    ]
    assert signed_revocations(None, DOMAIN) == []


def test_what_was_dropped_or_reverted_was_never_done(store: Records) -> None:
    for nonce, (each, state, status) in enumerate(
        ((A, AttemptState.MINED, 1), (B, AttemptState.MINED, 0), (C, AttemptState.SENT, None))
    ):
        kept = store.transactions.keep(None, "revoke", sent("revoke", NO_ADDRESS, [each], 3, nonce=nonce))
        store.transactions.note(kept.hash, state, receipt=None if status is None else {"status": status})
    dropped = store.transactions.keep(None, "revoke", sent("revoke", NO_ADDRESS, [ZERO], 3, nonce=9))
    store.transactions.drop(dropped.transaction)
    assert [each.commitment for each in signed_revocations(store, DOMAIN)] == [A, C]


@pytest.mark.parametrize(
    ("signed", "signer", "expected"),
    [
        ([], "0x1", {}),
        ([("0x1", 3, ZERO)], "0x1", {A: (3, ZERO)}),
        ([("0x1", 3, ZERO)], "0x2", {}),
        ([("0x1", 3, ZERO)], None, {A: (3, ZERO)}),
        ([("0x1", 3, ZERO)], NO_ADDRESS, {}),
        ([(NO_ADDRESS, 3, ZERO)], "0x2", {A: (3, ZERO)}),
        ([(NO_ADDRESS, 3, ZERO)], NO_ADDRESS, {A: (3, ZERO)}),
        ([("0x1", 3, ZERO), ("0x1", 4, B)], "0x1", {A: (3, ZERO)}),
        ([("0x1", 3, ZERO), (NO_ADDRESS, 4, B)], "0x1", {A: (4, B)}),
        ([(NO_ADDRESS, 4, B), ("0x1", 3, ZERO)], "0x1", {A: (4, B)}),
    ],
)
def test_what_bites_is_what_the_registry_decides(
    signed: list[tuple[str, int, bytes]], signer: str | None, expected: dict[bytes, tuple[int, bytes]]
) -> None:
    """The first in an authority is final; the institution's comes first; a signer's bites on its own batches."""
    acts = [SignedRevocation("0x9", authority, A, reason, new) for authority, reason, new in signed]
    assert in_effect(acts, {A, B}, signer) == expected
    assert in_effect(acts, {B, C}, signer) == {}


def test_what_changed_nothing_is_not_counted(store: Records) -> None:
    """A colleague's revocation on the professor's batch was told as done, and exports counted it."""
    ours = batch(2, domain=DOMAIN)
    store.add_batch(ours, drafts(2))
    store.set_built(ours.id, C, [(A, A), (B, B)])
    store.set_state(ours.id, BatchState.ANCHORING, chain_id=97, registry=REGISTRY, signer=PROFESSOR.address)
    mine, theirs = commitment(A), commitment(B)
    for nonce, signed in enumerate(
        (
            sent("revoke", SENDER.address, [mine], 3, nonce=0),
            sent("replace", SENDER.address, [theirs], [mine], 4, nonce=1),
            relayed("revoke", PROFESSOR.address, [mine], 2, nonce=2),
            relayed("revoke", PROFESSOR.address, [mine], 5, nonce=3),
            sent("revoke", NO_ADDRESS, [theirs], 6, nonce=4),
        )
    ):
        assert nonce == store.transactions.keep(None, "revoke", signed).transaction - 1
    assert that_took_effect(store, DOMAIN) == [
        SignedRevocation(PROFESSOR.address, PROFESSOR.address, mine, 2, ZERO),
        SignedRevocation(SENDER.address, NO_ADDRESS, theirs, 6, ZERO),
    ]
