"""Two chains to test on, and a registry with an institution on each.

`embedded_chain` runs in this process, `anvil` is a real node beside it (chain id 97, as BNB Smart Chain's testnet).
Both live as long as the test session; `deploy_on` puts a new registry on either, which takes a fraction of a second.
"""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from deploy.chain_server import ChainServer
from deploy.compile import CONTRACTS, node_folder
from deploy.registry_contract import accredit, authorise, deploy_registry, registry_artifact
from issuer.registry.act import ActingRegistry
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, connect
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress, Patience
from verifier.core.hashes import institution_id
from verifier.core.registry import NO_ADDRESS, RegistryInfo

DOMAIN = "lahore.example.edu.pk"
INSTITUTION = "University of Lahore (Sample)"
OTHER_DOMAIN = "quetta.example.edu.pk"
_COINS = 10**20
_LISTENING = re.compile(r"Listening on 127\.0\.0\.1:(\d+)")
_START_SECONDS = 20


@dataclass(frozen=True)
class ChainNode:
    """A chain to test on."""

    name: str
    url: str
    chain_id: int
    web3: Web3
    rich: LocalAccount | None = None
    """Who pays on the embedded chain; anvil mints."""

    def fund(self, *addresses: str) -> None:
        for address in addresses:
            if self.rich is None:
                self.ask("anvil_setBalance", address, hex(_COINS))
            else:
                self._pay(address)

    def finalize(self) -> None:
        """Make final what is written by now."""
        if self.rich is None:
            self.ask("anvil_mine", "0x4", "0x1")
        else:
            while self.web3.eth.get_block("latest")["transactions"]:  # an empty block is of a later second
                time.sleep(0.05)

    def ask(self, method: str, *parameters: object) -> object:
        answer = self.web3.provider.make_request(method, list(parameters))
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def sender(self, account: LocalAccount, **more: object) -> Sender:
        return Sender(connect(self.url, self.chain_id), account, Pricing(), **more)

    def _pay(self, address: str) -> None:
        signed = self.rich.sign_transaction(
            {
                "to": address,
                "value": _COINS,
                "gas": 21_000,
                "gasPrice": self.web3.eth.gas_price,
                "nonce": self.web3.eth.get_transaction_count(self.rich.address),
                "chainId": self.chain_id,
            }
        )
        self.web3.eth.send_raw_transaction(signed.raw_transaction)


@dataclass(frozen=True)
class Deployed:
    """A registry on a chain, with an accredited institution and its authorised signer."""

    chain: ChainNode
    address: str
    programme: LocalAccount
    admin: LocalAccount
    signer: LocalAccount
    stranger: LocalAccount
    """Has coins and no rights."""
    domain: str = DOMAIN
    institution: bytes = field(default=institution_id(DOMAIN))

    @property
    def info(self) -> RegistryInfo:
        return RegistryInfo("National Educators Programme", self.chain.name, self.chain.chain_id, self.address, True)

    def sender(self, account: LocalAccount, **more: object) -> Sender:
        return self.chain.sender(account, **more)

    def writer(self, account: LocalAccount, **more: object) -> RegistryWriter:
        return RegistryWriter(self.sender(account, **more), self.address)

    def revoke(
        self, account: LocalAccount, commitments: list[bytes], reason: int, domain: str | None = None
    ) -> dict[str, Any]:
        """Past every guard of ours, as any program may: in the institution's name for its admin, else in its own."""
        sender, institution = self.sender(account), institution_id(domain or self.domain)
        contract = sender.web3.eth.contract(self.address, abi=registry_artifact()["abi"])
        admin = contract.functions.institutionRecord(institution).call()[2]
        authority = NO_ADDRESS if admin == account.address else account.address
        receipt: dict[str, Any] = sender.transact(
            contract.functions.revoke(institution, authority, commitments, reason)
        )
        return receipt

    def record(self, view: str, *arguments: Any) -> dict[str, Any]:
        """A struct of the registry by the names of its fields."""
        return ActingRegistry(self.sender(self.stranger), self.address).record(view, *arguments)

    def registry(self, **patience: float) -> NodeRegistry:
        return NodeRegistry(self.info, [NodeAddress(self.chain.url)], 1, Patience(**{"reuse": 0, **patience}))


def deploy_on(chain: ChainNode) -> Deployed:
    """A new registry on a chain; its keys are new too."""
    programme, admin, signer, stranger = (Account.create() for _ in range(4))
    chain.fund(*(account.address for account in (programme, admin, signer, stranger)))
    owner = chain.sender(programme)
    address = deploy_registry(owner).address
    accredit(owner, address, DOMAIN, INSTITUTION, admin.address)
    authorise(chain.sender(admin), address, DOMAIN, signer.address)
    return Deployed(chain, address, programme, admin, signer, stranger)


@pytest.fixture(scope="session")
def embedded_chain() -> Iterator[ChainNode]:
    rich = Account.create()
    with ChainServer([rich.address], port=0) as server:
        yield ChainNode("local", server.url, server.chain.chain_id, _web3(server.url), rich)


@contextmanager
def hasty_chain() -> Iterator[ChainNode]:
    """An embedded chain whose clock goes a second ahead with each transaction, so that all is final at once.

    For tests that write a lot: verifiers take no chain that is a quarter of an hour ahead.
    """
    rich = Account.create()
    with ChainServer([rich.address], port=0) as server:
        chain = server.chain

        def clock() -> float:
            head = chain.head
            return max(time.time(), head.header.timestamp + 1 if head.transactions else 0)

        chain._clock = clock
        yield ChainNode("local", server.url, chain.chain_id, _web3(server.url), rich)


@pytest.fixture(scope="module", name="embedded_chain")
def hasty_embedded_chain() -> Iterator[ChainNode]:
    """For the conftest.py of a folder: its tests get a hasty chain, a new one for each file."""
    with hasty_chain() as chain:
        yield chain


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChainNode]:
    with running_anvil(tmp_path_factory.mktemp("anvil") / "log") as chain:
        yield chain


@pytest.fixture(scope="session")
def deployed(embedded_chain: ChainNode) -> Deployed:
    return deploy_on(embedded_chain)


@contextmanager
def running_anvil(log: Path, *options: str, chain_id: int = 97) -> Iterator[ChainNode]:
    """A node of its own, ended with the context."""
    process = start_anvil(log, *options, chain_id=chain_id)
    try:
        url = f"http://127.0.0.1:{_port(process, log)}"
        yield ChainNode("bsc-testnet", url, chain_id, _web3(url))
    finally:
        stop(process)


@contextmanager
def mining(chain: ChainNode) -> Iterator[None]:
    """Blocks come quickly, so that nothing waits long for being final."""
    over = threading.Event()

    def mine() -> None:
        while not over.wait(0.15):
            chain.ask("evm_mine")

    thread = threading.Thread(target=mine, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def start_anvil(log: Path, *options: str, chain_id: int = 97) -> "subprocess.Popen[bytes]":
    """A node of its own, which a test may stop; its port comes to stand in the log."""
    program = CONTRACTS / "node_modules" / ".bin" / "anvil"
    assert program.exists(), "anvil is missing: `make test` installs it, or run npm ci in contracts/"
    command = [str(program), "--port", "0", "--chain-id", str(chain_id), "--slots-in-an-epoch", "1", *options]
    # The price floor of BNB Smart Chain's testnet; without blocks it stays.
    command += ["--block-base-fee-per-gas", "100000000"]
    path = os.pathsep.join([str(node_folder()), os.environ.get("PATH", "")])
    with log.open("wb") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, "PATH": path}, start_new_session=True
        )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a node: the program that npm starts, and the one that it starts."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def _port(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := _LISTENING.search(log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"anvil did not start: {log.read_text()}")


def _web3(url: str) -> Web3:
    return Web3(HTTPProvider(url, exception_retry_configuration=None))
