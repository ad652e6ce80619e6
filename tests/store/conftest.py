"""The same records on both databases."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from issuer.records import Records, RecordsPlace
from issuer.records.place import in_folder
from tests.postgres import postgres

__all__ = ["place", "postgres", "store"]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> RecordsPlace:
    if request.param == "sqlite":
        return in_folder(tmp_path)
    fresh: Callable[[], RecordsPlace] = request.getfixturevalue("postgres")
    return fresh()


@pytest.fixture
def store(place: RecordsPlace) -> Iterator[Records]:
    with closing(Records(place)) as opened:
        yield opened
