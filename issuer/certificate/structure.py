"""The tags of a sheet: what each part of the page is, in reading order (ISO 32000-1, 14.7; ISO 14289-1).

Each text and picture is one element under the document. The letters on the page stand in visual order, as all
readers expect; an element with right-to-left text says in ActualText what is read.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from issuer.certificate.pdf_document import number, pdf_text
from issuer.certificate.shaping import is_arabic
from issuer.certificate.typesetting import SetText


@dataclass(frozen=True)
class Element:
    """One structure element: the name of its place, its type and its entries."""

    name: str
    kind: bytes
    entries: bytes = b""

    def content(self, mark: int, operators: str) -> str:
        """Return its operators as marked content."""
        return f"/{self.kind.decode()}<</MCID {mark}>>BDC\n{operators}EMC\n"

    def body(self, document: int, page: int, mark: int) -> bytes:
        """Return its object."""
        return b"<</Type/StructElem/S/%b/P %d 0 R/Pg %d 0 R/K %d%b>>" % (self.kind, document, page, mark, self.entries)


def text_element(name: str, text: SetText, language: str) -> Element:
    """Return the element of a text in a document of this language."""
    entries = b""
    if len(text.lines) > 1 or any(line.right_to_left for line in text.lines):
        entries += b"/ActualText" + pdf_text(text.text)
    own = language_of(text.text, language)
    if own != language:
        entries += b"/Lang(%b)" % own.encode("ascii")
    return Element(name, b"H1" if name == "headline" else b"P", entries)


def figure_element(name: str, alternative: str, box: tuple[float, float, float, float]) -> Element:
    """Return the element of a picture, with the words for those who do not see it; `box` is left, low, right, high."""
    sides = " ".join(map(number, box)).encode()
    return Element(name, b"Figure", b"/Alt%b/A<</O/Layout/BBox[%b]>>" % (pdf_text(alternative), sides))


def artifact(operators: str) -> str:
    """Return operators of what only adorns the page."""
    return f"/Artifact BMC\n{operators}EMC\n"


@lru_cache(maxsize=4096)
def language_of(text: str, language: str) -> str:
    """Return the tag of a text's language in a document of `language`, as far as its letters tell."""
    right = any(unicodedata.bidirectional(character) == "AL" for character in text)
    left = any(unicodedata.bidirectional(character) == "L" for character in text)
    primary = language.partition("-")[0]
    if right and not left and primary not in ("ur", "ar", "fa", "sd", "ps"):
        return "ar" if is_arabic(text) else "ur"
    if left and not right and primary in ("ur", "ar", "fa", "sd", "ps"):
        return "en"
    return language


def ordered(names: Sequence[str], order: Sequence[str]) -> list[int]:
    """Return the places of `names` in reading order; of one name the first comes first."""
    return sorted(range(len(names)), key=lambda place: (order.index(names[place]), place))
