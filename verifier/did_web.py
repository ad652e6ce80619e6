"""The documents of `did:web`, fetched from the domains that they name and remembered for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from verifier.core.canonical import parse
from verifier.core.errors import SanadError
from verifier.errors import FetchError
from verifier.fetching import Limits, fetch
from verifier.vc.keys import did_web_address

_KEPT = 1024
_SECONDS = 300.0
_UNANSWERED_SECONDS = 30.0


class FetchedDocuments:
    """Implements `verifier.vc.keys.DidDocuments`. Safe to use from several threads.

    Args:
        limits: what one fetch may take, and where trials look.
        clock: seconds that only grow.
    """

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Mapping[str, Any] | SanadError]] = OrderedDict()

    def document(self, did: str) -> Mapping[str, Any]:
        """The document of a `did:web`, fetched within the last five minutes.

        Raises:
            FetchError: it could not be had, or says that it is another's.
            SignatureUncheckedError: the did names no domain.
        """
        with self._lock:
            deadline, known = self._known.get(did, (0.0, None))
        if known is None or self._clock() >= deadline:
            known = self._fetched(did)
            self._remember(did, known)
        if isinstance(known, SanadError):
            raise known
        return known

    def _fetched(self, did: str) -> Mapping[str, Any] | SanadError:
        try:
            document = parse(fetch(did_web_address(did), self._limits), self._limits.size)
        except SanadError as error:
            return error
        if not isinstance(document, dict) or document.get("id") != did:
            return FetchError("What is published there is not the document of {did}.", did=did[:200])
        return document

    def _remember(self, did: str, answer: Mapping[str, Any] | SanadError) -> None:
        kept = _UNANSWERED_SECONDS if isinstance(answer, SanadError) else _SECONDS
        with self._lock:
            self._known[did] = (self._clock() + kept, answer)
            self._known.move_to_end(did)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
