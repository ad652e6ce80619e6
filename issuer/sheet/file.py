"""The PDF objects of a sheet: content, fonts, page and tags, in an order that needs no second pass.

What a batch shares is closed once: its objects name some that each sheet writes first, by numbers computed ahead.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources

from issuer.sheet.design import HEIGHT, WIDTH, Box
from issuer.sheet.links import MOST_LINKS, link_annotation
from issuer.sheet.metadata import SheetMetadata
from issuer.sheet.pdf_document import PdfWriter, number
from issuer.sheet.picture import Picture
from issuer.sheet.structure import Element, Tagging, bodies, contents, ordered
from issuer.sheet.typesetting import FontShelf, SetText

FONT_OBJECTS = 5
CATALOG_AND_INFO = 2
SHARED_FONTS, OWN_FONTS = "F", "G"
"""How the names of the fonts begin: of those that a batch shares, and of those that a sheet adds."""


@dataclass(frozen=True)
class _Shared:
    """Numbers of a batch's objects."""

    names: tuple[str, ...]
    """Of its elements."""
    elements: tuple[int, ...]
    holders: tuple[int, ...]
    """By mark, the element that holds it."""
    fonts: bytes
    images: bytes
    page: int
    pages: int
    tree: int
    intent: int


@dataclass
class SheetFile:
    """One sheet's objects, or those that the sheets of a batch share until `close`."""

    language: str
    sealable: bool = True
    """Whether a seal may follow; a specimen names none."""
    writer: PdfWriter = field(default_factory=PdfWriter)
    shelf: FontShelf = field(default_factory=lambda: FontShelf(SHARED_FONTS))
    elements: list[tuple[Element, int]] = field(default_factory=list)
    """Each with the mark of its first piece."""
    marks: int = 0
    content: list[str] = field(default_factory=list)
    images: bytes = b""
    shared: _Shared | None = None

    def draw(self, operators: str) -> None:
        """Add operators that bring their own marks."""
        self.content.append(operators)

    def add(self, element: Element, pieces: Sequence[str]) -> None:
        """Add one tagged part of the page: its element and the operators of its pieces."""
        self.content.append(contents(element, pieces, self.marks))
        self.elements.append((element, self.marks))
        self.marks += len(pieces)

    def keep(self, text: SetText) -> None:
        """Put a text's letters into the shared fonts, for sheets to use."""
        for line in text.lines:
            for letter in line.letters:
                self.shelf.look_up(letter)

    def place_picture(self, picture: Picture, box: Box) -> str:
        """Write an image and return the operators that place it."""
        name = b"I%d" % (self.images.count(b"/") + 1)
        self.images += b"/%b %d 0 R" % (name, self.writer.add_stream(picture.dictionary, picture.data))
        numbers = (number(value) for value in (box.width, box.height, box.x, box.y))
        return "q {} 0 0 {} {} {} cm /{} Do Q\n".format(*numbers, name.decode())

    def close(self) -> None:
        """Write what the batch shares."""
        writer = self.writer
        fonts = self.shelf.embed(writer)
        content = writer.add_stream(b"", "".join(self.content).encode())
        intent = _write_output_intent(writer)
        page = writer.next_number + sum(len(element.all) for element, _ in self.elements)
        document = page + 3
        numbers, holders, _ = self._numbers(writer.next_number)
        self._write_elements(document, page, [])
        self._write_page(content, document)
        pages = writer.add(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page)
        tree = writer.add(
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (document, document + 1, MOST_LINKS + 1)
        )
        names = tuple(element.name for element, _ in self.elements)
        self.shared = _Shared(names, tuple(numbers), tuple(holders), fonts, self.images, page, pages, tree, intent)

    def _numbers(self, first: int) -> tuple[list[int], list[int], list[int]]:
        """Return the numbers of the elements on the top level, of those that hold each mark, and of the links."""
        numbers, holders, links = [], [], []
        for element, _ in self.elements:
            numbers.append(first)
            holders += [first + place for place in element.holders]
            if element.areas:
                links += [first + place for place, each in enumerate(element.all) if each.area is not None]
            first += len(element.all)
        return numbers, holders, links

    def _write_elements(self, document: int, page: int, links: Sequence[int]) -> None:
        left = iter(links)
        for element, mark in self.elements:
            tagging = Tagging(document, page, mark, list(itertools.islice(left, len(element.areas))))
            for body in bodies(element, self.writer.next_number, tagging):
                self.writer.add(body)

    def _write_page(self, content: int, document: int) -> None:
        self.writer.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b %b]/Resources %d 0 R/Contents[%d 0 R %d 0 R]"
            b"/StructParents 0/Tabs/S/Annots %d 0 R>>"
            % (
                self.writer.next_number + 1,
                number(WIDTH).encode(),
                number(HEIGHT).encode(),
                document + 2,
                content,
                document + 3,
                document + 4,
            )
        )

    def fork(self) -> "SheetFile":
        """Return a sheet that continues from what is shared."""
        assert self.shared
        shelf = FontShelf(OWN_FONTS, self.shelf.subsets, resident_names=self.shelf.names)
        return SheetFile(self.language, self.sealable, self.writer.fork(), shelf, marks=self.marks, shared=self.shared)

    def finish(self, order: Sequence[str], metadata: SheetMetadata, identity: str, link: str) -> bytes:
        """Write what is the sheet's own and return the file.

        `order` are the elements' names as they are read, `link` is where all links lead.
        """
        shared, writer = self.shared, self.writer
        assert shared
        document = writer.next_number
        areas = [area for element, _ in self.elements for area in element.areas]
        links = range(document + 5, document + 5 + len(areas))
        fonts = range(links.stop, links.stop + FONT_OBJECTS * len(self.shelf.subsets), FONT_OBJECTS)
        elements = links.stop + FONT_OBJECTS * len(self.shelf.subsets)
        self._write_tree(order, elements, links)
        own = b"".join(
            b"/%b %d 0 R" % (name.encode(), first + FONT_OBJECTS - 1)
            for name, first in zip(self.shelf.names.values(), fonts, strict=True)
        )
        writer.add(b"<</Font<<%b%b>>/XObject<<%b>>>>" % (shared.fonts, own, shared.images))
        writer.add_stream(b"", "".join(self.content).encode())
        writer.add(b"[%b]" % b" ".join(b"%d 0 R" % each for each in links))
        for key, area in enumerate(areas, start=1):
            writer.add(link_annotation(area, link, shared.page, key, self.language))
        self.shelf.embed(writer)
        self._write_elements(document, shared.page, links)
        return self._write_end(metadata, identity)

    def _write_tree(self, order: Sequence[str], first: int, links: Sequence[int]) -> None:
        """Write the document's element and the tree that leads from marks and links to the elements from `first` on."""
        shared = self.shared
        assert shared
        numbers, holders, linking = self._numbers(first)
        assert len(linking) == len(links) <= MOST_LINKS
        names = [*shared.names, *(element.name for element, _ in self.elements)]
        numbers, holders = [*shared.elements, *numbers], [*shared.holders, *holders]
        children = b" ".join(b"%d 0 R" % numbers[place] for place in ordered(names, order))
        self.writer.add(b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (shared.tree, children))
        parents = b" ".join(b"%d 0 R" % each for each in holders)
        linked = b"".join(b" %d %d 0 R" % (key, each) for key, each in enumerate(linking, start=1))
        self.writer.add(b"<</Nums[0[%b]%b]>>" % (parents, linked))

    def _write_end(self, metadata: SheetMetadata, identity: str) -> bytes:
        shared, writer = self.shared, self.writer
        assert shared
        xmp = writer.add_stream(b"/Type/Metadata/Subtype/XML", metadata.xmp())
        attached = writer.seal_entries(following=CATALOG_AND_INFO) if self.sealable else b""
        root = writer.add(
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]/Lang(%b)%b"
            b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (shared.pages, xmp, shared.intent, self.language.encode("ascii"), attached, shared.tree)
        )
        info = writer.add(metadata.info())
        return writer.finish(root, info, identity, metadata.drafted)


def _write_output_intent(writer: PdfWriter) -> int:
    profile = resources.files("issuer.sheet").joinpath("assets/srgb.icc").read_bytes()
    icc = writer.add_stream(b"/N 3", profile)
    return writer.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        b"/DestOutputProfile %d 0 R>>" % icc
    )
