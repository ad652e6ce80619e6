"""Which certificate has which place in a status list: from the records, and from the credentials in the archive.

Nothing in the archive is believed without proof: the root proves a batch file, and its commitment the credential.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from issuer.credential.identity import STATUS_LIST_LENGTH
from issuer.publishing.status_credential import Address, parse_address
from issuer.records import Records, StatusPlace
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.credential import issuer_domain
from verifier.core.envelope import parse_envelope
from verifier.core.errors import BatchFileError, SanadError
from verifier.core.hashes import commitment
from verifier.core.status_list import PURPOSE, status_entry

_INDEX = re.compile("0|[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class KnownPlace:
    """A place, and the certificate that has it, as the registry knows it."""

    address: Address
    index: int
    commitment: bytes
    root: bytes


@dataclass(frozen=True)
class Concerned:
    """What an act is about, so that it looks at these places and changes no other."""

    certificates: frozenset[bytes] = frozenset()
    """By `H`."""
    roots: frozenset[bytes] = frozenset()
    """Of whole batches."""


def known_places(
    store: Records | None, archive: FolderArchive, domain: str, only: Concerned | None = None
) -> list[KnownPlace]:
    """Every place of an institution whose certificate is known here; those of what is `only` concerned, if it is given.

    The archive is searched only where it has batches that the records do not have. For a place that the records gave
    out only they decide: a thief's certificate that names it too sets no bit.
    """
    if only is not None:
        return _concerned(store, archive, domain, only)
    recorded = [] if store is None else store.status_lists.places(domain)
    own = list(_recorded(recorded, archive, domain))
    given = {(place.address, place.index): place.commitment for place in own}
    stored = _stored(archive, domain, {place.root for place in recorded})
    return [*own, *(each for each in stored if given.get((each.address, each.index)) in (None, each.commitment))]


def _concerned(store: Records | None, archive: FolderArchive, domain: str, only: Concerned) -> list[KnownPlace]:
    """The places of these certificates and batches; what they cost does not grow with all that was ever issued."""
    recorded = [] if store is None else store.status_lists.places(domain, only.certificates, only.roots)
    own = list(_recorded(recorded, archive, domain))
    left = only.certificates - {place.hash for place in recorded}
    stored = [found for hash_ in sorted(left) if (found := _stored_place(archive, domain, hash_)) is not None]
    unknown = only.roots - {place.root for place in recorded}
    stored += _stored(archive, domain, set(), unknown) if unknown else []
    return [*own, *(each for each in stored if _may_speak(store, archive, domain, each))]


def _may_speak(store: Records | None, archive: FolderArchive, domain: str, place: KnownPlace) -> bool:
    """Whether our records gave this place to nobody else."""
    given = None if store is None else store.status_lists.place_at(domain, place.address.identifier, place.index)
    return given is None or any(each.commitment == place.commitment for each in _recorded([given], archive, domain))


def _stored_place(archive: FolderArchive, domain: str, hash_: bytes) -> KnownPlace | None:
    """The place of one certificate in the archive, whose batch file proves it."""
    found = _place_of(archive, domain, hash_)
    if found is None:
        return None
    envelope = parse_envelope(archive.envelope(hash_) or b"")
    file = _batch_file(archive, f"{domain}/{envelope.root.hex()}")
    if file is None or envelope.index >= file.size or file.record(envelope.index)[0] != commitment(hash_):
        return None
    return KnownPlace(*found, commitment(hash_), envelope.root)


def _recorded(places: list[StatusPlace], archive: FolderArchive, domain: str) -> Iterator[KnownPlace]:
    """By the records; of erased certificates the batch file has what the registry knows them by."""
    files: dict[bytes, BatchFile | None] = {}
    for place in places:
        address = Address(place.origin, domain, place.list)
        if place.hash is not None:
            yield KnownPlace(address, place.index, commitment(place.hash), place.root)
            continue
        if place.root not in files:
            files[place.root] = _batch_file(archive, f"{domain}/{place.root.hex()}")
        if (file := files[place.root]) is not None:
            yield KnownPlace(address, place.index, file.record(place.position)[0], place.root)


def _stored(
    archive: FolderArchive, domain: str, known: set[bytes], only: Collection[bytes] | None = None
) -> Iterator[KnownPlace]:
    """By the credentials in the archive, of the batches that the records do not have; `only` of these roots."""
    roots: dict[bytes, list[bytes]] = {}
    for name in archive.batches():
        batch_domain, _, root = name.partition("/")
        if batch_domain != domain or bytes.fromhex(root) in known:
            continue
        if only is not None and bytes.fromhex(root) not in only:
            continue
        if (file := _batch_file(archive, name)) is not None:
            for index in range(file.size):
                roots.setdefault(file.record(index)[0], []).append(file.root)
    for hash_ in _hashes(archive.path) if roots else ():
        where = dict.fromkeys(roots.get(commitment(hash_), ()))
        if where and (found := _place_of(archive, domain, hash_)) is not None:
            yield from (KnownPlace(*found, commitment(hash_), root) for root in where)


def _place_of(archive: FolderArchive, domain: str, hash_: bytes) -> tuple[Address, int] | None:
    """The place that a credential names, where it is this institution's."""
    try:
        envelope = parse_envelope(archive.envelope(hash_) or b"")
        entry = status_entry(envelope.credential)
        ours = envelope.hash == hash_ and issuer_domain(envelope.credential) == domain
    except SanadError:
        return None
    address, index = parse_address(entry.get("statusListCredential")), entry.get("statusListIndex")
    if not ours or address is None or address.domain != domain or entry.get("statusPurpose") != PURPOSE:
        return None
    if not isinstance(index, str) or not _INDEX.fullmatch(index) or int(index) >= STATUS_LIST_LENGTH:
        return None
    return address, int(index)


def _hashes(archive: Path) -> Iterator[bytes]:
    names = (path.stem for path in (archive / "envelopes").glob("????/*.json"))
    return (bytes.fromhex(name) for name in names if re.fullmatch("[0-9a-f]{64}", name))


def _batch_file(archive: FolderArchive, name: str) -> BatchFile | None:
    """A batch file that leads to its root, under its own name; else None, because it proves nothing."""
    try:
        file = parse_batch_file(archive.batch_file(name))
    except BatchFileError:
        return None
    return file if f"{file.domain}/{file.root.hex()}" == name else None
