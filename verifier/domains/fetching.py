"""Fetches one small public document over https from a host that a stranger chose, within limits.

An address in a credential could lead anywhere, even into the operator's own network. So the name is looked up once,
every address found must be public, and the connection goes to exactly that address.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from verifier.errors import FetchError

if TYPE_CHECKING:
    from ssl import SSLContext

_CHUNK = 16_384
_MOVED = (301, 302, 303, 307, 308)
_ABSENT = (404, 410)
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # for protocols (RFC 6890)
            "192.88.99.0/24",  # relays between IPv4 and IPv6, deprecated (RFC 7526)
            "100.64.0.0/10",  # behind a provider's address translation (RFC 6598)
            "198.18.0.0/15",  # for measurements (RFC 2544)
            "240.0.0.0/4",  # reserved, and broadcast
            "::/96",  # the former form of IPv4 addresses, and the loopback
            "64:ff9b::/96",  # IPv4 addresses behind a translation (RFC 6052)
            "64:ff9b:1::/48",  # the same, within one network (RFC 8215)
            "100::/64",  # discarded (RFC 6666)
            "2001::/23",  # for protocols, tunnels among them (RFC 2928)
            "2001:db8::/32",  # for examples
            "2002::/16",  # tunnels (RFC 3056)
            "3fff::/20",  # for examples (RFC 9637)
            "5f00::/16",  # segments of routes (RFC 9602)
            "fec0::/10",  # of one site, deprecated (RFC 3879)
        ),
    )
)
"""Networks that some version of Python calls global, but that are not, or lead out of, the public internet."""


@dataclass(frozen=True)
class Limits:
    """The limits of one fetch, and where it may go."""

    seconds: float = 6.0
    """For the whole fetch: name lookup, redirects, and all bytes."""
    size: int = 65_536
    """Of the document, in bytes."""
    redirects: int = 2
    allow_private: bool = False
    """For trials only: allow plain http, any port, and addresses of this machine and its network too."""
    places: tuple[tuple[str, str], ...] = ()
    """For trials only: hosts with another place, as ("programme.example", "http://127.0.0.1:8080")."""
    authorities: Path | None = None
    """For trials only: a PEM file of certificate authorities that are trusted in addition to the usual ones."""


def fetch(url: str, limits: Limits | None = None) -> bytes:
    """The document at an https address.

    Args:
        url: its address; anything but plain ``https://host/path`` is refused.
        limits: the limits of the fetch.

    Raises:
        FetchError: it cannot be fetched; the text says why. `absent` is true if the host says that there is none.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        with _answered(url, limits, deadline) as response:
            if response.status not in _MOVED:
                return _document(response, _host_of(url), limits, deadline)
            url = _next(url, response)
    raise FetchError("{host} redirects too many times.", host=_host_of(url))


@contextmanager
def _answered(url: str, limits: Limits, deadline: float) -> Iterator[HTTPResponse]:
    """The response of one host; anything that goes wrong before its last byte becomes a FetchError."""
    place, trial = _place(url, limits)
    host = _host_of(url)
    connection: HTTPConnection | None = None
    try:
        connection = _connection(place, trial, limits.authorities, deadline)
        with _cut_at(deadline, connection.sock):
            path = urlunsplit(("", "", place.path or "/", place.query, ""))
            headers = {"Host": host, "Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
            connection.request("GET", path, headers=headers)
            yield connection.getresponse()
    except FetchError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() > deadline:
            raise FetchError("{host} did not answer in time.", host=host) from None
        if _is_of_certificate(error):
            raise FetchError("{host} does not show a valid certificate for its name.", host=host) from None
        raise FetchError("{host} cannot be reached.", host=host) from None
    finally:
        if connection is not None:
            connection.close()


def _place(url: str, limits: Limits) -> tuple[SplitResult, bool]:
    """Where to look for a document, and whether that is a place for trials, which has fewer restrictions."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchError("{url} is not an https address.", url=url[:200]) from None
    elsewhere = dict(limits.places).get(parts.hostname or "")
    if elsewhere is not None and parts.scheme == "https":
        there = urlsplit(elsewhere)
        return parts._replace(scheme=there.scheme, netloc=there.netloc), True
    trial = limits.allow_private
    if not (parts.scheme == "https" or (trial and parts.scheme == "http")) or not parts.hostname:
        raise FetchError("{url} is not an https address.", url=url[:200])
    if "@" in parts.netloc or not url.isascii() or (port not in (None, 443) and not trial):
        raise FetchError("{url} is not a plain https address of a host.", url=url[:200])
    return parts, trial


def _connection(place: SplitResult, trial: bool, authorities: Path | None, deadline: float) -> HTTPConnection:
    host = place.hostname or ""
    port = place.port or (443 if place.scheme == "https" else 80)
    stream = _connected(_addresses(host, port, trial, deadline), port, deadline)
    connection = HTTPConnection(host, port)
    connection.sock = _secured(stream, host, authorities, deadline) if place.scheme == "https" else stream
    return connection


def _secured(stream: socket.socket, host: str, authorities: Path | None, deadline: float) -> socket.socket:
    secured = _trusted(authorities).wrap_socket(stream, server_hostname=host, do_handshake_on_connect=False)
    try:
        with _cut_at(deadline, secured):
            secured.do_handshake()
    except BaseException:
        secured.close()
        raise
    return secured


def _addresses(host: str, port: int, trial: bool, deadline: float) -> list[str]:
    """The host's addresses. All must be public: a name that mixes public and private ones is a trick."""
    answer: queue.Queue[list[str] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError):
            answer.put(OSError("no such name"))

    threading.Thread(target=look_up, daemon=True).start()  # the system's resolver has no deadline
    try:
        found = answer.get(timeout=_left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise FetchError("The name {host} was not found.", host=host)
    if not trial and not all(map(is_public, found)):
        raise FetchError("{host} is not on the public internet.", host=host)
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet: not this machine, not its network, and no way into them."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    if any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _connected(addresses: list[str], port: int, deadline: float) -> socket.socket:
    problem: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=_left(deadline))
        except OSError as error:
            problem = error
    raise problem


@contextmanager
def _cut_at(deadline: float, stream: socket.socket) -> Iterator[None]:
    """End the connection at the deadline. A limit on each read alone would let a slow host continue without end."""

    def cut() -> None:
        try:
            socket.socket.shutdown(stream, socket.SHUT_RDWR)  # the TLS shutdown would wait
        except OSError:
            return

    timer = threading.Timer(_left(deadline), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _next(url: str, response: HTTPResponse) -> str:
    try:
        return urljoin(url, response.headers.get("Location", ""))
    except ValueError:
        raise FetchError("{host} redirects to an invalid address.", host=_host_of(url)) from None


def _document(response: HTTPResponse, host: str, limits: Limits, deadline: float) -> bytes:
    if response.status in _ABSENT:
        raise FetchError("{host} has no such document.", host=host, absent=True)
    if response.status != 200:
        raise FetchError("{host} answered with HTTP error {code}.", host=host, code=response.status)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError("{host} answered in an encoding that was not asked for.", host=host)
    body = bytearray()
    while piece := response.read1(_CHUNK):
        body += piece
        if len(body) > limits.size:
            raise FetchError("{host} answered with more data than such a document needs.", host=host)
    _left(deadline)  # what was cut at the deadline is incomplete
    if response.length:
        raise OSError("cut off")
    return bytes(body)


def _trusted(authorities: Path | None = None) -> "SSLContext":
    import ssl  # late: with requests, this is a third of what a check loads

    import requests.utils

    context = ssl.create_default_context()  # the system's authorities, and those that requests brings
    context.load_verify_locations(requests.utils.DEFAULT_CA_BUNDLE_PATH)
    if authorities is not None:
        context.load_verify_locations(authorities)
    return context


def _is_of_certificate(error: Exception) -> bool:
    import ssl  # late: see _trusted

    return isinstance(error, ssl.SSLCertVerificationError)


def _host_of(url: str) -> str:
    return urlsplit(url).netloc[:255]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
