"""The registry's code: what creates it, and what must then be on the chain, byte for byte."""

from collections.abc import Mapping
from typing import Any

from deploy.errors import DeploymentError
from deploy.registry_contract import registry_artifact
from verifier.core.hashes import keccak256

_DOMAIN = keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_NAME, _VERSION = b"Sanad", b"1"
"""What the contract calls itself in what is signed for it (EIP-712)."""


def init_code(owner: str) -> bytes:
    """What creates a registry that belongs to `owner`: the compiled code and the constructor's argument."""
    return bytes.fromhex(registry_artifact()["bytecode"][2:]) + constructor_argument(owner)


def constructor_argument(owner: str) -> bytes:
    """The owner's address as the constructor takes it."""
    return bytes(12) + bytes.fromhex(owner[2:])


def check_code(found: bytes, chain_id: int, address: str) -> None:
    """See that a chain has our registry at an address: its code, and every immutable value in it.

    The constructor writes the immutable values into places that the compiler names, but not which goes where: each of
    the seven must be in exactly one place.

    Raises:
        DeploymentError: there is none, or it is another contract.
    """
    artifact = registry_artifact()
    places = [(part["start"], part["length"]) for parts in _references(artifact).values() for part in parts]
    values = sorted(found[start : start + length] for start, length in places)
    plain = bytearray(found)
    for start, length in places:
        plain[start : start + length] = bytes(length)
    if plain != bytes.fromhex(artifact["deployedBytecode"][2:]) or values != sorted(_immutables(chain_id, address)):
        raise DeploymentError(
            f"The contract at {address} is not the registry of this version of Sanad: its code is different."
        )


def _references(artifact: Mapping[str, Any]) -> Mapping[str, Any]:
    references: Mapping[str, Any] = artifact["immutableReferences"]
    return references


def _immutables(chain_id: int, address: str) -> list[bytes]:
    """OpenZeppelin's EIP712 keeps these seven; short strings with their length in the last byte."""
    hashed, chain, this = (keccak256(_NAME), keccak256(_VERSION)), chain_id.to_bytes(32), constructor_argument(address)
    separator = keccak256(_DOMAIN + hashed[0] + hashed[1] + chain + this)
    short = [text.ljust(31, b"\0") + bytes([len(text)]) for text in (_NAME, _VERSION)]
    return [separator, chain, this, *hashed, *short]
