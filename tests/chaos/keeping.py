"""Backup, kill, restore, rebuild: what is killed at any step goes on when it is typed again, and nothing differs."""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import inspect, select

from issuer.records import RecordsPlace
from issuer.records.database import Database
from issuer.records.place import RESTORING, by_url, in_folder
from issuer.records.tables import attempts, batches, certificates, deliveries, marks, status_lists, transactions
from tests.chaos.world import Trial, World
from tests.postgres import start_postgres, url_of

_TABLES = (batches, certificates, status_lists, transactions, attempts, deliveries, marks)
_DIFFERS = {"out", "since", "closed", "begun", "made", "number", "erased"}
"""Moments, numbers of the database's own, and where a place is."""
NewDatabase = Callable[[], RecordsPlace]


@dataclass
class Place:
    """Where something is restored or rebuilt."""

    world: World
    name: str
    database: NewDatabase | None = None
    records: RecordsPlace = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        text = (self.world.office.folder / "sanad.toml").read_text()
        text = text.replace('data = "data"', f'data = "{self.name}/data"')
        text = text.replace('archive = "archive"', f'archive = "{self.name}/archive"')
        self.records = in_folder(self.data) if self.database is None else self.database()
        if self.records.file is None:
            text += f'records = "{self.records.url.render_as_string(hide_password=False)}"\n'
        (self.world.office.folder / f"{self.name}.toml").write_text(text)

    @property
    def folder(self) -> Path:
        return self.world.office.folder / self.name

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @contextmanager
    def used(self) -> Iterator[None]:
        """The world's commands use it meanwhile."""
        before = self.world.config_name, self.world.records
        self.world.config_name, self.world.records = f"{self.name}.toml", self.records
        try:
            yield
        finally:
            self.world.config_name, self.world.records = before

    def files(self) -> dict[str, bytes]:
        """Every file but the records' own."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.relative_to(self.data.parent).as_posix().startswith("data/records.sqlite")
            and path.suffix != ".lock"
        }  # fmt: skip

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, but for what differs from place to place; none where there are no records."""
        if not self.records.exists:
            return {}
        found = {}
        with closing(Database(self.records)) as database, database.reading() as connection:
            there = inspect(connection).get_table_names()
            for table in (each for each in _TABLES if each.name in there):
                rows = connection.execute(select(table)).mappings()
                found[table.name] = sorted(
                    str(sorted((name, value) for name, value in row.items() if name not in _DIFFERS)) for row in rows
                )
        return found

    def holds(self) -> int:
        """How many certificates the records hold."""
        return len(self.rows().get("certificates", ()))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def restore_killed(world: World) -> None:
    """a restore is killed at every step"""
    with _databases() as database:
        trial, backup = world.trial(), world.office.folder / "copy.tar"
        backup.unlink(missing_ok=True)
        assert trial.issue().code == 0, trial.runs
        trial.check()
        assert trial.sanad("erase", _one_of(trial), "--yes").code == 0, trial.runs
        assert trial.sanad("backup", str(backup)).code == 0, trial.runs
        for kind in (None, database):
            _kill_loop(world, trial, kind, ("restore", str(backup)), lambda _place: None, _nothing_half_restored)


def rebuild_killed(world: World) -> None:
    """a rebuild of the records is killed at every step"""

    def lost(place: Place) -> None:
        shutil.copytree(world.office.folder / "archive", place.folder / "archive")

    with _databases() as database:
        trial = world.trial()
        assert trial.issue().code == 0, trial.runs
        trial.check()
        words = ("rebuild", "--from", str(trial.out), "--from", str(world.office.folder / "data"))
        for kind in (None, database):
            _kill_loop(world, trial, kind, words, lost)


def archive_rebuild_killed(world: World) -> None:
    """a rebuild of the archive is killed at every step"""

    def lost(place: Place) -> None:
        shutil.copytree(world.office.folder / "data", place.folder / "data")

    trial = world.trial()
    assert trial.issue().code == 0, trial.runs
    trial.check()
    _kill_loop(world, trial, None, ("rebuild", "--archive", "--from", str(world.office.folder)), lost)


def backup_killed(world: World) -> None:
    """a backup is killed at every step"""
    trial, target = world.trial(), world.office.folder / "killed.tar"
    assert trial.issue().code == 0, trial.runs
    trial.check()
    target.unlink(missing_ok=True)
    for step in _steps(world, _count(world, trial, ("backup", str(target)))):
        target.unlink(missing_ok=True)
        ran = trial.sanad("backup", str(target), kill={"step": step})
        if not target.exists():
            assert ran.killed, ran
            assert trial.sanad("backup", str(target)).code == 0, trial.runs[-1]
        assert not target.with_name(f".{target.name}.part").exists()
        place = Place(world, f"from-killed-{trial.number}-{step}")
        with place.used():
            assert trial.sanad("restore", str(target)).code == 0, trial.runs[-1]
        place.remove()


def _kill_loop(
    world: World,
    trial: Trial,
    database: NewDatabase | None,
    words: Sequence[str],
    prepare: Callable[[Place], None],
    look: Callable[[Trial, Place, Place], None] = lambda _trial, _place, _whole: None,
) -> None:
    """Kill a command at its steps; typed again, it ends as if it had not been killed."""
    kind = "sqlite" if database is None else "postgresql"
    whole = Place(world, f"whole-{words[0]}-{kind}-{trial.number}", database)
    prepare(whole)
    with whole.used():
        count = _count(world, trial, words)
        assert trial.runs[-1].code in (0, 1), trial.runs[-1]
    code, expected = trial.runs[-1].code, (whole.rows(), whole.files())
    for step in _steps(world, count):
        place = Place(world, f"killed-{words[0]}-{kind}-{trial.number}-{step}", database)
        prepare(place)
        with place.used():
            killed = trial.sanad(*words, kill={"step": step})
            assert killed.killed or killed.code == code, killed
            look(trial, place, whole)
            again = trial.sanad(*words)
            occupied = not killed.killed or (again.code == 2 and place.holds() == whole.holds())  # it had just ended
            assert again.code == code or occupied, (step, killed, again)
        rows, files = place.rows(), place.files()
        assert rows == expected[0], (step, rows, expected[0])
        assert _named(files, place) == _named(expected[1], whole), (step, sorted(set(files) ^ set(expected[1])))
        place.remove()
    print(f"  {words[0]}, {kind}: {count} steps, {len(_steps(world, count))} kills", flush=True)
    whole.remove()


def _nothing_half_restored(trial: Trial, place: Place, whole: Place) -> None:
    """After the kill the place is empty, or whole, or every other command says that a restore is not finished."""
    listed = trial.sanad("batches", "--json")
    if (place.data / RESTORING).exists():
        assert listed.code == 2, listed
        assert "A restore was begun and not finished. Type: sanad restore " in listed.errors
        return
    assert place.holds() in (0, whole.holds()), listed
    if place.holds() == 0:
        assert not place.files(), listed


def _count(world: World, trial: Trial, words: Sequence[str]) -> int:
    file = world.office.folder / "steps"
    trial.sanad(*words, kill={"step": None}, steps=str(file))
    return int(file.read_text())


def _steps(world: World, count: int) -> list[int]:
    """The steps before which it is killed: all of them, or as many as the world has time for."""
    every = range(1, count + 1)
    if world.kills is None or world.kills >= count:
        return list(every)
    return sorted(random.Random(count).sample(every, world.kills))


def _named(files: dict[str, bytes], place: Place) -> dict[str, bytes]:
    return {name: data.replace(str(place.folder).encode(), b"") for name, data in files.items()}


def _one_of(trial: Trial) -> str:
    return str(sorted(trial.out.glob("*.pdf"))[0])


@contextmanager
def _databases() -> Iterator[NewDatabase]:
    """Makes new databases on a server of its own."""
    with tempfile.TemporaryDirectory() as folder, start_postgres(Path(folder)) as server:
        numbers: list[Any] = []

        def fresh() -> RecordsPlace:
            name = f"place_{len(numbers)}"
            numbers.append(name)
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            return by_url(url_of(server, name))

        yield fresh


KEEPING: tuple[Callable[[World], None], ...] = (backup_killed, restore_killed, rebuild_killed, archive_rebuild_killed)
