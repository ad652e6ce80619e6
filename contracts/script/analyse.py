"""Slither and solhint over the contract: ``make analyse``. Every finding has an answer, or the run fails.

The answers stand in ``contracts/analysis.toml``, one for each finding of slither; one whose finding is gone fails too,
so that nothing is excused in advance. What solhint is not asked about, and why, stands in README.md.
"""

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

CONTRACTS = Path(__file__).resolve().parent.parent
SLITHER = CONTRACTS.parent / ".venv" / "analysis" / "bin" / "slither"
NPM_BIN = CONTRACTS / "node_modules" / ".bin"
_PLACE = re.compile(r" \([^()]*#[0-9-]+\)")


def slither() -> list[str]:
    """What slither finds and analysis.toml does not answer, and the other way round."""
    done = subprocess.run(
        [str(SLITHER), ".", "--json", "-"],
        cwd=CONTRACTS,
        env={**os.environ, "PATH": f"{NPM_BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return [f"slither gave no report:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"]
    if not report["success"]:
        return [f"slither failed: {report['error']}"]
    found = {title(finding) for finding in report["results"].get("detectors", [])}
    answered = answers()
    print(f"slither: {len(found)} findings, {len(found & answered.keys())} of them answered in analysis.toml")
    unanswered = [
        f"slither finds, and analysis.toml does not answer: {each}" for each in sorted(found - answered.keys())
    ]
    gone = [f"analysis.toml answers what slither does not find: {each}" for each in sorted(answered.keys() - found)]
    return unanswered + gone


def title(finding: Mapping[str, str]) -> str:
    """A finding in one line that stays the same when lines move."""
    first = _PLACE.sub("", finding["description"]).splitlines()[0].strip().rstrip(":")
    return f"{finding['check']}: {first}"


def answers() -> dict[str, str]:
    """Each finding that has an answer, and the answer."""
    groups = tomllib.loads((CONTRACTS / "analysis.toml").read_text(encoding="utf-8"))["answer"]
    return {finding: group["why"] for group in groups for finding in group["findings"]}


def solhint() -> list[str]:
    """What solhint warns of."""
    done = subprocess.run(
        [str(NPM_BIN / "solhint"), "--max-warnings", "0", "--noPoster", "--disc", "src/**/*.sol"],
        cwd=CONTRACTS,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"solhint: {'clean' if done.returncode == 0 else 'warns'}")
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


def main() -> int:
    """Run both, print every problem; the exit code."""
    problems: list[str] = []
    checks: tuple[Callable[[], list[str]], ...] = (solhint, slither)
    for check in checks:
        begun = time.monotonic()
        problems += check()
        print(f"  {time.monotonic() - begun:.0f} seconds", flush=True)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
