"""Reports of how the work goes."""

from collections.abc import Callable
from dataclasses import dataclass


def _ignore(_sentence: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Progress:
    """Reports how the work goes: the stage's name and size, each step of it, and sentences for people."""

    stage: Callable[[str, int], None]
    step: Callable[[int], None]
    say: Callable[[str], None] = _ignore


SILENT = Progress(lambda _name, _total: None, lambda _count: None)
