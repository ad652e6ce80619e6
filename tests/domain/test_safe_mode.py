"""Nothing in our did.json is dropped by JSON-LD readers that refuse what they would drop (jsonld's safe mode)."""

from typing import Any

from issuer.keys.key_history import InstitutionKey
from issuer.publishing.did_document import Institution, SignerAddress
from tests.credential.test_independent import run
from verifier.core.registry import RegistryInfo

_PROTECTED = {"@protected": True, "id": "@id", "type": "@type"}
_CONTROLLER = {"@id": "https://w3id.org/security#controller", "@type": "@id"}
_DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
# The two contexts that no installed package has, as far as a verification method needs them.
CONTEXTS = {
    "https://w3id.org/security/multikey/v1": {
        "@context": _PROTECTED
        | {
            "Multikey": {
                "@id": "https://w3id.org/security#Multikey",
                "@context": _PROTECTED
                | {
                    "controller": _CONTROLLER,
                    "revoked": {"@id": "https://w3id.org/security#revoked", "@type": _DATE},
                    "expires": {"@id": "https://w3id.org/security#expiration", "@type": _DATE},
                    "publicKeyMultibase": {
                        "@id": "https://w3id.org/security#publicKeyMultibase",
                        "@type": "https://w3id.org/security#multibase",
                    },
                },
            }
        }
    },
    "https://w3id.org/security/suites/secp256k1recovery-2020/v2": {
        "@context": _PROTECTED
        | {
            "EcdsaSecp256k1RecoveryMethod2020": {
                "@id": "https://w3id.org/security#EcdsaSecp256k1RecoveryMethod2020",
                "@context": _PROTECTED
                | {
                    "controller": _CONTROLLER,
                    "blockchainAccountId": "https://w3id.org/security#blockchainAccountId",
                },
            }
        }
    },
}


def document() -> dict[str, Any]:
    time = "2026-06-01T00:00:00Z"
    keys = [InstitutionKey("z6MkA", until=time, revoked=time), InstitutionKey("z6MkB", since=time)]
    signers = [SignerAddress(97, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf", distrusted=time)]
    info = RegistryInfo("", "bsc-testnet", 97, "0x5FbDB2315678afecb367f032d93F642f64180aa3", True)
    return Institution("university.example", keys, signers, [info]).did_document()


def test_it_is_expanded_without_loss() -> None:
    assert run("safe.mjs", {"document": document(), "contexts": CONTEXTS}) == {"nodes": 1}


def test_what_no_context_defines_is_found_out() -> None:
    changed = document()
    changed["@context"] = [*changed["@context"][:-1], {}]
    assert "chainId" in run("safe.mjs", {"document": changed, "contexts": CONTEXTS})["reason"]
