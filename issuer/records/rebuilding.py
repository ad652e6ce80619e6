"""Batches put into the records again from what is left of them. What is there stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from issuer.records.batches import row_of
from issuer.records.database import Database
from issuer.records.marks import marks_in
from issuer.records.status_lists import add_institution
from issuer.records.tables import batches, certificates, status_lists
from issuer.records.trail import Trail
from issuer.records.values import Batch, BatchState, Draft
from issuer.text import utc_now
from verifier.archive_folder import ERASED, mark_of
from verifier.core.hashes import ZERO, commitment

REBUILT = "rebuilt"
"""In the trail: a batch, or certificates of it, were put into the records again."""
TAKEN_OVER = "taken over"
"""In the trail: revocations that the registry has, and whose transactions the records do not have."""
UNKNOWN_COURSE = "not known"
"""The course of a batch of which no certificate is left."""
_AT_ONCE = 1000


@dataclass(frozen=True)
class Remains:
    """What is left of one certificate."""

    draft: Draft
    hash: bytes
    sheet: bytes
    origin: str | None
    """The verifier's address of its status list; None where it names no list of ours."""


@dataclass(frozen=True)
class TakenOver:
    """A revocation or replacement that a rebuild found in the registry."""

    authority: str
    """In whose authority: the institution's (the zero address), or the signer's own address."""
    commitment: bytes
    writer: str
    at: int
    """Unix seconds."""


class RebuiltRecords:
    """Adds rebuilt batches to one place of records."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database, self._trail = database, trail

    def add(self, batch: Batch, remains: Sequence[Remains]) -> int:
        """Add a batch, or what is missing of it, whole or not at all; how many certificates were added.

        Its status lists are closed: places of them were given out that nobody knows of any more. Certificates that are
        marked as erased keep only their places.

        Raises:
            StoreError: the records cannot be written.
        """
        return self._database.write(lambda connection: self._add(connection, batch, remains))

    def take_over(self, domain: str, chain_id: int, registry: str, found: Sequence[TakenOver]) -> None:
        """Note revocations as the institution's own; nothing else in the records says that they are.

        Raises:
            StoreError: the records cannot be written.
        """
        for at in range(0, len(found), _AT_ONCE):
            listed = [
                [each.authority, each.commitment.hex(), each.writer, each.at] for each in found[at : at + _AT_ONCE]
            ]
            self._trail.add(TAKEN_OVER, domain, chain_id=chain_id, registry=registry, revocations=listed)

    def taken_over(self, domain: str, chain_id: int, registry: str) -> list[TakenOver]:
        """What was noted of an institution in one registry."""
        return [
            TakenOver(authority, bytes.fromhex(certificate), writer, at)
            for entry in self._trail.those_that(TAKEN_OVER)
            if entry.domain == domain and entry.facts["chain_id"] == chain_id
            if str(entry.facts["registry"]).lower() == registry.lower()
            for authority, certificate, writer, at in entry.facts["revocations"]
        ]

    def positions(self, id_: str) -> frozenset[int]:
        """The positions of a batch's certificates that the records have, those erased too."""
        wanted = select(certificates.c.position).where(certificates.c.batch == id_)
        return self._database.read(lambda connection: frozenset(connection.scalars(wanted)))

    def gaps(self, domain: str) -> list[tuple[Batch, int]]:
        """The batches of an institution of which the records lack certificates, and how many: lost, or erased."""
        held = select(certificates.c.batch, func.count().label("held")).group_by(certificates.c.batch).subquery()
        lacking = batches.c.size - func.coalesce(held.c.held, 0)
        wanted = (
            select(batches, lacking.label("lacking"))
            .outerjoin(held, held.c.batch == batches.c.id)
            .where(batches.c.domain == domain, batches.c.state != BatchState.CANCELLED, lacking > 0)
            .order_by(batches.c.drafted, batches.c.id)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).mappings().all())
        return [(_batch_of(row), int(row["lacking"])) for row in rows]

    def leaves(self, id_: str) -> dict[int, tuple[bytes, bytes]]:
        """Commitment and sheet's hash of a batch's certificates by position, of those erased too where kept."""
        columns = select(certificates.c.position, certificates.c.hash, certificates.c.commitment, certificates.c.sheet)
        rows = self._database.read(
            lambda connection: connection.execute(columns.where(certificates.c.batch == id_)).all()
        )
        known = ((at, commitment(hash_) if hash_ is not None else kept, sheet) for at, hash_, kept, sheet in rows)
        return {at: (kept, sheet) for at, kept, sheet in known if kept is not None and sheet is not None}

    def _add(self, connection: Connection, batch: Batch, remains: Sequence[Remains]) -> int:
        add_institution(connection, batch.domain)
        id_, is_new = _batch(connection, batch)
        fresh = _fresh(connection, id_, remains)
        if not fresh and not is_new:
            return 0
        _add_lists(connection, batch.domain, fresh)
        rows = _rows(connection, replace(batch, id=id_), fresh)
        for at in range(0, len(rows), _AT_ONCE):
            connection.execute(certificates.insert(), rows[at : at + _AT_ONCE])
        root = None if batch.root is None else "0x" + batch.root.hex()
        self._trail.note(connection, REBUILT, batch.domain, id_, root=root, size=batch.size, certificates=len(rows))
        return len(rows)


def _batch_of(row: Mapping[Any, Any]) -> Batch:
    fields = {name: value for name, value in row.items() if name != "lacking"}
    return Batch(**{**fields, "state": BatchState(fields["state"])})


def _batch(connection: Connection, batch: Batch) -> tuple[str, bool]:
    """The id of the batch with that root, added where it is missing; whether it was."""
    place = (batches.c.domain == batch.domain) & (batches.c.root == batch.root)
    columns = select(batches.c.id, batches.c.course, batches.c.out)
    found = connection.execute(columns.where(place)).first()
    if found is None:
        connection.execute(batches.insert(), {**vars(batch), "since": batch.since or utc_now()})
        return batch.id, True
    if found.course == UNKNOWN_COURSE != batch.course:
        said = {"course": batch.course, "origin": batch.origin, "out": batch.out, "drafted": batch.drafted}
        connection.execute(batches.update().where(batches.c.id == found.id).values(**said))
    elif found.out != batch.out:  # a rebuild before found no file of it
        connection.execute(batches.update().where(batches.c.id == found.id).values(out=batch.out))
    return str(found.id), False


def _fresh(connection: Connection, id_: str, remains: Sequence[Remains]) -> list[Remains]:
    """Those whose place is not taken, and that no other batch of the records has."""
    taken = set(connection.scalars(select(certificates.c.position).where(certificates.c.batch == id_)))
    known = set(connection.scalars(select(certificates.c.hash).where(certificates.c.hash.is_not(None))))
    return [each for each in remains if each.draft.position not in taken and each.hash not in known]


def _add_lists(connection: Connection, domain: str, remains: Iterable[Remains]) -> None:
    named: dict[str, str] = {}
    for each in remains:
        if each.origin is not None:
            named.setdefault(each.draft.identity.status_list, each.origin)
    known = set(connection.scalars(select(status_lists.c.id).where(status_lists.c.id.in_(list(named)))))
    now = utc_now()
    lists = [
        # That it was published is known, and not as what: so that it is never begun afresh.
        {"id": id_, "domain": domain, "origin": origin, "begun": now, "copy": "", "closed": now, "published": ZERO}
        for id_, origin in named.items()
        if id_ not in known
    ]
    if lists:
        connection.execute(status_lists.insert(), lists)


def _rows(connection: Connection, batch: Batch, remains: Sequence[Remains]) -> list[dict[str, Any]]:
    erased = {mark.mark: mark.day for mark in marks_in(connection) if mark.kind == ERASED}
    times, places = _times(connection, batch.domain, remains), _places(connection, remains)
    rows = []
    for each in remains:
        person = (each.draft.achievement, each.draft.person)
        again = times[person] = times.get(person, -1) + 1
        row = row_of(batch, replace(each.draft, again=again)) | {"hash": each.hash, "sheet": each.sheet}
        place = (row["status_list"], row["status_index"])
        if each.origin is None or place in places:
            # No place of a list of ours, or one that another certificate has: the column holds every place once.
            row |= {"status_list": "", "status_index": -1 - int.from_bytes(each.hash[:4]) % (1 << 31)}
        places.add(place)
        rows.append(row | {"erased": None, "commitment": None} | _erased(batch, each, erased))
    return rows


def _erased(batch: Batch, each: Remains, days: Mapping[bytes, str]) -> dict[str, Any]:
    """What stays of a certificate that was erased."""
    day = days.get(mark_of(ERASED, each.hash))
    if day is None:
        return {}
    nothing = {"person": f"erased {batch.id}/{each.draft.position}", "again": 0, "identity": "{}", "row": "{}"}
    return {**nothing, "hash": None, "erased": f"{day}T00:00:00Z", "commitment": commitment(each.hash)}


def _times(connection: Connection, domain: str, remains: Iterable[Remains]) -> dict[tuple[str, str], int]:
    """How often each had each course, by what the records have."""
    courses = {each.draft.achievement for each in remains}
    columns = select(certificates.c.achievement, certificates.c.person, certificates.c.again)
    wanted = columns.where(certificates.c.domain == domain, certificates.c.achievement.in_(courses))
    found: dict[tuple[str, str], int] = {}
    for course, person, again in connection.execute(wanted):
        found[course, person] = max(again, found.get((course, person), -1))
    return found


def _places(connection: Connection, remains: Iterable[Remains]) -> set[tuple[str, int]]:
    lists = {each.draft.identity.status_list for each in remains}
    columns = select(certificates.c.status_list, certificates.c.status_index)
    return {(list_, at) for list_, at in connection.execute(columns.where(certificates.c.status_list.in_(lists)))}
