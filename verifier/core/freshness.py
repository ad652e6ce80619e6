"""Whether a missing record is not yet bad news, because a node may lag behind (SPEC.md section 11)."""

from collections.abc import Mapping
from typing import Any

from verifier.core.dates import Instant, parse_instant
from verifier.core.errors import CredentialError
from verifier.core.limits import LIMITS


def signed_at(credential: Mapping[str, Any]) -> Instant | None:
    """When the credential says that it was signed: its one proof's `created`; None where that cannot be read."""
    proof = credential.get("proof")
    created = proof.get("created") if isinstance(proof, dict) else None
    try:
        return parse_instant(created) if isinstance(created, str) else None
    except CredentialError:
        return None


def is_fresh(created: Instant, newest: int) -> bool:
    """Whether a signature's time is near enough to the newest block seen (Unix seconds), before or after it."""
    since = created.nanoseconds - Instant.of_seconds(newest).nanoseconds
    return abs(since) <= Instant.of_seconds(LIMITS.fresh_seconds).nanoseconds
