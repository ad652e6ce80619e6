"""One sanad.toml, opened: its registry, its keys, its archive, its records, and the institution's acts.

It works where there is no [issuer] table too, as at a programme's: what a table would say is asked for when it is
needed. Commands, consoles and workers call this; nothing here prints or asks, except through `ask`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import ActError
from issuer.keys.files import Passphrases
from issuer.keys.no_signer import AddressOnly
from issuer.keys.signers import KeyPlace, open_signer
from issuer.office.key_choice import KeyChoice, Seat, chosen_key
from issuer.records import Records, open_issuing
from issuer.registry.guards import Elsewhere, not_accredited
from issuer.registry.institution import InstitutionActs
from issuer.sending import Pricing, Sender, connect_to_any, reading
from issuer.settings import IssuerSettings, KeySettings, load_issuer_settings, load_key_settings
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import NO_ADDRESS
from verifier.settings import RegistrySettings, Settings, find_settings, load_settings

if TYPE_CHECKING:
    from verifier.chain.registry import NodeRegistry

ADMIN, SIGNER, RELAY = "admin_key", "signer_key", "relay_key"
"""The keys of [issuer] that act, by their names there."""


@dataclass(frozen=True)
class Office:
    """A sanad.toml, and the one of its registries that is acted on.

    Args:
        path: the file.
        settings: what it says.
        chosen: the registry that is acted on, where the settings name several.
        ask: asks for passphrases, where somebody is there.
    """

    path: Path
    settings: Settings
    chosen: RegistrySettings | None = None
    ask: Callable[[str], str] | None = None

    @property
    def registry_settings(self) -> RegistrySettings:
        """The registry that is acted on.

        Raises:
            ActError: there is none, or there are several.
        """
        if self.chosen is not None:
            return self.chosen
        if not self.settings.registries:
            raise ActError(f"{self.path} names no [[registry]] to act on; acting needs exactly one, by its address.")
        if len(self.settings.registries) != 1:
            names = listed(self.settings.registries)
            raise ActError(
                f"{self.path} names several registries: {names}. Say which one by --registry, or mark the one that is "
                "left with retired = true."
            )
        return self.settings.registries[0]

    @cached_property
    def registry(self) -> "NodeRegistry":
        """The registry that is acted on, as verifiers read it; errors as `registry_settings`."""
        return self.registry_settings.registry()

    @property
    def others(self) -> list[RegistrySettings]:
        """The other registries of the settings, retired ones too."""
        known = (*self.settings.registries, *self.settings.retired)
        return [each for each in known if each.info != self.registry_settings.info]

    def at(self, registry: RegistrySettings) -> "Office":
        """The same office, with this registry as the one that is acted on."""
        return replace(self, chosen=registry)

    @cached_property
    def issuing(self) -> IssuerSettings:
        """The [issuer] table.

        Raises:
            IssuerSettingsError: it is missing or wrong.
        """
        return load_issuer_settings(self.path)

    @property
    def passphrases(self) -> Passphrases:
        """Where the passphrases of the keys of [issuer] are; errors as `issuing`."""
        return Passphrases(self.issuing.passphrase_file, self.ask)

    @property
    def archive_folder(self) -> Path:
        """Where envelopes and batch files are published.

        Raises:
            ActError: the settings name none.
        """
        if self.settings.archive is None:
            raise ActError(f"{self.path} names no archive: set archive in [verifier], so that links can be verified.")
        return self.settings.archive

    @contextmanager
    def records(self) -> Iterator[Records | None]:
        """The issuer's records; None where no class was ever drafted here."""
        store = open_issuing(self._key(ADMIN).records)
        if store is None:
            yield None
            return
        with closing(store):
            yield store

    def sender(self, place: KeyPlace, passphrases: Passphrases) -> Sender:
        """The key's way to the registry's chain.

        Raises:
            KeyFileError, SignerError: the key cannot be used.
            NodeUnusableError: the node cannot be asked, or is of another chain.
        """
        settings = self.registry_settings
        web3 = connect_to_any(settings.nodes, settings.info.chain_id)
        return Sender(web3, open_signer(place, passphrases), Pricing.of(settings.chain, settings.info.network))

    def institution(self, domain: str, choice: KeyChoice, role: str = ADMIN) -> InstitutionActs:
        """The acts of an institution with the key that is chosen, else with that of its `role` in [issuer].

        What the signer of [issuer] does is relayed where there is a relay_key.

        Raises:
            ActError: this is no institution of the registry, or nobody names the key.
            KeyFileError, SignerError, NodeUnusableError: as `sender`.
        """
        if choice.seat is not None:
            return self._of_multisig(domain, choice.seat)
        place, passphrases = chosen_key(choice, self._key(role), f"[issuer] {role}")
        relay = self._key(RELAY).place if choice.key is None and role == SIGNER else None
        sender = self.sender(relay or place, passphrases)
        signer = None if relay is None else open_signer(place, passphrases)
        address, elsewhere = self.registry_settings.info.address, self._elsewhere(domain)
        return self._checked(InstitutionActs(sender, address, domain, signer, elsewhere, self.domains))

    def multisig(self, address: str, what: str) -> Sender:
        """The multisig that holds an office, as far as its acts can be tried out; it signs nothing here.

        Args:
            address: the office's holder, as the registry names it.
            what: the office, in words.

        Raises:
            ActError: a key holds it.
            NodeUnusableError: the node gave no usable answer.
        """
        sender = self.asker(address)
        if not reading(lambda: sender.web3.eth.get_code(sender.web3.to_checksum_address(address))):
            raise ActError(
                f"{sender.address} is {what} and is a key, not a multisig's contract: act with that key, without "
                "--safe. Nothing was written."
            )
        return sender

    def asker(self, address: str = NO_ADDRESS) -> Sender:
        """Asks the registry's nodes as if it was this address, and signs nothing; errors as `sender`."""
        settings = self.registry_settings
        web3 = connect_to_any(settings.nodes, settings.info.chain_id)
        return Sender(web3, AddressOnly(str(web3.to_checksum_address(address))))

    def _of_multisig(self, domain: str, seat: Seat) -> InstitutionActs:
        """The acts of an institution whose admin, or whose next one, is a multisig."""
        acts = self._checked(InstitutionActs(self.asker(), self.registry_settings.info.address, domain))
        record = acts.registry.record("institutionRecord", acts.id)
        nominee = seat is Seat.NOMINEE and record["pendingAdmin"] != NO_ADDRESS
        what = f"nominated as the admin of {domain}" if nominee else f"the admin of {domain}"
        sender = self.multisig(record["pendingAdmin" if nominee else "admin"], what)
        return InstitutionActs(sender, acts.registry.address, domain, None, self._elsewhere(domain), self.domains)

    def _checked(self, acts: InstitutionActs) -> InstitutionActs:
        """The acts, of an institution that is accredited."""
        if not acts.registry.record("institutionRecord", acts.id)["accreditedAt"]:
            raise ActError(self.not_accredited(acts.domain))
        return acts

    def not_accredited(self, domain: str, where: str = "this registry") -> str:
        """The sentence that says so, with the institutions of the registry that may be meant."""
        return not_accredited(domain, self.domains(), where)

    def domains(self) -> list[str]:
        """The domains of the registry's institutions; none where it gave no usable answer."""
        try:
            return [str(record["domain"]) for record in self.registry.institutions()]
        except RegistryUnavailableError:
            return []

    def _key(self, name: str) -> KeySettings:
        return load_key_settings(self.path, "issuer", name)

    def _elsewhere(self, domain: str) -> Elsewhere:
        """Where a batch counts in another registry, which verifiers read instead of the one that is acted on."""
        info = self.registry_settings.info
        retired = any(each.info == info for each in self.settings.retired)

        def elsewhere(root: bytes, closed: bool) -> str | None:
            for other in self.settings.registries if retired or closed else ():
                if other.info != info and other.registry().batches(domain, [root])[0]["counts"]:
                    return (
                        f"The batch was registered again in {other.info.address} ({other.info.network}), and verifiers "
                        f"read that registry instead of {info.address}. Act there: --registry "
                        f"{other.info.address}@{other.info.network}."
                    )
            return None

        return elsewhere


def open_office(config: Path | None, ask: Callable[[str], str] | None = None, which: str | None = None) -> Office:
    """The office of a sanad.toml: `config`, or wherever one is found.

    Args:
        config: the sanad.toml.
        ask: asks for passphrases.
        which: the registry to act on, by address or network, where the settings name several.

    Raises:
        SettingsError: they are missing or wrong.
        ActError: they do not name that registry.
    """
    path = config or find_settings()
    office = Office(path, load_settings(path), ask=ask)
    if which is None:
        return office
    return office.at(named((*office.settings.registries, *office.settings.retired), which))


def named(known: Sequence[RegistrySettings], wanted: str) -> RegistrySettings:
    """The registry that somebody names by its address, by its network, or by both: `address@network`.

    Raises:
        ActError: it means none of them, or several.
    """
    found = [one for one in known if wanted.lower() in _names(one)]
    if len(found) != 1:
        raise ActError(f"{wanted} means {len(found)} of the registries in sanad.toml: {listed(known)}. {_way(found)}")
    return found[0]


def _names(one: RegistrySettings) -> set[str]:
    address, network = one.info.address.lower(), one.info.network.lower()
    return {address, network, f"{address}@{network}", f"{network}:{address}"}


def _way(found: Sequence[RegistrySettings]) -> str:
    """How to name one of these: the same address may be on several chains, and one network may have several."""
    if len({one.info.address.lower() for one in found}) == 1 and found:
        example = f"{found[0].info.address}@{found[0].info.network}"
        return (
            f"Give address and network: {example}." if len({one.info.network for one in found}) > 1 else "Remove one."
        )
    return "Give an address."


def listed(known: Sequence[RegistrySettings]) -> str:
    """Registries as an error names them."""
    return ", ".join(f"{one.info.address} ({one.info.network})" for one in known)
