"""The networks that Sanad knows by name, from the package (networks.toml), the user's own file and the environment.

[networks.bsc-testnet]                  # in sanad.toml: another node, the rest as packaged
nodes = ["https://node.example.org"]

SANAD_BSC_TESTNET_NODES="https://node.example.org/key https://other.example" sanad verify …
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from verifier.chain.values import NodeAddress, Patience
from verifier.errors import SettingsError
from verifier.toml_table import Table, is_http

FILE_NAME = "networks.toml"
NODE_KEYS = ("url", "operator", "requests_per_minute")
CHAIN_KEYS = (
    *("chain_id", "nodes", "agreement", "test", "max_age_seconds", "final_blocks"),
    *("price_floor_gwei", "price_cap_gwei"),
)
"""What a network sets for its chain, and a [[registry]] may set for itself."""
NETWORK_KEYS = (*CHAIN_KEYS, "local", "explorer", "sourcify", "etherscan", "programmes")
_PROGRAMME_KEYS = ("programme", "address")
_GWEI = 10**9
_HIGHEST_PRICE = 10_000
"""In gwei; anything above must be a typing error."""
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True)
class Chain:
    """How to read and write one chain."""

    chain_id: int
    nodes: tuple[NodeAddress, ...]
    agreement: int
    """The number of identical answers that are needed."""
    test: bool
    max_age_seconds: int = Patience.max_age
    final_blocks: int = Patience.final_blocks
    price_floor: int = 100_000_000
    """The lowest price to offer, in wei for a unit of gas."""
    price_cap: int = 10_000_000_000
    """The highest price to offer, in wei for a unit of gas."""


@dataclass(frozen=True)
class Network:
    """A chain with a name, and what else is known about it."""

    name: str
    chain: Chain
    local: bool = False
    """A chain that anybody can make, which is trusted only if the settings say so."""
    explorer: str | None = None
    sourcify: str | None = None
    etherscan: str | None = None
    programmes: tuple[tuple[str, str], ...] = ()
    """The programmes that are trusted if the settings name none: name and registry's address of each."""


def network(name: str, own: Mapping[str, Any] | None = None) -> Network:
    """A network by its name.

    Args:
        name: as in networks.toml, or in `own`.
        own: the tables under [networks] of a sanad.toml.

    Raises:
        SettingsError: it is not known, or its table cannot be used.
    """
    known = network_tables(own or {})
    if name not in known:
        raise SettingsError(f"The network {name!r} is not known. Known networks: {', '.join(known)}.")
    problems: list[str] = []
    found = read_network(name, known[name], problems)
    if found is None or problems:
        raise SettingsError("\n".join([f"The network {name} cannot be used:", *problems]))
    return found


def network_tables(own: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every network's table: the package's, then `own`, then the environment."""
    tables = {name: dict(table) for name, table in _packaged().items()}
    for name, table in own.items():
        if isinstance(table, dict):
            tables[name] = _overridden(tables.get(name, {}), table)
    return {name: _overridden(table, from_environment(name)) for name, table in tables.items()}


def _overridden(table: Mapping[str, Any], by: Mapping[str, Any]) -> dict[str, Any]:
    """A table with values replaced. New nodes need a new agreement: the old number was meant for the old nodes."""
    kept = {key: value for key, value in table.items() if not (key == "agreement" and "nodes" in by)}
    return {**kept, **by}


def for_registry(own: Mapping[str, Any], table: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """A [[registry]]'s values: the environment's first, then its own, then its network's."""
    chain = {key: value for key, value in (table or {}).items() if key in CHAIN_KEYS}
    said = {key: value for key, value in from_environment(name).items() if key in CHAIN_KEYS}
    return _overridden(_overridden(chain, own), said)


def from_environment(name: str) -> dict[str, Any]:
    """A network's values from the environment: SANAD_BSC_TESTNET_NODES, SANAD_BSC_TESTNET_PRICE_FLOOR_GWEI and so on.

    Nodes are addresses separated by spaces; numbers, true and false are written as in TOML.
    """
    found = {}
    for key in NETWORK_KEYS:
        text = os.environ.get(variable(name, key))
        if text is not None and key != "programmes":
            found[key] = _value(key, text.strip())
    return found


def variable(name: str, key: str) -> str:
    """The environment variable of a network's key."""
    return f"SANAD_{name}_{key}".upper().replace("-", "_")


def _value(key: str, text: str) -> Any:
    if key == "nodes":
        return text.split()
    if key in ("explorer", "sourcify", "etherscan"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def read_network(name: str, values: Mapping[str, Any], problems: list[str]) -> Network | None:
    """Read a network's table. Mistakes are added to `problems`; if there are any, the result is None."""
    said = ", ".join(variable(name, key) for key in from_environment(name))
    table = Table(values, f"[networks.{name}]{f' (with {said})' if said else ''}", problems)
    before = len(problems)
    table.only(NETWORK_KEYS)
    chain = read_chain(table)
    local = table.take("local", bool, "true or false", False)
    sites = {key: _site(table, key) for key in ("explorer", "sourcify", "etherscan")}
    programmes = tuple(_programmes(table))
    if len(problems) > before or chain is None:
        return None
    return Network(name, chain, local, programmes=programmes, **sites)


def read_chain(table: Table) -> Chain | None:
    """The part of a table about its chain; if it has mistakes, they are reported and the result is None."""
    before = len(table.problems)
    chain_id = table.number("chain_id", 2**63)
    test = table.take("test", bool, "true or false")
    entries = _entries(table)
    nodes = tuple(node for entry in entries if (node := _node(table, entry)) is not None)
    voices = len({node.name for node in nodes})
    agreement = table.number("agreement", max(len(entries), 1), min(2, voices) or 1)
    if agreement is not None and voices < agreement <= len(nodes) == len(entries):
        table.problems.append(
            f"{table.name}: agreement is {agreement}, but the nodes have {voices} different operator(s), and "
            "nodes of one operator count once. Add nodes of other operators, or lower agreement."
        )
    max_age = table.number("max_age_seconds", 2**31, Chain.max_age_seconds)
    final_blocks = table.number("final_blocks", 2**31, Chain.final_blocks)
    floor, cap = _price(table, "price_floor_gwei", Chain.price_floor), _price(table, "price_cap_gwei", Chain.price_cap)
    if floor is not None and cap is not None and floor > cap:
        table.wrong("price_cap_gwei", "at least price_floor_gwei")
    if len(table.problems) > before:
        return None
    return Chain(chain_id, nodes, agreement, test, max_age, final_blocks, floor, cap)


def _price(table: Table, key: str, default: int) -> Any:
    value = table.amount(key, _HIGHEST_PRICE, default / _GWEI)
    return None if value is None else round(value * _GWEI)


def _entries(table: Table) -> list[Any]:
    entries = table.take("nodes", list, "a list of addresses")
    if entries == []:
        table.wrong("nodes", "a list of at least one address")
    return entries or []


def _node(table: Table, entry: Any) -> NodeAddress | None:
    node = Table(entry if isinstance(entry, dict) else {"url": entry}, f"{table.name}, nodes", table.problems)
    node.only(NODE_KEYS)
    url = node.take("url", str, "an address in quotes")
    operator = node.take("operator", str, "a name in quotes", None)
    budget = node.number("requests_per_minute", 2**31, None)
    if url is None:
        return None
    if not is_http(url):
        node.wrong("url", "http:// or https:// and a host")
    return NodeAddress(url, operator, budget)


def _site(table: Table, key: str) -> Any:
    url = table.take(key, str, "an address in quotes", None)
    if url is not None and not is_http(url):
        table.wrong(key, "http:// or https:// and a host")
    return None if url is None else url.rstrip("/")


def _programmes(table: Table) -> Any:
    for number, values in enumerate(table.take("programmes", list, "a list of programmes", []) or [], 1):
        one = Table(values if isinstance(values, dict) else {}, f"{table.name}, programme {number}", table.problems)
        one.only(_PROGRAMME_KEYS)
        yield one.take("programme", str, "a name in quotes"), one.address("address", "the registry's, in quotes")


@cache
def _packaged() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("verifier").joinpath(FILE_NAME).read_text(encoding="utf-8"))
