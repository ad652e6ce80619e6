"""The same mutated files through the verifier that was written from SPEC.md alone: both must answer alike."""

import base64
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from tests.fuzz.mutations import mutated
from tests.fuzz.running import Bench, Tally, bench
from tests.vectors.verdicts import default_answers
from verifier.core.errors import OtherCredentialError, SeveralCredentialsError, UnreadableError

SERVER = Path(__file__).parent.parent / "second_verifier" / "serve.mjs"
KEPT = 200
"""Disagreements told one by one."""
OTHERS = "unknown"
"""What the second verifier says of somebody else's credential, which gets no verdict here."""


def compare(seed: int, numbers: Iterable[int]) -> Tally:
    """Judge the files with these numbers twice; a fault for each that is judged differently.

    Raises:
        RuntimeError: the second verifier did not answer every file.
    """
    tally, files = Tally(), list(_files(seed, numbers))
    theirs = _second(data for _, _, data in files)
    for (number, ways, data), second in zip(files, theirs, strict=True):
        first = _first(data)
        tally.outcomes["agreed" if first == second else "fault"] += 1
        if first != second and len(tally.faults) < KEPT:
            tally.faults.append(f"second {number}: {ways}: {first} here, {second} there")
    return tally


def _files(seed: int, numbers: Iterable[int]) -> Iterator[tuple[int, str, bytes]]:
    for number in numbers:
        data, ways = mutated(Random(f"{seed} second {number}"), bench().world)
        yield number, ways, data


def _first(data: bytes) -> str:
    try:
        return bench().honest.check_file(data).outcome.value
    except OtherCredentialError:
        return OTHERS
    except SeveralCredentialsError:
        return "several"
    except UnreadableError:
        return "unreadable"


def _second(files: Iterable[bytes]) -> list[str]:
    lines = [json.dumps(_setting(bench())), *(base64.b64encode(data).decode() for data in files)]
    text = "\n".join(lines) + "\n"
    done = subprocess.run(["node", str(SERVER)], input=text, capture_output=True, text=True, check=False)
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(lines) - 1:
        raise RuntimeError(f"The second verifier ended early: {done.stderr[-500:]}")
    return answers


def _setting(ours: Bench) -> dict[str, object]:
    world = ours.world
    return {"registries": [world.registry()], "archive": world.archive(), "answers": default_answers()}
