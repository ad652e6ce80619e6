"""Issuing a batch: drafted → built → anchoring → final → delivered, each state stored before the next begins.

`advance` does one step from whatever the records say, so a run that was cut off goes on where it stopped.
"""

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.archive import ArchiveWriter
from issuer.building import BATCH_FILE, build, envelope_path, pdf_path
from issuer.certificate.achievement import achievement_id
from issuer.certificate.drawable import undrawable
from issuer.certificate.identity import draw_identities
from issuer.certificate.sheet_errors import SheetError
from issuer.course import Course, load_course
from issuer.errors import AlreadyIssuedError, BuildError, DiskError, IssuerError, NotFinalError, RosterErrors
from issuer.filenames import file_stem
from issuer.kept_course import keep_course, kept_course
from issuer.roster import Row
from issuer.roster.dispositions import person_of
from issuer.store import Batch, BatchState, Draft, Store
from issuer.store.place import in_folder
from verifier.archive_folder import BADGE, CARD
from verifier.core.batch_file import parse_batch_file
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import institution_id
from verifier.core.registry import Registry

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from issuer.sending import Signed
    from issuer.transactions import Issued, RegistryWriter

FINAL_SECONDS = 120
"""How long finality is waited for before the batch is left to `sanad resume`."""


@dataclass(frozen=True)
class Progress:
    """Told how the work goes: the stage's name and size, then each step of it."""

    stage: Callable[[str, int], None]
    step: Callable[[int], None]


SILENT = Progress(lambda _name, _total: None, lambda _count: None)


class Issuer:
    """One institution's issuing: its records, its keys, its archive, and the registry.

    Args:
        data: folder of the records and of batches in work.
        archive: where envelopes and batch files are published.
        key: the institution's Ed25519 key.
        writer: the signer's way to the registry.
        registry: the same registry as verifiers read it.
        progress: is told how the work goes.
        store: the records, where they are not in the data folder.
    """

    def __init__(
        self,
        data: Path,
        archive: ArchiveWriter,
        key: "Ed25519PrivateKey",
        writer: "RegistryWriter",
        registry: Registry,
        progress: Progress = SILENT,
        store: Store | None = None,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.store = store or Store(in_folder(data))
        self.educator: bytes | None = None
        """`H` of the certificate of the educator whose key signs; published beside each batch."""
        self._data, self._archive, self._key = data, archive, key
        self._writer, self._registry, self._progress = writer, registry, progress
        self.issued: Issued | None = None
        """What the last `issue` did on the chain."""

    def issue(
        self,
        course_file: Path,
        rows: Sequence[Row],
        out: Path,
        origin: str | None = None,
        again: frozenset[int] = frozenset(),
    ) -> Batch:
        """Issue a whole class: one transaction, a sealed PDF and an envelope for each student in `out`.

        `again` are the numbers of rows whose students get the course once more.

        Raises:
            IssuerError: with what is wrong; nothing was issued, or the sentence says how it goes on.
        """
        course = load_course(course_file)
        if origin is not None:
            course = course.with_origin(origin)
        check_class(course, rows)
        self._writer.check_signer(institution_id(course.institution.domain))
        batch = self.draft(course_file, course, rows, out, again)
        try:
            batch = self.advance(batch)
        except (BuildError, DiskError):
            # Nothing has left this machine: as if it had not been begun.
            self._discard(batch)
            raise
        return self.finish(batch)

    def draft(
        self, course_file: Path, course: Course, rows: Sequence[Row], out: Path, again: frozenset[int] = frozenset()
    ) -> Batch:
        """Draw what is random, and store it with roster and course before anything is made of it."""
        domain, achievement = course.institution.domain, achievement_id(course)
        times = self._times(domain, achievement, rows, again)
        _check_out(out, rows)
        identities = draw_identities(len(rows), self.store.status_indexes(domain))
        batch = Batch(
            id=str(uuid.uuid4()),
            domain=domain,
            course=course.title,
            origin=course.verifier.origin,
            out=str(out.resolve()),
            drafted=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            size=len(rows),
            state=BatchState.DRAFTED,
        )
        with _disk(self._folder(batch)):
            keep_course(course_file, course, self._folder(batch) / "course")
        drafts = zip(map(person_of, rows), identities, rows, times, strict=True)
        self.store.add_batch(batch, [Draft(position, achievement, *each) for position, each in enumerate(drafts)])
        return batch

    def finish(self, batch: Batch) -> Batch:
        """Take a batch through all the states that are left."""
        while batch.state is not BatchState.DELIVERED:
            batch = self.advance(batch)
        return batch

    def advance(self, batch: Batch) -> Batch:
        """Take a batch one state further."""
        step = {
            BatchState.DRAFTED: self._build,
            BatchState.BUILT: self._begin_anchoring,
            BatchState.ANCHORING: self._anchor,
            BatchState.FINAL: self._deliver,
        }[batch.state]
        step(batch)
        return self.store.batch(batch.id)

    def _build(self, batch: Batch) -> None:
        course = kept_course(self._folder(batch) / "course").with_origin(batch.origin)
        work = self._folder(batch) / "work"
        self._progress.stage("Signing, drawing and sealing", 2 * batch.size)
        with _disk(work):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
            built = build(course, self.store.drafts(batch.id), self._key, work, self._progress.step)
        self.store.set_built(batch.id, built.root, built.hashes)

    def _begin_anchoring(self, batch: Batch) -> None:
        writer = self._writer
        self.store.set_state(
            batch.id,
            BatchState.ANCHORING,
            chain_id=writer.chain_id,
            registry=writer.address,
            signer=writer.sender.address,
        )

    def _anchor(self, batch: Batch) -> None:
        writer = self._writer
        if (batch.chain_id, batch.registry, batch.signer) != (writer.chain_id, writer.address, writer.sender.address):
            raise IssuerError(
                f"Batch {batch.id} was begun with another registry or signer; use the same settings again."
            )
        assert batch.root is not None
        self._progress.stage("Registering the batch in one transaction", 1)
        self.issued = writer.issue(
            institution_id(batch.domain),
            batch.root,
            batch.size,
            store=lambda signed: self.store.transactions.keep(batch.id, "issue", signed),
            stored=self._stored(batch),
        )
        self._progress.step(1)
        self._wait_for_final(batch)
        self.store.set_state(batch.id, BatchState.FINAL)

    def _stored(self, batch: Batch) -> "Signed | None":
        """The transaction that an earlier run signed: the one to send again."""
        from issuer.sending import Signed  # late: it brings web3

        standing = self.store.transactions.standing(batch.id)
        if standing is None:
            return None
        last = self.store.transactions.attempts(standing.number)[-1]
        return Signed(last.hash, last.raw)

    def _wait_for_final(self, batch: Batch) -> None:
        self._progress.stage("Waiting until the registration is final", 1)
        file = parse_batch_file((self._folder(batch) / "work" / BATCH_FILE).read_bytes())
        (commitment, sheet), path = file.record(0), file.tree().path(0)
        deadline, problem = time.monotonic() + FINAL_SECONDS, "it is not final yet"
        while time.monotonic() < deadline:
            try:
                record = self._registry.verify(file.domain, 0, commitment, sheet, path)
                if record.exists and record.issued_at < record.finalized_time:
                    return self._progress.step(1)
            except RegistryUnavailableError as error:
                problem = str(error)
            time.sleep(0.25)
        raise NotFinalError(f"The batch is registered, but {problem}. Type: sanad resume")

    def _deliver(self, batch: Batch) -> None:
        work, out = self._folder(batch) / "work", Path(batch.out)
        self._progress.stage("Delivering", batch.size)
        with _disk(out):
            out.mkdir(parents=True, exist_ok=True)
            self._archive.publish_batch((work / BATCH_FILE).read_bytes())
            if self.educator is not None and batch.root is not None:
                self._archive.publish_educator(batch.domain, batch.root, self.educator)
            self._publish_pictures(batch)
            for draft in self.store.drafts(batch.id):
                stem = file_stem(draft.position, batch.size, draft.row.name)
                self._archive.publish_envelope(envelope_path(work, draft.position).read_bytes())
                _place(envelope_path(work, draft.position), out / f"{stem}.json")
                _place(pdf_path(work, draft.position), out / f"{stem}.pdf")
                self._progress.step(1)
        self.store.set_state(batch.id, BatchState.DELIVERED)
        shutil.rmtree(work, ignore_errors=True)

    def _publish_pictures(self, batch: Batch) -> None:
        work = self._folder(batch) / "work"
        if (work / BADGE).exists():  # a batch built by an earlier version has none
            course = achievement_id(kept_course(self._folder(batch) / "course")).removeprefix("urn:uuid:")
            card, badge = (work / CARD).read_bytes(), (work / BADGE).read_bytes()
            self._archive.publish_pictures(batch.domain, course, card, badge)

    def _discard(self, batch: Batch) -> None:
        self.store.discard(batch.id)
        shutil.rmtree(self._folder(batch), ignore_errors=True)

    def _folder(self, batch: Batch) -> Path:
        return self._data / "batches" / batch.id

    def _times(self, domain: str, achievement: str, rows: Sequence[Row], again: frozenset[int]) -> list[int]:
        """How often each had the course before; who had it and is not asked for again is refused."""
        issued = self.store.issued(domain, achievement)
        before = [issued.get(person_of(row)) for row in rows]
        known = [row for row, one in zip(rows, before, strict=True) if one is not None and row.number not in again]
        if known:
            raise AlreadyIssuedError(
                [f"Row {row.number} ({row.name}) has this course's certificate already." for row in known]
            )
        return [0 if one is None else one.again + 1 for one in before]


def check_class(course: Course, rows: Sequence[Row]) -> None:
    """See that every sheet of a class can be drawn.

    Raises:
        RosterErrors: all rows that cannot, with what to do.
        BuildError: the course's own texts cannot be drawn.
    """
    try:
        problems = undrawable(course, rows)
    except SheetError as error:
        raise BuildError(f"The course description: {error}. Nothing was issued.") from None
    if problems:
        raise RosterErrors(problems)


def _check_out(out: Path, rows: Sequence[Row]) -> None:
    """Refuse a folder that cannot be written or holds such files already, before anything begins."""
    with _disk(out):
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f".sanad-{uuid.uuid4()}"
        probe.write_bytes(b"")
        probe.unlink()
    present = {path.name for path in out.iterdir()}
    for position, row in enumerate(rows):
        stem = file_stem(position, len(rows), row.name)
        for name in (f"{stem}.pdf", f"{stem}.json"):
            if name in present:
                raise DiskError(f"{out / name} is there already. Choose another folder with --out.")


def _place(source: Path, target: Path) -> None:
    """Put a finished file where it belongs; the same file there already is fine, another is never overwritten."""
    if target.exists():
        if target.read_bytes() != source.read_bytes():
            raise DiskError(f"{target} is there already and is another file. Move it away, then type: sanad resume")
        return
    try:
        os.link(source, target)
    except OSError:
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, part)
        part.replace(target)


@contextmanager
def _disk(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(f"{place} cannot be written: {error.strerror or error}.") from None
