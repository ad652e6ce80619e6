"""Somebody else's credential: a report and never a verdict, the same in the command, on the pages and in the API."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.domain.conftest import certificates
from tests.domain.servers import Site, serve_site
from tests.doubles import credential
from tests.scenes import STRANGER, Scenes
from tests.vc.conftest import DID, MULTIKEY, OTHER_KEY, Node, sign, unsigned
from verifier.answers.answer import Answer, check_bytes, exit_code, words_of
from verifier.answers.other_credentials import Question, Reply
from verifier.answers.report import answer_data
from verifier.answers.wording import Problem, Tone
from verifier.commands import verify as cli
from verifier.core.baking import bake_png, bake_svg
from verifier.core.canonical import canonical
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.errors import OtherCredentialError
from verifier.core.hashes import certificate_hash, to_hex
from verifier.core.verdict import Check, Outcome, State
from verifier.core.verifier import Verifier
from verifier.domains.domain_lookup import DomainLookups, DomainSettings
from verifier.web import create_app

__all__ = ["certificates"]

COLLEGE = "college.example.org"
WEB = f"did:web:{COLLEGE}"
HEADLINE = "Signature genuine; not registered with a programme that we trust."


def current(issuer: str = DID) -> Node:
    """One that has not expired while this test is kept."""
    credential = unsigned(issuer)
    del credential["validUntil"]
    subject = [{"id": "did:example:subject", "description": "Reads well."}]
    return credential | {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "credentialSubject": subject,
    }


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes()


def check(verifier: Verifier, node: Node) -> Answer:
    return check_bytes(verifier, canonical(node), "badge.json")


def lines(answer: Answer) -> dict[Question, Reply]:
    assert answer.verdict is None
    assert answer.report is not None
    return {line.question: line.reply for line in answer.report.lines}


def test_a_genuine_one(scenes: Scenes) -> None:
    answer = check(scenes.verifier, sign(current()))
    assert answer.problem is Problem.OTHER_GENUINE
    assert lines(answer) == {
        Question.SIGNATURE: Reply.GENUINE,
        Question.REGISTRY: Reply.NONE,
        Question.FORM: Reply.AS_ASKED,
        Question.DATES: Reply.WITHIN,
        Question.REVOCATION: Reply.UNCHECKED,
    }
    words = words_of(answer)
    assert (str(words.headline), words.tone) == (HEADLINE, Tone.UNSURE)
    assert str(words.explanation).startswith("Its key is not tied to anyone: anybody can make one.")
    assert exit_code([answer]) == 3


def test_a_false_one(scenes: Scenes) -> None:
    node = sign(current())
    node["name"] = "Another"
    answer = check(scenes.verifier, node)
    assert (answer.problem, lines(answer)[Question.SIGNATURE]) == (Problem.OTHER_FALSE, Reply.FALSE)
    assert words_of(answer).tone is Tone.BAD
    assert str(words_of(answer).explanation).startswith("The signature is false")
    assert exit_code([answer]) == 1
    genuine = check(scenes.verifier, sign(current()))
    assert exit_code([genuine, answer]) == 1


NO_PROOFS = ([], {}, 0, 3, True, "", "x", ["x"], [None], [[]], ["x", 1])


@pytest.mark.parametrize("proof", NO_PROOFS, ids=repr)
def test_whatever_is_no_proof_makes_nothing_genuine(scenes: Scenes, proof: object) -> None:
    answer = check(scenes.verifier, current() | {"proof": proof})
    assert answer.problem is Problem.OTHER_FALSE
    assert answer.report is not None
    assert answer.report.covered == {}
    assert exit_code([answer]) == 1


@pytest.mark.parametrize("junk", ["x", 1, None, []])
def test_a_genuine_proof_beside_something_else_is_not_enough(scenes: Scenes, junk: object) -> None:
    node = sign(current())
    answer = check(scenes.verifier, node | {"proof": [node["proof"], junk]})
    assert (answer.problem, answer.report and answer.report.covered) == (Problem.OTHER_FALSE, {})


def test_a_credential_of_nothing_but_its_three_keys(scenes: Scenes) -> None:
    answer = check(scenes.verifier, {"@context": 1, "credentialSubject": 2, "proof": 3})
    assert answer.problem is Problem.OTHER_FALSE


@pytest.mark.parametrize("expires", ["never", None, 5, "2020-01-01"])
def test_a_proof_whose_end_cannot_be_read(scenes: Scenes, expires: object) -> None:
    node = sign(current(), suite="eddsa-jcs-2022", expires=expires)
    answer = check(scenes.verifier, node)
    assert (answer.problem, answer.report and answer.report.covered) == (Problem.OTHER_UNCHECKED, {})


@pytest.mark.parametrize("change", ["context", "suite"])
def test_one_that_could_not_be_checked(scenes: Scenes, change: str) -> None:
    node = sign(current())
    if change == "context":
        node["@context"].append("https://example.org/unknown")
    else:
        node["proof"]["cryptosuite"] = "bbs-2023"
    answer = check(scenes.verifier, node)
    assert answer.problem is Problem.OTHER_UNCHECKED
    assert lines(answer)[Question.SIGNATURE] is Reply.UNCHECKED
    assert words_of(answer).tone is Tone.UNSURE
    assert exit_code([answer]) == 3


def test_one_that_is_over_is_genuine_all_the_same(scenes: Scenes) -> None:
    node = current()
    node["validFrom"], node["validUntil"] = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"
    answer = check(scenes.verifier, sign(node))
    assert answer.problem is Problem.OTHER_GENUINE
    assert lines(answer)[Question.DATES] is Reply.OUTSIDE
    words = words_of(answer)
    expected = "Signature genuine; expired on 2021-01-01; not registered with a programme that we trust."
    assert (str(words.word), str(words.headline), words.tone) == ("Expired", expected, Tone.CHANGED)
    assert exit_code([answer]) == 1


def test_one_that_is_not_valid_yet(scenes: Scenes) -> None:
    answer = check(scenes.verifier, sign(current() | {"validFrom": "2126-01-01T00:00:00Z"}))
    expected = "Signature genuine; not valid yet; not registered with a programme that we trust."
    assert (str(words_of(answer).headline), lines(answer)[Question.DATES]) == (expected, Reply.OUTSIDE)
    assert exit_code([answer]) == 3


def test_one_whose_dates_cannot_be_read(scenes: Scenes) -> None:
    answer = check(scenes.verifier, sign(current() | {"validUntil": "soon"}))
    assert lines(answer)[Question.DATES] is Reply.UNCHECKED


def test_one_that_is_not_as_the_standard_asks(scenes: Scenes) -> None:
    node = current()
    node["evidence"] = [{"id": "https://example.org/e"}]
    answer = check(scenes.verifier, sign(node))
    assert answer.problem is Problem.OTHER_GENUINE
    assert lines(answer)[Question.FORM] is Reply.NOT_AS_ASKED
    assert answer.report is not None
    assert str(answer.report.lines[2].sentence) == "/evidence/0: There is no type here."


def test_without_a_proof_it_is_no_credential(scenes: Scenes) -> None:
    assert check(scenes.verifier, current()).problem is Problem.UNREADABLE
    assert check(scenes.verifier, {**current(), "proof": None}).problem is Problem.OTHER_FALSE


class TestWhoseItIs:
    """Where a registry knows the institution, or might, the question is whether it was registered: a verdict."""

    def test_of_an_institution_that_a_registry_knows(self, scenes: Scenes) -> None:
        verdict = check(scenes.verifier, credential("Nobody")).verdict
        assert verdict is not None
        assert verdict.outcome in (Outcome.UNKNOWN, Outcome.UNAVAILABLE)
        assert verdict.steps[Check.SIGNATURE.number - 1].state is State.PASSED

    def test_of_one_that_none_knows(self, scenes: Scenes) -> None:
        with pytest.raises(OtherCredentialError, match="No registry that this verifier trusts knows who issued"):
            scenes.verifier.check_file(canonical(credential("Nobody", domain=STRANGER)))
        answer = check(scenes.verifier, credential("Nobody", domain=STRANGER))
        assert answer.problem is Problem.OTHER_UNCHECKED  # its key is its own only if its domain says so

    def test_while_a_registry_is_silent(self) -> None:
        world = Scenes()
        world.registry.problem = "None of the 3 nodes answered."
        verdict = check(world.verifier, credential("Nobody", domain=STRANGER)).verdict
        assert verdict is not None
        assert verdict.outcome is Outcome.UNAVAILABLE
        assert check(world.verifier, sign(current())).problem is Problem.OTHER_GENUINE

    def test_with_no_registry_at_all(self) -> None:
        verdict = check(Verifier([]), credential("Nobody")).verdict
        assert verdict is not None
        assert verdict.outcome is Outcome.UNAVAILABLE

    def test_our_own_without_its_envelope_is_looked_up_by_its_hash(self, scenes: Scenes) -> None:
        envelope = scenes.certificates["valid"]
        for data in (canonical(envelope.credential), json.dumps(envelope.credential, indent=2).encode()):
            verdict = check_bytes(scenes.verifier, data).verdict
            assert verdict is not None
            assert (verdict.outcome, verdict.hash) == (Outcome.VALID, envelope.hash)
        revoked = check(scenes.verifier, dict(scenes.certificates["revoked"].credential)).verdict
        assert revoked is not None
        assert revoked.outcome is Outcome.REVOKED
        gone = dict(scenes.certificates["not in the archive"].credential)
        without = Verifier([scenes.registry])
        by_batch_file, by_nothing = (check(each, gone).verdict for each in (scenes.verifier, without))
        assert by_batch_file is not None
        assert by_batch_file.outcome is Outcome.VALID, "with its institution's batch file it is whole"
        assert by_nothing is not None
        assert by_nothing.outcome is Outcome.UNAVAILABLE


@pytest.fixture
def college(certificates: tuple[Path, Path]) -> Iterator[Site]:
    with serve_site(certificates[1]) as site:
        yield site


class TestTheDomainOfADidWeb:
    @pytest.fixture
    def verifier(self, scenes: Scenes, college: Site, certificates: tuple[Path, Path]) -> Verifier:
        settings = DomainSettings(seconds=2.0, places=((COLLEGE, college.url),), authorities=certificates[0])
        return Verifier([scenes.registry], scenes.archive, domains=DomainLookups(settings))

    def published(self, college: Site, *keys: str, path: str = "/.well-known/did.json", did: str = WEB) -> None:
        methods = [{"id": f"{did}#{key}", "type": "Multikey", "publicKeyMultibase": key} for key in keys]
        document = {"id": did, "verificationMethod": methods, "assertionMethod": [each["id"] for each in methods]}
        college.put(canonical(document), path=path)

    def signed(self, did: str = WEB) -> Node:
        return sign(current(did), verificationMethod=f"{did}#{MULTIKEY}")

    def test_that_lists_its_key(self, verifier: Verifier, college: Site) -> None:
        self.published(college, MULTIKEY)
        answer = check(verifier, self.signed())
        assert answer.problem is Problem.OTHER_GENUINE
        expected = "Its key is published by college.example.org: the owner of that website made this credential."
        assert str(words_of(answer).explanation) == expected
        check(verifier, self.signed())
        assert college.asked == ["/.well-known/did.json"]

    def test_with_a_path(self, verifier: Verifier, college: Site) -> None:
        did = f"{WEB}:staff"
        self.published(college, MULTIKEY, path="/staff/did.json", did=did)
        assert check(verifier, self.signed(did)).problem is Problem.OTHER_GENUINE

    def test_that_lists_another(self, verifier: Verifier, college: Site) -> None:
        self.published(college, "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
        answer = check(verifier, self.signed())
        assert answer.problem is Problem.OTHER_FALSE
        assert "does not list this key" in str(words_of(answer).explanation)

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"id":"did:web:other.example"}'])
    def test_that_publishes_something_else(self, verifier: Verifier, college: Site, body: bytes) -> None:
        college.put(body)
        answer = check(verifier, self.signed())
        assert answer.problem is Problem.OTHER_UNCHECKED
        assert "whose key it is could not be checked" in str(words_of(answer).explanation)

    def test_that_does_not_answer(self, verifier: Verifier, college: Site) -> None:
        college.put(b"", 500)
        assert check(verifier, self.signed()).problem is Problem.OTHER_UNCHECKED

    def test_that_is_not_asked(self, scenes: Scenes, verifier: Verifier, college: Site) -> None:
        assert check(scenes.verifier, self.signed()).problem is Problem.OTHER_UNCHECKED
        answer = check(verifier, self.signed("did:web:uni.example"))
        assert "uni.example does not exist: it is reserved for examples." in str(words_of(answer).explanation)
        assert college.asked == []

    def test_that_would_lead_into_the_operators_own_network(self, scenes: Scenes) -> None:
        verifier = Verifier([scenes.registry], scenes.archive, domains=DomainLookups(DomainSettings(seconds=2.0)))
        for did in ("did:web:localhost", "did:web:127.0.0.1", "did:web:127.0.0.1%3A8443"):
            answer = check(verifier, self.signed(did))
            assert answer.problem is Problem.OTHER_UNCHECKED
            assert re.search("names no domain|does not exist", str(words_of(answer).explanation))


def pixel() -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (2, 2), "white").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_baked_image_is_read_as_what_is_in_it(scenes: Scenes, kind: str) -> None:
    inside = canonical(sign(current()))
    baked = bake_png(pixel(), inside) if kind == "png" else bake_svg(pixel(), inside, "A badge")
    answer = check_bytes(scenes.verifier, baked)
    assert answer.problem is Problem.OTHER_GENUINE
    ours = canonical(scenes.certificates["valid"].credential)
    verdict = check_bytes(scenes.verifier, bake_png(pixel(), ours)).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID


def test_as_data(scenes: Scenes) -> None:
    node = sign(sign(current()), OTHER_KEY)
    data = answer_data(check(scenes.verifier, node), [])
    assert (data["verdict"], data["problem"], data["headline"]) == (None, "other-genuine", HEADLINE)
    report = data["report"]
    assert report["hash"] == to_hex(certificate_hash(node))
    assert (report["signature"], report["signed_by"], report["faults"]) == ("genuine", DID, [])
    assert [line["question"] for line in report["lines"]] == [question.value for question in Question]
    assert report["certificate"]["institution"] == "Example College"
    node["id"] = "x"
    [first, *_] = answer_data(check(scenes.verifier, node), [])["report"]["faults"]
    assert first["type"].startswith("https://www.w3.org/TR/vc-data-model#")
    assert json.dumps(data)


class TestTheCommand:
    @pytest.fixture
    def run(self, scenes: Scenes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(cli, "_open", lambda config, ask_domains: scenes.verifier)
        Path("badge.json").write_bytes(canonical(sign(current())))
        changed = sign(current())
        changed["credentialSubject"][0]["description"] = "Reads badly."
        Path("changed.json").write_bytes(canonical(changed))
        Path("valid.pdf").write_bytes(scenes.files["valid"])
        return lambda *arguments: CliRunner().invoke(cli.verify, arguments)

    def test_tells_what_was_found(self, run: Callable[..., Result]) -> None:
        answer = run("badge.json")
        assert answer.exit_code == 3
        assert answer.output.startswith("NOT REGISTERED  badge.json\n  " + HEADLINE)
        assert re.search(r"signature +genuine +Its key is not tied to anyone", answer.output)
        assert re.search(r"registry +not registered +No programme that this verifier trusts", answer.output)
        assert re.search(r"Issuer's identifier +did:key:z6Mk", answer.output)
        assert "valid" not in answer.output.lower().replace("valid from", "")

    def test_counts_it_as_neither_good_nor_bad_unless_it_is_false(self, run: Callable[..., Result]) -> None:
        assert run("badge.json", "valid.pdf").exit_code == 3
        assert run("badge.json", "changed.json").exit_code == 1
        short = run("--short", "badge.json", "changed.json").output
        assert short.splitlines() == [
            "NOT REGISTERED  badge.json",
            "SIGNATURE FALSE  changed.json",
            "2 inputs: 1 not registered, 1 signature false.",
        ]

    def test_as_json(self, run: Callable[..., Result]) -> None:
        [data] = json.loads(run("--json", "badge.json").output)
        assert (data["verdict"], data["report"]["signature"]) == (None, "genuine")


class TestThePages:
    def post(self, scenes: Scenes, node: Node, path: str = "/", language: str = "en") -> tuple[int, str]:
        from io import BytesIO

        client = create_app(scenes.verifier, "https://verify.example.org").test_client()
        data = {"file": (BytesIO(canonical(node)), "badge.json")}
        answer = client.post(f"{path}?lang={language}", data=data, content_type="multipart/form-data")
        return answer.status_code, answer.get_data(as_text=True)

    def test_say_it_and_are_never_green(self, scenes: Scenes) -> None:
        status, html = self.post(scenes, sign(current()))
        assert status == 200
        assert HEADLINE in html
        assert '<section class="verdict unsure">' in html
        assert "verdict good" not in html
        assert '<section class="certificate claimed"' in html
        assert "registry: <b>not registered</b>" in html
        assert DID in html

    def test_say_that_it_is_false(self, scenes: Scenes) -> None:
        node = sign(current())
        node["name"] = "<script>alert(1)</script>"
        status, html = self.post(scenes, node)
        assert (status, '<section class="verdict bad">' in html) == (200, True)
        assert "<script>alert" not in html

    def test_in_urdu(self, scenes: Scenes) -> None:
        _status, html = self.post(scenes, sign(current()), language="ur")
        assert "دستخط اصلی ہیں؛ سند کسی ایسے پروگرام کے ہاں درج نہیں جس پر ہم اعتماد کرتے ہیں۔" in html
        assert "Signature genuine" not in html

    def test_the_api(self, scenes: Scenes) -> None:
        status, text = self.post(scenes, sign(current()), "/api/v1/verify")
        data = json.loads(text)
        assert (status, data["verdict"], data["problem"]) == (200, None, "other-genuine")
