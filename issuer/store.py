"""The issuer's records: batches, certificates, transactions (SQLAlchemy 2 over SQLite).

Drafts are stored before they are hashed, transactions before they are sent, so that the same batch comes out
whenever the work is taken up again. Every record knows its institution (by domain).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from issuer.certificate.identity import DraftIdentity
from issuer.errors import StoreError
from issuer.roster import Row

if TYPE_CHECKING:
    from issuer.sending import Signed


class BatchState(StrEnum):
    """Where a batch stands (DESIGN: drafted → built → anchoring → final → delivered)."""

    DRAFTED = "drafted"
    BUILT = "built"
    ANCHORING = "anchoring"
    FINAL = "final"
    DELIVERED = "delivered"


_metadata = MetaData()
_states = ", ".join(f"'{state}'" for state in BatchState)

_batches = Table(
    "batches",
    _metadata,
    Column("id", String(36), primary_key=True),
    Column("domain", String(253), nullable=False),
    Column("course", Text, nullable=False),
    Column("origin", String(300), nullable=False),
    Column("out", Text, nullable=False),
    Column("drafted", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(10), CheckConstraint(f"state IN ({_states})"), nullable=False),
    Column("root", LargeBinary(32)),
    Column("chain_id", Integer),
    Column("registry", String(42)),
    Column("signer", String(42)),
)

_certificates = Table(
    "certificates",
    _metadata,
    Column("batch", ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("domain", String(253), nullable=False),
    Column("achievement", String(45), nullable=False),
    Column("person", Text, nullable=False),
    Column("again", Integer, nullable=False, server_default="0"),
    Column("status_index", Integer, nullable=False),
    Column("identity", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("hash", LargeBinary(32), unique=True),
    Column("sheet", LargeBinary(32)),
    UniqueConstraint("domain", "status_index"),
    UniqueConstraint("domain", "achievement", "person", "again"),
)

_transactions = Table(
    "transactions",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("hash", String(66), nullable=False, unique=True),
    Column("batch", ForeignKey("batches.id")),
    Column("what", String(200), nullable=False),
    Column("raw", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Batch:
    """One batch as it stands in the records."""

    id: str
    domain: str
    course: str
    """The course's title."""
    origin: str
    """The verifier's address in links and QR codes."""
    out: str
    """The folder that the finished files go to."""
    drafted: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    size: int
    state: BatchState
    root: bytes | None = None
    chain_id: int | None = None
    registry: str | None = None
    signer: str | None = None


@dataclass(frozen=True)
class Draft:
    """One certificate of a batch, before it is built: what is drawn at random, and the roster's row."""

    position: int
    achievement: str
    """The course's permanent identifier (urn:uuid)."""
    person: str
    """Who it is for, within the institution."""
    identity: DraftIdentity
    row: Row
    again: int = 0
    """How many certificates of this course the person had before, each asked for by name."""


@dataclass(frozen=True)
class Issued:
    """The last certificate of a course that somebody has, or will have once its batch is through."""

    name: str
    father_name: str | None
    hash: bytes | None
    """The certificate hash, None while the batch is not built."""
    batch: str
    state: BatchState
    drafted: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    out: str
    """The folder that its file went to."""
    again: int
    """How many the person had before this one."""


class Store:
    """The records in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path)
        try:
            _metadata.create_all(self._engine)
        except OperationalError as error:
            raise StoreError(f"The records {path} cannot be opened: {error.orig}.") from None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def add_batch(self, batch: Batch, drafts: Iterable[Draft]) -> None:
        """Store a drafted batch whole, or not at all."""
        rows = [
            {
                "batch": batch.id,
                "position": draft.position,
                "domain": batch.domain,
                "achievement": draft.achievement,
                "person": draft.person,
                "again": draft.again,
                "status_index": draft.identity.status_index,
                "identity": _to_json(draft.identity),
                "row": _to_json(draft.row),
            }
            for draft in drafts
        ]
        with self._begin() as connection:
            connection.execute(_batches.insert(), vars(batch))
            connection.execute(_certificates.insert(), rows)

    def discard(self, id_: str) -> None:
        """Forget a batch of which nothing has left this machine."""
        drafted = select(_batches.c.id).where(_batches.c.id == id_, _batches.c.state == BatchState.DRAFTED)
        with self._begin() as connection:
            connection.execute(_certificates.delete().where(_certificates.c.batch.in_(drafted)))
            connection.execute(_batches.delete().where(_batches.c.id.in_(drafted)))

    def batch(self, id_: str) -> Batch:
        """One batch."""
        with self._begin() as connection:
            row = connection.execute(select(_batches).where(_batches.c.id == id_)).mappings().one()
        return _batch(row)

    def batches(self) -> list[Batch]:
        """All batches, oldest first."""
        with self._begin() as connection:
            rows = connection.execute(select(_batches).order_by(_batches.c.drafted, _batches.c.id)).mappings().all()
        return [_batch(row) for row in rows]

    def drafts(self, id_: str) -> Iterator[Draft]:
        """The batch's drafts by position; memory does not grow with the batch."""
        wanted = select(_certificates).where(_certificates.c.batch == id_).order_by(_certificates.c.position)
        with self._engine.connect().execution_options(yield_per=1000) as connection:
            for row in connection.execute(wanted).mappings():
                identity, student = json.loads(row["identity"]), json.loads(row["row"])
                identity["drafted"] = datetime.fromisoformat(identity["drafted"])
                if student["date"] is not None:
                    student["date"] = date.fromisoformat(student["date"])
                place = (row["position"], row["achievement"], row["person"])
                yield Draft(*place, DraftIdentity(**identity), Row(**student), row["again"])

    def set_built(self, id_: str, root: bytes, hashes: Iterable[tuple[bytes, bytes]]) -> None:
        """Note a batch as built: its root, and `(H, P)` of each certificate by position."""
        wanted = [{"b": id_, "n": position, "h": hash_, "s": sheet} for position, (hash_, sheet) in enumerate(hashes)]
        place = (_certificates.c.batch == bindparam("b")) & (_certificates.c.position == bindparam("n"))
        with self._begin() as connection:
            connection.execute(
                _certificates.update().where(place).values(hash=bindparam("h"), sheet=bindparam("s")), wanted
            )
            connection.execute(_batches.update().where(_batches.c.id == id_).values(state=BatchState.BUILT, root=root))

    def set_state(self, id_: str, state: BatchState, **fields: Any) -> None:
        """Note where a batch stands."""
        with self._begin() as connection:
            connection.execute(_batches.update().where(_batches.c.id == id_).values(state=state, **fields))

    def add_transaction(self, batch: str | None, what: str, signed: "Signed") -> None:
        """Store a signed transaction, before it is sent; signing the same again after a crash gives the same."""
        row = {"hash": signed.hash, "batch": batch, "what": what, "raw": signed.raw}
        known = select(_transactions.c.number).where(_transactions.c.hash == signed.hash)
        with self._begin() as connection:
            if connection.execute(known).first() is None:
                connection.execute(_transactions.insert(), row)

    def last_transaction(self, batch: str) -> "Signed | None":
        """The transaction that was stored last for a batch: the one to send again."""
        place = (_transactions.c.batch == batch) & (_transactions.c.what == "issue")
        wanted = select(_transactions).where(place).order_by(_transactions.c.number.desc()).limit(1)
        with self._begin() as connection:
            row = connection.execute(wanted).mappings().first()
        from issuer.sending import Signed  # late: it brings web3

        return None if row is None else Signed(row["hash"], row["raw"])

    def sent(self, *what: str) -> list[bytes]:
        """The stored transactions of these kinds, as they were sent, oldest first."""
        wanted = select(_transactions.c.raw).where(_transactions.c.what.in_(what)).order_by(_transactions.c.number)
        with self._begin() as connection:
            return list(connection.scalars(wanted))

    def batch_of(self, hash_: bytes) -> Batch | None:
        """The batch that holds the certificate `H`, or None."""
        wanted = select(_batches).join(_certificates).where(_certificates.c.hash == hash_)
        with self._begin() as connection:
            row = connection.execute(wanted).mappings().first()
        return None if row is None else _batch(row)

    def status_indexes(self, domain: str) -> set[int]:
        """The places in its status lists that an institution has given out."""
        wanted = select(_certificates.c.status_index).where(_certificates.c.domain == domain)
        with self._begin() as connection:
            return set(connection.scalars(wanted))

    def issued(self, domain: str, achievement: str) -> dict[str, Issued]:
        """Everybody who has a certificate of this course, drafted or issued, with where and when the last one was."""
        wanted = (
            select(_certificates, _batches.c.state, _batches.c.drafted, _batches.c.out)
            .join(_batches)
            .where((_certificates.c.domain == domain) & (_certificates.c.achievement == achievement))
            .order_by(_certificates.c.again)
        )
        with self._begin() as connection:
            return {row["person"]: _issued(row) for row in connection.execute(wanted).mappings()}

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"The records cannot be written: {error.orig}.") from None
        except IntegrityError as error:
            raise StoreError(f"The records refuse this: {error.orig}.") from None


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=10000")

    return engine


def _to_json(value: DraftIdentity | Row) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, default=lambda moment: moment.isoformat())


def _issued(row: Mapping[Any, Any]) -> Issued:
    student = json.loads(row["row"])
    place = (row["batch"], BatchState(row["state"]), row["drafted"], row["out"])
    return Issued(student["name"], student["father_name"], row["hash"], *place, row["again"])


def _batch(row: Mapping[Any, Any]) -> Batch:
    return Batch(**{**row, "state": BatchState(row["state"])})
