"""How often one address may have something checked: a bucket of tokens each, in this process's memory.

Only what costs a question to the chain's nodes or a file's reading is counted. Behind a reverse proxy the address is
the proxy's unless the settings say how many proxies stand in front (`proxies`); several worker processes each count
for themselves. Addresses are forgotten when their bucket is full again, and are never written down.
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
    """Lets each client do `per_minute` things in a burst, and as many in every minute after it; thread-safe.

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
        """Count one; 0, or the seconds until there is one again, and then nothing was counted."""
        now = self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(client, (self._burst, now))
            tokens = min(self._burst, tokens + (now - since) * self._per_second)
            wait = max(0.0, (1 - tokens) / self._per_second)
            self._buckets[client] = (tokens if wait else tokens - 1, now)
            self._forget(now)
            return wait

    def _forget(self, now: float) -> None:
        # The oldest stand first; whose bucket is full again is as good as new, and beyond the limit anyone goes.
        while self._buckets:
            client, (tokens, since) = next(iter(self._buckets.items()))
            full = tokens + (now - since) * self._per_second >= self._burst
            if not full and len(self._buckets) <= _MOST_CLIENTS:
                return
            del self._buckets[client]


def register(app: Flask, per_minute: int, proxies: int = 0) -> None:
    """Answer 429 with Retry-After to whoever asks too often; a limit of 0 is none.

    Args:
        app: the application.
        per_minute: checks for each address.
        proxies: reverse proxies in front, whose X-Forwarded-For is believed.
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
    """Who counts as one: an IPv4 address, or the /64 network that one IPv6 subscriber has."""
    try:
        own = IPv6Address(address or "")
    except AddressValueError:
        return address or ""
    return str(own.ipv4_mapped or own.packed[:8].hex())


def _is_costly() -> bool:
    return request.endpoint in _COSTLY or (request.endpoint == "home.show" and "q" in request.args)
