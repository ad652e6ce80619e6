"""What the watch cannot see is told, once and again hourly, and when it is over; only a signal ends it."""

import errno
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import pytest

from issuer.disk.private_files import replace_private
from issuer.errors import StoreError, WatchError
from issuer.watch.alerts import Alert, Kind, Place
from issuer.watch.memory import MemoryFile, Seen
from issuer.watch.notifying import Teller
from issuer.watch.opening import Opener
from issuer.watch.watching import Keeper, Plan, Watch
from tests.chain_fixtures import ChainNode, _web3, deploy_on, running_anvil
from tests.journey.office import DOMAIN, open_office
from tests.postgres import start_postgres, url_of
from verifier.core.errors import RegistryUnavailableError

NOON = 1_790_000_000.0
REGISTRY = Place(97, "0x" + "1" * 40)
THEFT = Alert(Kind.BATCH, "a.example", "A batch that nobody explains.", about="1")


@dataclass
class Hears:
    """A way of telling that keeps what it was told, or does not work."""

    heard: list[Alert] = field(default_factory=list)
    fault: str | Exception | None = None

    def tell(self, alerts: Sequence[Alert]) -> str | None:
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault is None:
            self.heard += alerts
        return self.fault

    def texts(self) -> list[str]:
        texts = [alert.text for alert in self.heard]
        self.heard.clear()
        return texts


@dataclass
class Shows:
    """A view that shows what the test says."""

    alerts: list[Alert] = field(default_factory=list)
    fault: Exception | None = None
    place: Place = REGISTRY
    name: str = "a.example"

    def see(self, memory: Mapping[str, Any], clock: float, thorough: bool) -> Seen:
        if self.fault is not None:
            raise self.fault
        return Seen(list(self.alerts), [], {"looks": memory.get("looks", 0) + 1})


class World:
    """One watch over a view, with a clock that the test moves."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.now, self.view, self.log, self.hook = NOON, Shows(), Hears(), Hears()
        tellers: dict[str, Teller] = {"log": self.log, "webhook": self.hook}
        self.memory = MemoryFile(folder, "watch-a.example", **more)
        watch = Watch(self.view, self.memory, tellers, lambda: self.now)
        self.plan = Plan([watch], tellers, 60, 300, folder)
        self.settings: Exception | None = None
        self.keeper = Keeper(self._read, self.plan, lambda: self.now)

    def _read(self, plan: Plan) -> Plan:
        if self.settings is not None:
            raise self.settings
        return self.plan

    def after(self, seconds: float) -> list[str]:
        """What the log hears at a round after some time."""
        self.now += seconds
        self.keeper.round()
        return self.log.texts()


FAULTS = [
    (RegistryUnavailableError("No node gave an answer."), "The registry cannot be asked", "No node gave an answer."),
    (StoreError("The records x cannot be used."), "The records cannot be read", "The records x cannot be used."),
    (WatchError("The archive x cannot be read."), "Nothing that happens under a.example is noticed", "The archive x"),
    (ZeroDivisionError("Ayesha Siddiqui"), "Nothing that happens", "a fault of the program: ZeroDivisionError in"),
    (MemoryError(), "Nothing that happens", "a fault of the program: MemoryError"),
]


@pytest.mark.parametrize(("fault", "what", "why"), FAULTS, ids=lambda each: type(each).__name__)
def test_it_tells_once_then_hourly_and_when_it_sees_again(
    tmp_path: Path, fault: Exception, what: str, why: str
) -> None:
    world = World(tmp_path)
    assert world.after(0) == []
    world.view.fault = fault
    assert world.after(60) == world.after(240) == []  # a node may be away for a while
    (text,) = world.after(60)
    assert text.startswith("The watch sees nothing. Since 2026-09-21T14:14:20Z: ")
    assert (what in text, why in text, "Ayesha" in text) == (True, True, False)
    assert world.after(60) == world.after(3000) == []
    assert len(world.after(600)) == 1
    world.view.fault = None
    world.view.alerts = [THEFT]
    texts = world.after(60)
    assert texts[0] == THEFT.text
    assert texts[1].startswith("The watch sees again since 2026-09-21T15:21:20Z. It did not since 2026-09-21T14:14:20Z")
    assert world.after(60) == []


def test_what_is_not_used_any_more_is_no_trouble(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hook.fault, world.view.alerts = "The webhook answered 500.", [THEFT]
    world.after(0)
    assert (list(world.keeper.blindness.now), world.keeper.blindness.blind) == (["teller webhook"], False)
    world.plan = replace(world.plan, tellers={"log": world.log})
    world.plan.watches[0].tellers = world.plan.tellers
    world.after(60)
    assert dict(world.keeper.blindness.now) == {}


def test_what_was_over_before_it_was_told_is_not_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.view.fault = WatchError("x")
    assert world.after(200) == []
    world.view.fault = None
    assert world.after(60) == world.after(600) == []


def test_a_timer_tells_no_more_often(tmp_path: Path) -> None:
    """Each start is a new process, which knows what earlier ones said."""
    told = []
    for minute in range(70):
        world = World(tmp_path)
        world.now += 60 * minute
        world.view.fault = WatchError("x")
        told += [minute] if world.after(0) else []
    assert told == [5, 65]


def test_settings_that_were_spoilt_do_not_end_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.after(0)
    world.settings, world.view.alerts = WatchError("sanad.toml is not TOML."), [THEFT]
    assert world.after(60) == [THEFT.text]  # by the settings before
    (text,) = world.after(300)
    assert "The settings as they were before are still used. sanad.toml is not TOML." in text
    world.settings = None
    assert "works again" in world.after(60)[0]


def test_each_way_of_telling_is_told_once_and_a_broken_one_is_an_alert(tmp_path: Path) -> None:
    world = World(tmp_path)
    for fault in ("The webhook answered 500.", OSError(errno.ENOSPC, "full")):
        world.hook.fault = fault
        world.view.alerts = [replace(THEFT, about=str(fault))]
        assert world.after(60) == [THEFT.text]
        (text,) = world.after(600)
        assert "Alerts do not go out by webhook." in text
        world.hook.fault = None
        assert "works again" in " ".join(world.after(60) + world.after(60))
        heard = world.hook.texts()
        assert heard.count(THEFT.text) == 1
        assert "Alerts do not go out by webhook." in " ".join(heard)


def test_a_damaged_memory_is_moved_aside_and_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.after(0)
    for damage in (b"", b"{}", b"[1]", b"\xff", b'{"format": 2}', b"[" * 100_000):
        (tmp_path / "watch-a.example.json").write_bytes(damage)
        (text,) = world.after(60)
        assert "is damaged. It was moved to " in text
        assert "sanad registry keys" in text
        assert world.after(60) == []
        world.memory.mark(world.memory.load().open, "Hira")
    assert len(list(tmp_path.glob("*.damaged-*"))) >= 1


def test_a_damaged_list_of_what_was_seen_tells_it_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.view.alerts = [THEFT]
    world.after(0)
    world.memory.mark(world.memory.load().open, "Hira")
    assert world.keeper.round() == []
    (tmp_path / "seen-a.example.json").write_bytes(b"spoilt")
    assert [alert.text for alert in world.keeper.round()] == [THEFT.text]
    assert "What people marked as seen is reported again." in world.after(300)[0]


def fill(file: IO[bytes]) -> None:
    while True:
        file.write(b"x" * 4096)


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """A file system of 64 KB in a folder, full; what is yielded makes room.

    Without the right to mount it is skipped, but not in CI.
    """
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        assert "CI" not in os.environ, f"CI has to try a full disk: {mounted.stderr.decode()}"
        pytest.skip("no right to mount")
    try:
        filling = folder / "filling"
        filling.write_bytes(b"")
        with pytest.raises(OSError, match="No space left"), filling.open("wb", buffering=0) as file:
            fill(file)
        yield filling.unlink
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def through_a_full_disk(world: World, make_room: Callable[[], None]) -> None:
    world.view.alerts = [THEFT]
    assert world.after(0) == [THEFT.text]  # told, although it cannot be kept
    assert world.after(60) == []
    (text,) = world.after(300)
    assert "It looks, but cannot keep what it saw" in text
    assert world.after(60) == []
    make_room()
    assert "works again" in world.after(60)[0]
    assert World(world.plan.folder).memory.load().memory["looks"] == 5  # nothing is forgotten


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as make_room:
        through_a_full_disk(World(tmp_path / "disk"), make_room)


def test_a_disk_that_says_it_is_full(tmp_path: Path) -> None:
    full = [True]

    def write(path: Path, data: bytes) -> None:
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace_private(path, data)

    through_a_full_disk(World(tmp_path, write=write), full.clear)


def test_nothing_but_a_signal_ends_it(tmp_path: Path) -> None:
    """Whatever a round raises, another follows."""
    world, end, rounds = World(tmp_path), threading.Event(), []

    def spoilt(thorough: bool = False) -> list[Alert]:
        rounds.append(thorough)
        if len(rounds) == 3:
            end.set()
        raise RecursionError

    world.keeper.round = spoilt  # type: ignore[method-assign]
    world.keeper.blindness.patience = 0
    end.wait = lambda seconds=None: True  # type: ignore[method-assign, assignment]
    world.keeper.keep_watching(5, end)
    assert len(rounds) == 3
    assert "RecursionError" in world.log.texts()[0]


def keeper(config: Path, log: Hears) -> Keeper:
    opener = Opener(config, log)
    return Keeper(opener.again, opener.first())


def test_a_node_that_is_killed_and_started(tmp_path: Path) -> None:
    log = Hears()
    with running_anvil(tmp_path / "log") as chain:
        office = open_office(deploy_on(chain), tmp_path / "office")
        settings = office.config.read_text() + f'[watch]\ndomains = ["{DOMAIN}"]\nblind_after_seconds = 0\n'
        office.config.write_text(settings)
        watching = keeper(office.config, log)
        assert (watching.round(), log.texts()) == ([], [])
        state = chain.ask("anvil_dumpState")
    assert (watching.round(), len(log.heard)) == ([], 1)
    assert "The registry cannot be asked." in log.texts()[0]
    with running_anvil(tmp_path / "log2") as again:
        again.ask("anvil_loadState", state)
        office.config.write_text(settings.replace(chain.url, again.url))  # settings changed meanwhile are read
        moved = ChainNode(again.name, again.url, 97, _web3(again.url))
        moved.ask("anvil_mine", "0x4", "0x1")
        watching.round()
        assert [text[:25] for text in log.texts()] == ["The watch sees again sinc"]


def test_a_database_that_is_stopped_and_started(embedded_chain: ChainNode, tmp_path: Path) -> None:
    import tempfile

    log, office = Hears(), open_office(deploy_on(embedded_chain), tmp_path / "office")
    with tempfile.TemporaryDirectory() as folder:
        with start_postgres(Path(folder)) as server:
            url = url_of(server, "postgres")
            text = office.config.read_text().replace('data = "data"', f'data = "data"\nrecords = "{url}"')
            office.config.write_text(text + f'[watch]\ndomains = ["{DOMAIN}"]\nblind_after_seconds = 0\n')
            watching = keeper(office.config, log)
            assert (watching.round(), log.texts()) == ([], [])
        watching.round()
        (told,) = log.texts()
        assert "The records cannot be read." in told
        with start_postgres(Path(folder)):
            watching.round()
            assert "sees again" in log.texts()[0]
