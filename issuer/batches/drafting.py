"""Drafting a batch: all that is random is drawn once and stored with roster and course, before anything is made."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from issuer.batches.dispositions import Holders, person_of
from issuer.batches.filenames import file_stem
from issuer.batches.leftovers import keep_folder, new_folder
from issuer.course.course import Course
from issuer.course.kept_course import keep_course
from issuer.credential.achievement import achievement_id
from issuer.credential.identity import draw_identities
from issuer.disk.private_files import private_folder, write_private
from issuer.disk.writing import writing_to
from issuer.errors import AlreadyIssuedError, BegunError, BusyError, DiskError, StoreError, UnresolvedError
from issuer.records import Batch, BatchState, Draft, Records
from issuer.roster import Row
from issuer.text import utc

Draw = Callable[[str, str, int, datetime], Sequence[tuple[str, int]]]
"""Gives so many places in an institution's status lists at a verifier's address, at a moment: each a list's identifier,
and an index (issuer/publishing/status_drawing.py)."""
DRAFT_SECONDS = 120.0
"""How long to wait for another run that is drafting for the same institution."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to issue.

    `again` are the numbers of rows whose students get the course again, and `had`, by these, how many certificates they
    had when that was decided, where it is known: another run may have been faster. `corrects`, by position, `H` of the
    certificate that this one is the correction of.
    """

    course_file: Path
    course: Course
    rows: Sequence[Row]
    out: Path
    again: frozenset[int] = frozenset()
    corrects: Mapping[int, bytes] = field(default_factory=dict)
    had: Mapping[int, int] = field(default_factory=dict)


def draft(store: Records, batches: Path, wanted: Wanted, moment: datetime, draw: Draw) -> Batch:
    """Store a new batch; its course is kept in its own folder below `batches`.

    One run at a time drafts for an institution: nobody gets a course twice, and no place in a status list is given
    out twice, because two runs looked at the same moment.

    Raises:
        AlreadyIssuedError: who has this course already and was not asked for again.
        BusyError: another run corrects one of these certificates.
        DiskError: the folders cannot be written.
        ArchiveError: the status list cannot be published.
        StoreError: the records cannot be written.
        BegunError: the batch is stored, and the disk or the database failed then.
        UnresolvedError: the database failed so that nobody knows whether the batch is stored.
    """
    domain = wanted.course.institution.domain
    busy = f"Another run is drafting certificates for {domain}; try again in a minute."
    with store.locks.held(f"draft:{domain}", DRAFT_SECONDS, busy):
        _check_uncorrected(store, wanted)
        achievement = achievement_id(wanted.course)
        times = _times(store, domain, achievement, wanted)
        _check_out(wanted.out, wanted.rows)
        places = draw(domain, wanted.course.verifier.origin, len(wanted.rows), moment)
        identities = draw_identities(places, moment)
        batch = _batch(wanted, identities[0].drafted)
        drafts = zip(map(person_of, wanted.rows), identities, wanted.rows, times, strict=True)
        numbered = (Draft(position, achievement, *each) for position, each in enumerate(drafts))
        with store.locks.held(f"batch:{batch.id}", 0, busy):  # so that nobody takes its folder for one left over
            _keep(store, batches, batch, wanted, numbered)
        return batch


def _keep(store: Records, batches: Path, batch: Batch, wanted: Wanted, drafts: Iterable[Draft]) -> None:
    """Store a batch: first its folder, under the name of one that is not recorded, then its row, then its own name."""
    folder = new_folder(batches, batch.id)
    try:
        with writing_to(folder):
            keep_course(wanted.course_file, wanted.course, folder / "course")
    except DiskError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    try:
        store.add_batch(batch, drafts, wanted.corrects)
    except StoreError as error:
        stored = _is_stored(store, batch)
        if stored is False:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if stored is None:
            raise UnresolvedError(f"{error} Whether batch {batch.id} was begun: sanad batches") from None
        raise BegunError(batch, error) from None
    try:
        with writing_to(folder):
            keep_folder(batches, batch.id)
    except DiskError as error:
        raise BegunError(batch, error) from None


def _is_stored(store: Records, batch: Batch) -> bool | None:
    """Whether the records have the batch; None where they cannot be asked."""
    try:
        return any(each.id == batch.id for each in store.batches())
    except StoreError:
        return None


def _check_uncorrected(store: Records, wanted: Wanted) -> None:
    """No certificate is corrected by two runs that looked at the same moment."""
    known = store.corrections.all() if wanted.corrects else {}
    if any(old in known for old in wanted.corrects.values()):
        raise BusyError("Another run has begun to correct these certificates just now. Nothing was issued by this one.")


def _batch(wanted: Wanted, moment: datetime) -> Batch:
    return Batch(
        id=str(uuid.uuid4()),
        domain=wanted.course.institution.domain,
        course=wanted.course.title,
        origin=wanted.course.verifier.origin,
        out=str(wanted.out.resolve()),
        drafted=utc(moment),
        size=len(wanted.rows),
        state=BatchState.DRAFTED,
    )


def _times(store: Records, domain: str, achievement: str, wanted: Wanted) -> list[int]:
    """How often each had the course before; who had it and is not asked for again is refused."""
    issued = store.issued(domain, achievement)
    holders = Holders(issued, wanted.rows)
    before = [holders.of(row) for row in wanted.rows]
    times = [0 if one is None else one.again + 1 for one in before]
    sentences = []
    for row, known in zip(wanted.rows, times, strict=True):
        if known and row.number not in wanted.again:
            sentences.append(f"Row {row.number} ({row.name}) has this course's certificate already.")
        elif known != wanted.had.get(row.number, known):
            sentences.append(f"Row {row.number} ({row.name}) was issued again by another run just now.")
    if sentences:
        raise AlreadyIssuedError(sentences)
    return times


def _probe(out: Path) -> None:
    """See that a file can be made in a folder: without a name, where the system can do that. Errors: OSError."""
    with suppress(OSError, AttributeError):
        os.close(os.open(out, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        return
    probe = out / f".sanad-{uuid.uuid4()}"
    write_private(probe, b"")
    probe.unlink(missing_ok=True)


def _check_out(out: Path, rows: Sequence[Row]) -> None:
    """Refuse a folder that cannot be written or holds such files already, before anything begins."""
    with writing_to(out):
        private_folder(out)
        _probe(out)
    present = {path.name for path in out.iterdir()}
    for position, row in enumerate(rows):
        stem = file_stem(position, len(rows), row.name)
        for name in (f"{stem}.pdf", f"{stem}.json"):
            if name in present:
                raise DiskError(f"{out / name} is there already. Choose another folder with --out.")
