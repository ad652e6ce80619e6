"""A chain dies, or is left: everything is registered again on another, and what students hold goes on being valid."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from deploy.registry_contract import deploy_registry
from tests.chain.bad_node import BadNode, Exchange
from tests.chain_fixtures import ChainNode, Deployed, deploy_on, mining, running_anvil
from tests.journey.office import Office, open_office, school_keys, settings
from verifier.core.hashes import institution_id

EMPTY = "empty.example"
PROGRAM = "import sys; from deploy.cli import main; main(sys.argv[1:])"


@dataclass
class Removal:
    """An office on one chain, with a class issued, and an empty registry on another."""

    office: Office
    old: Deployed
    new: Deployed

    def sees(self, *registries: str) -> None:
        """Rewrite the office's settings: `old`, `retired` (the old one) and `new`."""
        texts = {"old": (self.old, ""), "retired": (self.old, "retired = true\n"), "new": (self.new, "")}
        whole = settings(self.old)
        head, issuer = whole[: whole.index("[[registry]]")], whole[whole.index("[issuer]") :]
        tables = "".join(self._table(*texts[name]) for name in registries)
        keys = 'admin_key = "admin.json"\n[programme]\nowner_key = "programme.json"\npassphrase_file = "passphrase"\n'
        self.office.config.write_text(head + tables + issuer + keys)

    def reanchor(self, *more: str) -> Result:
        return self.office.run(*self.words(*more))

    def words(self, *more: str) -> list[str]:
        return ["reanchor", "--from", "old-net", "--to", "new-net", "--yes", "--config", str(self.office.config), *more]

    def verdicts(self) -> list[str]:
        return [str(each["verdict"]) for each in self.office.verdicts(*self.office.pdfs)]

    def _table(self, deployed: Deployed, more: str) -> str:
        text = settings(deployed)
        return text[text.index("[[registry]]") : text.index("[issuer]")].rstrip() + "\n" + more + "\n"


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ChainNode, ChainNode]]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("anvil")
        found = []
        for name in ("old-net", "new-net"):
            chain = stack.enter_context(running_anvil(folder / name))
            stack.enter_context(mining(chain))
            found.append(replace(chain, name=name))
        yield found[0], found[1]


@pytest.fixture
def removal(chains: tuple[ChainNode, ChainNode], tmp_path: Path) -> Removal:
    """Five students: one revoked, one replaced by a certificate of a second batch; a third batch is withdrawn. A
    second university has issued nothing and is suspended.
    """
    old = deploy_on(chains[0])
    office = open_office(old, tmp_path / "office")
    school_keys(office)
    assert office.issue().exit_code == 0
    assert office.issue("Student Number,Name\n3,Zoe Fernandes\n", "second", code="BC-302").exit_code == 0
    assert office.issue("Student Number,Name\n7,Nobody\n", "third", code="BC-303").exit_code == 0
    told = office.verdicts(*office.pdfs, *(office.folder / "second").glob("*.pdf"))
    run(office, "revoke", told[1]["hash"], "--reason", "misconduct")
    run(office, "replace", told[2]["hash"], told[5]["hash"], "--even-so")
    (third,) = (office.folder / "third").glob("*.json")
    run(office, "withdraw", office.domain, json.loads(third.read_bytes())["root"])
    run(office, "accredit", EMPTY, "A University Without Graduates", old.admin.address)
    run(office, "suspend", EMPTY)
    return Removal(office, old, empty_registry(chains[1], old))


def empty_registry(chain: ChainNode, old: Deployed) -> Deployed:
    chain.fund(old.programme.address, old.admin.address, old.signer.address)
    owner = chain.sender(old.programme)
    deploy_registry(owner)  # so that the next one's address is not the old one's
    return replace(old, chain=chain, address=deploy_registry(owner).address)


def run(office: Office, *words: str) -> None:
    result = office.run(*words, "--config", str(office.config))
    assert result.exit_code == 0, result.output


EXPECTED = ["valid", "revoked", "replaced", "valid", "valid"]


def test_a_registry_is_moved_and_every_file_and_link_goes_on(removal: Removal) -> None:
    office = removal.office
    links = [each["hash"] for each in office.verdicts(*office.pdfs)]
    removal.sees("old", "new")
    dry = removal.reanchor("--dry-run")
    assert dry.exit_code == 0, dry.output
    assert f"{office.domain:<36}        3             7            2          1     0" in dry.output
    assert f"{EMPTY:<36}        0             0            0          0     0" in dry.output
    assert "accredit" in dry.output
    assert removal.new.chain.web3.eth.get_code(removal.new.address)
    result = removal.reanchor("--name-successor", "--json")
    assert result.exit_code == 0, result.output
    acts = [each["act"] for each in json.loads(result.stdout)["acts"]]
    assert acts == [
        *("accredit", "accredit", "revoke", "replace", "withdraw", "adopt", "accredit", "suspend", "name successor"),
    ]
    record = removal.new.registry().institution(EMPTY)
    assert (record["name"], record["suspended"]) == ("A University Without Graduates", True)
    removal.sees("old")
    told = office.verdicts(office.pdfs[0])[0]
    assert told["verdict"] == "valid"
    assert removal.new.address in told["steps"][2]["sentence"]
    assert "takes no more batches" in office.issue("Student Number,Name\n9,Late\n", "late", code="BC-304").output
    removal.sees("retired", "new")
    assert removal.verdicts() == EXPECTED
    assert [each["verdict"] for each in office.verdicts(*links)] == EXPECTED
    told = office.verdicts(office.pdfs[0])[0]
    assert told["registration"]["again"] is True
    assert "registered it again on" in told["steps"][2]["sentence"]
    (third,) = (office.folder / "third").glob("*.pdf")
    told = office.verdicts(third)[0]
    assert told["verdict"] == "untrusted"
    assert told["steps"][5]["sentence"].startswith("The institution withdrew the whole batch on ")
    refused = office.run("revoke", links[0], "--reason", "other", "--config", str(office.config))
    assert refused.exit_code == 2
    assert "only its admin revokes there" in refused.output
    again = removal.reanchor("--json")
    assert json.loads(again.stdout)["acts"] == []


def test_killed_in_the_middle_it_goes_on_where_it_stopped(removal: Removal) -> None:
    killed = threading.Event()
    process: list[subprocess.Popen[bytes]] = []
    sent = []

    def kill_at_the_fourth(exchange: Exchange) -> None:
        if exchange.method == "eth_sendRawTransaction":
            sent.append(exchange.ask())  # it arrives, and whoever sent it never hears of it
            if len(sent) == 4:
                os.kill(process[0].pid, signal.SIGKILL)
                killed.set()
                exchange.answered = True

    def seen(exchange: Exchange) -> None:
        kill_at_the_fourth(exchange)
        if exchange.method == "eth_sendRawTransaction" and not exchange.answered:
            exchange.send(json.dumps(sent[-1]).encode())

    with BadNode(removal.new.chain.url, seen) as node:
        there = removal.new
        removal.new = replace(there, chain=replace(there.chain, url=node.url))
        removal.sees("old", "new")
        process.append(subprocess.Popen([sys.executable, "-c", PROGRAM, *removal.words("--name-successor")]))
        assert process[0].wait(60) == -signal.SIGKILL
        assert killed.is_set()
    removal.new = there
    removal.sees("new")
    assert "valid" not in removal.verdicts()  # the revocations stand, the batches not yet
    removal.sees("old", "new")
    result = removal.reanchor("--name-successor", "--json")
    assert result.exit_code == 0, result.output
    acts = [(each["act"], each["transaction"] is None) for each in json.loads(result.stdout)["acts"]]
    assert [act for act, _ in acts] == ["withdraw", "adopt", "accredit", "suspend", "name successor"]
    removal.sees("new")
    assert removal.verdicts() == EXPECTED
    assert counts(there, removal.office.domain) == {"batches": 3, "certificates": 7, "revocations": 2}


def test_a_dead_chain_is_replaced_from_our_own_records(removal: Removal) -> None:
    dead = replace(removal.old, chain=replace(removal.old.chain, url="http://127.0.0.1:9"))
    removal.old = dead
    removal.sees("old", "new")
    refused = removal.reanchor()
    assert refused.exit_code == 2
    assert "No node gave an answer." in refused.output
    refused = removal.reanchor("--old-is-dead", "--name-successor")
    assert refused.output == "Error: A dead chain takes no successor: leave out --name-successor.\n"
    refused = removal.reanchor("--old-is-dead")
    assert f"sanad accredit {removal.office.domain}" in refused.output
    removal.sees("new")
    run(removal.office, "accredit", removal.office.domain, "Darya University", removal.new.admin.address)
    removal.sees("old", "new")
    result = removal.reanchor("--old-is-dead", "--json")
    assert result.exit_code == 0, result.output
    assert [each["act"] for each in json.loads(result.stdout)["acts"]] == ["revoke", "replace", "withdraw", "adopt"]
    removal.sees("retired", "new")
    assert removal.verdicts() == EXPECTED
    (third,) = (removal.office.folder / "third").glob("*.pdf")
    assert removal.office.verdicts(third)[0]["verdict"] == "untrusted"


def test_what_cannot_be_moved_is_told(removal: Removal) -> None:
    removal.sees("old", "new")
    for words, sentence in (
        (("--leave", "0x12"), "0x12 is not a root: 0x and 64 lower-case hex digits."),
        (("--from", "nowhere"), "nowhere means 0 of the registries in sanad.toml"),
        (("--from", "new-net"), "The old registry and the new one are the same."),
    ):
        result = removal.reanchor(*words)
        assert (result.exit_code, sentence in result.output) == (2, True), result.output
    folder = removal.office.folder / "archive" / "batches" / removal.office.domain
    sorted(folder.iterdir())[0].unlink()
    result = removal.reanchor("--name-successor")
    assert "1 batches on record have no file in the archive; they are NOT moved." in result.output
    assert "The successor is not named yet" in result.output
    assert result.exit_code == 2


def test_another_admins_institution_waits_for_its_own_admin(removal: Removal) -> None:
    removal.sees("new")
    somebody = removal.new.signer.address
    run(removal.office, "accredit", removal.office.domain, "Darya University", somebody)
    removal.sees("old", "new")
    result = removal.reanchor("--json")
    assert result.exit_code == 3, result.output
    told = json.loads(result.stdout)
    assert told["waiting"] == {removal.office.domain: somebody}
    assert [act["act"] for act in told["acts"]] == ["accredit", "accredit"], "those that have nothing to move"
    result = removal.reanchor("--name-successor")
    assert result.exit_code == 2
    assert f"not everything of {removal.office.domain} is in the new registry" in result.output


def counts(deployed: Deployed, domain: str) -> dict[str, Any]:
    record = deployed.record("institutionRecord", institution_id(domain))
    return {name: record[name] for name in ("batches", "certificates", "revocations")}
