"""Documents of strangers' hosts: within limits, never from the operator's own network, never by halves."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.fetching.website import Website, moved, page, status, website, write_certificate
from verifier.domains import fetching
from verifier.domains.fetching import Limits, fetch, is_public
from verifier.errors import FetchError

TRIAL = Limits(seconds=5, size=1000, allow_private=True)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as made:
        yield made


def why(url: str, limits: Limits) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, limits)
    return str(caught.value)


def test_a_document_arrives_as_it_is(site: Website) -> None:
    site.pages["/a?b=c"] = page(b"\x00 whatever")
    assert fetch(f"{site.origin}/a?b=c", TRIAL) == b"\x00 whatever"
    assert site.asked == [(f"127.0.0.1:{site.port}", "/a?b=c")]


def test_nothing_but_https_of_a_public_host(site: Website) -> None:
    site.pages["/"] = page(b"secret of this machine")
    here = f"127.0.0.1:{site.port}"
    for url in (site.origin, f"ftp://{here}/", "file:///etc/hostname", "example.org", "https://", "https://[", ""):
        assert why(url, Limits()).endswith(" is not an https address."), url
    for url in (f"https://{here}/", "https://name@example.org/", "https://bücher.example/"):
        assert why(url, Limits()).endswith(" is not a plain https address of a host."), url
    for host in ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]"):
        assert why(f"https://{host}/", Limits()) == f"{host.strip('[]')} is not on the public internet."
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((each, True) for each in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8")),
        *((each, False) for each in ("0.0.0.0", "100.64.0.1", "192.168.1.1", "172.16.0.1", "224.0.0.1", "240.0.0.1")),
        *((each, False) for each in ("::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "no address")),
        *((each, False) for each in ("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::")),
        *((each, False) for each in ("64:ff9b::808:808", "64:ff9b:1::808:808", "2002:808:808::", "::8.8.8.8", "::1")),
        *((each, False) for each in ("fec0::1", "feff::1", "192.0.0.8", "192.0.0.10", "192.88.99.1", "198.18.0.1")),
        *((each, False) for each in ("198.19.255.255", "255.255.255.255", "100.127.255.255", "::ffff:192.88.99.1")),
        *((each, False) for each in ("::ffff:0:808:808", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "2001:20::1")),
        *((each, True) for each in ("192.0.1.1", "192.88.98.1", "2001:4860:4860::8888", "100.128.0.1", "198.20.0.1")),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_leads_inside_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert why("https://both.example/", Limits()) == "both.example is not on the public internet."


def test_the_address_that_was_checked_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another host at the second look (DNS rebinding) is looked up once."""
    looks: list[str] = []
    monkeypatch.setattr(fetching, "is_public", lambda address: looks.append(address) or True)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: [(2, 1, 6, "", ("127.0.0.1", 443))])
    asked: list[Any] = []

    def refuse(place: tuple[str, int], **_: object) -> None:
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert why("https://rebound.example/", Limits()) == "rebound.example cannot be reached."
    assert (looks, asked) == (["127.0.0.1"], [("127.0.0.1", 443)])


def test_a_host_has_to_show_a_certificate_for_its_name(tmp_path: Path) -> None:
    with website({"/": page(b"mine")}, write_certificate(tmp_path / "pem", "programme.example")) as site:
        url = f"https://127.0.0.1:{site.port}/"
        told = f"127.0.0.1:{site.port} does not show a valid certificate for its name."
        assert why(url, TRIAL) == told
        assert site.asked == []


def test_tls_reaches_the_name_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = write_certificate(tmp_path / "pem", "programme.example")
    trusted = fetching._trusted()
    trusted.load_verify_locations(certificate)
    monkeypatch.setattr(fetching, "_trusted", lambda *_: trusted)
    here = lambda _, port, *__, **___: [(2, 1, 6, "", ("127.0.0.1", port))]  # noqa: E731
    with website({"/": page(b"mine")}, certificate) as site:
        monkeypatch.setattr(socket, "getaddrinfo", here)
        assert fetch(f"https://programme.example:{site.port}/", TRIAL) == b"mine"
        told = why(f"https://other.example:{site.port}/", TRIAL)
        assert told == f"other.example:{site.port} does not show a valid certificate for its name."


def test_a_trial_has_places_for_hosts(site: Website) -> None:
    site.pages["/.well-known/did.json"] = page(b"{}")
    limits = Limits(places=(("university.example", site.origin),))
    assert fetch("https://university.example/.well-known/did.json", limits) == b"{}"
    assert site.asked == [("university.example", "/.well-known/did.json")]
    assert why("http://university.example/", limits) == "http://university.example/ is not an https address."


def test_redirects_are_followed_a_little_way(site: Website) -> None:
    site.pages |= {"/1": moved("/2"), "/2": moved(f"{site.origin}/3", 308), "/3": page(b"here"), "/0": moved("/1")}
    assert fetch(f"{site.origin}/1", TRIAL) == b"here"
    assert why(f"{site.origin}/0", TRIAL).endswith(" redirects too many times.")
    site.pages["/1"] = moved("file:///etc/hostname")
    assert why(f"{site.origin}/1", TRIAL) == "file:///etc/hostname is not an https address."
    site.pages["/1"] = moved("https://[")
    assert why(f"{site.origin}/1", TRIAL).endswith("redirects to an invalid address.")


def test_a_redirect_may_not_lead_inside(site: Website) -> None:
    site.pages["/"] = moved("https://127.0.0.1/admin")
    limits = Limits(places=(("programme.example", site.origin),))
    assert why("https://programme.example/", limits) == "127.0.0.1 is not on the public internet."


def test_what_is_absent_is_told_from_what_fails(site: Website) -> None:
    for code, absent in ((404, True), (410, True), (500, False), (403, False)):
        site.pages["/"] = status(code)
        with pytest.raises(FetchError) as caught:
            fetch(f"{site.origin}/", TRIAL)
        assert caught.value.absent is absent
    assert str(caught.value) == f"127.0.0.1:{site.port} answered with HTTP error 403."


def test_no_more_is_read_than_a_document_needs(site: Website) -> None:
    site.pages["/"] = page(b"x" * 1000)
    assert len(fetch(f"{site.origin}/", TRIAL)) == 1000
    site.pages["/"] = page(b"x" * 1001)
    assert why(f"{site.origin}/", TRIAL).endswith(" answered with more data than such a document needs.")
    site.pages["/"] = page(b"x", Content_Encoding="gzip")
    assert why(f"{site.origin}/", TRIAL).endswith(" answered in an encoding that was not asked for.")


def drip(header: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if not header:
            handler.send_response(200)
            handler.end_headers()  # ended by the connection's end alone
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize("header", [True, False])
def test_a_slow_host_is_given_up_whole(site: Website, header: bool) -> None:
    site.pages["/"] = drip(header)
    started = time.monotonic()
    told = why(f"{site.origin}/", Limits(seconds=0.4, allow_private=True))
    assert told == f"127.0.0.1:{site.port} did not answer in time."
    assert time.monotonic() - started < 2


def test_a_host_that_hangs_in_the_handshake_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = why(f"https://127.0.0.1:{port}/", Limits(seconds=0.3, allow_private=True))
    assert told == f"127.0.0.1:{port} did not answer in time."


def test_a_slow_name_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (over.wait(5), [])[1])
    assert why("https://slow.example/", Limits(seconds=0.2)) == "slow.example did not answer in time."
    over.set()


def test_half_a_document_is_none(site: Website) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.pages["/"] = cut
    assert why(f"{site.origin}/", TRIAL) == f"127.0.0.1:{site.port} cannot be reached."


def test_names_and_hosts_that_are_not_there() -> None:
    assert why("https://nowhere.invalid/", Limits()) == "The name nowhere.invalid was not found."
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert why(f"https://127.0.0.1:{port}/", TRIAL) == f"127.0.0.1:{port} cannot be reached."
