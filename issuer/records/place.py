"""Where the records are: one SQLite file in the data folder, or a PostgreSQL database by its URL."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from issuer.errors import IssuerSettingsError

FILE = "records.sqlite"
RESTORING = "restoring.json"
"""In the data folder while a restore is not finished (issuer/custody/begun_restore.py)."""
_DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class RecordsPlace:
    """One of the two; `file` is None for PostgreSQL."""

    url: URL
    file: Path | None = None

    @property
    def exists(self) -> bool:
        """Whether records may be there; of PostgreSQL always."""
        return self.file is None or self.file.exists()

    def __str__(self) -> str:
        """For people; it never holds a password."""
        return str(self.file) if self.file is not None else self.url.render_as_string(hide_password=True)


def in_file(path: Path) -> RecordsPlace:
    """Records in a SQLite file."""
    return RecordsPlace(URL.create("sqlite", database=str(path)), path)


def in_folder(data: Path) -> RecordsPlace:
    """Records in a data folder's SQLite file."""
    return in_file(data / FILE)


def by_url(text: str) -> RecordsPlace:
    """Records in PostgreSQL, by `postgresql+psycopg://user@host/database`.

    The password comes from where libpq looks for it: PGPASSWORD, a passfile (`?passfile=…`, PGPASSFILE, ~/.pgpass).

    Raises:
        IssuerSettingsError: it is not such a URL, or has a password in it.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise IssuerSettingsError(
            "records is not a database URL. Write postgresql+psycopg://user@host/database, or leave it out for SQLite."
        ) from None
    if url.password is not None:
        raise IssuerSettingsError(
            "records has a password in its URL. Take it out: put it into the variable PGPASSWORD or into a passfile "
            "(~/.pgpass, or ?passfile=/path/to/it at the end of the URL)."
        )
    if url.drivername not in {_DRIVER, "postgresql"}:
        raise IssuerSettingsError(
            f"records names the database {url.drivername}; Sanad keeps records in SQLite (leave records out) or in "
            f"PostgreSQL ({_DRIVER}://user@host/database)."
        )
    return RecordsPlace(url.set(drivername=_DRIVER))
