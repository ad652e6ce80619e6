"""Every setting is documented: docs/settings.md names each key under its table, and each variable."""

import importlib
import re
import tomllib

import pytest

from issuer.mail import settings as mail
from issuer.watch import settings as watch
from tests.sources import PACKAGES, ROOT, python_files
from verifier import settings as verifier
from verifier.chain import networks, registry_settings
from verifier.chain.networks import network, network_tables

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
issuer = importlib.import_module("issuer.settings")
programme = importlib.import_module("deploy.programme_acts")
TABLES = {
    "`[verifier]`": verifier._VERIFIER_KEYS,
    "`[[registry]]`": (*registry_settings.REGISTRY_KEYS, *networks.NODE_KEYS),
    "`[networks.<name>]`": tuple(set(networks.NETWORK_KEYS) - set(networks.CHAIN_KEYS)),
    "`[domains]`": verifier._DOMAIN_KEYS,
    "`[issuer]`": issuer._KEYS,
    "`[programme]`": programme._KEYS,
    "`[mail]`": tuple(mail._KEYS),
    "`[watch]`": watch._KEYS,
}
_VARIABLE = re.compile(r"\bSANAD_[A-Z_]*[A-Z]\b|\bETHERSCAN_API_KEY\b")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_table_of_the_file_has_its_section() -> None:
    known = {title.strip("`[]").partition(".")[0] for title in TABLES}
    assert known == set(verifier._TABLES)


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_documented_and_no_other(title: str) -> None:
    first_column = re.findall(r"^\| (`[^|]*`) \|", section(title), re.MULTILINE)
    named = {key for cell in first_column for key in re.findall(r"`([a-z_]+)`", cell)}
    networks_named = {"bsc"}
    assert named - networks_named == set(TABLES[title])


def test_every_variable_is_documented() -> None:
    texts = [(ROOT / path).read_text(encoding="utf-8") for package in PACKAGES for path in python_files(package)]
    assert {found for text in texts for found in _VARIABLE.findall(text)} <= set(_VARIABLE.findall(PAGE))


def test_what_the_page_says_of_networks_is_so() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \| ([\d.]+), ([\d.]+) \| ([^|]*) \|([^|]*)\|", PAGE, re.MULTILINE)
    assert [row[0] for row in rows] == list(network_tables({}))
    for name, chain_id, floor, cap, nodes, test in rows:
        chain = network(name).chain
        assert (chain.chain_id, chain.price_floor, chain.price_cap) == (
            *(int(chain_id), round(float(floor) * 1e9), round(float(cap) * 1e9)),
        )
        assert nodes.split(";")[0] == ", ".join(node.operator or "" for node in chain.nodes)
        assert ("test network" in test) is (chain.test and name != "local")


def test_what_the_page_shows_is_toml() -> None:
    shown = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    assert all(tomllib.loads(text) for text in shown)
