"""Brings records of any earlier version up to today's tables, by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, inspect, text

from issuer.errors import StoreError
from issuer.records.database import Database, open_engine
from issuer.records.place import RecordsPlace

NEWEST = "0005"
"""The revision that tables.py describes."""
VERSION_TABLE = "alembic_version"
"""Where Alembic keeps which revision it is."""
_FIRST = "0001"
_LOCK = 0x53414E4144  # "SANAD"; any number that nobody else locks


def upgrade(database: Database) -> None:
    """See that the tables are today's; makes them where there are none.

    Raises:
        StoreError: they are of a newer version, or cannot be upgraded.
    """
    if database.read(revision) != NEWEST:
        migrate(database.place, NEWEST)


def revision(connection: Connection) -> str | None:
    """Which version the tables are of; None where there are none."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return _FIRST if "batches" in tables else None


def migrate(place: RecordsPlace, target: str) -> None:
    """Bring the tables to a revision, whole or not at all; one run at a time."""
    with migrating_database(place) as migrating:
        migrating.write(lambda connection: bring_to(connection, place, target))


@contextmanager
def migrating_database(place: RecordsPlace) -> Iterator[Database]:
    """The database opened so that tables can be made again while others refer to them."""
    engine = open_engine(place, foreign_keys=False)
    migrating = Database.__new__(Database)
    migrating.place, migrating.patience, migrating.engine = place, 0.0, engine
    try:
        yield migrating
    finally:
        engine.dispose()


def bring_to(connection: Connection, place: RecordsPlace, target: str) -> None:
    """Bring the tables to a revision within a transaction of the caller's, on a connection of `migrating_database`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = revision(connection)
    if found == target:  # another run was first
        return
    with as_file(files("issuer.records") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            if found is not None:
                ScriptDirectory.from_config(config).get_revision(found)
                if not inspect(connection).has_table(VERSION_TABLE):
                    command.stamp(config, found)
            command.upgrade(config, target)
        except CommandError:
            raise StoreError(
                f"The records {place} are of another version ({found}) than this Sanad knows: install the newer one."
            ) from None


def forget(connection: Connection, tables: MetaData) -> None:
    """Take tables away, and what the migrations made beside them, so that they can be made again."""
    tables.drop_all(connection)
    connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS trail_stays()"))
