"""Vectors of what a file is: pictures with a credential, bare credentials, presentations (SPEC.md section 11)."""

import base64
import json
import struct
import zlib
from binascii import crc32
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.samples import batch_of_one, document, key, sign
from verifier.core.canonical import canonical

File = tuple[str, str, bytes]
"""Name, what it is, the bytes."""

KEYWORD = b"openbadgecredential\0"
ROOT = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="https://purl.imsglobal.org/ob/v3p0">'
MARK = b"\xef\xbb\xbf"


def intact() -> Iterator[File]:
    """Pictures with an envelope inside, as it was issued."""
    inside = batch_of_one().envelopes[0].to_bytes()
    yield "png-envelope", "a PNG with an envelope baked into it", png(itxt(inside))
    yield "svg-envelope", "an SVG with an envelope baked into it", svg(cdata(inside))


def altered() -> Iterator[File]:
    """Pictures with a changed envelope inside, and damaged ones in which an envelope is found."""
    inside = batch_of_one().envelopes[0].to_bytes()
    yield "png-envelope-line-end", "a line end behind the envelope in a PNG", png(itxt(inside + b"\n"))
    yield "png-damaged-envelope", "a wrong checksum in a PNG with an envelope", png(itxt(inside)[:-1] + b"\0")
    stray = replace(batch_of_one().envelopes[0], root=bytes(32)).to_bytes()
    yield "png-damaged-stray", "a damaged PNG with an envelope that does not lead to its root", png(itxt(stray)) + b"x"
    yield (
        "svg-envelope-spaces",
        "an envelope written anew in an SVG",
        svg(cdata(json.dumps(json.loads(inside)).encode())),
    )
    yield "svg-declared-envelope", "an SVG with a document type and an envelope", svg(cdata(inside), "<!DOCTYPE svg>")


def credentials() -> Iterator[File]:
    """What is read as a bare credential."""
    bare = credential()
    text = canonical(bare)
    yield "plain", "a bare credential", text
    yield (
        "null-proof",
        "its three parts are there, whatever is in them",
        b'{"@context":[],"credentialSubject":{},"proof":null}',
    )
    yield (
        "byte-order-mark",
        "saved by an editor that puts a byte-order mark first",
        MARK + json.dumps(bare, indent=1).encode(),
    )
    yield "white-space", "line ends before and behind it", b"\r\n " + text + b"\r\n"
    yield "presentation-of-one", "a presentation of one credential", presentation(bare)
    yield "presentation-of-one-in-a-list", "a presentation of one credential, in a list", presentation([bare])
    plain = presentation([bare]).replace(b'["VerifiablePresentation"]', b'"VerifiablePresentation"')
    yield "presentation-type", "a presentation whose type is no list", plain
    yield "presentation-marked", "a presentation behind a byte-order mark", MARK + presentation([bare])
    yield "png", "a PNG with a credential inside", png(itxt(text))
    yield "png-presentation", "a PNG with a presentation of one inside", png(itxt(presentation([bare])))
    yield "png-language", "a PNG that names the text's language", png(itxt(text, b"en\0Badge\0"))
    longer = chunk(b"iTXt", KEYWORD[:-1] + b"s" + bytes(5) + text)
    yield "png-longer-keyword", "a PNG with another text, whose keyword is longer, before it", png(longer, itxt(text))
    yield from _good_svgs(text)


def presentations() -> Iterator[File]:
    """Presentations of several credentials."""
    both = [credential(), credential("Łukasz Żółć")]
    yield "two", "two credentials", presentation(both)
    yield "twenty", "twenty times the same", presentation([{"@context": [], "credentialSubject": {}, "proof": {}}] * 20)
    yield "png-two", "two credentials in a PNG", png(itxt(presentation(both)))


def unreadable() -> Iterator[File]:
    """Pictures and presentations without a credential that can be read."""
    text = canonical(credential())
    yield from _bad_pngs(text)
    yield from _bad_svgs(text)
    unsigned = {name: value for name, value in credential().items() if name != "proof"}
    yield "credential-unsigned", "a credential without a proof", canonical(unsigned)
    for name in ("@context", "credentialSubject"):
        without = {key: value for key, value in credential().items() if key != name}
        yield f"credential-no-{name.strip('@').lower()}", f"a credential without {name}", canonical(without)
    yield "presentation-of-none", "a presentation without a credential", presentation([])
    yield (
        "presentation-without",
        "a presentation that says nothing of credentials",
        b'{"type":"VerifiablePresentation"}',
    )
    envelope = batch_of_one().envelopes[0].to_bytes()
    yield "envelope-vertical-tab", "white space before it that JSON does not know", b"\x0b" + envelope
    yield "envelope-form-feed", "another such", b"\x0c" + envelope
    twenty_one: list[dict[str, Any]] = [{"@context": [], "credentialSubject": {}, "proof": {}}] * 21
    yield "presentation-of-21", "a presentation of 21 credentials", presentation(twenty_one)
    enveloped = {"@context": "…", "id": "data:application/vc+jwt,eyJ", "type": "EnvelopedVerifiableCredential"}
    yield "presentation-enveloped", "a presentation of a credential in another form", presentation([enveloped])
    yield "presentation-of-text", "a presentation of a text", presentation("eyJhbGciOiJFZERTQSJ9.e30.c2ln")
    yield "presentation-mixed", "a presentation of a credential and of a number", presentation([credential(), 1])
    yield "mark-twice", "two byte-order marks before a credential", MARK + MARK + text


def large() -> Iterator[tuple[File, str]]:
    """Limits of pictures, in files too large to keep: each with what `readFile` must call it."""
    text = canonical(credential())
    part = chunk(b"tEXt", b"a\0b")
    yield ("png-chunks-last", "10,000 chunks", png(part * 9_996, itxt(text))), "credential"
    yield ("png-chunks-beyond", "10,001 chunks", png(part * 9_997, itxt(text))), "unreadable"
    yield ("svg-parts-last", "100,000 parts", svg(cdata(text), body="<a/>" * 99_995)), "credential"
    yield ("svg-parts-beyond", "100,001 parts", svg(cdata(text), body="<a/>" * 99_996)), "unreadable"
    room = 262_144 - len(text)
    yield ("png-text-last", "a credential of 262,144 bytes", png(itxt(text + b" " * room))), "credential"
    yield ("png-text-beyond", "one byte more", png(itxt(text + b" " * (room + 1)))), "unreadable"
    written = 1_048_576 - len(cdata(text))
    yield ("svg-text-last", "1,048,576 characters", svg(" " * written + cdata(text))), "credential"
    yield ("svg-text-beyond", "one character more", svg(" " * (written + 1) + cdata(text))), "unreadable"
    for name, more, is_ in (("last", 0, "credential"), ("beyond", 1, "unreadable")):
        comment = b"<!--" + b"-" * (65_536 - len(b"<!---->\n<svg ") + 1 + more) + b"-->"
        yield (f"svg-told-{name}", f"the svg tag is told at byte {65_536 + more:,}", comment + svg(cdata(text))), is_
    yield (
        ("svg-far", "an svg tag behind more than 65,536 bytes", b"<!--" + b"-" * 65_536 + b"-->" + svg(cdata(text))),
        "unreadable",
    )


def _good_svgs(text: bytes) -> Iterator[File]:
    inside, escaped = cdata(text), text.decode().replace("&", "&amp;").replace("<", "&lt;")
    yield "svg", "an SVG with a credential inside", svg(inside)
    yield "svg-marked", "an SVG behind a byte-order mark", MARK + svg(inside)
    yield "svg-declared", "an SVG that says that it is UTF-8", svg(inside, "<?xml version='1.0' encoding='utf-8'?>\n")
    yield (
        "svg-escaped",
        "the credential as text with references",
        svg(escaped.replace("{", "&#123;").replace("}", "&#x7D;")),
    )
    yield (
        "svg-parted",
        "parts, a comment and an instruction in it",
        svg(f" {escaped[:9]}<!-- -- > -->{cdata(text[9:])}<?a b?>\r\n"),
    )
    yield "svg-comment-before", "a comment before the svg tag", b"<!-- <x> -->\n" + svg(inside)
    yield "svg-xml-prefix", "the prefix xml, which is bound from the outset", svg(inside, body="<xml:a/>")
    yield "svg-name-longest", "a name of 200 characters", svg(inside, body=f"<{'a' * 200}/>")
    around = f"<g xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential>{inside}</o:credential></g>"
    yield "svg-bound-around", "a prefix that an element around binds", svg(None, body=around)
    amp = canonical(credential("R&amp;D &lt;3"))
    yield "svg-references-in-cdata", "what looks like references in a CDATA section is none", svg(cdata(amp))
    yield "svg-deep", "elements nested 32 deep", svg(inside, body="<g>" * 31 + "</g>" * 31)
    root = ROOT.replace("<svg xmlns=", "<s:svg xmlns:s=").encode()
    yield "svg-prefix", "other prefixes", svg(inside).replace(ROOT.encode(), root).replace(b"</svg>", b"</s:svg>")
    own = f"<credential xmlns='https://purl.imsglobal.org/ob/v3p0' a = \"&\" >{inside}</credential >"
    yield "svg-default", "the credential's own default namespace", svg(None, body=own)
    yield (
        "svg-other-credential",
        "a credential element of another namespace besides",
        svg(inside, body="<credential>1</credential>"),
    )
    yield "svg-attributes", "256 attributes", svg(inside, body="<a" + ' b=""' * 256 + "/>")


def _bad_svgs(text: bytes) -> Iterator[File]:
    seven = text.decode().replace("&", "&amp;").replace("<", "&lt;").replace("{", "&#x000007B;")
    yield "svg-hex-long", "references of seven hex digits", svg(seven)
    yield "svg-decimal-long", "references of eight digits", svg(seven.replace("&#x000007B;", "&#00000123;"))
    yield "svg-other-space", "a space that is none of XML's before it", svg("\u00a0" + cdata(text))
    yield "svg-cdata-behind", "a CDATA section of white space behind it", svg(cdata(text)) + b"<![CDATA[ ]]>"
    inside = cdata(text)
    yield "svg-none", "an SVG without a credential", svg(None)
    yield "svg-empty", "an empty credential element", svg(None, body="<ob:credential/>")
    yield "svg-two", "two credential elements", svg(inside, body="<ob:credential>{}</ob:credential>")
    behind = f"<ob:credential>{{}}</ob:credential><ob:credential>{inside}</ob:credential>"
    yield "svg-two-behind", "two credential elements, the other way about", svg(None, body=behind)
    yield "svg-cdata-behind", "CDATA behind the end, if only of white space", svg(inside) + b"<![CDATA[ ]]>"
    yield "svg-child", "an element in the credential element", svg("<a/>" + inside)
    yield "svg-child-behind", "an element in the credential element, behind the text", svg(inside + "<a/>")
    yield "svg-twice", "another svg behind the end", svg(inside) + svg(None)
    yield "svg-deeper", "elements nested 33 deep", svg(inside, body="<g>" * 32 + "</g>" * 32)
    yield "svg-list", "a list in place of a credential", svg(cdata(b"[1,2]"))
    yield "svg-number", "a number in place of a credential", svg("1")
    yield "svg-words", "words in place of a credential", svg("hello")
    yield "svg-document-type", "a document type", svg(inside, "<!DOCTYPE svg>")
    yield "svg-latin1", "another encoding is named", svg(inside, '<?xml version="1.0" encoding="ISO-8859-1"?>')
    yield "svg-utf16", "UTF-16", svg(inside).decode().encode("utf-16")
    yield "svg-not-utf8", "a byte that is not UTF-8", svg(inside).replace(b"</svg>", b"\xff</svg>")
    yield "svg-not-the-root", "the svg is inside another element", b"<a>" + svg(inside) + b"</a>"
    yield "svg-other-root", "an svg of another namespace", svg(inside).replace(b"2000/svg", b"2001/svg")
    yield "svg-unbound", "a prefix without a namespace", svg(inside, body="<x:a/>")
    yield "svg-bound-twice", "a namespace bound twice in one tag", svg(inside, body="<a xmlns:x='1' xmlns:x='1'/>")
    yield "svg-open", "an element that does not end", svg(inside)[:-6]
    yield "svg-crossed", "elements that cross", svg(inside, body="<a><b></a></b>")
    yield "svg-text-behind", "text behind the end", svg(inside) + b"x"
    yield "svg-tag-behind", "an element behind the end", svg(inside) + b"<a/>"
    yield "svg-entity", "a reference that is not XML's own", svg("&nbsp;" + inside)
    yield "svg-ampersand", "an ampersand by itself", svg("& " + inside)
    yield "svg-surrogate", "a reference to a surrogate", svg("&#xD800;" + inside)
    yield "svg-beyond", "a reference beyond Unicode", svg("&#1114112;" + inside)
    yield "svg-comment", "a comment that does not end", svg(inside, body="<!-- ")
    yield "svg-quotes", "an attribute without quotation marks", svg(inside, body="<a b=c/>")
    yield "svg-attributes-beyond", "257 attributes", svg(inside, body="<a" + ' b=""' * 257 + "/>")
    yield "svg-name-long", "a name of 201 characters", svg(inside, body=f"<{'a' * 201}/>")


def _bad_pngs(text: bytes) -> Iterator[File]:
    whole = png(itxt(text))
    yield "png-none", "a PNG without a credential", png()
    yield "png-list", "a list in place of a credential", png(itxt(b"[1]"))
    yield "png-number", "a number in place of a credential", png(itxt(b"1"))
    yield "png-null", "null in place of a credential", png(itxt(b"null"))
    yield "png-empty", "white space in place of a credential", png(itxt(b" \n"))
    yield "png-object", "an object that is no credential", png(itxt(b"{}"))
    yield "png-binary", "bytes that are no text", png(itxt(b"\x00\xff"))
    yield "png-two", "two credentials", png(itxt(text), itxt(text))
    yield (
        "png-compressed",
        "a compressed credential",
        png(chunk(b"iTXt", KEYWORD + b"\1\0\0\0" + zlib.compress(text, 9))),
    )
    yield "png-method", "a compression method, though not compressed", png(chunk(b"iTXt", KEYWORD + b"\0\1\0\0" + text))
    yield "png-separators", "no separators before the credential", png(chunk(b"iTXt", KEYWORD + b"\0\0\0"))
    yield "png-other-chunk", "the same in a tEXt chunk", png(chunk(b"tEXt", KEYWORD + bytes(4) + text))
    yield "png-other-keyword", "another keyword", png(chunk(b"iTXt", b"OpenBadgeCredential\0\0\0\0\0" + text))
    yield "png-checksum", "a wrong checksum", whole.replace(b"Khan", b"Khun")
    yield "png-cut-off", "cut off", whole[:-1]
    yield "png-no-end", "no IEND", whole[:-12]
    yield "png-length", "a length beyond the end", whole[:-12] + b"\xff\xff\xff\xffIEND" + whole[-4:]
    yield "png-behind", "a byte behind IEND", whole + b"\n"
    yield "png-signature", "a signature with another line end", whole.replace(b"\r\n\x1a\n", b"\n\x1a\n", 1)


def credential(name: str = "Ayesha Khan") -> dict[str, Any]:
    """A signed credential that is in no batch."""
    return sign(document(name), key())


def presentation(held: Any) -> bytes:
    """A Verifiable Presentation, unsigned."""
    shape = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    return json.dumps(shape | {"verifiableCredential": held}, separators=(",", ":"), ensure_ascii=False).encode()


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(kind + body))


def itxt(text: bytes, languages: bytes = b"\0\0") -> bytes:
    """The chunk that carries a credential."""
    return chunk(b"iTXt", KEYWORD + b"\0\0" + languages + text)


def png(*chunks: bytes) -> bytes:
    """One black point, with more chunks behind the first."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    # Stored, so that the bytes are the same whatever zlib made them.
    point = base64.b64decode("eAEBAgD9/wAAAAIAAQ==")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", point) + chunk(b"IEND", b"")


def cdata(text: bytes) -> str:
    """Text as a CDATA section."""
    return f"<![CDATA[{text.decode()}]]>"


def svg(inside: str | None, before: str = "", body: str = "") -> bytes:
    """An SVG with `inside` in a credential element (None: without one), something before it and something in it."""
    element = "" if inside is None else f"<ob:credential>{inside}</ob:credential>"
    return f"{before}{ROOT}{element}{body}</svg>".encode()
