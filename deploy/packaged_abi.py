"""The copies of the contract's interface that the packages carry, made from the committed artifact.

A wheel holds the three packages and not ``contracts/``, so each package carries what it uses: the verifier the views,
the issuer what it calls beyond them, deploy the whole artifact and its source as block explorers need it.
``python -m deploy.packaged_abi`` writes them again after ``python -m deploy.compile``; a test holds them equal.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ARTIFACT = ROOT / "contracts" / "artifacts" / "SanadRegistry.json"
STANDARD_JSON = ROOT / "contracts" / "artifacts" / "SanadRegistry.standard.json"

VERIFIER_VIEWS = (
    *("verify", "verifyMany", "revocations", "institutions", "institutionRecord", "batchRecords"),
    *("batchRecord", "keyRecord", "keys", "successor", "successorChain", "owner", "pendingOwner"),
)
ISSUER_FUNCTIONS = (
    *(
        "issue",
        "revoke",
        "replace",
        "batchRecord",
        "revocations",
        "institutionRecord",
        "keyRecord",
        "keys",
        "certification",
    ),
    *("authorise", "authoriseEducator", "remove", "distrust", "liftDistrust", "withdraw", "reinstateBatch", "adopt"),
    *("certify", "transferAdmin", "acceptAdmin", "institutionCount", "institutionAt", "owner", "successor"),
    *("successorChain", "issueFor", "revokeFor", "replaceFor"),
)
DEPLOYED_PARTS = (
    "contractName",
    "abi",
    "bytecode",
    "deployedBytecode",
    "immutableReferences",
    "solc",
    "standardJsonSha256",
)


def copies() -> Mapping[Path, str]:
    """Each copy's path and its text."""
    artifact = json.loads(ARTIFACT.read_text(encoding="utf-8"))
    abi = artifact["abi"]
    return {
        ROOT / "verifier" / "registry_abi.json": _text(_functions(abi, VERIFIER_VIEWS)),
        ROOT / "issuer" / "registry_abi.json": _text(_functions(abi, ISSUER_FUNCTIONS) + _errors(abi)),
        ROOT / "deploy" / "registry_artifact.json": _text({part: artifact[part] for part in DEPLOYED_PARTS}),
        ROOT / "deploy" / "registry_source.json": STANDARD_JSON.read_text(encoding="utf-8"),
    }


def _functions(abi: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [entry for entry in abi if entry["type"] == "function" and entry["name"] in names]


def _errors(abi: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in abi if entry["type"] == "error"]


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in copies().items():
        path.write_text(text, encoding="utf-8")
