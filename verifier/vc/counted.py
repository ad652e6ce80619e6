"""Canonicalises strangers' documents at a limited cost: each document once, and a limited number of values per file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.core.canonical import Json, canonical
from verifier.core.compacted import count_values
from verifier.core.data_integrity import under_other_editions
from verifier.core.errors import JsonError, SignatureError, SignatureUncheckedError
from verifier.core.linked_data import Canonicalise

MOST = 3_072
"""Values canonicalised for one file: all its proofs and credentials, under all editions of contexts, together."""


@dataclass
class _Budget:
    left: int = MOST


@dataclass
class Counted:
    """A canonicalisation that caches its results and limits its work. For one file, in one thread.

    Args:
        inner: the canonicalisation itself.
    """

    inner: Canonicalise
    _budget: _Budget = field(default_factory=_Budget)
    _known: dict[bytes, str | SignatureError | SignatureUncheckedError] = field(default_factory=dict)

    def __call__(self, document: Json) -> str:
        """The canonical N-Quads of a document.

        Raises:
            SignatureError: as `inner`.
            SignatureUncheckedError: as `inner`, and if the file would take too much work.
        """
        try:
            key = hashlib.sha256(canonical(document)).digest()
        except JsonError as error:
            raise SignatureError("{reason}", reason=error.sentence) from None
        if key not in self._known:
            self._known[key] = self._first(document)
        found = self._known[key]
        if isinstance(found, str):
            return found
        raise found

    def others(self, document: Json) -> Iterator[Canonicalise]:
        """The same under the other editions of the contexts that a document names, within the same limit."""
        return (Counted(each, self._budget) for each in under_other_editions(document))

    def _first(self, document: Json) -> str | SignatureError | SignatureUncheckedError:
        self._budget.left -= count_values(document)
        if self._budget.left < 0:
            text = "Checking its signatures would take more work than is allowed for one file."
            return SignatureUncheckedError(text)
        try:
            return self.inner(document)
        except (SignatureError, SignatureUncheckedError) as error:
            return error
