"""The seeded faults, as their tables list them."""

import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TABLES = sorted(Path(__file__).parent.glob("*.toml"))


class Fault(NamedTuple):
    """In `verifier/<file>.py`, the text `right`, which is there once, becomes `wrong`."""

    name: str
    section: str
    """Of SPEC.md: the rule that is broken."""
    file: str
    right: str
    wrong: str


class MisplacedError(Exception):
    """A fault whose text is not in its file exactly once: the table is behind the code."""


def faults(words: list[str] | None = None) -> list[Fault]:
    """The faults of all tables; with words, those whose name has one of them, or whose section or file is one."""
    found = []
    for path in TABLES:
        for heading, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            section, file = heading.split()
            found += [Fault(name, section, file, right, wrong) for name, (right, wrong) in entries.items()]
    return [fault for fault in found if not words or any(_fits(fault, word) for word in words)]


def _fits(fault: Fault, word: str) -> bool:
    return word in fault.name or word in (fault.section, fault.file)


def source_of(fault: Fault) -> Path:
    """The file that the fault is for, in the project."""
    return ROOT / "verifier" / f"{fault.file}.py"


def faulty(fault: Fault, source: str) -> str:
    """The source with the fault in it.

    Raises:
        MisplacedError: its text is not there exactly once.
    """
    count = source.count(fault.right)
    if count != 1:
        raise MisplacedError(f"its text is {count} times in verifier/{fault.file}.py")
    return source.replace(fault.right, fault.wrong)
