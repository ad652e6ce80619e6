"""The delivered files of a batch made again, byte for byte, from the records and the archive; no key is needed.

The envelope is the archive's, the sheet is drawn again from the credential, and the seal follows from both; what does
not come out as it was registered is not written. Who was erased is in neither, and is not made again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from issuer.batches.delivering import COURSE
from issuer.batches.filenames import file_stem
from issuer.course.course import Course
from issuer.course.kept_course import kept_course
from issuer.course.sheet_wording import sheet_fields, sheet_wording
from issuer.disk.private_files import private_folder, replace_private
from issuer.disk.writing import force_to_disk, writing_to
from issuer.errors import CourseElsewhereError, IssuerError, RedeliveryError
from issuer.records import Batch, BatchState, Draft, Records
from issuer.sheet.errors import SheetError
from issuer.sheet.template import SheetTemplate
from verifier.archive_folder import FolderArchive
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import sha256
from verifier.core.reading import read_file
from verifier.core.seal import seal
from verifier.plain_file import read_plain


class Fate(StrEnum):
    """What became of one certificate's files."""

    WRITTEN = "written"
    THERE = "already there"
    """The same files are there."""
    DIFFERENT = "not written"
    """Another file has the name of one of them; it was left."""
    IMPOSSIBLE = "cannot be made"


@dataclass(frozen=True)
class Redelivered:
    """One certificate."""

    row: int
    name: str
    file: Path
    """Its PDF."""
    fate: Fate
    why: str = ""
    """Where it was not written: why, and what to do."""


def redeliver(
    store: Records, batch: Batch, folder: Path, archive: Path | None, out: Path, step: Callable[[int], None]
) -> Iterator[Redelivered]:
    """Make each delivered file of a batch again in `out`; nothing that is there is overwritten.

    Args:
        store: the records.
        batch: a delivered one.
        folder: its folder in the data folder, which keeps the course.
        archive: where the envelopes are published; None where there is none.
        out: where to.
        step: hears of each certificate.

    Raises:
        RedeliveryError: the batch was never delivered, or its course is gone; nothing was written.
        DiskError: the folder cannot be written.
    """
    if batch.state is BatchState.CANCELLED:
        raise RedeliveryError(f"Batch {batch.id} was cancelled; nothing of it was issued.")
    if batch.state is not BatchState.DELIVERED:
        raise RedeliveryError(f"Batch {batch.id} is {batch.state}, not delivered yet. Type: sanad resume")
    maker = _Maker(store, batch, folder, archive)
    if maker.elsewhere is not None and not Path(batch.out).exists():
        raise RedeliveryError(str(maker.elsewhere))
    with writing_to(out):
        private_folder(out)
        for draft in store.drafts(batch.id):
            yield maker.write(draft, out)
            step(1)
        force_to_disk(out)


class _Maker:
    """Makes the files of one batch."""

    def __init__(self, store: Records, batch: Batch, folder: Path, archive: Path | None) -> None:
        self._batch, self._hashes = batch, store.hashes(batch.id)
        self._archive = None if archive is None else FolderArchive(archive)
        self._course: Course | None = None
        self._template: SheetTemplate | None = None
        self._trouble = ""
        self.elsewhere: CourseElsewhereError | None = None
        """Where another machine began the batch, so that nothing can be drawn here."""
        try:
            self._course = kept_course(folder / COURSE).with_origin(batch.origin)
            self._template = SheetTemplate(sheet_wording(self._course))
        except CourseElsewhereError as error:
            self.elsewhere = error
            self._trouble = f"the batch's course is not in {folder}, because another machine began it"
        except (OSError, IssuerError, SheetError) as error:  # what is where it was delivered may still be copied
            self._trouble = f"the batch's course in {folder / COURSE} cannot be used ({error})"

    def write(self, draft: Draft, out: Path) -> Redelivered:
        """Write one certificate's files; errors: OSError."""
        stem = file_stem(draft.position, self._batch.size, draft.row.name)
        pdf = out / f"{stem}.pdf"
        made = self._made(draft, stem)
        if isinstance(made, str):
            return Redelivered(draft.row.number, draft.row.name, pdf, Fate.IMPOSSIBLE, made)
        files = {pdf: made[0], out / f"{stem}.json": made[1]}
        others = [path for path, data in files.items() if path.exists() and not _is(path, data)]
        if others:
            why = f"{others[0]} is there and is another file. Move it away, or name another folder with --out."
            return Redelivered(draft.row.number, draft.row.name, pdf, Fate.DIFFERENT, why)
        missing = {path: data for path, data in files.items() if not path.exists()}
        for path, data in missing.items():
            replace_private(path, data)
        fate = Fate.WRITTEN if missing else Fate.THERE
        return Redelivered(draft.row.number, draft.row.name, pdf, fate)

    def _made(self, draft: Draft, stem: str) -> tuple[bytes, bytes] | str:
        """PDF and envelope; why not, in a sentence, where they cannot be made."""
        hash_, delivered = self._hashes.get(draft.position), Path(self._batch.out)
        envelope = None if hash_ is None else self._envelope(hash_, delivered / f"{stem}.json")
        if hash_ is None or envelope is None:
            return "Its envelope is neither in the archive nor where it was delivered. Put the archive back."
        pdf = self._drawn(draft, envelope)
        if pdf is None:
            pdf = _sound(delivered / f"{stem}.pdf", hash_)
        if pdf is None:
            why = self._trouble or "this version of Sanad draws the sheet otherwise than it was issued"
            return f"{why[0].upper()}{why[1:]}, and the delivered PDF is gone. The envelope is in the archive."
        return pdf, envelope.to_bytes()

    def _envelope(self, hash_: bytes, delivered: Path) -> Envelope | None:
        found = None if self._archive is None else self._archive.envelope(hash_)
        try:
            envelope = parse_envelope(found if found is not None else read_plain(delivered))
        except (OSError, SanadError):
            return None
        sound = envelope.hash == hash_ and envelope.root == envelope.computed_root == self._batch.root
        return envelope if sound else None

    def _drawn(self, draft: Draft, envelope: Envelope) -> bytes | None:
        """The sealed PDF, where the sheet comes out as it was registered."""
        if self._template is None or self._course is None:
            return None
        try:
            fields = sheet_fields(self._course, envelope.credential, envelope.hash, draft.identity.drafted)
            sheet = self._template.draw(fields)
        except (SheetError, SanadError):
            return None
        return sheet + seal(sheet, envelope.to_bytes()) if sha256(sheet) == envelope.sheet else None


def _sound(path: Path, hash_: bytes) -> bytes | None:
    """A delivered PDF, if it is as it was issued."""
    try:
        data = read_plain(path)
        reading = read_file(data)
    except (OSError, SanadError):
        return None
    return data if reading.envelope is not None and reading.envelope.hash == hash_ else None


def _is(path: Path, data: bytes) -> bool:
    try:
        return read_plain(path) == data
    except OSError:
        return False
