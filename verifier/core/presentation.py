"""The content of a Verifiable Presentation (Verifiable Credentials 2.0, section 4.13; SPEC.md section 11)."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from verifier.core.canonical import Json
from verifier.core.errors import SeveralCredentialsError, UnreadableError
from verifier.core.limits import LIMITS

_PARTS = frozenset({"@context", "credentialSubject", "proof"})


def is_credential(value: Json) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is a bare credential, whatever is in its three parts."""
    return isinstance(value, dict) and value.keys() >= _PARTS


def presented(value: Json) -> Mapping[str, Any] | None:
    """The one credential of a presentation, or None if a JSON value is not a presentation.

    Raises:
        SeveralCredentialsError: it contains several, each to be judged separately.
        UnreadableError: it contains none, too many, or one in a form that is not supported.
    """
    if not _is_presentation(value):
        return None
    held = value.get("verifiableCredential", [])
    held = held if isinstance(held, list) else [held]
    if not held:
        raise UnreadableError("This presentation carries no credential.")
    if len(held) > LIMITS.presentation_credentials:
        facts = {"number": len(held), "limit": LIMITS.presentation_credentials}
        raise UnreadableError("This presentation carries {number} credentials; at most {limit} are read.", **facts)
    if not all(map(is_credential, held)):
        raise UnreadableError("This presentation carries a credential in a form that is not read here.")
    if len(held) > 1:
        raise SeveralCredentialsError(held)
    credential: Mapping[str, Any] = held[0]
    return credential


def _is_presentation(value: Json) -> TypeGuard[dict[str, Any]]:
    kinds = value.get("type") if isinstance(value, dict) else None
    return kinds == "VerifiablePresentation" or (isinstance(kinds, list) and "VerifiablePresentation" in kinds)
