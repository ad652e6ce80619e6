"""What holds for every response."""

import re
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from tests.scenes import Scenes
from tests.web.reading import hand_in, page_path, words_of
from verifier.web import create_app

WEB = Path(create_app.__globals__["__file__"]).parent


@pytest.fixture
def app(scenes: Scenes) -> Flask:
    app = create_app(scenes.verifier, "https://verify.example.org")

    def throttled() -> None:
        abort(429)

    def broken() -> None:
        raise KeyError("a secret detail")

    app.add_url_rule("/throttled", view_func=throttled)
    app.add_url_rule("/broken", view_func=broken)
    return app


def _everything(client: FlaskClient, scenes: Scenes) -> dict[str, object]:
    certificate = page_path(scenes.certificates["valid"])
    style = client.get("/static/sanad.css")
    style.close()
    return {
        "home": client.get("/"),
        "page": client.get(certificate),
        "envelope": client.get(certificate + "/certificate.json"),
        "upload": hand_in(client, scenes.files["altered"]),
        "redirect": client.get("/?q=" + certificate[3:]),
        "mistyped": client.get("/?q=ABCD-EFGH-JKMN"),
        "api": client.get("/api/v1/certificates/" + certificate[3:]),
        "404": client.get("/nothing"),
        "405": client.put("/"),
        "429": client.get("/throttled"),
        "style": style,
    }


def test_every_response_carries_the_security_headers(app: Flask, scenes: Scenes) -> None:
    for name, response in _everything(app.test_client(), scenes).items():
        headers = response.headers  # type: ignore[attr-defined]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert (headers["Cache-Control"] == "no-store") == (name != "style")
        assert "Set-Cookie" not in headers, name


def test_errors_have_the_pages_own_words_and_style(app: Flask) -> None:
    client = app.test_client()
    for path, status, headline in (
        ("/nothing", 404, "There is no such page."),
        ("/throttled", 429, "Too many checks came from your connection."),
        ("/broken", 500, "Something went wrong in this verifier. The certificate was not checked."),
    ):
        app.config["PROPAGATE_EXCEPTIONS"] = False
        response = client.get(path)
        assert response.status_code == status
        assert headline in words_of(response)
        assert "secret" not in words_of(response)
        assert "/static/sanad.css" in response.get_data(as_text=True)
    assert client.get("/throttled").headers["Retry-After"] == "60"
    response = client.put("/")
    assert response.status_code == 405
    assert "This address does not accept that kind of request." in words_of(response)
    assert "POST" in response.headers["Allow"]


def test_head_and_options_answer_without_a_body(client: FlaskClient, scenes: Scenes) -> None:
    for path in ("/", page_path(scenes.certificates["valid"]), "/api/v1/certificates/" + "0" * 64):
        assert client.get(path).data
        head = client.head(path)
        assert head.status_code == client.get(path).status_code
        assert head.data == b""
        options = client.options(path)
        assert options.status_code == 200
        assert "GET" in options.headers["Allow"]


def test_only_the_reading_api_is_open_to_other_origins(client: FlaskClient, scenes: Scenes) -> None:
    for path in ("/", page_path(scenes.certificates["valid"]), "/api/v1/verify"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers


def test_hsts_only_where_the_site_has_tls(scenes: Scenes) -> None:
    client = create_app(scenes.verifier, "http://127.0.0.1:8000").test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_addresses_of_certificates_are_not_for_search_engines(client: FlaskClient) -> None:
    # A crawler that is kept out by robots.txt never reads the header, and lists addresses that it met elsewhere.
    assert "/c/" not in client.get("/robots.txt").get_data(as_text=True)
    assert client.get("/c/" + "A" * 43).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_nothing_comes_from_elsewhere(client: FlaskClient, scenes: Scenes) -> None:
    for page in (client.get("/"), client.get(page_path(scenes.certificates["valid"]))):
        body = page.get_data(as_text=True)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', body)
        assert 'name="viewport"' in body
        assert "<main" in body
        assert body.count("<h1") == 1
    for sheet in WEB.glob("static/*.css"):
        assert not re.search(
            r"url\((?!\"fonts/\w+\.woff2\"\))|@import|\b(margin|padding|border)-(left|right)\b",
            sheet.read_text("utf-8"),
        )


def test_titles_hold_no_names(client: FlaskClient, scenes: Scenes) -> None:
    body = client.get(page_path(scenes.certificates["valid"])).get_data(as_text=True)
    assert "<title>Valid · Sanad</title>" in body
    assert "Ayesha" not in body[: body.index("</head>")]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    style = (WEB / "static/sanad.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[0]))
    colours |= dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[scheme]))
    pairs = [(text, ground) for text in ("ink", "soft", "brand", "gold") for ground in ("paper", "card")]
    tones = ("good", "bad", "changed", "wait", "unsure")
    pairs += [(text, f"{tone}-tint") for tone in tones for text in (tone, "ink", "soft")]
    pairs += [("on-brand", "brand"), ("bad", "card"), ("changed", "paper")]
    for text, ground in pairs:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
