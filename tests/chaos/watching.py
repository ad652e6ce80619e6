"""The watch, killed at a chosen instruction: no alert is forgotten, and none is told more than twice."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from eth_account import Account

from deploy.registry_contract import authorise
from tests.chain_fixtures import Deployed
from tests.chaos.world import Zygote
from verifier.core.hashes import institution_id

POINTS: tuple[dict[str, Any], ...] = tuple(
    {"point": point, "nth": nth, "when": when}
    for point, nth in (
        ("issuer.watch.memory:MemoryFile.save", 1),
        ("issuer.watch.notifying:Log.tell", 1),
        ("issuer.watch.notifying:Webhook.tell", 1),
        ("issuer.watch.memory:MemoryFile.save", 2),
        ("issuer.disk.private_files:replace_private", 1),
        ("issuer.watch.institution:look", 1),
    )
    for when in ("before", "after")
)
BY_CHANCE = 40
"""How many lines the long run kills at."""
SHORT: tuple[dict[str, Any], ...] = (POINTS[1], POINTS[5], POINTS[6])


@dataclass
class Hook:
    """Where alerts are posted."""

    url: str
    alerts: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook that takes everything."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.alerts.extend(json.loads(body)["alerts"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        heard = Hook(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield heard
        server.shutdown()


@dataclass
class Killing:
    """A watch that is killed again and again while keys are stolen."""

    deployed: Deployed
    domain: str
    config: Path
    zygote: Zygote
    hook: Hook
    _runs: int = 0

    def watch(self, kill: dict[str, Any] | None = None, **more: Any) -> bool:
        """`sanad watch --once`; whether it was killed."""
        self._runs += 1
        folder = self.config.parent
        files = {name: str(folder / f"watch-{self._runs}.{name}") for name in ("stdout", "stderr")}
        words = ["watch", "--once", "--config", str(self.config)]
        ended = self.zygote.run(words=words, folder=str(folder), kill=kill, **files, **more)
        assert ended["killed"] or ended["code"] in (0, 1), Path(files["stderr"]).read_text()
        return bool(ended["killed"])

    def lines(self) -> list[tuple[str, int]]:
        """Every line of the issuer that a look runs through which finds a theft."""
        self.watch()
        self.steal()
        found = self.config.with_suffix(".lines")
        assert not self.watch({}, lines=str(found))
        return [tuple(place) for place in json.loads(found.read_text())]

    def steal(self) -> str:
        """A key that the admin's stolen key authorised, and a batch of it."""
        thief, chain = Account.create(), self.deployed.chain
        chain.fund(thief.address)
        authorise(self.deployed.sender(self.deployed.admin), self.deployed.address, self.domain, thief.address)
        root = random.randbytes(32)
        self.deployed.writer(thief).issue(institution_id(self.domain), root, 3)
        return str(thief.address)

    def survive(self, kills: Sequence[dict[str, Any]]) -> int:
        """Steal, kill, look again: for each; how many struck."""
        struck = 0
        for kill in kills:
            address = self.steal()
            struck += self.watch(kill)
            self.watch()
            mine = [alert for alert in self.hook.alerts if address in alert["text"]]
            told = Counter(alert["id"] for alert in mine)
            assert sorted({alert["kind"] for alert in mine}) == ["batch", "key"], (kill, mine)
            assert set(told.values()) <= {1, 2}, (kill, told)
        before = len(self.hook.alerts)
        self.watch()
        assert len(self.hook.alerts) == before, "what was told is told again"
        return struck


def settings(text: str, hook_: Hook, domain: str, records: str | None = None) -> str:
    """A sanad.toml for it."""
    if records is not None:
        text = text.replace('data = "data"', f'data = "killed"\nrecords = "{records}"')
    return text + f'\n[watch]\ndomains = ["{domain}"]\nwebhook = "{hook_.url}"\n'
