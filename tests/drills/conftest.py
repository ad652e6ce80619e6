"""The world of the drills: a chain, a quick `sanad`, and for each drill a programme and a university of its own."""

import json
import os
import pty
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from deploy.registry_contract import accredit, authorise, deploy_registry
from tests.chain_fixtures import ChainNode, Deployed, deploy_on, mining, running_anvil
from tests.journey.office import PASSPHRASE, Office, institution_key, settings
from tests.printed import Block, blocks, environment, page, sections, typed
from tests.quick import quick_sanad
from verifier.core.hashes import commitment

DOMAIN = "university.example"
_FILLED_IN = re.compile(r"^([A-Z_]+)=.*$", re.MULTILINE)
_ANYTHING = re.compile(r"…|0x[…\w]*|z6Mk[…\w]*|\b\d[\d:TZ.,-]*")
"""In what the page shows of an output: what differs from one night to the next."""


@dataclass
class Night:
    """Somebody at a terminal who types one drill of docs/drills.md, block by block, as it is printed."""

    title: str
    folders: dict[str, Path]
    """Where each block is typed, by the second word of its fence: the university's office, mostly."""
    given: dict[str, str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was filled in, in each window."""
    at: int = 0

    @property
    def blocks(self) -> list[Block]:
        return blocks(sections(page("drills.md"))[self.title])

    def type(self, *, code: int = 0, answer: str = "y", **filled_in: str) -> str:
        """Type the next block, with these values in the lines that are there to be filled in; what it prints.

        Where the page shows what is printed, it is that. Whatever is asked gets this answer.
        """
        block = self.blocks[self.at]
        assert block.kind == "sh", block
        self.at += 1
        wanted = set(_FILLED_IN.findall(block.text))
        assert set(filled_in) == wanted, f"{self.title}, block {self.at}: fill in {wanted}"
        window = self.values.setdefault(block.place, {})
        window |= filled_in
        before = "".join(f"{name}='{value}'\n" for name, value in window.items())
        printed = self._run(before + _FILLED_IN.sub("", block.text), self.folders[block.place], code, answer)
        if self.at < len(self.blocks) and self.blocks[self.at].kind == "text":
            self._compare(self.blocks[self.at].text, printed)
            self.at += 1
        return printed

    def over(self) -> None:
        """Nothing of the drill is left."""
        assert self.at == len(self.blocks), self.blocks[self.at]

    def _run(self, commands: str, folder: Path, code: int, answer: str) -> str:
        theirs, ours = pty.openpty()
        try:
            os.write(theirs, f"{answer}\n".encode() * 20)
            done = typed(commands, folder, self.given, ours)
        finally:
            os.close(theirs)
            os.close(ours)
        assert "Traceback" not in done.stdout, done.stdout
        assert done.returncode == code, f"{commands}\nends with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def _compare(self, shown: str, printed: str) -> None:
        rest = printed
        for line in shown.splitlines():
            pattern = ".*?".join(re.escape(part) for part in _ANYTHING.split(line.strip()))
            found = re.search(pattern, rest)
            assert found, f"{self.title}: {line!r} is not printed (in this order):\n{printed}"
            rest = rest[found.end() :]


@dataclass
class Place:
    """A university and its programme, each in a folder of its own, on a registry of their own."""

    office: Office
    deployed: Deployed
    folder: Path
    given: dict[str, str]
    node: ExitStack | None = None
    """What ends the chain, where it is this place's alone."""

    @property
    def programme(self) -> Path:
        return self.folder / "programme"

    def moved_to(self, chain: ChainNode) -> Deployed:
        """An empty registry on another chain, at the same address, and everybody has both in their sanad.toml."""
        deployed = self.deployed
        chain.fund(*(each.address for each in (deployed.programme, deployed.admin, deployed.signer)))
        there = replace(deployed, chain=chain, address=deploy_registry(chain.sender(deployed.programme)).address)
        for settings_file in self.folder.glob("*/sanad.toml"):
            settings_file.write_text(f"{settings_file.read_text()}\n{_registry(there).rstrip()}\nprice_cap_gwei = 10\n")
        return there

    def end_chain(self) -> None:
        """The old chain answers no more."""
        assert self.node is not None
        self.node.close()

    def take_batch_files(self, other: "Place") -> None:
        """What anybody may mirror comes into the office's archive."""
        _copy_batches(other.office.folder, self.office.folder)

    def programme_takes_batch_files(self) -> None:
        """And into the programme's."""
        _copy_batches(self.office.folder, self.programme)

    def leave_old(self) -> None:
        """Anybody's verifier is told that the old registry is retired."""
        settings_file = self.folder / "anybody" / "sanad.toml"
        line = f'network = "{self.deployed.chain.name}"\n'
        settings_file.write_text(settings_file.read_text().replace(line, f"{line}retired = true\n"))

    def night(self, title: str) -> Night:
        folders = {"": self.office.folder, "programme": self.programme, "home": self.folder}
        return Night(title, folders, self.given)

    def issue(self, out: str, *names: str) -> list[Path]:
        """The office issues a class; its sealed PDFs."""
        rows = "".join(f"{number},{name}\n" for number, name in enumerate(names, 1))
        done = self.office.issue(f"Student Number,Name\n{rows}", out, "--yes", code=f"BC-{out}")
        assert done.exit_code == 0, done.output
        return sorted((self.office.folder / out).glob("*.pdf"))

    def sanad(self, *words: str) -> str:
        """One command in the office, which answers its own questions; what it prints."""
        done = self.office.run(*words, "--config", str(self.office.config))
        assert done.exit_code == 0, done.output
        return done.output

    def revoke(self, file: Path, key: str = "professor") -> None:
        """The certificate of a file is revoked, with a key of the office."""
        key_file = self.office.folder / "keys" / f"{key}.json"
        passphrase = key_file.with_name("passphrase")
        more = "--reason", "misconduct", "--key", str(key_file), "--passphrase-file", str(passphrase)
        self.sanad("revoke", str(file), *more)

    def commitment(self, file: Path) -> bytes:
        """What the chain has of a certificate."""
        return commitment(bytes.fromhex(self.office.verdicts(file)[0]["hash"][2:]))

    def thief(self, key: str) -> "Place":
        """Whoever has a copy of this key, with an Ed25519 key, records and an archive elsewhere."""
        deployed = replace(self.deployed, signer=getattr(self.deployed, key))
        return replace(self, deployed=deployed, office=_office(deployed, self.folder / f"thief-{key}"))

    def verdicts(self, *files: Path) -> list[str]:
        """What anybody's verifier says of files: one that has the files, no archive, and this registry."""
        anybody = replace(self.office, folder=self.folder / "anybody")
        return [str(each["verdict"]) for each in anybody.verdicts(*files)]

    def now(self) -> str:
        """This moment by the chain's clock, and the next block is later."""
        moment = self.deployed.chain.web3.eth.get_block("latest")["timestamp"]
        while self.deployed.chain.web3.eth.get_block("latest")["timestamp"] <= moment + 1:
            time.sleep(0.05)
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment + 1))


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a `sanad` that begins at once."""
    with quick_sanad(tmp_path_factory.mktemp("quick")) as folder:
        yield folder


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChainNode]:
    with ExitStack() as stack:
        node = stack.enter_context(running_anvil(tmp_path_factory.mktemp("anvil") / "log"))
        stack.enter_context(mining(node))
        yield node


@pytest.fixture(scope="session")
def other_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChainNode]:
    """Another chain, which a registry is moved to."""
    with ExitStack() as stack:
        node = stack.enter_context(running_anvil(tmp_path_factory.mktemp("other") / "log", chain_id=5611))
        stack.enter_context(mining(node))
        yield replace(node, name="opbnb-testnet")


@pytest.fixture
def place(chain: ChainNode, quick: Path, tmp_path: Path) -> Place:
    """A university and its programme, and nothing issued yet."""
    return place_on(chain, quick, tmp_path)


@pytest.fixture
def doomed(quick: Path, tmp_path: Path) -> Iterator[Place]:
    """The same on a chain of its own, which may be ended."""
    with ExitStack() as stack:
        (tmp_path / "place").mkdir()
        node = stack.enter_context(running_anvil(tmp_path / "log"))
        stack.enter_context(mining(node))
        yield replace(place_on(node, quick, tmp_path / "place"), node=stack)


def place_on(chain: ChainNode, quick: Path, tmp_path: Path) -> Place:
    """A university and its programme on a chain, and nothing issued yet."""
    deployed = deploy_on(chain)
    accredit(deployed.sender(deployed.programme), deployed.address, DOMAIN, "A University", deployed.admin.address)
    authorise(deployed.sender(deployed.admin), deployed.address, DOMAIN, deployed.signer.address)
    office = _office(deployed, tmp_path / "office")
    programme = _keys(tmp_path / "programme", programme=deployed.programme)
    owner = '[programme]\nowner_key = "keys/programme.json"\npassphrase_file = "keys/passphrase"\n'
    (programme / "sanad.toml").write_text(
        f'[verifier]\narchive = "archive"\ntrust_local = true\n\n{_registry(deployed)}\n{owner}'
    )
    (tmp_path / "anybody").mkdir()
    (tmp_path / "anybody" / "sanad.toml").write_text(f"[verifier]\ntrust_local = true\n\n{_registry(deployed)}")
    given = environment(tmp_path, SANAD_PASSPHRASE=PASSPHRASE, SANAD_NEW_PASSPHRASE=PASSPHRASE)
    given["PATH"] = os.pathsep.join([str(quick), given["PATH"]])
    return Place(office, deployed, tmp_path, given)


def _office(deployed: Deployed, folder: Path) -> Office:
    keys = _keys(folder, professor=deployed.signer, admin=deployed.admin) / "keys"
    institution_key(keys / "institution.pem")
    whole = settings(deployed)
    files = "professor.json", "institution.pem", "passphrase"
    for name in files:
        whole = whole.replace(f'"{name}"', f'"keys/{name}"')
    (folder / "sanad.toml").write_text(whole + 'admin_key = "keys/admin.json"\n')
    return Office(folder, deployed, DOMAIN)


def _keys(folder: Path, **keys: LocalAccount) -> Path:
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "passphrase").write_text(PASSPHRASE + "\n")
    for name, key in keys.items():
        text = json.dumps(Account.encrypt(key.key, PASSPHRASE, kdf="pbkdf2", iterations=1000))
        (folder / "keys" / f"{name}.json").write_text(text)
    return folder


def _copy_batches(there: Path, here: Path) -> None:
    shutil.copytree(there / "archive" / "batches", here / "archive" / "batches", dirs_exist_ok=True)


def _registry(deployed: Deployed) -> str:
    whole = settings(deployed)
    return whole[whole.index("[[registry]]") : whole.index("[issuer]")]
