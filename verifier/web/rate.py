"""Limits how many checks one address may request: one token bucket per address, in this process's memory.

Only requests that query the chain's nodes or read a file are counted. Behind a reverse proxy, every address is the
proxy's unless the settings say how many proxies are in front (`proxies`). Each worker process counts separately.
Addresses are dropped once their bucket is full again, and are never written to disk.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address
from threading import Lock

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

_COSTLY = frozenset({"home.check", "certificates.show", "certificates.card", "api.certificate", "api.verify"})
_MOST_CLIENTS = 20_000


class RateLimiter:
    """Allows each client a burst of `per_minute` requests, and then as many in every minute; thread-safe.

    Args:
        per_minute: at least 1.
        clock: seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> float:
        """Count one request and return 0; or, if none is left, count nothing and return the seconds to wait."""
        now = self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(client, (self._burst, now))
            tokens = min(self._burst, tokens + (now - since) * self._per_second)
            wait = max(0.0, (1 - tokens) / self._per_second)
            self._buckets[client] = (tokens if wait else tokens - 1, now)
            self._forget(now)
            return wait

    def _forget(self, now: float) -> None:
        # Oldest first: a full bucket need not be kept, and beyond the limit the oldest go in any case.
        while self._buckets:
            client, (tokens, since) = next(iter(self._buckets.items()))
            full = tokens + (now - since) * self._per_second >= self._burst
            if not full and len(self._buckets) <= _MOST_CLIENTS:
                return
            del self._buckets[client]


def register(app: Flask, per_minute: int, proxies: int = 0) -> None:
    """Answer 429 with Retry-After to clients that ask too often; 0 means no limit.

    Args:
        app: the application.
        per_minute: the number of checks for each address.
        proxies: the number of reverse proxies in front, whose X-Forwarded-For is trusted.
    """
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    if not per_minute:
        return
    limiter = RateLimiter(per_minute)

    def count() -> None:
        if _is_costly() and (wait := limiter.take(client_of(request.remote_addr))):
            raise TooManyRequests(retry_after=math.ceil(wait))

    app.before_request(count)


def client_of(address: str | None) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of one IPv6 subscriber."""
    try:
        own = IPv6Address(address or "")
    except AddressValueError:
        return address or ""
    return str(own.ipv4_mapped or own.packed[:8].hex())


def _is_costly() -> bool:
    return request.endpoint in _COSTLY or (request.endpoint == "home.show" and "q" in request.args)
