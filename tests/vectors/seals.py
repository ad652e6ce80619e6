"""Vectors of SPEC.md section 7: sheets and seals of which one rule is broken, and all else is right.

`blind_seal` is the seal once more, by other means than the verifier's and without a check, so that a broken sheet can
be sealed. The envelope in each of these files is a batch of one over the very sheet, so no later rule refuses the file.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from tests.vectors.samples import Sample, batch, document, key, sheet, sign
from verifier.core.hashes import sha256

File = tuple[str, str, bytes]
"""Name, what it is, the bytes."""

_END = re.compile(
    rb"/Size (\S+?)/Root (\S+) \d R\s*/Info (\S+) 0 R/ID\[<(\w+)><\w+>\].*?\(D:(.*)Z\)>>"
    rb"\s+startxref\s+(\d+)\s+%%EOF\s*\Z"
)
_DATE = b"20260630120000"
LONGEST_ENVELOPE = 262_144


def blind_seal(paper: bytes, envelope: bytes, first: int | None = None) -> bytes:
    """The seal of whatever looks like a sheet; `first` is N, where the sheet does not say it rightly."""
    found = _END.search(paper)
    assert found
    size, root, info, id_, date, startxref = found.groups()
    n, long = int(size) if first is None else first, len(envelope)
    body = (
        b"%d 0 obj\n[%d 0 R]\nendobj\n%d 0 obj\n<</EmbeddedFiles<</Names[(certificate.json)%d 0 R]>>>>\nendobj\n"
        b"%d 0 obj\n<</Type/Filespec/F(certificate.json)/UF(certificate.json)/Desc(Sanad envelope)"
        b"/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>\nendobj\n"
        b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size %d/ModDate(D:%bZ)>>/Length %d>>\n"
        b"stream\n%b\nendstream\nendobj\n"
    ) % (n, n + 2, n + 1, n + 2, n + 2, n + 3, n + 3, n + 3, long, date, long, envelope)
    offsets = b"".join(
        b"%010d 00000 n \n" % (len(paper) + body.index(b"%d 0 obj\n" % number)) for number in range(n, n + 4)
    )
    second = hashlib.sha256(envelope).hexdigest()[:32].encode()
    body += b"xref\n%d 4\n%btrailer\n<</Size %d/Root %b 0 R/Info %b 0 R/Prev %b/ID[<%b><%b>]" % (
        n, offsets, n + 4, root, info, startxref, id_, second,
    )  # fmt: skip
    start = len(paper) + body.rindex(b"xref\n%d 4\n" % n)
    return body + b"/SanadSeal[%010d %010d]>>\nstartxref\n%010d\n%%%%EOF\n" % (len(paper), long, start)


def intact_seals() -> Iterator[File]:
    """Files that are as they were issued, at the edges of section 7."""
    for name, date in (
        ("first-second", b"00010101000000"),
        ("last-second", b"99991231235959"),
        ("leap-day", b"20280229235959"),
        ("leap-day-2000", b"20000229000000"),
    ):
        yield f"seal-date-{name}", f"drafted at {date.decode()}", _sealed(_changed(_DATE, date))
    silent = _changed(b"/AF 5 0 R/Names 6 0 R", b"/AF 6 0 R/Names 5 0 R")
    yield "seal-catalog-silent", "the catalog does not name N and N+1: the institution's own fault", _sealed(silent)
    other = _changed(b"%PDF-1.7", b"%PDF-2.0")
    yield "seal-header-other", "nothing before the cross-reference table is looked at", _sealed(other)
    yield "seal-smallest", "N = 2: one object is catalog and information dictionary", _sealed(_smallest())
    yield "seal-longest", "an envelope of exactly 262,144 bytes", _long(LONGEST_ENVELOPE)


def altered_seals() -> Iterator[File]:
    """Files that are not what was issued, one rule of section 7 broken in each."""
    for name, note, paper in (*_numbers(), *_tables(), *_ends(), *_dates()):
        yield f"sheet-{name}", note, _sealed(paper)
    small = _smallest().replace(b"0 2\n", b"0 1\n").replace(b"0000000015 00000 n \n", b"").replace(b"Size 2", b"Size 1")
    yield "sheet-n-1", "a table of object 0 alone, so that R is not below N", _sealed(small)
    for name, size in (("less", b"4"), ("more", b"6")):
        paper = _changed(b"/Size 5/", b"/Size " + size + b"/")
        whole = paper + blind_seal(paper, _batch(paper).envelopes[0].to_bytes(), first=5)
        yield f"sheet-size-{name}", f"/Size is {name} than the table says, and the seal follows the table", whole
    yield (
        "sheet-old-form",
        "the form of a draft of this page: objects 1 to 4 free, and defined by the seal",
        _old_form(),
    )
    yield from _inside()
    yield from _seal_bytes()
    yield from _lengths()
    yield from _more_bytes()


def _numbers() -> Iterator[File]:
    yield "root-0", "R = 0", _changed(b"/Root 1 0 R", b"/Root 0 0 R")
    yield "info-0", "I = 0", _changed(b"/Info 4 0 R", b"/Info 0 0 R")
    yield "root-n", "R = N", _changed(b"/Root 1 0 R", b"/Root 5 0 R")
    yield "info-n", "I = N", _changed(b"/Info 4 0 R", b"/Info 5 0 R")
    yield "root-beyond", "R far beyond N", _changed(b"/Root 1 0 R", b"/Root 999999 0 R")
    yield "info-beyond", "I far beyond N", _changed(b"/Info 4 0 R", b"/Info 999999 0 R")
    yield "root-zeros", "R with a leading zero", _changed(b"/Root 1 0 R", b"/Root 01 0 R")
    yield "info-zeros", "I with a leading zero", _changed(b"/Info 4 0 R", b"/Info 04 0 R")
    yield "root-7-digits", "R of seven digits", _changed(b"/Root 1 0 R", b"/Root 1000000 0 R")
    yield "root-generation", "another generation of the catalog", _changed(b"/Root 1 0 R", b"/Root 1 1 R")
    zeros = _changed(b"xref\n0 5\n", b"xref\n0 05\n").replace(b"/Size 5/", b"/Size 05/")
    yield "n-zeros", "N with a leading zero, both times", zeros


def _tables() -> Iterator[File]:
    entry = b"0000000015 00000 n \n"
    more = _changed(b"xref\n0 5\n", b"xref\n0 6\n").replace(b"/Size 5/", b"/Size 6/")
    yield "table-short", "N says one entry more than there is", more
    less = _changed(b"xref\n0 5\n", b"xref\n0 4\n").replace(b"/Size 5/", b"/Size 4/")
    yield "table-long", "N says one entry less than there is", less.replace(b"/Info 4 0 R", b"/Info 3 0 R")
    yield "table-cut", "one entry too few", _changed(entry, b"")
    yield "table-entry-more", "one entry too many", _changed(entry, entry * 2)
    yield "table-blank-line", "an empty line after the table", _changed(b"trailer\n", b"\ntrailer\n")
    yield "table-from-1", "the table begins at object 1", _changed(b"xref\n0 5\n", b"xref\n1 5\n")
    parts = _changed(b"xref\n0 5\n0000000000 65535 f \n", b"xref\n0 1\n0000000000 65535 f \n1 4\n")
    yield "table-parts", "the table in two parts", parts
    yield "entry-0-next", "object 0 names a next free one", _changed(b"0000000000 65535 f", b"0000000004 65535 f")
    yield "entry-0-generation", "object 0 of another generation", _changed(b"0000000000 65535 f", b"0000000000 00000 f")
    yield "entry-0-used", "object 0 in use", _changed(b"0000000000 65535 f", b"0000000000 65535 n")
    yield "entry-free", "an object that is free", _changed(entry, b"0000000000 00001 f \n")
    yield "entry-generation", "an object of another generation", _changed(entry, b"0000000015 00001 n \n")
    yield "entry-cr", "an entry that ends in CR LF", _changed(entry, b"0000000015 00000 n\r\n")
    yield "entry-lf", "an entry of 19 bytes", _changed(entry, b"0000000015 00000 n\n")


def _ends() -> Iterator[File]:
    paper = _paper()
    at = int(paper.split(b"\n")[-3])
    for name, place in (("early", at - 1), ("late", at + 1), ("first", 1), ("beyond", len(paper)), ("far", 9_999_999)):
        yield (
            f"x-{name}",
            f"X is {place}, and xref begins at {at}",
            paper.replace(b"\n%d\n%%" % at, b"\n%d\n%%" % place),
        )
    yield "x-zeros", "X with a leading zero", paper.replace(b"\n%d\n%%" % at, b"\n0%d\n%%" % at)
    yield "x-0", "X = 0", paper.replace(b"\n%d\n%%" % at, b"\n0\n%")
    first, second = _ids(paper)
    other = bytes(reversed(second))
    yield "ids-differ", "the two IDs differ", paper.replace(b"><" + second, b"><" + other)
    capital = first.upper()
    yield "id-capitals", "IDs in capitals", paper.replace(first, capital)
    yield "id-short", "IDs of 30 digits", paper.replace(first, first[:30])
    yield "prev", "the sheet names a revision before it", paper.replace(b"/SanadSheet", b"/Prev 15/SanadSheet")
    yield "spaces", "spaces between the trailer's entries", paper.replace(b"/Info", b" /Info")
    yield "cr", "the last line ends in CR LF", paper[:-1] + b"\r\n"
    yield "no-line-end", "the last line does not end", paper[:-1]
    yield "line-more", "an empty line after the last", paper + b"\n"


def _dates() -> Iterator[File]:
    for name, date in (
        ("february-30", b"20260230120000"), ("february-29", b"20260229120000"), ("february-29-1900", b"19000229120000"),
        ("february-29-2100", b"21000229120000"), ("april-31", b"20260431120000"), ("day-0", b"20260600120000"),
        ("day-32", b"20260732120000"), ("month-0", b"20260030120000"), ("month-13", b"20261330120000"),
        ("year-0", b"00000630120000"), ("hour-24", b"20260630240000"), ("minute-60", b"20260630126000"),
        ("second-60", b"20261231235960"), ("short", b"202606301200"), ("letters", b"2026063012000Z"),
        ("offset", b"20260630120000+00'00'"),
    ):  # fmt: skip
        yield f"date-{name}", f"the date {date.decode()}", _changed(_DATE, date)


def _inside() -> Iterator[File]:
    paper = _paper()
    envelope = _batch(paper).envelopes[0]
    data = envelope.to_bytes()
    yield "seal-spaces-inside", "well sealed, the envelope not in canonical bytes", _with(paper, data[:-1] + b" }")
    yield (
        "seal-float-inside",
        "well sealed, the envelope's 1 written 1.0",
        _with(paper, data.replace(b'"sanad":1,', b'"sanad":1.0,')),
    )
    yield "seal-bom-inside", "well sealed, a byte-order mark before the envelope", _with(paper, b"\xef\xbb\xbf" + data)
    yield "seal-nonsense-inside", "well sealed, no envelope in it", _with(paper, b"{}")
    lost = replace(envelope, path=(sha256(b"another"),))
    yield "seal-not-leading", "well sealed, and the path does not lead to the root", _with(paper, lost.to_bytes())
    moved = replace(envelope, index=1)
    yield "seal-index-moved", "well sealed, with another index", _with(paper, moved.to_bytes())
    zero = batch([sign(document("Ayesha Khan"), key())], [b""]).envelopes[0]
    yield (
        "seal-sheet-zero",
        "well sealed, the envelope says that there is no sheet, and leads to its root",
        _with(paper, zero.to_bytes()),
    )
    other = sheet("another")
    yield "seal-of-another-sheet", "a seal made for a sheet of the same length", other + blind_seal(paper, data)
    yield "seal-too-long", "an envelope of 262,145 bytes", _long(LONGEST_ENVELOPE + 1)
    yield "seal-empty", "an envelope of no bytes", _with(paper, b"")


def _seal_bytes() -> Iterator[File]:
    whole, paper = _sealed(_paper()), len(_paper())
    start, tail = whole[:paper], whole[paper:]
    startxref = b"%010d" % int(start.split(b"\n")[-3])
    second = _ids(tail)[1]
    for name, note, old, new in (
        ("size", "/Size leaves the seal's objects out", b"/Size 9/", b"/Size 5/"),
        ("table-number", "the seal's table begins at another object", b"xref\n5 4\n", b"xref\n1 4\n"),
        ("table-entry", "object 0 in the seal's table, too", b"xref\n5 4\n", b"xref\n0 1\n0000000000 65535 f \n5 4\n"),
        ("prev", "/Prev written with ten digits", b"/Prev " + startxref.lstrip(b"0"), b"/Prev " + startxref),
        ("root", "another catalog", b"/Root 1 0 R", b"/Root 3 0 R"),
        ("id-capitals", "the second ID in capitals", second, second.upper()),
        ("id", "the second ID is the first", second, _ids(tail)[0]),
        ("date", "another date on the attachment", _DATE, b"20260630120001"),
        ("name", "another name of the attachment", b"UF(certificate.json)", b"UF(certificates.js)"),
        ("line-ends", "CR LF after stream", b"stream\n{", b"stream\r\n{"),
    ):  # fmt: skip
        assert tail.count(old) >= 1, name
        yield f"seal-{name}", note, start + tail.replace(old, new)
    ends = whole[:-17] + b"%010d\n%%%%EOF\n" % (int(whole[-17:-7]) + 1)
    yield "seal-startxref", "the last offset moved by one", ends


def _lengths() -> Iterator[File]:
    paper = _paper()
    whole, inside = _sealed(paper), len(_batch(paper).envelopes[0].to_bytes())
    for name, s, e in (
        ("sheet-more", 1, 0), ("sheet-less", -1, 0), ("envelope-more", 0, 1), ("envelope-less", 0, -1),
        ("shifted-up", 1, -1), ("shifted-down", -1, 1),
    ):  # fmt: skip
        yield (
            f"lengths-{name}",
            f"S is {s:+d} and E {e:+d} of what is right",
            _with_lengths(whole, len(paper) + s, inside + e),
        )
    yield "lengths-sheet-0", "S = 0", _with_lengths(whole, 0, inside)
    yield "lengths-envelope-0", "E = 0", _with_lengths(whole, len(paper), 0)
    yield (
        "lengths-envelope-limit",
        "E = 262,145 where there is less",
        _with_lengths(whole, len(paper), LONGEST_ENVELOPE + 1),
    )
    yield "lengths-whole", "S + E is the file's length", _with_lengths(whole, len(whole) - inside, inside)
    yield "lengths-swapped", "S and E in the other order", _with_lengths(whole, inside, len(paper))


def _more_bytes() -> Iterator[File]:
    whole = _sealed(_paper())
    end = whole[len(_paper()) :]
    yield "byte-before", "one byte before the beginning", b"\n" + whole
    yield "space-appended", "a space after the end", whole + b" "
    envelope = _batch(_paper()).envelopes[0].to_bytes()
    third = b"9 0 obj\n[]\nendobj\nxref\n9 1\n%010d 00000 n \ntrailer\n<</Size 10/Root 1 0 R/Info 4 0 R/Prev %d" % (
        len(whole), int(whole[-17:-7]),
    )  # fmt: skip
    third += b"/SanadSeal[%010d %010d]>>\nstartxref\n%010d\n%%%%EOF\n" % (len(_paper()), len(envelope), len(whole) + 20)
    yield "third-revision", "a third revision that ends as a seal ends", whole + third
    yield "seal-twice", "the seal, and the seal again", whole + end
    yield (
        "sealed-sheet",
        "a sealed file taken for a sheet, with the sealed file's length",
        _with_lengths(whole + end, len(whole), len(envelope)),
    )


def _old_form() -> bytes:
    """A whole file as an earlier draft of SPEC.md had it."""
    id_ = b"3ef1b3d3148b9b57aded86e151367725"
    bodies = (
        b"<</Type/Catalog/Pages 6 0 R/AF 1 0 R/Names 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<<>>",
        b"<<>>",
    )
    paper, offsets = b"%PDF-1.7\n", b""
    for number, body in enumerate(bodies, start=5):
        offsets += b"%010d 00000 n \n" % len(paper)
        paper += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    free = b"0000000001 65535 f \n" + b"".join(b"%010d 00000 f \n" % each for each in (2, 3, 4, 0))
    place = len(paper)
    paper += b"xref\n0 9\n%b%btrailer\n<</Size 9/Root 5 0 R/Info 8 0 R/ID[<%b><%b>]" % (free, offsets, id_, id_)
    paper += b"/SanadSheet(D:%bZ)>>\nstartxref\n%d\n%%%%EOF\n" % (_DATE, place)
    end = blind_seal(paper, _batch(paper).envelopes[0].to_bytes(), first=1)
    end = end.replace(b"xref\n1 4\n", b"xref\n0 5\n0000000000 65535 f \n").replace(b"/Size 5/", b"/Size 9/")
    return paper + end


def _smallest() -> bytes:
    """A sheet of one object."""
    id_ = b"3ef1b3d3148b9b57aded86e151367725"
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/AF 2 0 R/Names 3 0 R>>\nendobj\n"
    return body + (
        b"xref\n0 2\n0000000000 65535 f \n0000000015 00000 n \n"
        b"trailer\n<</Size 2/Root 1 0 R/Info 1 0 R/ID[<%b><%b>]/SanadSheet(D:%bZ)>>\nstartxref\n%d\n%%%%EOF\n"
    ) % (id_, id_, _DATE, len(body))


def _paper() -> bytes:
    return sheet("Ayesha Khan")


def _changed(old: bytes, new: bytes) -> bytes:
    """The sample sheet with one thing changed; where its table begins is put right."""
    paper = _paper()
    assert paper.count(old) == 1, old
    before = paper.index(b"xref\n0 5\n")
    paper = paper.replace(old, new)
    after = before + (len(new) - len(old) if _paper().index(old) < before else 0)
    return paper.replace(b"startxref\n%d\n" % before, b"startxref\n%d\n" % after)


def _batch(paper: bytes) -> Sample:
    return batch([sign(document("Ayesha Khan"), key())], [paper])


def _sealed(paper: bytes) -> bytes:
    return _with(paper, _batch(paper).envelopes[0].to_bytes())


def _with(paper: bytes, envelope: bytes) -> bytes:
    return paper + blind_seal(paper, envelope)


def _long(size: int) -> bytes:
    """A well-sealed file whose envelope has `size` bytes."""
    paper = _paper()
    short = len(batch([_padded(0)], [paper]).envelopes[0].to_bytes())
    return _with(paper, batch([_padded(size - short)], [paper]).envelopes[0].to_bytes())


def _padded(more: int) -> dict[str, object]:
    return {**sign(document("Ayesha Khan"), key()), "padding": "." * more}


def _with_lengths(whole: bytes, sheet_bytes: int, envelope_bytes: int) -> bytes:
    end = whole[-63:]
    return whole[:-63] + b"/SanadSeal[%010d %010d]" % (sheet_bytes, envelope_bytes) + end[end.index(b"]") + 1 :]


def _ids(data: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"/ID\[<(\w+)><(\w+)>\]", data)
    assert found
    return found[1], found[2]
