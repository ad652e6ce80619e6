from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.doubles import MAINNET
from tests.scenes import Scenes
from verifier.commands import verify as cli

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def shared_scenes() -> Scenes:
    return Scenes(MAINNET)


@pytest.fixture
def scenes(shared_scenes: Scenes) -> Scenes:
    """Read only: tests that change the world build their own."""
    return shared_scenes


@pytest.fixture
def folder(scenes: Scenes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scenes' files on disk, in the current folder."""
    for name, data in scenes.files.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(scenes: Scenes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`sanad verify` over the scenes' registry and archive."""
    monkeypatch.setattr(cli, "_open", lambda config, ask_domains: scenes.verifier)
    return lambda *arguments: CliRunner().invoke(cli.verify, arguments)
