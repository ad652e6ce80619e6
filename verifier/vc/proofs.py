"""Data Integrity proofs of any holder or issuer: single proofs, sets and chains (Data Integrity 1.0, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from verifier.core.data_integrity import check_proof
from verifier.core.dates import Instant
from verifier.core.errors import SanadError, SignatureError, SignatureUncheckedError
from verifier.core.linked_data import Canonicalise
from verifier.core.sentence import Sentence
from verifier.vc.counted import Counted
from verifier.vc.faults import Fault, Faults, Kind
from verifier.vc.keys import DidDocuments, carried_key, documented_key
from verifier.vc.values import objects, timestamp

Node = dict[str, Any]

ASSERTION = "assertionMethod"
AUTHENTICATION = "authentication"
MAX_PROOFS = 8
"""The most proofs of one document that are checked."""
_JUDGED = ("expires", "previousProof")


@dataclass(frozen=True)
class Asked:
    """What a verifier asked the presenter for; None for what it did not ask."""

    challenge: str | None = None
    domain: str | None = None


@dataclass(frozen=True)
class Bench:
    """What proofs are checked with.

    Args:
        now: the time, with its offset.
        canonicalise: how JSON-LD becomes canonical N-Quads.
        documents: where the documents of `did:web` come from; None: they are not fetched.
    """

    now: datetime
    canonicalise: Canonicalise
    documents: DidDocuments | None = None


def counted(bench: Bench) -> Bench:
    """The bench with a canonicalisation whose total cost is limited."""
    if isinstance(bench.canonicalise, Counted):
        return bench
    return replace(bench, canonicalise=Counted(bench.canonicalise))


@dataclass
class Proofs:
    """The result for a document's proofs."""

    faults: list[Fault] = field(default_factory=list)
    controllers: list[str] = field(default_factory=list)
    """The identifiers whose keys signed it; each key is proved to be theirs."""


def check_proofs(document: Node, purpose: str, bench: Bench, asked: Asked | None = None) -> Proofs:
    """Check every proof of a document; all must be genuine."""
    proofs = [each for each, _ in objects(document["proof"], "")] if document.get("proof") else []
    if not proofs:
        return Proofs([Fault(Kind.PROOF_VERIFICATION, Sentence("It has no proof."))])
    if len(proofs) > MAX_PROOFS:
        text = Sentence("It has {number} proofs; at most {limit} are read.", _numbers(len(proofs)))
        return Proofs([Fault(Kind.PROOF_VERIFICATION, text, "/proof", unchecked=True)])
    result = Proofs()
    for proof, place in objects(document["proof"], "/proof"):
        if not isinstance(proof, dict):
            result.faults.append(Fault(Kind.PARSING, Sentence("A proof must be an object."), place))
            no_object = Sentence("It has a proof that is not an object.")
            result.faults.append(Fault(Kind.PROOF_VERIFICATION, no_object, place))
            continue
        result.faults += [*_circumstances(proof, place, bench, asked or Asked(), purpose)]
        _check_one(document, proof, proofs, place, purpose, bench, result)
    return result


def _check_one(
    document: Node, proof: Node, proofs: list[Any], place: str, purpose: str, bench: Bench, result: Proofs
) -> None:
    secured = {key: value for key, value in document.items() if key != "proof"}
    try:
        if "previousProof" in proof:
            secured["proof"] = _previous(proof, proofs)
        method = _method(proof)
        result.faults += _signed(secured, proof, method, purpose, bench, place)
        result.controllers.append(method.partition("#")[0])
    except SignatureError as error:
        result.faults.append(Fault(Kind.CRYPTOGRAPHIC, error.sentence, place))
    except SignatureUncheckedError as error:
        result.faults.append(Fault(Kind.PROOF_VERIFICATION, error.sentence, place, unchecked=True))


def _signed(secured: Node, proof: Node, method: str, purpose: str, bench: Bench, place: str) -> list[Fault]:
    """Check the signature with the key in the proof or in the document; it is a fault if only the proof names the key.

    Raises:
        SignatureError, SignatureUncheckedError: as `check_proof`, and if the document lists another key.
    """
    key = carried_key(method)
    if key is not None:
        check_proof(secured, proof, key, bench.canonicalise, purpose, _JUDGED)
    controller = method.partition("#")[0]
    if controller.startswith("did:key:"):
        return []
    try:
        documented = documented_key(_document(controller, bench.documents), method, purpose)
    except SignatureUncheckedError as error:
        if key is None:
            raise
        text = "The signature fits the key that the proof names, but whose key it is could not be checked. {reason}"
        return [Fault(Kind.METHOD, Sentence(text, {"reason": error.sentence}), place, unchecked=True)]
    if key is None:
        check_proof(secured, proof, documented, bench.canonicalise, purpose, _JUDGED)
    elif key != documented:
        raise SignatureError("The document of {did} lists another key under this name.", did=controller)
    return []


def _document(controller: str, documents: DidDocuments | None) -> Mapping[str, Any]:
    if not controller.startswith("did:web:"):
        raise SignatureUncheckedError(
            "Keys of {did} are not supported here, only those of did:key and did:web.", did=controller[:200]
        )
    if documents is None:
        raise SignatureUncheckedError("The document of {did} was not asked for.", did=controller[:200])
    try:
        return documents.document(controller)
    except SanadError as error:
        text = "The document of {did} could not be read: {reason}"
        raise SignatureUncheckedError(text, did=controller[:200], reason=error.sentence) from None


def _method(proof: Node) -> str:
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or "#" not in method:
        raise SignatureError("The proof names no verification method (did:…#key).")
    return method


def _previous(proof: Node, proofs: list[Any]) -> list[Node]:
    """The proofs that this one follows; its signature covers them."""
    named = [each for each, _ in objects(proof["previousProof"], "")]
    found = [each for name in named for each in proofs if isinstance(each, dict) and each.get("id") == name]
    if len(found) != len(named) or proof in found:
        raise SignatureError("The proof follows another one that is not here.")
    return found


def _circumstances(proof: Node, place: str, bench: Bench, asked: Asked, purpose: str) -> Faults:
    """Checks around a signature: whether the proof has expired, and which request it answers."""
    ends = timestamp(proof["expires"], "")[0] if "expires" in proof else None
    if ends is not None and ends < Instant.of(bench.now):
        yield Fault(Kind.PROOF_VERIFICATION, Sentence("The proof has expired."), f"{place}/expires")
    if ends is None and "expires" in proof:
        unread = Sentence("The time when the proof expires cannot be read.")
        yield Fault(Kind.PROOF_VERIFICATION, unread, f"{place}/expires", unchecked=True)
    domains = [each for each, _ in objects(proof.get("domain", []), "")]
    if asked.domain is not None and asked.domain not in domains:
        yield Fault(Kind.DOMAIN, Sentence("The proof was not made for the domain that was asked for."), place)
    if asked.challenge is not None and asked.challenge != proof.get("challenge"):
        yield Fault(Kind.CHALLENGE, Sentence("The proof does not answer the challenge that was given."), place)
    if purpose == AUTHENTICATION and asked.challenge is None:
        text = "Say which challenge was given: without it, a presentation may be an old one."
        yield Fault(Kind.CHALLENGE, Sentence(text), place)
    if purpose == AUTHENTICATION and asked.domain is None and domains:
        text = "Say for which domain it was asked: the proof was made for one."
        yield Fault(Kind.DOMAIN, Sentence(text), place)


def _numbers(number: int) -> dict[str, int]:
    return {"number": number, "limit": MAX_PROOFS}
