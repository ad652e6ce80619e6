"""The seal: the envelope carried inside the PDF, without a PDF parser (SPEC.md section 7)."""

import re
from dataclasses import dataclass

from verifier.core.errors import SealError
from verifier.core.hashes import sha256
from verifier.core.limits import LIMITS

RESERVED = 4
"""Objects 1 to 4 of every sheet stand free for the seal."""

FOOT_BYTES = 63
"""Length of the fixed end of a sealed file, from `/SanadSeal` on."""

_NUMBER = rb"([1-9][0-9]{0,6})"
_TRAILER = re.compile(
    rb"trailer\n<</Size " + _NUMBER + rb"/Root " + _NUMBER + rb" 0 R/Info " + _NUMBER + rb" 0 R"
    rb"/ID\[<([0-9a-f]{32})><([0-9a-f]{32})>\]/SanadSheet\(D:([0-9]{14})Z\)>>\n"
    rb"startxref\n([1-9][0-9]{0,8})\n%%EOF\n\Z"
)
_TRAILER_BYTES = 256
_FREE = b"0000000001 65535 f \n0000000002 00000 f \n0000000003 00000 f \n0000000004 00000 f \n0000000000 00000 f \n"
_FOOT = re.compile(rb"/SanadSeal\[([0-9]{10}) ([0-9]{10})\]>>\nstartxref\n[0-9]{10}\n%%EOF\n")

_OPENING = (
    b"1 0 obj\n[3 0 R]\nendobj\n",
    b"2 0 obj\n<</EmbeddedFiles<</Names[(certificate.json)3 0 R]>>>>\nendobj\n",
    b"3 0 obj\n<</Type/Filespec/F(certificate.json)/UF(certificate.json)/Desc(Sanad envelope)"
    b"/AFRelationship/Data/EF<</F 4 0 R/UF 4 0 R>>>>\nendobj\n",
)
_CLOSING = b"\nendstream\nendobj\n"


@dataclass(frozen=True)
class SheetTrailer:
    """What a sheet's fixed-form trailer says, as ASCII bytes."""

    size: bytes
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
    objects = [*_OPENING, _stream_head(len(envelope), trailer.date) + envelope + _CLOSING]
    offsets, place = [], len(sheet)
    for each in objects:
        offsets.append(b"%010d 00000 n \n" % place)
        place += len(each)
    second_id = sha256(envelope)[:16].hex().encode("ascii")
    return b"".join(objects) + (
        b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<</Size %b/Root %b 0 R/Info %b 0 R/Prev %b/ID[<%b><%b>]"
        b"/SanadSeal[%010d %010d]>>\nstartxref\n%010d\n%%%%EOF\n"
    ) % (
        b"".join(offsets), trailer.size, trailer.root, trailer.info, trailer.startxref,
        trailer.id, second_id, len(sheet), len(envelope), place,
    )  # fmt: skip


def unseal(file: bytes) -> tuple[bytes, bytes]:
    """Take sheet and envelope out of a sealed file by the lengths in its last 63 bytes, never by search.

    The seal is computed again and compared with all that follows the sheet, so that a file with one byte
    changed, or with one more revision, is refused.

    Raises:
        SealError: the file is not sealed, or not as it was issued.
    """
    sheet_bytes, envelope_bytes = sealed_lengths(file)
    sheet = file[:sheet_bytes]
    start = sheet_bytes + _envelope_offset(sheet, envelope_bytes)
    envelope = file[start : start + envelope_bytes]
    if len(envelope) != envelope_bytes or seal(sheet, envelope) != file[sheet_bytes:]:
        raise SealError("The seal does not fit the file: the file was changed after it was issued.")
    return sheet, envelope


def is_sealed(file: bytes) -> bool:
    """Whether the file ends as sealed files end; says nothing about whether the seal holds."""
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
    """Read the end of a sheet by one strict pattern, and see that objects 1 to 4 are free in its table.

    Raises:
        SealError: it is not a sheet.
    """
    found = _TRAILER.search(sheet[-_TRAILER_BYTES:])
    if found is None:
        raise SealError("The file does not end as a sheet ends.")
    size, root, info, first, second, date, startxref = found.groups()
    table = b"xref\n0 %b\n" % size + _FREE
    place, entries = int(startxref), int(size) - RESERVED - 1
    end = len(sheet) - (min(len(sheet), _TRAILER_BYTES) - found.start())
    if first != second or entries < 1 or not sheet.startswith(table, place) or end != place + len(table) + 20 * entries:
        raise SealError("The sheet's cross-reference table does not hold objects 1 to 4 free for the seal.")
    return SheetTrailer(size, root, info, first, date, startxref)


def _stream_head(envelope_bytes: int, date: bytes) -> bytes:
    return (
        b"4 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size %d/ModDate(D:%bZ)>>"
        b"/Length %d>>\nstream\n"
    ) % (envelope_bytes, date, envelope_bytes)


def _envelope_offset(sheet: bytes, envelope_bytes: int) -> int:
    return sum(map(len, _OPENING)) + len(_stream_head(envelope_bytes, read_trailer(sheet).date))
