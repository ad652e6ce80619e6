"""Canonicalising for a stranger at a bounded cost: the same document once, and so much for one file and no more."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.core.canonical import Json, canonical
from verifier.core.compacted import count_values
from verifier.core.data_integrity import under_other_editions
from verifier.core.errors import JsonError, SignatureError, SignatureUncheckedError
from verifier.core.linked_data import Canonicalise

MOST = 3_072
"""Values that are canonicalised for one file, all its proofs and credentials and all editions of contexts together."""


@dataclass
class _Budget:
    left: int = MOST


@dataclass
class Counted:
    """A way to canonicalise that remembers what it gave and counts what it does. For one file, in one thread.

    Args:
        inner: the way itself.
    """

    inner: Canonicalise
    _budget: _Budget = field(default_factory=_Budget)
    _known: dict[bytes, str | SignatureError | SignatureUncheckedError] = field(default_factory=dict)

    def __call__(self, document: Json) -> str:
        """The canonical N-Quads of a document.

        Raises:
            SignatureError: as `inner`.
            SignatureUncheckedError: as `inner`, and where the file would take too much work.
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
        """The same under the other editions of the contexts that a document names, on the same account."""
        return (Counted(each, self._budget) for each in under_other_editions(document))

    def _first(self, document: Json) -> str | SignatureError | SignatureUncheckedError:
        self._budget.left -= count_values(document)
        if self._budget.left < 0:
            text = "Its signatures would take more work than one file may cost here."
            return SignatureUncheckedError(text)
        try:
            return self.inner(document)
        except (SignatureError, SignatureUncheckedError) as error:
            return error
