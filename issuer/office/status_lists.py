"""Publishes every institution's status lists, on request and after each act that may have changed them."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import IssuerError
from issuer.keys.files import load_institution_key
from issuer.keys.key_history import KeyHistory
from issuer.office.behind import Look, check
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_comparing import Compared, compared
from issuer.publishing.status_credential import Address, read_list
from issuer.publishing.status_known import Concerned, known_places
from issuer.publishing.status_lists import Published, StatusLists, named, revoker
from issuer.records import Records, RecordsPlace, open_issuing
from verifier.archive_folder import FolderArchive
from verifier.core.credential import issuer_domain
from verifier.core.envelope import parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import commitment
from verifier.core.multikey import ed25519_multikey

if TYPE_CHECKING:
    from issuer.office.office import Office
    from verifier.chain.registry import NodeRegistry

_PATIENCE_SECONDS = 15.0


def publish_status_lists(
    office: "Office",
    domain: str | None = None,
    expected: Collection[bytes] = (),
    block: int = 0,
    looked: Sequence[Look] | None = None,
    only: Concerned | None = None,
) -> list[Published]:
    """Sign and publish the status lists of one institution, or of all that the records know or our key signed for.

    Args:
        office: whose records, registry, key and archive.
        domain: only this institution's; without records too, for anybody who holds its key may refresh its lists.
        expected: `H` of certificates just revoked; the nodes are asked until they know of them, for some seconds.
        block: where something was just done; the nodes are asked until it is final, for some seconds.
        looked: what issuer.office.behind.check returned, where somebody looked already.
        only: what was just done is about these; without it every place of every list is compared.

    Raises:
        BehindError: records or archive lack what the registry has; nothing was published.
        RegistryUnavailableError: the registry gave no trustworthy answer; nothing was published.
        IssuerError: the institution's key, the records or the archive cannot be used.
    """
    if not _is_issuing(office.issuing.records) and not _has_lists(office):
        return []
    if looked is None:
        check(office, domain)
    path = office.issuing.institution_key
    key = load_institution_key(path, office.passphrases.of(path))
    current = ed25519_multikey(key.public_key().public_bytes_raw())
    keys = _known_keys(path) | {current}
    archive, records = ArchiveWriter(office.archive_folder), office.issuing.records
    with closing(Records(records)) if _is_issuing(records) else nullcontext() as store:
        wanted = sorted({*_domains(store, archive, domain, keys), *_issuers(archive, expected)})
        registry = office.registry.at_final_block()
        _wait(registry, store, FolderArchive(archive.path), wanted, expected, block)
        lists = [StatusLists(each, key, registry, store, archive, keys, only) for each in wanted]
        return [published for each in lists for published in each.publish()]


def compare_status_lists(office: "Office", domain: str | None = None) -> list[Compared]:
    """Compare every place of every list with the registry; no key is opened, and nothing is written.

    Arguments and errors as of `publish_status_lists`.
    """
    records, archive = office.issuing.records, FolderArchive(office.archive_folder)
    if not _is_issuing(records) and not _has_lists(office):
        return []
    check(office, domain)
    keys = _known_keys(office.issuing.institution_key)
    with closing(Records(records)) if _is_issuing(records) else nullcontext() as store:
        wanted = sorted(_domains(store, ArchiveWriter(archive.path), domain, keys))
        registry = office.registry.at_final_block()
        return [found for each in wanted for found in compared(each, registry, store, archive, keys)]


def _known_keys(path: Path) -> set[str]:
    """The multikeys whose signature is the institution's: public, kept beside its key file."""
    return {each.multikey for each in KeyHistory.beside(path).listed() if each.revoked is None}


def _is_issuing(place: RecordsPlace) -> bool:
    """Whether a class was ever drafted in these records."""
    store = open_issuing(place)
    if store is None:
        return False
    store.close()
    return True


def publish_after(
    open_: "Callable[[], Office]",
    expected: Collection[bytes] = (),
    block: int = 0,
    looked: Sequence[Look] | None = None,
    only: Concerned | None = None,
) -> str | None:
    """Publish what an act that is done has changed; a sentence to report where that did not go well, else None."""
    try:
        done = publish_status_lists(open_(), expected=expected, block=block, looked=looked, only=only)
    except (IssuerError, SanadError) as error:
        return (
            f"The status lists for other verifiers were not published. {error}{_then(str(error))}: sanad status publish"
        )
    problems = [each.problem for each in done if each.problem is not None]
    return " ".join(["Not every status list for other verifiers was published.", *problems]) if problems else None


def _domains(store: Records | None, archive: ArchiveWriter, domain: str | None, keys: Collection[str]) -> set[str]:
    """The institutions of the records, and those with a list in the archive that a key of ours signed."""
    recorded = {batch.domain for batch in store.batches()} if store is not None else set()
    if domain is not None:
        known = domain in recorded or any(FolderArchive(archive.path).status_lists(domain))
        return {domain} if known else set()
    stored = set(FolderArchive(archive.path).status_domains()) - recorded
    return recorded | {each for each in stored if _is_ours(archive, each, keys)}


def _issuers(archive: ArchiveWriter, hashes: Collection[bytes]) -> Iterator[str]:
    """Who issued these certificates, by their envelopes in the archive."""
    for each in hashes:
        with suppress(SanadError):
            yield issuer_domain(parse_envelope(FolderArchive(archive.path).envelope(each) or b"").credential)


def _has_lists(office: "Office") -> bool:
    folder = office.settings.archive
    return folder is not None and any(FolderArchive(folder).status_domains())


def _is_ours(archive: ArchiveWriter, domain: str, keys: Collection[str]) -> bool:
    for identifier, host in FolderArchive(archive.path).status_lists(domain):
        data = archive.status_list(domain, identifier, host) or b""
        address = named(data)
        if address is not None and _is_genuine(data, address, keys):
            return True
    return False


def _is_genuine(data: bytes, address: Address, keys: Collection[str]) -> bool:
    try:
        read_list(data, address, keys)
    except IssuerError:
        return False
    return True


def _wait(
    registry: "NodeRegistry",
    store: Records | None,
    archive: FolderArchive,
    domains: Collection[str],
    expected: Collection[bytes],
    block: int,
) -> None:
    """Let as many nodes as must agree arrive at a final block that has what was just done."""
    missing = [(domain, *each) for domain in domains for each in _places(store, archive, domain, expected)]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    registry.refresh()
    while time.monotonic() < deadline:
        missing = [each for each in missing if not _is_revoked(registry, *each)]
        if not missing and (not block or registry.block_number() >= block):
            return
        time.sleep(0.5)
        registry.refresh()


def _places(
    store: Records | None, archive: FolderArchive, domain: str, expected: Collection[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    """Root and commitment of those just revoked."""
    wanted = set(map(commitment, expected))
    for each in known_places(store, archive, domain, Concerned(frozenset(expected))) if wanted else ():
        if each.commitment in wanted:
            yield each.root, each.commitment


def _is_revoked(registry: "NodeRegistry", domain: str, root: bytes, commitment_: bytes) -> bool:
    record = registry.batch(domain, root)
    return registry.revocations(domain, revoker(record), [commitment_])[0] is not None


def _then(error: str) -> str:
    """What leads on from an error to a command; some errors end with a command themselves, on a line of its own."""
    return "\nThen type" if "\n" in error else " Then type"
