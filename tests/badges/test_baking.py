"""Baked badges: read back by other programs, taken apart by ours, and what is wrong with one told."""

import binascii
import contextlib
import io
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.doubles import credential
from verifier.badges import baked
from verifier.core.baking import KEYWORD, NAMESPACE, bake_png, bake_svg, baked_credential
from verifier.core.canonical import canonical
from verifier.core.errors import BakingError, UnreadableError
from verifier.core.limits import LIMITS
from verifier.core.reading import Kind, read_file
from verifier.core.svg import is_svg
from verifier.core.verdict import State

CREDENTIAL = credential("فاطمہ نور ]]> & <Zoë>")
DATA = canonical(CREDENTIAL)


def picture(size: tuple[int, int] = (8, 6)) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", size, (10, 90, 60, 200)).save(file, "PNG")
    return file.getvalue()


PNG = picture()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", binascii.crc32(kind + body))


def with_chunk(whole: bytes, png: bytes = PNG) -> bytes:
    return png[:33] + whole + png[33:]


def itxt(text: bytes, flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", KEYWORD + b"\0" + flags + b"\0\0" + text)


def test_pillow_reads_the_credential_and_sees_the_same_picture() -> None:
    image = Image.open(io.BytesIO(bake_png(PNG, DATA)))
    image.load()
    assert image.text == {"openbadgecredential": DATA.decode()}  # type: ignore[attr-defined]
    assert image.tobytes() == Image.open(io.BytesIO(PNG)).tobytes()


def test_a_png_carries_it_exactly_once_uncompressed_however_often_it_is_baked() -> None:
    again = bake_png(bake_png(PNG, b'{"other":1}'), DATA)
    assert again == bake_png(PNG, DATA)
    assert again.count(KEYWORD) == 1
    assert KEYWORD + b"\0\0\0\0\0" + DATA in again
    assert baked_credential(again) == DATA


def test_an_xml_parser_reads_the_credential_out_of_the_svg() -> None:
    root = ElementTree.fromstring(bake_svg(PNG, DATA, "A & <B>"))
    found = root.findall(f".//{{{NAMESPACE}}}credential")
    assert [each.text for each in found] == [DATA.decode()]
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "A & <B>"
    assert root.get("viewBox") == "0 0 8 6"


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_what_was_baked_is_read_as_a_credential(kind: str) -> None:
    reading = read_file(baked(PNG, CREDENTIAL, kind))
    assert reading.credential == CREDENTIAL
    assert not reading.altered
    assert str(reading.steps[0].sentence) == "The file was read: badge with a credential inside."
    assert reading.steps[1].state is State.PASSED
    assert Kind.BADGE.value in str(reading.steps[0].sentence)


@given(st.text(min_size=1).filter(lambda text: text.strip(" \t\r\n") and "\r" not in text))
def test_any_text_comes_out_of_both_as_it_went_in(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    assert baked_credential(bake_png(PNG, data)) == data
    if all(character >= " " and character not in "\ufffe\uffff" for character in text):  # what XML can hold
        assert baked_credential(bake_svg(PNG, data, "")).decode() == text.strip(" \t\r\n")


LONG = b"x" * (LIMITS.envelope_bytes + 1)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
CREDENTIAL_ELEMENT = "<o:credential>{}</o:credential>"
WRONG = {
    "none": (PNG, "This picture carries no credential."),
    "empty": (bake_png(PNG, b" "), "This picture carries no credential."),
    "two": (with_chunk(itxt(DATA), bake_png(PNG, DATA)), "This picture carries more than one credential."),
    "compressed": (
        with_chunk(itxt(zlib.compress(DATA), b"\1\0")),
        "The credential in this picture is compressed or damaged.",
    ),
    "no separators": (
        with_chunk(chunk(b"iTXt", KEYWORD + b"\0\0\0abc")),
        "The credential in this picture is compressed or damaged.",
    ),
    "too long": (bake_png(PNG, LONG), "The credential in this picture is too large."),
    "cut off": (bake_png(PNG, DATA)[:-20], "The picture is cut off."),
    "cut at a chunk": (bake_png(PNG, DATA)[:-12], "The picture is cut off."),
    "a length beyond the end": (PNG[:33] + b"\xff\xff\xff\xffiTXt" + bytes(40), "The picture is cut off."),
    "checksum": (bake_png(PNG, DATA).replace(b"Teaching", b"Teaching".swapcase()), "The picture is damaged."),
    "more behind": (bake_png(PNG, DATA) + b"x", "Something follows after the end of the picture."),
    "many parts": (
        with_chunk(chunk(b"tEXt", b"a\0b") * LIMITS.picture_chunks),
        "The picture has too many parts.",
    ),
    "an svg without": (SVG.encode() + b"</svg>", "This picture carries no credential."),
    "an svg with two": (
        (SVG + 2 * CREDENTIAL_ELEMENT.format("{}") + "</svg>").encode(),
        "This picture carries more than one credential.",
    ),
    "an svg too long": (
        (SVG + CREDENTIAL_ELEMENT.format(LONG.decode()) + "</svg>").encode(),
        "The credential in this picture is too large.",
    ),
    "a billion laughs": (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "' + b"ha" * 99 + b'">]>' + SVG.encode() + b"&a;</svg>",
        "The picture declares a document type; such are not read.",
    ),
    "an outside entity": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.encode() + b"&a;</svg>",
        "The picture declares a document type; such are not read.",
    ),
    "deep": (SVG.encode() + b"<g>" * 99 + b"</g>" * 99 + b"</svg>", "The picture is nested too deeply."),
    "not closed": (SVG.encode(), "The picture is not an SVG that can be read."),
    "another root": (b'<svg xmlns="http://example.org/"/>', "The picture is not an SVG that can be read."),
    "another encoding": (
        b'<?xml version="1.0" encoding="utf-16"?>' + SVG.encode() + b"</svg>",
        "The picture is not in UTF-8; only such are read.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_badge_is_told(case: str) -> None:
    data, sentence = WRONG[case]
    with pytest.raises(BakingError) as caught:
        baked_credential(data)
    assert str(caught.value) == sentence
    with pytest.raises(UnreadableError) as unreadable:
        read_file(data)
    assert str(unreadable.value) == sentence


@given(st.integers(0, len(PNG) + 200), st.binary(max_size=6), st.booleans())
def test_no_damage_ends_in_any_other_error(at: int, put: bytes, svg: bool) -> None:
    whole = bake_svg(PNG, DATA, "T") if svg else bake_png(PNG, DATA)
    with contextlib.suppress(BakingError):
        baked_credential(whole[:at] + put + whole[at + len(put) :])


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", PNG[:20], PNG[8:]])
def test_only_a_png_is_baked(data: bytes) -> None:
    for bake in (lambda: bake_png(data, DATA), lambda: bake_svg(data, DATA, "T")):
        with pytest.raises(BakingError):
            bake()


def test_what_looks_like_an_svg() -> None:
    assert is_svg(b"\xef\xbb\xbf  <?xml version='1.0'?><svg xmlns=''/>")
    assert not is_svg(b'{"svg":"<svg"}')


def test_a_baked_jwt_is_told_apart() -> None:
    with pytest.raises(UnreadableError):
        read_file(bake_png(PNG, b"eyJhbGciOiJSUzI1NiJ9.e30.c2ln"))
