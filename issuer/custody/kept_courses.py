"""Course descriptions found again for rebuilt batches.

A description is the batch's own where it gives the very credential that was issued, from its student's row.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from issuer.course.course import Course, load_course
from issuer.course.kept_course import keep_course, kept_course
from issuer.credential.credential import draft_credential
from issuer.custody.evidence import FoundBatch
from issuer.disk.private_files import private_folder
from issuer.disk.writing import force_to_disk, writing_to
from issuer.errors import IssuerError
from issuer.records import Draft

COURSE = "course"
_PART = ".course.part"
_EMAIL = "emailAddress"


class KeptCourses:
    """The course descriptions that are left.

    Args:
        batches: the folder with a folder for each batch, in the data folder.
        files: other files that may be course descriptions.
    """

    def __init__(self, batches: Path, files: Iterable[Path]) -> None:
        self._batches = batches
        kept = sorted(path.parent for path in batches.glob(f"*/{COURSE}/course.toml"))
        inside = {path / "course.toml" for path in kept}
        self._found = [*_read(kept, kept_course), *_read((each for each in files if each not in inside), _course_in)]

    def has(self, id_: str) -> bool:
        """Whether a batch has its own already."""
        return (self._batches / id_ / COURSE / "course.toml").exists()

    def of(self, batch: FoundBatch, draft: Draft, origin: str) -> tuple[Path, Course] | None:
        """The description that gives the batch's sample, whose draft is given; None where none does."""
        assert batch.sample is not None
        wanted = _comparable(batch.sample)
        for path, course in self._found:
            if course.institution.domain == batch.domain and _gives(course.with_origin(origin), draft, wanted):
                return path, course
        return None

    def keep(self, id_: str, found: tuple[Path, Course]) -> None:
        """Keep a description with a batch; it is there whole or not at all.

        Raises:
            DiskError: it cannot be written.
        """
        path, course = found
        folder = self._batches / id_
        with writing_to(folder):
            private_folder(folder)
            part = folder / _PART
            shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
            keep_course(path / "course.toml" if path.is_dir() else path, course, part)
            force_to_disk(part)
            part.rename(folder / COURSE)


def _course_in(path: Path) -> Course:
    """A description in a folder of a person's, or one that was kept with a batch elsewhere."""
    return kept_course(path.parent) if path.name == "course.toml" else load_course(path)


def _read(paths: Iterable[Path], read: Callable[[Path], Course]) -> list[tuple[Path, Course]]:
    found = []
    for path in paths:
        try:
            found.append((path, read(path)))
        except (IssuerError, OSError, UnicodeDecodeError):  # another file, or one that somebody has changed
            continue
    return found


def _gives(course: Course, draft: Draft, wanted: Mapping[str, Any]) -> bool:
    try:
        return _comparable(draft_credential(course, draft.row, draft.identity)) == wanted
    except IssuerError:
        return False


def _comparable(credential: Mapping[str, Any]) -> dict[str, Any]:
    """A credential without its proof, and without what a draft made from it lacks: the hash of an e-mail address."""
    plain = {name: value for name, value in credential.items() if name != "proof"}
    subject = dict(plain["credentialSubject"])
    subject["identifier"] = [each for each in subject.get("identifier", ()) if each.get("identityType") != _EMAIL]
    return {**plain, "credentialSubject": subject}
