"""A list is signed only when as many nodes as must agree have what was just done."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from issuer.office import status_lists as after
from issuer.records import StatusPlace
from verifier.archive_folder import FolderArchive

DOMAIN, HASH, ROOT = "university.example", b"\1" * 32, b"\2" * 32


class Lagging:
    """A registry whose nodes arrive at block 7 after a while, and know of the revocation one look later."""

    def __init__(self) -> None:
        self.looks = 0

    def refresh(self) -> None:
        self.looks += 1

    def block_number(self) -> int:
        return 7 if self.looks > 2 else 5

    def batch(self, *_: Any) -> dict[str, Any]:
        return {"signer": "0x" + "00" * 20, "adopted": False}

    def revocations(self, *_: Any) -> list[Any]:
        return [object() if self.looks > 3 else None]


@pytest.mark.parametrize(
    ("expected", "block", "looks"), [((), 0, 1), ((), 7, 3), ((HASH,), 0, 4), ((HASH,), 7, 4), ((b"\3" * 32,), 5, 1)]
)
def test_nodes_that_lag_are_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, expected: tuple[bytes, ...], block: int, looks: int
) -> None:
    monkeypatch.setattr(after.time, "sleep", lambda _: None)
    registry = Lagging()
    places = [StatusPlace("0" * 32, "https://verify.example", 0, HASH, 0, ROOT)]
    store = SimpleNamespace(
        status_lists=SimpleNamespace(places=lambda *_: [each for each in places if each.hash in _[1]])
    )
    after._wait(registry, store, FolderArchive(tmp_path), [DOMAIN], expected, block)  # type: ignore[arg-type]
    assert registry.looks == looks


def test_nodes_that_never_arrive_are_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    now = iter(range(0, 1000, 2))
    monkeypatch.setattr(after.time, "sleep", lambda _: None)
    monkeypatch.setattr(after.time, "monotonic", lambda: float(next(now)))
    registry = Lagging()
    after._wait(registry, None, FolderArchive(tmp_path), [DOMAIN], (), 99)  # type: ignore[arg-type]
    assert registry.looks < 12
