"""What was fetched from strangers' hosts, remembered for a while: bounded in bytes, in time, and for each host.

Whoever hands in a file chooses what is fetched for it. So nothing that costs him nothing (a query, a path, a port, the
case of a letter) may fill the memory, push out what others need, or have one host asked again and again.
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
    """Answers by what was asked. Safe to use from several threads.

    Args:
        most_bytes: how much all of it together may hold, by the sizes that are given.
        clock: seconds that only grow.
        most_of_host: how many different answers of one host are remembered, and so asked for, at a time.
    """

    OVERHEAD = 512
    """Bytes counted for each entry besides its own."""

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
        """The bytes that are held, as they were counted."""
        return self._bytes

    def get(self, key: Hashable) -> Value | None:
        """What is remembered and still holds."""
        with self._lock:
            found = self._known.get(key)
            return None if found is None or self._clock() >= found.until else found.value

    def has_room(self, host: str) -> bool:
        """Whether something new may be asked of a host now."""
        with self._lock:
            if self._hosts[host] >= self._most_of_host:
                self._forget_old()
            return self._hosts[host] < self._most_of_host

    def put(self, key: Hashable, value: Value, host: str, size: int, seconds: float) -> None:
        """Remember an answer; the oldest are forgotten where there is no room."""
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
