"""What commands and consoles call: an issuer, or a revocation, from a sanad.toml."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.batches.issuing import Issuer
from issuer.batches.overview import cancel
from issuer.batches.progress import SILENT, Progress
from issuer.errors import AdoptedError, IssuerError, UnknownCertificateError
from issuer.keys.files import Passphrases, load_institution_key
from issuer.keys.key_history import KeyHistory
from issuer.keys.signers import key_place, open_signer
from issuer.office.desk import KeyChoice, open_desk
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Batch, Records
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, StoredLedger, connect_to_any
from issuer.sending.filling import fill_gaps as fill
from issuer.settings import IssuerSettings, load_issuer_settings
from verifier.core.archive import Archive
from verifier.core.credential import issuer_domain
from verifier.core.envelope import parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import commitment, institution_id
from verifier.core.multikey import ed25519_multikey
from verifier.settings import RegistrySettings, Settings, find_settings

if TYPE_CHECKING:
    from issuer.registry.writer import Revoked
    from issuer.sending import Cost
    from verifier.chain.registry import NodeRegistry

REASONS = {
    "issued-in-error": 1,
    "data-error": 2,
    "misconduct": 3,
    "superseded": 4,
    "holder-request": 5,
    "other": 6,
}
"""Words for the registry's reason codes (SPEC.md section 10)."""


@dataclass(frozen=True)
class Office:
    """An institution's settings, opened: who issues, where, and with what."""

    settings: Settings
    issuing: IssuerSettings
    registry_settings: RegistrySettings
    registry: "NodeRegistry"

    passphrases: Passphrases

    @property
    def archive_folder(self) -> Path:
        """Where envelopes and batch files are published."""
        if self.settings.archive is None:
            raise IssuerError("sanad.toml names no archive: set archive in [verifier], so that links can be verified.")
        return self.settings.archive


def open_office(config: Path | None, ask: Callable[[str], str] | None = None, which: str | None = None) -> Office:
    """The settings for issuing, from `config` or wherever a sanad.toml is found.

    Args:
        config: the sanad.toml.
        ask: asks for passphrases.
        which: the registry, by address or network, where the settings name several.

    Raises:
        IssuerError, SettingsError: what is missing or wrong.
    """
    path = config or find_settings()
    desk = open_desk(path, which)
    issuing = load_issuer_settings(path)
    settings, registry = desk.settings, desk.registry
    return Office(settings, issuing, registry, registry.registry(), Passphrases(issuing.passphrase_file, ask))


@contextmanager
def open_issuer(office: Office, progress: Progress = SILENT) -> Iterator[Issuer]:
    """An issuer with its keys unlocked and its chain reached."""
    key_file = office.issuing.institution_key
    key = load_institution_key(key_file, office.passphrases.of(key_file))
    KeyHistory.beside(key_file).note(ed25519_multikey(key.public_key().public_bytes_raw()))
    writer = _writer(office)
    archive = ArchiveWriter(office.archive_folder)
    store = Records(office.issuing.records)
    settle = settle_seconds(office)
    issuer = Issuer(office.issuing.data, archive, key, writer, office.registry, progress, store, settle_seconds=settle)
    issuer.educator = office.issuing.educator
    try:
        yield issuer
    finally:
        issuer.store.close()


def fill_gaps(office: Office, store: Records, choice: KeyChoice) -> list[int]:
    """Fill the empty places below a key's waiting transactions (issuer/sending/filling.py); which ones were filled.

    Raises:
        IssuerError: the key, the node or the registry refuses.
    """

    return fill(_writer(with_key(office, choice)).sender, store)


def settle_seconds(office: Office) -> int:
    """How old a registration must be before anything goes out: as far as verifiers' nodes may lag behind.

    None at all on a chain of one's own: a local network, or one that is reached by nodes of this very machine alone.
    """
    registry = office.registry_settings
    local = office.settings.trust.networks.get(registry.info.network, {}).get("local") is True
    return 0 if local or all(node.own for node in registry.nodes) else registry.chain.max_age_seconds


def records_of(office: Office) -> list[Batch]:
    """The batches in the records; none where nothing was ever issued."""
    if not office.issuing.records.exists:
        return []
    store = Records(office.issuing.records)
    try:
        return store.batches()
    finally:
        store.close()


def cancel_batch(store: Records, config: Path | None, beginning: str) -> Batch:
    """Give up a batch of which nothing was signed, by the beginning of its number; its files in work go too.

    Raises:
        CancelError: it cannot be given up any more; what to do instead.
        BusyError: another run is working on it.
    """
    batch = cancel(store, beginning)
    data = load_issuer_settings(config or find_settings()).data
    shutil.rmtree(data / "batches" / batch.id, ignore_errors=True)
    return batch


def with_key(office: Office, choice: KeyChoice) -> Office:
    """The same office, acting with another key where one is chosen; it sends what it signs, and pays for it."""
    if choice.key is None:
        file = choice.passphrases.file or office.passphrases.file
        return replace(office, passphrases=replace(office.passphrases, file=file))
    issuing = replace(office.issuing, signer_key=key_place(choice.key, Path()), relay_key=None)
    return replace(office, issuing=issuing, passphrases=choice.passphrases)


def revoke(office: Office, hash_: bytes, reason: int) -> "Revoked":
    """Revoke one certificate, known to our records or to the archive.

    Raises:
        UnknownCertificateError: neither holds it; what is revoked blindly is a typing mistake.
        AdoptedError: a signer's revocation would not bite there.
        IssuerError: the registry or the node refuses.
    """
    domain, writer = _revoker(office, hash_)

    with closing(Records(office.issuing.records)) as store:
        store.trail.add("revoke", domain, commitment="0x" + commitment(hash_).hex(), reason=reason)
        ledger = StoredLedger(store, writer.chain_id, writer.sender.address, None, "revoke")
        done = writer.revoke(institution_id(domain), [commitment(hash_)], reason, ledger)
        ledger.close()
        return done


def revocation_cost(office: Office, hash_: bytes, reason: int) -> "Cost | None":
    """What revoking would cost; None where it is revoked already. Nothing is sent. Errors as `revoke`."""
    domain, writer = _revoker(office, hash_)
    return writer.revocation_cost(institution_id(domain), [commitment(hash_)], reason)


def _revoker(office: Office, hash_: bytes) -> "tuple[str, RegistryWriter]":
    domain, root = _batch_of(office, hash_)
    writer = _writer(office)
    if (why := writer.why_in_vain(institution_id(domain), root)) is not None:
        raise AdoptedError(f"{why}: sanad revoke --key with the admin's key. Nothing was sent.")
    return domain, writer


def _batch_of(office: Office, hash_: bytes) -> tuple[str, bytes]:
    """Domain and root of the batch that holds a certificate."""
    if office.issuing.records.exists:
        with closing(Records(office.issuing.records)) as store:
            if (batch := store.batch_of(hash_)) is not None and batch.root is not None:
                return batch.domain, batch.root
    if (found := _batch_in(office.settings.verifier().archive, hash_)) is not None:
        return found
    raise UnknownCertificateError(
        f"Neither the records nor the archive hold the certificate {hash_.hex()}. Compare the hash with the sheet."
    )


def _batch_in(archive: Archive, hash_: bytes) -> tuple[str, bytes] | None:
    data = archive.envelope(hash_)
    if data is None:
        return None
    try:
        envelope = parse_envelope(data)
        domain = issuer_domain(envelope.credential)
        return (domain, envelope.root) if envelope.hash == hash_ else None
    except SanadError:
        return None


def _writer(office: Office) -> "RegistryWriter":
    settings = office.registry_settings
    signer = open_signer(office.issuing.signer_key, office.passphrases)
    web3 = connect_to_any(settings.nodes, settings.info.chain_id)
    pricing = Pricing.of(settings.chain, settings.info.network)
    if office.issuing.relay_key is None:
        return RegistryWriter(Sender(web3, signer, pricing), settings.info.address)
    relay = open_signer(office.issuing.relay_key, office.passphrases)
    return RegistryWriter(Sender(web3, relay, pricing), settings.info.address, signer)
