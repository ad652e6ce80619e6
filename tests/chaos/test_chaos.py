"""A short selection of what `make chaos` does at length, and what one can do about a batch that stopped."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from issuer.records import Records
from tests.chaos.keeping import KEEPING
from tests.chaos.points import SHORT, name_of
from tests.chaos.scenarios import SHORT as SCENARIOS
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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_whatever_the_world_does_a_class_comes_through(world: World, scenario: Callable[[World], None]) -> None:
    scenario(world)


@pytest.mark.parametrize("scenario", KEEPING, ids=lambda scenario: scenario.__name__)
def test_backup_restore_and_rebuild_go_on_after_a_kill(world: World, scenario: Callable[[World], None]) -> None:
    world.kills = 3
    scenario(world)


def test_a_batch_is_given_up_until_its_first_signature(world: World) -> None:
    built, signed = world.trial(), world.trial()
    assert built.issue({"point": "issuer.records:Records.set_built", "when": "after"}).killed
    (batch,) = (one for one in world.batches() if one.out == str(built.out))
    listed = json.loads(built.sanad("batches", "--json").output)[-1]
    assert (listed["state"], listed["type"]) == ("built", f"sanad resume, or sanad cancel {batch.id[:8]}")
    assert listed["since"] >= listed["drafted"]
    assert "its files are made" in " ".join(built.sanad("batches").output.split())

    gone = built.sanad("cancel", batch.id[:8])
    assert (gone.code, "is cancelled. Nothing was issued." in gone.output) == (0, True)
    assert not (world.office.folder / "data" / "batches" / batch.id).exists()
    again = built.sanad("cancel", batch.id)
    assert (again.code, "is cancelled already" in again.errors) == (2, True)
    built.come_through()

    assert signed.issue({"point": "issuer.records.transactions:TransactionRecords.keep", "when": "after"}).killed
    (batch,) = (one for one in world.batches() if one.out == str(signed.out))
    late = signed.sanad("cancel", batch.id[:8])
    assert late.code == 2
    assert "is signed and may be on its way, so it can no longer be cancelled" in late.errors
    assert f"sanad withdraw {world.office.domain} 0x{batch.root.hex()}" in late.errors
    signed.come_through()
    done = signed.sanad("cancel", batch.id[:8])
    assert (done.code, "the registry keeps what is registered" in done.errors) == (2, True)


def test_a_batch_that_somebody_works_on_is_left_alone(world: World) -> None:
    trial = world.trial()
    assert trial.issue({"point": "issuer.records:Records.set_built", "when": "before"}).killed
    (batch,) = (one for one in world.batches() if one.out == str(trial.out))
    with (
        closing(Records(world.office.folder / "data" / "records.sqlite")) as store,
        store.locks.held(f"batch:{batch.id}", 0, "busy"),
    ):
        for words in (["resume"], ["cancel", batch.id]):
            ran = trial.sanad(*words)
            assert ran.code == 3
            assert f"Another run is working on batch {batch.id}" in ran.errors
    trial.come_through()


def test_where_it_stands_is_said_when_a_node_goes_away(world: World) -> None:
    from tests.chain import bad_node
    from tests.chain.bad_node import BadNode

    trial = world.trial()
    asked: list[str] = []

    def away(exchange: bad_node.Exchange) -> None:
        asked.append(exchange.method)
        if asked.count("eth_estimateGas") > 1:  # the first asks what it will cost
            bad_node.hang_up(exchange)

    with BadNode(world.chain.url, away) as node, world.through(node):
        ran = trial.issue()
    assert ran.code == 3
    assert "The node gave no usable answer" in ran.errors
    assert "Nothing is lost: batch" in ran.errors
    assert "is anchoring. Continue with: sanad resume" in ran.errors
    assert "Registering will cost at most 0.0000" in ran.errors
    told = json.loads(trial.sanad("batches", "--json").output)[-1]
    assert told["waits_for"].startswith("The node gave no usable answer")
    assert told["attempts"] == []
    trial.come_through()
