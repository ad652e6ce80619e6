"""The typed data of relayed acts, built from SPEC.md's table and not from the contract."""

from typing import Any

TYPES = {
    "Issue": "bytes32 institution, address signer, bytes32 root, uint32 size, uint256 deadline",
    "Revoke": "bytes32 institution, address signer, address authority, bytes32[] commitments, uint8 reason, "
    "uint256 deadline",
    "Replace": "bytes32 institution, address signer, address authority, bytes32[] commitments, "
    "bytes32[] replacements, uint8 reason, uint256 deadline",
}


def typed_data(kind: str, chain_id: int, registry: str, **message: Any) -> dict[str, Any]:
    """What a wallet is asked to sign (EIP-712)."""
    return {
        "types": {
            "EIP712Domain": _fields("string name, string version, uint256 chainId, address verifyingContract"),
            kind: _fields(TYPES[kind]),
        },
        "primaryType": kind,
        "domain": {"name": "Sanad", "version": "1", "chainId": chain_id, "verifyingContract": registry},
        "message": message,
    }


def _fields(text: str) -> list[dict[str, str]]:
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in text.split(", ")]
