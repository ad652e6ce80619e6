"""The embedded chain's blocks, transactions and receipts as Ethereum's JSON-RPC writes them."""

from typing import Any

import rlp  # type: ignore[import-untyped]
from eth_utils.address import to_checksum_address

from verifier.core.hashes import keccak256

Json = dict[str, Any]


def quantity(value: int) -> str:
    """A number: hex without leading zeroes."""
    return hex(value)


def data(value: bytes) -> str:
    """Bytes: hex, two digits each."""
    return "0x" + bytes(value).hex()


def address(value: bytes) -> str | None:
    """An address with its checksum, or null for none."""
    return to_checksum_address(value) if value else None


def block_json(block: Any, full: bool) -> Json:
    """A block, with whole transactions or their hashes."""
    header = block.header
    hashes = [data(transaction.hash) for transaction in block.transactions]
    whole = [transaction_json(block, index) for index in range(len(hashes))] if full else hashes
    numbers = {
        "number": header.block_number,
        "timestamp": header.timestamp,
        "gasLimit": header.gas_limit,
        "gasUsed": header.gas_used,
        "baseFeePerGas": header.base_fee_per_gas,
        "difficulty": header.difficulty,
        "totalDifficulty": 0,
        "blobGasUsed": header.blob_gas_used,
        "excessBlobGas": header.excess_blob_gas,
        "size": len(rlp.encode(block)),
    }
    words = {
        "hash": header.hash,
        "parentHash": header.parent_hash,
        "nonce": header.nonce,
        "mixHash": header.mix_hash,
        "sha3Uncles": header.uncles_hash,
        "logsBloom": _bloom(header.bloom),
        "transactionsRoot": header.transaction_root,
        "stateRoot": header.state_root,
        "receiptsRoot": header.receipt_root,
        "extraData": header.extra_data,
        "withdrawalsRoot": header.withdrawals_root,
        "parentBeaconBlockRoot": header.parent_beacon_block_root,
        "requestsHash": header.requests_hash,
    }
    return {
        **{name: quantity(number) for name, number in numbers.items()},
        **{name: data(word) for name, word in words.items()},
        "miner": to_checksum_address(header.coinbase),
        "transactions": whole,
        "uncles": [],
        "withdrawals": [],
    }


def transaction_json(block: Any, index: int) -> Json:
    """A transaction in a block."""
    transaction = block.transactions[index]
    kind = _kind(transaction)
    numbers = {
        "nonce": transaction.nonce,
        "value": transaction.value,
        "gas": transaction.gas,
        "gasPrice": _price(transaction, block),
        "chainId": transaction.chain_id,
        "type": kind,
        "v": transaction.y_parity if kind else transaction.v,
        "r": transaction.r,
        "s": transaction.s,
    }
    if kind >= 2:
        numbers["maxFeePerGas"] = transaction.max_fee_per_gas
        numbers["maxPriorityFeePerGas"] = transaction.max_priority_fee_per_gas
    more: Json = {"accessList": []} if kind else {}
    return {
        **_place(block, index, "hash"),
        **{name: quantity(number) for name, number in numbers.items() if number is not None},
        **more,
        "from": to_checksum_address(transaction.sender),
        "to": address(transaction.to),
        "input": data(transaction.data),
    }


def receipt_json(block: Any, index: int, receipts: tuple[Any, ...]) -> Json:
    """A transaction's receipt."""
    transaction, receipt = block.transactions[index], receipts[index]
    before = receipts[index - 1].gas_used if index else 0
    logs_before = sum(len(earlier.logs) for earlier in receipts[:index])
    numbers = {
        "cumulativeGasUsed": receipt.gas_used,
        "gasUsed": receipt.gas_used - before,
        "effectiveGasPrice": _price(transaction, block),
        "type": _kind(transaction),
        "status": 1 if receipt.state_root == b"\x01" else 0,
    }
    created = None if transaction.to else _created(transaction)
    logs = [
        {**_place(block, index), **_log(log), "logIndex": quantity(logs_before + number), "removed": False}
        for number, log in enumerate(receipt.logs)
    ]
    return {
        **_place(block, index),
        **{name: quantity(number) for name, number in numbers.items()},
        "from": to_checksum_address(transaction.sender),
        "to": address(transaction.to),
        "contractAddress": created,
        "logsBloom": _bloom_of(receipt),
        "logs": logs,
    }


def _place(block: Any, index: int, hash_name: str = "transactionHash") -> Json:
    return {
        hash_name: data(block.transactions[index].hash),
        "transactionIndex": quantity(index),
        "blockHash": data(block.hash),
        "blockNumber": quantity(block.number),
    }


def _log(log: Any) -> Json:
    return {
        "address": to_checksum_address(log.address),
        "data": data(log.data),
        "topics": [data(topic.to_bytes(32, "big")) for topic in log.topics],
    }


def _created(transaction: Any) -> str:
    return to_checksum_address(keccak256(rlp.encode([transaction.sender, transaction.nonce]))[12:])


def _kind(transaction: Any) -> int:
    return int(getattr(transaction, "type_id", None) or 0)


def _price(transaction: Any, block: Any) -> int:
    if _kind(transaction) < 2:
        return int(transaction.gas_price)
    offered = transaction.max_priority_fee_per_gas + block.header.base_fee_per_gas
    return int(min(transaction.max_fee_per_gas, offered))


def _bloom(value: int) -> bytes:
    return value.to_bytes(256, "big")


def _bloom_of(receipt: Any) -> str:
    return data(_bloom(receipt.bloom))
