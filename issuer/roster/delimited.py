"""Rows of cells from delimited text: comma, semicolon or tab, recognised by the header."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from issuer.errors import RosterErrors
from issuer.roster.columns import column_of
from issuer.roster.encodings import Decoded, decoded
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, ReadOptions, RosterNote, RosterProblem, Table, note, whole_file

SAVE_AS = 'save it from the spreadsheet program as "CSV UTF-8 (comma delimited)".'
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# Excel's own first line, which names the delimiter and is not a row.
_SAYS_DELIMITER = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
# Text in quotes may go over several lines; a forgotten closing quote makes one cell of the rest of the file.
_MOST_HEADER_CHARACTERS = 200_000


def delimited(data: bytes, name: str, options: ReadOptions, mapped: Mapping[str, str]) -> Table:
    """The cells of a delimited text file.

    Raises:
        RosterErrors: its encoding is not clear, or it is broken.
    """
    if options.sheet is not None:
        raise whole_file(f"{name} is not a workbook and has no sheets; leave out --sheet.")
    read = decoded(data, name, options.encoding)
    said = _SAYS_DELIMITER.match(read.text)
    delimiter = said[1] if said else _delimiter(read.text, mapped)
    cells = _cells(read.text, delimiter)
    return Table(_without_first(cells) if said else cells, _notes(read, name))


def _notes(read: Decoded, name: str) -> list[RosterNote]:
    if read.example is None:
        return []
    advice = f"{name} was read as {read.encoding}, in which a word of it is {read.example!r}; if that is garbled, "
    return [note(f"{advice}say the right one with --encoding, or {SAVE_AS}")]


def _cells(text: str, delimiter: str) -> Cells:
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, row
    except csv.Error as error:
        raise RosterErrors((RosterProblem(number + 1, None, None, _unsound(str(error))),)) from None


def _unsound(error: str) -> str:
    if "expected after" in error:
        return f'There is a quotation mark inside a text in quotes. Write it twice (""), or {SAVE_AS}'
    return f"A quotation mark opens here and is never closed. Take it out or close it, or {SAVE_AS}"


def _without_first(cells: Cells) -> Iterator[tuple[int, list[str]]]:
    return islice(cells, 1, None)


def _delimiter(text: str, mapped: Mapping[str, str]) -> str:
    """The delimiter that makes most of the header: most known columns, then most cells."""
    start = text[:_MOST_HEADER_CHARACTERS]
    return max(_DELIMITERS, key=lambda delimiter: _makes_of_it(start, delimiter, mapped))


def _makes_of_it(start: str, delimiter: str, mapped: Mapping[str, str]) -> tuple[int, int]:
    best = (0, 0)
    try:
        for row in islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), LIMITS.title_rows):
            known = {column_of(heading, mapped) for heading in row[: LIMITS.columns]} - {None}
            best = max(best, (len(known), len(row)))
    except csv.Error:
        pass
    return best
