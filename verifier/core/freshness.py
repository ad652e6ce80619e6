"""Whether a missing record is no bad news yet, because a node may lag behind (SPEC.md section 11)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from verifier.core.credential import parse_timestamp
from verifier.core.errors import CredentialError
from verifier.core.limits import LIMITS
from verifier.core.verdict import moment


def signed_at(credential: Mapping[str, Any]) -> datetime | None:
    """When the credential says that it was signed: its one proof's `created`; None where that cannot be read."""
    proof = credential.get("proof")
    created = proof.get("created") if isinstance(proof, dict) else None
    try:
        return parse_timestamp(created) if isinstance(created, str) else None
    except CredentialError:
        return None


def is_fresh(created: datetime, newest: int) -> bool:
    """Whether a signature's time is near enough to the newest block seen (Unix seconds), before or after it."""
    return abs((created - moment(newest)).total_seconds()) <= LIMITS.fresh_seconds
