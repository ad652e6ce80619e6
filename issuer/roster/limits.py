"""The limits of a roster's size. They stop hostile files; honest files never reach them."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True)
class RosterLimits:
    """The limits, with their units."""

    file_bytes: int = 64 * _MIB
    """A roster file on the disk."""
    unpacked_bytes: int = 256 * _MIB
    """All parts of a workbook together, unpacked."""
    part_bytes: int = 16 * _MIB
    """One XML part that is neither a sheet nor the strings; such parts are held in memory whole."""
    parts: int = 2_000
    """Files inside a workbook."""
    students: int = 200_000
    """Rows that are not empty."""
    columns: int = 200
    """Cells of one row."""
    shown_characters: int = 200
    """Characters of a value that a problem shows."""
    title_rows: int = 20
    """Rows that are searched for the header."""


LIMITS = RosterLimits()
