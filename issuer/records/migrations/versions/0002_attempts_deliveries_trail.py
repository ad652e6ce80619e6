"""Institutions, attempts apart from transactions, deliveries, the trail; a course again where asked for by name."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from issuer.records.raw_transaction import facts_of

revision, down_revision = "0002", "0001"

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
_OLD = ("batches", "certificates", "transactions")
_MOMENT = sa.String(20)
_AT_ONCE = 1000


def upgrade() -> None:
    """Put the old tables aside, make the new ones, copy, and drop the old."""
    connection = op.get_bind()
    for name in _OLD:
        op.rename_table(name, f"{name}_0001")
    tables = _tables()
    tables.create_all(connection, checkfirst=False)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _copy_batches(connection, now)
    _copy_transactions(connection, tables, now)
    for name in reversed(_OLD):
        op.drop_table(f"{name}_0001")
    _keep_the_trail(connection)


def _copy_batches(connection: sa.Connection, now: str) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO institutions (domain, since) SELECT domain, MIN(drafted) FROM batches_0001 GROUP BY domain"
        )
    )
    columns = 'id, domain, course, origin, "out", drafted, size, state, root, chain_id, registry, signer'
    connection.execute(
        sa.text(f"INSERT INTO batches ({columns}, since) SELECT {columns}, :now FROM batches_0001"), {"now": now}
    )
    columns = 'batch, "position", domain, achievement, person, status_index, identity, "row", hash, sheet'
    if "again" in {one["name"] for one in sa.inspect(connection).get_columns("certificates_0001")}:
        columns += ", again"
    connection.execute(sa.text(f"INSERT INTO certificates ({columns}) SELECT {columns} FROM certificates_0001"))


def _copy_transactions(connection: sa.Connection, tables: sa.MetaData, now: str) -> None:
    states = {row.id: row.state for row in connection.execute(sa.text("SELECT id, state FROM batches"))}
    old = connection.execute(sa.text("SELECT number, hash, batch, what, raw FROM transactions_0001 ORDER BY number"))
    made, tried = [], []
    for row in old.mappings():
        facts = facts_of(bytes(row["raw"]))
        mined = states.get(row["batch"]) in (None, "final", "delivered")
        place = {"chain_id": facts.chain_id, "sender": facts.sender, "nonce": facts.nonce} if facts else {}
        made.append(
            {
                **_NOWHERE,
                **{name: row[name] for name in ("number", "batch", "what")},
                **place,
                "made": now,
                "open": not mined,
            }
        )
        offered = {"gas": facts.gas, "max_fee": facts.max_fee, "tip": facts.tip} if facts else {}
        state = {"state": "mined" if mined and row["batch"] else "sent", "signed": now, "sent": now}
        tried.append(
            {**_FREE, **offered, **state, "transaction": row["number"], "hash": row["hash"], "raw": row["raw"]}
        )
    _close_all_but_the_last(made)
    for table, rows in ((tables.tables["transactions"], made), (tables.tables["attempts"], tried)):
        for at in range(0, len(rows), _AT_ONCE):
            connection.execute(table.insert(), rows[at : at + _AT_ONCE])
    if connection.dialect.name == "postgresql":  # numbers were given; the counter continues after them
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('transactions', 'number'), "
                "(SELECT COALESCE(MAX(number), 0) + 1 FROM transactions), false)"
            )
        )


_NOWHERE: dict[str, Any] = {"chain_id": None, "sender": None, "nonce": None}
_FREE: dict[str, Any] = {"gas": None, "max_fee": None, "tip": None}


def _close_all_but_the_last(made: list[dict[str, Any]]) -> None:
    """Of transactions signed with the same nonce only one can be open: what was signed last."""
    seen = set()
    for row in reversed(made):
        place = (row["chain_id"], row["sender"], row["nonce"])
        row["open"] = row["open"] and place not in seen
        if row["open"] and row["nonce"] is not None:
            seen.add(place)


def _keep_the_trail(connection: sa.Connection) -> None:
    """What is in the trail stays; nobody can change it."""
    if connection.dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION trail_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the trail is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER trail_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON trail "
            "FOR EACH STATEMENT EXECUTE FUNCTION trail_stays()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER trail_stays_on_{act.lower()} BEFORE {act} ON trail "
            "BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
        )


def _tables() -> sa.MetaData:
    metadata = sa.MetaData(naming_convention=_NAMES)
    sa.Table(
        "institutions",
        metadata,
        sa.Column("domain", sa.String(253), primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
    )
    _batches_and_certificates(metadata)
    _transactions_and_attempts(metadata)
    _deliveries_and_trail(metadata)
    return metadata


def _batches_and_certificates(metadata: sa.MetaData) -> None:
    sa.Table(
        "batches",
        metadata,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("domain", sa.ForeignKey("institutions.domain"), nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("out", sa.Text, nullable=False),
        sa.Column("drafted", _MOMENT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("root", sa.LargeBinary(32)),
        sa.Column("chain_id", sa.BigInteger),
        sa.Column("registry", sa.String(42)),
        sa.Column("signer", sa.String(42)),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("waits", sa.Text),
        sa.CheckConstraint(
            "state IN ('drafted', 'built', 'anchoring', 'final', 'delivered', 'cancelled')", name="state"
        ),
        sa.CheckConstraint("state IN ('drafted', 'cancelled') OR root IS NOT NULL", name="root"),
        sa.CheckConstraint("size >= 1", name="size"),
        sa.UniqueConstraint("domain", "root"),
    )
    sa.Table(
        "certificates",
        metadata,
        sa.Column("batch", sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("domain", sa.ForeignKey("institutions.domain"), nullable=False),
        sa.Column("achievement", sa.String(45), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("again", sa.Integer, nullable=False, server_default="0"),
        sa.Column("status_index", sa.Integer, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), unique=True),
        sa.Column("sheet", sa.LargeBinary(32)),
        sa.Column("erased", _MOMENT),
        sa.UniqueConstraint("domain", "status_index"),
        sa.UniqueConstraint("domain", "achievement", "person", "again"),
    )


def _transactions_and_attempts(metadata: sa.MetaData) -> None:
    transactions = sa.Table(
        "transactions",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("batch", sa.ForeignKey("batches.id"), index=True),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("chain_id", sa.BigInteger),
        sa.Column("sender", sa.String(42)),
        sa.Column("nonce", sa.BigInteger),
        sa.Column("made", _MOMENT, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    place = (transactions.c.chain_id, transactions.c.sender, transactions.c.nonce)
    is_open = transactions.c.open == sa.true()
    sa.Index("uq_transactions_nonce", *place, unique=True, sqlite_where=is_open, postgresql_where=is_open)
    sa.Table(
        "attempts",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("transaction", sa.ForeignKey("transactions.number"), nullable=False, index=True),
        sa.Column("hash", sa.String(66), nullable=False, unique=True),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("gas", sa.BigInteger),
        sa.Column("max_fee", sa.BigInteger),
        sa.Column("tip", sa.BigInteger),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("signed", _MOMENT, nullable=False),
        sa.Column("sent", _MOMENT),
        sa.Column("answer", sa.Text),
        sa.Column("block", sa.BigInteger),
        sa.Column("block_hash", sa.String(66)),
        sa.Column("gas_used", sa.BigInteger),
        sa.Column("receipt", sa.Text),
        sa.CheckConstraint("state IN ('signed', 'sent', 'mined', 'dropped')", name="state"),
    )


def _deliveries_and_trail(metadata: sa.MetaData) -> None:
    sa.Table(
        "deliveries",
        metadata,
        sa.Column("batch", sa.String(36), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("words", sa.Text),
        sa.Column("message_id", sa.String(200), unique=True),
        sa.ForeignKeyConstraint(["batch", "position"], ["certificates.batch", "certificates.position"]),
        sa.CheckConstraint("state IN ('queued', 'sent', 'refused', 'unknown')", name="state"),
    )
    sa.Table(
        "trail",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("did", sa.String(60), nullable=False),
        sa.Column("domain", sa.String(253)),
        sa.Column("batch", sa.String(36), index=True),
        sa.Column("facts", sa.Text, nullable=False),
    )
