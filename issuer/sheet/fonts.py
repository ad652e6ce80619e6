"""The packaged fonts: their outlines cut to what a sheet uses, and written into the PDF.

A `Face` is a font file, read once per process. A `Subset` collects the drawings that one part of a document uses
and numbers them from 1 (0 is .notdef). Subsetting by hand takes microseconds where fontTools takes 100 ms: a
TrueType font is a heap of self-contained outlines, and PDF needs only six tables of it.

A `Drawing` represents one letter: often a glyph, but in Nastaliq a stem, its dots and their heights.
Embedded as one composite glyph on the baseline, it makes the page a plain row of letters, which is the one thing
that every reader of PDF copies and finds correctly.
"""

import hashlib
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from sys import byteorder

import uharfbuzz as hb

from issuer.sheet.pdf_document import PdfWriter

FONT_FOLDER = Path(__file__).with_name("assets") / "fonts"

# TrueType composite glyph flags (OpenType specification, glyf table)
_WORDS, _OFFSETS, _SCALE, _MORE, _TWO_SCALES, _MATRIX, _INSTRUCTIONS = 0x1, 0x2, 0x8, 0x20, 0x40, 0x80, 0x100


class Face:
    """One TrueType font: what is needed to shape with it, measure it and embed parts of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        face = hb.Face(hb.Blob.from_file_path(str(FONT_FOLDER / f"{name}.ttf")))
        self.shaper = hb.Font(face)
        self.units_per_em = int(face.upem)
        self.characters = frozenset(face.unicodes)
        self._tables = {tag: bytes(face.reference_table(tag).data) for tag in _READ_TABLES}
        self._locations = _locations(self._tables, face.glyph_count)
        self._outlines: dict[int, Outline] = {}
        self._drawn: dict[Drawing, Outline] = {}
        (self._metrics_count,) = struct.unpack_from(">H", self._tables["hhea"], 34)

    def table(self, tag: str) -> bytes:
        """Return a table of the font file."""
        return self._tables[tag]

    def metrics(self, glyph: int) -> bytes:
        """Return the four bytes of hmtx for a glyph: advance and left bearing, in font units."""
        hmtx, last = self._tables["hmtx"], self._metrics_count - 1
        if glyph <= last:
            return hmtx[4 * glyph : 4 * glyph + 4]
        bearing = 4 * (last + 1) + 2 * (glyph - last - 1)
        return hmtx[4 * last : 4 * last + 2] + hmtx[bearing : bearing + 2]

    def advance(self, glyph: int) -> int:
        """Return a glyph's own advance in font units."""
        return self.outline(glyph).advance

    def outline(self, glyph: int) -> "Outline":
        """Return a glyph's outline, read once."""
        known = self._outlines.get(glyph)
        if known is None:
            raw = self._tables["glyf"][self._locations[glyph] : self._locations[glyph + 1]]
            known = self._outlines[glyph] = read_outline(raw, self.metrics(glyph))
        return known

    def drawn(self, drawing: "Drawing") -> "Outline":
        """Return a drawing's outline: a glyph's own, a blank, or a composite of glyphs."""
        parts, advance = drawing
        if len(parts) == 1 and not parts[0][1] and not parts[0][2] and self.advance(parts[0][0]) == advance:
            return self.outline(parts[0][0])
        known = self._drawn.get(drawing)
        if known is None:
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            known = self._drawn[drawing] = composed([(self.outline(glyph), x, y) for glyph, x, y in parts], drawing)
        return known


_READ_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp", "OS/2")


def _locations(tables: dict[str, bytes], glyphs: int) -> Sequence[int]:
    (long_form,) = struct.unpack_from(">h", tables["head"], 50)
    if long_form:
        return struct.unpack(f">{glyphs + 1}I", tables["loca"])
    return [2 * offset for offset in struct.unpack(f">{glyphs + 1}H", tables["loca"])]


Drawing = tuple[tuple[tuple[int, int, int], ...], int]
"""What is drawn for one letter, in font units: (glyph, x, y) of each part, and the advance of the whole."""
MOST_DRAWN = 8192
"""Composites remembered by one face."""


@cache
def face(name: str) -> Face:
    """Return a packaged font by its file name without the ending."""
    return Face(name)


@dataclass(frozen=True)
class Outline:
    """A glyph without its hinting: bytes, where they name other glyphs, and its size in font units."""

    data: bytes
    components: tuple[tuple[int, int], ...]
    """(offset in `data`, glyph) of each part of a composite."""
    metrics: bytes
    advance: int
    box: tuple[int, int, int, int]
    """x_min, y_min, x_max, y_max; all 0 for a blank."""


def read_outline(raw: bytes, metrics: bytes) -> Outline:
    """Read one entry of glyf, dropping its instructions (a sheet is printed, not hinted)."""
    (advance,) = struct.unpack_from(">H", metrics)
    if not raw:
        return Outline(b"", (), metrics, advance, (0, 0, 0, 0))
    contours, *box = struct.unpack_from(">5h", raw)
    data, components = _simple(raw, contours) if contours >= 0 else _composite(raw)
    data += bytes(-len(data) % 4)
    return Outline(data, components, metrics, advance, (box[0], box[1], box[2], box[3]))


def _simple(raw: bytes, contours: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    at = 10 + 2 * contours
    (length,) = struct.unpack_from(">H", raw, at)
    return raw[:at] + b"\0\0" + raw[at + 2 + length :], ()


def _composite(raw: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    data, at, more, components = bytearray(raw), 10, True, []
    while more:
        flags, glyph = struct.unpack_from(">HH", raw, at)
        struct.pack_into(">H", data, at, flags & ~_INSTRUCTIONS)
        components.append((at + 2, glyph))
        at += 8 if flags & _WORDS else 6
        at += 2 * bool(flags & _SCALE) + 4 * bool(flags & _TWO_SCALES) + 8 * bool(flags & _MATRIX)
        more = bool(flags & _MORE)
    return bytes(data[:at]), tuple(components)


def composed(parts: Sequence[tuple[Outline, int, int]], drawing: Drawing) -> Outline:
    """Return a composite glyph (OpenType specification, glyf table) of outlines at their places."""
    inked = [
        (glyph, outline.box, x, y)
        for (glyph, _, _), (outline, x, y) in zip(drawing[0], parts, strict=True)
        if outline.data
    ]
    if not inked:
        return Outline(b"", (), struct.pack(">Hh", drawing[1], 0), drawing[1], (0, 0, 0, 0))
    left, low, right, high = zip(*((b[0] + x, b[1] + y, b[2] + x, b[3] + y) for _, b, x, y in inked), strict=True)
    box = (min(left), min(low), max(right), max(high))
    data = struct.pack(">5h", -1, *box)
    for index, (glyph, _, x, y) in enumerate(inked):
        more = _MORE if index < len(inked) - 1 else 0
        data += struct.pack(">HHhh", _WORDS | _OFFSETS | more, glyph, x, y)
    components = tuple((12 + 8 * index, glyph) for index, (glyph, *_) in enumerate(inked))
    data += bytes(-len(data) % 4)
    return Outline(data, components, struct.pack(">Hh", drawing[1], box[0]), drawing[1], box)


@dataclass
class Subset:
    """Drawings of one face in the order in which they were first used, with the text that each represents."""

    face: Face
    drawings: list[Drawing] = field(default_factory=list)
    texts: list[str] = field(default_factory=lambda: [""])
    codes: dict[tuple[Drawing, str], int] = field(default_factory=dict)

    def code(self, drawing: Drawing, text: str) -> int:
        """Return the two-byte code of a drawing that represents `text`; a new drawing is added.

        A drawing that represents two texts gets two codes, so that each can be copied out of the PDF.
        """
        code = self.codes.get((drawing, text))
        if code is None:
            self.drawings.append(drawing)
            self.texts.append(text)
            code = self.codes[drawing, text] = len(self.drawings)
        return code

    def embed(self, writer: PdfWriter) -> int:
        """Write the five objects of the font and return the number of its Type0 dictionary."""
        program = truetype(self.face, self.drawings)
        tag = hashlib.sha256(program).digest()[:6]
        name = bytes(65 + byte % 26 for byte in tag) + b"+" + self.face.name.encode()
        file = writer.add_stream(b"/Length1 %d" % len(program), program)
        descriptor = writer.add(_descriptor(self.face, name, file))
        scale = 1000 / self.face.units_per_em
        advances = [self.face.advance(0), *(advance for _, advance in self.drawings)]
        widths = " ".join(f"{advance * scale:g}" for advance in advances).encode()
        cid = writer.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDToGIDMap/Identity/FontDescriptor %d 0 R"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 0/W[0[%b]]>>"
            % (name, descriptor, widths)
        )
        meaning = writer.add_stream(b"", to_unicode(self.texts))
        return writer.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (name, cid, meaning)
        )


def _descriptor(font: Face, name: bytes, file: int) -> bytes:
    box = struct.unpack_from(">4h", font.table("head"), 36)
    ascent, descent = struct.unpack_from(">2h", font.table("hhea"), 4)
    scale = 1000 / font.units_per_em
    numbers = tuple(round(value * scale) for value in (*box, ascent, descent))
    return (
        b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0"
        b"/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>"
        % (name, *numbers, numbers[4], file)
    )  # fmt: skip


def truetype(font: Face, drawings: Sequence[Drawing]) -> bytes:
    """Return a TrueType font of these drawings, numbered from 1 by their place in the list.

    The glyphs that composites are made of follow after them.
    """
    outlines = [font.outline(0), *map(font.drawn, drawings)]
    place: dict[int, int] = {}
    metrics, glyphs, offsets, size, most = [], [], [0], 0, 1
    for outline in outlines:  # grows while it is walked: a composite brings its parts
        data = outline.data
        if outline.components:
            data = _renumbered(font, outline, outlines, place)
            most = max(most, len(outline.components))
        size += len(data)
        glyphs.append(data)
        metrics.append(outline.metrics)
        offsets.append(size)
    return _tables(font, glyphs, metrics, offsets, most)


def _tables(
    font: Face, glyphs: Sequence[bytes], metrics: Sequence[bytes], offsets: Sequence[int], components: int
) -> bytes:
    head, hhea, maxp = bytearray(font.table("head")), bytearray(font.table("hhea")), bytearray(font.table("maxp"))
    struct.pack_into(">I", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)  # long offsets
    struct.pack_into(">H", hhea, 34, len(glyphs))
    struct.pack_into(">H", maxp, 4, len(glyphs))
    _raise_maxima(maxp, components)
    return _font_file(
        {
            b"glyf": b"".join(glyphs),
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"hmtx": b"".join(metrics),
            b"loca": struct.pack(f">{len(offsets)}I", *offsets),
            b"maxp": bytes(maxp),
        }
    )


def _raise_maxima(maxp: bytearray, components: int) -> None:
    """Let maxp allow for composites of this many parts, whose parts may be composites themselves."""
    points, contours, composite_points, composite_contours = struct.unpack_from(">4H", maxp, 6)
    most = (max(points, composite_points) * components, max(contours, composite_contours) * components)
    struct.pack_into(">HH", maxp, 10, *(min(65535, number) for number in most))
    elements, depth = struct.unpack_from(">HH", maxp, 28)
    struct.pack_into(">HH", maxp, 28, max(elements, components), depth + 1)


def _renumbered(font: Face, outline: Outline, outlines: list[Outline], place: dict[int, int]) -> bytes:
    data = bytearray(outline.data)
    for at, glyph in outline.components:
        if glyph not in place:
            place[glyph] = len(outlines)
            outlines.append(font.outline(glyph))
        struct.pack_into(">H", data, at, place[glyph])
    return bytes(data)


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    """Join tables (given in the order of their tags) into a font file with its checksums."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    at, body = 12 + 16 * count, b""
    for tag, data in tables.items():
        padded = data + bytes(-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), at, len(data))
        at += len(padded)
        body += padded
    font = bytearray(directory + body)
    head_at = len(directory) + (len(tables[b"glyf"]) + 3) // 4 * 4
    struct.pack_into(">I", font, head_at + 8, (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF)
    return bytes(font)


def _checksum(data: bytes | bytearray) -> int:
    words = array("I", bytes(data))
    if byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF


def to_unicode(texts: Sequence[str]) -> bytes:
    """Return a CMap that gives the text of each code (ISO 32000-1, 9.10.3)."""
    known = [
        b"<%04X><%b>\n" % (code, text.encode("utf-16-be").hex().upper().encode())
        for code, text in enumerate(texts)
        if text
    ]
    blocks = [known[at : at + 100] for at in range(0, len(known), 100)]  # a block holds at most 100
    maps = b"".join(b"%d beginbfchar\n%bendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    return _CMAP_HEAD + maps + _CMAP_TAIL


_CMAP_HEAD = (
    b"/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
    b"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
)
_CMAP_TAIL = b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
