"""What name an institution may be shown under: checked before it is sent, for the registry checks its length alone."""

import unicodedata

from issuer.errors import ActError

MOST_BYTES = 200
"""Of UTF-8, as the registry takes it."""
_JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ, which names in Urdu and Persian are written with."""
_REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls and line feeds, direction marks and other invisible signs, what is no character, and breaks."""


def check_name(name: str) -> str:
    """The name, if people can be shown it as it is.

    Raises:
        ActError: it is empty, too long, not in its composed form, or holds what nobody sees: a line feed, a control
            character, a direction mark.
    """
    for place, character in enumerate(name, 1):
        if unicodedata.category(character) in _REFUSED and character not in _JOINERS:
            what = unicodedata.name(character, "a control character")
            raise ActError(f"The name holds U+{ord(character):04X} ({what}) as character {place}: nobody can see it.")
    if not any(character.isalnum() for character in name):
        raise ActError("The name has no letter: an institution is shown under it on all its certificates.")
    if name != name.strip():
        raise ActError(f"The name begins or ends with a space: {name!r}.")
    if name != unicodedata.normalize("NFC", name):
        raise ActError(f"The name is not in its composed form (NFC): {unicodedata.normalize('NFC', name)!r} is.")
    if (size := len(name.encode())) > MOST_BYTES:
        raise ActError(f"The name has {size:,} bytes in UTF-8; the registry takes {MOST_BYTES}.")
    return name
