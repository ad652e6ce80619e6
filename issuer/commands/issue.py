"""The commands for issuing: `issue` and `preview`.

No logic here: issuer/office does the work.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issuer.commands.class_tables import print_report
from issuer.commands.ending import MAIL, finish, letters, opened_issuer, reporting_problems, say_if_open
from issuer.commands.looking import GO_ON, look_first, look_if_possible
from issuer.commands.roster_options import read_options, roster_options
from issuer.course.course import load_course
from issuer.errors import AlreadyIssuedError
from issuer.office import previewing
from issuer.office.class_report import as_registered, examine
from issuer.office.leftovers import sweep
from issuer.office.office import open_office
from issuer.office.records_place import place_of
from issuer.roster import scan_roster
from verifier.commands.opening import CONFIG, FILE, JSON

if TYPE_CHECKING:
    from issuer.office.class_report import ClassReport


@click.command()
@click.argument("roster", type=FILE)
@click.option("--course", type=FILE, required=True, help="The course description (course.toml).")
@click.option("--out", type=FILE, default=Path("certificates"), help="Folder for the files. [./certificates]")
@click.option("--check", is_flag=True, help="Only check roster and course; issue nothing.")
@click.option(
    "--again",
    multiple=True,
    metavar="ROW|NAME",
    help="A student who has it already and gets it again, by the row's number or the name. Repeatable.",
)
@MAIL
@GO_ON
@roster_options
@CONFIG
@JSON
def issue(
    roster: Path,
    course: Path,
    out: Path,
    check: bool,
    again: tuple[str, ...],
    mail: bool,
    yes: bool,
    config: Path | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Issue certificates to a class: one transaction, a sealed PDF and a .json file for each student.

    The roster is CSV or XLSX. Students who have this course's certificate already are listed and left out, so a
    roster that has grown may be given again, also while another run issues it: nobody gets two. Nothing is issued while
    any row has a problem.

    \b
    Exit codes: 0 issued, all valid, or everybody had it already; 1 a certificate is not valid; 2 it could not be
    done, or --check found problems; 3 begun: continue with `sanad resume`. With --mail, letters that were not
    sent count too, as for `sanad mail send`.
    """
    with reporting_problems(as_json):
        mailing = letters(config, mail)
        say_if_open(out)

        described = load_course(course)
        for warning in described.warnings:
            click.echo(f"Warning: {warning}", err=True)
        report = examine(described, roster, read_options(**reading), again, config)
        if check:
            report = look_if_possible(config, described.institution.domain, report)
        if check or report.found.problems:
            _tell(report, check, as_json)
        opened, domain = open_office(config), described.institution.domain
        looked = look_first(opened, domain, yes, asks=bool(report.found.to_issue))
        sweep(place_of(config))
        report = as_registered(report, opened, domain)
        _tell(report, check, as_json)
        with opened_issuer(config, as_json, looked, opened) as (office, issuer):
            while True:
                had = {each.row.number: each.issued.again + 1 for each in report.found.again}
                try:
                    batch = issuer.issue(
                        course, report.found.to_issue, out, office.settings.origin, frozenset(had), had
                    )
                    break
                except AlreadyIssuedError:
                    if had:  # or they would be issued yet again
                        raise
                    click.echo("Another run was faster; what is left for this one:", err=True)
                report = examine(described, roster, read_options(**reading), again, config)
                _tell(as_registered(report, opened, domain), check, as_json)
            finish(office, issuer, [batch], as_json, looked, report.data(), mailing)


@click.command()
@click.argument("roster", type=FILE)
@click.option("--course", type=FILE, required=True, help="The course description (course.toml).")
@click.option("--row", type=int, help="The row in the spreadsheet, the header being row 1.")
@click.option("--name", help="Or a part of the student's name. Without either: the first student.")
@click.option("--pictures", type=FILE, help="Also draw the course's card and badge, into this folder.")
@click.option("--design", help="Another design than the course's: formal, modern or bilingual.")
@click.option("--out", type=FILE, default=Path("preview.pdf"), help="The file to write. [./preview.pdf]")
@roster_options
def preview(
    roster: Path,
    course: Path,
    row: int | None,
    name: str | None,
    design: str | None,
    out: Path,
    pictures: Path | None,
    **reading: Any,
) -> None:
    """Draw a specimen of one student's sheet. It needs no keys and no chain, and is not a certificate.

    With --pictures also the course's card, which chats show of a link, and its badge for wallets.

    \b
    Exit codes: 0 drawn; 2 it could not be done.
    """
    with reporting_problems(as_json=False, nothing="Nothing was drawn."):
        described = load_course(course)
        read = scan_roster(roster, described, read_options(**reading))
        for note in read.notes:
            click.echo(f"Note: {note}", err=True)
        chosen = previewing.chosen_row(read, row, name)
        click.echo(f"Row {chosen.number}, {chosen.name}: {previewing.preview(described, chosen, out, design)}")
        for path in previewing.preview_pictures(described, pictures) if pictures else ():
            click.echo(f"The course's {path.stem}: {path}")


def _tell(report: "ClassReport", check: bool, as_json: bool) -> None:
    """Say what will happen to each row; end here where nothing is to be issued."""
    ending = report.ending(check)
    if not as_json:
        print_report(report, every_row=check)
        click.echo(" ".join([report.summary(), *([] if ending is None else [ending.sentence])]))
    elif ending is not None:
        click.echo(json.dumps({**report.data(), "certificates": []}, ensure_ascii=False, indent=1))
    if ending is not None:
        sys.exit(ending.exit_code)
