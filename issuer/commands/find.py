"""`sanad find`: certificates in the records, by anything that somebody remembers about them."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from issuer.commands.acting import reporting_errors
from issuer.commands.csv_output import csv_text
from issuer.commands.terminal import WIDE, progress_bars
from issuer.office import finding
from issuer.office.behind import lost_hint
from issuer.office.finding import Found, Hit
from issuer.office.records_place import place_of
from verifier.commands.opening import CONFIG, JSON, CommandError
from verifier.core.hashes import to_hex

_MOST = 50
"""Certificates that a terminal shows."""
_WHOLE = 5
"""Up to so many are shown with everything that is known about them; more are shown as a table."""


@click.command()
@click.argument("words", nargs=-1, metavar="WORDS...")
@click.option("--offline", is_flag=True, help="Do not ask the registry for their status.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheet programs, of all that was found.")
@CONFIG
@JSON
def find(words: tuple[str, ...], offline: bool, as_csv: bool, config: Path | None, as_json: bool) -> None:
    """Find certificates by a name, number, e-mail, course or code, and show the status of each.

    WORDS are parts of a name in either script, a student number, an e-mail address, the course, the beginning of a
    batch's id, or a link, hash or short code. Certificates that have all of them are listed, newest first.

    \b
    Exit codes: 0 found; 1 nothing was found; 2 it could not be done.
    """
    if as_csv and as_json:
        raise CommandError("Say either --json or --csv.")
    whole = as_csv or as_json or not sys.stdout.isatty()
    with reporting_errors(), progress_bars(quiet=not whole or not sys.stderr.isatty()) as progress:
        found = finding.find(place_of(config), words, None if whole else _MOST, not offline, progress)
    if as_json:
        click.echo(json.dumps([_data(hit) for hit in found.hits], ensure_ascii=False, indent=1))
    elif as_csv:
        _print_csv(found.hits)
    else:
        _print(found, words)
    if not found.total and (hint := lost_hint(place_of(config))):
        click.echo(hint, err=True)
    sys.exit(0 if found.total else 1)


def _print(found: Found, words: Sequence[str]) -> None:
    if not found.total:
        more = "Fewer words find" if len(" ".join(words).split()) > 1 else "A shorter part of it may find"
        click.echo(f"Nothing was found for {' '.join(words)}. {more} more.")
        return
    if found.total <= _WHOLE:
        click.echo("\n\n".join("\n".join(_lines(hit)) for hit in found.hits))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Number", "Course", "Date", "Status", "Letter", "Code", "Batch", "Row"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    for hit in found.hits:
        table.add_row(*_cells(_data(hit)))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    Console(width=width, highlight=False, markup=False).print(table)
    if found.total > len(found.hits):
        click.echo(f"… and {found.total - len(found.hits):,} more; more words find fewer, --csv or --json has all.")


def _cells(data: dict[str, Any]) -> list[str]:
    shown = ("name", "student_number", "course", "awarded", "stands", "letter", "short_code", "batch", "row")
    return [str(data[key] or "")[: 8 if key == "batch" else None] for key in shown]


def _lines(hit: Hit) -> list[str]:
    """One certificate with everything that is known about it."""
    data = _data(hit)
    who = f"{data['name']} ({data['student_number']})" if data["student_number"] else data["name"]
    code = f", {data['short_code']}" if data["short_code"] else ""
    return [
        f"{who}: {hit.stands}" if hit.stands else who,
        f"  {data['course']}, {data['awarded'] or 'drafted ' + hit.batch.drafted[:10]}{code}",
        f"  batch {hit.batch.id[:8]} ({hit.batch.state.value}), row {data['row']}",
        *([f"  {data['link']}", f"  {data['file'] or ''}"] if data["link"] else []),
        f"  {_letter(hit)}",
    ]


def _letter(hit: Hit) -> str:
    letter = hit.kept.letter
    if letter is None:
        address = hit.kept.draft.row.email
        return f"no letter yet; the roster says {address}" if address else "no letter: no address in the roster"
    words = f": {letter.words}" if letter.words and letter.state != "sent" else ""
    return f"letter {letter.state} to {letter.recipient} ({letter.since}){words}"


def _data(hit: Hit) -> dict[str, Any]:
    row, meant, letter = hit.kept.draft.row, hit.meant, hit.kept.letter
    return {
        "name": row.name,
        "student_number": row.student_number,
        "father_name": row.father_name,
        "email": row.email,
        "course": hit.batch.course,
        "institution": hit.batch.domain,
        "awarded": None if meant is None else str(meant.awarded),
        "stands": hit.stands or None,
        "short_code": None if meant is None else meant.short_code,
        "link": None if meant is None else meant.link,
        "file": None if meant is None or meant.file is None else str(meant.file),
        "hash": None if meant is None else to_hex(meant.hash),
        "batch": hit.batch.id,
        "state": hit.batch.state.value,
        "drafted": hit.batch.drafted,
        "row": row.number,
        "letter": None if letter is None else letter.state.value,
        "letter_to": None if letter is None else letter.recipient,
        "letter_since": None if letter is None else letter.since,
        "letter_server": None if letter is None else letter.words,
    }


def _print_csv(hits: Sequence[Hit]) -> None:
    rows = list(map(_data, hits))
    if rows:
        click.echo(csv_text(list(rows[0]), rows), nl=False)
