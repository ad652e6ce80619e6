"""What is known of the messages to students: one line for each certificate, so that nobody gets two."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select

from issuer.records.database import Database
from issuer.records.tables import deliveries
from issuer.records.values import Delivery, DeliveryState
from issuer.text import utc_now

_AT_ONCE = 1000


class DeliveryRecords:
    """The deliveries of one place of records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, batch: str, recipients: Iterable[tuple[int, str]]) -> int:
        """Queue messages by position and address; those that are queued already stay as they are. How many are new."""
        known = select(deliveries.c.position).where(deliveries.c.batch == batch)
        queued = self._database.read(lambda connection: set(connection.scalars(known)))
        fresh = [
            {"batch": batch, "position": position, "recipient": to, "state": DeliveryState.QUEUED, "since": utc_now()}
            for position, to in recipients
            if position not in queued
        ]
        for at in range(0, len(fresh), _AT_ONCE):
            self._add(fresh[at : at + _AT_ONCE])
        return len(fresh)

    def _add(self, rows: list[dict[str, Any]]) -> None:
        self._database.write(lambda connection: connection.execute(deliveries.insert(), rows))

    def claim(self, batch: str, position: int, **fields: Any) -> bool:
        """Claim a queued delivery, as unknown until its outcome is noted; False where another run has it."""
        place = (deliveries.c.batch == batch) & (deliveries.c.position == position)
        change = (
            deliveries.update()
            .where(place, deliveries.c.state == DeliveryState.QUEUED)
            .values(state=DeliveryState.UNKNOWN, since=utc_now(), **fields)
        )
        return self._database.write(lambda connection: connection.execute(change).rowcount) == 1

    def withhold(self, batch: str, recipients: Iterable[tuple[int, str]], words: str) -> int:
        """Keep messages that are still queued, or were never, from going out; how many, by position and address."""
        recipients = list(recipients)
        self.queue(batch, recipients)
        positions, held = [position for position, _ in recipients], 0
        for at in range(0, len(positions), _AT_ONCE):
            place = (deliveries.c.batch == batch) & deliveries.c.position.in_(positions[at : at + _AT_ONCE])
            held += self._turn(place, DeliveryState.QUEUED, DeliveryState.WITHHELD, words=words)
        return held

    def release(self, batch: str, words: str) -> int:
        """Queue the messages of a batch again that were withheld for that reason; how many."""
        place = (deliveries.c.batch == batch) & (deliveries.c.words == words)
        return self._turn(place, DeliveryState.WITHHELD, DeliveryState.QUEUED, words=None)

    def _turn(self, place: ColumnElement[bool], before: DeliveryState, after: DeliveryState, **fields: Any) -> int:
        change = (
            deliveries.update()
            .where(place, deliveries.c.state == before)
            .values(state=after, since=utc_now(), **fields)
        )
        return self._database.write(lambda connection: connection.execute(change).rowcount)

    def note(self, batch: str, position: int, state: DeliveryState, **fields: Any) -> None:
        """Note the state of a delivery: `words`, `message_id`, `tries` beside its state."""
        place = (deliveries.c.batch == batch) & (deliveries.c.position == position)
        change = deliveries.update().where(place).values(state=state, since=utc_now(), **fields)
        self._database.write(lambda connection: connection.execute(change))

    def of(self, batch: str, *states: DeliveryState) -> Iterator[Delivery]:
        """The deliveries of a batch by position, in these states or in all."""
        wanted = select(deliveries).where(deliveries.c.batch == batch).order_by(deliveries.c.position)
        if states:
            wanted = wanted.where(deliveries.c.state.in_(states))
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(wanted).mappings():
                yield Delivery(**{**row, "state": DeliveryState(row["state"])})

    def counts(self, batch: str) -> dict[DeliveryState, int]:
        """How many deliveries of a batch are in each state."""
        wanted = (
            select(deliveries.c.state, func.count()).where(deliveries.c.batch == batch).group_by(deliveries.c.state)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return {DeliveryState(row[0]): row[1] for row in rows}
