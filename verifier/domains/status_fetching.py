"""Status lists of other issuers, fetched from the addresses in credentials and cached for a while."""

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
"""The default of Bitstring Status List 1.0 for lists without a TTL; ours state a longer one, which is not used."""


class FetchedLists:
    """Fetches status lists and caches them. Safe to use from several threads.

    Args:
        limits: the limits of one fetch, and the places for trials; the size is replaced by the limit for lists.
        clock: seconds that only grow.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = replace(limits, size=LIMITS.status_list_bytes)
        self._known: Remembered[bytes | SanadError] = Remembered(_BYTES, clock)

    def credential(self, url: str) -> Mapping[str, Any]:
        """The list at an address, unverified. After a failure it is fetched again only half a minute later.

        Raises:
            FetchError: it cannot be fetched.
            JsonError, StatusError: it is not a JSON object.
        """
        found = parse(remembered(self._known, url, self._limits, _SECONDS), self._limits.size)
        if not isinstance(found, dict):
            raise StatusError("There is no status list at the status list's address.")
        return found
