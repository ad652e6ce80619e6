"""What stood in a registry whose chain is dead, from the issuer's own records and archive.

A chain that does not answer proves nothing; so this is taken only where somebody says that it is dead. What was signed
is taken for done: of a revocation that may not have arrived, the careful reading is that it did.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from web3 import Web3

from issuer.moving import Reasons, Stood, batch_files
from issuer.store import BatchState, Store
from issuer.transactions import registry_abi
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import ZERO, commitment, institution_id

_ISSUED = (BatchState.FINAL, BatchState.DELIVERED)
_SUPERSEDED = 4
Arguments = Mapping[str, Any]


def what_we_recorded(store: Store, archive: FolderArchive, domain: str) -> Stood:
    """What the records say of one institution: batches that became final, and every revocation that was signed."""
    withdrawn = _withdrawn(store, domain)
    batches, left = {}, {}
    for batch in store.batches():
        if batch.domain != domain or batch.root is None:
            continue
        if batch.state not in _ISSUED:
            left[batch.root] = f"{batch.state.value}; never final: finish it in the new registry with sanad resume"
        else:
            batches[batch.root] = batch.size
    for file in batch_files(archive, domain):
        if file.root not in batches:
            left.setdefault(file.root, "not in our records")
    revocations = _revocations(store, archive, domain)
    return Stood(domain, batches, revocations, frozenset(withdrawn & batches.keys()), left)


def _revocations(store: Store, archive: FolderArchive, domain: str) -> Reasons:
    ours = {file.record(index)[0] for file in batch_files(archive, domain) for index in range(file.size)}
    found: dict[bytes, tuple[int, bytes]] = {}
    for old, new in archive.replacements():
        if commitment(old) in ours:
            found[commitment(old)] = (_SUPERSEDED, commitment(new))
    for name, given, _ in signed_acts(store, domain, "revoke", "replace"):
        news = given["replacements"] if name == "replace" else [ZERO] * len(given["commitments"])
        for old, new in zip(given["commitments"], news, strict=True):
            if old not in found or found[old][0] == _SUPERSEDED:
                found[old] = (given["reason"], new)
    return found


def _withdrawn(store: Store, domain: str) -> set[bytes]:
    roots: set[bytes] = set()
    for name, given, _ in signed_acts(store, domain, "withdraw", "reinstate"):
        (roots.add if name == "withdraw" else roots.discard)(given["root"])
    return roots


def signed_acts(store: Store, domain: str, *what: str) -> Iterator[tuple[str, Arguments, str]]:
    """Of each stored transaction of these kinds on the institution, oldest first: function, arguments and signer."""
    contract = Web3().eth.contract(abi=registry_abi())
    for raw in store.transactions.raw(*what):
        call = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        try:
            function, given = contract.decode_function_input(HexBytes(call["data"]))
        except ValueError:  # the programme's act of the same name
            continue
        if given["institution"] == institution_id(domain):
            yield function.fn_name, given, str(Account.recover_transaction(raw))
