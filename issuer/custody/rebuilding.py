"""The records built again from archive, delivered files and registry: what is missing is added, nothing changed.

Only what the registry proves is taken. Each batch is added whole or not at all, under an id that follows from its root,
so a rebuild that was killed is typed again.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from issuer.batches.filenames import file_stem
from issuer.custody.evidence import Evidence, Found, FoundBatch, Key
from issuer.custody.kept_courses import KeptCourses
from issuer.custody.on_record import Asked, OnRecord, Record, on_record, standing
from issuer.custody.rebuilt import Rebuilt, RebuiltBatch
from issuer.custody.taken_over import Revocations
from issuer.records import Batch, BatchState, Records
from issuer.records.rebuilding import REBUILT, UNKNOWN_COURSE, Remains
from issuer.text import moment, utc
from verifier.core.hashes import ZERO, commitment, institution_id, to_hex
from verifier.toml_table import checksummed

_ENDED = (BatchState.FINAL, BatchState.DELIVERED)
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Place:
    """Where an installation keeps what is rebuilt, and what its batches were registered with.

    `origin` is the verifier's address where no certificate says it.
    """

    data: Path
    chain_id: int
    registry: str
    origin: str


@dataclass(frozen=True)
class _Ours:
    """One of our batches: what the registry says of it, what was found, and what the records have."""

    key: Key
    record: Record
    found: FoundBatch
    erased: dict[int, Found]
    known: Batch | None
    kept: dict[int, bytes]
    """Every `H` in the records by position."""
    taken: frozenset[int]
    """Positions in the records, those erased too."""

    @property
    def size(self) -> int:
        return int(self.found.file.size if self.found.file is not None else self.record["size"])

    @property
    def id(self) -> str:
        return self.known.id if self.known is not None else batch_id(*self.key)

    @property
    def fresh(self) -> list[Found]:
        """Certificates that the records do not have, by position; erased ones keep their places."""
        found = {**self.found.certificates, **self.erased}
        return [found[at] for at in sorted(found) if at not in self.taken]

    @property
    def commitments(self) -> dict[bytes, int]:
        """With positions: those of all its certificates where the batch file is left, else of those that are known."""
        if (file := self.found.file) is not None:
            return {file.record(at)[0]: at for at in range(file.size)}
        found = {at: each.hash for at, each in {**self.found.certificates, **self.erased}.items()}
        return {commitment(hash_): at for at, hash_ in {**found, **self.kept}.items()}

    @property
    def missing(self) -> tuple[int, ...]:
        there = self.taken | self.found.certificates.keys() | self.erased.keys()
        return tuple(at for at in range(self.size) if at not in there)

    @property
    def unfinished(self) -> bool:
        return self.known is not None and self.known.state not in _ENDED


def batch_id(domain: str, root: bytes) -> str:
    """The id of a rebuilt batch: the same for every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sanad:{institution_id(domain).hex()}/{root.hex()}"))


class Rebuilding:
    """One rebuild of the records.

    Args:
        evidence: what was found.
        registry: asked at a final block.
        ours: addresses of our keys.
        place: where it goes.
        institutions: domains of ours of which there may be no file.
    """

    def __init__(
        self,
        evidence: Evidence,
        registry: Asked,
        ours: Collection[str],
        place: Place,
        institutions: Collection[str] = (),
    ) -> None:
        self._evidence, self._registry, self._place = evidence, registry, place
        self._on_record: OnRecord = on_record(registry, evidence.batches, ours, institutions)
        self._revocations = Revocations(place.chain_id, place.registry)
        self._courses = KeptCourses(place.data / "batches", evidence.courses)

    def run(self, store: Records | None, dry_run: bool, progress: Progress = lambda _count: None) -> Rebuilt:
        """Add what is missing; in a dry run only say what would be. Without records everything is missing.

        Raises:
            RegistryUnavailableError: it gave no trustworthy answer; batches that were added stay.
            StoreError, DiskError: it cannot be written.
        """
        found = Rebuilt(dry_run)
        record, evidence = self._on_record, self._evidence
        found.others = {key: tuple(to_hex(root) for _, root in keys) for key, keys in record.others.items()}
        found.unregistered = tuple(to_hex(root) for _, root in record.unregistered)
        found.unknown = dict(record.unknown)
        found.unproved, found.left = dict(evidence.unproved), tuple(evidence.left)
        found.erased = evidence.marked
        rebuilt = set() if store is None else {entry.batch for entry in store.trail.those_that(REBUILT)}
        for ours in self._ours(store):
            found.batches.append(self._one(ours, None if dry_run else store, ours.known is None or ours.id in rebuilt))
            progress(1)
        found.taken_over, found.places = self._revocations.unknown(store), self._revocations.places
        if store is not None and not dry_run:
            self._revocations.note(store)
        return found

    def _ours(self, store: Records | None) -> Iterator[_Ours]:
        known = {} if store is None else {(each.domain, each.root): each for each in store.batches()}
        for key, record in self._on_record.ours.items():
            batch = known.get(key)
            kept = {} if store is None or batch is None else store.hashes(batch.id)
            taken = frozenset() if store is None or batch is None else store.rebuilt.positions(batch.id)
            erased = self._evidence.erased.get(key, {})
            yield _Ours(key, record, self._evidence.batches[key], erased, batch, kept, taken)

    def _one(self, ours: _Ours, store: Records | None, rebuilt: bool) -> RebuiltBatch:
        batch = self._batch(ours)
        has_course = self._courses.has(batch.id) or self._found_course(ours, batch, store is not None)
        added = len(ours.fresh)
        if store is not None and not ours.unfinished:
            added = store.rebuilt.add(batch, [_remains(each) for each in ours.fresh])
        taken_back = standing(self._registry, ours.key, ours.record, ours.commitments)
        self._revocations.see(batch.domain, ours.key[1], ours.commitments, taken_back)
        replaced = sum(each.replacement != ZERO for each in taken_back.values())
        stems = [_stem(each, batch.size) for each in ours.found.certificates.values()] if rebuilt else []
        return RebuiltBatch(
            id=batch.id,
            domain=batch.domain,
            root=ours.key[1],
            size=batch.size,
            course=batch.course,
            registered=moment(int(ours.record["issuedAt"])),
            out=Path(batch.out),
            new=ours.known is None,
            added=added,
            missing=ours.missing,
            erased=len(ours.erased),
            without_pdf=sum(not (Path(batch.out) / f"{stem}.pdf").is_file() for stem in stems),
            has_course=has_course or not ours.found.certificates,
            revoked=len(taken_back) - replaced,
            replaced=replaced,
            withdrawn=bool(ours.record["withdrawnAt"]),
            counts=bool(ours.record["counts"]),
            unfinished=ours.known.state.value if ours.known is not None and ours.unfinished else None,
        )

    def _batch(self, ours: _Ours) -> Batch:
        """The batch as the records have it, or will have it."""
        (domain, root), record, found = ours.key, ours.record, ours.found
        drafts = [found.certificates[at] for at in sorted(found.certificates)]
        if ours.known is not None and ours.known.course != UNKNOWN_COURSE:
            nowhere = Path(ours.known.out) == self._default(ours) and not Path(ours.known.out).is_dir()
            return replace(ours.known, out=str(self._folder_of(ours, drafts))) if nowhere else ours.known
        registered = moment(int(record["issuedAt"]))
        address = drafts[0].address if drafts else None
        return Batch(
            id=ours.id,
            domain=domain,
            course=found.title or UNKNOWN_COURSE,
            origin=self._place.origin if address is None else address.origin,
            out=str(self._folder_of(ours, drafts)),
            drafted=utc(drafts[0].draft.identity.drafted) if drafts else registered,
            size=ours.size,
            state=BatchState.DELIVERED,
            root=root,
            chain_id=self._place.chain_id,
            registry=self._place.registry,
            signer=None if record["adopted"] else checksummed(str(record["signer"])),
            since=registered,
        )

    def _folder_of(self, ours: _Ours, drafts: list[Found]) -> Path:
        """The folder in which most of its files have the names that they were delivered under."""
        folders = Counter(
            path.parent.resolve()
            for each in drafts
            for path in (each.pdf, each.envelope)
            if path is not None and path.stem == _stem(each, ours.size)
        )
        return folders.most_common(1)[0][0] if folders else self._default(ours)

    def _default(self, ours: _Ours) -> Path:
        """Where its files are said to be as long as none is found."""
        return (self._place.data / "certificates" / ours.id).resolve()

    def _found_course(self, ours: _Ours, batch: Batch, keep: bool) -> bool:
        """Whether its course description is found; it is kept with the batch then."""
        sample = ours.found.certificates.get(ours.found.sample_index)
        if sample is None or ours.found.sample is None:
            return False
        course = self._courses.of(ours.found, sample.draft, batch.origin)
        if course is not None and keep:
            self._courses.keep(batch.id, course)
        return course is not None


def _remains(found: Found) -> Remains:
    return Remains(found.draft, found.hash, found.sheet, None if found.address is None else found.address.origin)


def _stem(found: Found, size: int) -> str:
    return file_stem(found.index, size, found.draft.row.name)
