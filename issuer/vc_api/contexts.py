"""What the VC API reads besides the contexts that verifiers carry (docs/vc-api.md)."""

from collections.abc import Mapping
from functools import partial

from verifier.core.canonical import Json
from verifier.core.contexts import bundled_contexts
from verifier.core.linked_data import Canonicalise, canonical_quads

EXAMPLES: Mapping[str, Json] = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    }
}
"""The W3C's context of its examples and conformity tests: it defines every name, so only here is it read."""


def lenient_reader(contexts: Mapping[str, Json] | None = None) -> Canonicalise:
    """How the VC API canonicalises JSON-LD: leniently, with its own contexts and some more."""
    return partial(canonical_quads, contexts={**(contexts or {}), **EXAMPLES, **bundled_contexts()}, lenient=True)
