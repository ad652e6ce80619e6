"""The JSON-LD contexts that the verifier carries; no other is ever read (SPEC.md, signature)."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from verifier.core.canonical import Json

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_FILES = {
    CREDENTIALS_V2: "credentials-v2.json",
    DATA_INTEGRITY_V2: "data-integrity-v2.json",
    OPEN_BADGES_3: "open-badges-3.0.3.json",
    # Ours name the three above; these two stand in credentials of others.
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "open-badges-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "open-badges-extensions.json",
}


@cache
def bundled_contexts() -> Mapping[str, Json]:
    """The context documents by address, read once from the package."""
    folder = files("verifier.core") / "contexts"
    return MappingProxyType(
        {url: json.loads((folder / name).read_text(encoding="utf-8")) for url, name in _FILES.items()}
    )
