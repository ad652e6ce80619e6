"""A cache of what was fetched from strangers' hosts, limited in bytes, in time, and for each host.

The person who submits a file chooses what is fetched for it. So nothing that is free to vary (a query, a path, a port,
upper or lower case) may fill the cache, push out what others need, or make one host be asked again and again.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Entry(Generic[Value]):
    value: Value
    host: str
    size: int
    until: float


class Remembered(Generic[Value]):
    """A cache of answers by question. Safe to use from several threads.

    Args:
        most_bytes: the most that all entries together may take, by the sizes given to `put`.
        clock: seconds that only grow.
        most_of_host: how many different answers of one host may be cached, and so requested, at a time.
    """

    OVERHEAD = 512
    """Bytes counted for each entry in addition to its own."""

    def __init__(self, most_bytes: int, clock: Callable[[], float], most_of_host: int = 16) -> None:
        self._most_bytes = most_bytes
        self._most_of_host = most_of_host
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()
        self._hosts: Counter[str] = Counter()
        self._bytes = 0

    @property
    def size(self) -> int:
        """The bytes in use, as counted."""
        return self._bytes

    def get(self, key: Hashable) -> Value | None:
        """The cached value, if it has not expired."""
        with self._lock:
            found = self._known.get(key)
            return None if found is None or self._clock() >= found.until else found.value

    def has_room(self, host: str) -> bool:
        """Whether something new may be requested from a host now."""
        with self._lock:
            if self._hosts[host] >= self._most_of_host:
                self._forget_old()
            return self._hosts[host] < self._most_of_host

    def put(self, key: Hashable, value: Value, host: str, size: int, seconds: float) -> None:
        """Cache an answer; the oldest entries are dropped if there is no room."""
        entry = _Entry(value, host, size + self.OVERHEAD, self._clock() + seconds)
        with self._lock:
            self._forget(key)
            self._known[key] = entry
            self._bytes += entry.size
            self._hosts[host] += 1
            if self._bytes > self._most_bytes:
                self._forget_old()
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._known)))

    def _forget_old(self) -> None:
        now = self._clock()
        for key in [key for key, entry in self._known.items() if entry.until <= now]:
            self._forget(key)

    def _forget(self, key: Hashable) -> None:
        entry = self._known.pop(key, None)
        if entry is None:
            return
        self._bytes -= entry.size
        self._hosts[entry.host] -= 1
        if not self._hosts[entry.host]:
            del self._hosts[entry.host]
