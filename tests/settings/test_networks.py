"""Networks by name: what the package knows, what the user's file and the environment put over it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from issuer.sending import Pricing
from verifier.chain.networks import network, network_tables
from verifier.errors import SettingsError
from verifier.settings import RegistrySettings, load_settings

ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
REGISTRY = f"""
[[registry]]
programme = "National Educators Programme"
network = "bsc-testnet"
address = "{ADDRESS}"
"""


def read(folder: Path, text: str) -> RegistrySettings:
    path = folder / "sanad.toml"
    path.write_text(text, encoding="utf-8")
    (one,) = load_settings(path).registries
    return one


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    return str(caught.value).splitlines()[1:]


@pytest.mark.parametrize(
    ("name", "chain_id", "test", "floor"),
    [("bsc-testnet", 97, True, 10**8), ("bsc", 56, False, 5 * 10**7), ("opbnb-testnet", 5611, True, 10**6)],
)
def test_the_public_networks(name: str, chain_id: int, test: bool, floor: int) -> None:
    found = network(name)
    chain = found.chain
    assert (chain.chain_id, chain.test, chain.price_floor, chain.agreement) == (chain_id, test, floor, 2)
    assert chain.price_cap > 10 * chain.price_floor
    assert all(urlsplit(node.url).scheme == "https" and node.budget for node in chain.nodes)
    operators = [node.operator for node in chain.nodes]
    assert len(set(operators)) == len(operators) >= chain.agreement, "two that agree have to be two parties"
    assert found.explorer is not None
    assert (found.local, found.programmes) == (False, ())


def test_every_packaged_network_can_be_used() -> None:
    assert list(network_tables({})) == ["local", "bsc-testnet", "bsc", "opbnb-testnet"]
    assert all(network(name).chain.nodes for name in network_tables({}))
    assert network("local").local


def test_a_registry_on_a_known_network_needs_its_address_alone(tmp_path: Path) -> None:
    one = read(tmp_path, REGISTRY)
    assert (one.info.chain_id, one.info.test, one.info.address) == (97, True, ADDRESS)
    assert one.chain == network("bsc-testnet").chain
    assert Pricing.of(one.chain) == Pricing(10**8, 5 * 10**9)


def test_the_users_file_overrides_the_package(tmp_path: Path) -> None:
    own = '[networks.bsc-testnet]\nnodes = ["https://node.example"]\nprice_floor_gwei = 1\n'
    one = read(tmp_path, REGISTRY + own)
    assert [node.url for node in one.nodes] == ["https://node.example"]
    assert one.chain.agreement == 1, "the packaged nodes' agreement means nothing to others"
    assert (one.chain.price_floor, one.chain.price_cap) == (10**9, 5 * 10**9)
    one = read(tmp_path, REGISTRY + "price_floor_gwei = 2.5\n" + own)
    assert one.chain.price_floor == 2_500_000_000, "a registry's own word goes before its network's"


def test_the_environment_overrides_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_BSC_TESTNET_NODES", "https://one.example/key https://two.example")
    monkeypatch.setenv("SANAD_BSC_TESTNET_PRICE_CAP_GWEI", "7.5")
    monkeypatch.setenv("SANAD_BSC_TESTNET_FINAL_BLOCKS", "9")
    one = read(tmp_path, REGISTRY + 'nodes = ["https://file.example"]\nprice_cap_gwei = 3\n')
    assert [node.url for node in one.nodes] == ["https://one.example/key", "https://two.example"]
    assert (one.chain.agreement, one.chain.price_cap, one.chain.final_blocks) == (2, 7_500_000_000, 9)
    assert network("bsc-testnet").chain.final_blocks == 9
    assert network("bsc").chain.final_blocks == 240


def test_a_mistake_in_the_environment_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_BSC_TESTNET_AGREEMENT", "many")
    assert told(tmp_path, REGISTRY) == [
        "[[registry]] number 1 (with SANAD_BSC_TESTNET_AGREEMENT): agreement must be a whole number."
    ]
    with pytest.raises(SettingsError) as caught:
        network("bsc-testnet")
    assert "[networks.bsc-testnet] (with SANAD_BSC_TESTNET_AGREEMENT): agreement must be" in str(caught.value)


def test_a_network_of_ones_own(tmp_path: Path) -> None:
    own = REGISTRY.replace("bsc-testnet", "campus") + "[networks.campus]\nchain_id = 4711\n"
    whole = own + 'nodes = ["http://127.0.0.1:8545"]\ntest = true\n'
    assert read(tmp_path, whole).info.chain_id == 4711
    assert told(tmp_path, own) == [
        "[[registry]] number 1: test is missing. Set it to true or false.",
        "[[registry]] number 1: nodes is missing. Set it to a list of addresses.",
    ]
    assert told(tmp_path, whole + "fee = 3\n")[0].startswith("[networks.campus]: fee is not known.")


def test_programmes_of_a_network_are_trusted_where_the_file_names_none(tmp_path: Path) -> None:
    own = f'[networks.bsc-testnet]\nprogrammes = [{{ programme = "National", address = "{ADDRESS}" }}]\n'
    one = read(tmp_path, own)
    assert (one.info.programme, one.info.address, one.info.chain_id) == ("National", ADDRESS, 97)
    other = REGISTRY.replace(ADDRESS, "0x" + "11" * 20)
    assert read(tmp_path, other + own).info.address == "0x" + "11" * 20
    wrong = own.replace(ADDRESS, "0x12").replace("programme =", "program =")
    assert told(tmp_path, wrong)[0].startswith("[networks.bsc-testnet], programme 1: program is not known.")
    assert "There is no [[registry]]. Nothing can be checked without one: add the programme's." in told(tmp_path, "")


def test_what_is_known_of_a_network_is_not_contradicted(tmp_path: Path) -> None:
    assert told(tmp_path, REGISTRY + "chain_id = 56\n") == [
        "[[registry]] number 1: chain_id must be 97, the chain of bsc-testnet."
    ]
    renamed = REGISTRY.replace("bsc-testnet", "main") + 'chain_id = 97\ntest = false\nnodes = ["https://a.example"]\n'
    assert told(tmp_path, renamed) == ["[[registry]] number 1: test must be true, because this is a test network."]
    assert told(tmp_path, REGISTRY + "price_cap_gwei = 0.05\n") == [
        "[[registry]] number 1: price_cap_gwei must be at least price_floor_gwei."
    ]


def test_a_local_registry_is_trusted_only_when_asked_for(tmp_path: Path) -> None:
    local = REGISTRY.replace("bsc-testnet", "local")
    sentence = (
        "[[registry]] number 1 is on a local chain, which anybody can make. It is trusted only if [verifier] has "
        "trust_local = true."
    )
    assert told(tmp_path, local) == [sentence]
    another_name = REGISTRY + 'chain_id = 1337\ntest = true\nnodes = ["http://127.0.0.1:1"]\n'
    assert sentence in told(tmp_path, another_name.replace("bsc-testnet", "elsewhere"))
    one = read(tmp_path, "[verifier]\ntrust_local = true\n" + local)
    assert (one.info.chain_id, one.info.test, one.chain.agreement) == (1337, True, 1)


def test_unknown_networks_are_told_with_the_known() -> None:
    with pytest.raises(
        SettingsError, match=r"'bsc-test' is not known\. Known networks: local, bsc-testnet, bsc, opbnb-test"
    ):
        network("bsc-test")
    with pytest.raises(SettingsError, match=r"\[networks\.x\]: nodes is missing. Set it to a list of addresses\."):
        network("x", {"x": {"chain_id": 5, "test": True}})


def test_nodes_of_one_operator_count_once(tmp_path: Path) -> None:
    nodes = 'nodes = [{ url = "https://a.example", operator = "One" }, { url = "https://b.example", operator = "One" }]'
    assert read(tmp_path, REGISTRY + nodes).chain.agreement == 1
    assert told(tmp_path, f"{REGISTRY}{nodes}\nagreement = 2\n") == [
        "[[registry]] number 1: agreement is 2, but the nodes have 1 different operator(s), and nodes of one "
        "operator count once. Add nodes of other operators, or lower agreement."
    ]


@pytest.mark.parametrize(
    ("nodes", "local", "seconds"),
    [
        ('["https://node.example.org"]', "false", 20),
        ('["http://127.0.0.1:8545", "https://node.example.org"]', "false", 20),
        ('[{ url = "http://127.0.0.1:8545", operator = "Somebody" }]', "false", 20),
        ('["http://127.0.0.1:8545"]', "false", 0),
        ('["http://chain:8545"]', "true", 0),
    ],
)
def test_what_is_issued_waits_for_the_slowest_believed_node_but_on_a_chain_of_ones_own(
    tmp_path: Path, nodes: str, local: str, seconds: int
) -> None:
    from issuer.office.issuing import settle_seconds
    from issuer.office.office import open_office

    path = tmp_path / "sanad.toml"
    network = "local" if local == "true" else "bsc-testnet"
    path.write_text(
        f"[verifier]\ntrust_local = {local}\n"
        f'[[registry]]\nprogramme = "One"\nnetwork = "{network}"\nagreement = 1\n'
        f'address = "0x5fbdb2315678afecb367f032d93f642f64180aa3"\nnodes = {nodes}\n'
        '[issuer]\nsigner_key = "a"\ninstitution_key = "b"\ndata = "data"\n',
        encoding="utf-8",
    )
    assert settle_seconds(open_office(path)) == seconds


@pytest.mark.parametrize("amount", ["nan", "inf", "-inf", "-1", "10001", "1e300"])
def test_a_price_is_a_number_within_limits(tmp_path: Path, amount: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "price_cap_gwei must be a number from 0 to 10000."
    assert told(tmp_path, REGISTRY + f"price_cap_gwei = {amount}\n") == [f"[[registry]] number 1: {said}"]
    monkeypatch.setenv("SANAD_BSC_TESTNET_PRICE_CAP_GWEI", amount)
    (problem,) = told(tmp_path, REGISTRY)
    assert problem == f"[[registry]] number 1 (with SANAD_BSC_TESTNET_PRICE_CAP_GWEI): {said}"
