"""The cells of a roster file, by what is in it and not by its name: a text in several encodings, or a workbook."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from issuer.errors import RosterFileError
from issuer.roster_encodings import ENCODINGS, SAVE_AS, Told, tell_encoding
from issuer.roster_model import Cells, ReadOptions, Table, note
from issuer.text import suggestion

FILE_BYTES = 64 * 1024 * 1024
"""Largest roster file."""
CELL_CHARACTERS = 100_000
"""Longest cell of a text file; what a column may hold is much less."""
TITLE_ROWS = 20
"""Rows among which the header is looked for."""

_DELIMITERS = (",", ";", "\t")
_STARTS = {
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls) or one with a password; save it as .xlsx, without a password.",
    b"%PDF": f"a PDF, not a spreadsheet; take the spreadsheet that it was made from, and {SAVE_AS}",
    b"{\\rtf": f"a text document, not a spreadsheet; {SAVE_AS}",
    b"<": f"a web page or XML, whatever its name says; open it in a spreadsheet program, and {SAVE_AS}",
}

Score = Callable[[list[str]], int]
"""How much a row looks like a header."""


def open_table(path: Path, options: ReadOptions, score: Score) -> Table:
    """The cells of a file, and what is to be known about it.

    Raises:
        RosterFileError: it cannot be read, and why; for a broken file also while its cells are read.
    """
    data = _bytes(path)
    for start, what in _STARTS.items():
        if data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start):
            raise RosterFileError(f"{path.name} is {what}")
    if data.startswith(b"PK\x03\x04"):
        from issuer.roster_workbook import open_workbook  # late: openpyxl is slow to load

        return open_workbook(path.name, data, options.sheet)
    if options.sheet is not None:
        raise RosterFileError(f"{path.name} is no workbook, so it has no sheet {options.sheet!r}.")
    return _text_table(path.name, data, options.encoding, score)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise RosterFileError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > FILE_BYTES:
        raise RosterFileError(f"{path.name} is larger than {FILE_BYTES / 1e6:.0f} MB; split the class into several.")
    return data


def _text_table(file: str, data: bytes, encoding: str | None, score: Score) -> Table:
    told = _said(encoding) if encoding else tell_encoding(file, data)
    try:
        text = data.decode(ENCODINGS[told.name]).removeprefix("\ufeff")
    except UnicodeError:
        raise RosterFileError(f"{file} is not in {told.name} throughout; {SAVE_AS}") from None
    table = Table(_rows(file, text, _delimiter(text, score)))
    if told.example is not None:
        advice = f"{file} is not Unicode; it was read as {told.name}, with {told.example!r} in it."
        table.notes.append(note(f"{advice} If that reads wrong, say the right one with --encoding."))
    return table


def _said(encoding: str) -> Told:
    name = encoding.lower()
    if name not in ENCODINGS:
        raise RosterFileError(f"There is no encoding {encoding!r} here. {suggestion(name, list(ENCODINGS))}")
    return Told(name)


def _rows(file: str, text: str, delimiter: str) -> Cells:
    number = 0
    csv.field_size_limit(CELL_CHARACTERS)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            yield number, row
    except csv.Error as error:
        raise RosterFileError(f"{file}, row {number + 1}, is not sound CSV ({error}); {SAVE_AS}") from None


def _delimiter(text: str, score: Score) -> str:
    """What stands between the cells: what makes one of the first rows look most like a header."""
    start = text[: 64 * 1024]
    if start[:4].lower() == "sep=" and start[4:5] in _DELIMITERS:
        return start[4]
    return max(_DELIMITERS, key=lambda delimiter: max(_scores(start, delimiter, score), default=(0, 0)))


def _scores(start: str, delimiter: str, score: Score) -> Iterator[tuple[int, int]]:
    csv.field_size_limit(CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    try:
        for _, row in zip(range(TITLE_ROWS), reader, strict=False):
            yield score(row), len(row)
    except csv.Error:
        return
