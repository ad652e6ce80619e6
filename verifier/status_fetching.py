"""Status lists of other issuers, fetched from where credentials name them and remembered for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from verifier.core.canonical import parse
from verifier.core.errors import StatusError
from verifier.core.limits import LIMITS
from verifier.fetching import Limits, fetch

_KEPT = 256
_SECONDS = 300.0
"""What Bitstring Status List 1.0 takes for a list that states no TTL; ours, of a longer one, are asked for sooner."""


class FetchedLists:
    """Fetches status lists and remembers them. Safe to use from several threads.

    Args:
        limits: what one fetch may take, and where trials look; but for the size, which a list's own limit gives.
        clock: seconds that only grow.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = replace(limits, size=LIMITS.status_list_bytes)
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Mapping[str, Any]]] = OrderedDict()

    def credential(self, url: str) -> Mapping[str, Any]:
        """The list at an address, unverified. One that could not be had is asked for again the next time.

        Raises:
            FetchError: it could not be had.
            JsonError, StatusError: what stands there is no JSON object.
        """
        with self._lock:
            deadline, known = self._known.get(url, (0.0, None))
        if known is not None and self._clock() < deadline:
            return known
        found = parse(fetch(url, self._limits), self._limits.size)
        if not isinstance(found, dict):
            raise StatusError("What stands at the status list's address is no status list.")
        with self._lock:
            self._known[url] = (self._clock() + _SECONDS, found)
            self._known.move_to_end(url)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found
