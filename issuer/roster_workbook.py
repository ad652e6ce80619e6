"""The cells of a workbook (.xlsx), as people see them in the spreadsheet program.

openpyxl reads the cells. Before it does, the package is measured and every part of it parsed once for what
openpyxl skips or would choke on: document types (entities), hidden rows and columns, merged cells, far-off cells.
"""

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook

from issuer.errors import RosterFileError
from issuer.roster_encodings import SAVE_AS
from issuer.roster_model import Cells, DateCell, Merge, NumberCell, RefusedCell, Table, note

UNPACKED_BYTES = 512 * 1024 * 1024
"""All parts of a workbook together, unpacked. Python's zipfile gives no more than a part's header says."""
PARTS = 5_000
"""Files inside a workbook."""
COLUMNS = 256
"""Cells of one row, up to the last one that the file mentions."""

_FORMULA = "This is a formula, and its value may be out of date. Copy the column and paste it as values (Paste Special, Values)."
_ERROR = "This is a spreadsheet program's error, not a value; correct it there."
_LONG = "The number has more digits than a spreadsheet program keeps; format the column as text and type it again."
_ZEROS = re.compile(r"0+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(r"[A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}(\d{1,7})")


def open_workbook(file: str, data: bytes, sheet: str | None) -> Table:
    """One sheet of a workbook: the one named, or the first that is not hidden.

    Raises:
        RosterFileError: it cannot be read, and why; also while its cells are read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is nothing that we read
            _measure(file, data)
            return _table(file, load_workbook(io.BytesIO(data), read_only=True, keep_links=False), sheet)
    except RosterFileError:
        raise
    except Exception as error:  # openpyxl, zipfile, zlib and the XML parsers have trees of their own
        raise _unsound(file, error) from None


def _unsound(file: str, error: Exception) -> RosterFileError:
    return RosterFileError(f"{file} is no sound workbook ({type(error).__name__}); {SAVE_AS}")


def _measure(file: str, data: bytes) -> None:
    """Refuse what is no workbook, unpacks to more than any class needs, or declares entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        _check_kind(file, {part.filename for part in parts})
        if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
            unpacked = sum(part.file_size for part in parts) / 1e6
            raise RosterFileError(f"{file} unpacks to {unpacked:.0f} MB, which no class needs; {SAVE_AS}")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and not part.filename.startswith("xl/worksheets/sheet"):
                _parse(archive, part.filename, lambda _name, _attributes: None)


def _check_kind(file: str, names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise RosterFileError(f"{file} is a binary workbook (.xlsb); {SAVE_AS}")
    if "content.xml" in names:
        raise RosterFileError(f"{file} is an OpenDocument file (.ods); {SAVE_AS}")
    if not any(name.lower() == "[content_types].xml" for name in names) or not any(n.startswith("xl/") for n in names):
        raise RosterFileError(f"{file} is no .xlsx workbook; {SAVE_AS}")


def _parse(archive: zipfile.ZipFile, part: str, started: Any) -> None:
    """One part through a parser that knows no entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = started
    with archive.open(part) as file:
        parser.ParseFile(file)


def _refuse_doctype(*_declaration: object) -> None:
    raise RosterFileError(f"The workbook declares a document type, which spreadsheet programs never do; {SAVE_AS}")


@dataclass
class _Layout:
    """What a sheet's XML says besides the cells' values."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Merge] = field(default_factory=list)
    row: int = 0

    def element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            if len(attributes.get("r", "")) > len("XFD1048576"):
                raise RosterFileError(f"The workbook has a cell beyond the last that there can be; {SAVE_AS}")
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if self.row > 1_048_576:
                raise RosterFileError(f"The workbook has a row beyond the last that there can be; {SAVE_AS}")
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.add(self.row)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes["max"]), COLUMNS)
            self.hidden_columns.update(range(int(attributes["min"]), last + 1))
        elif name == "mergeCell" and (match := _MERGE.fullmatch(attributes.get("ref", ""))):
            self.merged.append(Merge(match[0], int(match[1]), int(match[2])))


def _table(file: str, book: Any, sheet: str | None) -> Table:
    page = _page(file, book, sheet)
    layout = _Layout()
    _parse(book._archive, page._worksheet_path, layout.element)  # openpyxl's own way from a sheet to its part
    page.reset_dimensions()  # some programs write them wrong, and openpyxl would leave cells out
    table = Table(_cells(file, page), [], layout.hidden_rows, layout.hidden_columns, tuple(layout.merged))
    others = [other for other in book.worksheets if other is not page]
    hidden = [repr(other.title) for other in others if other.sheet_state != "visible"]
    seen = [repr(other.title) for other in others if other.sheet_state == "visible"]
    if seen and sheet is None:
        advice = f"Only the sheet {page.title!r} was read, not {', '.join(seen)}; another one is read with --sheet."
        table.notes.append(note(advice))
    if hidden:
        table.notes.append(note(f"The workbook has hidden sheets, which were not read: {', '.join(hidden)}."))
    return table


def _page(file: str, book: Any, sheet: str | None) -> Any:
    names = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in names:
        raise RosterFileError(f"{file} has no sheet {sheet!r}; it has {', '.join(map(repr, names))}.")
    if sheet is not None:
        return book[sheet]
    visible = [page for page in book.worksheets if page.sheet_state == "visible"]
    if not visible:
        raise RosterFileError(f"{file} has no sheet that is not hidden; say which with --sheet.")
    return visible[0]


def _cells(file: str, page: Any) -> Cells:
    rows = enumerate(page.iter_rows(), start=1)
    while chunk := _chunk(file, rows):
        yield from chunk


def _chunk(file: str, rows: Iterator[tuple[int, Any]]) -> list[tuple[int, list[str]]]:
    """Some rows at a time, so that openpyxl's warnings can be kept quiet without touching those of others."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [(number, _row(number, row)) for number, row in islice(rows, 1000)]
    except RosterFileError:
        raise
    except Exception as error:  # as above
        raise _unsound(file, error) from None


def _row(number: int, row: Any) -> list[str]:
    if len(row) > COLUMNS:
        advice = f"Row {number} of the sheet reaches to column {len(row)}; delete the columns right of the roster."
        raise RosterFileError(advice)
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as people see it, or why it cannot be taken as it is."""
    value = cell.value
    if value is None:
        return ""
    if type(value) is str:
        return _string(value, cell.data_type)
    if type(value) in (int, float):
        return _number(value, cell.number_format)
    if isinstance(value, dt.datetime | dt.date):
        return _date(value)
    if isinstance(value, dt.time | dt.timedelta | bool):
        return RefusedCell(str(value), "Format the column as text and type the cell again.")
    return RefusedCell(str(getattr(value, "text", value)), _FORMULA)


def _string(value: str, data_type: str) -> str:
    if data_type == "f":
        return RefusedCell(value, _FORMULA)
    if data_type == "e":
        return RefusedCell(value, _ERROR)
    if "_x" in value:
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    return value


def _number(value: int | float, form: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if abs(value) >= 10**15:
        return RefusedCell(str(value), _LONG)
    if "%" in form:
        return f"{round(value * 100, 10):g}%"
    if isinstance(value, int) and _ZEROS.fullmatch(form):
        return str(value).zfill(len(form))  # what people see is what they mean
    return NumberCell(value if isinstance(value, int) else f"{value:.15g}")


def _date(value: dt.datetime | dt.date) -> str:
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return DateCell(value.isoformat(" "))
    return DateCell(value.strftime("%Y-%m-%d") if value.year >= 1000 else value.isoformat()[:10])
