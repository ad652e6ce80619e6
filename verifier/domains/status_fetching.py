"""Status lists of other issuers, fetched from where credentials name them and remembered for a while."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from verifier.core.canonical import parse
from verifier.core.errors import SanadError, StatusError
from verifier.core.limits import LIMITS
from verifier.domains.did_web import remembered
from verifier.domains.fetching import Limits
from verifier.domains.memory import Remembered

_BYTES = 32_000_000
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
        self._known: Remembered[bytes | SanadError] = Remembered(_BYTES, clock)

    def credential(self, url: str) -> Mapping[str, Any]:
        """The list at an address, unverified. One that could not be had is asked for again after half a minute.

        Raises:
            FetchError: it could not be had.
            JsonError, StatusError: what stands there is no JSON object.
        """
        found = parse(remembered(self._known, url, self._limits, _SECONDS), self._limits.size)
        if not isinstance(found, dict):
            raise StatusError("What stands at the status list's address is no status list.")
        return found
