"""`sanad mail`: letters to the students of delivered batches. No logic here: issuer/mail/round.py does the work."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issuer.commands.acting import told
from issuer.commands.terminal import progress_bars
from issuer.mail import round as letters
from issuer.mail.round import with_students
from issuer.mail.sending import open_letters, send_all
from issuer.mail.tally import exit_code, tally_text
from issuer.records import BatchState, DeliveryState
from issuer.text import EMAIL
from verifier.commands.opening import CONFIG, JSON, CommandError

if TYPE_CHECKING:
    from issuer.mail.round import Tally
    from issuer.records import Batch, Delivery, Draft, Records

_BATCH = click.option("--batch", metavar="ID", help="One batch, by the beginning of its id. Without it: every one.")


@click.group()
def mail() -> None:
    """Letters to students: each gets the link and the PDF once."""


@mail.command()
@_BATCH
@CONFIG
@JSON
def send(batch: str | None, config: Path | None, as_json: bool) -> None:
    """Send a letter to every student of delivered batches who has an address and none yet.

    \b
    Exit codes: 0 everybody has one; 1 some were refused, or it is not known: `sanad mail list`; 2 it could not be
    done; 3 the server put some off: type it again later.
    """
    with told(), _records(config) as (store, path):
        with progress_bars(as_json) as progress:
            tallies = send_all(path, store, _chosen(store, batch), progress)
        _report(tallies, as_json)


@mail.command("list")
@_BATCH
@click.option(
    "--state", type=click.Choice([state.value for state in DeliveryState]), help="Only letters in this state."
)
@CONFIG
@JSON
def list_letters(batch: str | None, state: str | None, config: Path | None, as_json: bool) -> None:
    """List letters: to whom, in which state, and what the server said."""
    with told(), _records(config) as (store, _path):
        states = () if state is None else (DeliveryState(state),)
        found = [(each, *pair) for each in _chosen(store, batch) for pair in with_students(store, each, *states)]
    if as_json:
        click.echo(json.dumps([_data(*each) for each in found], ensure_ascii=False, indent=1))
        return
    for each, delivery, draft in found:
        words = f"  {delivery.words}" if delivery.words and delivery.state != "sent" else ""
        click.echo(
            f"{each.id[:8]}  row {draft.row.number:>5}  {delivery.state:8} {delivery.since}  "
            f"{draft.row.name} <{delivery.recipient}>{words}"
        )
    if not found:
        click.echo("There are no such letters.")


@mail.command()
@click.argument("batch")
@click.argument("row", type=int)
@click.option("--arrived", is_flag=True, help="It arrived: nothing more is sent.")
@click.option("--again", is_flag=True, help="Send it (again) with the next `sanad mail send`.")
@click.option("--to", metavar="ADDRESS", help="With --again: to this address instead.")
@CONFIG
def settle(batch: str, row: int, arrived: bool, again: bool, to: str | None, config: Path | None) -> None:
    """Decide about the letter of one student (the batch's id or its beginning, the row in the roster).

    For letters that are *unknown* (ask the student whether it arrived) or *refused* (put the address right).
    """
    if arrived == again or (to is not None and not again):
        raise CommandError("Say either --arrived, or --again (with --to for another address).")
    if to is not None and EMAIL.fullmatch(to) is None:
        raise CommandError(f"{to!r} is no e-mail address.")
    with told(), _records(config) as (store, _path):
        (chosen,) = _chosen(store, batch)
        found = [pair for pair in letters.with_students(store, chosen) if pair[1].row.number == row]
        if not found:
            raise CommandError(f"Batch {chosen.id} has no letter for row {row}: sanad mail list")
        delivery, draft = found[0]
        letters.settle(store, delivery, again, to)
        done = f"goes to {to or delivery.recipient} with the next: sanad mail send" if again else "counts as arrived."
        click.echo(f"The letter for row {row}, {draft.row.name}, {done}")


def _report(tallies: "dict[str, Tally]", as_json: bool) -> None:
    """Say how letters stand, and end with the exit code of `sanad mail send`."""
    if as_json:
        click.echo(json.dumps({id_: vars(tally) for id_, tally in tallies.items()}, indent=1))
    for id_, tally in tallies.items() if not as_json else ():
        click.echo(f"{id_[:8]}  {tally_text(tally)}")
    if not tallies and not as_json:
        click.echo("No batch is delivered yet.")
    sys.exit(exit_code(tallies.values()))


@contextmanager
def _records(config: Path | None) -> "Iterator[tuple[Records, Path]]":
    store, path = open_letters(config)
    with closing(store):
        yield store, path


def _chosen(store: "Records", wanted: str | None) -> "list[Batch]":
    if wanted is None:
        return [batch for batch in store.batches() if batch.state is BatchState.DELIVERED]
    found = [batch for batch in store.batches() if batch.id.startswith(wanted.lower())]
    if len(found) != 1:
        raise CommandError(f"{len(found) or 'No'} batch ids begin with {wanted}: sanad batches lists them.")
    return found


def _data(batch: "Batch", delivery: "Delivery", draft: "Draft") -> dict[str, Any]:
    return {
        "batch": batch.id,
        "row": draft.row.number,
        "name": draft.row.name,
        "address": delivery.recipient,
        "state": delivery.state.value,
        "since": delivery.since,
        "tries": delivery.tries,
        "server": delivery.words,
    }
