"""A sentence for people, with places in it, so that it can be said in another language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """One translatable text and what stands in its places: names, numbers, or sentences again.

    `text` is plain English with `{named}` places, the key under which translations are found. Without facts it is
    taken as it stands, braces and all.
    """

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.facts) if self.facts else self.text


def in_a_row(sentences: Iterable[Sentence]) -> Sentence:
    """Sentences one after the other, each still to be translated; at least one."""
    first, *rest = sentences
    for following in rest:
        first = Sentence("{first} {next}", {"first": first, "next": following})
    return first
