"""Data Integrity proofs with Ed25519: `eddsa-rdfc-2022` and `eddsa-jcs-2022`.

W3C Verifiable Credential Data Integrity 1.0 and Data Integrity EdDSA Cryptosuites 1.0; section numbers below are
of the latter. No key is fetched: `verificationMethod` contains it (`did:web:<domain>#<Multikey>`, or `did:key`).
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from verifier.core.canonical import Json, canonical
from verifier.core.compacted import terms_of
from verifier.core.contexts import other_editions
from verifier.core.dates import parse_instant
from verifier.core.errors import CredentialError, JsonError, SignatureError, SignatureUncheckedError, UnknownTermError
from verifier.core.linked_data import Canonicalise, canonical_quads
from verifier.core.multikey import ed25519_public_key, from_multibase

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"

# The shape of an XML Schema 1.1 dateTimeStamp, which Data Integrity 1.0 section 2.1 asks for. SPEC.md section 16 reads
# fewer: a value of this shape that cannot be read says nothing about the signature.
_SHAPE = re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class VerifiedKey:
    """The key that made a genuine proof."""

    verification_method: str
    """The name of the key in the proof: `did:web:<domain>#<multikey>`."""
    multikey: str
    public_key: bytes
    """The 32 bytes of the Ed25519 public key."""


def proof_hash_data(
    document: Mapping[str, Json], options: Mapping[str, Json], canonicalise: Canonicalise = canonical_quads
) -> bytes:
    """The 64 bytes that are signed: SHA-256 of the proof's options, then of the document (3.2.4, 3.3.4).

    `document` is the credential without its proof, `options` the proof without `proofValue`.
    `canonicalise` turns JSON-LD into canonical N-Quads; a caller that signs many documents of one shape may
    pass a quicker one that gives the same.

    Raises:
        SignatureError: something that the signature would not cover.
        SignatureUncheckedError: an unknown cryptosuite, context or JSON-LD feature.
    """
    suite = options.get("cryptosuite")
    if suite == RDFC:
        config = {**options, "@context": document.get("@context")}
        return _hash_pair(canonicalise(config).encode(), canonicalise(dict(document)).encode())
    if suite == JCS:
        try:
            return _hash_pair(canonical(dict(options)), canonical(dict(document)))
        except JsonError as error:
            raise SignatureError("{reason}", reason=error.sentence) from None
    raise SignatureUncheckedError(
        "The proof uses the cryptosuite {suite}, which this verifier does not know.", suite=repr(suite)[:100]
    )


def verify_proof(credential: Mapping[str, Json], canonicalise: Canonicalise = canonical_quads) -> VerifiedKey:
    """Check a credential's one proof; return the key that made it.

    The key must belong to the issuer: the part of `verificationMethod` before `#` is `issuer.id`.

    Raises:
        SignatureError: the proof is missing, malformed, of another's key, or false.
        SignatureUncheckedError: the proof is of a kind that this verifier cannot check.
    """
    proof = _single_proof(credential)
    controller, multikey = _verification_method(proof)
    if controller != _issuer_id(credential):
        raise SignatureError("The proof's key belongs to {controller}, not to the issuer.", controller=controller[:200])
    document = {key: value for key, value in credential.items() if key != "proof"}
    public_key = ed25519_public_key(multikey)
    check_proof(document, proof, public_key, canonicalise)
    return VerifiedKey(f"{controller}#{multikey}", multikey, public_key)


def check_proof(
    document: Mapping[str, Json],
    proof: Mapping[str, Json],
    public_key: bytes,
    canonicalise: Canonicalise = canonical_quads,
    purpose: str = "assertionMethod",
    judged: Collection[str] = (),
) -> None:
    """Check one proof of a document (which has none in it) against the 32 bytes of an Ed25519 key (3.2.2, 3.3.2).

    `purpose` is what the proof must have been made for; `judged` names those of its options `expires` and
    `previousProof` that the caller judges.

    Raises:
        SignatureError: it is false or malformed.
        SignatureUncheckedError: it is of a kind that this verifier cannot check.
    """
    from cryptography.exceptions import InvalidSignature  # late: only a signature needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _check_options(proof, purpose, judged)
    signature = from_multibase(proof.get("proofValue"))
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    document = _document_for(document, options)
    failures: list[SignatureError | UnknownTermError] = []
    for reading in _readings(document, options, canonicalise):
        try:
            hash_data = proof_hash_data(document, options, reading)
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, hash_data)
            return
        except (InvalidSignature, ValueError):
            text = "The signature is false: it was not made over this credential by this key."
            failures.append(SignatureError(text))
        except (SignatureError, UnknownTermError) as error:
            failures.append(error)
    # False only if there is an edition that defines every term and the signature does not fit it.
    raise next((each for each in failures if isinstance(each, SignatureError)), failures[0]) from None


def _readings(
    document: Mapping[str, Json], options: Mapping[str, Json], canonicalise: Canonicalise
) -> Iterator[Canonicalise]:
    """The document's canonical form under each bundled edition of its contexts, one after the other."""
    yield canonicalise
    if options.get("cryptosuite") == RDFC:
        # A caller that limits its work brings its own variants.
        others = getattr(canonicalise, "others", under_other_editions)
        yield from others(document)


def under_other_editions(document: Json) -> Iterator[Canonicalise]:
    """`canonical_quads` under each other edition of the contexts that a document names (SPEC.md section 12)."""
    for contexts in other_editions(document.get("@context"), terms_of(document)):
        yield partial(canonical_quads, contexts=contexts)


def _hash_pair(config: bytes, document: bytes) -> bytes:
    return hashlib.sha256(config).digest() + hashlib.sha256(document).digest()


def _single_proof(credential: Mapping[str, Json]) -> dict[str, Json]:
    proof = credential.get("proof")
    if isinstance(proof, list):
        if len(proof) > 1:
            raise SignatureUncheckedError(
                "The credential carries {number} proofs; this verifier reads one.", number=len(proof)
            )
        proof = proof[0] if proof else None
    if proof is None:
        raise SignatureError("The credential carries no proof.")
    if not isinstance(proof, dict):
        raise SignatureError("The credential's proof is not an object.")
    return proof


def _verification_method(proof: Mapping[str, Json]) -> tuple[str, str]:
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or "#" not in method:
        raise SignatureError("The proof names no verification method (did:…#key).")
    controller, _, fragment = method.partition("#")
    if not fragment.startswith("z6Mk"):
        raise SignatureUncheckedError(
            "The verification method {method} does not carry its key, and nothing is fetched.", method=method[:200]
        )
    if controller.startswith("did:key:") and controller != f"did:key:{fragment}":
        raise SignatureError("The verification method names two different keys.")
    return controller, fragment


def _issuer_id(credential: Mapping[str, Json]) -> Any:
    issuer = credential.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _check_options(proof: Mapping[str, Json], purpose: str, judged: Collection[str]) -> None:
    if proof.get("type") != "DataIntegrityProof":
        raise SignatureUncheckedError(
            "The proof is of type {type}; only DataIntegrityProof is known.", type=repr(proof.get("type"))[:100]
        )
    if proof.get("proofPurpose") != purpose:
        if purpose == "assertionMethod":
            raise SignatureError("The proof was not made to assert a credential (proofPurpose is not assertionMethod).")
        raise SignatureError("The proof's purpose is not {purpose}.", purpose=purpose)
    if "created" in proof:
        _check_created(proof["created"])
    for option in ("expires", "previousProof"):
        if option in proof and option not in judged:
            raise SignatureUncheckedError(
                "The proof has the option {option}, which this verifier does not judge.", option=option
            )


def _check_created(created: Json) -> None:
    if created is not None and not (isinstance(created, str) and _SHAPE.fullmatch(created)):
        raise SignatureError("The proof's time {value} is not a date and time with an offset.", value=repr(created))
    try:
        parse_instant(created or "")
    except CredentialError:
        text = "The proof's time {value} cannot be read."
        raise SignatureUncheckedError(text, value="null" if created is None else created) from None


def _document_for(document: Mapping[str, Json], options: Mapping[str, Json]) -> Mapping[str, Json]:
    """For JCS, the document under the proof's own contexts (3.3.2 step 3)."""
    if options.get("cryptosuite") != JCS or "@context" not in options:
        return document
    signed, present = _contexts(options), _contexts(document)
    if present[: len(signed)] != signed:
        raise SignatureError("The credential's contexts are not those that were signed.")
    if len(present) > len(signed):
        raise SignatureUncheckedError("The credential names contexts that were added after it was signed.")
    return {**document, "@context": options["@context"]}


def _contexts(holder: Mapping[str, Json]) -> list[Any]:
    value = holder.get("@context")
    return value if isinstance(value, list) else [value]
