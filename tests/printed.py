"""Commands as a page of docs/ prints them: its shell blocks, and a shell that runs one."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.sources import ROOT

_BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block of a page: what is typed (`sh`), or what is printed (`text`) or written (`toml`)."""

    kind: str
    place: str
    """The second word of its fence: where it is typed; mostly none."""
    text: str


def page(name: str) -> str:
    """A page of docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The blocks of a page, or of a part of it, in order."""
    return [Block(kind, place, inside) for kind, place, inside in _BLOCK.findall(text)]


def sections(text: str) -> dict[str, str]:
    """The parts of a page by their headings of the second level."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def outside(text: str) -> str:
    """A page without its blocks."""
    return _BLOCK.sub("", text)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Of somebody who has installed Sanad and set nothing."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"HOME": str(home), "LANG": "C.UTF-8", "PATH": path, **more}


def typed(
    commands: str, folder: Path, given: Mapping[str, str], stdin: int | None = None
) -> "subprocess.CompletedProcess[str]":
    """Type commands into a shell that ends at the first one that fails; output and errors come as one."""
    shell = ["bash", "-eu", "-o", "pipefail", "-c", commands]
    return subprocess.run(
        shell,
        cwd=folder,
        env=dict(given),
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )
