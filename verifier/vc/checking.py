"""Checks one credential or presentation of any issuer, without a registry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from verifier.core.canonical import Json
from verifier.core.data_integrity import RDFC
from verifier.core.dates import Instant
from verifier.core.errors import SignatureError, SignatureUncheckedError
from verifier.core.linked_data import Canonicalise, canonical_quads
from verifier.core.sentence import Sentence
from verifier.vc.data_model import (
    ENVELOPED_PRESENTATION,
    credential_faults,
    enveloped_faults,
    is_enveloped,
    party_id,
    presentation_faults,
    presented,
)
from verifier.vc.faults import Fault, Faults, Kind, escaped
from verifier.vc.proofs import ASSERTION, AUTHENTICATION, Asked, Bench, check_proofs, counted
from verifier.vc.values import objects, timestamp

Node = dict[str, Any]
lenient_quads: Canonicalise = partial(canonical_quads, lenient=True)
"""Canonical N-Quads with the bundled contexts and those written out in a document."""


EXPIRED = "/validUntil"
"""The pointer of the fault of kind RANGE that says that a credential has expired."""
_ABOUT_FORM = frozenset({Kind.PARSING, Kind.MALFORMED})


class Standing(StrEnum):
    """The result for a credential or presentation by itself; none of these is a verdict."""

    GENUINE = "genuine"
    FALSE = "false"
    UNCHECKED = "could not check"


@dataclass(frozen=True)
class Finding:
    """The result of a check."""

    faults: tuple[Fault, ...]
    warnings: tuple[Sentence, ...] = ()
    controller: str | None = None
    """The owner of the key that signed it, as far as that could be checked."""

    @property
    def standing(self) -> Standing:
        """The result for all of it: false if anything is wrong, genuine only if everything was checked."""
        return _standing(self.faults)

    @property
    def signature(self) -> Standing:
        """The result for its signatures, whatever its form and dates; without a signing key it is never genuine."""
        found = _standing([fault for fault in self.faults if fault.kind not in _ABOUT_FORM | {Kind.RANGE}])
        return Standing.FALSE if found is Standing.GENUINE and self.controller is None else found

    @property
    def form(self) -> Standing:
        """The result for its data model."""
        return _standing([fault for fault in self.faults if fault.kind in _ABOUT_FORM])


def check_credential(credential: Json, bench: Bench) -> Finding:
    """Check a signed credential: its data model, its proofs, that the issuer signed it, and its dates."""
    if is_enveloped(credential):
        return Finding((*enveloped_faults(credential), _not_read()))
    bench = counted(bench)
    faults = credential_faults(credential)
    if not isinstance(credential, dict):
        return Finding(tuple(faults))
    proofs = check_proofs(credential, ASSERTION, bench)
    faults += proofs.faults
    faults += [*_undefined(credential, bench), *_dates(credential, bench)]
    faults += _of(credential, "issuer", proofs.controllers)
    controller = next(iter(proofs.controllers), None)
    return Finding(_each_once(faults), tuple(_warnings(credential)), controller)


def check_presentation(presentation: Json, bench: Bench, asked: Asked) -> Finding:
    """Check a signed presentation, that its holder signed it for this request, and every credential in it."""
    if is_enveloped(presentation, ENVELOPED_PRESENTATION):
        return Finding((*enveloped_faults(presentation, ENVELOPED_PRESENTATION), _not_read()))
    bench = counted(bench)
    faults = presentation_faults(presentation)
    if not isinstance(presentation, dict):
        return Finding(tuple(faults))
    proofs = check_proofs(presentation, AUTHENTICATION, bench, asked)
    faults += [*proofs.faults, *_undefined(presentation, bench)]
    faults += [*_of(presentation, "holder", proofs.controllers)] if "holder" in presentation else []
    for credential, place in presented(presentation):
        faults += [_moved(fault, place) for fault in _presented(credential, presentation, bench)]
    controller = next(iter(proofs.controllers), None)
    return Finding(_each_once(faults), tuple(_warnings(presentation)), controller)


def _standing(faults: Sequence[Fault]) -> Standing:
    if any(not fault.unchecked for fault in faults):
        return Standing.FALSE
    return Standing.UNCHECKED if faults else Standing.GENUINE


def _presented(credential: Json, presentation: Node, bench: Bench) -> tuple[Fault, ...]:
    if not isinstance(credential, dict):
        return ()
    if is_enveloped(credential):
        return (_not_read(),)
    holder = party_id(presentation, "holder")
    if "proof" not in credential and holder is not None and party_id(credential, "issuer") == holder:
        # What the holder says about itself is secured with the presentation (section 4.13.3).
        return (*credential_faults(credential), *_dates(credential, bench))
    return check_credential(credential, bench).faults


def _not_read() -> Fault:
    text = "Credentials that are secured with JOSE or COSE cannot be checked here."
    return Fault(Kind.PROOF_VERIFICATION, Sentence(text), "", unchecked=True)


def _moved(fault: Fault, place: str) -> Fault:
    return Fault(fault.kind, fault.sentence, place + fault.pointer, fault.unchecked)


def _of(document: Node, key: str, controllers: list[str]) -> Faults:
    """A fault if the issuer or holder that it names is not among those whose keys signed it."""
    if controllers and party_id(document, key) not in controllers:
        text = "The key that signed it belongs to {controller}, not to the issuer."
        if key == "holder":
            text = "The key that signed it belongs to {controller}, not to the holder."
        yield Fault(Kind.METHOD, Sentence(text, {"controller": controllers[0]}), f"/{key}")


def _undefined(document: Node, bench: Bench) -> Faults:
    """Faults for terms that no context defines (section 5.2), unless the signature check has already found them."""
    proofs = [each for each, _ in objects(document.get("proof"), "")]
    if all(isinstance(proof, dict) and proof.get("cryptosuite") == RDFC for proof in proofs):
        return
    try:
        bench.canonicalise({key: value for key, value in document.items() if key != "proof"})
    except SignatureError as error:
        yield Fault(Kind.MALFORMED, error.sentence)
    except SignatureUncheckedError as error:
        yield Fault(Kind.MALFORMED, error.sentence, unchecked=True)


def _dates(credential: Node, bench: Bench) -> Faults:
    begins = timestamp(credential.get("validFrom"), "")[0]
    ends = timestamp(credential.get("validUntil"), "")[0]
    if begins is not None and Instant.of(bench.now) < begins:
        yield Fault(Kind.RANGE, Sentence("It is not valid yet."), "/validFrom")
    if ends is not None and ends < Instant.of(bench.now):
        yield Fault(Kind.RANGE, Sentence("It has expired."), EXPIRED)


def _warnings(document: Node) -> Iterator[Sentence]:
    proofs = [each for each, _ in objects(document.get("proof"), "")]
    if any(isinstance(proof, dict) and proof.get("cryptosuite") == RDFC for proof in proofs):
        place = next(_directions(document, ""), None)
        if place is not None:
            yield Sentence("The signature does not cover the writing direction at {place}.", {"place": place})
    if "credentialStatus" in document:
        yield Sentence("It was not checked whether its issuer has revoked it since.")


def _directions(value: Json, pointer: str) -> Iterator[str]:
    if isinstance(value, dict):
        if "@direction" in value and "@value" in value:
            yield pointer
        for key, item in value.items():
            if key != "@context":
                yield from _directions(item, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _directions(item, f"{pointer}/{place}")


def _each_once(faults: list[Fault]) -> tuple[Fault, ...]:
    seen: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        seen.setdefault((str(fault.sentence), fault.pointer), fault)
    return tuple(seen.values())
