"""`sanad report`: the figures of a programme or a university.

No logic here: issuer/office/figures.py counts, figures_tables.py and figures_pdf.py there lay out.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from issuer.commands.csv_output import csv_text
from issuer.commands.ending import reporting_problems
from issuer.disk.writing import write_whole, writing_to
from issuer.office.figures import Figures, figures_of
from issuer.office.figures_courses import Courses
from issuer.office.figures_files import BatchFiles
from issuer.office.figures_pdf import figures_pdf
from issuer.office.figures_tables import CSV_COLUMNS, EXPLAINED, FiguresTable, csv_rows, figures_data, tables
from issuer.office.office import Office, open_office
from issuer.office.records_place import place_in
from issuer.office.targets import Reached, reached, read_targets, strangers
from verifier.commands.opening import CONFIG, FILE, JSON
from verifier.core.errors import RegistryUnavailableError

_WIDE = 500
"""Columns where no terminal says how many there are."""

_LEFT_OUT = (
    "Note: only the universities that you named are counted, so the targets of the whole programme and of other "
    "universities are left out."
)


@click.command()
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@click.option("--archive", "archives", multiple=True, type=FILE, help="Another archive's folder. Repeatable.")
@click.option("--targets", "targets_file", type=FILE, help="A list of targets, CSV or XLSX.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheet programs.")
@click.option("--pdf", type=FILE, help="Write the report as a PDF besides.")
@click.option("--registry", "which", metavar="ADDRESS|NETWORK", help="Which of several, also one that is retired.")
@CONFIG
@JSON
def report(
    domains: tuple[str, ...],
    archives: tuple[Path, ...],
    targets_file: Path | None,
    as_csv: bool,
    pdf: Path | None,
    which: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Count what is proved: certificates by university, course, term and month, and educators, against targets.

    For every institution of the registry, or for each DOMAIN. A certificate is proved by a genuine batch file in the
    archive of sanad.toml or in one that --archive names. What signers only claim is a column of its own. The course is
    known where the records or the certificates' envelopes are here. No personal data is shown.

    \b
    Exit codes: 0 done; 2 not possible; 3 something could not be asked or read: it is shown as ? and is no zero.
    """
    if as_csv and as_json:
        raise click.UsageError("Say either --json or --csv.")
    with reporting_problems(as_json, "Nothing was counted."):
        targets = [] if targets_file is None else read_targets(targets_file)
        try:
            figures = _figures(open_office(config, which=which), archives, domains)
        except RegistryUnavailableError as error:
            click.echo(f"Nothing was counted: the registry could not be asked. {error}", err=True)
            sys.exit(3)
        found = reached(targets, figures)
        for sentence in strangers(targets, figures):
            click.echo(f"Note: of {targets_file}, {sentence}", err=True)
        if len(found) < len(targets):
            click.echo(_LEFT_OUT, err=True)
        if pdf is not None:
            with writing_to(pdf):
                write_whole(pdf, figures_pdf(figures, found), lambda part: part.open("xb"))
    if figures.strange:
        files = "1 batch file here is" if figures.strange == 1 else f"{figures.strange:,} batch files here are"
        click.echo(f"Note: {files} not on record in this registry, and not counted.", err=True)
    if as_json:
        click.echo(json.dumps(figures_data(figures, found), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(csv_text(CSV_COLUMNS, csv_rows(figures)), nl=False)
    else:
        _print(figures, found)
    _end(figures)


def _figures(office: Office, archives: Sequence[Path], domains: Sequence[str]) -> Figures:
    place = place_in(office)
    own = [place.archive] if place.archive is not None and _is_there(place.archive) else []
    folders = list(dict.fromkeys([*own, *archives]))
    files = BatchFiles(folders, domains)
    for sentence in files.damaged:
        click.echo(f"Note: {sentence}", err=True)
    with office.records() as store:
        figures = figures_of(office.registry, files, Courses(folders, store, place.data), domains)
    if not folders and place.archive is not None and any(each.unseen != 0 for each in figures.universities):
        figures.troubles.append(
            f"There is no archive {place.archive}. Name those of the universities: --archive FOLDER"
        )
    return figures


def _is_there(folder: Path) -> bool:
    """Whether a folder is there, readable or not: a programme need not have an archive of its own."""
    try:
        return folder.exists()
    except OSError:
        return True


def _print(figures: Figures, targets: Sequence[Reached]) -> None:
    info = figures.registry
    click.echo(f"{info.programme}: registry {info.address} on {info.network}, as of {figures.as_of}")
    if info.test:
        click.echo("Test network: this registry is for trials. It proves nothing.")
    if not figures.universities:
        click.echo("No university is accredited in this registry yet.")
    for table in tables(figures, targets):
        click.echo(f"\n{table.title}")
        _print_table(table)
    click.echo("")
    for sentence in EXPLAINED:
        click.echo(sentence)


def _print_table(table: FiguresTable) -> None:
    made = Table(box=None, pad_edge=False)
    for at, heading in enumerate(table.headings):
        least = max(map(len, [*heading.split(), *(row[at] for row in table.rows)])) if at >= table.texts else None
        justify: Literal["left", "right"] = "left" if at < table.texts else "right"
        made.add_column(heading, justify=justify, overflow="fold", min_width=least)
    for row in table.rows:
        made.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else _WIDE, markup=False, emoji=False, highlight=False).print(made)


def _end(figures: Figures) -> None:
    for trouble in figures.troubles:
        click.echo(trouble, err=True)
    sys.exit(0 if figures.complete else 3)
