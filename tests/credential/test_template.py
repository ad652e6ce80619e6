"""The quick canonicalisation equals the slow one, whatever the content."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer.course.course import Course
from issuer.credential import quads_template
from issuer.credential.credential import draft_credential, sign_credential
from issuer.credential.quads_template import QuadsTemplates
from issuer.roster import Row
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from tests.credential.variants import VARIANTS
from verifier.core.errors import UnknownTermError
from verifier.core.linked_data import canonical_quads

TEMPLATES = QuadsTemplates()

awkward = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from('\0\b\t\n\f\r\x0b\x1f\x7f\x85\u2028\u200f\u202e\ufffe\uffff"\\{}<>_:%😀یےہمarker-0 '),
    ),
    max_size=30,
)
ids = st.one_of(
    st.uuids().map(lambda uuid: f"urn:uuid:{uuid}"),
    st.uuids().map(lambda uuid: f"urn:uuid:{uuid}#grade"),
    st.integers(0, 131071).map(lambda place: f"https://verify.uni.example/status/uni.example/1#{place}"),
    st.sampled_from(["urn:uuid:same", "did:web:uni.example", "urn:uuid:marker-1-"]),
)
numbers = st.one_of(st.integers(1, 300), st.integers(1, 30000).map(lambda cents: cents / 100))


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    draft = copy.deepcopy(draft_credential(*draw(st.sampled_from(list(VARIANTS.values()))), IDENTITY))
    subject = draft["credentialSubject"]
    draft["id"], subject["id"], draft["credentialStatus"]["id"] = draw(ids), draw(ids), draw(ids)
    draft["credentialStatus"]["statusListIndex"] = draw(awkward)
    for identity in subject["identifier"]:
        identity["identityHash"] = draw(awkward)
        if "salt" in identity:
            identity["salt"] = draw(awkward)
    for result in subject.get("result", []):
        result["id"], result["value"] = draw(ids), draw(awkward)
    if "creditsEarned" in subject:
        subject["creditsEarned"] = draw(numbers)
    if draw(st.booleans()):
        draft["name"] = draw(awkward)
        subject["source"]["name"] = draw(awkward)
    return draft


@given(drafts())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_template_says_what_the_slow_way_says(draft: dict[str, Any]) -> None:
    before = copy.deepcopy(draft)
    expected = canonical_quads(draft)
    assert TEMPLATES(draft) == expected, "compiled, or found among the shapes"
    assert TEMPLATES(draft) == expected, "found among the shapes"
    assert draft == before


def test_one_shape_is_expanded_once(course: Course, rows: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(
        quads_template, "canonical_quads", lambda document: calls.append(1) or canonical_quads(document)
    )
    templates = QuadsTemplates()
    drafts = [draft_credential(course, row, IDENTITY) for row in rows]
    assert [templates(draft) for draft in drafts] == [canonical_quads(draft) for draft in drafts]
    assert len(calls) == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_bytes_are_signed(variant: str) -> None:
    draft = draft_credential(*VARIANTS[variant], IDENTITY)
    assert sign_credential(draft, KEY, DRAFTED, canonicalise=QuadsTemplates()) == sign_credential(draft, KEY, DRAFTED)


def test_two_identities_that_nothing_tells_apart_go_the_slow_way(draft: dict[str, Any]) -> None:
    identifiers = draft["credentialSubject"]["identifier"]
    identifiers[1] = dict(identifiers[0])
    assert TEMPLATES(draft) == canonical_quads(draft)


def test_a_course_that_talks_like_a_marker_goes_the_slow_way(draft: dict[str, Any]) -> None:
    draft["name"] = "marker-0-"
    assert TEMPLATES(draft) == canonical_quads(draft)


def test_what_is_wrong_is_said_as_the_slow_way_says_it(draft: dict[str, Any]) -> None:
    draft["credentialSubject"]["honours"] = "summa"
    for _ in range(2):
        with pytest.raises(UnknownTermError, match="It holds 'honours', which no edition known here"):
            TEMPLATES(draft)


def test_shapes_are_forgotten_in_time(draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quads_template, "SHAPES_KEPT", 2)
    templates = QuadsTemplates()
    for term in ("a", "b", "c", "a"):
        draft["credentialSubject"]["term"] = term
        assert templates(draft) == canonical_quads(draft)
    assert len(templates._templates) == 2
