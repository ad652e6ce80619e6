"""Puts each seeded fault into the verifier's core; a vector must catch it: `make faults`, ARGS="word …" for some.

Words pick the faults whose name has one of them, or whose section of SPEC.md or file is one (`11`, `core/steps`). Ends
with 1 where a fault survives or its text is not in the code any more.
"""

import importlib
import sys
from pathlib import Path

from tests.faults.table import Fault, MisplacedError, faults
from tests.faults.trial import caught_by, copied

SLOW_TO_LOAD = ("cryptography.hazmat.primitives.asymmetric.ed25519", "pyld", "pyoxigraph", "rfc8785")
"""Loaded once, here, for all the processes that are forked."""


def main(words: list[str]) -> int:
    """Try the faults, print what caught each; the exit code."""
    for name in SLOW_TO_LOAD:
        importlib.import_module(name)
    chosen, left = faults(words), 0
    with copied() as folder:
        if (failed := caught_by(None, folder)) is not None:
            print(f"Without any fault the vectors fail already: {failed}")
            return 1
        for fault in chosen:
            outcome, by = _tried(fault, folder)
            print(f"{outcome}: {fault.section} {fault.name}  ({by})", flush=True)
            left += outcome != "caught"
    print(f"{len(chosen) - left} of {len(chosen)} faults are caught by a vector")
    return 1 if left else 0


def _tried(fault: Fault, folder: Path) -> tuple[str, str]:
    try:
        caught = caught_by(fault, folder)
    except MisplacedError as error:
        return "NOT IN THE CODE", str(error)
    return ("caught", caught) if caught else ("SURVIVES", "no vector fails")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
