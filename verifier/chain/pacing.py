"""Limits requests to one node: to what its operator allows, and to none for a while after the node said "stop"."""

import threading
import time
from collections.abc import Callable

BURST_SECONDS = 60.0
"""A minute's requests may be sent at once; after that they are sent evenly."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class PacingError(Exception):
    """The node is not asked now. Used only inside verifier.chain, which reports it as a problem of the node."""


class ThrottledError(PacingError):
    """The node said that it gets too many requests, so it is not asked for now."""


class BudgetSpentError(PacingError):
    """All requests that are allowed for now have been sent."""


class Pace:
    """Releases requests to one node, or holds them back. Safe to use from several threads.

    Args:
        per_minute: how many requests may be sent a minute; None: without limit.
        clock: seconds, from any starting point.
        sleep: waits for a number of seconds.
    """

    def __init__(
        self,
        per_minute: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 60.0 / per_minute if per_minute else 0.0
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._due = 0.0
        """When the requests so far would have been sent, if they were sent evenly."""
        self._silent_until = 0.0
        self._pause = 0.0

    def take(self, seconds: float) -> None:
        """Wait until a request may be sent.

        Args:
            seconds: the longest wait.

        Raises:
            ThrottledError, BudgetSpentError: the wait would be longer.
        """
        with self._lock:
            now = self._clock()
            if now < self._silent_until:
                raise ThrottledError
            due = max(self._due, now) + self._interval
            wait = due - now - BURST_SECONDS
            if wait > seconds:
                raise BudgetSpentError
            self._due = due
        if wait > 0:
            self._sleep(wait)

    def silent_for(self) -> float:
        """For how many seconds more the node is left alone; 0 where it may be asked."""
        with self._lock:
            return max(0.0, self._silent_until - self._clock())

    def throttled(self, seconds: float = 0.0) -> None:
        """The node said "too often": do not ask it for a while, twice as long each time in a row.

        Args:
            seconds: the pause that the node asked for; at most a minute is kept.
        """
        with self._lock:
            now = self._clock()
            if now >= self._silent_until:  # several threads may hear one "too often"
                self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._silent_until = max(self._silent_until, now + min(max(self._pause, seconds), _LONGEST_PAUSE))

    def answered(self) -> None:
        """The node answered: the next "too often" counts as the first again."""
        with self._lock:
            if self._clock() >= self._silent_until:
                self._pause = 0.0
