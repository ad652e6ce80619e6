"""One look, and looking again and again, which only a signal ends."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from issuer.errors import IssuerError, StoreError, WatchError
from issuer.watch.alerts import Alert, Place
from issuer.watch.blindness import Blindness
from issuer.watch.memory import Kept, MemoryFile, Seen
from issuer.watch.notifying import Teller
from verifier.core.errors import RegistryUnavailableError, SanadError

_SETTINGS = "settings"


class View(Protocol):
    """What is compared: an institution (institution.py) or a programme (programme.py)."""

    place: Place

    @property
    def name(self) -> str:
        """Whom it is about."""

    def see(self, memory: Mapping[str, Any], clock: float, thorough: bool) -> Seen:
        """Look once."""


@dataclass
class Watch:
    """One institution, or the programme, in one registry, under watch."""

    view: View
    memory: MemoryFile
    tellers: Mapping[str, Teller]
    """The ways of telling, by name."""
    clock: Callable[[], float] = time.time
    options: str = ""
    """What `sanad watch seen` needs to find this watch."""
    problems: dict[str, str] = field(default_factory=dict)
    """What went wrong at the last look beside the looking, `memory` or `seen`, and a sentence."""
    is_first: bool = False
    """Whether nothing was there to compare the last look with: what changes only from then on is noticed."""
    told: dict[str, str | None] = field(default_factory=dict)
    """The ways in which something was to be reported at the last look, each with what went wrong."""

    @property
    def key(self) -> str:
        """What it is recognised by among others."""
        return f"{self.view.place} {self.view.name}"

    def look(self, thorough: bool = False) -> list[Alert]:
        """Look once; tell what is new. Returns everything that nobody has seen, reported before or not.

        Args:
            thorough: look through everything also where nothing new makes it necessary.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
            StoreError, WatchError: the records, the archive or the memory cannot be read.
        """
        self.problems, self.told = {}, {}
        kept = self.memory.load()
        self.is_first = not kept.memory
        found = self.view.see(kept.memory, self.clock(), thorough)
        placed = replace(found, alerts=self._placed(found.alerts), changes=self._placed(found.changes))
        kept = kept.after(placed)
        # What was noticed is kept before it is reported, and that it was reported afterwards: no kill loses an alert.
        self._save(kept)
        wanted = self._unseen(kept)
        told = self._tell(kept, wanted)
        if told != kept:
            self._save(told)
        return wanted

    def _placed(self, alerts: Sequence[Alert]) -> list[Alert]:
        return [replace(each, place=str(self.view.place), options=self.options) for each in alerts]

    def _unseen(self, kept: Kept) -> list[Alert]:
        try:
            seen = self.memory.seen()
        except WatchError as error:
            self.problems["seen"] = str(error)
            seen = {}
        return [each for each in kept.open if each.identity not in seen]

    def _tell(self, kept: Kept, wanted: Sequence[Alert]) -> Kept:
        for way, teller in self.tellers.items():
            fresh = kept.untold(wanted, way)
            if not fresh:
                continue
            self.told[way] = told_by(teller, fresh)
            if self.told[way] is None:
                kept = kept.with_told(fresh, way)
        return kept

    def _save(self, kept: Kept) -> None:
        problem = self.memory.save(kept)
        if problem is not None:
            self.problems["memory"] = problem


def told_by(teller: Teller, alerts: Sequence[Alert]) -> str | None:
    """Tell in one way; a sentence of what went wrong, whatever it was."""
    try:
        return teller.tell(alerts)
    except Exception as error:
        return f"Telling failed ({_described(error)})."


@dataclass(frozen=True)
class Plan:
    """What the settings ask for."""

    watches: Sequence[Watch]
    tellers: Mapping[str, Teller]
    seconds: int
    patience: int
    folder: Path
    """Where the watch keeps its files."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """What could not be found out, by a name, as sentences."""

    @property
    def names(self) -> str:
        """Whom it is about, for people."""
        return ", ".join(sorted({each.view.name for each in self.watches}))


class Keeper:
    """Looks at everything that the settings ask for, whatever goes wrong.

    Args:
        plan: reads the settings; called before each round, so changed settings hold from the next round on.
        first: the plan to begin with.
        clock: Unix seconds.
    """

    def __init__(self, plan: Callable[[Plan], Plan], first: Plan, clock: Callable[[], float] = time.time) -> None:
        self._read, self.plan, self._clock = plan, first, clock
        self.blindness = Blindness(first.folder / "blind.json", first.patience)
        self._news: dict[str, tuple[Alert, set[str]]] = {}

    def round(self, thorough: bool = False) -> list[Alert]:
        """Look at each once. Returns all that is unexplained and that nobody has seen."""
        found: list[Alert] = []
        works: set[str] = set()
        fails: dict[str, tuple[str, str, str]] = {}
        self._replan(works, fails)
        for watch in self.plan.watches:
            found += self._look(watch, thorough, works, fails)
        self.blindness.keep_only({*works, *fails, *self._parts()})
        now = self._clock()
        for key, trouble in fails.items():
            self.blindness.fails(key, *trouble, now)
        for key in works - fails.keys():
            self.blindness.works(key, now)
        self._tell_news(self.blindness.due(now))
        return found

    def keep_watching(self, seconds: int | None, end: threading.Event) -> None:
        """Look again and again, until `end` is set; nothing else ends it."""
        while not end.is_set():
            try:
                self.round()
            except Exception as error:
                with suppress(Exception):
                    self.blindness.fails("round", self.plan.names, _ALL, _described(error), self._clock())
                    self._tell_news(self.blindness.due(self._clock()))
            else:
                self.blindness.works("round", self._clock())
            end.wait(seconds or self.plan.seconds)

    def _parts(self) -> set[str]:
        """The names of all that may not work, by the present plan."""
        watches = {f"{part} {watch.key}" for watch in self.plan.watches for part in (*_PARTS, *_CANNOT)}
        return {*watches, *(f"teller {way}" for way in self.plan.tellers), "round"}

    def _replan(self, works: set[str], fails: dict[str, tuple[str, str, str]]) -> None:
        try:
            self.plan = self._read(self.plan)
            self.blindness.patience = self.plan.patience
        except (IssuerError, SanadError) as error:
            fails[_SETTINGS] = self.plan.names, "The settings as they were before are still used.", str(error)
        except Exception as error:
            fails[_SETTINGS] = self.plan.names, "The settings as they were before are still used.", _described(error)
        else:
            works.add(_SETTINGS)
        for key, why in self.plan.problems.items():
            fails[f"plan {key}"] = self.plan.names, "It is not known whom to watch.", why
        works |= {key for key in self.blindness.now if key.startswith("plan ")} - fails.keys()

    def _look(
        self, watch: Watch, thorough: bool, works: set[str], fails: dict[str, tuple[str, str, str]]
    ) -> list[Alert]:
        name = watch.view.name
        nothing = f"Nothing that happens under {name} is noticed."
        found: list[Alert] = []
        causes = {f"{cause} {watch.key}" for cause in _PARTS}
        try:
            found = watch.look(thorough)
        except RegistryUnavailableError as error:
            fails[f"registry {watch.key}"] = name, f"The registry cannot be asked. {nothing}", str(error)
        except StoreError as error:
            fails[f"records {watch.key}"] = name, f"The records cannot be read. {nothing}", str(error)
        except (IssuerError, SanadError) as error:
            fails[f"archive {watch.key}"] = name, nothing, str(error)
        except Exception as error:
            fails[f"look {watch.key}"] = name, nothing, f"This is a fault of the program: {_described(error)}."
        else:
            works |= causes
        if causes & fails.keys():
            return found
        for problem, what in _CANNOT.items():
            key = f"{problem} {watch.key}"
            if problem in watch.problems:
                fails[key] = name, what, watch.problems[problem]
            else:
                works.add(key)
        for way, why in watch.told.items():
            if why is None:
                works.add(f"teller {way}")
            else:
                fails[f"teller {way}"] = name, f"Alerts do not go out by {way}.", why
        return found

    def _tell_news(self, alerts: Mapping[str, Alert]) -> None:
        """Tell what cannot be seen in every way that works; where one fails, again in the next round."""
        self._news = {**self._news, **{key: (alert, set()) for key, alert in alerts.items()}}
        for way, teller in self.plan.tellers.items():
            fresh = [(alert, ways) for alert, ways in self._news.values() if way not in ways]
            problem = told_by(teller, [alert for alert, _ in fresh]) if fresh else None
            if problem is not None:
                what = f"Alerts do not go out by {way}."
                self.blindness.fails(f"teller {way}", self.plan.names, what, problem, self._clock())
            elif fresh:
                self.blindness.works(f"teller {way}", self._clock())
                for _, ways in fresh:
                    ways.add(way)
        self._news = {key: each for key, each in self._news.items() if each[1] < set(self.plan.tellers)}


_ALL = "Nothing is noticed."
_PARTS = ("registry", "records", "archive", "look")
_CANNOT = {
    "memory": "It looks, but cannot keep what it saw: if it is ended now, it reports everything again.",
    "seen": "What people marked as seen is reported again.",
}


def _described(error: BaseException) -> str:
    """An unexpected error without its text, which may name people: what kind, and where in the program."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def unseen(watches: Sequence[Watch]) -> Iterator[tuple[Watch, Alert, Mapping[str, Any] | None]]:
    """Everything unexplained at the last looks, with who has seen it and when, if anybody.

    Raises:
        WatchError: the memory cannot be read.
    """
    for watch in watches:
        marks = watch.memory.seen()
        for alert in watch.memory.load().open:
            yield watch, alert, marks.get(alert.identity)
