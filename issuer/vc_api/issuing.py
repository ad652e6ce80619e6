"""One credential signed on request: its data model checked first, and the signature after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer.text import utc
from verifier.core.canonical import Json
from verifier.core.data_integrity import JCS, RDFC, check_proof, proof_hash_data
from verifier.core.domain import did_web
from verifier.core.errors import SignatureError, SignatureUncheckedError
from verifier.core.linked_data import Canonicalise
from verifier.core.multikey import ed25519_multikey, to_multibase
from verifier.core.sentence import Sentence
from verifier.vc.data_model import credential_faults
from verifier.vc.faults import Fault, Kind, malformed
from verifier.vc.proofs import ASSERTION

Node = dict[str, Any]

SUITES = (RDFC, JCS)
"""The cryptosuites to issue with, the first where none is named."""


@dataclass(frozen=True, repr=False)
class Signatory:
    """A key and whose it is."""

    key: Ed25519PrivateKey
    domain: str | None = None
    """The institution's domain; None: the key speaks for nobody but itself (`did:key`)."""
    trial: bool = False
    """Whether the key was drawn for trials and is worth nothing."""

    @property
    def multikey(self) -> str:
        """The public key."""
        return ed25519_multikey(self.key.public_key().public_bytes_raw())

    @property
    def controller(self) -> str:
        """The identifier that issues."""
        return did_web(self.domain) if self.domain else f"did:key:{self.multikey}"

    @property
    def method(self) -> str:
        """The verification method of every proof."""
        return f"{self.controller}#{self.multikey}"


def trial_signatory() -> Signatory:
    """A key drawn now, which nobody keeps."""
    return Signatory(Ed25519PrivateKey.generate(), trial=True)


class RefusedError(Exception):
    """A credential that is not signed as it is, and why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault.sentence) for fault in faults))


def issue(credential: Json, suite: str, signatory: Signatory, now: datetime, canonicalise: Canonicalise) -> Node:
    """The credential with its proof by the signatory's key; an issuer that is missing is filled in.

    Raises:
        RefusedError: it is not a conforming credential, or names another issuer, or cannot be signed.
    """
    draft = _with_issuer(credential, signatory.controller)
    faults = [fault for fault in credential_faults(draft) if not fault.unchecked]
    faults += _of_another(draft, signatory.controller)
    if faults:
        raise RefusedError(faults)
    try:
        canonicalise(draft)  # what no context defines is refused with either suite
        return _signed(draft, suite, signatory, now, canonicalise)
    except (SignatureError, SignatureUncheckedError) as error:
        raise RefusedError([Fault(Kind.PROOF_GENERATION, error.sentence)]) from None


def _signed(draft: Node, suite: str, signatory: Signatory, now: datetime, canonicalise: Canonicalise) -> Node:
    options: Node = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": utc(now),
        "verificationMethod": signatory.method,
        "proofPurpose": ASSERTION,
    }
    if suite == JCS:
        options["@context"] = draft["@context"]
    signature = signatory.key.sign(proof_hash_data(draft, options, canonicalise))
    proof = {**options, "proofValue": to_multibase(signature)}
    check_proof(draft, proof, signatory.key.public_key().public_bytes_raw(), canonicalise)
    return {**draft, "proof": proof}


def _with_issuer(credential: Json, controller: str) -> Json:
    if not isinstance(credential, dict):
        return credential
    issuer = credential.get("issuer")
    if "issuer" not in credential:
        return {**credential, "issuer": controller}
    if isinstance(issuer, dict) and "id" not in issuer:
        return {**credential, "issuer": {"id": controller, **issuer}}
    return credential


def _of_another(draft: Json, controller: str) -> list[Fault]:
    if not isinstance(draft, dict):
        return []
    if "proof" in draft:
        return [malformed("/proof", "It carries a proof already.")]
    issuer = draft.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if name == controller:
        return []
    text = "The issuer here is {controller}; nothing is signed in another's name."
    return [Fault(Kind.PROOF_GENERATION, Sentence(text, {"controller": controller}), "/issuer")]
