"""File names that professors recognise: the place in the roster and the student's name."""

import unicodedata
from pathlib import Path

_LONGEST_BYTES = 120


def file_stem(position: int, size: int, name: str) -> str:
    """`001-Ayesha-Khan` for the first of a hundred or more students; letters of every script are kept.

    No two certificates of a batch share a stem, whatever their names.
    """
    digits = max(3, len(str(size)))
    plain = "".join(char if _keeps(char) else " " for char in unicodedata.normalize("NFC", name))
    words = "-".join(plain.split())
    while len(words.encode()) > _LONGEST_BYTES:
        words = words[:-1]
    number = f"{position + 1:0{digits}d}"
    return f"{number}-{words.strip('-')}" if words.strip("-") else number


def free_folder(folder: Path) -> Path:
    """The first of `folder`, `folder-2`, `folder-3` … that is not there."""
    found, number = folder, 1
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _keeps(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
