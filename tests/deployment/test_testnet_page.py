"""docs/testnet.md, every command of it, in its order, against a node with chain id 97 that keeps a price floor."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from deploy.demo import DevelopmentNode
from issuer.keys.files import address_named, load_account, load_institution_key
from tests.chain.bad_node import BadNode, Exchange
from tests.chain_fixtures import ChainNode, running_anvil
from tests.deployment.createx import put_createx
from tests.deployment.source_services import Sourcify, service
from tests.printed import blocks, environment, outside, page, typed

PAGE = page("testnet.md")
COMMANDS = [block.text for block in blocks(PAGE) if block.kind == "sh"]
FLOOR = 10**8
FAUCET = 10**17
"""What a faucet gives, in wei."""


def keep_floor(exchange: Exchange) -> None:
    """As BNB Chain's nodes: they suggest the floor as price, and refuse in geth's words what offers less."""
    if exchange.method == "eth_gasPrice":
        exchange.result(hex(FLOOR))
    elif exchange.method == "eth_sendRawTransaction":
        offered = TypedTransaction.from_bytes(HexBytes(exchange.request["params"][0])).as_dict()
        tip = min(offered["maxPriorityFeePerGas"], offered["maxFeePerGas"])
        if tip < FLOOR:
            exchange.error(-32000, f"transaction underpriced: gas tip cap {tip}, minimum needed {FLOOR}")


@dataclass
class Walk:
    """One walk down the page."""

    folder: Path
    chain: ChainNode
    environment: dict[str, str]
    nodes: tuple[str, str]
    """The one that keeps the floor, and the chain's own; for the two public ones of different operators."""

    def name_nodes(self) -> None:
        """As somebody does who begins with nodes of his own: a sanad.toml that names nothing else."""
        named = ", ".join(f'"{url}"' for url in self.nodes)
        (self.folder / "sanad.toml").write_text(f"[networks.bsc-testnet]\nnodes = [{named}]\n")

    def run(self, commands: str) -> str:
        done = typed(commands, self.folder, self.environment)
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        assert "Traceback" not in done.stdout
        return done.stdout

    def transactions(self) -> Iterator[Any]:
        """Receipts of all that was sent, in order."""
        web3 = self.chain.web3
        for number in range(web3.eth.block_number + 1):
            for hash_ in web3.eth.get_block(number)["transactions"]:
                yield web3.eth.get_transaction_receipt(hash_)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Walk, list[str]]]:
    """The whole page, and what each of its blocks printed."""
    folder = tmp_path_factory.mktemp("testnet")
    with running_anvil(folder / "log") as chain, service(Sourcify()) as sourcify:
        put_createx(chain)
        node = DevelopmentNode(chain.url)
        node.tick()
        with BadNode(chain.url, keep_floor) as strict:
            given = environment(folder, SANAD_BSC_TESTNET_SOURCIFY=sourcify.url)
            walk = Walk(folder, chain, given, (strict.url, chain.url))
            yield walk, list(_steps(walk))
        node.close()


def _steps(walk: Walk) -> Iterator[str]:
    for commands in COMMANDS:
        printed = walk.run(commands)
        if commands.startswith("mkdir national-programme"):
            walk.folder /= "national-programme"
            walk.name_nodes()
        if "sanad key list" in commands:  # now somebody asks the faucet
            address = address_named(str(walk.folder / "keys" / "programme.json"))
            walk.chain.ask("anvil_setBalance", address, hex(FAUCET))
        yield printed


def test_every_command_works_and_the_certificates_verify(walked: tuple[Walk, list[str]]) -> None:
    walk, printed = walked
    whole = "\n".join(printed)
    for part in (
        "Dry run: nothing was sent.",
        "sanad.toml names it.",
        "It is deployed already; nothing was sent.",
        "Sourcify: source and metadata match the code on the chain, byte for byte.",
        "Test network: this registry runs on BNB Smart Chain Testnet",
    ):
        assert part in whole, part
    verified, revoked = printed[-3:-1]
    assert verified.endswith("3 inputs: 3 valid.\n")
    assert revoked.endswith("3 inputs: 2 valid, 1 revoked.\n")
    assert (walk.folder / "public/.well-known/sanad.json").exists()
    assert (walk.folder / "deployments/bsc-testnet.json").exists()


def test_every_line_of_the_page_that_names_a_command_is_run() -> None:
    """Commands stand in blocks that are run; elsewhere the page only names them."""
    assert {block.kind for block in blocks(PAGE)} == {"sh"}
    assert not re.findall(r"^\s*(?:\$ )?sanad .*$", outside(PAGE), re.MULTILINE)
    assert "```" not in outside(PAGE)


def test_it_costs_what_the_page_says(walked: tuple[Walk, list[str]]) -> None:
    walk, _ = walked
    receipts = list(walk.transactions())
    assert {receipt["effectiveGasPrice"] for receipt in receipts} == {FLOOR}
    used = [receipt["gasUsed"] for receipt in receipts]
    rows = re.findall(r"^\| ([^|]+) \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    said = {name: int(gas.replace(",", "")) for name, gas, *_ in rows}
    names = [
        "deploy",
        "fund, each key",
        "fund, each key",
        "accredit",
        "authorise",
        "issue, any size of class",
        "revoke",
    ]
    assert len(used) == len(names), used
    measured = dict(zip(names, used, strict=True))
    measured["all of this page"] = sum(used)
    assert list(said) == list(measured)
    for name, gas in said.items():
        assert abs(gas - measured[name]) <= max(measured[name] // 100, 50), (name, gas, measured[name])
    for _, gas, testnet, mainnet in rows:
        units = int(gas.replace(",", ""))
        assert (testnet, mainnet) == (f"{units * 0.1 / 1e9:.6f}", f"{units * 0.05 / 1e9:.6f}")


def test_nothing_that_was_written_or_printed_holds_a_key_or_the_passphrase(walked: tuple[Walk, list[str]]) -> None:
    walk, printed = walked
    keys = walk.folder / "keys"
    passphrase = (keys / "passphrase").read_text().strip()
    secrets = [passphrase.encode(), load_institution_key(keys / "institution.pem", passphrase).private_bytes_raw()]
    secrets += [bytes(load_account(keys / f"{name}.json", passphrase).key) for name in ("programme", "professor")]
    forms = [
        *secrets,
        *(raw.hex().encode() for raw in secrets),
        *(str(int.from_bytes(raw)).encode() for raw in secrets),
    ]
    written = {path: path.read_bytes() for path in walk.folder.rglob("*") if path.is_file()}
    del written[keys / "passphrase"]
    assert len(written) > 20
    written[Path("printed")] = "\n".join(printed).encode()
    assert [str(path) for path, data in written.items() if any(form in data for form in forms)] == []
    secret = [path for path in keys.iterdir() if not path.name.endswith(".history.json")]  # of public keys, that one
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}
    assert keys.stat().st_mode & 0o777 == 0o700


def test_below_the_floor_it_is_refused_as_the_page_says(walked: tuple[Walk, list[str]]) -> None:
    walk, _ = walked
    strict, _ = walk.nodes
    low = {**walk.environment, "SANAD_BSC_TESTNET_PRICE_FLOOR_GWEI": "0.01"}

    def cheap(exchange: Exchange) -> None:
        if exchange.method == "eth_gasPrice":
            exchange.result("0x1")

    with BadNode(strict, cheap) as node:
        low["SANAD_BSC_TESTNET_NODES"] = f"{node.url} {strict}"
        command = ["sanad", "authorise", "darya-university.example", "keys/programme.json"]
        done = subprocess.run(command, cwd=walk.folder, env=low, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert (
        "the price offered, 0.01 gwei, is below the node's floor; raise price_floor_gwei (now 0.01) under"
        in done.stderr
    )
    assert "set SANAD_BSC_TESTNET_PRICE_FLOOR_GWEI" in done.stderr
