"""Rosters to read: files of any format from the same rows of cells."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from issuer.errors import RosterErrors
from issuer.roster import ReadOptions, Roster, read_roster

PLAIN = ReadOptions()


def write(folder: Path, content: str | bytes, name: str = "roster.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def problems(file: Path, options: ReadOptions = PLAIN) -> list[tuple[Any, ...]]:
    with pytest.raises(RosterErrors) as caught:
        read_roster(file, options=options)
    return [(each.row, each.column, each.value, each.advice) for each in caught.value.problems]


def whole(file: Path, options: ReadOptions = PLAIN) -> str:
    """The one sentence about a file as a whole."""
    ((row, column, value, advice),) = problems(file, options)
    assert (row, column, value) == (None, None, None)
    return str(advice)


def names(roster: Roster) -> list[str]:
    return [row.name for row in roster.rows]


def book(rows: Sequence[Sequence[Any]], title: str = "Class") -> Workbook:
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    return made


def xlsx(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def many(students: int) -> list[list[str]]:
    """A class as large as the programme, in the sample's columns; nobody twice."""
    header = ["Student Number", "Name", "Father's Name", "CNIC", "Grade", "Credits", "Hours", "Email"]
    spelled = str.maketrans("0123456789", "aeioulmnrs")
    urdu = str.maketrans("0123456789", "ابتجحدرسعف")
    body = [
        [
            f"DU-{n}",
            f"فاطمہ {str(n).translate(urdu)}" if n % 3 == 0 else f"Ayesha {str(n).translate(spelled).capitalize()}",
            "Tariq Mehmood Siddiqui",
            f"35202-{n:07}-{n % 10}",
            "A-",
            "3",
            "48",
            f"student.{n}@students.darya-university.example",
        ]
        for n in range(students)
    ]
    return [header, *body]
