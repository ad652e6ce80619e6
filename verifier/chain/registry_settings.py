"""The registries of a sanad.toml, with what is known about their chains (verifier/chain/networks.py)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verifier.chain.networks import (
    CHAIN_KEYS,
    NETWORK_KEYS,
    Chain,
    Network,
    for_registry,
    from_environment,
    network_tables,
    read_chain,
    read_network,
    variable,
)
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress, Patience
from verifier.core.registry import RegistryInfo
from verifier.toml_table import Table

REGISTRY_KEYS = ("programme", "network", "address", "retired", *CHAIN_KEYS)


@dataclass(frozen=True)
class RegistrySettings:
    """One trusted registry, and the chain whose nodes it is read from."""

    info: RegistryInfo
    chain: Chain
    retired: bool = False

    @property
    def nodes(self) -> tuple[NodeAddress, ...]:
        """The nodes that are asked; transactions are sent to the first."""
        return self.chain.nodes

    def registry(self) -> NodeRegistry:
        """The registry, ready for questions."""
        patience = Patience(max_age=self.chain.max_age_seconds, final_blocks=self.chain.final_blocks)
        return NodeRegistry(self.info, self.chain.nodes, self.chain.agreement, patience)


def read_registries(
    whole: Table, networks: Mapping[str, Mapping[str, Any]], trust_local: bool, needed: bool
) -> list[RegistrySettings]:
    """The [[registry]] tables of a sanad.toml; if there are none, the registries of its networks' programmes.

    Args:
        whole: the file.
        networks: from `read_networks`.
        trust_local: whether a registry on a local chain may be trusted.
        needed: whether finding none is a mistake.
    """
    tables = whole.take("registry", list, "written as [[registry]]", [])
    if not all(isinstance(values, dict) for values in tables or []):
        whole.wrong("registry", "written as [[registry]]")
        return []
    found = [
        _registry(Table(values, f"[[registry]] number {number}", whole.problems), networks, trust_local)
        for number, values in enumerate(tables or [], 1)
    ]
    known = [one for one in found if one is not None]
    if tables == []:
        known = list(_of_programmes(networks, whole.problems))
        if needed and not known and not whole.problems:
            whole.problems.append("There is no [[registry]]. Nothing can be checked without one: add the programme's.")
    return known


def read_networks(whole: Table) -> Mapping[str, Mapping[str, Any]]:
    """Every network's table: the package's, overridden by the file's [networks] and by the environment."""
    tables: Mapping[str, Any] = whole.take("networks", dict, "written as [networks.name]", {}) or {}
    for name, values in tables.items():
        if isinstance(values, dict):
            Table(values, f"[networks.{name}]", whole.problems).only(NETWORK_KEYS)
        else:
            whole.problems.append(f"[networks]: {name} is not a table: [networks.{name}].")
    return network_tables(tables)


def _of_programmes(networks: Mapping[str, Mapping[str, Any]], problems: list[str]) -> Iterator[RegistrySettings]:
    for name, values in networks.items():
        network = read_network(name, values, problems) if values.get("programmes") else None
        if network is not None:
            yield from (on_network(network, programme, address) for programme, address in network.programmes)


def on_network(network: Network, programme: str, address: str, retired: bool = False) -> RegistrySettings:
    """A registry on a known network, with the network's values."""
    info = RegistryInfo(programme, network.name, network.chain.chain_id, address, network.chain.test)
    return RegistrySettings(info, network.chain, retired)


def _registry(table: Table, networks: Mapping[str, Mapping[str, Any]], trust_local: bool) -> RegistrySettings | None:
    before = len(table.problems)
    table.only(REGISTRY_KEYS)
    programme = table.take("programme", str, "a name in quotes")
    name = table.take("network", str, "a name in quotes")
    address = table.address("address", "the contract's address in quotes")
    retired = table.take("retired", bool, "true or false", False)
    known = networks.get(name or "", {})
    said = ", ".join(variable(name or "", key) for key in from_environment(name or ""))
    values = for_registry({key: table.values[key] for key in table.values if key in CHAIN_KEYS}, known, name or "")
    chain = read_chain(Table(values, f"{table.name}{f' (with {said})' if said else ''}", table.problems))
    if chain is not None and name is not None:
        _compare(table, chain, name, networks, trust_local)
    if chain is None or len(table.problems) > before:
        return None
    return RegistrySettings(RegistryInfo(programme, name, chain.chain_id, address, chain.test), chain, retired)


def _compare(
    table: Table, chain: Chain, name: str, networks: Mapping[str, Mapping[str, Any]], trust_local: bool
) -> None:
    """Check that a registry's values do not contradict what is known about its chain."""
    known = networks.get(name, {})
    alike = [each for each in networks.values() if each.get("chain_id") == chain.chain_id]
    if not known.get("local") and known.get("chain_id", chain.chain_id) != chain.chain_id:
        table.wrong("chain_id", f"{known['chain_id']}, the chain of {name}")
    if not chain.test and any(each.get("test") is True for each in [known, *alike]):
        table.wrong("test", "true, because this is a test network")
    if not trust_local and any(each.get("local") is True for each in [known, *alike]):
        table.problems.append(
            f"{table.name} is on a local chain, which anybody can make. It is trusted only if [verifier] has "
            "trust_local = true."
        )
