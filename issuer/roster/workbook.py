"""Rows of cells from an XLSX workbook, read by openpyxl after the package was found to be harmless.

Cells come as the spreadsheet program shows them where that is what people see and mean (percentages, leading
zeros, fixed decimals), formulas not at all: their cached value is what the last program left there.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from issuer.errors import RosterErrors
from issuer.roster.limits import LIMITS
from issuer.roster.model import Cells, DateCell, ReadOptions, RefusedCell, RosterNote, Table, note, whole_file
from issuer.roster.package import Marks, checked_package, marks_of
from issuer.text import suggestion

_FORMULA = "This is a formula, and its value may be out of date; copy the column and paste it as values only."
_TOO_LONG = "Spreadsheet programs keep 15 digits of a number; format the column as text and type it again."
_TIME = "This is a time of day, not a value for a certificate; format the column as text and type it again."
_BROKEN = "is a damaged workbook; open it in the spreadsheet program and save it again as an Excel workbook (.xlsx)."
_MOST_ROWS = 1_048_576  # of a sheet, by the format
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DECIMALS = re.compile(r"(?:#,##)?0(?:\.(0+))?(%?)(?:_[ )\-])?")
_PATTERN = re.compile(r'(?:0|[-/ ]|\\.|"[^"]*")*0(?:0|[-/ ]|\\.|"[^"]*")*')


def workbook(file: IO[bytes], name: str, options: ReadOptions) -> Table:
    """The cells of one sheet.

    Raises:
        RosterErrors: it is damaged or not harmless, or has no such sheet.
    """
    if options.encoding is not None:
        raise whole_file(f"{name} is a workbook, which says its encoding itself; leave out --encoding.")
    checked_package(file, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _table(file, name, options.sheet)
    except RosterErrors:
        raise
    except Exception:  # the library raises whatever its parts raise: ValueError, KeyError, TypeError, zlib.error …
        raise whole_file(f"{name} {_BROKEN}") from None


def _table(file: IO[bytes], name: str, wanted: str | None) -> Table:
    book = load_workbook(file, read_only=True, keep_links=False)
    sheet = _sheet(book, name, wanted)
    marks = marks_of(file, sheet._worksheet_path)
    rows = list(_rows(sheet, name))
    return Table(iter(rows), list(_notes(book, sheet, wanted, marks)), marks.merged)


def _sheet(book: Any, name: str, wanted: str | None) -> Any:
    """The sheet of that name, else the first that is shown."""
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if wanted is not None:
        titles = [sheet.title for sheet in sheets]
        for sheet in sheets:
            if sheet.title.strip().casefold() == wanted.strip().casefold():
                return sheet
        raise whole_file(f"{name} has no sheet {wanted!r}. {suggestion(wanted, titles)}")
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not shown:
        raise whole_file(f"{name} has no sheet that is shown; say which one with --sheet NAME.")
    return shown[0]


def _notes(book: Any, sheet: Any, wanted: str | None, marks: Marks) -> Iterator[RosterNote]:
    others = [each.title for each in book.worksheets if each is not sheet]
    if wanted is None and others:
        names = ", ".join(repr(title) for title in others[:5])
        yield note(f"The sheet {sheet.title!r} was read; others are {names}. Choose with --sheet NAME.")
    if marks.hidden:
        shown = ", ".join(map(str, marks.hidden[:5])) + (" …" if len(marks.hidden) > 5 else "")
        yield note(f"Hidden rows of the workbook were read like all others: {shown}.")


def _rows(sheet: Any, name: str) -> Cells:
    most = LIMITS.columns + 1
    for number, cells in enumerate(sheet.iter_rows(max_row=_MOST_ROWS, max_col=most), start=1):
        there = [cell for cell in cells if cell is not EMPTY_CELL]
        values = [""] * (there[-1].column if there else 0)
        for cell in there:
            if cell.value is not None:
                values[cell.column - 1] = _value(cell)
        while values and not values[-1]:
            values.pop()
        if len(values) == most:
            raise whole_file(f"{name} has more than {LIMITS.columns} columns in row {number}; take the rest out.")
        if values:
            yield number, values


def _value(cell: Any) -> str:
    """A cell as text, or as a text that says why it cannot be used."""
    value, kind = cell.value, cell.data_type
    if kind == "s" or (kind == "e" and isinstance(value, str)):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else str(value)
    if kind == "f":
        return RefusedCell(value if isinstance(value, str) else "=", _FORMULA)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return _moment(value)


def _moment(value: Any) -> str:
    if isinstance(value, time | timedelta):
        return RefusedCell(str(value), _TIME)
    return DateCell(value.date().isoformat() if isinstance(value, datetime) else str(value))


def _number(value: int | float, shape: str) -> str:
    """A number as it is shown."""
    if abs(value) >= 10**15:
        return RefusedCell(str(value), _TOO_LONG)
    if match := _DECIMALS.fullmatch(shape):
        return _fixed(value, len(match[1] or "") if shape != "0" or value == int(value) else None, match[2])
    if value >= 0 and value == int(value) and _PATTERN.fullmatch(shape):
        return _filled(int(value), shape)
    return f"{Decimal(format(value, '.15g')):f}"


def _fixed(value: int | float, decimals: int | None, percent: str) -> str:
    exact = Decimal(format(value, ".15g")) * (100 if percent else 1)
    if decimals is None:
        return f"{exact:f}"
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}{percent}"


def _filled(value: int, shape: str) -> str:
    """A number in a form of zeros and marks: 00042, or 35202-1234567-1."""
    parts = re.findall(r'0|\\.|"[^"]*"|.', shape)
    digits = str(value).zfill(parts.count("0"))
    taken, rest = [], list(digits)
    for part in reversed(parts):
        taken.append(rest.pop() if part == "0" else part.strip('"').removeprefix("\\"))
    return "".join(rest) + "".join(reversed(taken))
