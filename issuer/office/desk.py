"""Opens a registry for acting on it, from a sanad.toml: which registry, which key, through which node.

Commands and consoles call this; issuer/registry/institution.py and deploy/programme_acts.py say what can be done then.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import ActError
from issuer.keys.files import Passphrases
from issuer.keys.signers import KeyPlace, Signer, key_place, open_signer
from issuer.records import Records, RecordsPlace
from issuer.registry.institution import InstitutionActs
from issuer.sending import Pricing, Sender, StoredLedger, connect_to_any
from issuer.settings import KeySettings, load_key_settings
from verifier.core.hashes import institution_id
from verifier.settings import RegistrySettings, Settings, find_settings, load_settings

if TYPE_CHECKING:
    from issuer.registry.act import Act
    from issuer.sending import Ledger


@dataclass(frozen=True)
class KeyChoice:
    """A key as a command's options name it; what they leave open, sanad.toml says.

    Args:
        key: a file, or a remote signer; relative to the working folder.
        passphrases: where its passphrase comes from; the settings' file is taken where this names none.
    """

    key: str | None = None
    passphrases: Passphrases = Passphrases()  # noqa: RUF009 - it is frozen


@dataclass(frozen=True)
class Desk:
    """A sanad.toml that names one registry to act on."""

    path: Path
    settings: Settings

    @property
    def registry(self) -> RegistrySettings:
        """The registry that is acted on.

        Raises:
            ActError: there is none, or there are several.
        """
        if not self.settings.registries:
            raise ActError(f"{self.path} names no [[registry]] to act on; acting needs exactly one, by its address.")
        if len(self.settings.registries) != 1:
            names = listed(self.settings.registries)
            raise ActError(
                f"{self.path} names several registries: {names}. Say which one by --registry, or mark the one that is "
                "left with retired = true."
            )
        return self.settings.registries[0]

    def at(self, registry: RegistrySettings) -> "Desk":
        """The same settings, with this registry as the one that is acted on."""
        return replace(self, settings=replace(self.settings, registries=(registry,)))

    @property
    def archive_folder(self) -> Path:
        """Where envelopes and batch files are published.

        Raises:
            ActError: the settings name none.
        """
        if self.settings.archive is None:
            raise ActError(f"{self.path} names no archive: set archive in [verifier].")
        return self.settings.archive

    def sender(self, place: KeyPlace, passphrases: Passphrases) -> "Sender":
        """The key's way to the registry's chain.

        Raises:
            KeyFileError, SignerError: the key cannot be used.
            NodeUnusableError: the node cannot be asked, or is of another chain.
        """
        registry = self.registry
        web3 = connect_to_any(registry.nodes, registry.info.chain_id)
        return Sender(web3, open_signer(place, passphrases), Pricing.of(registry.chain, registry.info.network))

    @contextmanager
    def ledger(self, act: "Act") -> "Iterator[Ledger | None]":
        """Keeps an act's attempts in the issuer's records, where there are any.

        So a key has one writer, and the records tell what was done if the chain dies.
        """
        store = open_records(load_key_settings(self.path, "issuer", "admin_key").records)
        if store is None:
            yield None
            return
        with closing(store):
            store.trail.add(act.name, None, **act.facts)
            yield StoredLedger(store, act.sender.chain_id, act.sender.address, None, act.name)

    def institution(self, sender: "Sender", domain: str, signer: Signer | None = None) -> "InstitutionActs":
        """The acts of an institution; where there is a `signer`, the sender only relays what it signs.

        Raises:
            ActError: this is no institution of the registry.
        """
        acts = InstitutionActs(sender, self.registry.info.address, domain, signer)
        if not acts.registry.record("institutionRecord", institution_id(domain))["accreditedAt"]:
            raise ActError(f"{domain} is not accredited in this registry: sanad accredit {domain} …")
        return acts


def open_desk(config: Path | None, registry: str | None = None) -> Desk:
    """The settings from `config`, or wherever a sanad.toml is found; `registry` picks one that they name, as `named`.

    Raises:
        SettingsError: they are missing or wrong.
        ActError: they do not name that registry.
    """
    path = config or find_settings()
    desk = Desk(path, load_settings(path))
    if registry is None:
        return desk
    return desk.at(named((*desk.settings.registries, *desk.settings.retired), registry))


def named(known: Sequence[RegistrySettings], wanted: str) -> RegistrySettings:
    """The registry that somebody names by its address or its network.

    Raises:
        ActError: it means none of them, or several.
    """
    found = [one for one in known if wanted.lower() in (one.info.address.lower(), one.info.network.lower())]
    if len(found) != 1:
        raise ActError(
            f"{wanted} means {len(found)} of the registries in sanad.toml: {listed(known)}. Give an address."
        )
    return found[0]


def listed(known: Sequence[RegistrySettings]) -> str:
    """Registries as an error names them."""
    return ", ".join(f"{one.info.address} ({one.info.network})" for one in known)


def chosen_key(choice: KeyChoice, configured: KeySettings, wanted: str) -> tuple[KeyPlace, Passphrases]:
    """The key to act with, and where its passphrase is; `wanted` is its name in sanad.toml.

    Raises:
        ActError: nobody names one.
    """
    place = configured.place if choice.key is None else key_place(choice.key, Path())
    if place is None:
        raise ActError(f"Which key acts? Name it with --key, or set {wanted} in sanad.toml.")
    named = choice.passphrases.file
    file = named or (configured.passphrase_file if choice.key is None else None)
    return place, Passphrases(file, choice.passphrases.ask)


def open_records(place: RecordsPlace | None) -> Records | None:
    """The issuer's records, where there are any."""
    return Records(place) if place is not None and place.exists else None
