"""The verifier's settings: which registries its operator trusts, which nodes it asks, and where the archive is.

    [verifier]
    origin = "https://verify.example.org"   # the address that its links begin with
    archive = "archive"                     # a folder; relative to this file
    checks_per_minute = 120                 # from one address, in each process of the website; 0 for no limit
    proxies = 0                             # reverse proxies in front of it, whose X-Forwarded-For is trusted

    trust_local = false                     # true: also trust registries on a local chain
    trust = ["programme.example"]           # programmes whose domain names their registry (verifier/trust.py)
    pins = "trusted.json"                   # what was first read there, and stays trusted; relative to this file
    accredited = "accredited.json"          # the institutions that each registry was last known to accredit

    [[registry]]                            # one for each trusted programme
    programme = "National Educators Programme"
    network = "bsc-testnet"                 # one of verifier/networks.toml, which then gives all but the address
    address = "0x…"
    retired = false                         # true: another has replaced it, and it is no longer asked
    chain_id = 97                           # from here on: only what differs from the network's values
    nodes = ["https://…", { url = "https://…", operator = "…", requests_per_minute = 1500 }]
    agreement = 2                           # how many operators must give the same answer; by default 2, or 1
    test = true                             # every verdict then says that it is a test network
    max_age_seconds = 120                   # the greatest age of the newest block
    final_blocks = 240                      # blocks until a record is final while the chain's own finality has stalled
    price_floor_gwei = 0.1                  # for transactions: limits of the price of a unit of gas
    price_cap_gwei = 5

    [domains]                               # the institutions' own sites, which confirm keys but decide nothing
    ask = true                              # false: do not ask them
    seconds = 3                             # how long to wait for one
    keep_seconds = 900                      # how long to remember its answer
    places = { "university.example" = "https://127.0.0.1:8443" }  # for trials: where a domain's did.json really is
    authorities = "ca.pem"                  # for trials: trusted in addition to the usual ones; relative to this file
    nameserver = "127.0.0.1:5353"           # for trials: asked for TXT records instead of the system's nameserver

    [networks.bsc-testnet]                  # the same for every registry of a network (verifier/chain/networks.py)
    nodes = ["https://…"]

The environment overrides both (SANAD_BSC_TESTNET_NODES). A registry is trusted because it is listed here; one on a
local chain only with `trust_local`. The `[issuer]` table is for the issuer. docs/settings.md lists all settings.
"""

import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verifier.archive_folder import FolderArchive
from verifier.chain.registry_settings import RegistrySettings as RegistrySettings
from verifier.chain.registry_settings import read_networks, read_registries
from verifier.chain.remembering import remembering
from verifier.core.domain import is_domain
from verifier.core.hashes import to_hex
from verifier.core.sentence import Sentence
from verifier.core.verifier import Verifier
from verifier.domains.domain_lookup import DomainLookups, DomainSettings
from verifier.errors import SettingsError
from verifier.plain_file import read_plain_text
from verifier.toml_table import Table, is_http

FILE_NAME = "sanad.toml"
ENVIRONMENT = "SANAD_CONFIG"
_PLACES = (Path(FILE_NAME), Path("sanad-demo") / FILE_NAME)
_TABLES = ("verifier", "registry", "networks", "domains", "issuer", "programme", "mail", "watch")
_VERIFIER_KEYS = ("origin", "archive", "checks_per_minute", "proxies", "trust_local", "trust", "pins", "accredited")
_DOMAIN_KEYS = ("ask", "seconds", "keep_seconds", "places", "authorities", "nameserver")
_CHECKS_PER_MINUTE = 120
_PINS = "trusted.json"
_ACCREDITED = "accredited.json"
_log = logging.getLogger("sanad.archive")


@dataclass(frozen=True)
class Trust:
    """The programmes that are trusted by their domain, and what is needed to find their registries."""

    domains: tuple[str, ...] = ()
    pins: Path = Path(_PINS)
    """The file of what was first read, and stays trusted."""
    networks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    trust_local: bool = False


@dataclass(frozen=True)
class Settings:
    """The verifier's settings from a sanad.toml."""

    path: Path
    origin: str | None
    archive: Path | None
    registries: tuple[RegistrySettings, ...]
    """The registries that are asked."""
    retired: tuple[RegistrySettings, ...] = ()
    """Registries that were asked once, and no longer yield a verdict."""
    checks_per_minute: int = _CHECKS_PER_MINUTE
    """For the website: how many checks one address may request a minute; 0 sets no limit."""
    proxies: int = 0
    """For the website: the number of reverse proxies in front of it."""
    domains: DomainSettings = DomainSettings()  # noqa: RUF009 - it is frozen
    """How the institutions' own domains are asked."""
    trust: Trust = Trust()
    """Programmes that are trusted by their domain; verifier/trust.py looks up their registries."""
    accredited: Path = Path(_ACCREDITED)
    """The file of the institutions that each of several registries was last known to accredit."""

    def verifier(self, ask_domains: bool = True) -> Verifier:
        """A verifier with these registries and this archive.

        Args:
            ask_domains: False: ask no institution's own site, whatever the settings say.
        """
        archive = None if self.archive is None else FolderArchive(self.archive)
        asked = remembering([one.registry() for one in self.registries], self.accredited)
        domains = DomainLookups(self.domains) if ask_domains and self.domains.ask else None
        retired = [one.info for one in self.retired]
        return Verifier(asked, archive, retired=retired, domains=domains, tell=_log_wrong_entry)


def _log_wrong_entry(hash_: bytes, problem: Sentence) -> None:
    """Log that what the archive has under a hash is not that certificate."""
    _log.warning("What the archive has under %s is not this certificate: %s", to_hex(hash_), problem)


def load_settings(path: Path | None) -> Settings:
    """Read the settings from `path`, else ./sanad.toml, else ./sanad-demo/sanad.toml, else $SANAD_CONFIG.

    Raises:
        SettingsError: there are none, or they cannot be used; the text lists every mistake.
    """
    path = path or find_settings()
    try:
        document = tomllib.loads(read_plain_text(path))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    return _settings(path, document)


def find_settings() -> Path:
    """The settings file where none is given.

    Raises:
        SettingsError: there is none.
    """
    named = os.environ.get(ENVIRONMENT)
    found = next((place for place in _PLACES if place.is_file()), Path(named) if named else None)
    if found is None:
        raise SettingsError(
            f"There is no {FILE_NAME} here. Give one with --config or {ENVIRONMENT}, or run: sanad demo"
        )
    return found


def _settings(path: Path, document: Mapping[str, Any]) -> Settings:
    whole = Table(document, "the file", [])
    whole.only(_TABLES)
    verifier = Table(whole.take("verifier", dict, "a table", {}) or {}, "[verifier]", whole.problems)
    verifier.only(_VERIFIER_KEYS)
    origin, archive = _origin(verifier), verifier.take("archive", str, "a folder in quotes", None)
    checks = verifier.number("checks_per_minute", 10**6, _CHECKS_PER_MINUTE, smallest=0)
    proxies = verifier.number("proxies", 10, 0, smallest=0)
    trust, networks = _trust(verifier), read_networks(whole)
    trust_local = verifier.take("trust_local", bool, "true or false", False)
    pins = verifier.take("pins", str, "a file in quotes", _PINS)
    accredited = verifier.take("accredited", str, "a file in quotes", _ACCREDITED) or _ACCREDITED
    known = read_registries(whole, networks, trust_local, needed=not trust)
    domains = _domains(whole, path.resolve().parent)
    if whole.problems:
        raise SettingsError("\n".join([f"{path} cannot be used:", *whole.problems]))
    folder = path.resolve().parent
    asked, retired = (tuple(one for one in known if one.retired is over) for over in (False, True))
    place = None if archive is None else folder / archive
    trusted = Trust(trust, folder / pins, networks, trust_local)
    return Settings(path, origin, place, asked, retired, checks, proxies, domains, trusted, folder / accredited)


def _trust(table: Table) -> tuple[str, ...]:
    domains = table.take("trust", list, "a list of domains", [])
    if not all(isinstance(domain, str) and is_domain(domain) for domain in domains or []):
        table.wrong("trust", 'a list of programmes\' domains in lower case: ["programme.example"]')
        return ()
    return tuple(domains or [])


def _origin(table: Table) -> str | None:
    origin: str | None = table.take("origin", str, "an address in quotes", None)
    if origin is None:
        return None
    origin = origin.rstrip("/")
    if not is_http(origin) or urlsplit(origin).path:
        table.wrong("origin", "https:// and a host, and nothing after it")
    return origin


def _domains(whole: Table, folder: Path) -> DomainSettings:
    table = Table(whole.take("domains", dict, "a table", {}) or {}, "[domains]", whole.problems)
    table.only(_DOMAIN_KEYS)
    return DomainSettings(
        ask=table.take("ask", bool, "true or false", True),
        seconds=table.number("seconds", 60, DomainSettings.seconds),
        keep_seconds=table.number("keep_seconds", 86_400, DomainSettings.keep_seconds, smallest=0),
        places=_places(table),
        authorities=_authorities(table, folder),
        nameserver=_nameserver(table),
    )


def _places(table: Table) -> tuple[tuple[str, str], ...]:
    places = table.take("places", dict, "a table of domains and addresses", {}) or {}
    if not all(is_domain(domain) and isinstance(url, str) and is_http(url) for domain, url in places.items()):
        table.wrong("places", 'a table of domains and addresses: { "university.example" = "https://127.0.0.1:8443" }')
    return tuple(places.items())


def _authorities(table: Table, folder: Path) -> Path | None:
    name = table.take("authorities", str, "a file in quotes", None)
    if name is not None and not (folder / name).is_file():
        table.wrong("authorities", f"a file that exists: {folder / name}")
    return None if name is None else folder / name


def _nameserver(table: Table) -> tuple[str, int] | None:
    text = table.take("nameserver", str, "an address in quotes", None)
    if text is None:
        return None
    try:
        parts = urlsplit(f"//{text}")
        return str(ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        table.wrong("nameserver", 'an IP address, and a port if need be: "127.0.0.1:5353"')
        return None
