"""A workbook's package (a ZIP of XML parts) checked before any library opens it: size, passwords, entities.

Nothing is unpacked into memory here; parts are streamed. The total size of the parts stops bombs. Document type
declarations (entities, outside references) are not allowed at all: no spreadsheet program writes any.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from issuer.roster.limits import LIMITS
from issuer.roster.model import Merge, whole_file

_SAVE = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV UTF-8."
_BROKEN = f"is a damaged workbook or not a workbook at all; {_SAVE}"
_CHUNK = 1 << 20
_OVERLAP = 4096  # longer than any tag that is searched for
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*["\']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["\']')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden\s*=\s*["\'](?:1|true)["\'])[^>]*?\br\s*=\s*["\'](\d{1,7})["\']')
_LARGE = re.compile(r"(?:.*/)?(?:worksheets/[^/]*|sharedStrings)\.xml", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Marks:
    """What a sheet says about itself beside its cells."""

    merged: tuple[Merge, ...]
    hidden: tuple[int, ...]
    """Rows that are not shown."""


def checked_package(file: IO[bytes], name: str) -> None:
    """See that a package is a workbook that may be opened.

    Raises:
        RosterErrors: it is something else, protected, too large when unpacked, or holds what no workbook holds.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_kind(archive, name)
            _check_size(archive, name)
            for part in archive.infolist():
                if part.filename.lower().endswith(_XML) or part.filename.lower().startswith(("xl/", "[")):
                    _check_part(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise whole_file(f"{name} {_BROKEN}") from None


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    names = set(archive.namelist())
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise whole_file(f"{name} is protected by a password; open it, save it without one, and give that file.")
    if "mimetype" in names:
        raise whole_file(f"{name} is an OpenDocument file (.ods); {_SAVE}")
    if "xl/workbook.bin" in names:
        raise whole_file(f"{name} is a binary workbook (.xlsb); {_SAVE}")
    if "Index/Document.iwa" in names:
        raise whole_file(f"{name} is an Apple Numbers file; export it as an Excel workbook (.xlsx) or as CSV.")
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise whole_file(f"{name} {_BROKEN}")


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    small = (part.file_size for part in parts if part.filename.endswith(_XML) and not _LARGE.fullmatch(part.filename))
    if len(parts) > LIMITS.parts or total > LIMITS.unpacked_bytes or max(small, default=0) > LIMITS.part_bytes:
        raise whole_file(
            f"{name} is too large when unpacked (at most {LIMITS.unpacked_bytes // 1024**2} MiB in {LIMITS.parts:,} "
            "parts); copy only the roster into a new workbook, or save it as CSV UTF-8."
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if not part.filename.lower().endswith(_XML):
        return
    for at, chunk in enumerate(_chunks(archive, part.filename)):
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or (at == 0 and not _is_plain_xml(chunk)):
            raise whole_file(f"{name} holds declarations that no spreadsheet program writes; {_SAVE}")


def _is_plain_xml(start: bytes) -> bool:
    """Whether the search for declarations would find them: no encoding that hides ASCII."""
    return not start or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part piece by piece, each piece with the end of the one before."""
    with archive.open(name) as part:
        kept = b""
        while chunk := part.read(_CHUNK):
            yield kept + chunk
            kept = chunk[-_OVERLAP:]


def marks_of(file: IO[bytes], sheet: str) -> Marks:
    """The merged cells and hidden rows of the part `sheet`."""
    merged: dict[tuple[bytes, ...], None] = {}
    hidden: set[int] = set()
    with zipfile.ZipFile(file) as archive:
        for chunk in _chunks(archive, sheet):
            merged.update(dict.fromkeys(match.groups() for match in _MERGE.finditer(chunk)))
            hidden.update(int(match[1]) for match in _HIDDEN.finditer(chunk))
    return Marks(tuple(_merge(*each) for each in merged), tuple(sorted(hidden)))


def _merge(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Merge:
    place = f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
    return Merge(place, int(top), _column(left), int(bottom), _column(right))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
