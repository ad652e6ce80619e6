"""The tags of a sheet: what each part of the page is, in reading order (ISO 32000-1, 14.7; ISO 14289-1).

Each text and picture is one element under the document. The letters on the page are in visual order, as all
readers expect; an element with right-to-left text says in ActualText what is read. A text in two languages, or with a
link, has an element for each passage.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from issuer.sheet.passages import Passage
from issuer.sheet.pdf_document import number, pdf_text
from issuer.sheet.typesetting import Piece, SetText

Sides = tuple[float, float, float, float]
"""Left, low, right and high."""


@dataclass(frozen=True)
class Element:
    """One structure element: its type, its entries and what is in it; on the page's top level also its name."""

    name: str
    kind: bytes
    entries: bytes = b""
    kids: tuple["Element | int", ...] = (0,)
    """Elements, and numbers of pieces of content, counted from the first of the element on the top level."""
    area: Sides | None = None
    """For a link: where it can be clicked."""

    @cached_property
    def all(self) -> tuple["Element", ...]:
        """It and all that are in it, each before its own."""
        within = (each for kid in self.kids if isinstance(kid, Element) for each in kid.all)
        return (self, *within)

    @cached_property
    def areas(self) -> tuple[Sides, ...]:
        """Where the links in it can be clicked, in order."""
        return tuple(each.area for each in self.all if each.area is not None)

    @cached_property
    def holders(self) -> tuple[int, ...]:
        """By piece, the place in `all` of the element that holds it."""
        held = {kid: at for at, each in enumerate(self.all) for kid in each.kids if isinstance(kid, int)}
        return tuple(held[piece] for piece in range(len(held)))


@dataclass(frozen=True)
class Tagging:
    """Numbers that bodies of elements name."""

    document: int
    page: int
    marks: int
    """The mark of the first piece of the element on the top level."""
    links: Sequence[int] = ()
    """The annotations of its links, in order."""


def contents(element: Element, pieces: Sequence[str], first_mark: int) -> str:
    """Return the operators of an element's pieces as marked content."""
    return "".join(
        f"/{element.all[holder].kind.decode()}<</MCID {mark}>>BDC\n{operators}EMC\n"
        for mark, holder, operators in zip(itertools.count(first_mark), element.holders, pieces)
    )


def bodies(element: Element, first: int, tagging: Tagging) -> list[bytes]:
    """Return the objects of an element and of those in it, numbered from `first`."""
    if element.kids == (0,) and element.area is None:
        return [_body(element, tagging.document, tagging, b"%d" % tagging.marks)]
    links = iter(tagging.links)
    found: list[bytes] = []

    def write(each: Element, parent: int) -> int:
        place, own = len(found), first + len(found)
        found.append(b"")
        kids = [
            b"%d" % (tagging.marks + kid) if isinstance(kid, int) else b"%d 0 R" % write(kid, own) for kid in each.kids
        ]
        if each.area is not None:
            kids.append(b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (next(links), tagging.page))
        content = kids[0] if len(kids) == 1 else b"[%b]" % b" ".join(kids)
        found[place] = _body(each, parent, tagging, content)
        return own

    write(element, tagging.document)
    return found


def _body(element: Element, parent: int, tagging: Tagging, content: bytes) -> bytes:
    return b"<</Type/StructElem/S/%b/P %d 0 R/Pg %d 0 R/K %b%b>>" % (
        element.kind, parent, tagging.page, content, element.entries,
    )  # fmt: skip


def text_element(name: str, text: SetText, language: str, said: Sequence[Passage], pieces: Sequence[Piece]) -> Element:
    """Return the element of a text in a document of this language: of its passages, each drawn as one piece or more."""
    kind = b"H1" if name == "headline" else b"P"
    turned = len(text.lines) > 1 or any(line.right_to_left for line in text.lines)
    if len(said) == 1 and not said[0].linked:
        return Element(name, kind, _reading(said[0], language, turned))
    kids: list[Element | int] = []
    for index, passage in enumerate(said):
        own = [place for place, piece in enumerate(pieces) if piece.stretch == index]
        if passage.linked or turned or passage.language != language:
            kids.append(_passage_element(passage, language, turned, [pieces[place] for place in own], own, text.size))
        else:
            kids += own
    return Element(name, kind, kids=tuple(kids))


def _passage_element(
    passage: Passage, language: str, turned: bool, pieces: Sequence[Piece], own: Sequence[int], size: float
) -> Element:
    if not passage.linked:
        return Element("", b"Span", _reading(passage, language, turned), tuple(own))
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    low, high = min(piece.baseline for piece in pieces), max(piece.baseline for piece in pieces)
    area = (left, low - LINK_BELOW * size, right, high + LINK_ABOVE * size)
    return Element("", b"Link", _reading(passage, language, False), tuple(own), area)


LINK_ABOVE, LINK_BELOW = 0.95, 0.35
"""How far a link in a text can be clicked above and below its baseline, in em."""


def _reading(passage: Passage, language: str, turned: bool) -> bytes:
    entries = b"/ActualText" + pdf_text(passage.text) if turned else b""
    if passage.language != language:
        entries += b"/Lang(%b)" % passage.language.encode("ascii")
    return entries


def figure_element(name: str, alternative: str, box: Sides, language: str) -> Element:
    """Return the element of a picture, with English words for those who do not see it."""
    sides = " ".join(map(number, box)).encode()
    entries = b"/Alt%b/A<</O/Layout/BBox[%b]>>" % (pdf_text(alternative), sides)
    if language.partition("-")[0] != "en":
        entries += b"/Lang(en)"
    return Element(name, b"Figure", entries)


def linked_figure(figure: Element, box: Sides) -> Element:
    """Return a picture that can be clicked."""
    return Element(figure.name, b"P", kids=(Element("", b"Link", kids=(replace(figure, name=""),), area=box),))


def artifact(operators: str) -> str:
    """Return operators of what only adorns the page."""
    return f"/Artifact BMC\n{operators}EMC\n"


def ordered(names: Sequence[str], order: Sequence[str]) -> list[int]:
    """Return the places of `names` in reading order; of one name the first comes first."""
    return sorted(range(len(names)), key=lambda place: (order.index(names[place]), place))
