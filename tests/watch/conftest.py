"""An institution's office on a chain, for the watch."""

import json
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from deploy.registry_contract import authorise, registry_artifact
from tests.chain_fixtures import ChainNode, deploy_on
from tests.chain_fixtures import hasty_embedded_chain as hasty_embedded_chain
from tests.journey.office import Office, open_office, school_keys
from verifier.core.hashes import institution_id


@dataclass
class Watched:
    """An office, and what happens around it."""

    office: Office

    def watch(self, code: int | None, *more: str) -> list[dict[str, Any]]:
        """`sanad watch --once --json`."""
        self.office.deployed.chain.finalize()
        result = self.office.run("watch", "--once", "--json", "--config", str(self.office.config), *more)
        assert code is None or result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def run(self, *words: str, code: int = 0) -> str:
        """Another command, with these settings."""
        result = self.office.run(*words, "--config", str(self.office.config))
        assert result.exit_code == code, result.output
        return result.output

    def typed(self, command: str) -> str:
        """A printed command, typed as printed."""
        name, *words = shlex.split(command)
        assert name == "sanad"
        result = self.office.run(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def key(self) -> LocalAccount:
        """A professor's key, authorised where our records do not see it."""
        account, deployed = Account.create(), self.office.deployed
        deployed.chain.fund(account.address)
        authorise(deployed.sender(deployed.admin), deployed.address, self.office.domain, account.address)
        return account

    def issue(self, key: LocalAccount, size: int = 12) -> bytes:
        """A forged batch."""
        root = secrets.token_bytes(32)
        self.office.deployed.writer(key).issue(institution_id(self.office.domain), root, size)
        return root

    def issue_honestly(self) -> None:
        """A class of ours after a forged one: the office stops, and somebody decides to go on."""
        self.run("batches", "--accept-missing", "--yes")
        issued = self.office.issue(out="later", code="BC-302")
        assert issued.exit_code == 0, issued.output

    def call(self, account: LocalAccount, function: str, *arguments: Any) -> None:
        """Any function of the registry, past our records."""
        sender = self.office.deployed.sender(account)
        contract = sender.web3.eth.contract(self.office.deployed.address, abi=registry_artifact()["abi"])
        sender.transact(contract.functions[function](*arguments))

    def counts(self, root: bytes) -> bool:
        return bool(self.office.deployed.registry().batch(self.office.domain, root)["counts"])

    def verdicts(self, out: str = "certificates") -> set[str]:
        self.office.deployed.chain.finalize()
        return {each["verdict"] for each in self.office.verdicts(*sorted((self.office.folder / out).glob("*.pdf")))}


def open_watched(chain: ChainNode, folder: Path) -> Watched:
    """A new institution with one class issued."""
    office = open_office(deploy_on(chain), folder)
    school_keys(office)
    issued = office.issue()
    assert issued.exit_code == 0, issued.output
    return Watched(office)


@pytest.fixture
def watched(embedded_chain: ChainNode, tmp_path: Path) -> Watched:
    return open_watched(embedded_chain, tmp_path / "office")


@pytest.fixture(scope="module")
def shared(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """One for a whole file, whose tests each leave it explained or seen."""
    return open_watched(embedded_chain, tmp_path_factory.mktemp("watched") / "office")
