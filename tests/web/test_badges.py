"""Downloads for wallets and the pictures of a course, as pages and browsers see them."""

import io
import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.doubles import DOMAIN
from tests.scenes import Scenes
from tests.web.conftest import ORIGIN
from tests.web.reading import hand_in, page_path, text_of, words_of
from verifier.core.canonical import canonical
from verifier.core.hashes import sha256, to_base64url
from verifier.web import create_app

COURSE = "5b0f6c8e-2a1d-4c3b-8e7f-112233445566"


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (12, 12), colour).save(file, "PNG")
    return file.getvalue()


CARD, BADGE = png("teal"), png("gold")


@pytest.fixture(scope="module")
def drawn() -> Scenes:
    scenes = Scenes()
    scenes.archive.cards[DOMAIN, COURSE] = CARD
    scenes.archive.badges[DOMAIN, COURSE] = BADGE
    return scenes


@pytest.fixture
def wallet_client(drawn: Scenes) -> FlaskClient:
    return create_app(drawn.verifier, ORIGIN).test_client()


def test_the_page_links_every_download_and_each_is_the_certificate(wallet_client: FlaskClient, drawn: Scenes) -> None:
    envelope = drawn.certificates["valid"]
    page = text_of(wallet_client.get(page_path(envelope)))
    links = re.findall(r'<a href="([^"]+)" download>', page)
    assert [each.rsplit("/", 1)[1] for each in links] == [
        *("certificate.json", "credential.json", "badge.png", "badge.svg"),
    ]
    found = [wallet_client.get(each) for each in links]
    assert [each.status_code for each in found] == [200] * 4
    assert all("attachment" in each.headers["Content-Disposition"] for each in found)
    assert found[0].data == envelope.to_bytes()
    assert found[1].data == canonical(dict(envelope.credential))
    assert found[1].mimetype == "application/vc"
    image = Image.open(io.BytesIO(found[2].data))
    assert sha256(image.text["openbadgecredential"].encode()) == envelope.hash  # type: ignore[attr-defined]
    text = ElementTree.fromstring(found[3].data).findtext("{https://purl.imsglobal.org/ob/v3p0}credential")
    assert sha256((text or "").encode()) == envelope.hash


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("name", ["valid", "revoked"])
def test_a_badge_that_is_handed_in_gets_its_certificates_verdict(
    wallet_client: FlaskClient, drawn: Scenes, kind: str, name: str
) -> None:
    path = page_path(drawn.certificates[name])
    badge = wallet_client.get(f"{path}/badge.{kind}").data
    words = words_of(hand_in(wallet_client, badge, f"badge.{kind}"))
    assert f"This certificate is {'valid' if name == 'valid' else 'revoked'}." in words or "revoked" in words.lower()
    assert "The file was read: badge with a credential inside." in words


def test_a_badge_with_a_changed_credential_is_not_good(wallet_client: FlaskClient, drawn: Scenes) -> None:
    svg = wallet_client.get(f"{page_path(drawn.certificates['valid'])}/badge.svg").data
    words = words_of(hand_in(wallet_client, svg.replace(b"Ayesha Khan", b"Ayesha Kham"), "badge.svg"))
    assert "This certificate is valid." not in words


def test_without_a_picture_there_is_no_badge_and_no_link_to_one(client: FlaskClient, scenes: Scenes) -> None:
    path = page_path(scenes.certificates["valid"])
    assert "badge.png" not in text_of(client.get(path))
    assert client.get(f"{path}/badge.png").status_code == 404
    assert client.get(f"{path}/credential.json").status_code == 200


@pytest.mark.parametrize("path", ["badge.gif", "badge.pdf"])
def test_other_kinds_are_not_found(wallet_client: FlaskClient, drawn: Scenes, path: str) -> None:
    assert wallet_client.get(f"{page_path(drawn.certificates['valid'])}/{path}").status_code == 404
    assert wallet_client.get(f"/c/{to_base64url(bytes(32))}/badge.png").status_code == 404


def test_the_courses_badge_is_for_everybody_and_says_nothing_of_anybody(wallet_client: FlaskClient) -> None:
    response = wallet_client.get(f"/badges/{DOMAIN}/{COURSE}.png")
    assert (response.status_code, response.data) == (200, BADGE)
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    for path in (f"/badges/{DOMAIN}/{COURSE[:-1]}0.png", f"/badges/other.example/{COURSE}.png", "/badges/x/..png"):
        assert wallet_client.get(path).status_code == 404


def test_a_link_is_previewed_by_its_course_without_a_name(wallet_client: FlaskClient, drawn: Scenes) -> None:
    path = page_path(drawn.certificates["valid"])
    head = wallet_client.get(path).text.partition("</head>")[0]
    assert f'<meta property="og:image" content="{ORIGIN}{path}/card.png">' in head
    assert "Ayesha Khan" not in head
    assert wallet_client.get(f"{path}/card.png").data == CARD
    revoked = page_path(drawn.certificates["revoked"])
    assert "og:image" not in wallet_client.get(revoked).text
    assert wallet_client.get(f"{revoked}/card.png").status_code == 404
