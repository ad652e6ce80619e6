"""What a professor signs so that anybody may bring it to the registry and pay for it (SPEC.md, relayed acts)."""

from typing import Any

from issuer.keys.signers import Signer

SECONDS = 20 * 3600
"""How long a signed act may wait on its way; the registry takes a day at most."""
_TYPES = {
    "issue": "bytes32 institution, address signer, bytes32 root, uint32 size, uint256 deadline",
    "revoke": "bytes32 institution, address signer, address authority, bytes32[] commitments, uint8 reason, "
    "uint256 deadline",
    "replace": "bytes32 institution, address signer, address authority, bytes32[] commitments, "
    "bytes32[] replacements, uint8 reason, uint256 deadline",
}
RELAYED = frozenset(_TYPES)
"""The functions of the registry that take an act of somebody else than the sender."""


def signed_arguments(
    signer: Signer, act: str, chain_id: int, registry: str, institution: bytes, arguments: tuple[Any, ...], now: int
) -> tuple[Any, ...]:
    """The arguments of `issueFor`, `revokeFor` or `replaceFor`, the signature last.

    Args:
        signer: the professor's.
        act: `issue`, `revoke` or `replace`.
        chain_id: the registry's chain.
        registry: its address.
        institution: its 32-byte id.
        arguments: those of the act itself, after the institution.
        now: the chain's time, Unix seconds.
    """
    fields = [field.split() for field in _TYPES[act].split(", ")]
    values = (institution, str(signer.address), *arguments, now + SECONDS)
    message = dict(zip((name for _, name in fields), values, strict=True))
    kind = act.capitalize()
    data = {
        "types": {
            "EIP712Domain": _fields("string name, string version, uint256 chainId, address verifyingContract"),
            kind: _fields(_TYPES[act]),
        },
        "primaryType": kind,
        "domain": {"name": "Sanad", "version": "1", "chainId": chain_id, "verifyingContract": registry},
        "message": message,
    }
    return (*values, bytes(signer.sign_typed_data(full_message=data).signature))


def _fields(text: str) -> list[dict[str, str]]:
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in text.split(", ")]
