"""Vectors of SPEC.md sections 6 and 7: files as issued, corrupted, and unreadable."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors import seals
from tests.vectors.samples import Sample, batch_of_one, class_of_five, document, key, sign
from verifier.core.canonical import canonical
from verifier.core.envelope import Envelope
from verifier.core.hashes import sha256
from verifier.core.seal import seal

File = tuple[str, str, bytes]
"""Name, what it is, the bytes."""

_MARK = b"\xef\xbb\xbf"


def intact() -> Iterator[File]:
    """Files that are as they were issued."""
    five, one = class_of_five(), batch_of_one()
    for index in range(5):
        yield f"sealed-{index}", f"the sealed PDF of student {index}", five.sealed(index)
    yield from seals.intact_seals()
    yield "envelope", "an envelope by itself, of a certificate that has a PDF", five.envelopes[0].to_bytes()
    yield "envelope-of-one", "a batch of one, without a PDF: an empty path", one.envelopes[0].to_bytes()
    yield "path-40", "a path of 40 elements", _leading(one.envelopes[0], path=tuple(map(sha256, map(bytes, range(40)))))
    yield "index-largest", "index 2^32−2", _leading(one.envelopes[0], index=2**32 - 2)
    yield "envelope-largest", "an envelope of 262,144 bytes", _of_size(one.envelopes[0], 262_144)


def altered() -> Iterator[File]:
    """Files that are not what was issued."""
    five = class_of_five()
    yield from _altered_seals(five)
    yield from seals.altered_seals()
    yield from _altered_sheets(five)
    yield from _altered_envelopes(five)


def credentials() -> Iterator[File]:
    """Signed credentials without an envelope."""
    bare = sign(document("Ayesha Khan"), key())
    data = canonical(bare)
    yield "bare", "a credential by itself", data
    pretty = json.dumps(bare, indent=1).encode()
    yield "pretty", "the same in other bytes: its hash is of its canonical form", pretty
    yield "bom", "saved by an editor that writes a byte-order mark", _MARK + pretty
    yield "bom-and-space", "white space after the byte-order mark", _MARK + b"\r\n " + data
    yield (
        "number-spelled",
        "a whole number written with a point",
        data.replace(b'{"@context"', b'{"x":1.0,"@context"', 1),
    )
    yield (
        "null-proof",
        "the three keys are there, whatever their values",
        b'{"@context":[],"credentialSubject":{},"proof":null}',
    )
    full = canonical({**bare, "name": "a" * (262_144 - len(canonical({**bare, "name": ""})))})
    yield "bom-262147", "262,144 bytes after the byte-order mark", _MARK + full


def unreadable() -> Iterator[File]:
    """Files that carry no certificate."""
    five = class_of_five()
    yield "empty", "nothing at all", b""
    yield "sheet-alone", "a sheet without its seal", five.sheets[0]
    yield "other-pdf", "some PDF", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    yield "other-json", "JSON that is no certificate", b'{"sanad":1}'
    yield "json-array", "JSON that is no object", b"[1,2]"
    bare = canonical(sign(document("Ayesha Khan"), key()))
    yield "credential-space-bom", "a byte-order mark after white space", b" " + _MARK + bare
    yield "credential-bom-twice", "two byte-order marks before a credential", _MARK * 2 + bare
    yield "credential-utf16", "a credential in UTF-16", bare.decode().encode("utf-16")
    yield "bom-alone", "a byte-order mark and nothing else", _MARK
    one = batch_of_one().envelopes[0]
    yield "envelope-too-large", "an envelope of 262,145 bytes", _of_size(one, 262_145)
    yield from _refused_json(five)


def _altered_seals(five: Sample) -> Iterator[File]:
    whole, paper = five.sealed(0), five.sheets[0]
    inside = five.envelopes[0].to_bytes()
    yield "last-byte-lost", "the last byte cut off", whole[:-1]
    yield "byte-appended", "one byte after the end", whole + b"\n"
    revision = b"9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Size 10/Root 1 0 R/Prev 1>>\nstartxref\n1\n%%EOF\n"
    yield "second-revision", "one more revision appended", whole + revision
    yield "sealed-twice", "the seal applied to the sealed file's tail again", whole + seal(paper, inside)
    yield "crlf", "line ends changed in the seal", paper + seal(paper, inside).replace(b"endobj\n", b"endobj\r\n")
    yield "desc-changed", "a changed description in the seal", whole.replace(b"Sanad envelope", b"Honest envelope")
    yield "lengths-shifted", "the two lengths in the seal moved by one", _with_lengths(five, 1)
    yield "lengths-huge", "impossible lengths in the seal", whole[:-63] + whole[-63:].replace(b"[0", b"[9", 1)
    yield "gap", "a blank line between sheet and seal", paper + b"\n" + seal(paper, inside)


def _altered_sheets(five: Sample) -> Iterator[File]:
    inside, other = five.envelopes[0].to_bytes(), five.sheets[1]
    yield "seal-on-another-sheet", "one certificate's envelope sealed onto another's sheet", other + seal(other, inside)
    painted = five.sheets[0].replace(b"842 595", b"595 842")
    yield "sheet-redrawn", "the sheet redrawn, and sealed anew", painted + seal(painted, inside)
    none = Envelope(five.envelopes[0].credential, 0, bytes(32), five.envelopes[0].root, five.envelopes[0].path)
    yield (
        "sheet-zero",
        "an envelope that says there is no PDF, in a PDF",
        five.sheets[0] + seal(five.sheets[0], none.to_bytes()),
    )
    yield "resaved-plain", "saved anew by another program, the attachment kept as it was", _resaved(inside)
    yield (
        "resaved-compressed",
        "saved anew, the attachment compressed",
        _resaved(zlib.compress(inside), b"/Filter/FlateDecode"),
    )
    both = _resaved(inside) + _resaved(five.envelopes[1].to_bytes())
    yield "two-envelopes", "two different envelopes in one file: none is chosen", both


def _altered_envelopes(five: Sample) -> Iterator[File]:
    first, second = five.envelopes[:2]
    yield "name-changed", "another name, the signature left as it was", _edited(first, b"Ayesha Khan", b"Ayesha Khun")
    forged = sign(document("Mallory"), key())
    yield (
        "forged",
        "a credential of the institution's own key that is not in the batch",
        _with(first, credential=forged),
    )
    yield "index-changed", "another index", _with(first, index=1)
    yield "paths-swapped", "the path of another student", _with(first, path=second.path)
    yield "root-changed", "another root", _with(first, root=sha256(b"another"))
    yield "sheet-changed", "another sheet", _with(first, sheet=five.envelopes[1].sheet)
    yield "path-longer", "one element more on the path", _with(first, path=(*first.path, sha256(b"x")))
    yield "path-shorter", "one element less on the path", _with(first, path=first.path[:-1])
    value = json.loads(first.to_bytes())
    yield "pretty", "the same JSON written with spaces", json.dumps(value, indent=1, ensure_ascii=False).encode()
    yield "bom", "a byte-order mark before the JSON", _MARK + first.to_bytes()
    yield (
        "bom-pretty",
        "a byte-order mark before the JSON written with spaces",
        _MARK + json.dumps(value, indent=1).encode(),
    )
    yield "bom-twice", "two byte-order marks", _MARK * 2 + first.to_bytes()
    for name, old, new in (
        ("sanad-1.0", b'"sanad":1', b'"sanad":1.0'),
        ("sanad-1e0", b'"sanad":1', b'"sanad":1e0'),
        ("index-0.0", b'"index":0', b'"index":0.0'),
        ("index-0e0", b'"index":0', b'"index":0e0'),
        ("index-minus-0", b'"index":0', b'"index":-0'),
    ):
        yield name, "the number is right, its bytes are not canonical", _edited(first, old, new)
    yield "newline", "a line end after the JSON", first.to_bytes() + b"\n"
    yield (
        "keys-reordered",
        "the same keys in another order",
        json.dumps(dict(reversed(value.items())), separators=(",", ":"), ensure_ascii=False).encode(),
    )


def _refused_json(five: Sample) -> Iterator[File]:
    """Envelopes that break SPEC.md section 2 or the grammar of section 6 so that nothing can be read."""
    data = five.envelopes[0].to_bytes()
    value = json.loads(data)
    yield "key-twice", "the key index twice", data[:-1] + b',"index":0}'
    yield "utf16", "UTF-16", data.decode().encode("utf-16")
    yield "version-2", "sanad is 2", canonical({**value, "sanad": 2})
    yield "version-text", 'sanad is "1"', canonical({**value, "sanad": "1"})
    yield "version-true", "sanad is true", canonical({**value, "sanad": True})
    yield "version-1.5", "sanad is 1.5", data.replace(b'"sanad":1', b'"sanad":1.5')
    yield "version-long", "the number 1 in 41 characters", data.replace(b'"sanad":1', b'"sanad":1.%b' % (b"0" * 39))
    yield "key-more", "one key more", canonical({**value, "registry": "0x00"})
    yield "key-less", "no path", canonical({name: item for name, item in value.items() if name != "path"})
    yield "index-negative", "index −1", canonical({**value, "index": -1})
    yield "index-fraction", "index 0.5", canonical({**value, "index": 0.5})
    yield "index-large", "index 2^32−1", canonical({**value, "index": 2**32 - 1})
    yield "hex-upper", "upper-case hex", canonical({**value, "root": value["root"].upper().replace("0X", "0x")})
    yield "hex-short", "a hash of 63 digits", canonical({**value, "root": value["root"][:-1]})
    yield "path-41", "41 path elements", canonical({**value, "path": [value["root"]] * 41})
    yield "credential-list", "the credential is a list", canonical({**value, "credential": [value["credential"]]})
    deep: Any = {}
    for _ in range(31):
        deep = {"a": deep}
    yield "deep", "nested 33 deep", canonical({**value, "credential": deep})


def _with(envelope: Envelope, **changes: Any) -> bytes:
    fields = {name: getattr(envelope, name) for name in ("credential", "index", "sheet", "root", "path")}
    return Envelope(**{**fields, **changes}).to_bytes()


def _leading(envelope: Envelope, **changes: Any) -> bytes:
    """With changes, and the root that it then leads to."""
    moved = replace(envelope, **changes)
    return replace(moved, root=moved.computed_root).to_bytes()


def _of_size(envelope: Envelope, size: int) -> bytes:
    """With a credential so long that the envelope has `size` bytes."""
    padded = {**envelope.credential, "description": ""}
    room = size - len(replace(envelope, credential=padded).to_bytes())
    return _leading(envelope, credential=padded | {"description": "x" * room})


def _edited(envelope: Envelope, old: bytes, new: bytes) -> bytes:
    data = envelope.to_bytes()
    assert old in data
    return data.replace(old, new)


def _with_lengths(five: Sample, by: int) -> bytes:
    whole, paper, inside = five.sealed(0), len(five.sheets[0]), len(five.envelopes[0].to_bytes())
    return whole.replace(b"[%010d %010d]" % (paper, inside), b"[%010d %010d]" % (paper + by, inside - by))


def _resaved(stream: bytes, filter_: bytes = b"") -> bytes:
    return b"%%PDF-1.4\n1 0 obj\n<</Length %d%b>>\nstream\n%b\nendstream\nendobj\n%%%%EOF\n" % (
        len(stream), filter_, stream,
    )  # fmt: skip
