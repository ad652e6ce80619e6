"""Fault injection, long: `make chaos`, or `python -m tests.chaos [--random 200] [--seed N] [--only WORD] [--kills N]`.

Prints each fault and what became of it, and at the end how many were tried and survived.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.chaos.keeping import KEEPING
from tests.chaos.points import BY_CHANCE, POINTS, name_of, point_of
from tests.chaos.scenarios import SCENARIOS
from tests.chaos.world import World, open_world

Fault = tuple[str, Callable[[World], bool | None]]
"""Its name, and what injects it; that returns False where the moment did not come."""


def survive(world: World, kill: dict[str, Any]) -> bool:
    """Issue a class, killed at a point, and come through; whether the point was reached."""
    trial = world.trial()
    reached = trial.issue(kill).killed
    trial.come_through()
    assert reached or "line" in kill or point_of(kill) in BY_CHANCE, "the point was not reached: name it anew"
    return reached


def lines_of(world: World, folder: Path) -> list[tuple[str, int]]:
    """Every line of the issuer that a class's issuing runs through."""
    trial = world.trial()
    assert trial.issue({}, lines=str(folder / "lines")).code == 0, trial.runs
    trial.come_through()
    return [tuple(place) for place in json.loads((folder / "lines").read_text())]


def faults(world: World, folder: Path, count: int, seed: int) -> Iterator[Fault]:
    """All of them, in order."""
    for kill in POINTS:
        yield name_of(kill), lambda world, kill=kill: survive(world, kill)  # type: ignore[misc]
    lines = lines_of(world, folder)
    print(f"{len(lines)} lines of the issuer run while a class is issued; {count} of them by chance, seed {seed}")
    for file, line in random.Random(seed).choices(lines, k=count):
        kill = {"line": [file, line]}
        yield name_of(kill), lambda world, kill=kill: survive(world, kill)  # type: ignore[misc]
    yield from ((scenario.__doc__ or scenario.__name__, scenario) for scenario in (*SCENARIOS, *KEEPING))


def main() -> int:
    """Try them; 1 where one was not survived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default="")
    parser.add_argument("--kills", type=int, help="of backup, restore and rebuild; by default at every step")
    wishes = parser.parse_args()
    tried = survived = missed = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, open_world(Path(folder)) as world:
        world.kills = wishes.kills
        for name, fault in faults(world, Path(folder), wishes.random, wishes.seed):
            if wishes.only not in name:
                continue
            tried += 1
            start = time.monotonic()
            try:
                came = fault(world) is not False
                survived, missed = survived + 1, missed + (not came)
                told = "survived" if came else "issued whole: the moment did not come"
            except Exception:
                told = f"NOT SURVIVED\n{traceback.format_exc()}"
                world.expected = world.record()["batches"]
            print(f"{time.monotonic() - start:6.1f} s  {name}: {told}", flush=True)
    print(f"{tried} faults tried, {survived} survived ({missed} of them had no moment to strike in this run)")
    print(f"{time.monotonic() - began:.0f} s, seed {wishes.seed}")
    return 0 if survived == tried else 1


if __name__ == "__main__":
    sys.exit(main())
