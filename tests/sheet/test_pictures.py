"""Logo and signature: seen in the page's pixels, whatever kind of PNG they are."""

import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from issuer.sheet.design import HEIGHT, Box
from issuer.sheet.designs import formal
from issuer.sheet.errors import BadPictureError
from issuer.sheet.picture import LARGEST_BYTES, LEAST_SIDE, PRINTED_SIDE, read_picture, run_lengths
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.rendering import DPI, RENDERERS, by_pdfium
from tests.sheet.samples import BARE, PLAIN, png


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def stating(width: int, height: int, packed: bytes = b"", kind: int = 0, more: bytes = b"") -> bytes:
    """A PNG that says how large it is, with whatever packed data."""
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def paletted() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(png("RGB"))).quantize(16).save(file, "PNG")
    return file.getvalue()


SIGNATURE = b"\x89PNG\r\n\x1a\n"
KINDS = {"RGB": png("RGB"), "RGBA": png("RGBA"), "grey": png("L", 60), "palette": paletted()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("renderer", RENDERERS)
def test_the_logo_is_seen(renderer: str, kind: str) -> None:
    picture = RENDERERS[renderer](SheetTemplate(replace(PLAIN, logo=KINDS[kind])).draw(BARE))
    box, scale = formal.EMBLEM, DPI / 72
    middle = ((box.x + box.width / 2) * scale, (HEIGHT - box.y - box.height / 2) * scale)
    corner = ((box.x + 2) * scale, (HEIGHT - box.y - 2) * scale)
    expected = (60, 60, 60) if kind == "grey" else (0xC0, 0x20, 0x40)
    assert picture.getpixel(tuple(map(int, middle))) == pytest.approx(expected, abs=2)
    assert picture.getpixel(tuple(map(int, corner))) == (255, 255, 255)


def test_an_opaque_png_goes_in_as_it_is_and_a_transparent_one_is_flattened() -> None:
    assert b"/FlateDecode" in read_picture("logo", KINDS["RGB"]).dictionary
    assert read_picture("logo", KINDS["RGB"]).data in KINDS["RGB"]
    assert b"/RunLengthDecode" in read_picture("logo", KINDS["RGBA"]).dictionary


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def test_sixteen_bits_of_grey_keep_their_shade() -> None:
    picture = read_picture("logo", encoded(Image.new("I;16", (4, 4), 40000)))
    assert picture.data == run_lengths(bytes([40000 // 256]) * 16)


def test_a_flat_logo_with_soft_edges_stays_small() -> None:
    image = Image.open(io.BytesIO(png("RGBA", size=(3000, 2400)))).resize((900, 720), Image.Resampling.LANCZOS)
    picture = read_picture("logo", encoded(image))
    assert (picture.width, picture.height) == (450, 360)
    assert len(picture.data) < 20_000


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_huge_picture_is_made_smaller_since_it_stands_in_every_sheet(mode: str) -> None:
    noise = encoded(Image.effect_noise((2400, 1600), 90).convert(mode))
    picture = read_picture("logo", noise)
    assert len(picture.data) <= LARGEST_BYTES
    assert LEAST_SIDE <= picture.width <= PRINTED_SIDE
    assert picture.width / picture.height == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("design", DESIGN_NAMES)
@pytest.mark.parametrize("size", [(1, 1), (4000, 8), (8, 4000), (300, 300)])
def test_pictures_of_any_shape_stay_in_their_boxes(design: str, size: tuple[int, int]) -> None:
    """Drawn on transparent ground, in a colour that nothing else on the sheet has."""
    picture = encoded(Image.new("RGBA", size, (255, 0, 255, 255)))
    template = SheetTemplate(replace(PLAIN, design=design, logo=picture, signature=picture))
    page = by_pdfium(template.draw(BARE), 72)
    for box in (template.layout.places[name] for name in ("emblem", "signature")):
        assert isinstance(box, Box)
        top = HEIGHT - box.y - box.height
        page.paste("white", (int(box.x) - 1, int(top) - 1, int(box.x + box.width) + 2, int(top + box.height) + 2))
    assert not any(red > 240 and blue > 240 and green < 60 for red, green, blue in page.getdata())


@pytest.mark.parametrize(
    "data", [b"", b"a", b"aab", b"a" * 1000, bytes(range(256)) * 2, b"ab" * 200 + b"c" * 129 + b"d"]
)
def test_run_lengths_come_apart_again(data: bytes) -> None:
    packed, out, at = run_lengths(data), b"", 0
    while packed[at] != 128:
        count = packed[at]
        piece = packed[at + 1 : at + 2 + count] if count < 128 else packed[at + 1 : at + 2] * (257 - count)
        at += 2 + count if count < 128 else 2
        out += piece
    assert out == data
    assert at == len(packed) - 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xd8\xff", "logo: not a usable PNG picture (it does not begin as a PNG file does)"),
        (KINDS["RGB"][:200], "logo: not a usable PNG picture ("),
        (KINDS["RGB"][:60] + b"\0" + KINDS["RGB"][61:], "logo: not a usable PNG picture ("),
        (encoded(Image.new("CMYK", (20, 20)), "JPEG"), "logo: not a usable PNG picture (it does not begin as a PNG"),
        (png("L", 0, (5000, 20)), "logo: not a usable PNG picture (5000 x 20 pixels, at most 4096 a side)"),
        (stating(13_000, 13_000), "logo: not a usable PNG picture (13000 x 13000 pixels, at most 4096 a side)"),
        (stating(2**31, 2**31), "logo: not a usable PNG picture (2147483648 x 2147483648 pixels, at most 4096 a side)"),
        (KINDS["RGB"][:20], "logo: not a usable PNG picture (it does not begin as a PNG file does)"),
    ],
)
def test_a_bad_picture_is_told(data: bytes, text: str) -> None:
    with pytest.raises(BadPictureError) as caught:
        read_picture("logo", data)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize("side", [13_000, 60_000])
def test_a_second_header_does_not_make_a_picture_larger(side: int) -> None:
    """Pillow believes the last one, and would unpack half a gigabyte."""
    second = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    with pytest.raises(BadPictureError, match="it states its size more than once"):
        read_picture("logo", stating(20, 20, zlib.compress(bytes(30_000)), 2, second))


def test_a_small_picture_that_unpacks_to_much_more_does_not_go_in_as_it_is() -> None:
    """Pillow stops where the picture is full; whoever opens the sheet would unpack all of it."""
    row = b"\0" + b"\xff" * 20
    sound, bomb = zlib.compress(row * 20), zlib.compress(row * 20 + bytes(50_000_000), 9)
    assert len(bomb) < LARGEST_BYTES
    assert read_picture("logo", stating(20, 20, sound)).data == sound
    picture = read_picture("logo", stating(20, 20, bomb))
    assert b"/RunLengthDecode" in picture.dictionary
    assert len(picture.data) < 100
    trailing = read_picture("logo", stating(20, 20, sound + bytes(1000)))
    assert b"/RunLengthDecode" in trailing.dictionary


def test_a_palette_is_no_place_to_hide_megabytes() -> None:
    packed = zlib.compress((b"\0" + bytes(20)) * 20)
    huge = chunk(b"PLTE", bytes(3 * 256)) + chunk(b"PLTE", bytes(3 * 256))
    sound = read_picture("logo", stating(20, 20, packed, 3, chunk(b"PLTE", bytes(3 * 256))))
    assert b"/Indexed" in sound.dictionary
    try:
        twice = read_picture("logo", stating(20, 20, packed, 3, huge))
    except BadPictureError:
        return
    assert len(twice.dictionary) <= len(sound.dictionary)
