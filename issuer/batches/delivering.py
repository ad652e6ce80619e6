"""Delivering: every file into the institution's folder, every envelope into the archive. It is safe to repeat."""

import os
from collections.abc import Callable
from pathlib import Path

from issuer.batches.building import BATCH_FILE, envelope_path, pdf_path
from issuer.batches.filenames import file_stem
from issuer.course.kept_course import kept_course
from issuer.credential.achievement import achievement_id
from issuer.disk.private_files import private_folder, replace_private
from issuer.disk.writing import force_to_disk, remove_parts, writing_to
from issuer.errors import DiskError
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Batch, Records
from verifier.archive_folder import BADGE, CARD

COURSE, WORK = "course", "work"
"""Folders of a batch in the data folder: the course as it was drafted, and the files before they are delivered."""


def deliver(
    store: Records,
    batch: Batch,
    folder: Path,
    archive: ArchiveWriter,
    educator: bytes | None,
    step: Callable[[int], None],
) -> None:
    """Publish and place every file of a batch, from its `folder`; when this returns they are on the disk.

    Raises:
        DiskError: a folder cannot be written, or another file is where one of ours belongs.
        ArchiveError: the archive cannot be written, or holds something else there.
    """
    out, work = Path(batch.out), folder / WORK
    with writing_to(out):
        private_folder(out)
        _remove_parts(store, batch, out)
        archive.publish_batch((work / BATCH_FILE).read_bytes())
        if educator is not None and batch.root is not None:
            archive.publish_educator(batch.domain, batch.root, educator)
        _publish_pictures(batch, folder, archive)
        with archive.together():
            for draft in store.drafts(batch.id):
                stem = file_stem(draft.position, batch.size, draft.row.name)
                archive.publish_envelope(envelope_path(work, draft.position).read_bytes())
                _place(envelope_path(work, draft.position), out / f"{stem}.json")
                _place(pdf_path(work, draft.position), out / f"{stem}.pdf")
                step(1)
        force_to_disk(out)


def _publish_pictures(batch: Batch, folder: Path, archive: ArchiveWriter) -> None:
    work = folder / WORK
    if (work / BADGE).exists():  # a batch built by an earlier version has none
        course = achievement_id(kept_course(folder / COURSE)).removeprefix("urn:uuid:")
        archive.publish_pictures(batch.domain, course, (work / CARD).read_bytes(), (work / BADGE).read_bytes())


def _remove_parts(store: Records, batch: Batch, out: Path) -> None:
    """Remove what an earlier run was writing here for this batch when it was killed."""
    stems = (file_stem(draft.position, batch.size, draft.row.name) for draft in store.drafts(batch.id))
    own = {f"{stem}{ending}" for stem in stems for ending in (".pdf", ".json")}
    remove_parts(out, own.__contains__)


def _place(source: Path, target: Path) -> None:
    """Put a finished file where it belongs; the same file there already is fine, another is never overwritten."""
    if target.exists():
        if target.samefile(source) or target.read_bytes() == source.read_bytes():
            return
        raise DiskError(f"{target} is there already and is a different file. Move it away, then type: sanad resume")
    try:
        os.link(source, target)
    except OSError:
        replace_private(target, source.read_bytes())
