"""Badges with their credential inside: PNG and SVG, as in Open Badges 3.0 section 5.3.

Nothing here decodes an image. Of a PNG, which is a series of chunks, only the lengths and the text chunks are read; of
an SVG only tags and text (verifier/core/svg.py). What cannot be read is an error, never a guess; limits are checked
before anything is unpacked.
"""

import base64
import binascii
import struct
from collections.abc import Iterator
from xml.sax.saxutils import escape

from verifier.core.errors import BakingError
from verifier.core.limits import LIMITS
from verifier.core.svg import CREDENTIAL_NAMESPACE, credential_texts

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = CREDENTIAL_NAMESPACE


def is_png(data: bytes) -> bool:
    """Whether a file begins as a PNG does."""
    return data.startswith(PNG_SIGNATURE)


def bake_png(png: bytes, credential: bytes) -> bytes:
    """A PNG with a credential in it, which replaces any that it already has.

    Raises:
        BakingError: it is not a PNG.
    """
    text = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential  # not compressed, no language, no translation
    out = [PNG_SIGNATURE]
    for kind, body, whole in _chunks(png):
        if not _is_ours(kind, body):
            out.append(whole)
        if kind == b"IHDR":
            out.append(_chunk(b"iTXt", text))
    return b"".join(out)


def bake_svg(png: bytes, credential: bytes, title: str) -> bytes:
    """An SVG that shows a PNG and contains a credential.

    Raises:
        BakingError: it is not a PNG, or the credential is not UTF-8.
    """
    width, height = _size(png)
    try:
        text = credential.decode()
    except UnicodeDecodeError:
        raise BakingError("The credential in this picture is compressed or damaged.") from None
    inside = text.replace("]]>", "]]]]><![CDATA[>")
    picture = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>\n"
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{picture}"/>\n</svg>\n'
    ).encode()


def baked_credential(data: bytes) -> bytes:
    """The credential in a PNG or an SVG.

    Raises:
        BakingError: there is none, more than one, or the image is damaged or too large.
    """
    if len(data) > LIMITS.file_bytes:
        raise BakingError("The credential in this picture is too large.")
    return _in_png(data) if is_png(data) else _in_svg(data)


def _in_png(data: bytes) -> bytes:
    found = [body for kind, body, _ in _chunks(data) if _is_ours(kind, body)]
    if not found:
        raise BakingError("This picture carries no credential.")
    if len(found) > 1:
        raise BakingError("This picture carries more than one credential.")
    flags, rest = found[0][len(KEYWORD) + 1 : len(KEYWORD) + 3], found[0][len(KEYWORD) + 3 :]
    parts = rest.split(b"\0", 2)
    if flags != b"\0\0" or len(parts) != 3:
        raise BakingError("The credential in this picture is compressed or damaged.")
    return _of_size(parts[2])


def _is_ours(kind: bytes, body: bytes) -> bool:
    return kind == b"iTXt" and body.startswith(KEYWORD + b"\0")


def _of_size(credential: bytes) -> bytes:
    if not credential.strip():
        raise BakingError("This picture carries no credential.")
    if len(credential) > LIMITS.envelope_bytes:
        raise BakingError("The credential in this picture is too large.")
    return credential


def _size(png: bytes) -> tuple[int, int]:
    kind, body, _ = next(_chunks(png), (b"", b"", b""))
    if kind != b"IHDR" or len(body) != 13:
        raise BakingError("The picture is not a PNG.")
    width, height = struct.unpack_from(">II", body)
    return (width, height)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each chunk's type, content and complete bytes, up to IEND; nothing may follow it."""
    if not is_png(png):
        raise BakingError("The picture is not a PNG.")
    at, kind, count = len(PNG_SIGNATURE), b"", 0
    while kind != b"IEND":
        if at + 12 > len(png):
            raise BakingError("The picture is cut off.")
        length, kind = struct.unpack_from(">I4s", png, at)
        end = at + 12 + length
        count += 1
        if end > len(png) or count > LIMITS.picture_chunks:
            raise BakingError("The picture is cut off." if end > len(png) else "The picture has too many parts.")
        whole = png[at:end]
        if whole[-4:] != struct.pack(">I", binascii.crc32(whole[4:-4])):
            raise BakingError("The picture is damaged.")
        yield kind, whole[8:-4], whole
        at = end
    if at != len(png):
        raise BakingError("Something follows after the end of the picture.")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", binascii.crc32(kind + body))


def _in_svg(data: bytes) -> bytes:
    found = credential_texts(data)
    if len(found) > 1:
        raise BakingError("This picture carries more than one credential.")
    return _of_size(found[0] if found else b"")
