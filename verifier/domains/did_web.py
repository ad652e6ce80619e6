"""The documents of `did:web` identifiers, fetched from their domains and cached for a while."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from verifier.core.canonical import parse
from verifier.core.errors import SanadError
from verifier.domains.fetching import Limits, fetch
from verifier.domains.memory import Remembered
from verifier.errors import FetchError
from verifier.vc.keys import did_web_address

_BYTES = 16_000_000
_SECONDS = 300.0
_UNANSWERED_SECONDS = 30.0


class FetchedDocuments:
    """Implements `verifier.vc.keys.DidDocuments`. Safe to use from several threads.

    Args:
        limits: the limits of one fetch, and the places for trials.
        clock: seconds that only grow.
    """

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits or Limits()
        self._known: Remembered[bytes | SanadError] = Remembered(_BYTES, clock)

    def document(self, did: str) -> Mapping[str, Any]:
        """The document of a `did:web`, fetched within the last five minutes.

        Raises:
            FetchError: it cannot be fetched, or it says that it is another identifier's.
            SignatureUncheckedError: the did names no domain.
        """
        document = parse(remembered(self._known, did_web_address(did), self._limits, _SECONDS), self._limits.size)
        if not isinstance(document, dict) or document.get("id") != did:
            raise FetchError("What is published there is not the document of {did}.", did=did[:200])
        return document


def remembered(known: Remembered[bytes | SanadError], url: str, limits: Limits, seconds: float) -> bytes:
    """The document at an https address, fetched at most so many seconds ago.

    Raises:
        FetchError: it cannot be fetched, or could not half a minute ago; or too many others of its host were requested.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        key = (parts.scheme, host, parts.port, parts.path or "/", parts.query)
    except ValueError:
        raise FetchError("{url} is not an https address.", url=url[:200]) from None
    answer = known.get(key)
    if answer is None:
        if not known.has_room(host):
            text = "Too many different documents of {host} were requested; try again in a few minutes."
            raise FetchError(text, host=host[:255])
        answer = _fetched(url, limits)
        failed = isinstance(answer, SanadError)
        size = len(url) + (0 if isinstance(answer, SanadError) else len(answer))
        known.put(key, answer, host, size, _UNANSWERED_SECONDS if failed else seconds)
    if isinstance(answer, SanadError):
        raise answer
    return answer


def _fetched(url: str, limits: Limits) -> bytes | SanadError:
    try:
        return fetch(url, limits)
    except SanadError as error:
        return error
