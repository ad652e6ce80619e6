"""The demonstration: a chain, a registry, a university, a professor and a class, all real, in one folder.

Everything that it does is what the other commands do; it only brings the parts together.
"""

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from web3 import HTTPProvider, Web3

from deploy.demo_folder import MARK
from deploy.errors import DemoError
from deploy.registry_contract import accredit, authorise, deploy_registry
from issuer.batches.issuing import Issuer
from issuer.batches.judging import Checked, check_delivered
from issuer.batches.progress import Progress
from issuer.course.course import Course, load_course
from issuer.disk.private_files import open_private, write_private
from issuer.keys.files import new_account, new_institution_key
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_lists import StatusLists
from issuer.records import Batch
from issuer.registry.writer import RegistryWriter
from issuer.roster import read_roster
from issuer.sending import Pricing, Sender, connect
from verifier.chain.networks import network
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress
from verifier.core.registry import RegistryInfo

_SETTINGS = """{mark}

[verifier]
origin = "{origin}"
archive = "archive"
trust_local = true

[[registry]]
programme = "Sanad demonstration"
network = "local"
chain_id = {chain_id}
address = "{address}"
nodes = ["{node}"]
agreement = 1
test = true

[issuer]
data = "data"
signer_key = "keys/professor.json"
institution_key = "keys/institution.pem"
admin_key = "keys/admin.json"
passphrase_file = "keys/passphrase"

[programme]
owner_key = "keys/programme.json"
passphrase_file = "keys/passphrase"
"""
_COIN = 10**18
_FUNDING_SECONDS, _AGAIN_SECONDS = 60, 0.2
"""How long a development node may take to put the funding into a block."""


@dataclass(frozen=True)
class Wishes:
    """What the demonstration was asked for."""

    folder: Path
    roster: Path | None
    course: Path | None
    origin: str
    """Where the verifier will be reached: what links and QR codes say."""


@dataclass(frozen=True, repr=False)
class Keys:
    """The fresh keys of a demonstration; what holds them shows nothing of them."""

    programme: Any
    admin: Any
    professor: Any
    institution: Any


@dataclass(frozen=True)
class Chain:
    """A node to work with."""

    url: str
    chain_id: int


@dataclass(frozen=True)
class Class:
    """One batch, and the verdict on every file of it."""

    batch: Batch
    checked: tuple[Checked, ...]


@dataclass(frozen=True)
class Issued:
    """What came out: the batch, what the chain said, and the verdict on every file."""

    settings: Path
    registry: str
    chain_id: int
    batch: Batch
    """The newest one."""
    transaction: str | None
    """Of what was issued now; None where nothing was."""
    gas_used: int | None
    classes: tuple[Class, ...]
    seconds: float

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Every certificate of every class."""
        return tuple(each for one in self.classes for each in one.checked)


def make_keys(folder: Path) -> Keys:
    """Draw the keys of programme, admin, professor and institution, and write them, encrypted."""
    passphrase = secrets.token_urlsafe(24)
    keys = folder / "keys"
    with open_private(keys / "passphrase", new=True) as file:
        file.write(f"{passphrase}\n".encode())
    return Keys(
        programme=new_account(keys / "programme.json", passphrase),
        admin=new_account(keys / "admin.json", passphrase),
        professor=new_account(keys / "professor.json", passphrase),
        institution=new_institution_key(keys / "institution.pem", passphrase),
    )


def run(wishes: Wishes, keys: Keys, chain: Chain, progress: Progress) -> Issued:
    """Deploy, accredit, authorise, issue the class, and judge every file.

    Raises:
        IssuerError, DeployError: in one sentence, what went wrong.
    """
    started = time.monotonic()
    roster_file, course_file = _samples(wishes)
    course = load_course(course_file)
    rows = read_roster(roster_file, course).rows
    address = _set_up_registry(keys, chain, course, progress)
    settings = wishes.folder / "sanad.toml"
    write_private(
        settings,
        _SETTINGS.format(mark=MARK, origin=wishes.origin, chain_id=chain.chain_id, address=address, node=chain.url),
    )
    issuer, registry = _issuer(wishes.folder, keys, chain, address, progress)
    try:
        batch = issuer.issue(course_file, rows, wishes.folder / "certificates", wishes.origin)
        archive = ArchiveWriter(wishes.folder / "archive")
        StatusLists(batch.domain, keys.institution, registry.at_final_block(), issuer.store, archive).publish()
        progress.stage("Verifying every file", batch.size)
        checked = tuple(with_progress(check_delivered(issuer.store, batch, registry), progress))
    finally:
        issuer.store.close()
    done = issuer.issued
    assert done is not None
    seconds = time.monotonic() - started
    return Issued(
        settings, address, chain.chain_id, batch, done.transaction, done.gas_used, (Class(batch, checked),), seconds
    )


def _samples(wishes: Wishes) -> tuple[Path, Path]:
    """Roster and course: those asked for where they are, else the samples, copied into the folder."""
    samples = resources.files("issuer") / "samples"
    found = []
    for given, name in ((wishes.roster, "roster.csv"), (wishes.course, "course.toml")):
        if given is None:
            given = wishes.folder / name
            write_private(given, (samples / name).read_bytes())
        found.append(given)
    return found[0], found[1]


def _set_up_registry(keys: Keys, chain: Chain, course: Course, progress: Progress) -> str:
    progress.stage("Setting up registry, university and keys", 3)
    web3 = connect(chain.url, chain.chain_id)
    domain = course.institution.domain
    address = deploy_registry(_sender(web3, keys.programme)).address
    progress.step(1)
    accredit(_sender(web3, keys.programme), address, domain, course.institution.name, keys.admin.address)
    progress.step(1)
    authorise(_sender(web3, keys.admin), address, domain, keys.professor.address)
    progress.step(1)
    return address


def _sender(web3: Any, account: Any) -> Any:
    return Sender(web3, account, Pricing.of(network("local").chain, "local"))


def _issuer(folder: Path, keys: Keys, chain: Chain, address: str, progress: Progress) -> tuple[Issuer, Any]:
    info = RegistryInfo("Sanad demonstration", "local", chain.chain_id, address, True)
    registry = NodeRegistry(info, [NodeAddress(chain.url)])
    writer = RegistryWriter(_sender(connect(chain.url, chain.chain_id), keys.professor), address)
    archive = ArchiveWriter(folder / "archive")
    return Issuer(folder / "data", archive, keys.institution, writer, registry, progress), registry


def with_progress(checked: Iterator[Checked], progress: Progress) -> Iterator[Checked]:
    """The same, one by one, and the progress with them."""
    for each in checked:
        yield each
        progress.step(1)


class DevelopmentNode:
    """Somebody's own node for trials (anvil, say): funds the keys, and mines while nothing happens.

    Raises:
        DemoError: it does not answer, or owns no coins that it would give.
    """

    def __init__(self, url: str) -> None:
        self._web3 = Web3(HTTPProvider(url, request_kwargs={"timeout": 10}, exception_retry_configuration=None))
        self._over = threading.Event()
        self.chain = Chain(url, int(self._ask("eth_chainId"), 16))

    def fund(self, keys: Keys) -> None:
        """Give each key one coin of the node's first account, and wait until the chain has given it.

        Call `tick` before: a node may mine on request only.
        """
        accounts = self._ask("eth_accounts")
        if not accounts:
            raise DemoError("The node has no accounts of its own to pay with. Use a development node, such as anvil.")
        sent = [
            self._ask("eth_sendTransaction", {"from": accounts[0], "to": account.address, "value": hex(_COIN)})
            for account in (keys.programme, keys.admin, keys.professor)
        ]
        deadline = time.monotonic() + _FUNDING_SECONDS
        while not all(self._ask("eth_getTransactionReceipt", each) for each in sent):
            if time.monotonic() > deadline:
                raise DemoError(
                    f"The node was asked {_FUNDING_SECONDS} seconds ago to give coins to the demonstration's keys, and "
                    "no block has that yet. Does it mine? Nothing was deployed."
                )
            time.sleep(_AGAIN_SECONDS)

    def tick(self) -> None:
        """Have a block mined every second, as chains do by themselves; a node that does not take that is left alone."""
        threading.Thread(target=self._mine, daemon=True).start()

    def close(self) -> None:
        """End the ticking."""
        self._over.set()

    def _mine(self) -> None:
        while not self._over.wait(1):
            with contextlib.suppress(DemoError):
                self._ask("evm_mine")

    def _ask(self, method: str, *params: Any) -> Any:
        try:
            answer: Any = self._web3.provider.make_request(method, list(params))  # type: ignore[arg-type]
        except Exception as error:  # web3 and requests raise their own exceptions
            raise DemoError(f"The node does not answer ({type(error).__name__}). Is it running?") from None
        if "error" in answer:
            raise DemoError(f"The node refuses {method}: {answer['error'].get('message', 'no reason given')}.")
        return answer["result"]
