"""The status lists that these records began, and the places that they gave out (SPEC.md section 15).

A list is *open* where places may still be drawn from it: it is not closed, and these records began it themselves, and
not those that they are a copy of.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, select, text

from issuer.credential.identity import draw_status_list
from issuer.errors import StoreError
from issuer.records.database import Database
from issuer.records.tables import batches, certificates, status_lists
from issuer.records.trail import Trail
from issuer.records.values import StatusList, StatusPlace
from issuer.text import utc_now
from verifier.core.hashes import sha256

_MACHINE = Path("/etc/machine-id")


class StatusListRecords:
    """The status lists of one place of records."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database, self._trail = database, trail

    def begin(self, domain: str, origin: str) -> StatusList:
        """Begin a list under a new identifier; nothing of it is published yet."""
        begun = StatusList(draw_status_list(), domain, origin, utc_now(), this_copy(self._database))

        def work(connection: Connection) -> None:
            add_institution(connection, domain)
            connection.execute(status_lists.insert(), vars(begun))
            self._trail.note(connection, "status list begun", domain, list=begun.id)

        self._database.write(work)
        return begun

    def of(self, domain: str) -> list[StatusList]:
        """Every list of an institution, oldest first, whether open or closed."""
        return self._lists(status_lists.c.domain == domain)

    def open(self, domain: str, origin: str) -> list[StatusList]:
        """The lists of an institution at a verifier's address from which places may be drawn."""
        place = (status_lists.c.domain == domain) & (status_lists.c.origin == origin)
        own = status_lists.c.copy == this_copy(self._database)
        return self._lists(place & own & status_lists.c.closed.is_(None))

    def taken(self, id_: str) -> set[int]:
        """The places of a list that were given out."""
        wanted = select(certificates.c.status_index).where(certificates.c.status_list == id_)
        return self._database.read(lambda connection: set(connection.scalars(wanted)))

    def close(self, id_: str, why: str) -> None:
        """Give out no more places of a list; it is still published."""

        def work(connection: Connection) -> None:
            open_ = (status_lists.c.id == id_) & status_lists.c.closed.is_(None)
            if connection.execute(status_lists.update().where(open_).values(closed=utc_now())).rowcount:
                self._trail.note(connection, "status list closed", None, list=id_, why=why)

        self._database.write(work)

    def close_all(self, domain: str | None, why: str) -> int:
        """Close every open list, of one institution where it is named; how many there were."""
        mine = [each for each in self._lists(status_lists.c.closed.is_(None)) if domain in (None, each.domain)]
        for each in mine:
            self.close(each.id, why)
        return len(mine)

    def set_published(self, id_: str, digest: bytes) -> None:
        """Note the SHA-256 of the bytes of a list that these records published last."""
        change = status_lists.update().where(status_lists.c.id == id_).values(published=digest)
        self._database.write(lambda connection: connection.execute(change))

    def make_again(self, id_: str) -> None:
        """Let a lost list whose every certificate is known be published again; it is closed with that."""
        self.close(id_, "it was lost, and is published again")
        change = status_lists.update().where(status_lists.c.id == id_).values(published=None)
        self._database.write(lambda connection: connection.execute(change))

    def places(self, domain: str) -> list[StatusPlace]:
        """Every place that an institution has given out for a certificate that was built."""
        wanted = (
            select(
                status_lists.c.id, status_lists.c.origin, certificates.c.status_index, certificates.c.hash,
                certificates.c.position, batches.c.root,
            )
            .join(batches, batches.c.id == certificates.c.batch)
            .join(status_lists, status_lists.c.id == certificates.c.status_list)
            .where((certificates.c.domain == domain) & batches.c.root.is_not(None))
            .order_by(status_lists.c.id, certificates.c.status_index)
        )  # fmt: skip
        return self._database.read(lambda connection: [StatusPlace(*row) for row in connection.execute(wanted)])

    def _lists(self, condition: ColumnElement[bool]) -> list[StatusList]:
        wanted = select(status_lists).where(condition).order_by(status_lists.c.begun, status_lists.c.id)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [StatusList(**row) for row in rows]


def close_restored(connection: Connection) -> None:
    """Close every list of records that were restored from a backup: places were given out after it was made."""
    change = status_lists.update().where(status_lists.c.closed.is_(None)).values(closed=utc_now())
    connection.execute(change)


def this_copy(database: Database) -> str:
    """What distinguishes these records from a copy of them, as 64 hex digits.

    Of a SQLite file its number on this machine's disk; of PostgreSQL the cluster's and the database's own numbers. A
    copy of the whole machine has the same; it is noticed by what it publishes.
    """
    file = database.place.file
    facts: Sequence[object] = _of_database(database) if file is None else _of_file(file)
    return sha256(json.dumps([*facts]).encode()).hex()


def _of_file(file: Path) -> Sequence[object]:
    try:
        machine = _MACHINE.read_text(encoding="utf-8", errors="replace").strip() if _MACHINE.exists() else ""
        return machine, file.stat().st_ino
    except OSError as error:
        raise StoreError(f"The records {file} cannot be read: {error.strerror}.") from None


def _of_database(database: Database) -> Sequence[object]:
    own = text("SELECT oid FROM pg_database WHERE datname = current_database()")
    cluster = text("SELECT system_identifier FROM pg_control_system()")
    numbers = [database.read(lambda connection: connection.execute(own).scalar())]
    with suppress(StoreError):  # a server may not show it to everybody
        numbers.append(database.read(lambda connection: connection.execute(cluster).scalar()))
    return numbers


def add_institution(connection: Connection, domain: str) -> None:
    """See that the records know an institution."""
    added = text("INSERT INTO institutions (domain, since) VALUES (:domain, :since) ON CONFLICT DO NOTHING")
    connection.execute(added, {"domain": domain, "since": utc_now()})
