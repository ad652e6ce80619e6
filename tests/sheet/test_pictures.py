"""Logo and signature: seen in the page's pixels, whatever kind of PNG they are."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from issuer.certificate.design import HEIGHT
from issuer.certificate.designs import formal
from issuer.certificate.picture import read_picture, run_lengths
from issuer.certificate.sheet import SheetTemplate
from issuer.certificate.sheet_errors import BadPictureError
from tests.sheet.rendering import DPI, RENDERERS
from tests.sheet.samples import BARE, PLAIN, png


def paletted() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(png("RGB"))).quantize(16).save(file, "PNG")
    return file.getvalue()


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
        (png("L", 0, (5000, 20)), "logo: not a usable PNG picture (5000 x 20 pixels, at most 4096 a side)"),
    ],
)
def test_a_bad_picture_is_told(data: bytes, text: str) -> None:
    with pytest.raises(BadPictureError) as caught:
        read_picture("logo", data)
    assert str(caught.value).startswith(text)
