"""Write a PDF file of the grammar that the seal relies on (SPEC.md, sheet).

The file is built front to back: objects are numbered in the order in which they are added, so a body can
name only objects added before it (or numbers computed ahead). The catalog names two objects after the last, which the
seal defines. Nothing is compressed: deflate gives other bytes with another zlib build, and the sheet must be the
same everywhere.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
FIRST_OBJECT = 1
ENTRY_0 = b"0000000000 65535 f \n"


@dataclass
class PdfWriter:
    """A growing PDF file: its bytes so far and the offset of each object."""

    data: bytearray = field(default_factory=lambda: bytearray(HEADER))
    offsets: list[int] = field(default_factory=list)

    @property
    def next_number(self) -> int:
        """The number that the next added object gets."""
        return FIRST_OBJECT + len(self.offsets)

    def add(self, body: bytes) -> int:
        """Append one indirect object and return its number."""
        number = self.next_number
        self.offsets.append(len(self.data))
        self.data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        return number

    def add_stream(self, dictionary: bytes, data: bytes) -> int:
        """Append a stream; `dictionary` holds its entries without /Length and brackets."""
        return self.add(b"<<%b/Length %d>>\nstream\n%b\nendstream" % (dictionary, len(data), data))

    def fork(self) -> "PdfWriter":
        """Return a copy that continues separately: what one batch shares is written once."""
        return PdfWriter(bytearray(self.data), list(self.offsets))

    def seal_entries(self, following: int) -> bytes:
        """Return the entries of a catalog for what the seal will attach; `following` objects are still to be added."""
        first = self.next_number + following
        return b"/AF %d 0 R/Names %d 0 R" % (first, first + 1)

    def finish(self, root: int, info: int, identity: str, drafted: datetime) -> bytes:
        """Append cross-reference table and trailer and return the whole file.

        `identity` is the certificate id, `drafted` an aware datetime.
        """
        start, size = len(self.data), self.next_number
        entries = b"".join(b"%010d 00000 n \n" % offset for offset in self.offsets)
        self.data += b"xref\n0 %d\n%b%b" % (size, ENTRY_0, entries)
        self.data += trailer(size, root, info, identity, drafted, start)
        return bytes(self.data)


def trailer(size: int, root: int, info: int, identity: str, drafted: datetime, start: int) -> bytes:
    """Return the fixed-form trailer of a sheet, from the word trailer to the end of the file."""
    file_id = hashlib.sha256(identity.encode()).hexdigest()[:32].encode()
    return b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/SanadSheet%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root, info, file_id, file_id, pdf_date(drafted), start,
    )  # fmt: skip


def pdf_date(moment: datetime) -> bytes:
    """Return a PDF date string (ISO 32000-1, 7.9.4) in UTC, to the second."""
    return moment.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()


def pdf_text(text: str) -> bytes:
    """Return a PDF text string (ISO 32000-1, 7.9.2.2) for any Unicode text."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def number(value: float) -> str:
    """Return a PDF number with at most three decimals and no exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
