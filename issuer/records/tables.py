"""The tables and their constraints, as the newest migration leaves them (a test compares the two)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from issuer.records.values import AttemptState, BatchState, DeliveryState

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = MetaData(naming_convention=NAMES)
_MOMENT = String(20)  # UTC, YYYY-MM-DDTHH:MM:SSZ


def _one_of(column: str, kind: type[BatchState | AttemptState | DeliveryState]) -> CheckConstraint:
    listed = ", ".join(f"'{state}'" for state in kind)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


institutions = Table(
    "institutions",
    metadata,
    Column("domain", String(253), primary_key=True),
    Column("since", _MOMENT, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain", ForeignKey("institutions.domain"), nullable=False),
    Column("course", Text, nullable=False),
    Column("origin", String(300), nullable=False),
    Column("out", Text, nullable=False),
    Column("drafted", _MOMENT, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("root", LargeBinary(32)),
    Column("chain_id", BigInteger),
    Column("registry", String(42)),
    Column("signer", String(42)),
    Column("since", _MOMENT, nullable=False),
    Column("waits", Text),
    _one_of("state", BatchState),
    CheckConstraint("state IN ('drafted', 'cancelled') OR root IS NOT NULL", name="root"),
    CheckConstraint("size >= 1", name="size"),
    UniqueConstraint("domain", "root"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("batch", ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("domain", ForeignKey("institutions.domain"), nullable=False),
    Column("achievement", String(45), nullable=False),
    Column("person", Text, nullable=False),
    Column("again", Integer, nullable=False, server_default="0"),
    Column("status_index", Integer, nullable=False),
    Column("identity", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("hash", LargeBinary(32), unique=True),
    Column("sheet", LargeBinary(32)),
    Column("erased", _MOMENT),
    Column("status_list", String(32), nullable=False),
    Column("commitment", LargeBinary(32)),  # kept where the hash is erased: the batch file has it too
    UniqueConstraint("status_list", "status_index"),
    UniqueConstraint("domain", "achievement", "person", "again"),
)

marks = Table(
    "marks",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("mark", LargeBinary(32), primary_key=True),
    Column("day", String(10), nullable=False),
    CheckConstraint("kind IN ('erased', 'hidden')", name="kind"),
)

status_lists = Table(
    "status_lists",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("domain", ForeignKey("institutions.domain"), nullable=False, index=True),
    Column("origin", String(300), nullable=False),
    Column("begun", _MOMENT, nullable=False),
    Column("copy", String(64), nullable=False),
    Column("closed", _MOMENT),
    Column("published", LargeBinary(32)),
)

transactions = Table(
    "transactions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("batch", ForeignKey("batches.id"), index=True),
    Column("what", String(200), nullable=False),
    Column("chain_id", BigInteger),
    Column("sender", String(42)),
    Column("nonce", BigInteger),
    Column("made", _MOMENT, nullable=False),
    Column("open", Boolean, nullable=False),
)
# No nonce is given out twice while it is open: whatever two runs believe, the database refuses the second.
_is_open = transactions.c.open == true()
nonce_once = Index(
    "uq_transactions_nonce",
    transactions.c.chain_id,
    transactions.c.sender,
    transactions.c.nonce,
    unique=True,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)

attempts = Table(
    "attempts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("transaction", ForeignKey("transactions.number"), nullable=False, index=True),
    Column("hash", String(66), nullable=False, unique=True),
    Column("raw", LargeBinary, nullable=False),
    Column("gas", BigInteger),
    Column("max_fee", BigInteger),
    Column("tip", BigInteger),
    Column("state", String(10), nullable=False),
    Column("signed", _MOMENT, nullable=False),
    Column("sent", _MOMENT),
    Column("answer", Text),
    Column("block", BigInteger),
    Column("block_hash", String(66)),
    Column("gas_used", BigInteger),
    Column("receipt", Text),
    _one_of("state", AttemptState),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("batch", String(36), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("since", _MOMENT, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("words", Text),
    Column("message_id", String(200), unique=True),
    ForeignKeyConstraint(["batch", "position"], ["certificates.batch", "certificates.position"]),
    _one_of("state", DeliveryState),
)

trail = Table(
    "trail",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", _MOMENT, nullable=False),
    Column("who", Text, nullable=False),
    Column("did", String(60), nullable=False),
    Column("domain", String(253)),
    Column("batch", String(36), index=True),
    Column("facts", Text, nullable=False),
)
