"""The archive built again from the records, delivered files and the registry: what is missing is added, none changed.

Every file goes through the archive's own writer, which proves it by its root, so one that was killed is typed again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from issuer.course.kept_course import kept_course
from issuer.credential.achievement import achievement_id
from issuer.custody.evidence import Evidence, Found, read_envelope
from issuer.custody.on_record import Asked, Record, on_record_of, taken_back
from issuer.errors import ArchiveError, IssuerError
from issuer.pictures.course_pictures import course_pictures
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_credential import Address
from issuer.records import Batch, BatchState, Records
from issuer.sheet.errors import SheetError
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.hashes import commitment, to_hex

_ISSUED = (BatchState.FINAL, BatchState.DELIVERED)
Progress = Callable[[int], None]


@dataclass
class RebuiltArchive:
    """What became of a rebuild of the archive."""

    dry_run: bool = False
    batch_files: int = 0
    envelopes: int = 0
    pictures: int = 0
    pointers: int = 0
    educators: int = 0
    marks: int = 0
    lists: list[str] = field(default_factory=list)
    """Addresses of status lists that `sanad status publish` makes again."""
    missing: list[str] = field(default_factory=list)
    """What could not be made again, as sentences."""

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def added(self) -> int:
        """How many files were added."""
        return sum((self.batch_files, self.envelopes, self.pictures, self.pointers, self.educators, self.marks))

    @property
    def data(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {"whole": self.whole, **vars(self)}


class ArchiveRebuilding:
    """One rebuild of an archive.

    Args:
        store: the records.
        evidence: what delivered files prove.
        registry: asked at a final block.
        archive: where it is published.
        data: the data folder, with the courses of the batches.
        educator: `H` of the certificate of the educator who has the key `signer`, where the settings name one.
        signer: that key's address.
    """

    def __init__(
        self,
        store: Records,
        evidence: Evidence,
        registry: Asked,
        archive: Path,
        data: Path,
        educator: bytes | None = None,
        signer: str | None = None,
    ) -> None:
        self._store, self._evidence, self._registry, self._data = store, evidence, registry, data
        self._writer, self._there = ArchiveWriter(archive), FolderArchive(archive)
        self._educator, self._signer = educator, signer
        self._batches = [each for each in store.batches() if each.state in _ISSUED and each.root is not None]
        self._done = RebuiltArchive()

    def run(self, dry_run: bool, progress: Progress = lambda _count: None) -> RebuiltArchive:
        """Add what is missing; in a dry run only count it.

        Raises:
            RegistryUnavailableError: it gave no trustworthy answer; files that were added stay.
            ArchiveError, StoreError: it cannot be written.
        """
        self._done = RebuiltArchive(dry_run)
        if not dry_run:
            self._writer.sweep()
        records = on_record_of(self._registry, [(each.domain, each.root or b"") for each in self._batches])
        for batch in self._batches:
            self._one(batch, dry_run, progress)
        self._pointers(records, dry_run)
        self._lists(records, dry_run)
        return self._done

    def _one(self, batch: Batch, dry_run: bool, progress: Progress) -> None:
        assert batch.root is not None
        root = to_hex(batch.root)
        if not self._has_batch_file(batch):
            file = self._batch_file(batch)
            if file is None:
                self._done.missing.append(
                    f"batch {root}: its batch file, and with it its envelopes. Name a folder that has it (sanad export "
                    "writes batch.sanad), or all delivered files: sanad rebuild --archive --from FOLDER"
                )
                return
            self._done.batch_files += 1
            if not dry_run:
                self._writer.publish_batch(file.to_bytes())
        self._envelopes(batch, dry_run, progress)
        self._pictures(batch, dry_run)
        self._name_educator(batch, dry_run)

    def _has_batch_file(self, batch: Batch) -> bool:
        """Whether it is there and sound.

        Raises:
            ArchiveError: something else is there.
        """
        assert batch.root is not None
        name = f"{batch.domain}/{batch.root.hex()}"
        data = self._there.batch_file(name)
        if not data:
            return False
        try:
            parse_batch_file(data)
        except BatchFileError as error:
            raise ArchiveError(
                f"The archive's batch file {name}.sanad: {error} Move it away, and type it again."
            ) from None
        return True

    def _batch_file(self, batch: Batch) -> BatchFile | None:
        """As it was found in a folder, else made from the records, where these know every certificate."""
        found = self._evidence.batches.get((batch.domain, batch.root or b""))
        if found is not None and found.file is not None:
            return found.file
        records = self._store.rebuilt.leaves(batch.id)
        if found is not None:
            records = {at: (commitment(each.hash), each.sheet) for at, each in found.certificates.items()} | records
        if len(records) != batch.size or batch.root is None:
            return None
        body = b"".join(b"".join(records[at]) for at in sorted(records))
        file = BatchFile(batch.domain, batch.root, body)
        return file if file.tree().root == batch.root else None

    def _envelopes(self, batch: Batch, dry_run: bool, progress: Progress) -> None:
        found = self._evidence.batches.get((batch.domain, batch.root or b""))
        lost = []
        with self._writer.together():
            for position, hash_ in sorted(self._store.hashes(batch.id).items()):
                progress(1)
                if self._there.envelope(hash_) is not None:
                    continue
                left = None if found is None else found.certificates.get(position)
                data = None if left is None or left.hash != hash_ else _envelope_of(left)
                if data is None:
                    lost.append(position)
                    continue
                self._done.envelopes += 1
                if not dry_run:
                    self._writer.publish_envelope(data)
        if lost:
            root, folder = to_hex(batch.root or b""), "sanad rebuild --archive --from FOLDER"
            self._done.missing.append(
                f"batch {root}: the envelopes of {len(lost):,} of {batch.size:,} certificates, first position "
                f"{lost[0] + 1}. Name the folder with the delivered files: {folder}"
            )

    def _pictures(self, batch: Batch, dry_run: bool) -> None:
        try:
            course = kept_course(self._data / "batches" / batch.id / "course").with_origin(batch.origin)
            uuid = achievement_id(course).removeprefix("urn:uuid:")
            if self._there.badge(batch.domain, uuid) is not None and self._there.card(batch.domain, uuid) is not None:
                return
            pictures = course_pictures(course)
        except (IssuerError, OSError, UnicodeDecodeError, SheetError):
            said = (
                f"{batch.course}: the course's pictures, because its description is not kept. Nothing depends on them"
            )
            if said not in self._done.missing:
                self._done.missing.append(said)
            return
        self._done.pictures += 1
        if not dry_run:
            self._writer.publish_pictures(batch.domain, uuid, pictures.card, pictures.badge)

    def _name_educator(self, batch: Batch, dry_run: bool) -> None:
        ours = self._educator is not None and batch.signer is not None and batch.signer == self._signer
        if not ours or batch.root is None or self._there.educator(batch.domain, batch.root) is not None:
            return
        self._done.educators += 1
        if not dry_run and self._educator is not None:
            self._writer.publish_educator(batch.domain, batch.root, self._educator)

    def _pointers(self, records: dict[tuple[str, bytes], Record], dry_run: bool) -> None:
        """What replaces what, where the registry says it and both certificates are known."""
        hashes = {batch.id: self._store.hashes(batch.id) for batch in self._batches}
        known = {commitment(each): each for batch in hashes.values() for each in batch.values()}
        unknown = 0
        for batch in self._batches:
            key = (batch.domain, batch.root or b"")
            if not records[key]["issuedAt"]:
                continue
            _, replaced = taken_back(self._registry, key, records[key], map(commitment, hashes[batch.id].values()))
            for old, new in replaced.items():
                if self._there.replacement(known[old]) is not None:
                    continue
                if new not in known:
                    unknown += 1
                    continue
                self._done.pointers += 1
                if not dry_run:
                    self._writer.publish_replacement(known[old], known[new])
        if unknown:
            self._done.missing.append(
                f"{unknown:,} replaced certificates: which one replaces them, because that one is not in the records. "
                "Type: sanad rebuild, then this again"
            )

    def _lists(self, records: dict[tuple[str, bytes], Record], dry_run: bool) -> None:
        """Lists that are missing: made again by publishing, but only where every certificate in them is known."""
        for domain in sorted({batch.domain for batch in self._batches}):
            own = [(Address(each.origin, domain, each.id), each) for each in self._store.status_lists.of(domain)]
            lost = [address for address, each in own if each.published is not None and self._is_lost(address)]
            if lost and not self._knows_all(domain, records):
                self._done.missing += map(self._lost_list, lost)
                continue
            for address in lost:
                self._done.lists.append(address.url)
                if not dry_run:
                    self._store.status_lists.make_again(address.identifier)

    def _lost_list(self, address: Address) -> str:
        path = self._writer.status_list_path(address.domain, address.identifier, address.host)
        return (
            f"the status list {address.url}: certificates in it may be unknown here, and a new list would hide that "
            f"they are revoked. Put {path} back from a copy of the archive"
        )

    def _is_lost(self, address: Address) -> bool:
        return self._writer.status_list(address.domain, address.identifier, address.host) is None

    def _knows_all(self, domain: str, records: dict[tuple[str, bytes], Record]) -> bool:
        """Whether the records have every certificate of every batch that the institution has on record."""
        mine = [batch for batch in self._batches if batch.domain == domain]
        seen = sum(1 for batch in mine if records[domain, batch.root or b""]["issuedAt"])
        gaps = any(len(self._store.rebuilt.positions(batch.id)) != batch.size for batch in mine)
        return not gaps and seen >= int(self._registry.institution(domain)["batches"])


def _envelope_of(found: Found) -> bytes | None:
    """The envelope's bytes, out of its own file or the PDF's seal."""
    for path in _paths(found):
        if (data := read_envelope(path)) is not None:
            return data
    return None


def _paths(found: Found) -> Iterator[Path]:
    yield from (path for path in (found.envelope, found.pdf) if path is not None)
