"""Every step that reaches the disk or the database, counted; a process is killed before the one that is wanted."""

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

_ON_DISK = ("open", "mkdir", "rename", "replace", "link", "unlink", "rmdir", "fsync", "pwrite")


class Steps:
    """Counts them in this process from now on.

    Args:
        at: is called before the step of that number, from 1; None: never.
        strike: ends the process.
    """

    def __init__(self, at: int | None, strike: Callable[[], None]) -> None:
        self.count = 0
        self._at, self._strike = at, strike
        for name in _ON_DISK:
            setattr(os, name, self._counted(getattr(os, name)))
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._step)
        event.listen(Engine, "rollback", self._step)

    def _counted(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._step()
            return inner(*arguments, **named)

        return call

    def _statement(self, *_: Any) -> None:
        self._step()

    def _step(self, *_: Any) -> None:
        self.count += 1
        if self.count == self._at:
            self._strike()
