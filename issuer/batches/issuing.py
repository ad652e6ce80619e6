"""Issuing a batch: drafted → built → anchoring → final → delivered, each state stored before the next begins.

`advance` does one step from the state in the records, so an interrupted run continues where it stopped.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from issuer.batches.anchoring import Anchoring
from issuer.batches.building import BATCH_FILE, Built, build
from issuer.batches.delivering import COURSE, WORK, deliver
from issuer.batches.drafting import Wanted, draft
from issuer.batches.leftovers import keep_folder, remove_folder, work_folders
from issuer.batches.progress import SILENT, Progress
from issuer.course.course import Course, load_course
from issuer.course.kept_course import kept_course
from issuer.disk.private_files import private_folder
from issuer.disk.writing import force_to_disk, writing_to
from issuer.errors import (
    BegunError,
    BuildError,
    BusyError,
    CourseElsewhereError,
    DiskError,
    IssuerError,
    NodeUnusableError,
    RevertedError,
    RosterErrors,
)
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_drawing import StatusDrawing
from issuer.records import Batch, BatchState, Records
from issuer.records.place import in_folder
from issuer.registry.guards import not_accredited
from issuer.roster import Row
from issuer.roster.drawable import undrawable
from issuer.sending.values import FINAL_SECONDS
from issuer.sending.waiting import say, waiting
from issuer.sheet.errors import SheetError
from issuer.text import utc
from verifier.archive_folder import FolderArchive, batch_path
from verifier.chain.registry import NodeRegistry
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError, RegistryUnavailableError
from verifier.core.hashes import institution_id
from verifier.core.registry import Registry
from verifier.errors import ClockError, NoFinalityError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from issuer.registry.writer import Issued, RegistryWriter
    from issuer.sending import Cost

ENDED = (BatchState.DELIVERED, BatchState.CANCELLED)
_LOOKED_AT_AGAIN = timedelta(days=1)
"""For how long after its delivery `sanad resume` checks whether the chain still has a batch."""


class Issuer:
    """One institution's issuing: its records, its keys, its archive, and the registry.

    Args:
        data: folder of the records and of batches in work.
        archive: where envelopes and batch files are published.
        key: the institution's Ed25519 key.
        writer: the signer's way to the registry.
        registry: the same registry as verifiers read it.
        progress: gets reports on how the work goes.
        store: the records, where they are not in the data folder.
        final_seconds: how long to wait for finality before a batch is left to `sanad resume`.
        settle_seconds: how old a final registration must be before files, links and letters go out.
    """

    def __init__(
        self,
        data: Path,
        archive: ArchiveWriter,
        key: "Ed25519PrivateKey",
        writer: "RegistryWriter",
        registry: Registry,
        progress: Progress = SILENT,
        store: Records | None = None,
        final_seconds: float = FINAL_SECONDS,
        settle_seconds: int = 0,
    ) -> None:
        private_folder(data)
        self.store = store or Records(in_folder(data))
        self.educator: bytes | None = None
        """`H` of the certificate of the educator whose key signs; published beside each batch."""
        self._batches, self._archive, self._key = data / "batches", archive, key
        self._writer, self._registry, self._progress = writer, registry, progress
        self._anchoring = Anchoring(self.store, writer, registry, progress, final_seconds, settle_seconds)
        self.issued: Issued | None = None
        """What the last `issue` did on the chain."""

    def issue(
        self,
        course_file: Path,
        rows: Sequence[Row],
        out: Path,
        origin: str | None = None,
        again: frozenset[int] = frozenset(),
        had: Mapping[int, int] = MappingProxyType({}),
    ) -> Batch:
        """Issue a whole class: one transaction, a sealed PDF and an envelope for each student in `out`.

        `again` are the numbers of rows whose students get the course again; `had`, how many they had (Wanted.had).

        Raises:
            AlreadyIssuedError: another run was faster with some of these students; nothing was issued.
            BegunError: the batch is begun but not finished, and the message says how to continue.
            IssuerError: with what is wrong; nothing was issued.
        """
        course = load_course(course_file)
        if origin is not None:
            course = course.with_origin(origin)
        return self.issue_class(Wanted(course_file, course, rows, out, again, had=had))

    def issue_class(self, wanted: Wanted) -> Batch:
        """As `issue`, of a class that is read already."""
        check_class(wanted.course, wanted.rows)
        cost = self.cost(wanted.course.institution.domain, len(wanted.rows))
        self._progress.say(
            f"Registering will cost at most {cost.wei / 1e18:.6f} coins; {self._writer.sender.address} "
            f"has {cost.balance / 1e18:.6f}."
        )
        batch = self._draft(wanted)
        with self._working_on(batch):
            try:
                batch = self.advance(batch)
            except BuildError:
                # Nothing has left this machine, and this class cannot be made: as if it had not been begun.
                self._discard(batch)
                raise
            except IssuerError as error:  # a full disk, say: the draft is stored
                raise self._begun_error(batch, error) from None
            return self._finish(batch)

    def cost(self, domain: str, size: int) -> "Cost":
        """What registering so many certificates will cost; the signer may issue, and the key can pay.

        Raises:
            IssuerError: it may not, it cannot, or no node can be asked.
        """
        institution = institution_id(domain)
        with waiting(lambda: "Still asking the nodes whether the key may issue, and what it costs."):
            self._check_registry()
            self._check_signer(domain, institution)
            return self._writer.cost_of_issuing(institution, size)

    def _check_signer(self, domain: str, institution: bytes) -> None:
        try:
            self._writer.check_signer(institution)
        except RevertedError as error:
            if self._writer.is_accredited(institution):
                raise
            why = not_accredited(domain, self._domains(), f"the registry {self._writer.address}")
            raise RevertedError(
                f"{why} Compare it with [institution] domain in course.toml; only the programme accredits "
                "institutions.",
                error.reason,
            ) from None

    def _domains(self) -> list[str]:
        """The registry's institutions; none where it gave no usable answer."""
        try:
            return list(self._registry.batch_counts())
        except RegistryUnavailableError:
            return []

    def _check_registry(self) -> None:
        """See that the nodes say which block is final, and say if this machine's clock seems to be wrong."""
        if not isinstance(self._registry, NodeRegistry):
            return
        try:
            self._registry.finalized_time()
        except NoFinalityError as error:
            raise NodeUnusableError(f"{error} Look at nodes in sanad.toml. Nothing was issued.") from None
        except ClockError as error:
            say(str(error))
        except RegistryUnavailableError:
            pass  # nodes may be back when it matters

    def draft(
        self, course_file: Path, course: Course, rows: Sequence[Row], out: Path, again: frozenset[int] = frozenset()
    ) -> Batch:
        """Draw what is random, and store it with roster and course before anything is made of it.

        The moment of drafting is the chain's: this machine's clock may be wrong.
        """
        return self._draft(Wanted(course_file, course, rows, out, again))

    def _draft(self, wanted: Wanted) -> Batch:
        moment = datetime.fromtimestamp(self._writer.sender.now(), UTC)
        lists = StatusDrawing(self._key, self.store, self._archive)
        return draft(self.store, self._batches, wanted, moment, lists.draw)

    def finish(self, batch: Batch) -> Batch:
        """Take a batch through all the states that are left.

        Raises:
            BegunError: it is not finished yet, and the message says how to continue.
            BusyError: another run is working on it.
        """
        with self._working_on(batch):
            with writing_to(self._folder(batch)):
                keep_folder(self._batches, batch.id)
            return self._finish(self.store.batch(batch.id))

    def _finish(self, batch: Batch) -> Batch:
        try:
            while batch.state not in ENDED:
                batch = self.advance(batch)
        except IssuerError as error:
            raise self._begun_error(batch, error) from None
        return batch

    def _begun_error(self, batch: Batch, error: IssuerError) -> IssuerError:
        """Note what a batch waits for, and report its state."""
        try:
            batch = self.store.batch(batch.id)
            if not isinstance(error, CourseElsewhereError):  # which is true of this machine only
                self.store.set_waits(batch.id, str(error))
        except IssuerError:  # the records themselves fail; there is nowhere to note it
            pass
        return error if isinstance(error, BusyError) else BegunError(batch, error)

    def reorganised(self) -> list[Batch]:
        """Batches that were delivered recently and that the chain has lost since; they must be registered again.

        Raises:
            RegistryUnavailableError: the registry cannot be asked.
            DiskError: a batch file is missing.
        """
        since = utc(datetime.now(UTC) - _LOOKED_AT_AGAIN)
        found = []
        for batch in self.store.batches():
            recent = batch.state is BatchState.DELIVERED and (batch.since or "") > since
            if recent and self._anchoring.is_here(batch) and not self._anchoring.still_has(self._batch_file(batch)):
                self.store.set_state(batch.id, BatchState.ANCHORING)
                self.store.trail.add("reorganised", batch.domain, batch.id)
                found.append(self.store.batch(batch.id))
        return found

    def waiting(self) -> list[Batch]:
        """The batches that are not done, oldest first; those that the chain has lost are among them."""
        try:
            with waiting(lambda: "Still asking the nodes whether the chain has what was delivered lately."):
                lost = self.reorganised()
        except (RegistryUnavailableError, DiskError) as error:
            self._progress.say(f"Whether the chain still has what was delivered could not be checked. {error}")
            lost = []
        known = {batch.id for batch in lost}
        return lost + [one for one in self.store.batches() if one.state not in ENDED and one.id not in known]

    def name_educator(self) -> int:
        """Name the educator beside batches that this key registered before `educator` was set; how many there were."""
        if self.educator is None:
            return 0
        archive = FolderArchive(self._archive.path)
        found = 0
        for batch in self.store.batches():
            ours = batch.state is BatchState.DELIVERED and batch.signer == self._writer.signer
            if ours and batch.root is not None and archive.educator(batch.domain, batch.root) is None:
                self._archive.publish_educator(batch.domain, batch.root, self.educator)
                found += 1
        return found

    def advance(self, batch: Batch) -> Batch:
        """Take a batch one state further."""
        step = {
            BatchState.DRAFTED: self._build,
            BatchState.BUILT: self._anchoring.begin,
            BatchState.ANCHORING: self._anchor,
            BatchState.FINAL: self._deliver,
        }[batch.state]
        step(batch)
        return self.store.batch(batch.id)

    def _build(self, batch: Batch) -> None:
        built = self._build_in(self._folder(batch) / WORK, batch)
        self.store.set_built(batch.id, built.root, built.hashes)

    def _build_in(self, work: Path, batch: Batch) -> Built:
        course = kept_course(self._folder(batch) / COURSE).with_origin(batch.origin)
        self._progress.stage("Signing, drawing and sealing", 2 * batch.size)
        shutil.rmtree(work, ignore_errors=True)
        try:
            with writing_to(work):
                private_folder(work)
                built = build(course, self.store.drafts(batch.id), self._key, work, self._progress.step)
                force_to_disk(work)
        except DiskError:
            shutil.rmtree(work, ignore_errors=True)  # so that the disk has some room again
            raise
        return built

    def _build_again(self, batch: Batch) -> None:
        """Make the files of a built batch again where they are lost, as after a restore: they are the same."""
        work = self._folder(batch) / WORK
        if work.exists() or any(entry.did == BatchState.DELIVERED for entry in self.store.trail.entries(batch.id)):
            return
        _, fresh = work_folders(self._folder(batch))
        built = self._build_in(fresh, batch)
        if built.root != batch.root:
            raise BuildError(
                f"The files of batch {batch.id} are lost, and those made again differ: the institution's key or "
                "the course description has changed. Put these back, then type: sanad resume"
            )
        with writing_to(work):
            fresh.rename(work)

    def _anchor(self, batch: Batch) -> None:
        self._build_again(batch)
        file = self._batch_file(batch)
        # Before anything is signed: who loses the records still finds in the archive what the chain has.
        self._archive.publish_batch(file.to_bytes())
        self.issued = self._anchoring.anchor(batch, file)
        self.store.set_state(batch.id, BatchState.FINAL)

    def _deliver(self, batch: Batch) -> None:
        self._build_again(batch)
        work = self._folder(batch) / WORK
        self._progress.stage("Delivering", batch.size)
        if work.exists():  # else it was delivered before, and only the chain had lost it
            deliver(self.store, batch, self._folder(batch), self._archive, self.educator, self._progress.step)
        self.store.set_state(batch.id, BatchState.DELIVERED)
        shutil.rmtree(work, ignore_errors=True)

    def _batch_file(self, batch: Batch) -> BatchFile:
        assert batch.root is not None
        path = self._folder(batch) / WORK / BATCH_FILE
        if not path.exists():
            path = batch_path(self._archive.path, batch.domain, batch.root)
        try:
            return parse_batch_file(path.read_bytes())
        except (OSError, BatchFileError):
            raise DiskError(f"{path} cannot be read; take it from a backup, then type: sanad resume") from None

    def _discard(self, batch: Batch) -> None:
        try:
            self.store.discard(batch.id)
        except IssuerError as error:
            raise self._begun_error(batch, error) from None
        remove_folder(self._batches, batch.id)

    def _folder(self, batch: Batch) -> Path:
        return self._batches / batch.id

    @contextmanager
    def _working_on(self, batch: Batch) -> Iterator[None]:
        busy = f"Another run is working on batch {batch.id}; let it finish. See: sanad batches"
        with self.store.locks.held(f"batch:{batch.id}", 0, busy):
            yield


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
