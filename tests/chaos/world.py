"""What the faults are injected into: a node whose miner the test holds, an institution, children that may be killed."""

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from issuer.records import Records, RecordsPlace
from issuer.records.place import in_folder
from tests.chain.bad_node import BadNode
from tests.chain_fixtures import ChainNode, Deployed, deploy_on, running_anvil
from tests.chaos.zygote import ROOT
from tests.journey.office import ROSTER, Office, open_office
from verifier.core.hashes import institution_id

STUDENTS = 5
_BLOCK_SECONDS = 0.12
_PATIENCE = 240


class Miner:
    """Mines a block every moment, unless it is told to wait."""

    def __init__(self, chain: ChainNode) -> None:
        self.resting = threading.Event()
        self.base_fee: int | None = None
        """What a unit of gas costs in each block, where the test says so."""
        self._over = threading.Event()
        self._chain = chain
        self._thread = threading.Thread(target=self._mine, daemon=True)

    def __enter__(self) -> "Miner":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def rests(self) -> Iterator[None]:
        """No block meanwhile."""
        self.resting.set()
        time.sleep(3 * _BLOCK_SECONDS)
        try:
            yield
        finally:
            self.resting.clear()

    def _mine(self) -> None:
        while not self._over.wait(_BLOCK_SECONDS):
            if not self.resting.is_set():
                with suppress(Exception):
                    if self.base_fee is not None:
                        self._chain.ask("anvil_setNextBlockBaseFeePerGas", hex(self.base_fee))
                    self._chain.ask("evm_mine")


class Zygote:
    """Children that run `sanad`, several at once if need be."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._read() == "ready"

    def run(self, **asked: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = self._read()
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@dataclass
class Ran:
    """How a command ended."""

    code: int | None
    killed: bool
    output: str
    errors: str


@dataclass
class Trial:
    """One class that is to come out right, whatever happens on the way."""

    world: "World"
    number: int
    zygote: Zygote
    runs: list[Ran] = field(default_factory=list)
    mark: str = ""

    @property
    def out(self) -> Path:
        return self.world.office.folder / f"out-{self.number}"

    @property
    def course(self) -> Path:
        return self.world.office.folder / f"course-{self.number}.toml"

    def issue(self, kill: dict[str, Any] | None = None, **more: Any) -> Ran:
        roster = self.world.office.folder / "roster.csv"
        return self.sanad("issue", str(roster), "--course", str(self.course), "--out", str(self.out), kill=kill, **more)

    def sanad(self, *words: str, kill: dict[str, Any] | None = None, **more: Any) -> Ran:
        folder = self.world.office.folder
        files = {
            name: str(folder / f"{name}-{self.number}{self.mark}-{len(self.runs)}") for name in ("stdout", "stderr")
        }
        asked = {"words": [*words, "--config", str(self.world.config)], "folder": str(folder), "kill": kill}
        ended = self.zygote.run(**asked, **files, **more)
        told = [Path(files[name]).read_text() for name in ("stdout", "stderr")]
        self.runs.append(Ran(ended["code"], ended["killed"], *told))
        return self.runs[-1]

    def come_through(self, seconds: float = _PATIENCE) -> None:
        """Type what one is told to type until it is done, then see that everything is there once."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            begun = [one for one in self.world.batches() if one.out == str(self.out) and one.state != "cancelled"]
            if not begun:
                assert self.issue().code in (0, 3), self.runs[-1]
            elif begun[0].state == "delivered":
                break
            else:
                assert self.sanad("resume").code in (0, 2, 3), self.runs[-1]
        self.check()

    def check(self) -> None:
        """One root on the chain, every certificate once, each verifying."""
        self.check_files()
        world = self.world
        world.expected += 1
        record = world.record()
        assert (record["batches"], record["certificates"]) == (world.expected, STUDENTS * world.expected)

    def check_files(self) -> None:
        """Every certificate once, each verifying."""
        world = self.world
        mine = [one for one in world.batches() if one.out == str(self.out) and one.state != "cancelled"]
        assert [(one.state.value, one.size) for one in mine] == [("delivered", STUDENTS)], (mine, self.runs)
        pdfs, envelopes = sorted(self.out.glob("*.pdf")), sorted(self.out.glob("*.json"))
        assert len(pdfs) == len(envelopes) == STUDENTS
        assert len(list(self.out.iterdir())) == 2 * STUDENTS
        judged = self.sanad("verify", "--json", *map(str, pdfs))
        verdicts = json.loads(judged.output)
        assert [one["verdict"] for one in verdicts] == ["valid"] * STUDENTS, (judged, self.runs)
        assert len({one["hash"] for one in verdicts}) == STUDENTS


@dataclass
class World:
    """One node, one registry, one institution."""

    chain: ChainNode
    miner: Miner
    deployed: Deployed
    office: Office
    zygote: Zygote
    minute: float = 60.0
    """How long a node is away."""
    kills: int | None = None
    """At how many of its steps a command is killed; None: at each."""
    expected: int = 0
    """Batches that the registry should count."""
    config_name: str = "sanad.toml"
    records: RecordsPlace | None = None
    """Where the records are, if not in the data folder."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def config(self) -> Path:
        return self.office.folder / self.config_name

    @cached_property
    def second(self) -> Zygote:
        """Another process that issues."""
        return Zygote()

    def trial(self, zygote: Zygote | None = None) -> Trial:
        """A new class of the same institution: the same students, another course."""
        trial = Trial(self, next(self._numbers), zygote or self.zygote)
        text = (self.office.folder / "course.toml").read_text().replace("BC-301", f"BC-{1000 + trial.number}")
        trial.course.write_text(text)
        return trial

    def batches(self) -> list[Any]:
        with closing(Records(self.records or in_folder(self.office.folder / "data"))) as store:
            return store.batches()

    def record(self) -> dict[str, Any]:
        """What the registry counts of the institution."""
        return self.deployed.record("institutionRecord", institution_id(self.office.domain))

    @contextmanager
    def through(self, *nodes: BadNode, agreement: int = 1) -> Iterator[None]:
        """The settings name these nodes meanwhile."""
        text = (self.office.folder / "sanad.toml").read_text()
        names = ", ".join(f'"{node.url}"' for node in nodes)
        text = text.replace(f'nodes = ["{self.chain.url}"]', f"nodes = [{names}]")
        self.config_name = "other.toml"
        self.config.write_text(text.replace("agreement = 1", f"agreement = {agreement}"))
        try:
            yield
        finally:
            self.config_name = "sanad.toml"


@contextmanager
def open_world(folder: Path, *options: str) -> Iterator[World]:
    """A world of its own in a folder."""
    from importlib import resources

    with running_anvil(folder / "anvil.log", "--no-mining", *options) as chain, Miner(chain) as miner:
        deployed = deploy_on(chain)
        office = open_office(deployed, folder / "office")
        (office.folder / "roster.csv").write_text(ROSTER)
        sample = (resources.files("issuer") / "samples" / "course.toml").read_text()
        (office.folder / "course.toml").write_text(sample)
        zygote = Zygote()
        world = World(chain, miner, deployed, office, zygote)
        try:
            yield world
        finally:
            zygote.close()
            if "second" in vars(world):
                world.second.close()
