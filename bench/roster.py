"""Reading 80,000 rows, as CSV and as a workbook, beside nothing but taking the file apart: `python bench/roster.py`."""

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

from issuer.roster import read_roster

ROWS = 80_000
SECONDS = {"CSV": 3.0, "XLSX": 20.0}
"""Of one core: what a professor is made to wait at most, on a machine that does nothing else."""
HEADER = ["Student Number", "Name", "Father's Name", "CNIC", "Grade", "Credits", "Hours", "Email"]


def main() -> int:
    """Measure both and print them; 1 if one takes too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        slow = [
            _measure("CSV", folder / "class.csv", _bare_csv),
            _measure("XLSX", folder / "class.xlsx", _bare_workbook),
        ]
    return int(any(slow))


def _measure(kind: str, path: Path, bare: Callable[[Path], int]) -> bool:
    least, ours = _seconds(lambda: bare(path)), _seconds(lambda: len(read_roster(path).rows))
    print(f"{kind:<5} {ROWS:,} rows: {ours:5.2f} s, {ours / least:4.1f} times taking the file apart ({least:.2f} s)")
    return ours > SECONDS[kind]


def _seconds(work: Callable[[], int]) -> float:
    started = time.process_time()
    assert work() >= ROWS
    return time.process_time() - started


def _write(folder: Path) -> None:
    rows = [_row(number) for number in range(ROWS)]
    with (folder / "class.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    book = Workbook(write_only=True)
    page = book.create_sheet("Class")
    for row in [HEADER, *rows]:
        page.append(row)
    book.save(folder / "class.xlsx")


def _row(number: int) -> list[str]:
    name = f"فاطمہ نور {number}" if number % 3 == 0 else f"Ayesha Siddiqui {number}"
    cnic = f"61101-{number:07d}-2"
    return [f"DU-{number:06d}", name, "Tariq Mehmood", cnic, "A-", "3", "48", f"s{number}@students.example.edu"]


def _bare_csv(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _bare_workbook(path: Path) -> int:
    page = load_workbook(path, read_only=True).worksheets[0]
    return sum(1 for _ in page.iter_rows(values_only=True))


if __name__ == "__main__":
    sys.exit(main())
