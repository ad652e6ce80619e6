"""`sanad mail`: letters to the students of delivered batches; issuer/mail and issuer/office/letters.py do the work."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issuer.commands.acting import YES, How, confirm, reporting_errors
from issuer.commands.naming import METAVAR, NAME, NUMBER
from issuer.commands.terminal import progress_bars
from issuer.errors import BusyError
from issuer.mail import round as letters
from issuer.mail.round import with_students
from issuer.mail.sending import open_letters
from issuer.mail.tally import exit_code, tally_text, unknown_text
from issuer.office.certificates import certificate_meant, certificates_meant
from issuer.office.letters import send_all, send_letters
from issuer.office.records_place import place_of
from issuer.records import BatchState, DeliveryState
from issuer.text import EMAIL
from verifier.commands.opening import CONFIG, JSON, CommandError
from verifier.core.hashes import to_hex

if TYPE_CHECKING:
    from issuer.mail.round import Tally
    from issuer.office.letters import Sent
    from issuer.records import Batch, Delivery, Draft, Records

_BATCH = click.option("--batch", metavar="ID", help="One batch, by the beginning of its id. Without it: every one.")


@click.group()
def mail() -> None:
    """Letters to students: each gets the link and the PDF once."""


@mail.command()
@click.argument("certificates", nargs=-1, metavar=f"[{METAVAR}]...")
@NAME
@NUMBER
@_BATCH
@click.option("--again", is_flag=True, help="For single certificates: also to those who have their letter.")
@click.option("--to", metavar="ADDRESS", help="For one certificate: to this address instead of the roster's.")
@click.option(
    "--unknown-again", is_flag=True, help="With --batch: first queue again what is not known to have arrived."
)
@YES
@CONFIG
@JSON
def send(
    certificates: tuple[str, ...],
    name: str | None,
    number: str | None,
    batch: str | None,
    again: bool,
    to: str | None,
    unknown_again: bool,
    yes: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Send a letter to every student of delivered batches who has an address and none yet.

    Where certificates are named (PDF, link, hash or short code; or --name, --number) only theirs are sent: the first
    one, or with --again one more. A letter of which no answer came is never sent again by itself: --unknown-again does
    that, after it has named the students and asked, because each may arrive twice.

    \b
    Exit codes: 0 everybody has one; 1 some were refused, or it is not known: `sanad mail list`; 2 it could not be
    done; 3 the server put some off, or another run is sending them: type it again later.
    """
    single = bool(certificates) or name is not None or number is not None
    _fitting(single, batch, again, to)
    if unknown_again and batch is None:
        raise CommandError("--unknown-again goes with --batch: sanad mail list --state unknown shows which.")
    with reporting_errors(), _busy_is_later(), _records(config) as (store, path):
        if single:
            meant = certificates_meant(place_of(path), certificates, name, number)
            if to is not None and len(meant) > 1:
                raise CommandError(f"{len(meant)} certificates are named, and --to is the address of one.")
            with progress_bars(as_json) as progress:
                sent = send_letters(path, store, meant, again, to, progress)
            _report_single(sent, as_json)
            return
        chosen = _chosen(store, batch)
        if unknown_again:
            _unknown_again(store, chosen[0], yes, as_json)
        with progress_bars(as_json) as progress:
            tallies = send_all(path, store, chosen, progress)
        _report(store, tallies, as_json)


def _unknown_again(store: "Records", batch: "Batch", yes: bool, as_json: bool) -> None:
    """Name those of whose letters nothing is known, ask, and queue these letters again."""
    found = list(with_students(store, batch, DeliveryState.UNKNOWN))
    if not found:
        return
    named = [f"row {draft.row.number}  {draft.row.name} <{each.recipient}>" for each, draft in found]
    question = "These letters may have arrived. Send them again, so that some may arrive twice?"
    confirm(named, question, yes, How(None, None, None, dry_run=False, as_json=as_json))
    letters.unknown_again(store, batch, {each.position for each, _draft in found})


@contextmanager
def _busy_is_later() -> "Iterator[None]":
    """Another run at the same letters is nothing wrong: exit code 3."""
    try:
        yield
    except BusyError as error:
        click.echo(str(error), err=True)
        sys.exit(3)


def _fitting(single: bool, batch: str | None, again: bool, to: str | None) -> None:
    """See that the options fit together."""
    if single and batch is not None:
        raise CommandError("Name certificates, or a batch by --batch, not both.")
    if not single and (again or to is not None):
        raise CommandError(
            "--again and --to go with the certificate whose letter is meant: its PDF, link, code or --name."
        )
    if to is not None and EMAIL.fullmatch(to) is None:
        raise CommandError(f"{to!r} is no e-mail address.")


def _report_single(sent: "list[Sent]", as_json: bool) -> None:
    """Show the state of the letters of single certificates; exit codes as for whole batches."""
    if as_json:
        data = [{**_letter_data(each.letter), "hash": to_hex(each.meant.hash), "sent_now": each.new} for each in sent]
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    for each in sent if not as_json else ():
        letter, words = each.letter, f"  {each.letter.words}" if each.letter.words else ""
        click.echo(f"{each.meant}: {letter.state} to {letter.recipient} ({letter.since}){words}")
    kept = [each for each in sent if not each.new]
    waiting = (DeliveryState.QUEUED, DeliveryState.WITHHELD)
    if kept and not as_json and any(each.letter.state not in waiting for each in kept):
        click.echo("Students who had a letter before got none now. To send another: --again")
    sys.exit(_single_exit_code({each.letter.state for each in sent}))


def _single_exit_code(states: "set[DeliveryState]") -> int:
    if states & {DeliveryState.REFUSED, DeliveryState.UNKNOWN}:
        return 1
    return 3 if DeliveryState.QUEUED in states else 0


@mail.command("list")
@_BATCH
@click.option(
    "--state", type=click.Choice([state.value for state in DeliveryState]), help="Only letters in this state."
)
@CONFIG
@JSON
def list_letters(batch: str | None, state: str | None, config: Path | None, as_json: bool) -> None:
    """List letters: to whom, in which state, and what the server said."""
    with reporting_errors(), _records(config) as (store, _path):
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
@click.argument("letter", nargs=-1, required=True, metavar=f"BATCH ROW | {METAVAR}")
@click.option("--arrived", is_flag=True, help="It arrived: nothing more is sent.")
@click.option("--again", is_flag=True, help="Send it (again) with the next `sanad mail send`.")
@click.option("--to", metavar="ADDRESS", help="With --again: to this address instead.")
@CONFIG
def settle(letter: tuple[str, ...], arrived: bool, again: bool, to: str | None, config: Path | None) -> None:
    """Decide about the letter of one student.

    The student is named by the batch's id (or its beginning) and the row in the roster, or by the certificate: its PDF,
    link, hash or short code. For letters that are *unknown* (ask the student whether it arrived) or *refused* (put the
    address right).

    \b
    Exit codes: 0 decided; 2 it could not be done; 3 another run is sending letters of this batch: wait for it.
    """
    if arrived == again or (to is not None and not again):
        raise CommandError("Say either --arrived, or --again (with --to for another address).")
    if to is not None and EMAIL.fullmatch(to) is None:
        raise CommandError(f"{to!r} is no e-mail address.")
    with reporting_errors(), _busy_is_later(), _records(config) as (store, path):
        delivery, draft = _letter(store, path, letter)
        letters.settle(store, delivery, again, to)
        done = f"goes to {to or delivery.recipient} with the next: sanad mail send" if again else "counts as arrived."
        if again and to is None and delivery.state is DeliveryState.UNKNOWN:
            done += ". It may arrive twice."
        click.echo(f"The letter for row {draft.row.number}, {draft.row.name}, {done}")


def _letter(store: "Records", path: Path, words: tuple[str, ...]) -> "tuple[Delivery, Draft]":
    """The letter that is meant, and the student it is for."""
    if len(words) == 1:
        meant = certificate_meant(place_of(path), words[0])
        kept = store.certificates.at([] if meant.batch is None else [(meant.batch, meant.index or 0)])
        if not kept or kept[0].letter is None:
            raise CommandError(f"{meant} has no letter yet: sanad mail send")
        return kept[0].letter, kept[0].draft
    if len(words) != 2 or not words[1].isdecimal():
        raise CommandError(
            "Name the letter by its batch and its row, or by the certificate: sanad mail settle BATCH ROW"
        )
    (chosen,) = _chosen(store, words[0])
    found = [pair for pair in letters.with_students(store, chosen) if pair[1].row.number == int(words[1])]
    if not found:
        raise CommandError(f"Batch {chosen.id} has no letter for row {words[1]}: sanad mail list")
    return found[0]


def _report(store: "Records", tallies: "dict[str, Tally]", as_json: bool) -> None:
    """Show how the letters went, and end with the exit code of `sanad mail send`."""
    if as_json:
        click.echo(json.dumps({id_: vars(tally) for id_, tally in tallies.items()}, indent=1))
    for id_, tally in tallies.items() if not as_json else ():
        click.echo("\n".join([f"{id_[:8]}  {tally_text(tally)}", *unknown_text(store, store.batch(id_))]))
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
    return {"batch": batch.id, "row": draft.row.number, "name": draft.row.name, **_letter_data(delivery)}


def _letter_data(delivery: "Delivery") -> dict[str, Any]:
    return {
        "address": delivery.recipient,
        "state": delivery.state.value,
        "since": delivery.since,
        "tries": delivery.tries,
        "server": delivery.words,
    }
