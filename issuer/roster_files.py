"""The cells of a roster file, whichever spreadsheet program wrote it: CSV in several encodings, or a workbook.

Letters are never guessed into something else: where two encodings are equally likely, the file is refused.
"""

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from issuer.errors import RosterFileError

Cells = Iterator[tuple[int, list[str]]]
"""Rows of cells with their number in the spreadsheet, the header's being the first."""

FILE_BYTES = 64 * 1024 * 1024
"""Largest roster file."""
UNPACKED_BYTES = 512 * 1024 * 1024
"""All parts of a workbook together, unpacked."""
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1256")
"""What `--encoding` takes; the last two are Windows' Western and Arabic code pages."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SAVE_AS = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)" or as .xlsx.'
_WORD = re.compile(rb"[^\s,;\t\"'.()/-]+")


def file_cells(path: Path, encoding: str | None = None, sheet: str | None = None) -> Cells:
    """The cells of a file, by what is in it and not by its name.

    Raises:
        RosterFileError: it cannot be read, and why.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= FILE_BYTES else b""
    except OSError as error:
        raise RosterFileError(f"{path} cannot be read: {error.strerror}.") from None
    if size > FILE_BYTES:
        raise RosterFileError(f"{path.name} has {size / 1e6:.0f} MB; at most {FILE_BYTES / 1e6:.0f} MB are read.")
    if data.startswith(_OLD_OFFICE):
        raise RosterFileError(f"{path.name} is an old or a password-protected workbook; {_SAVE_AS}")
    if data.startswith(b"PK\x03\x04"):
        return _workbook_cells(path, data, sheet)
    if sheet is not None:
        raise RosterFileError(f"{path.name} is no workbook, so it has no sheet {sheet!r}.")
    return _text_cells(path, decoded(path, data, encoding))


def decoded(path: Path, data: bytes, encoding: str | None = None) -> str:
    """The text of a CSV file.

    Raises:
        RosterFileError: its encoding cannot be told, or is not the one that was named.
    """
    chosen = encoding or _encoding(path, data)
    try:
        return data.decode({"utf-8": "utf-8-sig"}.get(chosen, chosen))
    except (UnicodeDecodeError, LookupError):
        known = ", ".join(ENCODINGS)
        raise RosterFileError(f"{path.name} is not in {chosen}. Known are {known}; or {_SAVE_AS}") from None


def _encoding(path: Path, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data[:400].count(0) * 4 > len(data[:400]):
        raise RosterFileError(f"{path.name} is UTF-16 without its mark, or no text; {_SAVE_AS}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _code_page(path, data)
    return "utf-8"


def _code_page(path: Path, data: bytes) -> str:
    """Windows' Western or Arabic code page, told by the words in which they differ.

    A word with plain Latin letters in it is Western; one of foreign letters alone is Arabic.
    """
    western = arabic = False
    for word in set(_WORD.findall(data)):
        if not word.isascii() and word.decode("cp1252", "replace") != word.decode("cp1256", "replace"):
            if re.search(rb"[A-Za-z]", word):
                western = True
            elif len(word) > 1:
                arabic = True
    if western == arabic and (western or not _same(data)):
        raise RosterFileError(
            f"{path.name} is not UTF-8, and its letters may be Western or Arabic ones; {_SAVE_AS} "
            "Or say which: --encoding cp1252 (Western) or cp1256 (Arabic)."
        )
    return "cp1256" if arabic else "cp1252"


def _same(data: bytes) -> bool:
    return data.decode("cp1252", "replace") == data.decode("cp1256", "replace")


def _text_cells(path: Path, text: str) -> Cells:
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=lambda mark: re.sub(r'"[^"]*"', "", header).count(mark))
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1)
    except csv.Error as error:
        raise RosterFileError(f"{path.name} is not a sound CSV file ({error}); {_SAVE_AS}") from None


def _workbook_cells(path: Path, data: bytes, sheet: str | None) -> Cells:
    from openpyxl import load_workbook  # late: it is slow to load

    _check_size(path, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise RosterFileError(f"{path.name} has no sheet {sheet!r}; it has {', '.join(map(repr, names))}.")
        page = book[sheet or names[0]]
        for number, row in enumerate(page.iter_rows(values_only=True), start=1):
            yield number, [_cell_text(value) for value in row]
    except RosterFileError:
        raise
    except Exception as error:  # openpyxl, zipfile and the XML parser have trees of their own
        raise RosterFileError(f"{path.name} is no sound workbook ({type(error).__name__}); {_SAVE_AS}") from None


def _check_size(path: Path, data: bytes) -> None:
    """Refuse what unpacks to more than any class needs, before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            is_book = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        raise RosterFileError(f"{path.name} is a damaged workbook; {_SAVE_AS}") from None
    if not is_book:
        raise RosterFileError(f"{path.name} is no .xlsx workbook; {_SAVE_AS}")
    if unpacked > UNPACKED_BYTES:
        raise RosterFileError(f"{path.name} unpacks to {unpacked / 1e6:.0f} MB, which no class needs; {_SAVE_AS}")


def _cell_text(value: Any) -> str:
    """A cell as people see it; formulas keep their equals sign, so that they are refused like any other."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
