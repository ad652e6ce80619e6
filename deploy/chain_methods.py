"""Ethereum's JSON-RPC methods over the embedded chain: what web3, ethers.js, viem and curl ask of a node."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deploy.chain_json import block_json, data, quantity, receipt_json, transaction_json
from deploy.embedded_chain import GAS_PRICE, EmbeddedChain
from deploy.errors import ChainStoreError, RpcError
from verifier.core.canonical import parse
from verifier.core.errors import JsonError

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, PARSE_ERROR = -32600, -32601, -32602, -32700
BODY_LIMIT = 2_000_000
"""Largest request body, bytes."""
BATCH_LIMIT = 1000
"""Most requests in one batch."""
_HEADS = ("latest", "safe", "finalized", "pending")


class ChainMethods:
    """Answers JSON-RPC requests, one at a time."""

    def __init__(self, chain: EmbeddedChain) -> None:
        self._chain = chain
        self._methods: Mapping[str, Callable[..., Any]] = {
            "web3_clientVersion": lambda: "SanadEmbeddedChain/py-evm",
            "net_version": lambda: str(chain.chain_id),
            "net_listening": lambda: True,
            "eth_syncing": lambda: False,
            "eth_accounts": list,
            "eth_chainId": lambda: quantity(chain.chain_id),
            "eth_gasPrice": lambda: quantity(GAS_PRICE),
            "eth_maxPriorityFeePerGas": lambda: quantity(GAS_PRICE),
            "eth_blockNumber": lambda: quantity(chain.head.number),
            "eth_feeHistory": self._fee_history,
            "eth_getBlockByNumber": self._block_by_number,
            "eth_getBlockByHash": self._block_by_hash,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getLogs": self._logs,
            "eth_getBalance": lambda who, at="latest": quantity(self._state(at).get_balance(_bytes(who))),
            "eth_getTransactionCount": lambda who, at="latest": quantity(self._state(at).get_nonce(_bytes(who))),
            "eth_getCode": lambda who, at="latest": data(self._state(at).get_code(_bytes(who))),
            "eth_getStorageAt": self._storage,
            "eth_call": lambda call, at="latest": data(chain.call(_call(call), self._number(at))),
            "eth_estimateGas": lambda call, at="latest": quantity(chain.estimate_gas(_call(call), self._number(at))),
            "eth_sendRawTransaction": lambda raw: data(chain.send(_bytes(raw))),
        }

    def answer(self, body: bytes) -> bytes:
        """The response to a request body, single or batch; errors are answers too."""
        try:
            request = parse(body, BODY_LIMIT)
        except JsonError as error:
            return _encode(_failure(None, RpcError(PARSE_ERROR, f"parse error: {error}")))
        if not isinstance(request, list):
            return _encode(self._answer_one(request))
        if not request or len(request) > BATCH_LIMIT:
            return _encode(_failure(None, RpcError(INVALID_REQUEST, f"a batch holds 1 to {BATCH_LIMIT} requests")))
        return _encode([self._answer_one(one) for one in request])

    def _answer_one(self, request: Any) -> dict[str, Any]:
        identity = request.get("id") if isinstance(request, dict) else None
        try:
            return {"jsonrpc": "2.0", "id": identity, "result": self._result(request)}
        except RpcError as error:
            return _failure(identity, error)

    def _result(self, request: Any) -> Any:
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            raise RpcError(INVALID_REQUEST, "invalid request: a method is missing")
        method, parameters = request["method"], request.get("params") or []
        if method not in self._methods:
            raise RpcError(METHOD_NOT_FOUND, f"the method {method} does not exist/is not available")
        with self._chain.lock:
            try:
                self._chain.catch_up()
                return self._methods[method](*parameters)
            except ChainStoreError as error:
                raise RpcError(-32000, str(error)) from None
            except (TypeError, ValueError, AttributeError) as error:
                raise RpcError(INVALID_PARAMS, f"invalid params of {method}: {error}") from None

    def _number(self, tag: Any) -> int:
        if isinstance(tag, dict):  # EIP-1898
            tag = tag.get("blockNumber") or self._hash_number(tag.get("blockHash"))
        if tag in _HEADS:
            return int(self._chain.head.number)
        return 0 if tag == "earliest" else int(tag, 16)

    def _hash_number(self, hash_: Any) -> str:
        number = self._chain.block_number(_bytes(hash_))
        if number is None:
            raise RpcError(-32000, "header not found")
        return quantity(number)

    def _state(self, tag: Any) -> Any:
        return self._chain.state(self._number(tag))

    def _storage(self, who: str, slot: str, at: Any = "latest") -> str:
        return data(self._state(at).get_storage(_bytes(who), int(slot, 16)).to_bytes(32, "big"))

    def _block_by_number(self, tag: Any, full: bool = False) -> Any:
        try:
            return block_json(self._chain.block(self._number(tag)), full)
        except RpcError:
            return None

    def _block_by_hash(self, hash_: str, full: bool = False) -> Any:
        number = self._chain.block_number(_bytes(hash_))
        return None if number is None else block_json(self._chain.block(number), full)

    def _transaction(self, hash_: str) -> Any:
        place = self._chain.place(_bytes(hash_))
        return None if place is None else transaction_json(*place)

    def _receipt(self, hash_: str) -> Any:
        place = self._chain.place(_bytes(hash_))
        return None if place is None else receipt_json(*place, self._chain.receipts(place[0]))

    def _logs(self, wanted: Mapping[str, Any]) -> list[Any]:
        """The logs of a range of blocks, by address and topics."""
        first, last = (self._number(wanted.get(name, "latest")) for name in ("fromBlock", "toBlock"))
        found = []
        for number in range(first, min(last, self._chain.head.number) + 1):
            block = self._chain.block(number)
            receipts = self._chain.receipts(block) if block.transactions else ()
            for index in range(len(receipts)):
                logs = receipt_json(block, index, receipts)["logs"]
                found += [log for log in logs if _is_wanted(log, wanted)]
        return found

    def _fee_history(self, count: Any, newest: Any = "latest", percentiles: Sequence[float] | None = None) -> Any:
        last = self._number(newest)
        wanted = min(int(count, 16) if isinstance(count, str) else int(count), last + 1, 1024)
        headers = [self._chain.block(number).header for number in range(last + 1 - wanted, last + 1)]
        return {
            "oldestBlock": quantity(last + 1 - wanted),
            "baseFeePerGas": [quantity(header.base_fee_per_gas) for header in headers] + ["0x0"],
            "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
            "reward": [[quantity(GAS_PRICE)] * len(percentiles or ()) for _ in headers],
        }


def _is_wanted(log: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    addresses, topics = _listed(wanted.get("address")), wanted.get("topics") or []
    if addresses and log["address"].lower() not in addresses:
        return False
    if len(topics) > len(log["topics"]):
        return False
    return all(not _listed(topic) or has in _listed(topic) for topic, has in zip(topics, log["topics"], strict=False))


def _listed(value: Any) -> list[str]:
    return [str(each).lower() for each in (value if isinstance(value, list) else [value]) if each is not None]


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str) or not text.startswith("0x"):
        raise ValueError("hex beginning with 0x expected")
    return bytes.fromhex(text[2:])


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: _bytes(call[name]) for name in ("from", "to") if call.get(name)}
    numbers = {name: int(call[name], 16) for name in ("gas", "value") if call.get(name)}
    return {**words, **numbers, "data": _bytes(call.get("input") or call.get("data") or "0x")}


def _failure(identity: Any, error: RpcError) -> dict[str, Any]:
    problem: dict[str, Any] = {"code": error.code, "message": str(error)}
    if error.data is not None:
        problem["data"] = error.data
    return {"jsonrpc": "2.0", "id": identity, "error": problem}


def _encode(response: Any) -> bytes:
    return json.dumps(response, separators=(",", ":")).encode()
