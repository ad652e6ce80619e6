"""How often one node is asked: never more than its operator allows, and not at all for a while after it said "stop"."""

import threading
import time
from collections.abc import Callable

BURST_SECONDS = 60.0
"""A minute's requests may be spent at once; after that they come evenly."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class PacingError(Exception):
    """Not asked now; stays within the verifier's reading of nodes, which tells it as the node's own fault."""


class ThrottledError(PacingError):
    """The node said that it is asked too often, and is left alone for now."""


class BudgetSpentError(PacingError):
    """As many requests went out as may go out."""


class Pace:
    """Lets requests to one node out, or holds them back. Safe to use from several threads.

    Args:
        per_minute: how many requests may go out a minute; None is as many as there are.
        clock: seconds, from any beginning.
        sleep: waits so many seconds.
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
        """When the requests so far would be over, had they gone out evenly."""
        self._silent_until = 0.0
        self._pause = 0.0

    def take(self, seconds: float) -> None:
        """Wait for a request's turn.

        Args:
            seconds: how long the wait may be.

        Raises:
            ThrottledError, BudgetSpentError: the turn does not come so soon.
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
        """The node said "too often": leave it alone, each time in a row for twice as long.

        Args:
            seconds: how long the node asked for; a minute at most is believed.
        """
        with self._lock:
            now = self._clock()
            if now >= self._silent_until:  # several threads may hear one "too often"
                self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._silent_until = max(self._silent_until, now + min(max(self._pause, seconds), _LONGEST_PAUSE))

    def answered(self) -> None:
        """The node answered: the next "too often" is the first one again."""
        with self._lock:
            if self._clock() >= self._silent_until:
                self._pause = 0.0
