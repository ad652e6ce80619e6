"""An institution's status lists, compared with the registry when something changed, else every hour."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from issuer.publishing.status_comparing import Difference, compared, files
from issuer.publishing.status_lists import Asked
from issuer.records import Records, open_existing
from issuer.records.place import RecordsPlace
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import sha256

_HOUR = 3600
_PAUSE_SECONDS = 2.0
"""An act publishes a moment after the registry has it: what is wrong only meanwhile is not wrong."""


@dataclass
class Lists:
    """Compares the lists of one institution.

    Args:
        domain: the institution's.
        registry: asked at a final block.
        records: where the records are.
        archive: where the lists are.
        keys: reads the multikeys whose signature is the institution's.
        pause: sleeps between two comparisons, in seconds.
    """

    domain: str
    registry: Asked
    records: RecordsPlace
    archive: FolderArchive
    keys: Callable[[], Collection[str]]
    pause: Callable[[float], None] = time.sleep

    def look(
        self, before: Mapping[str, Any] | None, state: str, clock: float, thorough: bool
    ) -> tuple[list[Difference], dict[str, Any]]:
        """What is wrong, and what is kept for the next look.

        Args:
            before: what the last look kept.
            state: what the registry showed of the institution; while it and the files stay the same, nothing is asked.
            clock: Unix seconds.
            thorough: ask in any case.

        Raises:
            RegistryUnavailableError, StoreError: it cannot be compared.
        """
        mark = sha256(f"{state} {files(self.domain, self.archive)}".encode()).hex()
        kept = before or {}
        if not thorough and kept.get("mark") == mark and not kept.get("wrong") and clock - kept.get("at", 0) < _HOUR:
            return [], dict(kept)
        found = self._compare()
        if found:
            self.pause(_PAUSE_SECONDS)
            again = {each.about for each in self._compare()}
            found = [each for each in found if each.about in again]
        return found, {"mark": mark, "at": int(clock), "wrong": bool(found)}

    def _compare(self) -> list[Difference]:
        self.registry.refresh()
        store = open_existing(self.records)
        if store is None:
            return self._wrong(None)
        with closing(store):
            return self._wrong(store)

    def _wrong(self, store: Records | None) -> list[Difference]:
        found = compared(self.domain, self.registry, store, self.archive, self.keys())
        return [each.difference for each in found if each.difference is not None]
