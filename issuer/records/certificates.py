"""Certificates looked for in the records: by what their rows say, by a hash or its beginning, by their places."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, and_, cast, func, or_, select

from issuer.records.batches import draft_from
from issuer.records.database import Database
from issuer.records.tables import certificates, deliveries
from issuer.records.values import Delivery, DeliveryState, Draft

_AT_ONCE = 10_000
_PLACES_AT_ONCE = 300
"""Databases bear some thousand values in one question; a place is two."""
Place = tuple[str, int]
"""A batch's id, and the position in it."""
Line = tuple[str, str, int]
"""A batch's id, what one of its certificates says in the fields `SAID` as a JSON array, and its position."""
SAID = ("name", "father_name", "student_number", "email")
"""Of a roster's row: what a student is looked for by."""


@dataclass(frozen=True)
class Kept:
    """One certificate as the records have it; those that were erased are never among them."""

    batch: str
    draft: Draft
    hash: bytes | None
    """`H`; None while the batch is not built."""
    letter: Delivery | None = None
    """The letter to its holder, where there is one."""


class CertificateRecords:
    """The certificates of one place of records, across its batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, wanted: Callable[[Sequence[Line]], Iterable[bool]]) -> list[Place]:
        """The places of those that are wanted, in no order.

        Every certificate is looked at: what people type is compared by letters that no database folds alike.

        Args:
            wanted: which of these lines are; they come some thousand at a time.
        """
        known = select(certificates.c.batch, self._said(), certificates.c.position)
        found: list[Place] = []
        with self._database.reading() as connection:
            rows: Any = connection.execute(known.where(certificates.c.erased.is_(None)))
            cursor = rows.cursor  # the driver's own, whose plain tuples cost half as much
            while part := cursor.fetchmany(_AT_ONCE):
                found += [(part[at][0], part[at][2]) for at, is_ in enumerate(wanted(part)) if is_]
        return found

    def _said(self) -> ColumnElement[str]:
        """The fields `SAID` of a row, which the database takes out several times as fast as Python does."""
        row: Any = certificates.c.row
        if self._database.place.file is not None:
            return func.json_extract(row, *(f"$.{field}" for field in SAID))
        return cast(func.json_build_array(*(cast(row, JSON)[field].as_string() for field in SAID)), Text)

    def beginning(self, hex_prefix: str) -> list[Kept]:
        """Those whose `H` begins with these hex digits, in its order."""
        low = bytes.fromhex(hex_prefix.ljust(64, "0"))
        high = bytes.fromhex(hex_prefix.ljust(64, "f"))
        wanted = select(certificates).where(certificates.c.hash >= low, certificates.c.hash <= high)
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        found = [(row["batch"], row["position"]) for row in rows]
        return sorted(self.at(found), key=lambda kept: kept.hash or b"")

    def at(self, places: Sequence[Place]) -> list[Kept]:
        """The certificates at these places, with their letters, in the order asked; erased ones are missing."""
        found: dict[Place, Kept] = {}
        for start in range(0, len(places), _PLACES_AT_ONCE):
            for kept in self._at(places[start : start + _PLACES_AT_ONCE]):
                found[kept.batch, kept.draft.position] = kept
        return [found[place] for place in places if place in found]

    def _at(self, places: Iterable[Place]) -> list[Kept]:
        beside = and_(deliveries.c.batch == certificates.c.batch, deliveries.c.position == certificates.c.position)
        letters = [column.label(f"letter_{column.name}") for column in deliveries.c]
        each = [and_(certificates.c.batch == batch, certificates.c.position == at) for batch, at in places]
        wanted = (
            select(certificates, *letters)
            .outerjoin(deliveries, beside)
            .where(or_(*each), certificates.c.erased.is_(None))
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [Kept(row["batch"], draft_from(row), row["hash"], _letter(row)) for row in rows]


def _letter(row: Any) -> Delivery | None:
    if row["letter_batch"] is None:
        return None
    fields = {column.name: row[f"letter_{column.name}"] for column in deliveries.c}
    return Delivery(**{**fields, "state": DeliveryState(fields["state"])})
