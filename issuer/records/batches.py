"""Batches and their certificates."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, select, text

from issuer.credential.identity import DraftIdentity
from issuer.records.database import Database
from issuer.records.marks import add_marks
from issuer.records.status_lists import add_institution
from issuer.records.tables import batches, certificates, deliveries
from issuer.records.trail import Trail
from issuer.records.values import Batch, BatchState, Draft, Issued
from issuer.roster import Row
from issuer.text import utc_now
from verifier.archive_folder import ERASED, Mark, mark_of
from verifier.core.hashes import commitment

CORRECTING = "correcting"
"""In the trail: a batch of corrections is drafted; `olds` are what it corrects, by position."""
DISCARDED = "discarded"
"""In the trail: a batch was forgotten of which nothing had left this machine."""
_NOTHING: Mapping[int, bytes] = {}
_AT_ONCE = 1000
BEFORE_SIGNING = (BatchState.DRAFTED, BatchState.BUILT, BatchState.ANCHORING)
Item = TypeVar("Item")


class BatchRecords:
    """The batches of one place of records."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database, self._trail = database, trail

    def add_batch(self, batch: Batch, drafts: Iterable[Draft], corrects: Mapping[int, bytes] = _NOTHING) -> None:
        """Store a drafted batch whole, or not at all.

        Args:
            batch: the batch.
            drafts: its certificates.
            corrects: by position, `H` of the certificate that this one is the correction of
                (issuer/records/corrections.py).

        Raises:
            StoreError: also where a student in it has this course's certificate already.
        """
        rows = [row_of(batch, draft) for draft in drafts]

        def work(connection: Connection) -> None:
            add_institution(connection, batch.domain)
            connection.execute(batches.insert(), {**vars(batch), "since": utc_now()})
            for part in _parts(rows):
                connection.execute(certificates.insert(), part)
            self._trail.note(connection, "drafted", batch.domain, batch.id, size=batch.size)
            if corrects:
                olds = {str(position): old.hex() for position, old in corrects.items()}
                self._trail.note(connection, CORRECTING, batch.domain, batch.id, olds=olds)

        self._database.write(work)

    def discard(self, id_: str) -> None:
        """Forget a batch of which nothing has left this machine."""
        drafted = select(batches.c.id).where(batches.c.id == id_, batches.c.state == BatchState.DRAFTED)

        def work(connection: Connection) -> None:
            connection.execute(certificates.delete().where(certificates.c.batch.in_(drafted)))
            gone = connection.execute(batches.delete().where(batches.c.id.in_(drafted))).rowcount
            if gone:
                self._trail.note(connection, DISCARDED, None, id_)

        self._database.write(work)

    def cancel(self, id_: str) -> bool:
        """Cancel a batch before anything was signed: its certificates go, its row stays. Whether that was possible."""
        place = (batches.c.id == id_) & batches.c.state.in_(BEFORE_SIGNING)
        unsigned = text("NOT EXISTS (SELECT 1 FROM transactions WHERE transactions.batch = batches.id)")
        change = batches.update().where(place, unsigned).values(state=BatchState.CANCELLED, since=utc_now(), waits=None)

        def work(connection: Connection) -> bool:
            if not connection.execute(change).rowcount:
                return False
            connection.execute(certificates.delete().where(certificates.c.batch == id_))
            self._trail.note(connection, "cancelled", None, id_)
            return True

        return self._database.write(work)

    def batch(self, id_: str) -> Batch:
        """One batch."""
        return self._batches(batches.c.id == id_)[0]

    def batches(self) -> list[Batch]:
        """All batches, oldest first."""
        return self._batches()

    def has_batches(self) -> bool:
        """Whether any class was ever drafted here."""
        wanted = select(batches.c.id).limit(1)
        return self._database.read(lambda connection: connection.execute(wanted).first()) is not None

    def batch_of(self, hash_: bytes) -> Batch | None:
        """The batch that holds the certificate `H`, or None."""
        holding = select(certificates.c.batch).where(certificates.c.hash == hash_)
        return next(iter(self._batches(batches.c.id.in_(holding))), None)

    def draft_of(self, hash_: bytes) -> Draft | None:
        """The draft of the certificate `H`, or None."""
        wanted = select(certificates).where(certificates.c.hash == hash_)
        row = self._database.read(lambda connection: connection.execute(wanted).mappings().first())
        return None if row is None else draft_from(row)

    def hashes(self, id_: str) -> dict[int, bytes]:
        """Every `H` of a built batch by position; those erased are missing."""
        wanted = select(certificates.c.position, certificates.c.hash).where(certificates.c.batch == id_)
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return {position: hash_ for position, hash_ in rows if hash_ is not None}

    def erase(self, id_: str, position: int, day: date | None = None) -> None:
        """Overwrite all that is personal of one certificate, its hash too; its place in the batch stays taken.

        Args:
            id_: the batch.
            position: its place there.
            day: of erasure; today if it is not given.
        """
        when = (day or datetime.now(UTC).date()).isoformat()

        def work(connection: Connection) -> None:
            erase_in(connection, id_, position, when)
            self._trail.note(connection, "erased", None, id_, position=position)

        self._database.write(work)
        self._database.scrub()

    def _batches(self, *conditions: ColumnElement[bool]) -> list[Batch]:
        wanted = select(batches).where(*conditions).order_by(batches.c.drafted, batches.c.id)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [Batch(**{**row, "state": BatchState(row["state"])}) for row in rows]

    def drafts(self, id_: str) -> Iterator[Draft]:
        """The batch's drafts by position; memory does not grow with the batch, and no transaction stays open."""
        after = -1
        while rows := self._rows_after(id_, after):
            yield from map(draft_from, rows)
            after = rows[-1]["position"]

    def _rows_after(self, id_: str, position: int) -> Sequence[Mapping[Any, Any]]:
        place = (certificates.c.batch == id_) & (certificates.c.position > position) & certificates.c.erased.is_(None)
        wanted = select(certificates).where(place).order_by(certificates.c.position).limit(_AT_ONCE)
        return self._database.read(lambda connection: connection.execute(wanted).mappings().all())

    def set_built(self, id_: str, root: bytes, hashes: Iterable[tuple[bytes, bytes]]) -> None:
        """Note a batch as built: its root, and `(H, P)` of each certificate by position."""
        place = (certificates.c.batch == bindparam("b")) & (certificates.c.position == bindparam("n"))
        change = certificates.update().where(place).values(hash=bindparam("h"), sheet=bindparam("s"))
        kept = list(hashes)

        def work(connection: Connection) -> None:
            for part in _parts(enumerate(kept)):
                connection.execute(change, [{"b": id_, "n": at, "h": h, "s": sheet} for at, (h, sheet) in part])
            values = {"state": BatchState.BUILT, "root": root, "since": utc_now(), "waits": None}
            connection.execute(batches.update().where(batches.c.id == id_).values(**values))
            self._trail.note(connection, "built", None, id_, root="0x" + root.hex())

        self._database.write(work)

    def set_state(self, id_: str, state: BatchState, **fields: Any) -> None:
        """Note a batch's state, from now on."""
        change = batches.update().where(batches.c.id == id_).values(state=state, since=utc_now(), waits=None, **fields)

        def work(connection: Connection) -> None:
            connection.execute(change)
            self._trail.note(connection, state.value, None, id_)

        self._database.write(work)

    def set_waits(self, id_: str, what: str | None) -> None:
        """Note what a batch waits for, as a sentence for people."""
        change = batches.update().where(batches.c.id == id_).values(waits=what)
        self._database.write(lambda connection: connection.execute(change))

    def issued(self, domain: str, achievement: str) -> dict[str, Issued]:
        """Everybody who has a certificate of this course, drafted or issued, with where and when the last one was."""
        wanted = (
            select(certificates, batches.c.state, batches.c.drafted, batches.c.out)
            .join(batches, batches.c.id == certificates.c.batch)
            .where(certificates.c.domain == domain, certificates.c.achievement == achievement)
            .where(certificates.c.erased.is_(None))
            .order_by(certificates.c.again)
        )

        def work(connection: Connection) -> dict[str, Issued]:
            return {row["person"]: _issued(row) for row in connection.execute(wanted).mappings()}

        return self._database.read(work)


def erase_in(connection: Connection, id_: str, position: int, day: str) -> None:
    """As `BatchRecords.erase`, within a transaction: the mark is kept, and the commitment, which the batch file has."""
    place = (certificates.c.batch == id_) & (certificates.c.position == position)
    letter = (deliveries.c.batch == id_) & (deliveries.c.position == position)
    hash_ = connection.execute(select(certificates.c.hash).where(place)).scalar()
    nothing: dict[str, object] = {
        "person": f"erased {id_}/{position}",
        "identity": "{}",
        "row": "{}",
        "hash": None,
        "erased": utc_now(),
    }
    if hash_ is not None:
        add_marks(connection, [Mark(ERASED, mark_of(ERASED, bytes(hash_)), day)])
        nothing["commitment"] = commitment(bytes(hash_))
    connection.execute(certificates.update().where(place).values(**nothing))
    connection.execute(deliveries.update().where(letter).values(recipient="", words=None, message_id=None))


def _parts(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    whole = iter(items)
    while part := list(islice(whole, _AT_ONCE)):
        yield part


def row_of(batch: Batch, draft: Draft) -> dict[str, Any]:
    """A draft as a row of the table `certificates`."""
    return {
        "batch": batch.id,
        "position": draft.position,
        "domain": batch.domain,
        "achievement": draft.achievement,
        "person": draft.person,
        "again": draft.again,
        "status_list": draft.identity.status_list,
        "status_index": draft.identity.status_index,
        "identity": _to_json(draft.identity),
        "row": _to_json(draft.row),
    }


def draft_from(row: Mapping[Any, Any]) -> Draft:
    """The draft that a row of the table `certificates` holds."""
    identity, student = json.loads(row["identity"]), json.loads(row["row"])
    identity["drafted"] = datetime.fromisoformat(identity["drafted"])
    if student["date"] is not None:
        student["date"] = date.fromisoformat(student["date"])
    place = (row["position"], row["achievement"], row["person"])
    return Draft(*place, DraftIdentity(**identity), Row(**student), row["again"])


def _issued(row: Mapping[Any, Any]) -> Issued:
    student = json.loads(row["row"])
    place = (row["batch"], BatchState(row["state"]), row["drafted"], row["out"])
    return Issued(student["name"], student["father_name"], row["hash"], *place, row["again"])


def _to_json(value: DraftIdentity | Row) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, default=lambda moment: moment.isoformat())
