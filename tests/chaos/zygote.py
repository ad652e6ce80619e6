"""Runs `sanad` commands in children that may be killed at a chosen instruction.

    python -m tests.chaos.zygote

A line of JSON in, one out. Everything is imported once and each child is forked from here, so that a trial costs
what its work costs. What kills is a trace or a wrapper in the child; the code that is tested knows nothing of it.
"""

import contextlib
import importlib
import itertools
import json
import os
import resource
import signal
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.chaos.steps import Steps

ROOT = Path(__file__).resolve().parents[2]
_OURS = str(ROOT / "issuer")
_BEFOREHAND = (
    *(
        "deploy.cli",
        "issuer.commands.issue",
        "issuer.commands.batches",
        "issuer.batches.overview",
        "issuer.office.issuing",
    ),
    *(
        "issuer.registry.writer",
        "issuer.records.upgrading",
        "issuer.office.class_report",
        "issuer.commands.class_tables",
    ),
    *(
        "issuer.batches.judging",
        "issuer.mail.sending",
        "issuer.mail.tally",
        "issuer.commands.terminal",
        "issuer.commands.custody",
        "issuer.commands.rebuild",
        "verifier.chain.registry",
    ),
    *("verifier.chain.panel", "eth_account", "rich.console", "rich.table", "sqlalchemy.dialects.sqlite", "psycopg"),
)


def main() -> None:
    """Serve until standard input ends."""
    for name in _BEFOREHAND:
        importlib.import_module(name)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(asked)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        print(json.dumps({"killed": killed, "code": None if killed else os.WEXITSTATUS(status)}), flush=True)


def _run(asked: dict[str, Any]) -> None:
    """One command, in the child; never returns."""
    code = 70
    try:
        os.chdir(asked["folder"])
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(asked.get("environment", {}))
        lines: list[tuple[str, int]] = []
        steps = _arm(asked.get("kill"), lines)
        if "largest_file" in asked:
            resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest_file"],) * 2)
        if "clock" in asked:
            _shift_clock(asked["clock"])
        from deploy.cli import main as sanad

        try:
            sanad(asked["words"])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        sys.settrace(None)
        if steps is not None and asked.get("steps"):
            Path(asked["steps"]).write_text(str(steps.count))
        if asked.get("lines"):
            Path(asked["lines"]).write_text(json.dumps(sorted(set(lines))))
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def _arm(kill: dict[str, Any] | None, lines: list[tuple[str, int]]) -> Steps | None:
    if kill is None:
        return None
    if "step" in kill:
        return Steps(kill["step"], _die)
    if "point" in kill:
        _wrap(kill["point"], kill["when"], kill.get("nth", 1))
    else:
        wanted = kill.get("line")
        _trace(lines, None if wanted is None else (str(ROOT / wanted[0]), wanted[1]))
    return None


def _shift_clock(seconds: float) -> None:
    """The wall clock jumps forth and back by so many seconds, at every second look."""
    import datetime as dt

    looks = itertools.count()
    real_time, real = time.time, dt.datetime

    class Jumping(real):  # type: ignore[misc,valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real.now(tz) + dt.timedelta(seconds=seconds * (next(looks) % 2))

    time.time = lambda: real_time() + seconds * (next(looks) % 2)
    for name in (
        "issuer.batches.issuing",
        "issuer.records.trail",
        "issuer.credential.identity",
        "issuer.batches.anchoring",
    ):
        sys.modules[name].datetime = Jumping  # type: ignore[attr-defined]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(point: str, when: str, nth: int) -> None:
    """Kill before or after the nth call of `module:name` or `module:Class.method`."""
    module, path = point.split(":")
    holder: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        holder = getattr(holder, parent)
    inner: Callable[..., Any] = getattr(holder, name)
    left = [nth]

    def around(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == "before":
            _die()
        answer = inner(*arguments, **named)
        if left[0] == 0:
            _die()
        return answer

    setattr(holder, name, around)


def _trace(lines: list[tuple[str, int]], wanted: tuple[str, int] | None) -> None:
    """Note every line of the issuer that runs, or kill where the wanted one is about to."""
    seen: set[tuple[str, int]] = set()

    def local(frame: types.FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            place = (frame.f_code.co_filename, frame.f_lineno)
            if place == wanted:
                _die()
            if wanted is None and place not in seen:
                seen.add(place)
                lines.append((str(Path(place[0]).relative_to(ROOT)), place[1]))
        return local

    def start(frame: types.FrameType, _event: str, _argument: object) -> Any:
        file = frame.f_code.co_filename
        return local if file.startswith(_OURS) and (wanted is None or file == wanted[0]) else None

    sys.settrace(start)


if __name__ == "__main__":
    main()
