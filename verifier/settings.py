"""The verifier's settings: which registries its operator trusts, through which nodes, and where the archive is.

    [verifier]
    origin = "https://verify.example.org"   # of the links that it gives out
    archive = "archive"                     # a folder; relative to this file
    checks_per_minute = 120                 # from one address, in each process of the website; 0 for no limit
    proxies = 0                             # reverse proxies in front of it, whose X-Forwarded-For is believed

    [[registry]]                            # one for each programme that is trusted
    programme = "National Educators Programme"
    network = "bsc-testnet"
    chain_id = 97
    address = "0x…"
    nodes = ["https://…", { url = "https://…", operator = "…", requests_per_minute = 1500 }]
    agreement = 2                           # identical answers needed; by default 2, or 1 of one node
    test = true                             # every verdict then says that this is a test network
    max_age_seconds = 120                   # how old the newest block may be
    retired = false                         # true: another took its place; it is not asked any more
    final_blocks = 240                      # how many blocks deep is final where the chain's finality has stalled

    [domains]                               # the institutions' own sites, which confirm keys and decide nothing
    ask = true                              # false: they are not asked
    seconds = 3                             # how long one is waited for
    keep_seconds = 900                      # how long its answer is remembered
    places = { "university.example" = "https://127.0.0.1:8443" }  # for trials: where one's did.json really is
    authorities = "ca.pem"                  # for trials: trusted besides the usual ones; relative to this file
    nameserver = "127.0.0.1:5353"           # for trials: asked for TXT records instead of the system's own

A registry is trusted because it stands here, one on a `local` chain too. The `[issuer]` table is the issuer's own.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from verifier.archive_folder import FolderArchive
from verifier.core.domain import is_domain
from verifier.core.hashes import keccak256
from verifier.core.registry import RegistryInfo
from verifier.core.verifier import Verifier
from verifier.domain_lookup import DomainLookups, DomainSettings
from verifier.errors import SettingsError
from verifier.registry import NodeAddress, NodeRegistry, Patience

FILE_NAME = "sanad.toml"
ENVIRONMENT = "SANAD_CONFIG"
_PLACES = (Path(FILE_NAME), Path("sanad-demo") / FILE_NAME)
_TABLES = ("verifier", "registry", "domains", "issuer", "programme", "mail", "watch")
_VERIFIER_KEYS = ("origin", "archive", "checks_per_minute", "proxies")
_DOMAIN_KEYS = ("ask", "seconds", "keep_seconds", "places", "authorities", "nameserver")
_CHECKS_PER_MINUTE = 120
_REGISTRY_KEYS = (
    "programme",
    "network",
    "chain_id",
    "address",
    "nodes",
    "agreement",
    "test",
    "max_age_seconds",
    "final_blocks",
    "retired",
)
_NODE_KEYS = ("url", "operator", "requests_per_minute")
_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
Value = TypeVar("Value")


@dataclass(frozen=True)
class RegistrySettings:
    """One registry that is trusted, and the nodes through which it is read."""

    info: RegistryInfo
    nodes: tuple[NodeAddress, ...]
    agreement: int
    max_age_seconds: int
    final_blocks: int = Patience.final_blocks
    retired: bool = False

    def registry(self) -> NodeRegistry:
        """The registry, ready to be asked."""
        patience = Patience(max_age=self.max_age_seconds, final_blocks=self.final_blocks)
        return NodeRegistry(self.info, self.nodes, self.agreement, patience)


@dataclass(frozen=True)
class Settings:
    """What a sanad.toml says to the verifier."""

    path: Path
    origin: str | None
    archive: Path | None
    registries: tuple[RegistrySettings, ...]
    """Those that are asked."""
    retired: tuple[RegistrySettings, ...] = ()
    """Those that once were, and yield no verdict any more."""
    checks_per_minute: int = _CHECKS_PER_MINUTE
    """For the website: how often one address may have something checked; 0 sets no limit."""
    proxies: int = 0
    """For the website: how many reverse proxies stand in front of it."""
    domains: DomainSettings = DomainSettings()  # noqa: RUF009 - it is frozen
    """How the institutions' own domains are asked."""

    def verifier(self, ask_domains: bool = True) -> Verifier:
        """A verifier with these registries and this archive.

        Args:
            ask_domains: False where somebody wants no institution's own site to be asked, whatever the settings say.
        """
        archive = None if self.archive is None else FolderArchive(self.archive)
        asked = [one.registry() for one in self.registries]
        domains = DomainLookups(self.domains) if ask_domains and self.domains.ask else None
        return Verifier(asked, archive, retired=[one.info for one in self.retired], domains=domains)


def load_settings(path: Path | None) -> Settings:
    """Read the settings from `path`, else ./sanad.toml, else ./sanad-demo/sanad.toml, else $SANAD_CONFIG.

    Raises:
        SettingsError: there are none, or they cannot be used; the text names every mistake.
    """
    path = path or find_settings()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    return _settings(path, document)


def find_settings() -> Path:
    """Where the settings are when nobody says.

    Raises:
        SettingsError: nowhere.
    """
    named = os.environ.get(ENVIRONMENT)
    found = next((place for place in _PLACES if place.is_file()), Path(named) if named else None)
    if found is None:
        raise SettingsError(
            f"There is no {FILE_NAME} here. Give one with --config or {ENVIRONMENT}, or run: sanad demo"
        )
    return found


def _settings(path: Path, document: Mapping[str, Any]) -> Settings:
    whole = _Table(document, "the file", [])
    whole.only(_TABLES)
    verifier = _Table(whole.take("verifier", dict, "a table", {}) or {}, "[verifier]", whole.problems)
    verifier.only(_VERIFIER_KEYS)
    origin, archive = _origin(verifier), verifier.take("archive", str, "a folder in quotes", None)
    checks = verifier.number("checks_per_minute", 10**6, _CHECKS_PER_MINUTE, smallest=0)
    proxies = verifier.number("proxies", 10, 0, smallest=0)
    registries, domains = _registries(whole), _domains(whole, path.resolve().parent)
    if whole.problems:
        raise SettingsError("\n".join([f"{path} cannot be used:", *whole.problems]))
    folder = path.resolve().parent
    known = [one for one in registries if one is not None]
    asked, retired = (tuple(one for one in known if one.retired is over) for over in (False, True))
    place = None if archive is None else folder / archive
    return Settings(path, origin, place, asked, retired, checks, proxies, domains)


def _origin(table: "_Table") -> str | None:
    origin: str | None = table.take("origin", str, "an address in quotes", None)
    if origin is None:
        return None
    origin = origin.rstrip("/")
    if not _is_http(origin) or urlsplit(origin).path:
        table.wrong("origin", "https:// and a host, and nothing after it")
    return origin


def _domains(whole: "_Table", folder: Path) -> DomainSettings:
    table = _Table(whole.take("domains", dict, "a table", {}) or {}, "[domains]", whole.problems)
    table.only(_DOMAIN_KEYS)
    return DomainSettings(
        ask=table.take("ask", bool, "true or false", True),
        seconds=table.number("seconds", 60, DomainSettings.seconds),
        keep_seconds=table.number("keep_seconds", 86_400, DomainSettings.keep_seconds, smallest=0),
        places=_places(table),
        authorities=_authorities(table, folder),
        nameserver=_nameserver(table),
    )


def _places(table: "_Table") -> tuple[tuple[str, str], ...]:
    places = table.take("places", dict, "a table of domains and addresses", {}) or {}
    if not all(is_domain(domain) and isinstance(url, str) and _is_http(url) for domain, url in places.items()):
        table.wrong("places", 'a table of domains and addresses: { "university.example" = "https://127.0.0.1:8443" }')
    return tuple(places.items())


def _authorities(table: "_Table", folder: Path) -> Path | None:
    name = table.take("authorities", str, "a file in quotes", None)
    if name is not None and not (folder / name).is_file():
        table.wrong("authorities", f"a file that is there: {folder / name}")
    return None if name is None else folder / name


def _nameserver(table: "_Table") -> tuple[str, int] | None:
    text = table.take("nameserver", str, "an address in quotes", None)
    if text is None:
        return None
    try:
        parts = urlsplit(f"//{text}")
        return str(ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        table.wrong("nameserver", 'an IP address, and a port if need be: "127.0.0.1:5353"')
        return None


def _registries(whole: "_Table") -> list[RegistrySettings | None]:
    tables = whole.take("registry", list, "written as [[registry]]", [])
    if tables == []:
        whole.problems.append("There is no [[registry]]: without one nothing can be checked. Add the programme's.")
    if not all(isinstance(values, dict) for values in tables or []):
        whole.wrong("registry", "written as [[registry]]")
        return []
    return [
        _registry(_Table(values, f"[[registry]] number {number}", whole.problems))
        for number, values in enumerate(tables or [], 1)
    ]


def _registry(table: "_Table") -> RegistrySettings | None:
    before = len(table.problems)
    table.only(_REGISTRY_KEYS)
    info = RegistryInfo(
        programme=table.take("programme", str, "a name in quotes"),
        network=table.take("network", str, "a name in quotes"),
        chain_id=table.number("chain_id", 2**63),
        address=_address(table),
        test=table.take("test", bool, "true or false"),
    )
    entries = _entries(table)
    nodes = tuple(node for entry in entries if (node := _node(table, entry)) is not None)
    agreement = table.number("agreement", max(len(entries), 1), min(2, len(entries)))
    max_age = table.number("max_age_seconds", 2**31, Patience.max_age)
    final_blocks = table.number("final_blocks", 2**31, Patience.final_blocks)
    retired = table.take("retired", bool, "true or false", False)
    if len(table.problems) > before:
        return None
    return RegistrySettings(info, nodes, agreement, max_age, final_blocks, retired)


def _address(table: "_Table") -> Any:
    address = table.take("address", str, "the contract's address in quotes")
    if address is not None and _ADDRESS.fullmatch(address) is None:
        table.wrong("address", "0x and 40 hex digits")
    elif address is not None and address != address.lower() and address != checksummed(address):
        table.wrong("address", "an address without a typing error (its capital letters are a check sum, EIP-55)")
    return address


def checksummed(address: str) -> str:
    """An address with the capital letters of EIP-55."""
    digits = address[2:].lower()
    sums = keccak256(digits.encode("ascii")).hex()
    return "0x" + "".join(digit.upper() if int(sums[at], 16) > 7 else digit for at, digit in enumerate(digits))


def _entries(table: "_Table") -> list[Any]:
    entries = table.take("nodes", list, "a list of addresses")
    if entries == []:
        table.wrong("nodes", "a list of at least one address")
    return entries or []


def _node(table: "_Table", entry: Any) -> NodeAddress | None:
    node = _Table(entry if isinstance(entry, dict) else {"url": entry}, f"{table.name}, nodes", table.problems)
    node.only(_NODE_KEYS)
    url = node.take("url", str, "an address in quotes")
    operator = node.take("operator", str, "a name in quotes", None)
    budget = node.number("requests_per_minute", 2**31, None)
    if url is None:
        return None
    if not _is_http(url):
        node.wrong("url", "http:// or https:// and a host")
    return NodeAddress(url, operator, budget)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


_REQUIRED: Any = object()


class _Table:
    """A table of the file, read with every mistake written down."""

    def __init__(self, values: Mapping[str, Any], name: str, problems: list[str]) -> None:
        self.values, self.name, self.problems = values, name, problems

    def only(self, known: tuple[str, ...]) -> None:
        """Write down every key that is not known, with the nearest that is."""
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                advice = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."
                self.problems.append(f"{self.name}: {key} is not known. {advice}")

    def take(self, key: str, kind: type, meaning: str, default: Any = _REQUIRED) -> Any:
        """The value of a key; None, and a problem written down, where it is missing or of another kind."""
        if key not in self.values:
            if default is not _REQUIRED:
                return default
            self.problems.append(f"{self.name}: {key} is missing; it is {meaning}.")
            return None
        value = self.values[key]
        if type(value) is not kind or value == "":
            self.wrong(key, meaning)
            return None
        return value

    def number(self, key: str, largest: int, default: Any = _REQUIRED, smallest: int = 1) -> Any:
        """A whole number within limits."""
        value = self.take(key, int, "a whole number", default)
        if value is not None and key in self.values and not smallest <= value <= largest:
            self.wrong(key, f"a whole number from {smallest} to {largest}")
        return value

    def wrong(self, key: str, meaning: str) -> None:
        """Write down that a key's value is not what it has to be."""
        self.problems.append(f"{self.name}: {key} is not {meaning}.")
