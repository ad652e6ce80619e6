"""Issuing with what a sanad.toml names: the issuer with its keys unlocked, and cancelling a batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from issuer.batches.issuing import Issuer
from issuer.batches.leftovers import remove_folder
from issuer.batches.overview import cancel, chosen
from issuer.batches.progress import SILENT, Progress
from issuer.errors import CancelError
from issuer.keys.files import load_institution_key
from issuer.keys.key_history import KeyHistory
from issuer.keys.signers import open_signer
from issuer.office.behind import Look
from issuer.office.key_choice import KeyChoice, chosen_key
from issuer.office.leftovers import sweep_kept
from issuer.office.office import Office
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Batch, Records
from issuer.records.batches import BEFORE_SIGNING
from issuer.registry.writer import RegistryWriter
from issuer.sending.filling import fill_gaps
from issuer.settings import KeySettings
from verifier.archive_folder import batch_path
from verifier.core.multikey import ed25519_multikey


@contextmanager
def open_issuer(office: Office, looked: Sequence[Look], progress: Progress = SILENT) -> Iterator[Issuer]:
    """An issuer with its keys unlocked and its chain reached; `looked` is what issuer.office.behind.check returned."""
    assert all(each.stop is None for each in looked)
    key_file = office.issuing.institution_key
    key = load_institution_key(key_file, office.passphrases.of(key_file))
    KeyHistory.beside(key_file).note(ed25519_multikey(key.public_key().public_bytes_raw()))
    writer = _writer(office)
    archive = ArchiveWriter(office.archive_folder)
    store = Records(office.issuing.records)
    sweep_kept(store, office.issuing.data, archive.path)
    settle = settle_seconds(office)
    issuer = Issuer(office.issuing.data, archive, key, writer, office.registry, progress, store, settle_seconds=settle)
    issuer.educator = office.issuing.educator
    try:
        yield issuer
    finally:
        issuer.store.close()


def settle_seconds(office: Office) -> int:
    """How old a registration must be before anything goes out: as far as verifiers' nodes may lag behind.

    None at all on your own chain: a local network, or one that is reached by nodes of this very machine alone.
    """
    registry = office.registry_settings
    local = office.settings.trust.networks.get(registry.info.network, {}).get("local") is True
    return 0 if local or all(node.own for node in registry.nodes) else registry.chain.max_age_seconds


def records_of(office: Office) -> list[Batch]:
    """The batches in the records; none where nothing was ever issued."""
    with office.records() as store:
        return [] if store is None else store.batches()


def cancel_batch(office: Office, store: Records, beginning: str) -> Batch:
    """Cancel a batch of which nothing was signed, by the beginning of its number; its files in work go too.

    Its batch file may be in the archive already. The registry is asked first whether it has the batch: records that
    were set back do not know what was signed since.

    Raises:
        CancelError: it cannot be cancelled any more; what to do instead.
        BusyError: another run is working on it.
        RegistryUnavailableError: its batch file is published, and the registry could not be asked.
        ArchiveError: its batch file cannot be removed.
    """
    found = chosen(store, beginning)
    published = _is_published(office, found) and _may_be_cancelled(store, found)
    if published and found.root is not None and office.registry.batch(found.domain, found.root)["issuedAt"]:
        raise CancelError(
            f"Batch {found.id} is registered, although these records do not know that it was signed: they were set "
            "back. Type: sanad resume"
        )
    batch = cancel(store, beginning)
    remove_folder(office.issuing.data / "batches", batch.id)
    if published and batch.root is not None:
        ArchiveWriter(office.archive_folder).remove_batch(batch.domain, batch.root)
    return batch


def _may_be_cancelled(store: Records, batch: Batch) -> bool:
    """Whether nothing of it was signed, as far as the records know."""
    return batch.state in BEFORE_SIGNING and not store.transactions.signed_for(batch.id)


def _is_published(office: Office, batch: Batch) -> bool:
    archive = office.settings.archive
    return archive is not None and batch.root is not None and batch_path(archive, batch.domain, batch.root).exists()


def fill_empty_places(office: Office, store: Records, choice: KeyChoice) -> list[int]:
    """Fill the empty places below a key's waiting transactions (issuer/sending/filling.py); which ones were filled.

    Without a choice it is the key that sends what is issued.

    Raises:
        IssuerError: the key, the node or the registry refuses.
    """
    issuing = office.issuing
    sends = KeySettings(issuing.relay_key or issuing.signer_key, issuing.passphrase_file)
    return fill_gaps(office.sender(*chosen_key(choice, sends, "[issuer] signer_key")), store)


def _writer(office: Office) -> RegistryWriter:
    settings, passphrases = office.issuing, office.passphrases
    address = office.registry_settings.info.address
    if settings.relay_key is None:
        return RegistryWriter(office.sender(settings.signer_key, passphrases), address)
    signer = open_signer(settings.signer_key, passphrases)
    return RegistryWriter(office.sender(settings.relay_key, passphrases), address, signer)
