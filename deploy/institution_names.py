"""Which name an institution may have: checked before it is sent, because the registry checks only its length."""

import re
import unicodedata

from issuer.errors import ActError

MOST_BYTES = 200
"""Of UTF-8, as the registry takes it."""
_JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ, which names in Urdu and Persian are written with."""
_REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls and line feeds, direction marks and other invisible signs, what is not a character, and breaks."""
_EMPTY = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters, marks and signs by their kind that are drawn as nothing: fillers, variation selectors, Braille's blank."""


def check_name(name: str) -> str:
    """The name, if people can be shown it as it is.

    Raises:
        ActError: it is empty, too long, not in its composed form, or holds what nobody sees: a line feed, a control
            character, a direction mark, a letter that is drawn as nothing.
    """
    if not any(character.isalnum() for character in name):
        raise ActError("The name has no letter: an institution is shown under it on all its certificates.")
    for place, character in enumerate(name, 1):
        if _EMPTY.match(character) or (_is_unseen(character) and not _joins(name, place)):
            what = unicodedata.name(character, "a control character")
            raise ActError(f"The name holds U+{ord(character):04X} ({what}) as character {place}: nobody can see it.")
    if unicodedata.category(name[:1] or " ").startswith("M"):
        raise ActError(f"The name begins with U+{ord(name[0]):04X}, a mark that belongs on a letter before it.")
    if name != name.strip():
        raise ActError(f"The name begins or ends with a space: {name!r}.")
    if name != unicodedata.normalize("NFC", name):
        raise ActError(f"The name is not in its composed form (NFC): {unicodedata.normalize('NFC', name)!r} is.")
    if (size := len(name.encode())) > MOST_BYTES:
        raise ActError(f"The name has {size:,} bytes in UTF-8; the registry takes {MOST_BYTES}.")
    return name


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _REFUSED


def _joins(name: str, place: int) -> bool:
    """Whether the character at a place (from 1) is a joiner between two letters or their marks."""
    around = (name[place - 2 : place - 1], name[place : place + 1])
    return name[place - 1] in _JOINERS and all(unicodedata.category(each or " ")[0] in "LM" for each in around)
