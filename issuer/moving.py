"""Moving an institution from one registry to another: what stood in the old one, and what the new one still lacks.

Revocations first, final, in the institution's name; then the batches that stood are adopted. What is to be done is
decided from what the new registry shows, never from notes, so a run that was cut off is simply started again.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from issuer.acts import Act
from issuer.errors import MovingError, NotFinalError
from issuer.institution_acts import InstitutionActs
from issuer.issuing import FINAL_SECONDS
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError, RegistryUnavailableError
from verifier.core.hashes import ZERO, to_hex
from verifier.core.registry import NO_ADDRESS, Record, check_record
from verifier.registry import NodeRegistry

_AT_ONCE = 200
_POLL_SECONDS = 0.25
Reasons = Mapping[bytes, tuple[int, bytes]]
"""Commitment to its revocation's reason and replacement (zero for none)."""


@dataclass(frozen=True)
class Stood:
    """What counted for one institution in the registry that is left."""

    domain: str
    batches: Mapping[bytes, int]
    """Root to size, as it was registered, of each batch to adopt."""
    revocations: Reasons
    left: Mapping[bytes, str] = field(default_factory=dict)
    """Root of each batch that is not adopted, and why."""
    unseen: int = 0
    """Batches on record of which the archive has no file."""


def batch_files(archive: FolderArchive, domain: str) -> list[BatchFile]:
    """The institution's sound batch files in the archive."""
    found = []
    for name in archive.batches():
        if name.startswith(f"{domain}/"):
            try:
                found.append(parse_batch_file(archive.batch_file(name)))
            except BatchFileError:  # it proves nothing
                continue
    return found


def what_stood(old: NodeRegistry, domain: str, files: Sequence[BatchFile]) -> Stood:
    """Ask the old registry, through as many nodes as must agree.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer; nothing is guessed.
    """
    batches, left, seen = {}, {}, 0
    revocations: dict[bytes, tuple[int, bytes]] = {}
    for file in files:
        record = batch_record(old, file)
        seen += record.exists
        if why := _why_left(record):
            left[file.root] = why
        else:
            batches[file.root] = record.size
        if record.exists:
            revocations.update(_revoked(old, file, record.signer))
    unseen = max(0, int(old.institution(domain)["batches"]) - seen)
    return Stood(domain, batches, revocations, left, unseen)


def batch_record(registry: NodeRegistry, file: BatchFile) -> Record:
    """What a registry holds of a batch, asked for with its first certificate."""
    commitment, sheet = file.record(0)
    record = registry.verify(file.domain, 0, commitment, sheet, file.tree().path(0))
    return check_record(record, file.domain, file.root)


class Move:
    """One institution's way into the new registry.

    Args:
        acts: of the institution's admin on the new registry.
        new: the same registry, as verifiers read it.
        stood: what is to stand there.
        files: the institution's batch files.
    """

    def __init__(self, acts: InstitutionActs, new: NodeRegistry, stood: Stood, files: Sequence[BatchFile]) -> None:
        self._acts, self._new, self._stood = acts, new, stood
        self._files = {file.root: file for file in files}

    def acts(self) -> Iterator[Act]:
        """What is left to do, in order; going on to an act supposes that those before it were performed.

        Raises:
            NotFinalError: what was written does not become final in time.
            RegistryUnavailableError: the new registry gave no trustworthy answer.
        """
        yield from self._revoking()
        self._wait(lambda: all(map(self._is_final, self._revocations().values())))
        yield from self._adopting()
        self._wait(lambda: all(self._batch_is_final(root) for root in self._stood.batches))

    def planned(self) -> Iterator[Act]:
        """What `acts` would begin with from here, without anything being performed in between."""
        yield from self._revoking()
        yield from self._adopting()

    def _revoking(self) -> Iterator[Act]:
        found = self._revocations()
        lacking = {each: why for each, why in self._stood.revocations.items() if found[each] is None}
        for reason in sorted({reason for reason, _ in lacking.values()}):
            plain = [each for each, why in lacking.items() if why == (reason, ZERO)]
            replaced = {each: why[1] for each, why in lacking.items() if why[0] == reason and why[1] != ZERO}
            yield from (self._acts.revoke(part, reason) for part in _parts(plain))
            yield from (self._acts.replace({old: replaced[old] for old in part}, reason) for part in _parts(replaced))

    def _adopting(self) -> Iterator[Act]:
        lacking = [root for root in self._stood.batches if not self._batch(root).counts]
        for part in _parts(lacking):
            yield self._acts.adopt({root: self._stood.batches[root] for root in part})

    def _revocations(self) -> dict[bytes, int | None]:
        """When each was revoked by the institution in the new registry; None where it is not."""
        times: dict[bytes, int | None] = {}
        for part in _parts(self._stood.revocations):
            answers = self._new.revocations(self._stood.domain, NO_ADDRESS, part)
            for each, answer in zip(part, answers, strict=True):
                times[each] = None if answer is None else answer.revoked_at
        return times

    def _is_final(self, written: int | None) -> bool:
        return written is not None and written < self._new.finalized_time()

    def _batch(self, root: bytes) -> Record:
        if root not in self._files:
            raise MovingError(f"The archive has no sound batch file of {to_hex(root)}: it cannot be adopted.")
        return batch_record(self._new, self._files[root])

    def _batch_is_final(self, root: bytes) -> bool:
        record = self._batch(root)
        return record.counts and record.issued_at < record.finalized_time

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline, problem = time.monotonic() + FINAL_SECONDS, "it is not final yet"
        while time.monotonic() < deadline:
            try:
                self._new.refresh()
                if done():
                    return
            except RegistryUnavailableError as error:
                problem = str(error)
            time.sleep(_POLL_SECONDS)
        raise NotFinalError(f"It is written, but {problem}. Run the same command again.")


def _why_left(record: Record) -> str | None:
    if not record.exists:
        return "no record in the old registry"
    if not record.counts:
        return "its writer is distrusted; it does not count"
    return "withdrawn" if record.withdrawn_at else None


def _revoked(old: NodeRegistry, file: BatchFile, signer: str) -> Iterator[tuple[bytes, tuple[int, bytes]]]:
    for part in _parts([file.record(index)[0] for index in range(file.size)]):
        for each, answer in zip(part, old.revocations(file.domain, signer, part), strict=True):
            if answer is not None:
                yield each, (answer.reason, answer.replacement)


def _parts(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    whole = list(items)
    return (whole[at : at + _AT_ONCE] for at in range(0, len(whole), _AT_ONCE))
