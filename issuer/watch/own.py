"""What the institution knows to be its own: from its records, its archive, and acts of its other machines."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from issuer.errors import WatchError
from issuer.keys.files import describe_folder
from issuer.keys.signers import KeyPlace
from issuer.records import Records, open_existing
from issuer.records.place import RecordsPlace
from issuer.registry import signed_acts
from issuer.settings import load_key_settings
from issuer.watch.alerts import Place
from issuer.watch.changes import Act, Fact, facts_left
from issuer.watch.trail_file import TrailFile
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import parse_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.hashes import from_hex, to_hex
from verifier.toml_table import checksummed

_KINDS = (
    *("revoke", "replace", "withdraw", "reinstate", "authorise", "remove", "distrust", "lift distrust"),
    *("transfer", "accept"),
)
Pair = tuple[str, bytes]
"""In whose authority, and the commitment, of a revocation: what the registry counts one by one."""


@dataclass(frozen=True)
class Known:
    """What the institution knows to be its own."""

    commitments: Mapping[bytes, Sequence[bytes]]
    """Every root, and its commitments by index, as far as they are known here."""
    keys: Collection[str] = ()
    """Every address that the settings name or that registered a batch of the records."""
    revoked: Collection[Pair] = ()
    """Revocations and replacements that it has signed, or that a rebuild has taken over."""
    acts: Collection[Fact] = ()
    """What its own acts left behind; see issuer/watch/changes.py."""
    recorded: Collection[bytes] = ()
    """Roots of batches in the records."""
    issuing: str | None = None
    """The key that registers batches for these records."""
    places: Collection[tuple[str, int]] = field(default=(), repr=False)
    """Key and nonce of everything that was signed for this chain."""


def domains_of(store: Records | None, archive: FolderArchive | None) -> tuple[str, ...]:
    """The institutions that records and archive know."""
    recorded = {batch.domain for batch in store.batches()} if store is not None else set()
    published = {name.partition("/")[0] for name in archive.batches()} if archive is not None else set()
    return tuple(sorted(recorded | published))


class Reader:
    """Reads what is known of one institution, as often as it is asked.

    Args:
        records: where the records are.
        archive: where batch files are published.
        domain: the institution's.
        place: the registry.
        keys: addresses that the settings name.
        files: acts of other machines.
        issuing: the key that registers batches for these records, where it is known.
    """

    def __init__(
        self,
        records: RecordsPlace,
        archive: FolderArchive | None,
        domain: str,
        place: Place,
        keys: Sequence[str] = (),
        files: Sequence[Path] = (),
        issuing: str | None = None,
    ) -> None:
        self._issuing = issuing
        self._records, self._archive, self._domain, self._place = records, archive, domain, place
        self._keys, self._files = tuple(keys), tuple(files)
        self._parsed: dict[str, tuple[tuple[int, int], bytes, tuple[bytes, ...]]] = {}

    def __call__(self) -> Known:
        """What is known now.

        Raises:
            StoreError: the records cannot be read.
            WatchError: the archive or a file of acts cannot be read.
        """
        commitments: dict[bytes, Sequence[bytes]] = dict(self._published())
        recorded: set[bytes] = set()
        signers: list[str] = []
        sources: list[list[Act]] = [TrailFile(path).acts(self._place, self._domain) for path in self._files]
        places: set[tuple[str, int]] = set()
        noted: set[Pair] = set()
        store = open_existing(self._records)
        if store is not None:
            with closing(store):
                for batch in store.batches():
                    if batch.domain == self._domain and batch.root is not None:
                        recorded.add(batch.root)
                        signers += [] if batch.signer is None else [batch.signer]
                sources.append(list(self._signed(store)))
                taken = store.rebuilt.taken_over(self._domain, self._place.chain_id, self._place.address)
                noted = {(each.authority, each.commitment) for each in taken}
                places = store.transactions.all_places(self._place.chain_id)
        revoked = {pair for acts in sources for pair in _revoked(acts)} | noted
        for root in (*recorded, *(root for acts in sources for root in _registered(acts))):
            commitments.setdefault(root, ())
        facts = frozenset(fact for acts in sources for fact in facts_left(acts))
        keys = tuple(dict.fromkeys([*self._keys, *signers]))
        return Known(commitments, keys, frozenset(revoked), facts, frozenset(recorded), self._issuing, places)

    def _signed(self, store: Records) -> Iterator[Act]:
        place = signed_acts.Place.of(self._place.chain_id, self._place.address)
        for each in signed_acts.acts_signed(store, self._domain, *_KINDS, written=True):
            if each.place == place:
                yield Act(each.name, each.given, each.actor, self._domain)

    def _published(self) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
        archive = self._archive
        if archive is None:
            return
        folder = archive.path / "batches"
        _see(archive.path)
        _see(folder)
        _see(folder / self._domain)
        for name in archive.batches():
            if name.partition("/")[0] == self._domain and (found := self._parse(archive, name)) is not None:
                yield found

    def _parse(self, archive: FolderArchive, name: str) -> tuple[bytes, tuple[bytes, ...]] | None:
        """A batch file's root and commitments; one that has not changed since is not read again."""
        path = archive.path / "batches" / f"{name}.sanad"
        try:
            facts = path.stat()
            with path.open("rb"):
                pass
        except OSError as error:
            raise WatchError(f"{path} cannot be read: {error.strerror}.") from None
        mark = facts.st_mtime_ns, facts.st_size
        known = self._parsed.get(name)
        if known is None or known[0] != mark:
            try:
                file = parse_batch_file(archive.batch_file(name))
            except BatchFileError:
                return None  # proves nothing, so it explains nothing
            known = mark, file.root, tuple(file.record(index)[0] for index in range(file.size))
            self._parsed[name] = known
        return known[1:]


def _see(folder: Path) -> None:
    """See that a folder can be listed, if it is there.

    Raises:
        WatchError: it cannot.
    """
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError:
        return
    except OSError as error:
        raise WatchError(f"The archive {folder} cannot be read: {error.strerror}.") from None


def keys_in_settings(path: Path) -> tuple[str, ...]:
    """The addresses of the keys that `[issuer]` names, as far as they can be known without a passphrase."""
    found = [key_in_settings(path, name) for name in ("signer_key", "admin_key")]
    return tuple(address for address in found if address is not None)


def key_in_settings(path: Path, name: str) -> str | None:
    """The address of one of these keys; None where it is not named, or not known without a passphrase."""
    place = load_key_settings(path, "issuer", name).place
    return None if place is None else _address(place)


def _address(place: KeyPlace) -> str | None:
    if place.address is not None:
        return checksummed(place.address)
    if place.file is None:
        return None
    found = [key["address"] for key in describe_folder(place.file.parent) if key["file"] == str(place.file)]
    return checksummed(found[0]) if found and found[0] is not None else None


def _revoked(acts: Sequence[Act]) -> Iterator[Pair]:
    for act in acts:
        if act.function in ("revoke", "replace"):
            yield from ((str(act.given["authority"]), _bytes(each)) for each in act.given["commitments"])


def _registered(acts: Sequence[Act]) -> Iterator[bytes]:
    for act in acts:
        if act.function == "issue":
            yield _bytes(act.given["root"])
        elif act.function == "adopt":
            yield from map(_bytes, act.given["roots"])


def _bytes(value: Any) -> bytes:
    return from_hex(value) if isinstance(value, str) else bytes(value)


def hex_roots(roots: Collection[bytes]) -> list[str]:
    """Roots as the memory keeps them."""
    return sorted(map(to_hex, roots))
