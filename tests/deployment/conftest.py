"""A programme's folder on a real node: its key, an empty sanad.toml's place, and `sanad deploy` there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from eth_account import Account
from eth_account.signers.local import LocalAccount

from deploy.cli import main
from tests.chain_fixtures import ChainNode
from tests.deployment.createx import put_createx

PASSPHRASE = "a long one of many words"  # of keys that live for one test


@dataclass
class Programme:
    """Where a programme works."""

    folder: Path
    chain: ChainNode
    account: LocalAccount
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> Result:
        keys = ["--key", "programme.json", "--passphrase-file", "passphrase"]
        yes = ["--yes"] if words[0] == "deploy" else []
        return CliRunner().invoke(main, [*words, *keys, *yes], env=self.environment)

    def deploy(self, *more: str, code: int = 0) -> dict[str, Any]:
        result = self.run("deploy", "--network", "bsc-testnet", "--json", *more)
        assert result.exit_code == code, result.output
        told = json.loads(result.stdout)
        assert isinstance(told, dict)
        return told

    def refused(self, *more: str) -> str:
        result = self.run("deploy", "--network", "bsc-testnet", *more)
        assert result.exit_code == 2, result.output
        assert "Traceback" not in result.output
        return result.output.strip().splitlines()[-1]

    def record(self, name: str = "bsc-testnet") -> dict[str, Any]:
        found = json.loads((self.folder / "deployments" / f"{name}.json").read_text())
        assert isinstance(found, dict)
        return found

    def sent(self) -> int:
        return self.chain.web3.eth.get_transaction_count(self.account.address)


Founding = Callable[[], Programme]


@pytest.fixture
def found(anvil: ChainNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Founding:
    """Programmes with a key of their own; the newest one's folder is the working folder."""
    put_createx(anvil)
    made: list[Programme] = []

    def make() -> Programme:
        folder = tmp_path / f"programme-{len(made)}"
        folder.mkdir()
        account = Account.create()
        anvil.fund(account.address)
        keystore = Account.encrypt(account.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
        (folder / "programme.json").write_text(json.dumps(keystore))
        (folder / "passphrase").write_text(PASSPHRASE + "\n")
        monkeypatch.chdir(folder)
        made.append(Programme(folder, anvil, account, {"SANAD_BSC_TESTNET_NODES": anvil.url}))
        return made[-1]

    return make


@pytest.fixture
def programme(found: Founding) -> Programme:
    return found()
