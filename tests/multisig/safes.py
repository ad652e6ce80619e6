"""A real Safe (its own compiled contracts), and its members, who execute what a file says."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3
from web3.contract import Contract

from tests.chain_fixtures import ChainNode
from verifier.core.registry import NO_ADDRESS

_ARTIFACTS = (
    Path(__file__).resolve().parents[1] / "node/node_modules/@safe-global/safe-smart-account/build/artifacts/contracts"
)
_CALL, _DELEGATECALL = 0, 1


def artifact(name: str) -> dict[str, Any]:
    """A compiled contract of the Safe's authors."""
    path = _ARTIFACTS / name
    if not path.exists():
        pytest.fail("The Safe's contracts are not installed: run `npm ci` in tests/node.")
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True)
class Safe:
    """A Safe of three members, of whom two must sign."""

    chain: ChainNode
    contract: Contract
    multisend: Contract
    members: tuple[LocalAccount, ...]
    payer: LocalAccount

    @property
    def address(self) -> str:
        return str(self.contract.address)

    def execute(self, file: Path) -> bool:
        """Do what a file of the Transaction Builder says, as one transaction; whether it succeeded."""
        batch = json.loads(file.read_text())
        assert batch["chainId"] == str(self.chain.chain_id)
        assert batch["meta"]["createdFromSafeAddress"] == self.address
        calls = [(each["to"], int(each["value"]), bytes.fromhex(each["data"][2:])) for each in batch["transactions"]]
        if len(calls) == 1:
            return self._execute(*calls[0], _CALL)
        packed = b"".join(_packed(*call) for call in calls)
        data = self.multisend.encode_abi("multiSend", [packed])
        return self._execute(self.multisend.address, 0, bytes.fromhex(data[2:]), _DELEGATECALL)

    def _execute(self, to: str, value: int, data: bytes, operation: int) -> bool:
        fields = (to, value, data, operation, 0, 0, 0, NO_ADDRESS, NO_ADDRESS)
        nonce = self.contract.functions.nonce().call()
        hash_ = self.contract.functions.getTransactionHash(*fields, nonce).call()
        signers = sorted(self.members[:2], key=lambda member: int(member.address, 16))
        signatures = b"".join(bytes(member.unsafe_sign_hash(hash_).signature) for member in signers)
        call = self.contract.functions.execTransaction(*fields, signatures)
        sent = call.transact({"from": self.payer.address, "gas": 3_000_000})
        return int(self.chain.web3.eth.wait_for_transaction_receipt(sent)["status"]) == 1


def new_safe(chain: ChainNode) -> Safe:
    """Deploy all that a Safe needs, and one Safe."""
    payer = Account.create()
    chain.fund(payer.address)
    chain.ask("anvil_impersonateAccount", payer.address)
    web3, members = chain.web3, tuple(Account.create() for _ in range(3))
    singleton, factory, multisend = (
        _deployed(web3, payer, name)
        for name in (
            "Safe.sol/Safe.json",
            "proxies/SafeProxyFactory.sol/SafeProxyFactory.json",
            "libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json",
        )
    )
    owners = [member.address for member in members]
    setup = singleton.encode_abi("setup", [owners, 2, NO_ADDRESS, b"", NO_ADDRESS, NO_ADDRESS, 0, NO_ADDRESS])
    make = factory.functions.createProxyWithNonce(singleton.address, setup, 1)
    address = make.call({"from": payer.address})
    web3.eth.wait_for_transaction_receipt(make.transact({"from": payer.address}))
    return Safe(chain, web3.eth.contract(address, abi=singleton.abi), multisend, members, payer)


def _deployed(web3: Web3, payer: LocalAccount, name: str) -> Contract:
    found = artifact(name)
    sent = (
        web3.eth.contract(abi=found["abi"], bytecode=found["bytecode"]).constructor().transact({"from": payer.address})
    )
    address = web3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    return web3.eth.contract(address, abi=found["abi"])


def _packed(to: str, value: int, data: bytes) -> bytes:
    head = bytes([_CALL]) + bytes.fromhex(to[2:]) + value.to_bytes(32)
    return head + len(data).to_bytes(32) + data
