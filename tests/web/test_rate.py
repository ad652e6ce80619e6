"""How often one address may ask: what people and programs are told, and who counts as one."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from tests.scenes import Scenes
from tests.web.reading import hand_in, page_path, words_of
from verifier.web import create_app
from verifier.web.rate import RateLimiter, client_of


def limited(scenes: Scenes, per_minute: int = 3, proxies: int = 0) -> FlaskClient:
    return create_app(scenes.verifier, "https://verify.example.org", per_minute, proxies).test_client()


def test_people_are_told_how_long_to_wait_and_that_nothing_was_judged(scenes: Scenes) -> None:
    client, path = limited(scenes), page_path(scenes.certificates["valid"])
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    response = client.get(path)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 20
    words = words_of(response)
    assert "Too many checks came from your connection." in words
    assert f"Try again in {response.headers['Retry-After']} seconds." in words
    assert "This says nothing about the certificate." in words
    assert 'class="verdict wait"' in response.get_data(as_text=True)
    assert "سیکنڈ بعد دوبارہ کوشش کیجیے۔" in words_of(client.get(path + "?lang=ur"))


def test_programs_get_problem_details(scenes: Scenes) -> None:
    client = limited(scenes, 1)
    assert client.post("/api/v1/verify", data=scenes.files["valid"]).status_code == 200
    for response in (
        client.post("/api/v1/verify", data=scenes.files["valid"]),
        client.get("/api/v1/certificates/" + "0" * 64),
    ):
        assert response.status_code == 429
        assert response.mimetype == "application/problem+json"
        assert response.json is not None
        assert response.json["type"] == "https://verify.example.org/problems/rate-limited"
        assert response.json["status"] == 429
        assert response.json["detail"] == f"Try again in {response.headers['Retry-After']} seconds."
    assert response.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_only_what_costs_something_is_counted(scenes: Scenes) -> None:
    client, path = limited(scenes, 1), page_path(scenes.certificates["valid"])
    for free in ("/", "/?lang=ur", "/robots.txt", path + "/certificate.json", "/problems/rate-limited", "/nothing"):
        assert client.get(free).status_code in (200, 404)
    assert client.get("/?q=hello").status_code == 400
    for costly in ("/?q=hello", path, "/api/v1/certificates/" + path[3:]):
        assert client.get(costly).status_code == 429
    assert hand_in(client, scenes.files["valid"]).status_code == 429


def test_each_address_has_its_own_share(scenes: Scenes) -> None:
    client, path = limited(scenes, 1), page_path(scenes.certificates["valid"])
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8:1:2::1"):
        environ = {"REMOTE_ADDR": address}
        assert client.get(path, environ_base=environ).status_code == 200
        assert client.get(path, environ_base=environ).status_code == 429
    assert client.get(path, environ_base={"REMOTE_ADDR": "2001:db8:1:2:ffff::9"}).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [
        (0, ["203.0.113.1", "203.0.113.2"], True),  # whoever is not behind a proxy can write what they like
        (1, ["203.0.113.1", "203.0.113.2"], False),
        (1, ["1.1.1.1, 203.0.113.1", "2.2.2.2, 203.0.113.1"], True),  # only what our own proxy wrote counts
        (2, ["203.0.113.1, 10.0.0.1", "203.0.113.2, 10.0.0.1"], False),
    ],
)
def test_behind_proxies_the_address_is_what_they_say(
    scenes: Scenes, proxies: int, forwarded: list[str], same: bool
) -> None:
    client, path = limited(scenes, 1, proxies), page_path(scenes.certificates["valid"])
    answers = [client.get(path, headers={"X-Forwarded-For": each}).status_code for each in forwarded]
    assert answers == [200, 429 if same else 200]


def test_no_limit_is_none(scenes: Scenes) -> None:
    client = limited(scenes, 0)
    assert {client.get("/?q=hello").status_code for _ in range(200)} == {400}


def test_a_share_comes_back_with_time_and_addresses_are_forgotten() -> None:
    now = 0.0
    limiter = RateLimiter(6, lambda: now)
    assert [limiter.take("a") for _ in range(7)] == [0] * 6 + [10]
    now = 10.0
    assert limiter.take("a") == 0
    assert limiter.take("a") == 10
    now = 200.0
    limiter.take("b")
    assert list(limiter._buckets) == ["b"]


def test_who_counts_as_one() -> None:
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("2001:db8:1:2::1") == client_of("2001:db8:1:2:3:4:5:6")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of(None) == ""


def test_a_refused_upload_is_read_to_its_end(scenes: Scenes) -> None:
    client, body = limited(scenes, 1), BytesIO(bytes(300_000))
    client.get("/?q=hello")
    response = client.post("/api/v1/verify", input_stream=body, content_length=300_000)
    assert (response.status_code, body.tell()) == (429, 300_000)
