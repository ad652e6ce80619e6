"""Records of every earlier version, with data in them, become today's on both databases."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from issuer.errors import IssuerSettingsError, StoreError
from issuer.records import AttemptState, BatchState, Records, RecordsPlace
from issuer.records.database import Database
from issuer.records.place import by_url, in_folder
from issuer.records.tables import metadata
from issuer.records.upgrading import NEWEST, migrate, revision
from tests.store.samples import COURSE, KEY, batch, drafts, signed

# As create_all of the first version wrote them; never to be changed.
FIRST = """
CREATE TABLE batches (id VARCHAR(36) NOT NULL, domain VARCHAR(253) NOT NULL, course TEXT NOT NULL,
 origin VARCHAR(300) NOT NULL, out TEXT NOT NULL, drafted VARCHAR(20) NOT NULL, size INTEGER NOT NULL,
 state VARCHAR(10) NOT NULL CHECK (state IN ('drafted', 'built', 'anchoring', 'final', 'delivered')), root BLOB,
 chain_id INTEGER, registry VARCHAR(42), signer VARCHAR(42), PRIMARY KEY (id));
CREATE TABLE certificates (batch VARCHAR(36) NOT NULL, position INTEGER NOT NULL, domain VARCHAR(253) NOT NULL,
 achievement VARCHAR(45) NOT NULL, person TEXT NOT NULL, status_index INTEGER NOT NULL, identity TEXT NOT NULL,
 "row" TEXT NOT NULL, hash BLOB, sheet BLOB, PRIMARY KEY (batch, position), UNIQUE (domain, status_index),
 UNIQUE (domain, achievement, person), FOREIGN KEY(batch) REFERENCES batches (id), UNIQUE (hash));
CREATE TABLE transactions (number INTEGER NOT NULL, hash VARCHAR(66) NOT NULL, batch VARCHAR(36),
 what VARCHAR(200) NOT NULL, raw BLOB NOT NULL, PRIMARY KEY (number), UNIQUE (hash),
 FOREIGN KEY(batch) REFERENCES batches (id));
"""
IDENTITY = (
    '{"credential_id": "c", "subject_id": "s", "status_index": 5, "email_salt": "e", '
    '"drafted": "2026-11-24T09:00:00+00:00"}'
)
ROW = (
    '{"number": 2, "name": "فاطمہ نور", "student_number": "1", "father_name": null, "masked_national_id": null, '
    '"grade": "A", "credits": null, "hours": null, "term": null, "email": null, "date": "2026-06-30"}'
)


def old_data(connection: Connection) -> None:
    """A delivered batch, and one begun whose nonce was signed for twice."""
    for id_, state, root in (("b1", "delivered", b"r" * 32), ("b2", "anchoring", b"s" * 32)):
        connection.execute(
            text(
                "INSERT INTO batches VALUES (:id, 'a.example', 'Course', 'https://v', 'out', '2026-11-24T09:00:00Z', "
                "1, :state, :root, 97, '0xab', '0xcd')"
            ),
            {"id": id_, "state": state, "root": root},
        )
        connection.execute(
            text(
                "INSERT INTO certificates VALUES (:id, 0, 'a.example', 'urn:x', :person, :place, :identity, :row, "
                ":hash, :root)"
            ),
            {"id": id_, "person": id_, "place": root[0], "identity": IDENTITY, "row": ROW, "hash": root, "root": root},
        )
    told = [(1, "b1", signed(4)), (2, "b2", signed(5)), (3, "b2", signed(5, fee=3 * 10**8)), (9, None, signed(6))]
    for number, id_, one in told:
        what = "issue" if id_ else "revoke"
        connection.execute(
            text("INSERT INTO transactions VALUES (:number, :hash, :batch, :what, :raw)"),
            {"number": number, "hash": one.hash, "batch": id_, "what": what, "raw": one.raw},
        )


def check_old_data(store: Records) -> None:
    assert [(one.id, one.state) for one in store.batches()] == [
        ("b1", BatchState.DELIVERED),
        ("b2", BatchState.ANCHORING),
    ]
    (draft,) = store.drafts("b1")
    assert (draft.row.name, draft.identity.status_index, draft.again) == ("فاطمہ نور", 5, 0)
    assert store.batch_of(b"r" * 32) is not None
    assert store.transactions.open_of("b1") is None
    second = store.transactions.open_of("b2")
    assert second is not None
    assert (second.nonce, second.sender, second.number) == (5, KEY.address, 3)
    assert store.transactions.attempts(1)[0].state is AttemptState.MINED
    assert store.transactions.attempts(3)[0].raw == signed(5, fee=3 * 10**8).raw
    assert store.transactions.raw("revoke") == [signed(6).raw]
    assert store.transactions.keep(None, "revoke", signed(7)).transaction > 9
    store.add_batch(batch(), drafts())
    assert store.issued("lahore.example.edu.pk", COURSE)


def test_records_of_the_first_version_are_taken_over(place: RecordsPlace) -> None:
    migrate(place, "0001")
    with closing(Database(place)) as database:
        database.write(old_data)
    with closing(Records(place)) as store:
        check_old_data(store)
        assert store.database.read(revision) == NEWEST


def test_records_that_were_never_migrated_are_taken_over(tmp_path: Path) -> None:
    place = in_folder(tmp_path)
    assert place.file is not None
    with closing(sqlite3.connect(place.file)) as file:
        file.executescript(FIRST)
    with closing(Database(place)) as database:
        database.write(old_data)
    with closing(Records(place)) as store:
        check_old_data(store)


def test_the_first_migration_is_what_was_there(tmp_path: Path) -> None:
    old, new = in_folder(tmp_path / "old"), in_folder(tmp_path / "new")
    for place in (old, new):
        assert place.file is not None
        place.file.parent.mkdir()
    with closing(sqlite3.connect(old.file)) as file:  # type: ignore[arg-type]
        file.executescript(FIRST)
    migrate(new, "0001")
    with closing(Database(old)) as one, closing(Database(new)) as other:
        assert one.read(_shape) == other.read(_shape)


def test_the_newest_migration_makes_the_tables_of_today(place: RecordsPlace) -> None:
    with closing(Records(place)) as store:

        def differences(connection: Connection) -> list[object]:
            return list(compare_metadata(MigrationContext.configure(connection), metadata))

        assert store.database.read(differences) == []
        names = store.database.read(lambda connection: set(inspect(connection).get_table_names()))
        assert names == {*metadata.tables, "alembic_version"}
        checks = store.database.read(lambda connection: _checks(connection))
        assert checks == {(table.name, str(one.name)) for table in metadata.sorted_tables for one in _own(table)}


def test_an_upgrade_that_fails_leaves_everything_as_it_was(place: RecordsPlace) -> None:
    migrate(place, "0001")
    with closing(Database(place)) as database:
        database.write(old_data)
        database.write(lambda each: each.execute(text("CREATE TABLE trail (x INTEGER)")))
    with pytest.raises(StoreError):
        Records(place, patience=0)
    with closing(Database(place)) as database:
        assert database.read(revision) == "0001"
        count = text("SELECT COUNT(*) FROM certificates")
        assert database.read(lambda connection: connection.execute(count).scalar()) == 2


def test_records_of_a_newer_version_are_left_alone(place: RecordsPlace) -> None:
    Records(place).close()
    with closing(Database(place)) as database:
        database.write(lambda each: each.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreError, match=r"are of another version \(9999\) than this Sanad knows: install the newer"):
        Records(place)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:secret@host/db", "records has a password in its URL. Take it out"),
        ("mysql://me@host/db", "Sanad keeps records in SQLite"),
        ("nonsense", "is not a database URL"),
    ],
)
def test_a_wrong_place_is_told_and_no_password_with_it(url: str, told: str) -> None:
    with pytest.raises(IssuerSettingsError, match=told) as caught:
        by_url(url)
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_told(postgres: Callable[[], RecordsPlace]) -> None:
    gone = postgres().url.set(database="nowhere")
    with pytest.raises(StoreError, match='database "nowhere" does not exist'):
        Records(RecordsPlace(gone), patience=0)


def _shape(connection: Connection) -> dict[str, object]:
    look = inspect(connection)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)],
            sorted(str(one["column_names"]) for one in look.get_unique_constraints(name)),
            [one["constrained_columns"] for one in look.get_foreign_keys(name)],
            [one["sqltext"] for one in look.get_check_constraints(name)],
        )
        for name in look.get_table_names()
        if name != "alembic_version"
    }


def _checks(connection: Connection) -> set[tuple[str, str]]:
    look = inspect(connection)
    return {(table, str(one["name"])) for table in look.get_table_names() for one in look.get_check_constraints(table)}


def _own(table: object) -> list[object]:
    from sqlalchemy import CheckConstraint, Table

    assert isinstance(table, Table)
    return [one for one in table.constraints if isinstance(one, CheckConstraint)]
