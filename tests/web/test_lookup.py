from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.doubles import MAINNET
from tests.scenes import Scenes
from tests.web.reading import page_path, text_of, words_of
from verifier.core.codes import ShortCode, check_character, link, parse_code, short_code
from verifier.core.envelope import Envelope
from verifier.core.hashes import to_base64url, to_hex
from verifier.web import create_app


@pytest.fixture
def envelope(scenes: Scenes) -> Envelope:
    return scenes.certificates["valid"]


def test_the_first_page_takes_code_and_file_without_script(client: FlaskClient) -> None:
    text = text_of(client.get("/"))
    assert '<label for="q">' in text
    assert '<label for="file">' in text
    assert 'enctype="multipart/form-data"' in text


def test_every_way_of_writing_a_hash_leads_to_its_page(client: FlaskClient, envelope: Envelope) -> None:
    hash_ = envelope.hash
    for text in (
        to_hex(hash_),
        hash_.hex().upper(),
        to_base64url(hash_),
        f"  {link('https://elsewhere.example.com/verify', hash_)}?utm=1 ",
        short_code(hash_),
        short_code(hash_).replace("-", " ").lower(),
    ):
        response = client.get("/", query_string={"q": text})
        assert (response.status_code, response.location) == (303, page_path(envelope)), text


def test_other_spellings_in_the_address_lead_to_the_one_true_address(client: FlaskClient, envelope: Envelope) -> None:
    for text in (envelope.hash.hex(), short_code(envelope.hash)):
        assert client.get(f"/c/{text}").location == page_path(envelope)
    assert client.get(page_path(envelope) + "/").status_code == 200


def test_what_people_paste_leads_to_the_page(client: FlaskClient, envelope: Envelope) -> None:
    text, code = to_base64url(envelope.hash), short_code(envelope.hash)
    safelinks = f"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fv.example%2Fc%2F{text}&data=05"
    for pasted in (
        f"See <https://v.example/c/{text}>.",
        f"v.example/c/{text}",
        safelinks,
        f"https://v.example/c/{text[:20]}\r\n{text[20:]}",
        code.replace("-", "\u2013") + ".",
        f"\u200f(code {code})",
        f"{envelope.hash.hex()}\u200e",
    ):
        response = client.get("/", query_string={"q": pasted})
        assert (response.status_code, response.location) == (303, page_path(envelope)), pasted


@pytest.mark.parametrize("behind", [".", ")", ",", "%E2%80%8E", "%29.", "\u06d4", "-", "%20"])
def test_an_address_with_something_behind_it_finds_its_page(
    client: FlaskClient, envelope: Envelope, behind: str
) -> None:
    response = client.get(page_path(envelope) + behind)
    assert (response.status_code, response.location) == (303, page_path(envelope))


@pytest.mark.parametrize("letter", ["\u0131", "\u017f", "\u212a", "\ud800"])
def test_letters_that_fold_to_others_are_no_code(client: FlaskClient, envelope: Envelope, letter: str) -> None:
    text = to_base64url(envelope.hash)
    for pasted in (f"https://v.example/c/{letter}{text[1:]}", letter + text[1:], letter + "123-4567-89AM"):
        sent = pasted.encode("utf-8", "surrogatepass")
        assert client.get("/", query_string={"q": sent}).status_code == 400
        assert client.get("/c/" + quote(letter.encode("utf-8", "surrogatepass")) + text[1:]).status_code == 400


def test_several_in_one_text_are_listed_and_none_is_chosen(client: FlaskClient, scenes: Scenes) -> None:
    one, other = (scenes.certificates[name] for name in ("valid", "revoked"))
    response = client.get("/", query_string={"q": f"{link('https://a.example', one.hash)}, {page_path(other)}"})
    assert response.status_code == 200
    assert "This text contains 2 different links or codes." in words_of(response)
    for envelope in (one, other):
        assert f'href="{page_path(envelope)}"' in text_of(response)
    codes = [short_code(each.hash) for each in (one, other)]
    response = client.get("/", query_string={"q": " or ".join(codes)})
    for code in codes:
        assert f'href="/c/{code}"' in text_of(response)
    assert "Ayesha" not in words_of(response)


def test_a_link_that_leads_to_nothing_says_that_part_of_it_may_be_missing(client: FlaskClient) -> None:
    words = words_of(client.get(f"/c/{to_base64url(bytes(32))}"))
    assert "Part of the link or code may be missing." in words
    assert "Anyone can make" not in words


def test_a_mistyped_code_is_no_verdict(client: FlaskClient, envelope: Envelope) -> None:
    code = short_code(envelope.hash)
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    response = client.get("/", query_string={"q": wrong})
    assert response.status_code == 400
    words = words_of(response)
    assert "There is a typing mistake in this code." in words
    assert f"The code {wrong} is mistyped: its check character does not fit." in words
    assert f'value="{wrong}"' in text_of(response)


@pytest.mark.parametrize("text", ["hello", "https://example.org/c/short", "0x1234", "'\"><script>"])
def test_what_is_no_code_is_told(client: FlaskClient, text: str) -> None:
    response = client.get("/", query_string={"q": text})
    assert response.status_code == 400
    assert "This is not a complete link or code." in words_of(response)
    assert "<script>" not in response.get_data(as_text=True)


def test_a_cut_link_is_told(client: FlaskClient, envelope: Envelope) -> None:
    response = client.get(page_path(envelope)[:-3])
    assert response.status_code == 400
    assert "Copy the whole link" in words_of(response)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_told(client: FlaskClient, text: str) -> None:
    response = client.get("/", query_string={"q": text})
    assert response.status_code == 400
    assert "You did not give anything to check." in words_of(response)


def test_a_code_that_the_archive_does_not_hold_is_not_called_unknown(client: FlaskClient) -> None:
    digits = "ZZZZZZZZZZZ"
    response = client.get("/", query_string={"q": digits + check_character(digits)})
    assert response.status_code == 404
    assert "No certificate with this short code was found here. " in words_of(response)
    assert "It may still have been issued" in words_of(response)


def test_several_matches_are_listed_and_none_is_chosen(envelope: Envelope) -> None:
    scenes = Scenes(MAINNET)
    twin = envelope.hash[:8] + bytes(24)
    scenes.archive.envelopes[twin] = b"{}"
    client = create_app(scenes.verifier, "").test_client()
    response = client.get("/", query_string={"q": short_code(envelope.hash)})
    assert response.status_code == 200
    assert "This matches several certificates. " in words_of(response)
    assert f'href="{page_path(envelope)}"' in text_of(response)
    assert f'href="/c/{to_base64url(twin)}"' in text_of(response)
    assert isinstance(parse_code(short_code(twin)), ShortCode)


def test_the_envelope_can_be_taken_away(client: FlaskClient, scenes: Scenes, envelope: Envelope) -> None:
    response = client.get(page_path(envelope) + "/certificate.json")
    assert response.data == envelope.to_bytes()
    assert response.mimetype == "application/json"
    expected = f'attachment; filename="certificate-{short_code(envelope.hash)}.json"'
    assert response.headers["Content-Disposition"] == expected
    assert f'href="{page_path(envelope)}/certificate.json"' in text_of(client.get(page_path(envelope)))


def test_an_envelope_that_is_not_this_certificates_is_not_given_out(envelope: Envelope) -> None:
    scenes = Scenes(MAINNET)
    scenes.archive.envelopes[envelope.hash] = scenes.certificates["revoked"].to_bytes()
    client = create_app(scenes.verifier, "").test_client()
    assert client.get(page_path(envelope) + "/certificate.json").status_code == 404


def test_commitments_open_nothing(client: FlaskClient, envelope: Envelope) -> None:
    assert "Ayesha" not in words_of(client.get(f"/c/{to_base64url(envelope.commitment)}"))
