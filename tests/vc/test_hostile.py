"""Whatever stands anywhere in somebody else's credential or presentation, the answer is a report, and soon."""

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vc.conftest import NOW, Node, presentation, sign, unsigned
from tests.vc.test_lenient_reading import KEYS
from tests.vc.test_proofs import BENCH
from verifier.answers.other_credentials import examine
from verifier.vc.checking import check_presentation
from verifier.vc.proofs import Asked

CHAIN = sign(sign(unsigned(), id="urn:first"), previousProof=["urn:first"])
ASKED = {"challenge": "c", "domain": "d"}
PRESENTED = sign(presentation(sign(unsigned())), proofPurpose="authentication", **ASKED)
TEXTS = ["urn:x", "did:web:a.example#z6Mk", "did:key:z6Mkx#z6Mkx", "eddsa-jcs-2022", "2026-01-01T00:00:00Z", "u", "z"]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(TEXTS)
    | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def changed(node: Node, value: Any, data: st.DataObject) -> Node:
    """The node with this value in some place."""
    node = copy.deepcopy(node)
    place: Any = node
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    return node


@given(ANYTHING, st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_credential(value: Any, data: st.DataObject) -> None:
    report = examine(changed(CHAIN, value, data), None, NOW)
    assert all(str(line.sentence) for line in report.lines)


@given(ANYTHING, st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_presentation(value: Any, data: st.DataObject) -> None:
    finding = check_presentation(changed(PRESENTED, value, data), BENCH, Asked(**ASKED))
    assert all(fault.details()["detail"] for fault in finding.faults)
