"""What was seen and reported before, in one small file of the data folder; without it everything is reported again."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from issuer.disk.private_files import private_folder, replace_private
from issuer.errors import WatchError
from issuer.watch.alerts import Alert, Memory
from verifier.plain_file import read_plain

_FORGET_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class Kept:
    """Of one institution: what was seen, and when each alert was reported, by `identity`."""

    memory: Memory = field(default_factory=Memory)
    told: dict[str, float] = field(default_factory=dict)

    def unreported(self, alerts: Iterable[Alert]) -> list[Alert]:
        """Those that have not been reported while they stayed the same."""
        return [alert for alert in alerts if identity(alert) not in self.told]

    def with_reported(self, alerts: Iterable[Alert]) -> "Kept":
        """The same, with these noted as reported now."""
        now = time.time()
        old = {name: at for name, at in self.told.items() if now - at < _FORGET_SECONDS}
        return replace(self, told={**old, **{identity(alert): now for alert in alerts}})


def identity(alert: Alert) -> str:
    """What an alert is recognised by."""
    return f"{alert.kind}: {alert.about}"


class MemoryFile:
    """The file, one for each institution; written whole or not at all."""

    def __init__(self, folder: Path, domain: str) -> None:
        self._path = folder / f"watch-{domain}.json"

    def load(self) -> Kept:
        """What is kept; empty where nothing is yet.

        Raises:
            WatchError: the file is not what was written there.
        """
        try:
            data = json.loads(read_plain(self._path))
            return Kept(Memory(**data["memory"]), {str(name): float(at) for name, at in data["told"].items()})
        except FileNotFoundError:
            return Kept()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise WatchError(f"{self._path} is damaged: move it away, and the watch starts again.") from None

    def save(self, kept: Kept) -> None:
        """Keep it.

        Raises:
            WatchError: the folder cannot be written.
        """
        try:
            private_folder(self._path.parent)
            replace_private(self._path, json.dumps(asdict(kept), indent=1).encode())
        except OSError as error:
            raise WatchError(f"{self._path} cannot be written: {error.strerror}.") from None
