"""Logo and signature pictures as PDF image objects.

An opaque PNG of moderate size goes in as it is: PDF reads PNG's own compression. Anything else (transparency,
interlacing, 16 bits, large ones) is flattened on white, made smaller where it is larger than any print shows, and
packed by run lengths, since our own deflate would give different bytes with another zlib build.
"""

import io
import math
import struct
import zlib
from dataclasses import dataclass
from itertools import groupby

from PIL import Image, UnidentifiedImageError

from issuer.sheet.errors import BadPictureError

LARGEST_SIDE = 4096
"""Pixels; four times what 600 dpi needs for the largest picture place."""
PRINTED_SIDE, LEAST_SIDE = 800, 240
"""Pixels a side that the largest place shows in print, and that a picture keeps at least."""
LARGEST_BYTES = 300_000
"""Of a picture's data: every sheet of the batch holds it."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_BYTES = 33
"""Signature and first chunk, which states the size."""
_IHDR_BYTES = 13
_COLOURS = 256
_CHANNELS = {0: 1, 2: 3, 3: 1}


@dataclass(frozen=True)
class Picture:
    """An image object: size in pixels, dictionary entries and stream."""

    width: int
    height: int
    dictionary: bytes
    data: bytes


def read_picture(field_name: str, png: bytes) -> Picture:
    """Return a PNG as an image object. Raises BadPictureError."""
    width, height = _stated_size(field_name, png)
    if max(width, height) > LARGEST_SIDE:  # asked before a library does anything with it
        raise BadPictureError(field_name, f"{width} x {height} pixels, at most {LARGEST_SIDE} a side")
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            image.load()
            whole = _as_it_is(png) if max(image.size) <= 2 * PRINTED_SIDE else None
            return whole if whole and len(whole.data) <= LARGEST_BYTES else _flattened(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, struct.error) as error:
        raise BadPictureError(field_name, str(error)) from error


def _stated_size(field_name: str, png: bytes) -> tuple[int, int]:
    if not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR" or len(png) < _HEADER_BYTES:
        raise BadPictureError(field_name, "it does not begin as a PNG file does")
    if len(_chunks(png)[b"IHDR"]) != _IHDR_BYTES:
        raise BadPictureError(field_name, "it states its size more than once")
    width, height = struct.unpack_from(">II", png, 16)
    return width, height


def _as_it_is(png: bytes) -> Picture | None:
    chunks = _chunks(png)
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if interlaced or bits > 8 or kind not in _CHANNELS or b"tRNS" in chunks:
        return None
    if not _unpacks_to(chunks[b"IDAT"], height * (1 + -(-width * bits * _CHANNELS[kind] // 8))):
        return None
    colours = b"/DeviceGray" if kind == 0 else b"/DeviceRGB"
    if kind == 3:
        palette = chunks[b"PLTE"]
        if len(palette) > 3 * _COLOURS:
            return None
        colours = b"[/Indexed/DeviceRGB %d<%b>]" % (len(palette) // 3 - 1, palette.hex().encode())
    dictionary = b"%b/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>" % (
        _entries(width, height, bits, colours), _CHANNELS[kind], bits, width,
    )  # fmt: skip
    return Picture(width, height, dictionary, chunks[b"IDAT"])


def _unpacks_to(data: bytes, size: int) -> bool:
    """Whether packed data give so many bytes and end there: a reader of the sheet unpacks all that there is."""
    unpacking = zlib.decompressobj()
    try:
        found = len(unpacking.decompress(data, size + 1))
    except zlib.error:
        return False
    return found == size and unpacking.eof and not unpacking.unused_data


def _entries(width: int, height: int, bits: int, colours: bytes) -> bytes:
    return b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%b" % (
        width, height, bits, colours,
    )  # fmt: skip


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a PNG; pieces of one kind are joined."""
    found: dict[bytes, bytes] = {}
    at = len(_SIGNATURE)
    while at + 8 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        found[kind] = found.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _flattened(image: Image.Image) -> Picture:
    flat = on_white(image)
    factor = -(-max(flat.size) // PRINTED_SIDE)
    found = _packed(flat.reduce(factor))
    while len(found.data) > LARGEST_BYTES and max(flat.size) // (factor + 1) >= LEAST_SIDE:
        factor = max(factor + 1, int(factor * math.sqrt(len(found.data) / LARGEST_BYTES)))
        found = _packed(flat.reduce(min(factor, max(flat.size) // LEAST_SIDE)))
    return found


def on_white(image: Image.Image) -> Image.Image:
    """Return an image as RGB, its transparent parts on white paper."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off and not scale
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _packed(flat: Image.Image) -> Picture:
    """Pack a byte a pixel, grey or out of a palette: runs of equal bytes are rare in rows of red, green, blue."""
    red, green, blue = flat.split()
    if red.tobytes() == green.tobytes() == blue.tobytes():
        raw, colours = red.tobytes(), b"/DeviceGray"
    else:
        paletted = flat.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        palette = bytes(paletted.getpalette() or ())
        raw, colours = (
            paletted.tobytes(),
            b"[/Indexed/DeviceRGB %d<%b>]" % (len(palette) // 3 - 1, palette.hex().encode()),
        )
    dictionary = _entries(*flat.size, 8, colours) + b"/Filter/RunLengthDecode"
    return Picture(*flat.size, dictionary, run_lengths(raw))


def run_lengths(data: bytes) -> bytes:
    """Pack bytes for RunLengthDecode (ISO 32000-1, 7.4.5)."""
    out, plain = bytearray(), bytearray()

    def flush() -> None:
        for at in range(0, len(plain), 128):
            piece = plain[at : at + 128]
            out.append(len(piece) - 1)
            out.extend(piece)
        plain.clear()

    for byte, group in groupby(data):
        length = sum(1 for _ in group)
        if length < 3:
            plain.extend([byte] * length)
            continue
        flush()
        for at in range(0, length, 128):
            piece_length = min(128, length - at)
            out.extend((257 - piece_length, byte) if piece_length > 1 else (0, byte))
    flush()
    return bytes(out) + b"\x80"
