"""A specimen of any student's sheet, without keys and without a chain; nobody can take it for a certificate."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from issuer.course.course import Course
from issuer.course.sheet_wording import sheet_fields, sheet_wording
from issuer.credential.credential import draft_credential
from issuer.credential.identity import DraftIdentity
from issuer.disk.private_files import private_folder, write_private
from issuer.errors import DiskError, PreviewError, RosterErrors
from issuer.pictures.course_pictures import course_pictures
from issuer.roster import Roster, Row
from issuer.sheet.errors import SheetError
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from verifier.archive_folder import BADGE, CARD

_NOWHERE = "00000000-0000-4000-8000-000000000000"
_NOBODY = DraftIdentity(_NOWHERE, _NOWHERE, "0" * 32, 0, "0" * 32, datetime(2026, 1, 1, tzinfo=UTC))
_NO_HASH = bytes(32)
"""No certificate has it, so its link and its code lead nowhere."""


def preview(course: Course, row: Row, out: Path, design: str | None = None) -> Path:
    """Draw the specimen of one row into the file `out`; it shows today's date where the roster has none.

    Raises:
        PreviewError: there is no such design, or the sheet cannot be drawn.
        DiskError: the file cannot be written.
    """
    if design is not None and design not in DESIGN_NAMES:
        raise PreviewError(f"There is no design {design!r}. The designs are {', '.join(DESIGN_NAMES)}.")
    today = replace(_NOBODY, drafted=datetime.now(UTC).replace(microsecond=0))
    wording = replace(sheet_wording(course), specimen=True)
    try:
        template = SheetTemplate(wording if design is None else replace(wording, design=design))
    except SheetError as error:
        raise PreviewError(f"The course description: {error}.") from None
    try:
        credential = draft_credential(course, row, today)
        sheet = template.draw(sheet_fields(course, credential, _NO_HASH, today.drafted))
    except SheetError as error:
        raise PreviewError(f"Row {row.number}: {error}.") from None
    try:
        write_private(out, sheet)
    except OSError as error:
        raise DiskError(f"{out} cannot be written: {error.strerror or error}.") from None
    return out


def preview_pictures(course: Course, folder: Path) -> list[Path]:
    """Write the course's card and badge into a folder.

    Raises:
        PreviewError: they cannot be drawn.
        DiskError: they cannot be written.
    """
    try:
        pictures = course_pictures(course)
    except SheetError as error:
        raise PreviewError(f"The pictures of the course: {error}.") from None
    drawn = {folder / CARD: pictures.card, folder / BADGE: pictures.badge}
    try:
        private_folder(folder)
        for path, data in drawn.items():
            write_private(path, data)
    except OSError as error:
        raise DiskError(f"{folder} cannot be written: {error.strerror or error}.") from None
    return list(drawn)


def chosen_row(roster: Roster, number: int | None, name: str | None) -> Row:
    """The row of that number in the spreadsheet, or the first whose name holds `name`; else the first of all.

    Other rows may have problems.

    Raises:
        RosterErrors: the problems of the chosen row, or all where no row is sound.
        PreviewError: there is no such row.
    """
    for row in roster.rows:
        if (number is None or row.number == number) and (name is None or name.casefold() in row.name.casefold()):
            return row
    problems = [one for one in roster.problems if not roster.rows or (number is not None and one.row == number)]
    if problems:
        raise RosterErrors(problems)
    wanted = f"row {number}" if number is not None else f"student called {name!r}"
    raise PreviewError(
        f"The roster has no {wanted}; its rows go from {roster.rows[0].number} to {roster.rows[-1].number}."
    )
