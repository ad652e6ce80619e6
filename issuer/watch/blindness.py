"""What the watch cannot see, and since when: reported when it lasts, again every hour, and when it is over.

Kept in a small file, so that a watch that a timer starts again and again reports it no more often; a disk that takes
nothing does not keep it from being reported.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from issuer.disk.private_files import private_folder, replace_private
from issuer.text import moment
from issuer.watch.alerts import Alert, Kind
from verifier.core.canonical import parse
from verifier.core.errors import JsonError
from verifier.plain_file import read_plain

AGAIN_SECONDS = 3600
_EYES = ("registry", "records", "archive", "look", "round", "plan")
"""What is needed to see: the first words of what does not work (watching.py)."""
_BYTES = 10_000_000


@dataclass(frozen=True)
class Trouble:
    """One thing that does not work."""

    domain: str
    what: str
    """A sentence: what is not noticed or not reported meanwhile."""
    why: str
    since: float
    told: float | None = None
    """When it was reported last."""


class Blindness:
    """What does not work now.

    Args:
        path: where it is kept.
        patience: how many seconds it must last before it is reported.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.path, self.patience = path, patience
        self._troubles: dict[str, Trouble] = self._load()
        self._over: dict[str, tuple[Trouble, float]] = {}

    @property
    def now(self) -> Mapping[str, Trouble]:
        """What does not work."""
        return self._troubles

    @property
    def blind(self) -> bool:
        """Whether there is something that cannot be seen."""
        return any(map(_is_blind, self._troubles))

    def keep_only(self, keys: Collection[str]) -> None:
        """Forget what is not watched any more, and ways of telling that are not used any more."""
        self._troubles = {key: each for key, each in self._troubles.items() if key in keys}

    def fails(self, key: str, domain: str, what: str, why: str, clock: float) -> None:
        """Note that something does not work."""
        self._over.pop(key, None)
        known = self._troubles.get(key) or Trouble(domain, what, why, clock)
        self._troubles[key] = replace(known, what=what, why=why)

    def works(self, key: str, clock: float) -> None:
        """Note that it works."""
        trouble = self._troubles.pop(key, None)
        if trouble is not None and trouble.told is not None:
            self._over[key] = trouble, clock

    def due(self, clock: float) -> dict[str, Alert]:
        """What is to be reported now, by what does or did not work; each is noted as reported."""
        alerts = {key: _again(key, trouble, over) for key, (trouble, over) in self._over.items()}
        self._over = {}
        for key, trouble in self._troubles.items():
            lasting = clock - trouble.since >= self.patience
            if lasting and (trouble.told is None or clock - trouble.told >= AGAIN_SECONDS):
                alerts[key] = _alert(key, trouble)
                self._troubles[key] = replace(trouble, told=clock)
        self._save()
        return alerts

    def _load(self) -> dict[str, Trouble]:
        try:
            data: Any = parse(read_plain(self.path), _BYTES)
            return {str(key): Trouble(**each) for key, each in data.items()}
        except (OSError, TypeError, AttributeError, JsonError):
            return {}  # at worst it is reported again

    def _save(self) -> None:
        try:
            if self._troubles or self.path.exists():
                private_folder(self.path.parent)
                data = {key: asdict(each) for key, each in self._troubles.items()}
                replace_private(self.path, json.dumps(data, indent=1, ensure_ascii=False).encode())
        except OSError:
            pass  # this process remembers it; the memory's own file reports the disk


def _is_blind(key: str) -> bool:
    """Whether nothing is seen while this does not work; else something else is wrong."""
    return key.partition(" ")[0] in _EYES


def _alert(key: str, trouble: Trouble) -> Alert:
    state = "sees nothing" if _is_blind(key) else "does not work as it should"
    text = f"The watch {state}. Since {moment(int(trouble.since))}: {trouble.what} {trouble.why}"
    return Alert(Kind.BLIND, trouble.domain, text, about="blind")


def _again(key: str, trouble: Trouble, clock: float) -> Alert:
    state = "sees" if _is_blind(key) else "works"
    now = "What happened meanwhile is compared now, and reported where it is not explained." if _is_blind(key) else ""
    text = (
        f"The watch {state} again since {moment(int(clock))}. It did not since {moment(int(trouble.since))}: "
        f"{trouble.what} {now}"
    ).rstrip()
    return Alert(Kind.BLIND, trouble.domain, text, about="sees again")
