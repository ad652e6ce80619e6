"""Vectors of files that carry nothing to judge, of every kind that people hand in (SPEC.md section 11)."""

import io
import zipfile
from collections.abc import Iterator

from tests.vectors.pictures import chunk, itxt, png, svg
from tests.vectors.samples import class_of_five

File = tuple[str, str, bytes]
"""Name, what it is, the bytes."""

TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJ2YyI6e319.c2lnbmF0dXJl"


def unreadable() -> Iterator[File]:
    """Certificates of other systems, and what certificates are sent in."""
    yield from _systems()
    yield from _carriers()


def _systems() -> Iterator[File]:
    yield "other-jwt", "a compact JWS", TOKEN + b"\n"
    yield "other-sd-jwt", "one with parts that can be left out", TOKEN + b"~WyJhIl0~"
    yield "other-jwt-png", "a compact JWS in a PNG", png(itxt(TOKEN))
    yield "other-jwt-svg", "a compact JWS in an SVG", svg(TOKEN.decode())
    attribute = f'<ob:credential verify="{TOKEN.decode()}"/>'
    yield "other-jwt-svg-verify", "a compact JWS in an SVG, as Open Badges 3.0 bakes it", svg(None, body=attribute)
    yield (
        "other-blockcerts-1",
        "Blockcerts, version 1",
        b'{"@context":"https://w3id.org/blockcerts/v1","type":"BlockchainCertificate"}',
    )
    yield (
        "other-blockcerts-2",
        "Blockcerts, version 2",
        b'{"@context":["https://w3id.org/openbadges/v2","https://w3id.org/blockcerts/v2"],"type":"Assertion",'
        b'"signature":{"type":["MerkleProof2017","Extension"]}}',
    )
    yield (
        "other-open-certs",
        "OpenCerts",
        b'{"version":"https://schema.openattestation.com/2.0/schema.json","data":{},'
        b'"signature":{"type":"SHA3MerkleProof"}}',
    )
    assertion = b'{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","badge":"https://a.example/1"}'
    yield "other-open-badge-2", "an Open Badge 2.0", assertion
    yield (
        "other-open-badge-2-png",
        "an Open Badge 2.0 in a PNG",
        png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + assertion)),
    )
    baked = '<a:assertion xmlns:a="http://openbadges.org" verify="https://a.example/1"/>'
    yield "other-open-badge-2-svg", "an Open Badge 2.0 in an SVG", svg(None, body=baked)


def _carriers() -> Iterator[File]:
    yield "carrier-zip", "a ZIP archive", _zip("certificate.pdf")
    sealed, other = class_of_five().sealed(0), class_of_five().sealed(1)
    yield "carrier-zip-stored", "a sealed file in an archive that is not compressed", _zip("a.pdf", text=sealed)
    yield "carrier-zip-two", "two of them", _zip("a.pdf", text=sealed + other)
    yield "carrier-docx-stored", "an envelope in a Word document", _zip("word/certificate.json", text=sealed)
    yield "carrier-docx", "a Word document", _zip("[Content_Types].xml", "word/document.xml")
    yield "carrier-xlsx", "a workbook", _zip("[Content_Types].xml", "xl/workbook.xml")
    yield "carrier-odt", "an OpenDocument text", _zip("mimetype", text="application/vnd.oasis.opendocument.text")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    yield "carrier-msg", "an e-mail of Outlook", ole + "__substg1.0_0037001F".encode("utf-16-le")
    yield "carrier-doc", "an old Word document", ole + "WordDocument".encode("utf-16-le")
    yield "carrier-rtf", "a Rich Text document", b"{\\rtf1\\ansi Certificate}"
    head = b"Received: from a.example\r\nFrom: a@example.org\r\nSubject: Your certificate\r\n\r\nText\r\n"
    yield "carrier-eml", "an e-mail", head
    yield "carrier-html", "a web page", b"\n<!DOCTYPE html>\n<html><body>Certificate</body></html>"
    yield "carrier-html-svg", "a web page with a picture in it", b"<html><body>" + svg(None) + b"</body></html>"
    yield "carrier-heic", "a telephone's photo", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    yield "carrier-jpeg", "a photo", b"\xff\xd8\xff\xe0\0\x10JFIF\0"
    yield "carrier-webp", "another picture", b"RIFF\x1a\0\0\0WEBPVP8L"
    yield "carrier-mp4", "a film", b"\0\0\0\x18ftypisom\0\0\2\0"
    yield "carrier-gzip", "a compressed archive", b"\x1f\x8b\x08\0\0\0\0\0"
    yield "carrier-batch", "a batch file", b"sanad-batch 1 university.example 0x" + b"0" * 64 + b"\n" + bytes(64)


def _zip(*names: str, text: str | bytes = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), text)
    return file.getvalue()
