"""What was seen and reported before, in small files of the data folder; without them everything is reported again.

    watch/<chain>-<registry>/watch-<domain>.json    what one institution looked like, what was noticed, who was told
    watch/<chain>-<registry>/seen-<domain>.json     what people have marked as seen
    watch/<chain>-<registry>/programme.json         the same of the programme

A full disk keeps none of it. Then this process remembers, and writes when it can.
"""

import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from issuer.disk.private_files import private_folder, replace_private
from issuer.errors import WatchError
from issuer.text import utc_now
from issuer.watch.alerts import Alert, Kind, from_kept
from issuer.watch.changes import Fact, is_settled
from verifier.core.canonical import parse
from verifier.core.errors import JsonError
from verifier.plain_file import read_plain

FORMAT = 2
_BYTES = 100_000_000
_FORGET_SECONDS = 90 * 24 * 3600
_EVERY_WAY = "*"
"""Earlier versions noted one moment for all ways of telling."""


@dataclass(frozen=True)
class Seen:
    """What one look found."""

    alerts: list[Alert]
    """What is not explained now."""
    changes: list[Alert]
    """What changed since the last look and is not explained: kept until it is, or until somebody has seen it."""
    memory: Mapping[str, Any]
    """What the next look compares with."""
    acts: Collection[Fact] = ()
    """What our own acts left behind: it explains changes that were noticed before."""


@dataclass(frozen=True)
class Kept:
    """Of one institution: what was seen, what is still unexplained, and when each alert was told in which way."""

    memory: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Alert, ...] = ()
    told: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By `Alert.identity`, then by the way of telling."""
    open: tuple[Alert, ...] = ()
    """Everything that was not explained at the last look, seen by people or not."""

    def after(self, seen: Seen) -> "Kept":
        """The same after a look."""
        noticed = [*self.changes, *seen.changes]
        facts = seen.memory.get("facts", {})
        left = {each.identity: each for each in noticed if not is_settled(each.fact, each.value, facts, seen.acts)}
        return replace(self, memory=seen.memory, changes=tuple(left.values()), open=(*seen.alerts, *left.values()))

    def untold(self, alerts: Iterable[Alert], way: str) -> list[Alert]:
        """Those that were not told in a way while they stayed the same."""
        return [each for each in alerts if not self.told.get(each.identity, {}).keys() & {way, _EVERY_WAY}]

    def with_told(self, alerts: Iterable[Alert], way: str) -> "Kept":
        """The same, with these noted as told in a way now."""
        now, told = time.time(), {name: dict(ways) for name, ways in self.told.items()}
        for alert in alerts:
            told.setdefault(alert.identity, {})[way] = now
        open_ = {each.identity for each in self.open}
        fresh = {
            name: ways
            for name, ways in told.items()
            if name in open_ or now - max(ways.values(), default=0) < _FORGET_SECONDS
        }
        return replace(self, told=fresh)


class MemoryFile:
    """The files of one institution, or of the programme; each is written whole or not at all.

    Args:
        folder: of the registry.
        name: `watch-<domain>` or `programme`.
        earlier: the file of an earlier version, whose folder was named by the registry's address alone; None where it
            may be of another registry.
        write: how a file is written; a test may hand in a disk that is full.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        earlier: Path | None = None,
        write: Callable[[Path, bytes], None] = replace_private,
    ) -> None:
        self.path = folder / f"{name}.json"
        self._seen_path = folder / f"seen-{name.removeprefix('watch-')}.json"
        self._earlier, self._write = earlier, write
        self._unwritten: Kept | None = None

    def load(self) -> Kept:
        """What is kept; empty where nothing is yet. A damaged file is moved aside, and an alert says so.

        Raises:
            WatchError: it cannot be read now.
        """
        if self._unwritten is not None:
            return self._unwritten
        try:
            return _kept(parse(read_plain(self.path), _BYTES))
        except FileNotFoundError:
            return self._from_earlier()
        except OSError as error:
            raise WatchError(f"{self.path} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError, JsonError):
            return Kept(changes=(self._damaged(self.path),))

    def save(self, kept: Kept) -> str | None:
        """Keep it; a sentence where that cannot be written. Then this process remembers it."""
        data = {
            "format": FORMAT,
            "memory": kept.memory,
            "changes": [each.kept() for each in kept.changes],
            "told": kept.told,
            "open": [each.kept() for each in kept.open],
        }
        problem = self._put(self.path, data)
        self._unwritten = kept if problem is not None else None
        if problem is None and self._earlier is not None:
            with suppress(OSError):
                self._earlier.unlink(missing_ok=True)
                self._earlier.parent.rmdir()
            self._earlier = None
        return problem

    def seen(self) -> dict[str, dict[str, Any]]:
        """What people have marked as seen, by `Alert.identity`: who, when, and the alert.

        Raises:
            WatchError: the file cannot be read, or is damaged.
        """
        try:
            data: Any = parse(read_plain(self._seen_path), _BYTES)
            return {str(name): {**each, "who": str(each["who"]), "at": str(each["at"])} for name, each in data.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, JsonError):
            raise WatchError(
                f"{self._seen_path} cannot be read. Move it away, then mark again what was seen."
            ) from None

    def mark(self, alerts: Iterable[Alert], who: str) -> None:
        """Note that somebody has seen these alerts.

        Raises:
            WatchError: the file cannot be read or written.
        """
        marks = {each.identity: {"who": who, "at": utc_now(), "id": each.id, "alert": each.kept()} for each in alerts}
        self._put_seen({**self.seen(), **marks})

    def unmark(self, alerts: Iterable[Alert]) -> None:
        """Take the mark back; errors as `mark`."""
        gone = {each.identity for each in alerts}
        self._put_seen({name: each for name, each in self.seen().items() if name not in gone})

    def _put_seen(self, data: Mapping[str, Any]) -> None:
        if (problem := self._put(self._seen_path, data)) is not None:
            raise WatchError(problem)

    def _put(self, path: Path, data: Mapping[str, Any]) -> str | None:
        try:
            private_folder(path.parent)
            self._write(path, json.dumps(data, indent=1, ensure_ascii=False).encode())
        except OSError as error:
            return f"{path} cannot be written: {error.strerror}."
        return None

    def _damaged(self, path: Path) -> Alert:
        """Move a damaged file aside, and say so."""
        at = time.time_ns()
        aside = path.with_name(f"{path.name}.damaged-{at}")
        try:
            path.replace(aside)
            done = f"It was moved to {aside}"
        except OSError as error:
            done = f"It cannot be moved away ({error.strerror})"
        text = (
            f"What the watch remembered in {path} is damaged. {done}, and the watch starts again: changes of roles and "
            "keys since the last look are not noticed. Compare them with sanad registry show and sanad registry keys."
        )
        return Alert(Kind.MEMORY, self.path.stem.removeprefix("watch-"), text, about=f"damaged {at}")

    def _from_earlier(self) -> Kept:
        if self._earlier is None:
            return Kept()
        try:
            data = parse(read_plain(self._earlier), _BYTES)
            return _of_version_1(data)
        except FileNotFoundError:
            return Kept()
        except OSError as error:
            raise WatchError(f"{self._earlier} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError, JsonError):
            return Kept(changes=(self._damaged(self._earlier),))


def _kept(data: Any) -> Kept:
    if data["format"] != FORMAT:
        raise ValueError("another version")
    told = {str(name): {str(way): float(at) for way, at in ways.items()} for name, ways in data["told"].items()}
    changes, open_ = (tuple(map(from_kept, data[name])) for name in ("changes", "open"))
    return Kept(dict(data["memory"]), changes, told, open_)


def _of_version_1(data: Any) -> Kept:
    """What an earlier version kept; it knew of the keys in the records alone."""
    old, facts = data["memory"], dict(data["memory"]["roles"])
    for address, key in old["keys"].items():
        facts[f"key {address} authorised"] = bool(key["authorised"])
        facts[f"key {address} distrusted"] = int(key["distrustedSince"])
    facts |= {f"batch {root} withdrawn": True for root in old["withdrawn"]}
    memory = {"facts": facts, "explained_at": old["explained_at"], "partial": True}
    return Kept(memory, told={str(name): {_EVERY_WAY: float(at)} for name, at in data["told"].items()})
