"""Gathers what an institution says of itself on its domain, from key files, records and the registry's storage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import ActError
from issuer.keys.files import load_institution_key, stated_address
from issuer.keys.key_history import InstitutionKey, KeyHistory
from issuer.keys.signers import KeyPlace
from issuer.publishing.did_document import Institution, SignerAddress
from issuer.text import moment
from verifier.core.domain import is_domain
from verifier.core.errors import SignatureError
from verifier.core.multikey import ed25519_multikey, ed25519_public_key
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from issuer.office.office import Office
    from issuer.records import Batch

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")


@dataclass(frozen=True)
class OwnDomain:
    """An institution's office, asked about its own domain.

    Args:
        office: its settings, opened.
        batches: those in its records.
    """

    office: "Office"
    batches: "list[Batch]"

    def domain(self, given: str | None) -> str:
        """The domain that is meant: the given one, else the only one in the records.

        Raises:
            ActError: it is not one, or it is not clear which.
        """
        if given is not None and not is_domain(given):
            raise ActError(f"{given!r} is not a domain: lower-case labels with dots, such as example.edu.pk.")
        known = {batch.domain for batch in self.batches}
        if given is None and len(known) != 1:
            names = ", ".join(sorted(known)) or "none yet"
            raise ActError(f"Which domain? Give it: sanad did university.example. The records know: {names}.")
        return given or known.pop()

    def institution(
        self, given: str | None = None, signers: Sequence[str] = (), keys: Sequence[str] = ()
    ) -> Institution:
        """What the domain should say.

        Args:
            given: the domain, where the records know several or none.
            signers: addresses of signers that these records do not know, a colleague's say.
            keys: Ed25519 public keys with which another office of the institution signs.

        Raises:
            ActError: it is not clear which domain, or the registry does not know it.
            KeyFileError: the institution's key does not open, or is distrusted.
            RegistryUnavailableError: the registry could not be asked about the signers.
        """
        domain, info = self.domain(given), self.office.registry.info
        if not self.office.registry.institution(domain)["accreditedAt"]:
            where = f"the registry {info.address} ({info.network})"
            raise ActError(self.office.not_accredited(domain, where))
        own = note_key(self.office).listed()
        return Institution(domain, [*own, *_others(keys, own)], list(self._signers(domain, signers)), [info])

    def _signers(self, domain: str, named: Sequence[str]) -> Iterator[SignerAddress]:
        """Every address of ours that the institution authorised or that registered a batch, as the registry has it."""
        info = self.office.registry.info
        issued = {batch.signer for batch in self.batches if batch.domain == domain and batch.chain_id == info.chain_id}
        settings = self.office.issuing
        strange = [each for each in named if not _ADDRESS.fullmatch(each) or each != checksummed(each)]
        if strange:
            raise ActError(
                f"{strange[0]} is not an address, or has a typing error: 0x and 40 hex digits, as wallets show it."
            )
        known = (
            issued
            | set(named)
            | {_address(place) for place in (settings.signer_key, settings.admin_key) if place is not None}
        )
        for address in sorted(checksummed(each) for each in known if each is not None):
            record = self.office.registry.key(domain, address)
            if address in (*issued, *named) or record["authorised"] or record["everAdmin"]:
                since = record["distrustedSince"]
                distrusted = moment(since) if since else None
                yield SignerAddress(info.chain_id, address, distrusted)


def note_key(office: "Office") -> KeyHistory:
    """The list of the institution's keys, with the one in use noted in it."""
    path = office.issuing.institution_key
    history = KeyHistory.beside(path)
    key = load_institution_key(path, office.passphrases.of(path))
    history.note(ed25519_multikey(key.public_key().public_bytes_raw()))
    return history


def _others(keys: Sequence[str], own: Sequence[InstitutionKey]) -> Iterator[InstitutionKey]:
    for key in dict.fromkeys(keys):
        try:
            ed25519_public_key(key)
        except SignatureError:
            raise ActError(f"{key} is not an Ed25519 public key: z6Mk…, as sanad key show prints it.") from None
        if all(each.multikey != key for each in own):
            yield InstitutionKey(key)


def _address(place: KeyPlace) -> str | None:
    return place.address if place.file is None else stated_address(Path(place.file))
