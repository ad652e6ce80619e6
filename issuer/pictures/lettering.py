"""Shaped letters as a font that Pillow draws, since Pillow itself does not join Urdu letters or order mixed scripts.

The letters come from the same shaping as the sheet's. Each gets a character of the private use area.
"""

import io
import struct

from PIL import ImageFont

from issuer.sheet.fonts import Face, Subset, truetype

_FIRST = 0xE000
_HEADER = 12


class Lettering:
    """Letters of one face, collected before they are drawn."""

    def __init__(self, face: Face) -> None:
        self._subset = Subset(face)
        self._data: bytes | None = None

    def character(self, drawing: tuple[tuple[tuple[int, int, int], ...], int]) -> str:
        """Return the character that represents a drawing."""
        self._data = None
        return chr(_FIRST + self._subset.code(drawing, ""))

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the font of all letters collected so far, `size` in pixels."""
        if self._data is None:
            drawings = self._subset.drawings
            self._data = with_characters(truetype(self._subset.face, drawings), len(drawings) + 1)
        return ImageFont.truetype(io.BytesIO(self._data), size, layout_engine=ImageFont.Layout.BASIC)


def with_characters(font: bytes, glyphs: int) -> bytes:
    """Return a font file with a cmap (format 12) that gives each glyph its private character."""
    (count,) = struct.unpack_from(">H", font, 4)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    cmap += struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, _FIRST, _FIRST + glyphs - 1, 0)
    moved, directory = 16, b""
    for index in range(count):
        tag, checksum, at, length = struct.unpack_from(">4sIII", font, _HEADER + 16 * index)
        directory += struct.pack(">4sIII", tag, checksum, at + moved, length)
    entry = struct.pack(">4sIII", b"cmap", 0, len(font) + moved, len(cmap))
    head = font[:4] + struct.pack(">H", count + 1) + font[6:_HEADER]
    return head + entry + directory + font[_HEADER + 16 * count :] + cmap
