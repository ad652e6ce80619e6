"""Who was erased: by the marks of a backup, and by those that outlived it in the place that it is restored into."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import IO

from issuer.batches.filenames import file_stem
from issuer.custody.marks import KnownMarks
from issuer.custody.rows import read_line
from verifier.archive_folder import MARKS, Mark
from verifier.core.hashes import from_hex, is_hex

_HEX = 64
Member = tuple[str, IO[bytes]]
"""Of a backup: its name, and its content."""


@dataclass
class ErasedSince:
    """What of a backup does not come back."""

    known: KnownMarks
    places: dict[tuple[str, int], str] = field(default_factory=dict)
    """By batch and position: the day."""
    _stems: set[tuple[str, str]] = field(default_factory=set)

    def leaves_out(self, name: str, content: IO[bytes]) -> bool:
        """Whether a file of the backup is of somebody who was erased."""
        if not self.known.marks:
            return False
        root, *parts = PurePosixPath(name).parts
        if root == "certificates" and len(parts) == 2:
            return (parts[0], parts[1].partition(".")[0]) in self._stems
        kind = parts[0] if root == "archive" and parts else ""
        if kind in ("envelopes", "replacements") and self._is_erased(PurePosixPath(name).stem):
            return True
        if kind in ("replacements", "educators"):
            text = content.read().decode("ascii", "replace").strip()
            content.seek(0)
            return self._is_erased(text)
        return False

    def note(self, batch: str, position: int, size: int, student: str, hash_: bytes) -> None:
        """Look at one certificate of the backup's records."""
        if (day := self.known.erased(hash_)) is not None:
            self.places[batch, position] = day
            self._stems.add((batch, file_stem(position, size, student)))

    def _is_erased(self, text: str) -> bool:
        hex_ = text if is_hex(text) else f"0x{text}"
        return len(hex_) == _HEX + 2 and is_hex(hex_) and self.known.is_erased(from_hex(hex_))


def erased_since(members: Iterable[Member], outlived: Iterable[Mark], again: Iterable[Member]) -> ErasedSince:
    """Read the marks of a backup, and its records by them.

    Args:
        members: of the backup.
        outlived: marks of the place that it is restored into.
        again: its members again, which are read where there is any mark.
    """
    found = ErasedSince(KnownMarks({*outlived, *_marks(members)}))
    sizes: dict[str, int] = {}
    for name, content in again if found.known.marks else ():
        if name == "records/batches.jsonl":
            sizes = {row["id"]: row["size"] for row in map(read_line, content)}
        elif name == "records/certificates.jsonl":
            for row in map(read_line, content):
                if row["hash"] is not None:
                    student = json.loads(row["row"])["name"]
                    found.note(row["batch"], row["position"], sizes[row["batch"]], student, row["hash"])
    return found


def _marks(members: Iterable[Member]) -> Iterator[Mark]:
    for name, content in members:
        parts = PurePosixPath(name).parts
        if name == "records/marks.jsonl":
            yield from (Mark(row["kind"], row["mark"], row["day"]) for row in map(read_line, content))
        elif parts[:1] == ("archive",) and len(parts) == 4 and parts[1] in MARKS and is_hex(f"0x{parts[3]}"):
            with suppress(ValueError):  # what is no day is no mark
                day = date.fromisoformat(content.read().decode("ascii", "replace").strip())
                yield Mark(parts[1], bytes.fromhex(parts[3]), day.isoformat())
