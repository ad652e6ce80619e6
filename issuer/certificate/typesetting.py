"""Set shaped lines into named places of a page, as PDF text operators.

Lengths are points (1/72 inch), the origin is the page's lower left corner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from issuer.certificate.fonts import Subset, face
from issuer.certificate.pdf_document import PdfWriter, number
from issuer.certificate.shaping import FontStyle, Piece, PlacedGlyph, ShapedLine, shape
from issuer.certificate.sheet_errors import TextTooLongError

ALIGNMENTS = {"left": 0.0, "centre": 0.5, "right": 1.0}


@dataclass(frozen=True)
class Place:
    """Where one line of text goes, how large it is at best and what room it has."""

    x: float
    """The left edge, the middle or the right edge, as `align` says."""
    y: float
    """The baseline."""
    width: float
    size: float
    style: FontStyle
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    align: str = "centre"
    smallest: float = 6.0
    above: float = 100.0
    """Room for ink above the baseline; Nastaliq climbs."""
    below: float = 100.0
    """Room for ink below the baseline."""
    tracking: float = 0.0
    """Letter-spacing in milli-em."""

    def shifted(self, x: float) -> "Place":
        """Return the same place with another x."""
        return replace(self, x=x)


def fitted_size(line: ShapedLine, place: Place, field_name: str) -> float:
    """Return the size at which a line fits its place, at most the place's own. Raises TextTooLongError."""
    reach = max(line.width, line.right) - min(0.0, line.left)
    limits = ((reach, place.width), (line.top, place.above), (-line.bottom, place.below))
    size = min([place.size, *(room * 1000 / need for need, room in limits if need > 0)])
    if size < place.smallest:
        raise TextTooLongError(field_name, line.text, size, place.smallest)
    return size


@dataclass
class FontShelf:
    """The fonts of one page: those of the batch, written once, and those that one sheet adds."""

    prefix: str
    resident: Mapping[str, Subset] = field(default_factory=dict)
    subsets: dict[str, Subset] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Resource name by font name, for the fonts that this shelf adds."""
    resident_names: Mapping[str, str] = field(default_factory=dict)

    def look_up(self, glyph: PlacedGlyph) -> tuple[str, int]:
        """Return resource name and code of a glyph, adding it to the sheet's own fonts where it is new."""
        font = glyph.choice.name
        resident = self.resident.get(font)
        if resident is not None:
            code = resident.codes.get((glyph.glyph, glyph.text))
            if code is not None:
                return self.resident_names[font], code
        subset = self.subsets.get(font)
        if subset is None:
            subset = self.subsets[font] = Subset(face(font))
            self.names[font] = f"{self.prefix}{len(self.subsets)}"
        return self.names[font], subset.code(glyph.glyph, glyph.text)

    def embed(self, writer: PdfWriter) -> bytes:
        """Write the fonts that this shelf adds and return their resource entries."""
        return b"".join(
            b"/%b %d 0 R" % (self.names[font].encode(), subset.embed(writer)) for font, subset in self.subsets.items()
        )


def prepare(field_name: str, text: str, place: Place, language: str = "") -> tuple[ShapedLine, float]:
    """Shape a text for its place and find its size. Raises MissingGlyphError, TextTooLongError."""
    line = shape(field_name, text, place.style, language, place.tracking)
    return line, fitted_size(line, place, field_name)


def set_line(line: ShapedLine, size: float, place: Place, shelf: FontShelf) -> str:
    """Return the operators that draw a shaped line at its place."""
    start = place.x - ALIGNMENTS[place.align] * line.width * size / 1000
    colour = " ".join(number(part) for part in place.colour)
    return f"{colour} rg\nBT {number(start)} {number(place.y)} Td\n{_Shower(size, shelf).line(line)}ET\n"


@dataclass
class _Shower:
    """Writes the show operators of one line; glyphs are moved to their places by TJ numbers and text rise."""

    size: float
    shelf: FontShelf
    pen: float = 0.0
    """Where the PDF's own advance has come to, in milli-em of the line."""
    state: tuple[str, float] = ("", 0.0)
    """Font operator and rise in force."""
    out: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)

    def line(self, line: ShapedLine) -> str:
        for piece in line.pieces:
            if piece.spelled:
                self.show(piece)
                continue
            self.out.append(f"/Span<</ActualText<FEFF{piece.text.encode('utf-16-be').hex().upper()}>>>BDC\n")
            self.show(piece)
            self.out.append("EMC\n")
        if self.state[1]:
            self.out.append("0 Ts\n")
        return "".join(self.out)

    def show(self, piece: Piece) -> None:
        for glyph in piece.glyphs:
            name, code = self.shelf.look_up(glyph)
            scale, own = glyph.choice.scale, face(glyph.choice.name)
            self.switch(f"/{name} {number(self.size * scale)} Tf\n", round(glyph.y * self.size / 1000, 2))
            # PDF counts moves in thousandths of the font's size; what rounding leaves is carried on in pen
            move = round((self.pen - glyph.x) / scale)
            self.strings.append(f"{move}<{code:04X}>" if move else f"<{code:04X}>")
            self.pen += (own.advance(glyph.glyph) * 1000 / own.units_per_em - move) * scale
        self.flush()

    def switch(self, font: str, rise: float) -> None:
        if (font, rise) == self.state:
            return
        self.flush()
        self.out.append(font if font != self.state[0] else "")
        self.out.append(f"{number(rise)} Ts\n" if rise != self.state[1] else "")
        self.state = (font, rise)

    def flush(self) -> None:
        if self.strings:
            self.out.append(f"[{''.join(self.strings).replace('><', '')}]TJ\n")
            self.strings.clear()
