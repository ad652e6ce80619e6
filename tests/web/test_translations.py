"""Every sentence that a page can say is there in every language, and the page says it."""

import base64
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.core.vector_files import VectorArchive, VectorRegistry, given, vectors
from tests.doubles import MAINNET
from tests.scenes import Scenes
from tests.sources import ROOT
from tests.web.reading import hand_in, page_path, words_of
from tools import translations
from verifier.core.codes import check_character
from verifier.core.verifier import Verifier
from verifier.web import create_app, language
from verifier.web.language import LANGUAGES, SENTENCE_END, SOURCE_LANGUAGE

OTHERS = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    return translations.sentences()


def how_to(code: str) -> str:
    path = translations.file_of(code).relative_to(ROOT)
    return (
        f"Run `make translations`, then write the {LANGUAGES[code]} into every empty msgstr of {path} "
        "(docs/translating.md)."
    )


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_translated_with_its_places_and_none_is_stale(code: str, said: dict[str, set[str]]) -> None:
    catalogue = translations.stored(code)
    assert catalogue is not None
    listed = {message.id: message for message in catalogue if message.id}
    assert not [f"new: {text}" for text in sorted(set(said) - set(listed))], how_to(code)
    assert not [f"stale: {text}" for text in sorted(set(listed) - set(said))], how_to(code)
    assert not list(translations.problems(catalogue)), how_to(code)


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_is_as_the_tool_writes_it(code: str) -> None:
    assert translations.written(translations.updated(code)) == translations.file_of(code).read_bytes(), how_to(code)


def test_the_tool_finds_sentences_wherever_they_are_said(said: dict[str, set[str]]) -> None:
    for text, file in (
        ("Is this certificate genuine?", "verifier/web/templates/home.html"),
        ("This certificate is valid.", "verifier/answers/wording.py"),
        ("It has been revoked.", None),
        ("misconduct", "verifier/core/steps.py"),
        ("did not answer in time", "verifier/chain/node.py"),
        ("This is not well-formed JSON (RFC 8259).", "verifier/core/canonical.py"),
        ("Who vouches for it", "verifier/web/chain.py"),
        ("Batch root", "verifier/web/pages.py"),
        ("{node} {what}.", "verifier/chain/node.py"),
    ):
        assert file in said[text] if file else text not in said, text


def test_urdu_is_written_with_urdus_own_letters_and_stops() -> None:
    catalogue = translations.stored("ur")
    assert catalogue is not None
    for message in catalogue:
        text = str(message.string)
        if message.id:
            assert not re.search("[كيىةه]", text), text  # Arabic's letters, not Urdu's
            own = re.sub(r"\{\w+\}|[\w/:.^±−()-]*[A-Za-z0-9][\w/:.…#^±−()-]*", "", text)
            assert not re.search(r"[,;?]|\.$", own), text
            assert text == text.strip()


class _Misses(list[str]):
    """Notes what is said to people and stands in no catalogue."""

    def __init__(self, code: str) -> None:
        catalogue = translations.stored(code)
        assert catalogue is not None
        self._known = {str(message.id) for message in catalogue}

    def gettext(self, text: str) -> str:
        if text == "down":  # what the vectors' silent registries say
            return text
        for part in [text] if text in self._known else SENTENCE_END.split(text):
            if part not in self._known and re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", part)):
                self.append(part)
        return language._catalogue("ur").gettext(text)


@pytest.fixture
def misses(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Misses]:
    noted = _Misses("ur")
    monkeypatch.setattr(language, "gettext", noted.gettext)
    yield noted
    assert not set(noted), "said on a page and in no catalogue; " + how_to("ur")


def test_pages_of_every_verdict_and_problem_are_said_in_urdu(scenes: Scenes, misses: _Misses) -> None:
    client = create_app(scenes.verifier, "", checks_per_minute=100).test_client()
    absent = "Z" * 11 + check_character("Z" * 11)
    codes = ["", "1234", "ABCD-EFGH-JKMN", absent, *(page_path(each) for each in scenes.certificates.values())]
    codes.append(page_path(scenes.certificates["valid"])[:-1] + "-")
    for code in codes:
        client.get("/", query_string={"lang": "ur", "q": code}, follow_redirects=True)
    for data in (*scenes.files.values(), b"%PDF-1.4", b"", b"x" * 10_000_001, b"x" * 10_200_000):
        hand_in(client, data, address="/?lang=ur")
    for address in ("/", "/nothing", "/c/" + "A" * 43):
        client.get(address, query_string={"lang": "ur"})
    client.put("/?lang=ur")
    while client.get("/?q=1&lang=ur").status_code != 429:
        pass


@pytest.mark.parametrize("folder", ["json/refused", "files/unreadable", "files/altered", "files/intact"])
def test_what_is_said_of_every_file_among_the_vectors_is_said_in_urdu(folder: str, misses: _Misses) -> None:
    client = create_app(Scenes(MAINNET).verifier, "").test_client()
    for parameter in vectors(folder):
        hand_in(client, given(parameter.values[0]), address="/?lang=ur")


def test_verdicts_of_the_vectors_are_said_in_urdu(misses: _Misses) -> None:
    for parameter in vectors("verdicts"):
        vector = parameter.values[0]
        registries = [VectorRegistry(entry, number) for number, entry in enumerate(vector["registries"], 1)]
        client = create_app(Verifier(registries, VectorArchive(vector.get("archive", {}))), "").test_client()
        if "file" in vector:
            hand_in(client, base64.b64decode(vector["file"]), address="/?lang=ur")
        else:
            client.get("/", query_string={"lang": "ur", "q": vector["hash"]}, follow_redirects=True)


def test_the_page_speaks_the_language_asked_for(client: FlaskClient, scenes: Scenes) -> None:
    path = page_path(scenes.certificates["valid"])
    urdu = client.get(path, headers={"Accept-Language": "ur-PK,ur;q=0.9,en;q=0.5"})
    assert "یہ سند معتبر ہے۔" in words_of(urdu)
    assert '<html lang="ur" dir="rtl">' in urdu.get_data(as_text=True)
    assert urdu.headers["Content-Language"] == "ur"
    assert "Accept-Language" in urdu.headers["Vary"]
    asked = client.get(path + "?lang=en", headers={"Accept-Language": "ur"})
    assert "This certificate is valid." in words_of(asked)
    assert "This certificate is valid." in words_of(client.get(path + "?lang=xx", headers={"Accept-Language": "de"}))


def test_the_other_language_is_offered_at_the_same_address(client: FlaskClient, scenes: Scenes) -> None:
    path = page_path(scenes.certificates["valid"])
    for address, there in (
        (path, f"{path}?lang=ur"),
        ("/?q=ABCD-EFGH-JKMN", "/?q=ABCD-EFGH-JKMN&amp;lang=ur"),
        ("/no page?x=1&lang=en", "/no%20page?x=1&amp;lang=ur"),
        ("/problems/too-large", "/problems/too-large?lang=ur"),
    ):
        body = client.get(address).get_data(as_text=True)
        assert f'<a href="{there}" lang="ur" hreflang="ur">اردو</a>' in body, address
    body = hand_in(client, scenes.files["valid"]).get_data(as_text=True)
    assert f'<a href="{path}?lang=ur" lang="ur" hreflang="ur">' in body
