"""The registry's refusals in plain sentences: its custom errors, decoded by the ABI."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from eth_abi.abi import decode
from eth_utils.abi import collapse_if_tuple, function_signature_to_4byte_selector
from eth_utils.address import to_checksum_address

from issuer.errors import RevertedError

ABI_FILE = "registry_abi.json"
_SENTENCES = {
    "AlreadyAccredited": "The programme has accredited this domain already.",
    "AlreadyWithdrawn": "The batch is withdrawn already.",
    "BadDeadline": "The deadline has passed, or is more than a day ahead.",
    "BadDomain": "The registry does not take {domain!r} as a domain: lower-case A-labels, at least two, nothing else.",
    "BadMoment": "Distrust begins at a moment that is not in the future, by the chain's clock.",
    "BadName": "A name has 1 to 200 bytes.",
    "BadReason": "{reason} is not a reason code: 1 to 6 are.",
    "BadReplacement": "A certificate cannot be replaced by itself or by nothing.",
    "BadSignature": "The signature is not that of {signer} over exactly these values.",
    "BatchExists": "The institution has registered this batch already.",
    "CannotRenounce": "A registry always has an owner: hand it over instead.",
    "Closed": "This registry takes no more batches; its successor is {successor}.",
    "Distrusted": "The institution distrusts the key {key}; it does nothing more.",
    "EducatorRevoked": "The certifier has revoked the educator's certificate.",
    "EmptyBatch": "A batch holds at least one certificate.",
    "LengthMismatch": "Lists that belong together differ in length.",
    "MayNotCertify": "The programme has not permitted the institution to certify educators.",
    "NotAccredited": "The programme has not accredited this institution.",
    "NotAdmin": "Only the institution's admin may do this; {sender} is not, or is no longer.",
    "NotAuthorised": (
        "The key {key} is not an authorised signer of the institution. Its admin can authorise it (sanad authorise), "
        "or act with the admin's own key (--key)."
    ),
    "NotCertified": "The certifier has not certified the key {key}, or its word does not count.",
    "NotNominated": "The key {sender} is not nominated as the institution's next admin.",
    "NotWithdrawn": "The batch is not withdrawn.",
    "NotYourAuthority": "The key {key} revokes for the institution or for itself, not in the name of {authority}.",
    "NotYoursToDistrust": (
        "The programme distrusts former admins, the admin distrusts signers, and nobody can distrust the acting admin."
    ),
    "OwnableInvalidOwner": "{owner} cannot own a registry.",
    "OwnableUnauthorizedAccount": "Only the programme, the registry's owner, may do this; {account} is not.",
    "Suspended": "The programme has suspended the institution from issuing.",
    "TooManyWithdrawals": (
        "The batch was withdrawn and reinstated sixteen times, and all of it counts: the registry takes no more of it."
    ),
    "ZeroChain": "A registry's successor needs the number of its chain.",
    "ZeroAddress": "An address that must be someone's is zero.",
    "ZeroCommitment": "A commitment is zero.",
    "ZeroRoot": "The batch's root is zero.",
}


def reverted(data: Any) -> RevertedError:
    """The error for a call that the registry reverted with `data` (hex, or None where the node kept it)."""
    name, values = _decoded(data)
    if name is None:
        return RevertedError("The registry refused, and the node did not say why.")
    sentence = _SENTENCES.get(name)
    if sentence is None:
        return RevertedError(f"The registry refused: {name}.", name)
    return RevertedError(sentence.format(**values), name)


def _decoded(data: Any) -> tuple[str | None, dict[str, Any]]:
    try:
        raw = bytes.fromhex(str(data).removeprefix("0x"))
        entry = _errors()[raw[:4]]
        values = decode([one["type"] for one in entry["inputs"]], raw[4:])
    except Exception:  # a node may answer anything; without a reason we still know that it was refused
        return None, {}
    named = zip(entry["inputs"], values, strict=True)
    return entry["name"], {one["name"]: _shown(one["type"], value) for one, value in named}


def _shown(kind: str, value: Any) -> Any:
    return to_checksum_address(value) if kind == "address" else value


@cache
def _errors() -> dict[bytes, dict[str, Any]]:
    entries = json.loads(files("issuer").joinpath(ABI_FILE).read_text(encoding="utf-8"))
    return {_selector(entry): entry for entry in entries if entry["type"] == "error"}


def _selector(entry: dict[str, Any]) -> bytes:
    types = ",".join(collapse_if_tuple(one) for one in entry["inputs"])
    return function_signature_to_4byte_selector(f"{entry['name']}({types})")
