"""`sanad deploy`: looked at first, the same address everywhere, done once whatever happens in between."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from web3 import Web3

from deploy.cli import main
from deploy.deployment import deploying, factory
from deploy.deployment.code import check_code, init_code
from deploy.deployment.opening import with_archive
from deploy.deployment.records import Records
from deploy.errors import DeploymentError
from deploy.registry_contract import registry_artifact
from issuer.sending import Sender
from tests.chain.bad_node import BadNode, Exchange
from tests.deployment.conftest import Founding, Programme
from tests.keys.remote import remote_signer
from verifier.chain.values import NodeAddress
from verifier.settings import load_settings


def test_a_dry_run_tells_all_and_sends_nothing(programme: Programme) -> None:
    told = programme.deploy("--dry-run")
    assert (told["dry_run"], told["deployed"], told["way"]) == (True, None, "createx")
    assert 3_000_000 < told["gas"] < 16_777_216
    assert told["wei"] >= told["gas"] * 10**8
    assert told["balance"] == 10**20
    shown = programme.run("deploy", "--network", "bsc-testnet", "--dry-run").output
    for part in (told["address"], programme.account.address, f"up to {told['gas']:,} gas", "100.000000 coins"):
        assert part in shown
    assert shown.endswith("Dry run: nothing was sent.\n")
    assert programme.sent() == 0
    assert not Path("deployments").exists()


def test_it_stands_where_the_dry_run_said_and_is_written_down(programme: Programme) -> None:
    foretold = programme.deploy("--dry-run")["address"]
    told = programme.deploy()
    assert told["address"] == foretold
    record = programme.record()
    assert record == told["deployed"]
    receipt = programme.chain.web3.eth.get_transaction_receipt(record["transaction"])
    assert (record["block"], record["gas_used"]) == (receipt["blockNumber"], receipt["gasUsed"])
    artifact = registry_artifact()
    assert (record["compiler"], record["standard_json_sha256"]) == (artifact["solc"], artifact["standardJsonSha256"])
    contract = programme.chain.web3.eth.contract(foretold, abi=artifact["abi"])
    assert contract.functions.owner().call() == programme.account.address == record["owner"]


def test_a_second_run_finds_what_stands(programme: Programme) -> None:
    first = programme.deploy()
    again = programme.deploy()
    assert (again["stood_already"], again["deployed"]) == (True, first["deployed"])
    Path("deployments/bsc-testnet.json").unlink()
    found = programme.deploy()
    assert (found["address"], found["deployed"]["transaction"]) == (first["address"], None)
    assert programme.sent() == 1


def test_the_address_is_the_owners_whoever_pays(found: Founding) -> None:
    owner, payer = found(), found()
    mine = owner.chain.web3.to_checksum_address(owner.account.address)
    told = payer.deploy("--owner", mine, "--dry-run")
    assert told["address"] != payer.deploy("--dry-run")["address"]
    assert payer.deploy("--owner", mine.lower())["address"] == told["address"]
    paid = Programme(owner.folder, owner.chain, owner.account, owner.environment)
    assert paid.chain.web3.eth.get_code(told["address"])
    assert payer.deploy("--owner", mine, "--serial", "2", "--dry-run")["address"] != told["address"]


def test_addresses_are_those_of_the_standards() -> None:
    assert factory.plain_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 1) == (
        "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8"
    )
    salted = factory.createx_address(b"", 1)
    assert salted == Web3.to_checksum_address(salted)


class Killed(BaseException):
    """The process ends here."""


def kill(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize("way", [[], ["--plain"]])
def test_killed_before_it_was_sent(programme: Programme, monkeypatch: pytest.MonkeyPatch, way: list[str]) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "settle", kill)
        with pytest.raises(Killed):
            programme.run("deploy", "--network", "bsc-testnet", *way)
    pending = Records(Path("deployments"), "bsc-testnet", 1).pending()
    assert pending is not None
    assert programme.sent() == 0
    told = programme.deploy(*way)
    assert told["address"] == pending.address
    assert programme.record()["transaction"] == pending.transaction, "the very bytes that were stored"
    assert programme.sent() == 1
    assert not list(Path("deployments").glob("*pending*"))


def test_killed_before_it_was_written_down(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Records, "keep", kill)
        with pytest.raises(Killed):
            programme.run("deploy", "--network", "bsc-testnet")
    told = programme.deploy()
    assert (told["stood_already"], programme.sent()) == (True, 1)
    assert programme.record()["block"], "the receipt is looked up again"


def test_of_two_runs_at_once_one_deploys(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked and seen nothing when the first one signs."""
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "settle", kill)
        with pytest.raises(Killed):
            programme.run("deploy", "--network", "bsc-testnet", "--plain")
        patch.setattr(Records, "pending", lambda _: None)
        told = programme.refused("--plain")
    assert "Another run is deploying at this moment: deployments/bsc-testnet.pending.json. Nothing was sent" in told
    assert sorted(path.name for path in Path("deployments").iterdir()) == ["bsc-testnet.pending.json"]
    assert programme.deploy("--plain")["deployed"]["transaction"]
    assert programme.sent() == 1


def test_without_createx_it_is_created_plainly(found: Founding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "CREATEX", "0x" + "11" * 20)
    programme = found()
    told = programme.deploy()
    assert told["way"] == "plain"
    assert told["address"] == factory.plain_address(programme.account.address, 0)
    assert (programme.deploy()["stood_already"], programme.sent()) == (True, 1)


def test_another_contract_in_createx_place_is_not_used(programme: Programme) -> None:
    assert not factory.is_createx(b"\x60\x00")
    programme.chain.ask("anvil_setCode", factory.CREATEX, "0x6000")
    assert programme.deploy("--dry-run")["way"] == "plain"


def test_another_contract_at_the_address_is_refused(programme: Programme) -> None:
    address = programme.deploy("--dry-run")["address"]
    programme.chain.ask("anvil_setCode", address, "0x6000")
    sentence = f"The contract at {address} is not the registry of this version of Sanad: its code is different."
    assert programme.refused().endswith(sentence)


def test_every_byte_and_every_immutable_value_is_compared(programme: Programme) -> None:
    address = programme.deploy()["address"]
    code = bytes(programme.chain.web3.eth.get_code(address))
    check_code(code, 97, address)
    places = [parts[0]["start"] for parts in registry_artifact()["immutableReferences"].values()]
    for place in (0, 5000, len(code) - 1, *(start + 31 for start in places)):
        changed = bytearray(code)
        changed[place] ^= 1
        with pytest.raises(DeploymentError, match="its code is different"):
            check_code(bytes(changed), 97, address)
    for chain_id, elsewhere in ((56, address), (97, programme.account.address)):
        with pytest.raises(DeploymentError):
            check_code(code, chain_id, elsewhere)
    with pytest.raises(DeploymentError):
        check_code(b"", 97, address)


def test_a_chain_begun_anew_is_told(programme: Programme) -> None:
    address = programme.deploy()["address"]
    programme.chain.ask("anvil_setCode", address, "0x")
    told = programme.refused()
    assert f"names the registry {address}, and the chain has no contract there. Was the chain reset?" in told


def test_records_of_another_owner_or_broken_ones_are_told(programme: Programme) -> None:
    programme.deploy()
    told = programme.refused("--owner", "0x" + "11" * 20)
    assert f"is of the owner {programme.account.address}, not of 0x1111" in told
    assert told.endswith("Name the owner with --owner, or another registry with --serial.")
    Path("deployments/bsc-testnet.json").write_text("{")
    assert "cannot be read. Correct it, or move it away." in programme.refused()


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_where_nobody_can_be_asked_nothing_is_sent(programme: Programme, more: list[str]) -> None:
    words = ["deploy", "--network", "bsc-testnet", "--key", "programme.json", "--passphrase-file", "passphrase", *more]
    result = CliRunner().invoke(main, words, env=programme.environment, input="n\n")
    assert result.exit_code == 2
    assert "Look with --dry-run, then deploy with --yes." in result.output
    assert programme.sent() == 0


def test_who_is_asked_and_says_no_sends_nothing(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["deploy", "--network", "bsc-testnet", "--key", "programme.json", "--passphrase-file", "passphrase"]
    with CliRunner().isolation(input="n\n"):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        with pytest.raises(SystemExit) as ended:
            main(words, standalone_mode=True)
    assert ended.value.code == 2
    assert programme.sent() == 0


def test_a_node_of_another_chain_is_refused(programme: Programme) -> None:
    programme.environment["SANAD_BSC_NODES"] = programme.chain.url
    result = programme.run("deploy", "--network", "bsc")
    assert result.exit_code == 2
    assert "is of chain 97, not of chain 56: check the network's settings." in result.output
    programme.environment["SANAD_BSC_NODES"] += " http://127.0.0.1:1"
    refused = programme.run("deploy", "--network", "bsc")
    assert refused.exit_code == 2, "no other node is tried instead"
    assert "of chain 97, not of chain 56: check the network's settings." in refused.output
    assert programme.chain.url.removeprefix("http://") in refused.output, "of several the wrong one is named"


def test_a_dead_node_is_passed_over(programme: Programme) -> None:
    programme.environment["SANAD_BSC_TESTNET_NODES"] = f"http://127.0.0.1:1 {programme.chain.url}"
    programme.environment["SANAD_BSC_TESTNET_AGREEMENT"] = "1"
    assert programme.deploy()["stood_already"] is False


def test_too_few_coins_are_told_before_anything_is_sent(programme: Programme) -> None:
    programme.chain.ask("anvil_setBalance", programme.account.address, hex(10**12))
    shown = programme.run("deploy", "--network", "bsc-testnet", "--dry-run").output
    assert "0.000001 coins, which is too little" in shown
    assert "send it some." in programme.refused()
    assert not Path("deployments").exists()


def test_an_owner_with_a_typing_error_is_refused(programme: Programme) -> None:
    wrong = programme.account.address[:-1] + ("0" if programme.account.address[-1] != "0" else "1")
    assert "is neither an address (0x and 40 hex digits; is there a typing error?)" in programme.refused(
        "--owner", wrong
    )
    assert (
        "is not known. Known networks: local, bsc-testnet" in programme.run("deploy", "--network", "bsc-tesnet").output
    )


def test_a_refused_transaction_is_not_sent_again(programme: Programme) -> None:
    def refuse(exchange: Exchange) -> None:
        if exchange.method == "eth_sendRawTransaction":
            exchange.error(-32000, "transaction underpriced: gas tip cap 1, minimum needed 100000000")

    with BadNode(programme.chain.url, refuse) as node:
        programme.environment["SANAD_BSC_TESTNET_NODES"] = node.url
        told = programme.refused()
    assert re.search(r"the price offered, [0-9.]+ gwei, is below the node's floor", told)
    assert "raise price_floor_gwei (now 0.1) under [networks.bsc-testnet] in sanad.toml" in told
    assert "or set SANAD_BSC_TESTNET_PRICE_FLOOR_GWEI" in told
    programme.environment["SANAD_BSC_TESTNET_NODES"] = programme.chain.url
    assert Records(Path("deployments"), "bsc-testnet", 1).pending() is None
    assert programme.deploy()["stood_already"] is False


def test_as_many_nodes_as_must_agree_are_read_back(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploying, "_LAG_SECONDS", 0.1)
    programme.environment["SANAD_BSC_TESTNET_NODES"] = f"{programme.chain.url} http://127.0.0.1:1"
    assert "Only 1 of the 2 nodes that must agree show the registry" in programme.refused()
    programme.environment["SANAD_BSC_TESTNET_AGREEMENT"] = "1"
    assert programme.deploy()["address"]
    assert NodeAddress(programme.chain.url).name.startswith("127.0.0.1")


def test_the_registry_is_named_in_sanad_toml(programme: Programme) -> None:
    address = programme.deploy("--programme", 'The "National" Programme')["address"]
    once = Path("sanad.toml").read_text()
    (one,) = load_settings(Path("sanad.toml")).registries
    assert (one.info.programme, one.info.address, one.info.network) == (
        *('The "National" Programme', address, "bsc-testnet"),
    )
    programme.deploy("--programme", "Another name")
    assert Path("sanad.toml").read_text() == once
    second = programme.deploy("--programme", "Its successor", "--serial", "2")["address"]
    tables = tomllib.loads(Path("sanad.toml").read_text())["registry"]
    assert [table["address"] for table in tables] == [address, second]


NODES = '[networks.bsc-testnet]\nnodes = ["{}"]\n'


@pytest.mark.parametrize("before", ["", "[verifier]\n", "[verifier] # ours\nchecks_per_minute = 5\n"])
def test_settings_that_name_only_nodes_get_an_archive(programme: Programme, before: str) -> None:
    nodes = NODES.format(programme.environment.pop("SANAD_BSC_TESTNET_NODES"))
    Path("sanad.toml").write_text(before + nodes)
    programme.deploy("--programme", "The Programme")
    found = load_settings(Path("sanad.toml"))
    assert found.archive is not None
    assert found.archive.name == "archive"
    assert len(found.registries) == 1
    once = Path("sanad.toml").read_text()
    assert nodes in once
    programme.deploy("--programme", "The Programme")
    assert Path("sanad.toml").read_text() == once


def test_an_archive_that_is_named_stays() -> None:
    for text in ('[verifier]\narchive = "elsewhere"\n', 'verifier = { archive = "elsewhere" }\n', "no TOML ["):
        assert with_archive(text) == text


@pytest.mark.parametrize("way", [[], ["--plain"]])
def test_a_remote_signer_may_pay(programme: Programme, way: list[str]) -> None:
    with remote_signer(programme.account) as url:
        words = ["deploy", "--network", "bsc-testnet", "--key", f"{url}#{programme.account.address}", "--yes", *way]
        result = CliRunner().invoke(main, words, env=programme.environment)
    assert result.exit_code == 0, result.output
    assert programme.record()["deployer"] == programme.account.address


def test_the_constructor_gets_the_owner(programme: Programme) -> None:
    assert init_code(programme.account.address).endswith(bytes.fromhex(programme.account.address[2:]))
