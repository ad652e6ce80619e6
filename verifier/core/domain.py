"""An institution's DNS domain and the `did:web` made of it (SPEC.md, before section 1)."""

import re

from verifier.core.limits import LIMITS

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")


def is_domain(text: str) -> bool:
    """Whether `text` is lower-case A-labels: two or more, no port, path or trailing dot."""
    return len(text) <= LIMITS.domain_chars and _DOMAIN.fullmatch(text) is not None


def did_web(domain: str) -> str:
    """The issuer identifier of an institution (did:web method specification)."""
    return f"did:web:{domain}"
