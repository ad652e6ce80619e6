"""What people type compared with what the records say of students, many rows at a time."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence

from issuer.records.certificates import Line
from issuer.text import folded

Matching = Callable[[Sequence[Line]], Iterable[bool]]
"""Which are meant; for `CertificateRecords.places`."""


def words_in(text: str) -> list[str]:
    """The words of what somebody typed, folded; without quotation marks, which JSON writes otherwise."""
    return re.sub(r'["\\]', "", folded(text)).split()


def matching(name: str | None, number: str | None) -> Matching:
    """Those that have all words of a name in their name, and exactly this student number."""
    words, wanted = words_in(name or ""), None if number is None else folded(number).strip()

    def holds(said: str) -> bool:
        named, _father, numbered, _email = json.loads(said)
        right = wanted is None or folded(numbered or "").strip() == wanted
        return right and all(word in folded(named) for word in words)

    typed = words + ([] if wanted is None else words_in(wanted))
    return lambda lines: [
        may and holds(said) for (_batch, said, _at), may in zip(lines, _may(lines, typed), strict=True)
    ]


def having_number(wanted: Collection[str]) -> Matching:
    """Those that have exactly one of these folded student numbers."""

    def holds(said: str) -> bool:
        _named, _father, numbered, _email = json.loads(said)
        return numbered is not None and folded(numbered).strip() in wanted

    return lambda lines: [holds(said) for _batch, said, _at in lines]


def having(words_of: Callable[[str], Sequence[str]]) -> Matching:
    """Those that have all the words that are still wanted in their batch.

    Args:
        words_of: by the batch's id, the folded words that the batch itself does not have.
    """

    def holds(lines: Sequence[Line]) -> list[bool]:
        texts = _folded([said for _batch, said, _at in lines])
        wanted = [words_of(batch) for batch, _said, _at in lines]
        return [
            not words or (all(word in text for word in words) and says(json.loads(said), words))
            for words, text, (_batch, said, _at) in zip(wanted, texts, lines, strict=True)
        ]

    return holds


def says(values: Sequence[str | None], words: Sequence[str]) -> bool:
    """Whether a student's values have all these folded words."""
    said = folded("\n".join(value or "" for value in values))
    return all(word in said for word in words)


def _may(lines: Sequence[Line], words: Sequence[str]) -> list[bool]:
    """Which have the words somewhere, if only in the signs that JSON puts between values."""
    return [all(word in text for word in words) for text in _folded([said for _batch, said, _at in lines])]


def _folded(texts: Sequence[str]) -> list[str]:
    """Each of them folded, those that need it all at once."""
    rare = iter(folded("\n".join(text for text in texts if not text.isascii())).split("\n"))
    return [text.lower() if text.isascii() else next(rare) for text in texts]
