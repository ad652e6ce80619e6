"""Whatever is put into a signed credential, the answer is one of the core's own errors, soon."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer.credential.credential import draft_credential, sign_credential
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from tests.credential.variants import FULL_COURSE, FULL_ROW
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from verifier.core.credential import read_fields, validity
from verifier.core.data_integrity import JCS, RDFC, verify_proof
from verifier.core.errors import SignatureError, SignatureUncheckedError
from verifier.core.linked_data import canonical_quads

SIGNED = {
    suite: sign_credential(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY), KEY, DRAFTED, suite)
    for suite in (RDFC, JCS)
}
KEYS = st.one_of(
    st.text(max_size=9),
    st.sampled_from(["id", "type", "name", "proof", "issuer", "identifier", "result", "resultDescription"]),
    st.sampled_from(["@id", "@type", "@value", "@list", "@set", "@language", "@graph", "@context", "urn:x"]),
    st.sampled_from(["verificationMethod", "cryptosuite", "proofValue", "hashed", "image", "creditsEarned"]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["urn:x", "_:b0", "@type", "Image", "Profile", "@none", "did:web:x", "z6Mk", "#", "http://[", "en"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@given(st.sampled_from([RDFC, JCS]), VALUES, st.data())
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_anywhere(suite: str, value: Any, data: st.DataObject) -> None:
    credential = copy.deepcopy(SIGNED[suite])
    place: Any = credential
    while True:
        keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys) if isinstance(place, list) else st.sampled_from(keys) | KEYS)
        inner = place[key] if key in keys else None
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[key] = value
    changed = credential != SIGNED[suite]
    try:
        verify_proof(credential)
    except (SignatureError, SignatureUncheckedError):
        return
    assert not changed or says_the_same(credential, suite)
    assert read_fields(credential) == read_fields(SIGNED[suite])
    assert validity(credential) == validity(SIGNED[suite])
    assert credential.get("credentialStatus") == SIGNED[suite].get("credentialStatus")


def says_the_same(credential: dict[str, Any], suite: str) -> bool:
    """To RDF 3.0 is 3, and what stands twice stands once; such a change the signature bears (the hash does not)."""
    if suite == JCS:
        return False
    document = {key: value for key, value in credential.items() if key != "proof"}
    original = {key: value for key, value in SIGNED[suite].items() if key != "proof"}
    return canonical_quads(document) == canonical_quads(original)


@pytest.mark.parametrize("children", [8, 16, 60])
def test_alike_nodes_without_names_take_no_long_time(children: int) -> None:
    nodes = [{"type": "IdentityObject", "identityHash": "x", "identityType": "name"} for _ in range(children)]
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3], "type": ["AchievementSubject"], "identifier": nodes}
    assert canonical_quads(document).count("IdentityObject>") == children
