"""Makes text from strangers safe to show: nothing in it controls a terminal or changes the direction of other text.

Joiners and the direction marks of single characters are kept: Urdu and Persian need them.
"""

import re
import unicodedata

REPLACEMENT = "\ufffd"
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: they change the direction of the text that follows."""
_CONTROL = frozenset(("Cc", "Zl", "Zp", "Cs"))
_TAGS = re.compile("[\U000e0000-\U000e007f\ufff9-\ufffb]")


def visible(text: str, *, lines: bool = False) -> str:
    """The text with each control and direction character replaced.

    Args:
        text: anything.
        lines: keep line breaks and tabs, as on a page, where they are white space.
    """
    if text.isprintable() and text.isascii():
        return text
    kept = "\t\n\r" if lines else ""
    return "".join(each if each in kept or not _steers(each) else REPLACEMENT for each in text)


def _steers(character: str) -> bool:
    return (
        character in _DIRECTION or unicodedata.category(character) in _CONTROL or _TAGS.fullmatch(character) is not None
    )
