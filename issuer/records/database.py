"""Opening the records, reading and writing them. Every exception of SQLAlchemy and its drivers ends here.

A connection that is lost before the commit is tried again until `patience` is over; one that is lost during it is
reported, because nobody knows then whether the commit was done.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from issuer.disk.private_files import open_private, tighten
from issuer.errors import StoreError
from issuer.records.place import RecordsPlace

Answer = TypeVar("Answer")
PATIENCE_SECONDS = 30.0
"""How long to wait for a database that does not answer."""
_AGAIN_SECONDS = 0.5
_CONNECT_SECONDS = 5
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite writes beside its file."""


class Database:
    """One place of records.

    Args:
        place: where.
        patience: how many seconds to wait for a database that went away.
    """

    def __init__(self, place: RecordsPlace, patience: float = PATIENCE_SECONDS) -> None:
        self.place, self.patience = place, patience
        self.engine = open_engine(place)

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do `work` in one transaction, committed when this returns.

        Raises:
            StoreError: it cannot be written, or a constraint refuses it.
        """
        return self._patiently(lambda: self._once(work, immediate=True))

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """What `work` finds; errors as `write`."""
        return self._patiently(lambda: self._once(work, immediate=False))

    def snapshot(self, work: Callable[[Connection], Answer]) -> Answer:
        """What `work` finds at one moment, however long it reads; tried once. Errors as `write`."""
        level = {} if self.place.file is not None else {"isolation_level": "REPEATABLE READ"}
        with self._store_errors(), self.engine.connect().execution_options(**level) as connection, connection.begin():
            return work(connection)

    def scrub(self) -> None:
        """See that what was overwritten or deleted can no longer be read from the database's files."""
        with self._store_errors(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            sqlite = self.place.file is not None
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else "VACUUM FULL")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read much from, row by row; errors as `write`."""
        with self._store_errors(), self.engine.connect() as connection:
            yield connection

    def connect(self) -> Connection:
        """A separate connection, for what outlives a transaction; errors as `write`."""
        with self._store_errors():
            return self.engine.connect()

    def _once(self, work: Callable[[Connection], Answer], immediate: bool) -> Answer:
        with self.engine.connect().execution_options(immediate=immediate) as connection:
            begun = connection.begin()
            answer = work(connection)
            try:
                begun.commit()
            except OperationalError as error:
                raise _unwritable(self.place, error) from None
            return answer

    def _patiently(self, attempt: Callable[[], Answer]) -> Answer:
        deadline = time.monotonic() + self.patience
        while True:
            with self._store_errors():
                try:
                    return attempt()
                except DBAPIError as error:
                    if not self._went_away(error) or time.monotonic() > deadline:
                        raise
            time.sleep(_AGAIN_SECONDS)

    def _went_away(self, error: DBAPIError) -> bool:
        if self.place.file is not None:
            return "locked" in str(error.orig)
        return isinstance(error, OperationalError) or error.connection_invalidated

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise StoreError(f"The records refuse this: {_first_line(error)}.") from None
        except SQLAlchemyError as error:
            raise _unwritable(self.place, error) from None


def open_engine(place: RecordsPlace, foreign_keys: bool = True) -> Engine:
    """An engine whose transactions are real ones on both databases."""
    if place.file is None:
        return create_engine(place.url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS})
    _keep_private(place.file)
    engine = create_engine(place.url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # else the driver begins and commits by itself
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer that begins as a reader may find that it cannot become one.
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _keep_private(file: Path) -> None:
    """Make the file its owner's alone before SQLite does; it gives its log files the same mode."""
    if file.parent.is_dir():
        with suppress(OSError):
            open_private(file, new=True).close()
    for each in (file, *(file.with_name(f"{file.name}{ending}") for ending in _BESIDE)):
        tighten(each)


def _unwritable(place: RecordsPlace, error: SQLAlchemyError) -> StoreError:
    return StoreError(f"The records {place} cannot be used: {_first_line(error)}. To continue a batch: sanad resume")


def _first_line(error: SQLAlchemyError) -> str:
    """What the database says, without the statement and its values: these are people's data."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip()
    return (said.splitlines() or [type(error).__name__])[0].rstrip(".")
