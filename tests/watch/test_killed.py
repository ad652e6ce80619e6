"""A short selection of what `make chaos` does at length: the watch is killed while it looks and tells."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from issuer.records import Records, RecordsPlace
from tests.chain_fixtures import ChainNode, deploy_on
from tests.chaos.watching import SHORT, Killing, hook, settings
from tests.chaos.world import Zygote
from tests.journey.office import open_office
from tests.postgres import postgres as postgres


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_forgotten_and_nothing_told_more_than_twice(
    database: str, zygote: Zygote, embedded_chain: ChainNode, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    deployed = deploy_on(embedded_chain)
    office = open_office(deployed, tmp_path / "office")
    records = None
    if database == "postgresql":
        fresh: Callable[[], RecordsPlace] = request.getfixturevalue("postgres")
        place = fresh()
        Records(place).close()
        records = place.url.render_as_string(hide_password=False)
    with hook() as heard:
        office.config.write_text(settings(office.config.read_text(), heard, office.domain, records))
        killing = Killing(deployed, office.domain, office.config, zygote, heard)
        killing.watch()
        kills = SHORT if database == "sqlite" else SHORT[1:2]
        assert killing.survive(kills) == len(kills)
