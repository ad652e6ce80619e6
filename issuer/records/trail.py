"""The trail of who did what. It is only added to: the database refuses everything else."""

import getpass
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from issuer.records.database import Database
from issuer.records.tables import trail
from issuer.records.values import Entry
from issuer.text import utc_now


def process_user() -> str:
    """The system's name for the user who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"


class Trail:
    """Adds to the trail and reads it.

    `who` is recorded as the person who acts: at first the process's user; a console names the person who signed in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.who = process_user()

    def add(self, did: str, domain: str | None = None, batch: str | None = None, **facts: Any) -> None:
        """Note an act. `facts` hold no personal data of students: hashes and numbers, never names."""
        self._database.write(lambda connection: self.note(connection, did, domain, batch, **facts))

    def note(
        self, connection: Connection, did: str, domain: str | None = None, batch: str | None = None, **facts: Any
    ) -> None:
        """Note it in the transaction that does it."""
        line = {"at": utc_now(), "who": self.who, "did": did, "domain": domain, "batch": batch}
        connection.execute(trail.insert(), {**line, "facts": json.dumps(facts, ensure_ascii=False)})

    def entries(self, batch: str | None = None) -> list[Entry]:
        """The trail, oldest first; of one batch where it is named."""
        wanted = select(trail).order_by(trail.c.number)
        if batch is not None:
            wanted = wanted.where(trail.c.batch == batch)
        return self._read(wanted)

    def those_that(self, did: str) -> list[Entry]:
        """The entries of one kind of act, oldest first."""
        return self._read(select(trail).where(trail.c.did == did).order_by(trail.c.number))

    def tells_of(self, transactions: Iterable[str]) -> bool:
        """Whether an entry names one of these transactions, by their hashes."""
        named = [trail.c.facts.contains(f'"transaction": "{each}"', autoescape=True) for each in transactions]
        return bool(named) and bool(self._read(select(trail).where(or_(*named)).limit(1)))

    def _read(self, wanted: Select[Any]) -> list[Entry]:
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [Entry(**{**row, "facts": json.loads(row["facts"])}) for row in rows]
