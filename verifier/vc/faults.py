"""What is wrong with a credential or presentation, in a form for programs (VC Data Model 2.0 section 7.2, RFC 9457)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from verifier.core.sentence import Sentence

_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"


class Kind(StrEnum):
    """Problem types: those of the data model, of Data Integrity 1.0 section 4.7, and of Controlled Identifiers 1.0."""

    PARSING = _MODEL + "PARSING_ERROR"
    CRYPTOGRAPHIC = _MODEL + "CRYPTOGRAPHIC_SECURITY_ERROR"
    MALFORMED = _MODEL + "MALFORMED_VALUE_ERROR"
    RANGE = _MODEL + "RANGE_ERROR"
    PROOF_GENERATION = _SECURITY + "PROOF_GENERATION_ERROR"
    PROOF_VERIFICATION = _SECURITY + "PROOF_VERIFICATION_ERROR"
    DOMAIN = _SECURITY + "INVALID_DOMAIN_ERROR"
    CHALLENGE = _SECURITY + "INVALID_CHALLENGE_ERROR"
    METHOD = _SECURITY + "INVALID_VERIFICATION_METHOD"


_TITLES = {
    Kind.PARSING: "The input could not be parsed",
    Kind.CRYPTOGRAPHIC: "The signature does not hold",
    Kind.MALFORMED: "A value is malformed",
    Kind.RANGE: "A value is out of range",
    Kind.PROOF_GENERATION: "It could not be signed",
    Kind.PROOF_VERIFICATION: "The proof could not be verified",
    Kind.DOMAIN: "The proof was made for another domain",
    Kind.CHALLENGE: "The proof answers another challenge",
    Kind.METHOD: "The verification method is not the signer's",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or that could not be checked."""

    kind: Kind
    sentence: Sentence
    pointer: str = ""
    """Where: an RFC 6901 JSON pointer into the document."""
    unchecked: bool = False
    """True: it is not known to be wrong, but could not be checked."""

    def details(self) -> dict[str, Any]:
        """The fault as an RFC 9457 problem details object."""
        details = {"type": self.kind.value, "title": _TITLES[self.kind], "detail": str(self.sentence)}
        if self.pointer:
            details["pointer"] = f"#{self.pointer}"
        return details


Faults = Iterator[Fault]


def malformed(pointer: str, text: str, **facts: Any) -> Fault:
    """A fault in the value at a place."""
    return Fault(Kind.MALFORMED, Sentence(text, facts), pointer)


def escaped(key: str) -> str:
    """A key, escaped for a JSON pointer (RFC 6901 section 3)."""
    return key.replace("~", "~0").replace("/", "~1")
