"""What the institution knows to be its own, from its records and its archive."""

from collections.abc import Iterator
from pathlib import Path

from issuer.keys.files import describe_folder
from issuer.keys.signers import KeyPlace
from issuer.records import Records
from issuer.registry.signed_acts import signed_acts
from issuer.settings import load_key_settings
from issuer.watch.sight import Known
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import parse_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.hashes import to_hex
from verifier.toml_table import checksummed

_KINDS = (
    *("revoke", "replace", "withdraw", "reinstate", "authorise", "remove", "distrust", "lift distrust"),
    *("transfer", "accept"),
)
_OF_KEYS = {
    "authorise": "signer",
    "authoriseEducator": "signer",
    "remove": "signer",
    "distrust": "key",
    "liftDistrust": "key",
    "transferAdmin": "nominee",
}
"""Which argument of an act names the key that it is about."""


def domains_of(store: Records | None, archive: FolderArchive | None) -> tuple[str, ...]:
    """The institutions that records and archive know."""
    recorded = {batch.domain for batch in store.batches()} if store is not None else set()
    published = {name.partition("/")[0] for name in archive.batches()} if archive is not None else set()
    return tuple(sorted(recorded | published))


def known_as_own(store: Records | None, archive: FolderArchive | None, domain: str, keys: tuple[str, ...]) -> Known:
    """All that is known of one institution; `keys` are addresses that the settings name."""
    commitments = dict(_published(archive, domain)) if archive is not None else {}
    if store is None:
        return Known(commitments, keys)
    batches = [batch for batch in store.batches() if batch.domain == domain]
    for batch in batches:
        if batch.root is not None:
            commitments.setdefault(batch.root, ())
    signers = [batch.signer for batch in batches if batch.signer is not None]
    revoked, acts = _acts(store, domain)
    return Known(commitments, tuple(dict.fromkeys([*keys, *signers])), revoked, acts)


def keys_in_settings(path: Path) -> tuple[str, ...]:
    """The addresses of the keys that `[issuer]` names, as far as they can be known without a passphrase."""
    places = [load_key_settings(path, "issuer", name).place for name in ("signer_key", "admin_key")]
    return tuple(address for place in places if place is not None and (address := _address(place)) is not None)


def _address(place: KeyPlace) -> str | None:
    if place.address is not None:
        return checksummed(place.address)
    if place.file is None:
        return None
    found = [key["address"] for key in describe_folder(place.file.parent) if key["file"] == str(place.file)]
    return checksummed(found[0]) if found and found[0] is not None else None


def _published(archive: FolderArchive, domain: str) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    for name in archive.batches():
        if name.partition("/")[0] == domain:
            try:
                file = parse_batch_file(archive.batch_file(name))
            except BatchFileError:
                continue  # proves nothing, so it explains nothing
            yield file.root, tuple(file.record(index)[0] for index in range(file.size))


def _acts(store: Records, domain: str) -> tuple[frozenset[bytes], frozenset[tuple[str, str]]]:
    revoked: set[bytes] = set()
    acts: set[tuple[str, str]] = set()
    for function, given, signer in signed_acts(store, domain, *_KINDS, written=True):
        if function in ("revoke", "replace"):
            revoked.update(given["commitments"])
        elif function in ("withdraw", "reinstateBatch"):
            acts.add((function, to_hex(given["root"])))
        elif function == "acceptAdmin":
            acts.add((function, signer))
        elif function in _OF_KEYS:
            acts.add((function, str(given[_OF_KEYS[function]])))
    return frozenset(revoked), frozenset(acts)
