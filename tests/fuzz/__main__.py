"""Mutated files and odd answers in two processes: `make fuzz`, with ARGS="--seed N --files N --answers N --second N".

The same seed gives the same cases, whatever the number of processes; `--only files 123` runs one of them again.
Ends with 1 where a certificate was falsely valid, an exception was not the verifier's own, a case took too long, or
the second verifier disagreed.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from functools import partial

from tests.fuzz.running import KINDS, Tally, run
from tests.fuzz.second import compare

CHUNK = 2_500
"""Cases handed to a process at a time."""


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=1_000_000, help="mutated files, lying archives, pasted texts")
    parser.add_argument("--answers", type=int, default=100_000, help="odd answers of registries")
    parser.add_argument("--second", type=int, default=0, help="mutated files that the second verifier judges too")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs=2, metavar=("KIND", "NUMBER"), help="run one case again: files 123")
    return parser.parse_args(words)


def _chunks(count: int) -> Iterator[range]:
    return (range(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK))


def _run_all(kind: str, seed: int, count: int, processes: int) -> Tally:
    job = partial(compare, seed) if kind == "second" else partial(run, kind, seed)
    whole = Tally()
    if processes == 1:
        for part in map(job, _chunks(count)):
            whole.add(part)
        return whole
    with multiprocessing.Pool(processes) as pool:
        for part in pool.imap_unordered(job, _chunks(count)):
            whole.add(part)
    return whole


def _told(kind: str, count: int, tally: Tally, seconds: float) -> str:
    faults = tally.outcomes["fault"]
    counted = ", ".join(f"{number:,} {name}" for name, number in tally.outcomes.most_common() if name != "fault")
    return f"{count:,} {kind} in {seconds:,.0f} seconds: {faults:,} faults ({counted})"


def main(words: list[str]) -> int:
    """Run what is asked for, print a summary of each kind and every fault kept; the exit code."""
    asked = _arguments(words)
    counts = {"files": asked.files, "answers": asked.answers, "second": asked.second}
    if asked.only:
        kind, number = asked.only[0], int(asked.only[1])
        tally = compare(asked.seed, [number]) if kind == "second" else run(kind, asked.seed, [number])
        print(tally.faults[0] if tally.faults else f"{kind} {number}: {next(iter(tally.outcomes))}")
        return 1 if tally.faults else 0
    failed = False
    for kind in (*KINDS, "second"):
        if not counts[kind]:
            continue
        began = time.monotonic()
        tally = _run_all(kind, asked.seed, counts[kind], asked.processes)
        print(_told(kind, counts[kind], tally, time.monotonic() - began), flush=True)
        for fault in tally.faults:
            print(f"  {fault}")
        failed = failed or bool(tally.outcomes["fault"])
    told = "Faults were found" if failed else "No false valid, no foreign exception"
    print(f"{told} (seed {asked.seed}).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
