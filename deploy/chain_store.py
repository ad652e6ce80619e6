"""The embedded chain's database, kept in one SQLite file: each block's changes in one transaction.

So whenever the program ends, and however, the file holds the chain as it was after some block: the newest one that
anybody heard of. All of it is read at once when it is opened, because the chain asks it tens of thousands of times.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from eth.db.backends.base import BaseDB

from deploy.errors import ChainInUseError, ChainStoreError

VERSION = 1
_APPLICATION = 0x53414E44  # "SAND"


class ChainStore(BaseDB):  # type: ignore[misc, unused-ignore]
    """A py-evm database kept in a file.

    Args:
        path: the file; made where there is none.

    Raises:
        ChainStoreError: another program uses it, or it is damaged, or of another version, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed: dict[bytes, bytes | None] = {}
        try:
            self._file = sqlite3.connect(path, timeout=0.5, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        try:
            self._values = self._read()
        except (sqlite3.Error, ChainStoreError) as error:
            self._file.close()
            raise error if isinstance(error, ChainStoreError) else self._unusable(error) from None

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written to it."""
        return not self._values

    def commit(self) -> None:
        """Write what has changed, all of it or nothing.

        Raises:
            ChainStoreError: it cannot be written; it stays to be written with the next.
        """
        if not self._changed:
            return
        try:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("INSERT OR REPLACE INTO chain VALUES (?, ?)", self._changed.items())
            self._file.execute("DELETE FROM chain WHERE value IS NULL")
            self._file.execute("COMMIT")
        except sqlite3.Error as error:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise self._unusable(error) from None
        self._changed.clear()

    def close(self) -> None:
        """Let go of the file; what was not committed is not in it."""
        self._file.close()

    def __getitem__(self, key: bytes) -> bytes:
        return self._values[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._values[key] = self._changed[key] = value

    def __delitem__(self, key: bytes) -> None:
        del self._values[key]
        self._changed[key] = None

    def _exists(self, key: bytes) -> bool:
        return key in self._values

    def _read(self) -> dict[bytes, bytes]:
        self._file.execute("PRAGMA locking_mode=EXCLUSIVE")  # two chains would each undo what the other wrote
        is_ours = (self._number("application_id"), self._number("user_version")) == (_APPLICATION, VERSION)
        if not is_ours and self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ChainStoreError(f"The chain kept in {self._path} is of another version than this Sanad knows.")
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("BEGIN EXCLUSIVE")
        if not is_ours:
            self._file.execute(f"PRAGMA application_id={_APPLICATION}")
            self._file.execute(f"PRAGMA user_version={VERSION}")
            self._file.execute("CREATE TABLE chain (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        self._file.execute("COMMIT")
        if (said := self._file.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise ChainStoreError(f"The chain kept in {self._path} cannot be read: {said}.")
        return dict(self._file.execute("SELECT key, value FROM chain"))

    def _number(self, pragma: str) -> int:
        return int(self._file.execute(f"PRAGMA {pragma}").fetchone()[0])

    def _unusable(self, error: sqlite3.Error) -> ChainStoreError:
        if "locked" in str(error):
            return ChainInUseError(f"{self._path} is in use: another sanad demo runs in this folder. End it first.")
        return ChainStoreError(f"The chain kept in {self._path} cannot be used: {error}.")


def is_in_use(path: Path) -> bool:
    """Whether a chain runs on that file now."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as file:
            file.execute("BEGIN EXCLUSIVE")
            file.execute("ROLLBACK")
    except sqlite3.Error as error:
        return "locked" in str(error)
    return False
