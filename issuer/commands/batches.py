"""The commands for batches that are begun: `resume`, `batches`, `cancel`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from issuer.batches.overview import batch_data, overview
from issuer.commands.acting import ask_passphrase
from issuer.commands.ending import MAIL, finish, letters, opened_issuer, reporting_problems
from issuer.commands.looking import GO_ON, accept, look_first
from issuer.errors import BegunError, BusyError
from issuer.keys.files import Passphrases
from issuer.office.behind import lost_hint
from issuer.office.corrections import replace_pending, ways
from issuer.office.issuing import cancel_batch, fill_empty_places
from issuer.office.key_choice import KeyChoice
from issuer.office.office import open_office
from issuer.office.records_place import place_of
from verifier.commands.opening import CONFIG, JSON, CommandError

if TYPE_CHECKING:
    from issuer.batches.issuing import Issuer
    from issuer.office.behind import Look
    from issuer.office.office import Office
    from issuer.office.performing import Report
    from issuer.records import Batch, Records


@click.command()
@click.option("--fill-gaps", is_flag=True, help="First fill the key's empty places with empty transactions to itself.")
@click.option("--key", metavar="KEY", help="With --fill-gaps: the key, if it is not the one of the settings.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="File with that key's passphrase.")
@MAIL
@CONFIG
@JSON
def resume(
    fill_gaps: bool, key: str | None, passphrase_file: Path | None, mail: bool, config: Path | None, as_json: bool
) -> None:
    """Continue every batch that is not delivered yet.

    It also checks that the chain still has what was delivered lately, and replaces what corrections were begun for.

    A transaction cannot go through while an earlier place in its key's order is empty, because another program's was
    dropped; --fill-gaps puts an empty transaction there.

    Exit codes as `sanad issue`; 3 where one of them still waits.
    """
    if not fill_gaps and (key is not None or passphrase_file is not None):
        raise click.UsageError("--key and --passphrase-file go with --fill-gaps.")
    with reporting_problems(as_json), _opened(config, as_json) as (office, issuer, looked):
        mailing = letters(config, mail)
        if fill_gaps:
            _fill(office, issuer, key, passphrase_file)
        waiting = issuer.waiting()
        if (named := issuer.name_educator()) and not as_json:
            beside = "1 batch that was" if named == 1 else f"{named:,} batches that were"
            click.echo(f"The educator is named now beside {beside} delivered before.")
        if not waiting and not as_json:
            _say_none(config) if not issuer.store.batches() else click.echo("Every batch is delivered.")
        delivered, left = _finished(issuer, waiting)
        left = _replaced(office, issuer, as_json) or left
        try:
            finish(office, issuer, delivered, as_json, looked, letters=mailing)
        finally:
            if left:
                sys.exit(3)


@contextmanager
def _opened(config: Path | None, as_json: bool) -> "Iterator[tuple[Office, Issuer, list[Look]]]":
    office = open_office(config)
    looked = look_first(office)
    with opened_issuer(config, as_json, looked, office) as (_, issuer):
        yield office, issuer, looked


def _fill(office: "Office", issuer: "Issuer", key: str | None, passphrase_file: Path | None) -> None:
    choice = KeyChoice(key, Passphrases(passphrase_file, ask_passphrase))
    filled = fill_empty_places(office, issuer.store, choice)
    places = ", ".join(map(str, filled))
    click.echo(f"Filled with empty transactions: place {places}." if filled else "No place is empty.", err=True)


def _finished(issuer: "Issuer", waiting: "list[Batch]") -> "tuple[list[Batch], bool]":
    """Those that are delivered now. Each is finished by itself: one that waits does not hold up the others."""
    delivered, left = [], False
    for batch in waiting:
        try:
            delivered.append(issuer.finish(batch))
        except (BegunError, BusyError) as error:
            left = True
            click.echo(str(error), err=True)
    return delivered, left


def _replaced(office: "Office", issuer: "Issuer", as_json: bool) -> bool:
    """Replace what corrections were begun for (`sanad correct`); whether something is left to do."""
    left = False

    def tell(batch: "Batch", report: "Report") -> None:
        nonlocal left
        for trouble in report.troubles:
            click.echo(trouble, err=True)
        if report.error is None:
            click.echo(f"What batch {batch.id[:8]} corrects is replaced.", err=as_json)
            return
        left = True
        click.echo(f"What batch {batch.id[:8]} corrects is not replaced yet. {report.error}", err=True)
        click.echo("With the admin's key, type:\n  " + "\n  ".join(ways(issuer.store, batch)), err=True)

    replace_pending(office, issuer.store, tell)
    return left


@click.command()
@click.option(
    "--accept-missing", is_flag=True, help="First go on without what `sanad issue` says is missing, for good."
)
@GO_ON
@CONFIG
@JSON
def batches(accept_missing: bool, yes: bool, config: Path | None, as_json: bool) -> None:
    """List every batch: its state and since when, what it waits for, what to type.

    With --accept-missing it first shows which batches and transactions the records lack, and which batch files the
    archive lacks. When you say yes, nothing stops because of these any more. Try `sanad rebuild` before.
    """
    with reporting_problems(as_json, "Nothing was changed."):
        if accept_missing:
            accept(config, yes)
    with reporting_problems(as_json), _records(config) as store:
        if as_json:
            data = [] if store is None else [batch_data(store, batch) for batch in store.batches()]
            click.echo(json.dumps(data, ensure_ascii=False, indent=1))
            return
        found = [] if store is None else overview(store)
    if not found:
        _say_none(config)
        return
    _print(found)


@click.command()
@click.argument("batch", metavar="BATCH")
@CONFIG
@JSON
def cancel(batch: str, config: Path | None, as_json: bool) -> None:
    """Cancel a batch, named by the beginning of its number, while nothing of it is signed.

    \b
    Exit codes: 0 cancelled; 2 it cannot be cancelled any more, and what to do instead; 3 another run is working on it.
    """
    with reporting_problems(as_json), _records(config) as store:
        if store is None:
            raise CommandError("These records hold no batch.")
        gone = cancel_batch(open_office(config), store, batch)
        if as_json:
            click.echo(json.dumps(batch_data(store, gone), ensure_ascii=False, indent=1))
        else:
            click.echo(f"Batch {gone.id} ({gone.course}, {gone.size:,} certificates) is cancelled. Nothing was issued.")


def _say_none(config: Path | None) -> None:
    """Records without a batch may be new, or lost ones."""
    hint = lost_hint(place_of(config))
    click.echo("These records hold no batch." + (f" {hint}" if hint else ""))


@contextmanager
def _records(config: Path | None) -> "Iterator[Records | None]":
    with open_office(config).records() as store:
        yield store


def _print(found: "list[tuple[Batch, str, str | None]]") -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("Batch", "State", "Since (UTC)", "Size", "Course", "What it waits for", "Type"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Size" else "left")
    for batch, stands, advice in found:
        since = (batch.since or batch.drafted).replace("T", " ").removesuffix("Z")
        place = f"{batch.course} ({batch.domain})"
        row: list[Any] = [batch.id[:8], batch.state.value, since, f"{batch.size:,}", place, stands, advice or ""]
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
