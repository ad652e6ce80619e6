"""Step 9, computed once for a credential: it depends on the credential alone, and costs more than all other steps.

`H` covers the credential with its proof, so answers are cached by `H` (SPEC.md section 12).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from verifier.core.hashes import certificate_hash
from verifier.core.verdict import Step

MOST = 4_096
"""Answers that are cached; each has at most a few hundred bytes of text."""


class SignatureMemory:
    """The newest answers by `H` and domain. Safe to use from several threads.

    Args:
        compute: step 9 of a credential for a domain.
        most: how many answers are kept.
    """

    def __init__(self, compute: Callable[[Mapping[str, Any], str | None], Step], most: int = MOST) -> None:
        self._compute = compute
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[bytes, str | None], Step] = OrderedDict()

    def step(self, credential: Mapping[str, Any], domain: str | None) -> Step:
        """Step 9, computed or from the cache."""
        key = (certificate_hash(credential), domain)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        found = self._compute(credential, domain)
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
