"""One writer per key, one run per batch: locks that end with the process that holds them, however it ends.

Beside SQLite they are the operating system's, on files in the folder of the records (which is on one machine, as
SQLite's file has to be); in PostgreSQL they are advisory locks of a separate connection.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from issuer.disk.private_files import private_folder
from issuer.errors import BusyError, StoreError
from issuer.records.database import Database

_POLL_SECONDS = 0.1


class Locks:
    """The locks of one place of records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def held(self, name: str, seconds: float, busy: str) -> Iterator[None]:
        """Hold the lock `name`, waiting at most so long for the run that has it.

        Raises:
            BusyError: with the sentence `busy`; another run has it.
        """
        file = self._database.place.file
        taking = self._in_file(file, name) if file is not None else self._in_database(name)
        deadline = time.monotonic() + seconds
        while True:
            with taking as taken:
                if taken:
                    yield
                    return
            if time.monotonic() > deadline:
                raise BusyError(busy)
            time.sleep(_POLL_SECONDS)
            taking = self._in_file(file, name) if file is not None else self._in_database(name)

    @contextmanager
    def _in_file(self, records: Path, name: str) -> Iterator[bool]:
        folder = records.with_name(f"{records.name}.locks")
        try:
            private_folder(folder)
            handle = os.open(folder / name.replace(":", "-"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}.") from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    @contextmanager
    def _in_database(self, name: str) -> Iterator[bool]:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        connection = self._database.connect()
        try:
            yield bool(connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar())
        finally:
            connection.invalidate()  # the lock ends with the connection, also where that is dead already
            connection.close()
