"""What the files that are left prove: certificates by their own paths, batch files by their roots.

Envelopes are looked for in the archive and in folders; of a PDF only the envelope that is sealed into it. Nothing here
says that a batch is registered: the registry does (issuer/custody/rebuilding.py).
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from issuer.custody.from_credential import Credential, NoDraftError, draft_of
from issuer.publishing.status_credential import Address
from issuer.records import Draft
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.credential import issuer_domain, read_fields
from verifier.core.envelope import Envelope, sheet_hash
from verifier.core.errors import BatchFileError, SanadError, SealError
from verifier.core.hashes import sha256
from verifier.core.limits import LIMITS
from verifier.core.reading import read_file
from verifier.core.seal import is_sealed, unseal
from verifier.plain_file import read_plain

_HASH = re.compile("[0-9a-f]{64}")
_JSON, _PDF, _BATCH, _COURSE = ".json", ".pdf", ".sanad", ".toml"
Key = tuple[str, bytes]
"""Domain and root of a batch."""


@dataclass
class Found:
    """One certificate that leads to its root."""

    hash: bytes
    index: int
    sheet: bytes
    draft: Draft
    address: Address | None
    envelope: Path | None = None
    """A file with its envelope, in a folder."""
    pdf: Path | None = None


@dataclass
class FoundBatch:
    """All that was found of one batch."""

    domain: str
    root: bytes
    certificates: dict[int, Found] = field(default_factory=dict)
    file: BatchFile | None = None
    sample: Credential | None = field(default=None, repr=False)
    """The credential of one of its certificates."""
    sample_index: int = 0

    @property
    def title(self) -> str | None:
        """The course's title."""
        return None if self.sample is None else read_fields(self.sample).course


@dataclass
class Evidence:
    """What was found, by batch."""

    batches: dict[Key, FoundBatch] = field(default_factory=dict)
    courses: list[Path] = field(default_factory=list)
    """Files that may be course descriptions."""
    erased: dict[Key, dict[int, Found]] = field(default_factory=dict)
    """Certificates that are marked as erased: only their places may be kept."""
    left: list[Path] = field(default_factory=list)
    """Files of those, which the erasure did not reach."""
    marked: int = 0
    """How many certificates are marked as erased, found or not."""
    unproved: dict[Path, str] = field(default_factory=dict)
    """Files that prove nothing, and why."""

    def batch(self, domain: str, root: bytes) -> FoundBatch:
        """The batch of that root, which may be new."""
        return self.batches.setdefault((domain, root), FoundBatch(domain, root))


class Gathering:
    """Looks through an archive and folders.

    Args:
        is_erased: whether the certificate `H` is marked as erased.
        progress: is called for each file.
    """

    def __init__(
        self, is_erased: Callable[[bytes], bool], progress: Callable[[int], None] = lambda _count: None
    ) -> None:
        self.found = Evidence()
        self._is_erased, self._progress = is_erased, progress
        self._seen: dict[bytes, Found] = {}

    def archive(self, folder: Path) -> None:
        """Look through an archive; files with other names than its layout has are as if not there."""
        archive = FolderArchive(folder)
        for name in archive.batches():
            path = folder / "batches" / f"{name}.sanad"
            self._batch_file(path, archive.batch_file(name))
        for path in sorted((folder / "envelopes").glob("????/*.json")):
            self._progress(1)
            if _HASH.fullmatch(path.stem):
                self._certificate(path, archived=True)

    def folder(self, folder: Path) -> None:
        """Look through a folder and those in it."""
        for path in _files(folder):
            self._progress(1)
            if path.suffix == _BATCH:
                self._batch_file(path, _read(path) or b"")
            elif path.suffix == _COURSE:
                self.found.courses.append(path)
            else:
                self._certificate(path)

    def _batch_file(self, path: Path, data: bytes) -> None:
        try:
            file = parse_batch_file(data)
        except BatchFileError as error:
            self.found.unproved[path] = str(error)
        else:
            self.found.batch(file.domain, file.root).file = file

    def _certificate(self, path: Path, archived: bool = False) -> None:
        data = _read(path)
        if data is None:
            return
        found = self._seen_before(data)
        try:
            if found is None:
                reading = read_file(data)
                if reading.envelope is None or reading.altered:
                    why = "it is not as it was issued" if reading.altered else "it carries no envelope"
                    self._tell(path, data, why)
                    return
                found = self._take(reading.envelope)
        except (SanadError, NoDraftError) as error:
            self._tell(path, data, str(error))
            return
        if self._is_erased(found.hash):
            self.found.left.append(path)
        elif path.suffix.lower() == _PDF:
            found.pdf = path
        elif not archived:
            found.envelope = path

    def _seen_before(self, data: bytes) -> Found | None:
        """The certificate whose envelope these bytes are, or hold under an intact seal, where it was read already."""
        if not is_sealed(data):
            return self._seen.get(sha256(data))
        try:
            sheet, inside = unseal(data)
        except SealError:
            return None
        found = self._seen.get(sha256(inside))
        return found if found is not None and sheet_hash(sheet) == found.sheet else None

    def _take(self, envelope: Envelope) -> Found:
        domain = issuer_domain(envelope.credential)
        draft, address = draft_of(envelope.credential, envelope.index)
        found = Found(envelope.hash, envelope.index, envelope.sheet, draft, address)
        batch = self.found.batch(domain, envelope.root)
        if self._is_erased(envelope.hash):
            self.found.erased.setdefault((domain, envelope.root), {})[envelope.index] = found
        else:
            batch.certificates[envelope.index] = found
            if batch.sample is None:
                batch.sample, batch.sample_index = envelope.credential, envelope.index
        self._seen[sha256(envelope.to_bytes())] = found
        return found

    def _tell(self, path: Path, data: bytes, why: str) -> None:
        """Report a file that looks like one of ours; what else lies in a folder is nobody's business."""
        if path.suffix.lower() == _PDF or b'"credential"' in data[:64]:
            self.found.unproved[path] = why.removesuffix(".")


def read_envelope(path: Path) -> bytes | None:
    """The envelope's bytes in a file that carries one and is as issued; None where it does not."""
    data = _read(path)
    try:
        reading = None if data is None else read_file(data)
    except SanadError:
        return None
    if reading is None or reading.envelope is None or reading.altered:
        return None
    return data if path.suffix.lower() == _JSON else reading.envelope.to_bytes()


def _files(folder: Path) -> Iterator[Path]:
    """The files of the kinds that are read, envelopes before PDFs; links to folders are not followed."""
    wanted: Sequence[str] = (_BATCH, _JSON, _PDF, _COURSE)
    for place, folders, names in os.walk(folder):
        folders.sort()
        chosen = [name for name in names if Path(name).suffix.lower() in wanted and not name.startswith(".")]
        for name in sorted(chosen, key=lambda name: (wanted.index(Path(name).suffix.lower()), name)):
            yield Path(place) / name


def _read(path: Path) -> bytes | None:
    """A file's bytes; None where it cannot be read, or is larger than any certificate."""
    limit = None if path.suffix == _BATCH else LIMITS.file_bytes
    try:
        data = read_plain(path, limit)
    except OSError:
        return None
    return None if limit is not None and len(data) > limit else data
