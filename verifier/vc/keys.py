"""Who owns a proof's key: `did:key` contains the key, `did:web` lists it in a document (Controlled Identifiers 1.0).

A `did:web` address that contains a key proves nothing: anybody can write one. Only the domain's own document does.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from verifier.core.canonical import Json
from verifier.core.domain import is_domain
from verifier.core.errors import SignatureError, SignatureUncheckedError
from verifier.core.multikey import ed25519_public_key

_CARRIES_ITS_KEY = "z6Mk"


class DidDocuments(Protocol):
    """Where the documents of `did:web` identifiers come from."""

    def document(self, did: str) -> Mapping[str, Any]:
        """The document of a `did:web` identifier, with that `id`.

        Raises:
            SanadError: it cannot be fetched.
        """


def carried_key(method: str) -> bytes | None:
    """The key that a verification method contains (`did:…#z6Mk…`), or None.

    Raises:
        SignatureError: it contains something that is not a key, or two different keys.
    """
    controller, _, fragment = method.partition("#")
    if controller.startswith("did:key:"):
        if controller != f"did:key:{fragment}":
            raise SignatureError("The verification method names two different keys.")
        if not fragment.startswith(_CARRIES_ITS_KEY):
            raise SignatureUncheckedError(
                "The key {key} is not an Ed25519 key, the only kind supported here.", key=fragment[:60]
            )
    return ed25519_public_key(fragment) if fragment.startswith(_CARRIES_ITS_KEY) else None


def documented_key(document: Mapping[str, Json], method: str, purpose: str) -> bytes:
    """The key that a did document lists under a verification method for a purpose.

    Raises:
        SignatureError: it does not list the key, or not for this purpose.
        SignatureUncheckedError: it lists the key in a form that is not supported.
    """
    controller = method.partition("#")[0]
    names = (method, method.removeprefix(controller))
    allowed = list(_listed(document, purpose))
    entries = [each for each in allowed if isinstance(each, dict)] + list(_listed(document, "verificationMethod"))
    found = next((each for each in entries if isinstance(each, dict) and each.get("id") in names), None)
    if found is None:
        raise SignatureError("The document of {did} does not list this key.", did=controller)
    if not any(each in names or (isinstance(each, dict) and each.get("id") in names) for each in allowed):
        raise SignatureError(
            "The document of {did} does not list this key for {purpose}.", did=controller, purpose=purpose
        )
    if found.get("controller", controller) != controller:
        raise SignatureError("The document of {did} lists this key as another's.", did=controller)
    return _public_key(found)


def did_web_address(did: str) -> str:
    """The https address of the document of a `did:web` (its method specification, section 3.2).

    Raises:
        SignatureUncheckedError: it names no domain from which a document can be fetched.
    """
    host, *path = (unquote(part) for part in did.removeprefix("did:web:").split(":"))
    if not did.startswith("did:web:") or not is_domain(host) or any(not part or "/" in part for part in path):
        raise SignatureUncheckedError("{did} names no domain whose document could be fetched.", did=did[:200])
    return f"https://{host}/{'/'.join(path) if path else '.well-known'}/did.json"


def _listed(document: Mapping[str, Json], key: str) -> Iterator[Json]:
    value = document.get(key)
    yield from value if isinstance(value, list) else ()


def _public_key(entry: Mapping[str, Json]) -> bytes:
    if "publicKeyMultibase" in entry:
        return ed25519_public_key(entry["publicKeyMultibase"])
    jwk = entry.get("publicKeyJwk")
    if isinstance(jwk, dict) and jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519":
        try:
            key = base64.b64decode(str(jwk.get("x")).translate({45: 43, 95: 47}) + "=", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) == 32:
            return key
    raise SignatureUncheckedError("The document lists the key in a form that is not supported here.")
