"""The records' tables as lines of JSON: the same text from SQLite and PostgreSQL, and back into either."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from issuer.records.tables import metadata

_AT_ONCE = 1000
_BYTES = "base64:"


def tables() -> list[Table]:
    """The tables, each after those that it refers to."""
    return list(metadata.sorted_tables)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row as one line, in the order of the primary key; read within the connection's transaction."""
    wanted = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(wanted).mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def insert_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put rows back, and let the database's own numbers continue after them; how many there were.

    Raises:
        ValueError: a line is not one of `lines_of`.
    """
    count, part = 0, []
    for line in lines:
        part.append(_row(table, json.loads(line)))
        if len(part) == _AT_ONCE:
            connection.execute(table.insert(), part)
            count, part = count + len(part), []
    if part:
        connection.execute(table.insert(), part)
    _go_on_numbering(connection, table)
    return count + len(part)


def read_line(line: bytes) -> dict[str, Any]:
    """One line of `lines_of`, as plain values.

    Raises:
        ValueError: it is not one.
    """
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError("a line is not an object")
    return {name: _value(value) for name, value in values.items()}


def _row(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(values, dict) or set(values) != set(table.columns.keys()):
        raise ValueError(f"a line of {table.name} has other columns than this version's")
    return {name: _value(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return _BYTES + base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_BYTES):
        return base64.b64decode(value.removeprefix(_BYTES), validate=True)
    return value


def _go_on_numbering(connection: Connection, table: Table) -> None:
    if connection.dialect.name != "postgresql" or "number" not in table.columns:
        return
    largest = connection.execute(select(func.max(table.c.number))).scalar()
    if largest is not None:
        serial = text("SELECT setval(pg_get_serial_sequence(:name, 'number'), :largest)")
        connection.execute(serial, {"name": table.name, "largest": largest})
