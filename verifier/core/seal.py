"""The seal: the envelope carried inside the PDF, without a PDF parser (SPEC.md section 7)."""

import re
from dataclasses import dataclass
from datetime import datetime

from verifier.core.errors import SealError
from verifier.core.hashes import sha256
from verifier.core.limits import LIMITS

SEAL_OBJECTS = 4
"""A sheet of N table entries is sealed by the objects N to N + 3."""

FOOT_BYTES = 63
"""Length of the fixed end of a sealed file, from `/SanadSeal` on."""

ENTRY_BYTES = 20
"""Length of one entry of a cross-reference table."""

_START = re.compile(rb"startxref\n([1-9][0-9]{0,6})\n%%EOF\n\Z")
_START_BYTES = 24
_NUMBER = rb"([1-9][0-9]{0,5})"
_SHEET_END = re.compile(
    rb"xref\n0 " + _NUMBER + rb"\n0000000000 65535 f \n((?:[0-9]{10} 00000 n \n)*+)"
    rb"trailer\n<</Size \1/Root " + _NUMBER + rb" 0 R/Info " + _NUMBER + rb" 0 R"
    rb"/ID\[<([0-9a-f]{32})><\5>\]/SanadSheet\(D:([0-9]{14})Z\)>>\nstartxref\n([1-9][0-9]{0,6})\n%%EOF\n"
)
_FOOT = re.compile(rb"/SanadSeal\[([0-9]{10}) ([0-9]{10})\]>>\nstartxref\n[0-9]{10}\n%%EOF\n")

_CLOSING = b"\nendstream\nendobj\n"


@dataclass(frozen=True)
class SheetTrailer:
    """The values in the fixed-form end of a sheet, as ASCII bytes."""

    size: bytes
    """Entries of its cross-reference table; also the number of the first object that it does not define."""
    root: bytes
    info: bytes
    id: bytes
    date: bytes
    startxref: bytes


def seal(sheet: bytes, envelope: bytes) -> bytes:
    """The revision that, appended to `sheet`, embeds `envelope` as `certificate.json`.

    A pure function: `sealed = sheet + seal(sheet, envelope)`.

    Raises:
        SealError: `sheet` does not follow the sheet grammar, or something is over its limit.
    """
    trailer = read_trailer(sheet)
    if not 0 < len(envelope) <= LIMITS.envelope_bytes:
        raise SealError(
            "The envelope has {size} bytes; 1 to {limit} are possible.",
            size=f"{len(envelope):,}",
            limit=f"{LIMITS.envelope_bytes:,}",
        )
    return _revision(trailer, len(sheet), envelope)


def unseal(file: bytes) -> tuple[bytes, bytes]:
    """Extract the sheet and the envelope from a sealed file, by the lengths in its last 63 bytes, never by search.

    The seal is computed again and compared with all that follows the sheet, so that a file with one byte
    changed, or with one more revision, is refused.

    Raises:
        SealError: the file is not sealed, or not as it was issued.
    """
    sheet_bytes, envelope_bytes = sealed_lengths(file)
    sheet = file[:sheet_bytes]
    trailer = read_trailer(sheet)
    start = sheet_bytes + sum(map(len, _openings(trailer, envelope_bytes)))
    envelope = file[start : start + envelope_bytes]
    if len(envelope) != envelope_bytes or _revision(trailer, sheet_bytes, envelope) != file[sheet_bytes:]:
        raise SealError("The seal does not fit the file: the file was changed after it was issued.")
    return sheet, envelope


def is_sealed(file: bytes) -> bool:
    """Whether the file ends as sealed files do; says nothing about whether the seal is intact."""
    return _FOOT.fullmatch(file[-FOOT_BYTES:]) is not None


def sealed_lengths(file: bytes) -> tuple[int, int]:
    """The lengths of sheet and envelope, in bytes, that the file's end states."""
    found = _FOOT.fullmatch(file[-FOOT_BYTES:])
    if found is None:
        raise SealError("The file does not end in a seal.")
    sheet_bytes, envelope_bytes = int(found[1]), int(found[2])
    if not (0 < envelope_bytes <= LIMITS.envelope_bytes and sheet_bytes + envelope_bytes < len(file)):
        raise SealError("The lengths in the seal are impossible for this file.")
    return sheet_bytes, envelope_bytes


def read_trailer(sheet: bytes) -> SheetTrailer:
    """Read the end of a sheet, from its cross-reference table on, by one strict pattern.

    Raises:
        SealError: it is not a sheet.
    """
    start = _START.search(sheet[-_START_BYTES:])
    found = start and _SHEET_END.fullmatch(sheet, int(start[1]))
    if not found:
        raise SealError("The file does not end as a sheet ends.")
    size, entries, root, info, id_, date, startxref = found.groups()
    if len(entries) != ENTRY_BYTES * (int(size) - 1) or max(int(root), int(info)) >= int(size):
        raise SealError("The sheet's cross-reference table and its end do not fit together.")
    _check_date(date)
    return SheetTrailer(size, root, info, id_, date, startxref)


def _check_date(date: bytes) -> None:
    """Check that fourteen digits are a valid date and time, years 0001 to 9999, without leap seconds."""
    try:
        datetime(int(date[:4]), *(int(date[at : at + 2]) for at in range(4, 14, 2)))  # type: ignore[arg-type]
    except ValueError:
        raise SealError("The date at the sheet's end does not exist.") from None


def _openings(trailer: SheetTrailer, envelope_bytes: int) -> list[bytes]:
    """The seal's objects; the last one ends where the envelope begins."""
    first = int(trailer.size)
    associated, names, file, stream = range(first, first + SEAL_OBJECTS)
    return [
        b"%d 0 obj\n[%d 0 R]\nendobj\n" % (associated, file),
        b"%d 0 obj\n<</EmbeddedFiles<</Names[(certificate.json)%d 0 R]>>>>\nendobj\n" % (names, file),
        b"%d 0 obj\n<</Type/Filespec/F(certificate.json)/UF(certificate.json)/Desc(Sanad envelope)"
        b"/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>\nendobj\n" % (file, stream, stream),
        b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size %d/ModDate(D:%bZ)>>"
        b"/Length %d>>\nstream\n" % (stream, envelope_bytes, trailer.date, envelope_bytes),
    ]


def _revision(trailer: SheetTrailer, sheet_bytes: int, envelope: bytes) -> bytes:
    openings = _openings(trailer, len(envelope))
    offsets, place = [], sheet_bytes
    for each in openings:
        offsets.append(b"%010d 00000 n \n" % place)
        place += len(each)
    place += len(envelope) + len(_CLOSING)
    first, second_id = int(trailer.size), sha256(envelope)[:16].hex().encode("ascii")
    return b"".join([*openings, envelope, _CLOSING]) + (
        b"xref\n%d %d\n%btrailer\n<</Size %d/Root %b 0 R/Info %b 0 R/Prev %b/ID[<%b><%b>]"
        b"/SanadSeal[%010d %010d]>>\nstartxref\n%010d\n%%%%EOF\n"
    ) % (
        first, SEAL_OBJECTS, b"".join(offsets), first + SEAL_OBJECTS, trailer.root, trailer.info, trailer.startxref,
        trailer.id, second_id, sheet_bytes, len(envelope), place,
    )  # fmt: skip
