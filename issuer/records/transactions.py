"""Transactions and their attempts: what was signed, before it is sent, and what became of it."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from issuer.records.database import Database
from issuer.records.raw_transaction import facts_of
from issuer.records.tables import attempts, transactions
from issuer.records.values import Attempt, AttemptState, Place, Signed, Transaction
from issuer.text import utc_now

SETTLED = "settled"
"""In the place of what a transaction was for: all of the key's up to this one are settled by a rebuild."""
GONE_WITHOUT = "gone without"
"""The same where somebody decided to go on without them: nothing explains them."""


class TransactionRecords:
    """The transactions of one place of records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, batch: str | None, what: str, signed: Signed) -> Attempt:
        """Store a signed transaction, before it is sent; the same bytes again change nothing.

        What has the same key and nonce as an open transaction for the same purpose is another attempt of it.

        Raises:
            StoreError: another open transaction has this nonce.
        """
        return self._database.write(lambda connection: self._keep(connection, batch, what, signed))

    def _keep(self, connection: Connection, batch: str | None, what: str, signed: Signed) -> Attempt:
        known = connection.execute(select(attempts).where(attempts.c.hash == signed.hash)).mappings().first()
        if known is not None:
            return _attempt(known)
        facts = facts_of(signed.raw)
        place = {} if facts is None else {"chain_id": facts.chain_id, "sender": facts.sender, "nonce": facts.nonce}
        number = self._same_place(connection, batch, what, place) if place else None
        if number is None:
            row = {"batch": batch, "what": what, "made": utc_now(), "open": True, **place}
            number = connection.execute(transactions.insert().values(**row)).inserted_primary_key[0]  # type: ignore[index]
        offered = {} if facts is None else {"gas": facts.gas, "max_fee": facts.max_fee, "tip": facts.tip}
        row = {"transaction": number, "hash": signed.hash, "raw": signed.raw, "state": AttemptState.SIGNED}
        connection.execute(attempts.insert().values(**row, **offered, signed=utc_now()))
        return _attempt(connection.execute(select(attempts).where(attempts.c.hash == signed.hash)).mappings().one())

    def _same_place(self, connection: Connection, batch: str | None, what: str, place: Mapping[str, Any]) -> int | None:
        same = [transactions.c[name] == value for name, value in place.items()]
        wanted = select(transactions).where(*same, transactions.c.open)
        found = connection.execute(wanted).mappings().first()
        if found is None or (found["batch"], found["what"]) != (batch, what):
            return None  # where one is open for another purpose the constraint refuses ours
        return int(found["number"])

    def note(self, hash_: str, state: AttemptState, **fields: Any) -> None:
        """Note what is known of an attempt; `receipt` as a mapping of plain values."""
        if isinstance(fields.get("receipt"), Mapping):
            fields["receipt"] = json.dumps(fields["receipt"])
        change = attempts.update().where(attempts.c.hash == hash_).values(state=state, **fields)
        self._database.write(lambda connection: connection.execute(change))

    def close(self, number: int) -> None:
        """Note that what a transaction was for is done, by itself or by another."""
        change = transactions.update().where(transactions.c.number == number).values(open=False)
        self._database.write(lambda connection: connection.execute(change))

    def drop(self, number: int) -> None:
        """Note that no attempt of a transaction can be mined any more; its nonce is free for another."""

        def work(connection: Connection) -> None:
            dropped = attempts.update().where(attempts.c.transaction == number)
            connection.execute(dropped.values(state=AttemptState.DROPPED))
            connection.execute(transactions.update().where(transactions.c.number == number).values(open=False))

        self._database.write(work)

    def open_of(self, batch: str, what: str = "issue") -> Transaction | None:
        """The open transaction of a batch: the one whose bytes are sent again."""
        return next(iter(self._open(transactions.c.batch == batch, transactions.c.what == what)), None)

    def unresolved(self, chain_id: int, sender: str) -> list[Transaction]:
        """The open transactions of a key, in their order."""
        found = self._open(transactions.c.chain_id == chain_id, transactions.c.sender == sender)
        return sorted(found, key=lambda one: one.nonce or 0)

    def last_used(self, chain_id: int, sender: str, nonce: int | None = None) -> Place | None:
        """The highest place of a key of which these records know that a block has it, or that very one."""
        wanted = (
            select(transactions.c.nonce, attempts.c.hash, attempts.c.block, attempts.c.sent)
            .join(attempts, attempts.c.transaction == transactions.c.number)
            .where(transactions.c.chain_id == chain_id, transactions.c.sender == sender)
            .where(attempts.c.state == AttemptState.MINED)
            .order_by(transactions.c.nonce.desc())
            .limit(1)
        )
        if nonce is not None:
            wanted = wanted.where(transactions.c.nonce == nonce)
        row = self._database.read(lambda connection: connection.execute(wanted).mappings().first())
        return None if row is None else Place(**row)

    def settled(self, chain_id: int, sender: str) -> int:
        """How many transactions of a key are settled that these records need not hold; 0 where nothing is noted."""
        wanted = select(func.max(transactions.c.nonce)).where(
            transactions.c.chain_id == chain_id, transactions.c.sender == sender
        )
        wanted = wanted.where(transactions.c.what.in_((SETTLED, GONE_WITHOUT)))
        highest = self._database.read(lambda connection: connection.execute(wanted).scalar())
        return 0 if highest is None else int(highest) + 1

    def note_settled(self, chain_id: int, sender: str, count: int, explained: bool = True) -> None:
        """Note that the key's first `count` transactions are settled, as after a rebuild; never fewer than before.

        It is kept as a transaction without an attempt, which nothing that sends looks at. Where somebody decided to go
        on without knowing what these transactions did, they are not `explained`.
        """
        row = {
            "batch": None,
            "what": SETTLED if explained else GONE_WITHOUT,
            "chain_id": chain_id,
            "sender": sender,
            "nonce": count - 1,
        }
        if count > self.settled(chain_id, sender):
            values = {**row, "made": utc_now(), "open": False}
            self._database.write(lambda connection: connection.execute(transactions.insert(), values))

    def places(self, chain_id: int, sender: str) -> set[int]:
        """The places (nonces) of a key that these records gave out, without those that another transaction took."""
        wanted = (
            select(transactions.c.nonce)
            .join(attempts, attempts.c.transaction == transactions.c.number)
            .where(transactions.c.chain_id == chain_id, transactions.c.sender == sender)
            .where(transactions.c.nonce.is_not(None), attempts.c.state != AttemptState.DROPPED)
        )
        return self._database.read(lambda connection: set(connection.scalars(wanted)))

    def all_places(self, chain_id: int) -> set[tuple[str, int]]:
        """Key and nonce of everything that these records signed for a chain, or that a rebuild settled."""
        wanted = select(transactions.c.sender, transactions.c.nonce, transactions.c.what)
        wanted = wanted.where(transactions.c.chain_id == chain_id, transactions.c.nonce.is_not(None))
        wanted = wanted.where(transactions.c.what != GONE_WITHOUT)
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        found: set[tuple[str, int]] = set()
        for sender, nonce, what in rows:
            found.update((str(sender), each) for each in range(0 if what == SETTLED else nonce, nonce + 1))
        return found

    def attempts(self, number: int) -> list[Attempt]:
        """All attempts of a transaction, oldest first."""
        wanted = select(attempts).where(attempts.c.transaction == number).order_by(attempts.c.number)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [_attempt(row) for row in rows]

    def of_batch(self, batch: str) -> list[Attempt]:
        """All attempts of a batch's transactions, oldest first."""
        numbers = select(transactions.c.number).where(transactions.c.batch == batch)
        wanted = select(attempts).where(attempts.c.transaction.in_(numbers)).order_by(attempts.c.number)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [_attempt(row) for row in rows]

    def signed_for(self, batch: str) -> bool:
        """Whether anything was ever signed for a batch."""
        wanted = select(transactions.c.number).where(transactions.c.batch == batch).limit(1)
        return self._database.read(lambda connection: connection.execute(wanted).first()) is not None

    def raw(self, *what: str) -> list[bytes]:
        """The bytes of the last attempt of each transaction of these kinds that had, or may have, its effect.

        Oldest first. Left out is what can never be mined, and what was mined and reverted.
        """
        last = (
            select(func.max(attempts.c.number))
            .join(transactions, transactions.c.number == attempts.c.transaction)
            .where(transactions.c.what.in_(what))
            .group_by(transactions.c.number)
        )
        columns = select(attempts.c.raw, attempts.c.state, attempts.c.receipt)
        wanted = columns.where(attempts.c.number.in_(last)).order_by(attempts.c.transaction)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [bytes(row["raw"]) for row in rows if _may_have_acted(row)]

    def whole(self) -> list[tuple[Transaction, list[Attempt]]]:
        """Every transaction with its attempts, in the order in which they were made."""

        def work(connection: Connection) -> tuple[Any, Any]:
            made = connection.execute(select(transactions).order_by(transactions.c.number)).mappings().all()
            return made, connection.execute(select(attempts).order_by(attempts.c.number)).mappings().all()

        made, tried = self._database.read(work)
        grouped: dict[int, list[Attempt]] = {}
        for row in tried:
            grouped.setdefault(row["transaction"], []).append(_attempt(row))
        return [(Transaction(**row), grouped.get(row["number"], [])) for row in made]

    def mined(self, chain_id: int, block: int) -> set[str]:
        """The hashes of the attempts that a block of this chain has, up to this one."""
        wanted = (
            select(attempts.c.hash)
            .join(transactions, transactions.c.number == attempts.c.transaction)
            .where(transactions.c.chain_id == chain_id)
            .where(attempts.c.state == AttemptState.MINED, attempts.c.block <= block)
        )
        return set(self._database.read(lambda connection: connection.execute(wanted).scalars().all()))

    def _open(self, *conditions: Any) -> list[Transaction]:
        wanted = select(transactions).where(*conditions, transactions.c.open).order_by(transactions.c.number.desc())
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [Transaction(**row) for row in rows]


def _may_have_acted(row: Mapping[Any, Any]) -> bool:
    if row["state"] == AttemptState.DROPPED:
        return False
    return row["receipt"] is None or json.loads(row["receipt"]).get("status") != 0


def _attempt(row: Mapping[Any, Any]) -> Attempt:
    fields = {name: value for name, value in row.items() if name != "number"}
    receipt = None if row["receipt"] is None else json.loads(row["receipt"])
    return Attempt(**{**fields, "raw": bytes(row["raw"]), "state": AttemptState(row["state"]), "receipt": receipt})
