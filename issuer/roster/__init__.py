"""The class roster: rows of students from a spreadsheet, and everything that is wrong with them at once.

Three layers: cells read from a file (delimited.py and encodings.py for texts, workbook.py for workbooks), columns by
their headings (columns.py), rows checked one by one (row_checks.py, cells.py). Nothing is issued while there is a
problem.
"""

from issuer.roster.model import ReadOptions, Roster, RosterNote, RosterProblem, Row
from issuer.roster.reading import read_roster, roster_from, scan_roster

__all__ = ["ReadOptions", "Roster", "RosterNote", "RosterProblem", "Row", "read_roster", "roster_from", "scan_roster"]
