"""Of somebody else's credential only what its signature covers is shown, and nothing that steers."""

from io import BytesIO

import pytest

from tests.doubles import credential
from tests.scenes import Scenes
from tests.vc.conftest import Node, sign
from tests.vc.test_other_credentials import check, current
from verifier.answers.answer import words_of
from verifier.answers.report import answer_data
from verifier.answers.wording import Problem, Tone
from verifier.core.canonical import canonical
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier
from verifier.web import create_app


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes()


CREDENTIALS = "https://www.w3.org/2018/credentials#"
SPELLED = {
    "a date under its address": {CREDENTIALS + "validUntil": "2021-01-01T00:00:00Z"},
    "a status under its address": {CREDENTIALS + "credentialStatus": {"id": "https://st.example/1#5"}},
    "a claim without an address": {"_:degree": "Doctor of Medicine"},
    "a claim that is null": {"description": None},
    "a context of its own": {"@context": [CREDENTIALS_V2, {"achievement": "_:a"}], "achievement": {"name": "Doctor"}},
    "a context of nobody's": {"@context": [CREDENTIALS_V2, "https://example.org/c"], "achievement": "Doctor"},
    "a date in a list": {"validUntil": ["2021-01-01T00:00:00Z"]},
}


@pytest.mark.parametrize("case", SPELLED)
def test_what_is_spelled_otherwise_could_not_be_checked_and_is_not_shown(scenes: Scenes, case: str) -> None:
    answer = check(scenes.verifier, sign(current()) | SPELLED[case])
    assert answer.problem is Problem.OTHER_UNCHECKED
    assert answer.report is not None
    assert answer.report.covered == {}
    shown = answer_data(answer, [])["report"]["certificate"]
    assert not any(shown.values())


def test_what_a_false_signature_covers_is_not_shown_either(scenes: Scenes) -> None:
    node = sign(current())
    node["issuer"]["name"] = "Another College"
    data = answer_data(check(scenes.verifier, node), [])
    assert data["report"]["certificate"]["institution"] is None


class TestThePages:
    def post(self, scenes: Scenes, node: Node) -> tuple[int, str]:
        client = create_app(scenes.verifier, "https://verify.example.org").test_client()
        data = {"file": (BytesIO(canonical(node)), "badge.json")}
        answer = client.post("/?lang=en", data=data, content_type="multipart/form-data")
        return answer.status_code, answer.get_data(as_text=True)

    def test_show_nothing_that_is_not_signed(self, scenes: Scenes) -> None:
        node = sign(current())
        assert "Example College" in self.post(scenes, node)[1]
        _, html = self.post(scenes, node | {"_:degree": "Doctor of Medicine"})
        assert "Doctor" not in html
        assert "Example College" not in html
        assert "Its content is not shown, because no genuine signature covers it." in html

    def test_show_no_character_that_steers(self, scenes: Scenes) -> None:
        name = "\u202eegelloC\u202c \u0001 سارہ\u200cخان \u2067x\u2069"
        node = current()
        node["issuer"]["name"] = name
        _, html = self.post(scenes, sign(node))
        assert "\ufffdegelloC\ufffd \ufffd سارہ\u200cخان \ufffdx\ufffd" in html
        assert not set(html) & set("\u202e\u202c\u2067\u2069\u0001")


class TestOneThatNamesAnInstitutionOfOurs:
    """A bare credential whose signature is false is called that, though no verdict rests on a signature."""

    def test_that_no_registry_knows(self, scenes: Scenes) -> None:
        verdict = check(Verifier([scenes.registry], scenes.archive), self.changed()).verdict
        assert verdict is not None
        assert verdict.outcome in (Outcome.UNKNOWN, Outcome.UNAVAILABLE)
        words = words_of(check(scenes.verifier, self.changed()))
        assert str(words.headline).startswith("The signature of this certificate is false, and ")
        assert credential("Nobody")["issuer"]["id"].removeprefix("did:web:") in str(words.explanation)
        assert words.tone is (Tone.BAD if verdict.outcome is Outcome.UNKNOWN else Tone.UNSURE)

    def test_while_the_registry_is_silent(self) -> None:
        world = Scenes()
        world.registry.problem = "None of the 3 nodes answered."
        answer = check(world.verifier, self.changed())
        assert answer.verdict is not None
        assert answer.verdict.outcome is Outcome.UNAVAILABLE
        expected = "The signature of this certificate is false, and it could not be checked whether it was registered."
        assert str(words_of(answer).headline) == expected

    def test_whose_signature_is_genuine_is_not(self, scenes: Scenes) -> None:
        assert "signature" not in str(words_of(check(scenes.verifier, credential("Nobody"))).headline)

    def changed(self) -> Node:
        return credential("Nobody") | {"name": "Another course"}
