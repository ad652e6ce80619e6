"""Which course and term a certificate is of, as far as records or archives here know: batch files do not say it.

An envelope is believed where its credential's hash has the commitment that the batch file proves; so nobody can
change the figures by changing an envelope.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer.course.kept_course import kept_course
from issuer.errors import CourseError
from issuer.records import Batch, Records
from verifier.archive_folder import FolderArchive, envelope_path
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import commitment, sha256
from verifier.core.limits import LIMITS

_CREDENTIAL, _REST = b'{"credential":', b',"index":'
"""How an envelope begins, and what follows the credential in it (SPEC.md section 6)."""


@dataclass(frozen=True)
class Taught:
    """A course and a term; None where the certificate names none."""

    course: str
    term: str | None = None


class Courses:
    """Looks first into the records, then into the archives' envelopes.

    Args:
        archives: where envelopes are.
        store: the issuer's records, if there are some.
        data: the folder where the course of each recorded batch is kept.
    """

    def __init__(self, archives: Sequence[Path] = (), store: Records | None = None, data: Path | None = None) -> None:
        self._archives, self._store, self._data = tuple(archives), store, data
        self._paths: dict[bytes, Path] | None = None
        self._batches = {} if store is None else {batch.root: batch for batch in store.batches() if batch.root}
        self.troubles: list[str] = []

    def of(self, domain: str, file: BatchFile, wanted: Iterable[tuple[int, bytes]]) -> Mapping[int, Taught]:
        """Course and term by index, of those certificates of which it is known; `wanted` are indices, commitments."""
        batch = self._batches.get(file.root)
        if batch is not None and batch.domain == domain:
            return self._recorded(batch)
        found = {}
        paths = self._known()
        for index, each in wanted:
            path = paths.get(each)
            taught = None if path is None else _said(path, each)
            if taught is not None:
                found[index] = taught
        return found

    def _recorded(self, batch: Batch) -> dict[int, Taught]:
        assert self._store is not None
        usual = self._term(batch)
        known = {
            draft.position: Taught(batch.course, draft.row.term or usual) for draft in self._store.drafts(batch.id)
        }
        erased = Taught(batch.course, None)
        return {index: known.get(index, erased) for index in range(batch.size)}

    def _term(self, batch: Batch) -> str | None:
        if self._data is None:
            return None
        try:
            return kept_course(self._data / "batches" / batch.id / "course").term
        except (CourseError, OSError):
            return None

    def _known(self) -> dict[bytes, Path]:
        """The path of each envelope by its certificate's commitment."""
        if self._paths is None:
            self._paths = {}
            for folder in self._archives:
                for hash_ in _hashes(folder):
                    self._paths.setdefault(commitment(hash_), envelope_path(folder, hash_))
        return self._paths


def _hashes(folder: Path) -> Iterable[bytes]:
    """Every `H` that an archive has an envelope of."""
    archive = FolderArchive(folder)
    try:
        prefixes = sorted(each.name for each in (folder / "envelopes").iterdir())
    except OSError:
        return
    for prefix in prefixes:
        if len(prefix) == 4:
            yield from archive.hashes(prefix)


def _said(path: Path, proved: bytes) -> Taught | None:
    """What an envelope's credential says, if it is the one that has this commitment."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMITS.envelope_bytes + 1)
    except OSError:
        return None
    credential = data[len(_CREDENTIAL) : data.rfind(_REST)]
    if not data.startswith(_CREDENTIAL) or commitment(sha256(credential)) != proved:
        return None
    try:
        subject = _first(json.loads(credential).get("credentialSubject"))
    except (ValueError, AttributeError, RecursionError):
        return None
    course, term = _first(subject.get("achievement")).get("name"), subject.get("term")
    if not isinstance(course, str):
        return None
    return Taught(course, term if isinstance(term, str) else None)


def _first(value: Any) -> dict[str, Any]:
    """An object, or the first one of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}
