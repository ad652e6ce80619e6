"""Marks of certificates that may not come back: erased by the institution, or hidden by their holder.

A mark leads to its certificate only for somebody who has the certificate hash already (verifier/archive_folder.py). The
archive has the same marks; each outlives the loss of the other.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from issuer.records.database import Database
from issuer.records.tables import marks
from verifier.archive_folder import Mark


class MarkRecords:
    """The marks of one place of records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> set[Mark]:
        """Every mark."""
        return self._database.read(marks_in)

    def add(self, wanted: Iterable[Mark]) -> int:
        """Add those that are missing, and change none; how many were."""
        given = list(wanted)
        return self._database.write(lambda connection: add_marks(connection, given))


def marks_in(connection: Connection) -> set[Mark]:
    """Every mark, within a transaction."""
    rows = connection.execute(select(marks.c.kind, marks.c.mark, marks.c.day)).all()
    return {Mark(kind, bytes(mark), day) for kind, mark, day in rows}


def add_marks(connection: Connection, wanted: Iterable[Mark]) -> int:
    """Add those that are missing, within a transaction; the first day stays."""
    known = {(each.kind, each.mark) for each in marks_in(connection)}
    fresh: dict[tuple[str, bytes], Mark] = {}
    for each in sorted(wanted, key=lambda mark: mark.day):
        if (each.kind, each.mark) not in known:
            fresh.setdefault((each.kind, each.mark), each)
    if fresh:
        connection.execute(marks.insert(), [each._asdict() for each in fresh.values()])
    return len(fresh)
