"""What a signed transaction's bytes say: its sender, its nonce, the fees it offers."""

from dataclasses import dataclass

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes


@dataclass(frozen=True)
class RawFacts:
    """Of a transaction of type 2."""

    chain_id: int
    sender: str
    nonce: int
    gas: int
    max_fee: int
    tip: int


def facts_of(raw: bytes) -> RawFacts | None:
    """Read signed bytes; None where they are not a transaction of type 2."""
    try:
        fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        return RawFacts(
            int(fields["chainId"]),
            str(Account.recover_transaction(raw)),
            int(fields["nonce"]),
            int(fields["gas"]),
            int(fields["maxFeePerGas"]),
            int(fields["maxPriorityFeePerGas"]),
        )
    except Exception:  # eth-account, rlp and eth-keys have trees of their own
        return None
