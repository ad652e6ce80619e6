"""From drafts to files: credentials signed, sheets drawn, the tree made, envelopes sealed in, each file verified.

Nothing here needs the chain. The same drafts give the same bytes on every machine, so an interrupted build
is made again. Each certificate passes through once before the tree and once after it; what is kept for
the whole batch is 64 bytes each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer.course.course import Course
from issuer.course.sheet_wording import sheet_fields, sheet_wording
from issuer.credential.credential import draft_credential, sign_credential
from issuer.credential.quads_template import QuadsTemplates
from issuer.disk.private_files import open_private, write_private
from issuer.errors import BuildError
from issuer.pictures.course_pictures import course_pictures
from issuer.records import Draft
from issuer.sheet.errors import SheetError
from issuer.sheet.template import SheetTemplate
from verifier.archive_folder import BADGE, CARD
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.canonical import canonical
from verifier.core.envelope import join
from verifier.core.hashes import commitment, sha256
from verifier.core.merkle import MerkleTree
from verifier.core.reading import read_file
from verifier.core.seal import seal

CREDENTIALS = "credentials.jsonl"
BATCH_FILE = "batch.sanad"

Progress = Callable[[int], None]
"""Called with how many more certificates are done."""


@dataclass(frozen=True)
class Built:
    """A batch whose files are all made and verified, except against the chain."""

    root: bytes
    hashes: tuple[tuple[bytes, bytes], ...]
    """`(H, P)` by position."""


def build(course: Course, drafts: Iterable[Draft], key: Ed25519PrivateKey, folder: Path, progress: Progress) -> Built:
    """Make every file of a batch in `folder`: sealed PDFs, envelopes, the batch file.

    Raises:
        BuildError: something cannot be drawn, or a file was not made correctly; nothing may be issued.
        OSError: the folder cannot be written.
    """
    _draw_pictures(course, folder)
    hashes = tuple(_draw(course, drafts, key, folder, progress))
    body = b"".join(commitment(hash_) + sheet for hash_, sheet in hashes)
    file = BatchFile(course.institution.domain, b"", body)
    tree = tree_of(file.record(index) for index in range(file.size))
    write_private(folder / BATCH_FILE, BatchFile(file.domain, tree.root, body).to_bytes())
    _seal(folder, tree, hashes, progress)
    return Built(tree.root, hashes)


def pdf_path(folder: Path, position: int) -> Path:
    """Where a certificate's PDF is in the batch's folder."""
    return folder / f"{position:06d}.pdf"


def envelope_path(folder: Path, position: int) -> Path:
    """Where a certificate's envelope is in the batch's folder."""
    return folder / f"{position:06d}.json"


def _draw(
    course: Course, drafts: Iterable[Draft], key: Ed25519PrivateKey, folder: Path, progress: Progress
) -> Iterator[tuple[bytes, bytes]]:
    """First pass: sign and draw; the canonical credentials go to one file, the sheets to one each."""
    template, canonicalise = _template(course), QuadsTemplates()
    with open_private(folder / CREDENTIALS) as credentials:
        for draft in drafts:
            unsigned = draft_credential(course, draft.row, draft.identity)
            suite = course.signature.cryptosuite
            signed = sign_credential(unsigned, key, draft.identity.drafted, suite, canonicalise)
            data = canonical(signed)
            hash_ = sha256(data)
            try:
                sheet = template.draw(sheet_fields(course, signed, hash_, draft.identity.drafted))
            except SheetError as error:
                raise BuildError(f"Row {draft.row.number}: {error}. Nothing was issued.") from None
            credentials.write(data + b"\n")
            write_private(pdf_path(folder, draft.position), sheet)
            yield hash_, sha256(sheet)
            progress(1)


def _draw_pictures(course: Course, folder: Path) -> None:
    try:
        pictures = course_pictures(course)
    except SheetError as error:
        raise BuildError(f"The pictures of the course: {error}. Nothing was issued.") from None
    write_private(folder / CARD, pictures.card)
    write_private(folder / BADGE, pictures.badge)


def _template(course: Course) -> SheetTemplate:
    try:
        return SheetTemplate(sheet_wording(course))
    except SheetError as error:
        raise BuildError(f"The course description: {error}. Nothing was issued.") from None


def _seal(folder: Path, tree: MerkleTree, hashes: tuple[tuple[bytes, bytes], ...], progress: Progress) -> None:
    """Second pass: envelope and seal, and each finished file through the verifier's own reading."""
    with (folder / CREDENTIALS).open("rb") as credentials:
        for position, line in enumerate(credentials):
            hash_, sheet_hash = hashes[position]
            envelope = join(line.rstrip(b"\n"), position, sheet_hash, tree.root, tuple(tree.path(position)))
            path = pdf_path(folder, position)
            sheet = path.read_bytes()
            with path.open("ab") as file:
                file.write(seal(sheet, envelope))
            write_private(envelope_path(folder, position), envelope)
            _check(path, hash_)
            progress(1)


def _check(path: Path, hash_: bytes) -> None:
    reading = read_file(path.read_bytes())
    if reading.altered or reading.envelope is None or reading.envelope.hash != hash_:
        raise BuildError(f"{path.name} is not as it was written; nothing was issued. Is the disk damaged?")
