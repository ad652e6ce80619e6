"""A chain inside this process, for the demo and for tests: eth-tester's py-evm by the rules of Prague.

It behaves like BNB Smart Chain where certificates can notice: a base fee of zero and a price floor, several blocks in
one second, a block time that is the real time, and errors in geth's words. It is unlike it in one thing: every
transaction is mined, and final, at once.

No thread ticks. A question that comes in a later second than the newest block's is answered after one empty block has
been mined, so readers see a chain whose clock is right and on which yesterday's block is final; where nobody
looks, it costs nothing.

It lives in memory, or is kept in a file (deploy/chain_store.py): then nobody sees a block that is not in the file.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eth.db.atomic import AtomicDB
from eth.exceptions import HeaderNotFound, Revert, TransactionNotFound
from eth.vm.forks.prague import PragueVM
from eth.vm.spoof import SpoofTransaction
from eth_tester import PyEVMBackend
from eth_utils.address import to_canonical_address
from eth_utils.exceptions import ValidationError

from deploy.chain_store import ChainStore
from deploy.errors import ChainStoreError, RpcError

CHAIN_ID = 1337
_TRANSFER_GAS = 21_000
"""The least that any transaction takes."""
GAS_PRICE = 100_000_000
"""Wei a unit of gas: the floor of BNB Smart Chain's testnet, below which transactions are refused."""
BLOCK_GAS_LIMIT = 60_000_000
TRANSACTION_BYTES = 131_072
"""Largest transaction that nodes take into their pool."""
_FUNDS = 10**24
_NOWHERE = bytes(20)
_SERVER_ERROR = -32000


class EmbeddedChain:
    """One chain. Safe to use from several threads: py-evm is not, so one lock guards it.

    Args:
        funded: addresses that own a million coins from the first block on.
        chain_id: of which chain transactions must be.
        clock: Unix seconds.
        store: where it is kept; one that holds a chain continues it, and then `funded` says nothing.

    Raises:
        ChainStoreError: the chain that is kept cannot be continued.
    """

    def __init__(
        self,
        funded: Iterable[str],
        chain_id: int = CHAIN_ID,
        clock: Callable[[], float] = time.time,
        store: ChainStore | None = None,
    ) -> None:
        self.chain_id = chain_id
        self.lock = threading.RLock()
        self._clock = clock
        self._store = store
        self.trouble: ChainStoreError | None = None
        """Why the newest block could not be kept, where it could not."""
        self._chain = _chain([to_canonical_address(address) for address in funded], chain_id, int(clock()), store)
        self._keep()

    def close(self) -> None:
        """Let go of the file that it is kept in, if it is."""
        with self.lock:
            if self._store is not None:
                self._store.close()

    @property
    def head(self) -> Any:
        """The newest block."""
        return self.block(self._chain.header.block_number - 1)

    def catch_up(self) -> None:
        """Mine an empty block if the newest one is not of this second."""
        with self.lock:
            if self.head.header.timestamp < int(self._clock()):
                self._mine()

    def block(self, number: int) -> Any:
        """The block of that number.

        Raises:
            RpcError: there is none yet.
        """
        if not 0 <= number < self._chain.header.block_number:
            raise RpcError(_SERVER_ERROR, "header not found")
        return self._chain.get_canonical_block_by_number(number)

    def block_number(self, hash_: bytes) -> int | None:
        """The number of the block with that hash, if there is one."""
        try:
            return int(self._chain.chaindb.get_block_header_by_hash(hash_).block_number)
        except HeaderNotFound:
            return None

    def state(self, number: int) -> Any:
        """The state after the block of that number (py-evm's StateAPI)."""
        return self._chain.get_vm(self.block(number).header).state

    def place(self, transaction_hash: bytes) -> tuple[Any, int] | None:
        """The block that holds a transaction, and its place there."""
        try:
            number, index = self._chain.get_canonical_transaction_index(transaction_hash)
        except TransactionNotFound:
            return None
        return self.block(number), index

    def receipts(self, block: Any) -> tuple[Any, ...]:
        """The receipts of a block's transactions."""
        return tuple(block.get_receipts(self._chain.chaindb))

    def call(self, call: Mapping[str, Any], number: int) -> bytes:
        """What a call returns, executed in the block of that number, free of charge.

        Raises:
            RpcError: it reverts (code 3, with the data), or cannot run.
        """
        with self.lock:
            return bytes(_checked(self._run(call, number, call.get("gas") or BLOCK_GAS_LIMIT)).output)

    def estimate_gas(self, call: Mapping[str, Any], number: int) -> int:
        """The least gas, within one percent, with which a transaction succeeds.

        Raises:
            RpcError: it reverts with any amount.
        """
        with self.lock:
            enough: int = call.get("gas") or BLOCK_GAS_LIMIT
            computation: Any = _checked(self._run(call, number, enough))
            little = max(int(computation.get_gas_used()), _TRANSFER_GAS) - 1
            while enough - little > max(little // 100, 1):
                middle = min((little + enough) // 2, little * 2)
                if self._suffices(call, number, middle):
                    enough = middle
                else:
                    little = middle
            return enough

    def send(self, raw: bytes) -> bytes:
        """Take a signed transaction, mine it at once, and return its hash.

        Raises:
            RpcError: it is refused, in the words of geth.
        """
        with self.lock:
            transaction = self._decode(raw)
            self._admit(transaction, len(raw))
            self._chain.set_header_timestamp(self._next_time())
            try:
                self._chain.apply_transaction(transaction)
            except ValidationError as error:
                raise RpcError(_SERVER_ERROR, str(error)) from None
            self._mine()
            return bytes(transaction.hash)

    def _next_time(self) -> int:
        return max(int(self._clock()), int(self.head.header.timestamp))

    def _mine(self) -> None:
        self._chain.set_header_timestamp(self._next_time())
        self._chain.mine_block(coinbase=_NOWHERE, mix_hash=os.urandom(32), blob_gas_used=0)
        self._keep()

    def _keep(self) -> None:
        if self._store is None:
            return
        try:
            self._store.commit()
        except ChainStoreError as error:
            self.trouble = error
            raise
        self.trouble = None

    def _run(self, call: Mapping[str, Any], number: int, gas: int) -> Any:
        vm = self._chain.get_vm(self.block(number).header)
        sender = call.get("from") or _NOWHERE
        unsigned = vm.get_transaction_builder().create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender),
            gas_price=0,
            gas=gas,
            to=call.get("to") or b"",
            value=call.get("value") or 0,
            data=call.get("data") or b"",
        )
        try:
            return vm.state.apply_transaction(SpoofTransaction(unsigned, from_=sender))
        except ValidationError as error:
            raise RpcError(_SERVER_ERROR, str(error)) from None

    def _suffices(self, call: Mapping[str, Any], number: int, gas: int) -> bool:
        try:
            return not self._run(call, number, gas).is_error
        except RpcError:
            return False

    def _decode(self, raw: bytes) -> Any:
        try:
            transaction = self._chain.get_vm().get_transaction_builder().decode(raw)
            if transaction.sender and transaction.gas >= transaction.intrinsic_gas:
                transaction.validate()
        except Exception as error:  # rlp, eth-keys and py-evm raise their own exceptions for malformed bytes
            raise RpcError(-32602, f"invalid transaction: {error}") from None
        return transaction

    def _admit(self, transaction: Any, size: int) -> None:
        state = self.state(self.head.number)
        nonce, balance = state.get_nonce(transaction.sender), state.get_balance(transaction.sender)
        fee = transaction.max_fee_per_gas if hasattr(transaction, "max_fee_per_gas") else transaction.gas_price
        cost = transaction.gas * fee + transaction.value
        at = f"address {transaction.sender.hex()}, tx: {transaction.nonce} state: {nonce}"
        refusals = {
            "already known": self.place(transaction.hash) is not None,
            "invalid chain id for signer": transaction.chain_id != self.chain_id,
            "oversized data": size > TRANSACTION_BYTES,
            "intrinsic gas too low": transaction.gas < transaction.intrinsic_gas,
            f"nonce too low: {at}": transaction.nonce < nonce,
            f"nonce too high: {at}": transaction.nonce > nonce,
            "transaction gas price below minimum": fee < GAS_PRICE,
            f"insufficient funds for gas * price + value: balance {balance}, tx cost {cost}": balance < cost,
            "exceeds block gas limit": transaction.gas > BLOCK_GAS_LIMIT,
        }
        for text, refused in refusals.items():
            if refused:
                raise RpcError(_SERVER_ERROR, text)


def _checked(computation: Any) -> Any:
    if not computation.is_error:
        return computation
    if isinstance(computation.error, Revert):
        raise RpcError(3, "execution reverted", "0x" + bytes(computation.output).hex())
    raise RpcError(_SERVER_ERROR, f"execution failed: {computation.error}")


def _chain(funded: list[bytes], chain_id: int, now: int, store: ChainStore | None) -> Any:
    class EmbeddedVM(PragueVM):  # type: ignore[misc, unused-ignore]
        """Prague, with as many blocks in a second as there are transactions, like BNB Smart Chain."""

        @classmethod
        def validate_header(cls, header: Any, parent_header: Any) -> None:
            super().validate_header(header, parent_header.copy(timestamp=parent_header.timestamp - 1))

    defaults = PyEVMBackend.generate_genesis_params({"gas_limit": BLOCK_GAS_LIMIT, "timestamp": now})
    genesis = {**defaults, "base_fee_per_gas": 0}
    account = {"balance": _FUNDS, "nonce": 0, "code": b"", "storage": {}}
    state = dict.fromkeys(funded or [_NOWHERE], account)
    chain = PyEVMBackend(genesis, state, vm_configuration=((0, EmbeddedVM),)).chain
    type(chain).chain_id = chain_id  # a new class for every chain
    if store is None:
        return chain
    if store.is_new:
        return type(chain).from_genesis(AtomicDB(store), genesis, state)
    return _kept(type(chain), store)


def _kept(kind: Any, store: ChainStore) -> Any:
    try:
        chain = kind(AtomicDB(store))
        chain.get_vm(chain.get_canonical_head()).state.get_balance(_NOWHERE)
    except Exception as error:  # py-evm, rlp and the trie raise their own exceptions for what is missing or damaged
        raise ChainStoreError(f"The chain that was kept cannot be continued ({type(error).__name__}).") from None
    return chain
