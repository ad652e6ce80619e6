"""A signer that keeps its key to itself and is asked over JSON-RPC, as Web3Signer and Clef are.

It is trusted with the key and with nothing else: what it hands back is compared with what it was asked for before
anything is stored or sent.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from eth_account import Account
from eth_account.datastructures import SignedMessage, SignedTransaction
from eth_account.messages import encode_typed_data
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from web3 import Web3

from issuer.errors import SignerError
from verifier.chain.node import BoundedProvider

_SIGN_TRANSACTION = ("eth_signTransaction", "account_signTransaction")
_SIGN_TYPED_DATA = ("eth_signTypedData", "eth_signTypedData_v4", "account_signTypedData")
"""Web3Signer's names, then Clef's, for which its methods begin with account_."""
_NO_SUCH_METHOD = -32601


class RemoteSigner:
    """One key of a remote signer.

    Args:
        url: its JSON-RPC address.
        address: the key's.
        seconds: how long an answer may take; Clef asks a person first.

    Every method raises SignerError and nothing else; nothing was sent then.
    """

    def __init__(self, url: str, address: str, seconds: float = 60.0) -> None:
        self.address = Web3.to_checksum_address(address)
        self._name = f"The signer at {urlsplit(url).netloc.rpartition('@')[2]}"
        self._provider = BoundedProvider(url, seconds)

    def __repr__(self) -> str:
        return f"RemoteSigner({self.address})"

    def sign_transaction(self, transaction_dict: Any) -> SignedTransaction:
        """The transaction, signed, after a look that it is this one and this key's."""
        answer = self._ask(_SIGN_TRANSACTION, [_as_json(transaction_dict, self.address)])
        raw = answer.get("raw") if isinstance(answer, Mapping) else answer
        try:
            return _checked(HexBytes(str(raw)), transaction_dict, self.address)
        except Exception:  # whatever a decoder raises for bytes that it cannot read
            raise SignerError(f"{self._name} signed something else than it was asked to. Do not use it.") from None

    def sign_typed_data(self, *, full_message: Any) -> SignedMessage:
        """EIP-712 typed data, signed, after a look that the signature is this key's."""
        answer = self._ask(_SIGN_TYPED_DATA, [self.address, full_message])
        message = encode_typed_data(full_message=full_message)
        try:
            signature = HexBytes(str(answer))
            signer = Account.recover_message(message, signature=signature)
        except Exception:  # as above
            signer = None
        if signer != self.address:
            raise SignerError(f"{self._name} signed something else than it was asked to. Do not use it.")
        r, s = (int.from_bytes(part) for part in (signature[:32], signature[32:64]))
        return SignedMessage(
            HexBytes(Web3.keccak(b"\x19\x01" + message.header + message.body)), r, s, signature[64], signature
        )

    def _ask(self, methods: tuple[str, ...], parameters: list[Any]) -> Any:
        for method in methods:
            answer = self._answer(method, parameters)
            error = answer.get("error")
            if error is None and answer.get("result") is not None:
                return answer["result"]
            if not isinstance(error, Mapping) or error.get("code") != _NO_SUCH_METHOD:
                break
        raise SignerError(f"{self._name} does not sign for {self.address}: see that it has this key and may use it.")

    def _answer(self, method: str, parameters: list[Any]) -> Mapping[str, Any]:
        try:
            return self._provider.make_request(method, parameters)  # type: ignore[arg-type]
        except Exception as error:  # requests, urllib3 and json each raise their own exceptions
            raise SignerError(f"{self._name} gave no usable answer ({type(error).__name__}). Is it running?") from None


def _as_json(transaction: Mapping[str, Any], address: str) -> dict[str, Any]:
    """A transaction as JSON-RPC writes it."""
    fields = {name: hex(value) if type(value) is int else value for name, value in transaction.items()}
    if not HexBytes(fields.get("to", b"")):  # a contract is created, which goes to nobody
        fields.pop("to", None)
    return {**fields, "data": Web3.to_hex(HexBytes(transaction.get("data", b""))), "from": address}


def _checked(raw: HexBytes, asked: Mapping[str, Any], address: str) -> SignedTransaction:
    decoded = TypedTransaction.from_bytes(raw).as_dict()
    vrs = {name: int(decoded.pop(name)) for name in ("v", "r", "s")}
    expected = TypedTransaction.from_dict({k: v for k, v in asked.items() if k != "from"}).as_dict()
    if any(decoded[name] != value for name, value in expected.items()) or set(decoded) != set(expected):
        raise ValueError("another transaction")
    if Account.recover_transaction(raw) != address:
        raise ValueError("another key")
    return SignedTransaction(raw, HexBytes(Web3.keccak(raw)), vrs["r"], vrs["s"], vrs["v"])
