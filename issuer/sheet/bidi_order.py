"""The direction of each character of one line, by the Unicode Bidirectional Algorithm (UAX #9).

python-bidi's algorithm does the work step by step, so that the levels are known (its compiled form gives only a
reordered string). It lacks rule N0, paired brackets, which names with a bracketed second name need; it is added here.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from bidi import algorithm

RIGHT_TO_LEFT = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
"""The pairs that occur in names and courses; BidiBrackets.txt has 60 more."""
_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}

Character = dict[str, Any]


def levels(text: str) -> list[int]:
    """Return the embedding level of each character; the first strong character sets the base."""
    if text.isascii() or not any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return [0] * len(text)
    base = algorithm.get_base_level(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    algorithm.get_embedding_levels(text, storage)
    for index, character in enumerate(storage["chars"]):
        character["index"] = index
    for step in _STEPS:
        step(storage)
    found = {character["index"]: int(character["level"]) for character in storage["chars"]}
    result: list[int] = []
    for index in range(len(text)):  # rule X9 removes joiners and the like: they stay with what precedes them
        result.append(found.get(index, result[-1] if result else base))
    return result


def _resolve_brackets(storage: dict[str, Any]) -> None:
    """Apply rule N0 to each level run."""
    for run in storage["runs"]:
        characters = storage["chars"][run["start"] : run["start"] + run["length"]]
        for opening, closing in _pairs(characters):
            direction = _pair_direction(characters, opening, closing, run["sor"])
            if direction:
                characters[opening]["type"] = characters[closing]["type"] = direction


def _pairs(characters: list[Character]) -> list[tuple[int, int]]:
    """Return places of matching brackets, by opening (definition BD16)."""
    open_at: list[int] = []
    found = []
    for index, character in enumerate(characters):
        if character["type"] != "ON":
            continue
        if character["ch"] in _BRACKETS:
            open_at.append(index)
        for depth in range(len(open_at) - 1, -1, -1):
            if _BRACKETS[characters[open_at[depth]]["ch"]] == character["ch"]:
                found.append((open_at[depth], index))
                del open_at[depth:]
                break
    return sorted(found)


def _pair_direction(characters: list[Character], opening: int, closing: int, before: str) -> str:
    """Return the direction that a pair takes; empty where it holds nothing strong."""
    embedding = ("L", "R")[characters[opening]["level"] % 2]
    inside = {_STRONG.get(character["type"]) for character in characters[opening + 1 : closing]} - {None}
    if not inside:
        return ""
    if embedding in inside:
        return embedding
    context = [_STRONG[character["type"]] for character in characters[:opening] if character["type"] in _STRONG]
    return context[-1] if context else before


_STEPS: tuple[Callable[[dict[str, Any]], object], ...] = (
    algorithm.explicit_embed_and_overrides,
    algorithm.resolve_weak_types,
    _resolve_brackets,
    lambda storage: algorithm.resolve_neutral_types(storage, False),
    lambda storage: algorithm.resolve_implicit_levels(storage, False),
)
