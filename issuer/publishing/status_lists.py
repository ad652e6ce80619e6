"""The institution's status lists (Bitstring Status List 1.0): what the registry says, for verifiers that do not ask it.

A bit is set where a certificate is revoked, replaced, or in a batch that was withdrawn or does not count: what the
registry answers, from its storage, and never what our records say. SPEC.md section 15.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from issuer.errors import ArchiveConflictError, StatusListError
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_credential import TTL, Address, Listed, parse_address, read_list, signed_list
from issuer.publishing.status_known import Concerned, KnownPlace, known_places
from issuer.records import Records, StatusList
from verifier.archive_folder import FolderArchive
from verifier.core.canonical import parse
from verifier.core.errors import SanadError
from verifier.core.hashes import sha256
from verifier.core.multikey import ed25519_multikey
from verifier.core.registry import NO_ADDRESS
from verifier.core.status_list import changed, places_set, with_bits

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_AT_ONCE = 500
_PATIENCE_SECONDS, _AGAIN_SECONDS = 15.0, 0.5
"""How long to wait for a block that is younger than a list which others publish at the same time."""
_ANOTHER = "another version is published than these records published last"


class Asked(Protocol):
    """What is asked of the registry, at a final block; NodeRegistry.at_final_block returns it."""

    def finalized_time(self) -> int:
        """The time of that block, in Unix seconds."""

    def refresh(self) -> None:
        """Let the next question be asked at a newer block."""

    def institution(self, domain: str) -> Mapping[str, Any]:
        """An institution, by the contract's names."""

    def batches(self, domain: str, roots: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
        """Batches, by the contract's names."""

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> Sequence[Any]:
        """The counting revocation of each; None where there is none."""


@dataclass(frozen=True)
class Published:
    """One list as it is in the archive now."""

    url: str
    path: Path
    revoked: int
    """How many places are set."""
    written: bool
    """False where it says the same already."""
    problem: str | None = None
    """Why it was left as it is, as a sentence; None where nothing is wrong."""


class StatusLists:
    """Publishes the lists of one institution: those of these records, and those of its other offices in the archive.

    Args:
        domain: the institution's.
        key: its Ed25519 key.
        registry: asked about every certificate.
        store: the records; None where there are none.
        archive: where the lists are published.
        keys: the institution's other keys (multikeys), whose lists are genuine too.
        only: what an act was about: no other place is looked at or changed, and no list but those of these places is
            written. None: every place of every list is compared.
    """

    def __init__(
        self,
        domain: str,
        key: "Ed25519PrivateKey",
        registry: Asked,
        store: Records | None,
        archive: ArchiveWriter,
        keys: Collection[str] = (),
        only: Concerned | None = None,
    ) -> None:
        self._only = only
        self._domain, self._key, self._registry, self._store, self._archive = domain, key, registry, store, archive
        self._current = ed25519_multikey(key.public_key().public_bytes_raw())
        self._keys = frozenset({*keys, self._current})

    def publish(self) -> list[Published]:
        """Bring every list up to what the registry says.

        Raises:
            RegistryUnavailableError: it gave no trustworthy answer; then nothing is published.
            ArchiveError: the archive cannot be written.
        """
        deadline, done = time.monotonic() + _PATIENCE_SECONDS, self._round(None)
        while left := {url for url, each in done.items() if each.problem == _busy(url)}:
            if time.monotonic() > deadline:
                break
            time.sleep(_AGAIN_SECONDS)
            self._registry.refresh()
            done |= self._round(left)
        return list(done.values())

    def _round(self, only: Collection[str] | None) -> dict[str, Published]:
        """Ask once, and publish each list; of those named only, by their addresses, where any are."""
        moment = datetime.fromtimestamp(self._registry.finalized_time(), UTC)
        places = known_places(self._store, self._folder, self._domain, self._only)
        bits = Answers(self._domain, self._registry).bits(places)
        own = {Address(each.origin, each.domain, each.id): each for each in self._own()}
        every = {*bits} if self._only is not None else {*own, *bits}
        unknown: list[Address | Published] = []
        if self._only is None:
            unknown = list(self._unknown_lists({(each.identifier, each.host) for each in every}))
        addresses = {*every, *(each for each in unknown if isinstance(each, Address))}
        done = [
            self._publish(each, own.get(each), bits.get(each, {}), moment)
            for each in sorted(addresses, key=_url)
            if only is None or each.url in only
        ]
        return {each.url: each for each in (*done, *(each for each in unknown if isinstance(each, Published)))}

    @property
    def _folder(self) -> FolderArchive:
        return FolderArchive(self._archive.path)

    def _own(self) -> list[StatusList]:
        return [] if self._store is None else self._store.status_lists.of(self._domain)

    def _unknown_lists(self, known: Collection[tuple[str, str]]) -> Iterator[Address | Published]:
        """The lists in the archive that neither records nor certificates here know of; a problem for other files."""
        for identifier, host in self._folder.status_lists(self._domain):
            if (identifier, host) in known:
                continue
            address = named(self._folder.status_list(self._domain, identifier, host) or b"")
            if address is not None and (address.domain, address.identifier, address.host) == (
                self._domain, identifier, host
            ):  # fmt: skip
                yield address
            else:
                path = self._archive.status_list_path(self._domain, identifier, host)
                yield Published(str(path), path, 0, False, f"{path} is not the status list of its place. Move it away.")

    def _publish(
        self, address: Address, own: StatusList | None, bits: Mapping[int, bool], moment: datetime
    ) -> Published:
        where, path = (address.domain, address.identifier, address.host), self._place(address)
        found = self._archive.status_list(*where)
        try:
            before = self._before(address, own, found)
            after = changed(with_bits([]) if before is None else before.bits, bits)
            if before is not None and not self._is_stale(before, after, own, moment):
                return Published(address.url, path, places_set(after), False)
            if before is not None and before.moment >= moment:  # its signer may know what we do not know yet
                return Published(address.url, path, places_set(before.bits), False, _busy(address.url))
            data = signed_list(address, after, self._key, moment)
            self._archive.publish_status_list(*where, data, over=found)
        except StatusListError as error:
            return Published(address.url, path, 0, False, str(error))
        except ArchiveConflictError:
            return Published(address.url, path, 0, False, _busy(address.url))
        if own is not None and self._store is not None:
            self._store.status_lists.set_published(own.id, sha256(data))
        return Published(address.url, path, places_set(after), True)

    def _before(self, address: Address, own: StatusList | None, found: bytes | None) -> Listed | None:
        """The genuine list that is there; None where these records began it and never published it.

        Raises:
            StatusListError: it is missing, or not genuine: a new one never takes its place.
        """
        if found is None:
            if own is not None and own.published is None:
                return None
            raise StatusListError(_MISSING.format(url=address.url, place=self._place(address)))
        ours = own is not None and own.published == sha256(found)
        if own is not None and not ours and self._store is not None:
            self._store.status_lists.close(own.id, _ANOTHER)
        try:
            return read_list(found, address, None if ours else self._keys)
        except StatusListError as error:
            text = _NOT_GENUINE.format(url=address.url, place=self._place(address), reason=error)
            raise StatusListError(text) from None

    def _place(self, address: Address) -> Path:
        return self._archive.status_list_path(address.domain, address.identifier, address.host)

    def _is_stale(self, before: Listed, after: bytes, own: StatusList | None, moment: datetime) -> bool:
        """Whether it says something else, is signed by a former key, or is ours and older than copies may be."""
        if before.bits != after or before.multikey != self._current:
            return True
        return own is not None and moment - before.moment >= TTL


_MISSING = (
    "The status list {url} is missing in the archive. A new one would hide what was revoked, so none is made: put "
    "{place} back from a copy of the archive, then type: sanad status publish"
)
_NOT_GENUINE = (
    "What is published at {url} is not the institution's list: {reason}. It was left as it is: put {place} back from a "
    "copy of the archive, then type: sanad status publish"
)


def _busy(url: str) -> str:
    return (
        f"The status list {url} was published by others just now, and the registry has no younger final block yet. "
        "Nothing was written. In a minute type: sanad status publish"
    )


class Answers:
    """What the registry says about places.

    Args:
        domain: the institution's.
        registry: asked at a final block.
    """

    def __init__(self, domain: str, registry: Asked) -> None:
        self._domain, self._registry = domain, registry

    def bits(self, places: Sequence[KnownPlace]) -> dict[Address, dict[int, bool]]:
        """For each list the places that the registry knows of: True for those that are to be set.

        The lists of all places are there, also those of which it knows none.
        """
        heard: dict[tuple[Address, int], dict[bytes, set[tuple[bool, bool]]]] = {}
        for place, counts, fallen in self._fallen(places):
            heard.setdefault((place.address, place.index), {}).setdefault(place.commitment, set()).add((counts, fallen))
        found: dict[Address, dict[int, bool]] = {place.address: {} for place in places}
        for (address, index), certificates in heard.items():
            if (bit := _bit(map(_by_batches, certificates.values()))) is not None:
                found[address][index] = bit
        return found

    def _fallen(self, places: Sequence[KnownPlace]) -> Iterator[tuple[KnownPlace, bool, bool]]:
        """Each place whose batch is registered, whether the batch counts, and whether the certificate is not valid."""
        any_revoked = bool(places) and self._registry.institution(self._domain)["revocations"] > 0
        by_root: dict[bytes, list[KnownPlace]] = {}
        for place in places:
            by_root.setdefault(place.root, []).append(place)
        roots = sorted(by_root)
        for start in range(0, len(roots), _AT_ONCE):
            part = roots[start : start + _AT_ONCE]
            for root, record in zip(part, self._registry.batches(self._domain, part), strict=True):
                if record["issuedAt"]:
                    yield from self._of_batch(record, by_root[root], any_revoked)

    def _of_batch(
        self, record: Mapping[str, Any], places: Sequence[KnownPlace], any_revoked: bool
    ) -> Iterator[tuple[KnownPlace, bool, bool]]:
        if record["withdrawnAt"] or not record["counts"] or not any_revoked:
            fallen = bool(record["withdrawnAt"] or not record["counts"])
            yield from ((place, bool(record["counts"]), fallen) for place in places)
            return
        signer = revoker(record)
        for start in range(0, len(places), _AT_ONCE):
            asked = places[start : start + _AT_ONCE]
            answers = self._registry.revocations(self._domain, signer, [place.commitment for place in asked])
            yield from ((place, True, answer is not None) for place, answer in zip(asked, answers, strict=True))


def revoker(record: Mapping[str, Any]) -> str:
    """Whose revocations take effect on a batch, besides the institution's: its signer's; on an adopted one nobody's."""
    return NO_ADDRESS if record["adopted"] else str(record["signer"])


def _by_batches(answers: set[tuple[bool, bool]]) -> bool | None:
    """Whether a certificate is no longer valid, by its batches that count where any does; None where these differ."""
    fallen = {fallen for counts, fallen in answers if counts} or {fallen for _, fallen in answers}
    return fallen.pop() if len(fallen) == 1 else None


def _bit(certificates: Iterable[bool | None]) -> bool | None:
    """The bit of a place. Two certificates never share one; if they do, no revocation may vanish."""
    lost = set(certificates)
    return True if True in lost else None if None in lost else False


def named(data: bytes) -> Address | None:
    """The address of the list that a file claims to be; None where it claims none."""
    try:
        listed = parse(data)
    except SanadError:
        return None
    return parse_address(listed.get("id")) if isinstance(listed, dict) else None


def _url(address: Address) -> str:
    return address.url
