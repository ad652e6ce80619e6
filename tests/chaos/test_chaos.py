"""A short selection of what `make chaos` does at length."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.points import SHORT, name_of
from tests.chaos.world import World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("chaos")) as opened:
        yield opened


@pytest.mark.parametrize("kill", SHORT, ids=name_of)
def test_killed_anywhere_a_class_comes_through(world: World, kill: dict[str, Any]) -> None:
    trial = world.trial()
    assert trial.issue(kill).killed
    trial.come_through()
