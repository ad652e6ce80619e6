"""Publishes every institution's status lists, on request and after each act that may have changed them."""

import time
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from issuer.archive import ArchiveWriter
from issuer.errors import IssuerError
from issuer.keys import load_institution_key
from issuer.publishing.status_lists import Published, StatusLists
from issuer.store import Store
from verifier.core.errors import SanadError
from verifier.core.hashes import commitment

if TYPE_CHECKING:
    from issuer.service import Office

_PATIENCE_SECONDS = 15.0


def publish_status_lists(
    office: "Office", domain: str | None = None, expected: Collection[bytes] = (), block: int = 0
) -> list[Published]:
    """Sign and publish the status lists of one institution, or of all in the records.

    Args:
        office: whose records, registry, key and archive.
        domain: only this institution's.
        expected: `H` of certificates just revoked; the nodes are asked until they know of them, for some seconds.
        block: where something was just done; the nodes are asked until they are there, for some seconds.

    Raises:
        RegistryUnavailableError: the registry gave no trustworthy answer; nothing was published.
        IssuerError: the institution's key, the records or the archive cannot be used.
    """
    if not office.issuing.records.exists:
        return []
    path = office.issuing.institution_key
    key = load_institution_key(path, office.passphrases.of(path))
    store = Store(office.issuing.records)
    try:
        archive = ArchiveWriter(office.archive_folder)
        wanted = {batch.domain for batch in store.batches() if domain in (None, batch.domain)}
        _wait(office, store, wanted, expected, block)
        lists = [StatusLists(each, key, office.registry, store, archive) for each in sorted(wanted)]
        return [published for each in lists for published in each.publish()]
    finally:
        store.close()


def publish_after(open_: "Callable[[], Office]", expected: Collection[bytes] = (), block: int = 0) -> str | None:
    """Publish all lists after an act that is done; a sentence to tell where that did not go well, else None."""
    try:
        publish_status_lists(open_(), expected=expected, block=block)
    except (IssuerError, SanadError) as error:
        return f"The status lists for other verifiers were not published. {error} Then type: sanad status publish"
    return None


def _wait(office: "Office", store: Store, domains: Collection[str], expected: Collection[bytes], block: int) -> None:
    """Let as many nodes as must agree arrive at a block that has what was just done."""
    missing = [(domain, *each) for domain in domains for each in _roots(store, domain, expected)]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    office.registry.refresh()
    while time.monotonic() < deadline:
        missing = [each for each in missing if not _is_revoked(office, *each)]
        if not missing and (not block or office.registry.block_number() >= block):
            return
        time.sleep(0.5)
        office.registry.refresh()


def _roots(store: Store, domain: str, expected: Collection[bytes]) -> Iterator[tuple[bytes, bytes]]:
    if expected:
        yield from ((each.root, each.hash) for each in store.places(domain) if each.hash in expected and each.hash)


def _is_revoked(office: "Office", domain: str, root: bytes, hash_: bytes) -> bool:
    signer = office.registry.batch(domain, root)["signer"]
    return office.registry.revocations(domain, signer, [commitment(hash_)])[0] is not None
