"""The address of a registry: by CreateX the same on every chain, else the deployer's next one.

CreateX hashes a salt again that begins with neither the caller's address nor zeroes, and takes no notice of who
calls. So the address follows from the code, its owner and the serial number only: for any payer, on any chain.
Somebody who comes first by malice has created, at the same place, the same registry for the same owner.
"""

from typing import Any

import rlp  # type: ignore[import-untyped]

from verifier.core.hashes import keccak256
from verifier.toml_table import checksummed

CREATEX = "0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed"
CREATEX_CODE_HASH = bytes.fromhex("bd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f")
"""Of its code on every chain, as its authors publish it."""
_ABI: list[dict[str, Any]] = [
    {
        "type": "function",
        "name": "deployCreate2",
        "stateMutability": "payable",
        "inputs": [{"name": "salt", "type": "bytes32"}, {"name": "initCode", "type": "bytes"}],
        "outputs": [{"name": "newContract", "type": "address"}],
    }
]


def is_createx(code: bytes) -> bool:
    """Whether this is CreateX's code: another contract at its address is not to be trusted with ours."""
    return keccak256(code) == CREATEX_CODE_HASH


def salt(serial: int) -> bytes:
    """The salt of an owner's registry of that number."""
    return keccak256(f"sanad.registry.1/{serial}".encode())


def createx_address(init_code: bytes, serial: int) -> str:
    """Where CreateX puts what this code creates (EIP-1014)."""
    guarded = keccak256(salt(serial))
    return _address(keccak256(b"\xff" + bytes.fromhex(CREATEX[2:]) + guarded + keccak256(init_code)))


def createx_call(web3: Any, init_code: bytes, serial: int) -> Any:
    """The call that creates it."""
    contract = web3.eth.contract(web3.to_checksum_address(CREATEX), abi=_ABI)
    return contract.functions.deployCreate2(salt(serial), init_code)


def plain_address(deployer: str, nonce: int) -> str:
    """Where a key's transaction of that number creates a contract."""
    return _address(keccak256(rlp.encode([bytes.fromhex(deployer[2:]), nonce])))


def _address(hashed: bytes) -> str:
    return checksummed("0x" + hashed[12:].hex())
