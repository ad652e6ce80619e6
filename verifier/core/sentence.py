"""A sentence for people, with named places, so that it can be translated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """One translatable text and the values for its places: names, numbers, or sentences.

    `text` is plain English with `{named}` places, and the key for translations. Without facts it is used unchanged,
    with any braces.
    """

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.facts) if self.facts else self.text


def in_a_row(sentences: Iterable[Sentence]) -> Sentence:
    """Several sentences in a row, each to be translated by itself; at least one."""
    first, *rest = sentences
    for following in rest:
        first = Sentence("{first} {next}", {"first": first, "next": following})
    return first
