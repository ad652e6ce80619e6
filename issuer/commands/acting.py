"""What every command that acts on a registry shares: its options, its dry run, its table and its JSON.

A command collects acts (issuer/registry/act.py); issuer/office/performing.py does them, and here they are shown.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from issuer.errors import IssuerError, KeyFileError, UnresolvedError
from issuer.keys.files import Passphrases, without_check_sum
from issuer.office.key_choice import KeyChoice, Seat
from issuer.office.multisig import Writing, write_acts
from issuer.office.office import Office, open_office
from issuer.office.performing import Listener, Performed, Report
from issuer.office.performing import perform as perform_acts
from issuer.office.written_calls import call_of
from issuer.sending.waiting import heard_by
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError
from verifier.core.errors import SanadError

if TYPE_CHECKING:
    from issuer.registry.act import Act

Function = TypeVar("Function", bound=Callable[..., Any])
_OPTIONS = (
    CONFIG,
    click.option(
        "--key", metavar="KEY", help="The key that acts: a keystore file, or URL#0xAddress of a remote signer."
    ),
    click.option(
        "--passphrase-file", type=FILE, help="File with the key's passphrase; else SANAD_PASSPHRASE, or asked."
    ),
    click.option("--dry-run", is_flag=True, help="Show what would be done and what it costs; send nothing."),
    JSON,
)
YES = click.option("--yes", is_flag=True, help="Do not ask before sending; needed where nobody can be asked.")
YES_ADDRESS = click.option("--yes", is_flag=True, help="Do not ask about an address without a check sum.")
REGISTRY = click.option("--registry", metavar="ADDRESS|NETWORK", help="Which registry, where sanad.toml names several.")


SAFE = click.option(
    "--safe",
    type=FILE,
    metavar="FILE",
    help="The owner or admin is a multisig: write FILE for its members; send nothing.",
)


@dataclass(frozen=True)
class How:
    """The options of a command that acts on a registry."""

    config: Path | None
    key: str | None
    passphrase_file: Path | None
    dry_run: bool
    as_json: bool
    registry: str | None = None
    """Which of the registries that sanad.toml names."""
    safe: Path | None = None
    """The file that is written for a multisig, instead of sending."""

    @property
    def sends(self) -> bool:
        """Whether anything is to be sent, and not only shown or written."""
        return not self.dry_run and self.safe is None

    @property
    def choice(self) -> "KeyChoice":
        """The key that the options name, or the multisig that acts."""
        seat = None if self.safe is None else Seat.HOLDER
        return KeyChoice(self.key, Passphrases(self.passphrase_file, ask_passphrase), seat)

    def accepting(self, accept: bool) -> "KeyChoice":
        """As `choice`; a multisig that accepts is the nominee."""
        choice = self.choice
        return replace(choice, seat=Seat.NOMINEE) if accept and choice.seat is not None else choice

    def office(self) -> Office:
        """The office of the settings, with the registry that the options name."""
        return open_office(self.config, ask_passphrase, self.registry)


def acting(function: Function) -> Function:
    """Give a command that acts on a registry its options, as one argument `how`; as `acting_with_key`."""
    return REGISTRY(SAFE(acting_with_key(function)))


def acting_with_key(function: Function) -> Function:
    """Give a command the options of acting, as one argument `how`, and report every expected error in a sentence."""

    @wraps(function)
    def run(
        *arguments: Any,
        config: Path | None,
        key: str | None,
        passphrase_file: Path | None,
        dry_run: bool,
        as_json: bool,
        registry: str | None = None,
        safe: Path | None = None,
        **more: Any,
    ) -> Any:
        if safe is not None and key is not None:
            raise click.UsageError("Give either --key or --safe: for a multisig, no key signs here.")
        with reporting_errors():
            how = How(config, key, passphrase_file, dry_run, as_json, registry, safe)
            return function(*arguments, how=how, **more)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run  # type: ignore[return-value]


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Every expected error as one sentence; exit code 2, or 3 where what became of a transaction is not known."""
    try:
        with heard_by(lambda sentence: click.echo(sentence, err=True)):
            yield
    except UnresolvedError as error:
        click.echo(str(error), err=True)
        sys.exit(3)
    except (IssuerError, SanadError) as error:
        raise CommandError(str(error)) from None


def ask_passphrase(what: str) -> str:
    """Ask the person at the terminal, without showing what is typed.

    Raises:
        KeyFileError: nobody is there.
    """
    if not at_terminal():
        raise KeyFileError(f"{what}: nobody is there to type it. Use --passphrase-file or SANAD_PASSPHRASE.")
    return str(click.prompt(what, hide_input=True, err=True))


def utc_seconds(text: str) -> int:
    """The moment that somebody typed, in Unix seconds.

    Raises:
        UsageError: it is none, or has no time zone.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is not a time. Write it as 2026-11-23T09:30:00Z.") from None
    if found.tzinfo is None:
        raise click.UsageError(f"{text!r} has no time zone. Write it as 2026-11-23T09:30:00Z.")
    return int(found.timestamp())


def at_terminal() -> bool:
    """Whether a person is there who can be asked."""
    return sys.stdin.isatty()


def confirm(lines: Iterable[str], question: str, yes: bool, how: How) -> None:
    """Show what an act that cannot be undone is about, and ask; `--yes` answers, and a dry run never asks.

    Raises:
        CommandError: the answer is no, or nobody can be asked and --yes was not said; nothing was sent.
    """
    if not how.sends:
        return
    for line in lines if not (yes and how.as_json) else ():
        click.echo(line, err=not yes)
    if yes:
        return
    if not at_terminal():
        raise CommandError("Nobody is there to be asked. Say --yes if that is meant. Nothing was sent.")
    if not click.confirm(question, err=True):
        raise CommandError("You answered no. Nothing was sent.")


def check_addresses(texts: Iterable[str | None], yes: bool, how: How) -> None:
    """Ask about typed addresses that have no check sum: a typing error in one would be noticed by nobody.

    Raises:
        CommandError: somebody says no, or nobody can be asked and --yes was not said; nothing was sent.
    """
    for text in texts:
        meant = None if text is None else without_check_sum(text)
        if meant is None or yes or how.dry_run:
            continue
        problem = f"{text} has no check sum, so a typing error in it could not be noticed."
        if not at_terminal():
            raise CommandError(
                f"{problem} Compare it with where you have it from, and write it as {meant}, or say --yes. Nothing was "
                "sent."
            )
        click.echo(f"{problem} With its check sum it is {meant}. Compare it with where you have it from.", err=True)
        if not click.confirm("Is it this address?", err=True):
            raise CommandError("You answered no. Nothing was sent.")


def confirm_acts(acts: "Sequence[Act]", question: str, yes: bool, how: How, more: Iterable[str] = ()) -> None:
    """As `confirm`, with the facts of acts that are still to be done; where none is, nobody is asked.

    Raises:
        ActError: an act would change nothing.
    """
    due = [] if not how.sends else [act for act in acts if act.is_due()]
    if due:
        due[0].cost()  # what the registry refuses, nobody is asked about; later acts may rest on this one
        facts = () if yes else (line for act in due for line in _lines(act))  # else they are shown as they are done
        confirm([*facts, *more], question, yes, how)


def perform(
    acts: "Iterable[Act]",
    office: Office,
    how: How,
    shape: Callable[[list[dict[str, Any]]], Any] = lambda data: data,
    after: frozenset[str] = frozenset(),
) -> Report:
    """Show the acts and do them, or only show them; where one fails, say what was done before, and end.

    `shape` turns the acts' data into what --json prints. For a multisig they are written to a file instead; `after`
    names acts that are possible only once those before them are done.
    """
    listener = Listener() if how.as_json else Listener(lambda act: _print_act(act, office), _print_outcome)
    if how.safe is not None:
        return _write_for_multisig(acts, office, how, how.safe, after)
    report = perform_acts(office, acts, listener, how.dry_run)
    if how.as_json:
        click.echo(json.dumps(shape(report_data(report)), ensure_ascii=False, indent=1))
    end(report)
    return report


def _write_for_multisig(acts: "Iterable[Act]", office: Office, how: How, file: Path, after: frozenset[str]) -> Report:
    """Write the acts for a multisig, say in words what they do, and end."""
    begin = (lambda _act: None) if how.as_json else (lambda act: _print_act(act, office))
    done = Listener(begin, (lambda _done: None) if how.as_json else _print_tried)
    writing = write_acts(office, list(acts), file, done, how.dry_run, after)
    if how.as_json:
        click.echo(json.dumps(writing_data(writing, how.dry_run), ensure_ascii=False, indent=1))
    elif writing.report.error is None:
        for act in writing.unseen:
            click.echo(f"  {act.name}: possible only once the acts before it are done, so it was not tried out.")
        click.echo(_written(writing, how.dry_run))
    end(writing.report)
    return writing.report


def _written(writing: Writing, dry_run: bool) -> str:
    calls = writing.calls
    if calls is None:
        return "Nothing is left to do, so no file was written."
    if dry_run:
        return f"Dry run: {writing.file} was not written. Nothing was sent."
    return (
        f"Written to {writing.file} for the multisig {calls.multisig} (chain {calls.chain_id}). Nothing was sent. Its "
        "members load it in the Safe's Transaction Builder, compare it with the above, sign and execute it. "
        "Then type the same command again: it says whether the registry has it."
    )


def _print_tried(performed: Performed) -> None:
    cost = performed.cost
    click.echo("  Already so." if cost is None else f"  The multisig may do this: up to {cost.gas:,} gas.")


def end(report: Report) -> None:
    """Say what followed, and what could not; raise what went wrong, so that the command ends with its exit code."""
    for trouble in report.troubles:
        click.echo(trouble, err=True)
    if report.letters:
        letters = "1 letter does" if report.letters == 1 else f"{report.letters:,} letters do"
        click.echo(f"{letters} not go out any more: sanad mail list --state withheld", err=True)
    if report.error is not None:
        sent = [each for each in report.performed if not each.already and each.done is not None]
        if sent:
            acts = "1 act was" if len(sent) == 1 else f"{len(sent):,} acts were"
            click.echo(f"Before it failed, {acts} done: {', '.join(_sent(each) for each in sent)}.", err=True)
        raise report.error


def report_data(report: Report) -> list[dict[str, Any]]:
    """Every act as plain data; the one that failed is last, with `error`."""
    data = [act_data(each) for each in report.performed]
    if report.error is not None:
        failed = report.failed
        data.append(
            {
                "act": None if failed is None else failed.name,
                "facts": {} if failed is None else dict(failed.facts),
                "error": str(report.error),
                "transaction": getattr(report.error, "transaction", None),
            }
        )
    return data


def writing_data(writing: Writing, dry_run: bool) -> dict[str, Any]:
    """What was written for a multisig, as plain data."""
    calls = writing.calls
    acts = [
        {"act": act.name, "facts": dict(act.facts), "call": call_of(act), "tried": act not in writing.unseen}
        for act in (() if calls is None else calls.acts)
    ]
    error = writing.report.error
    written = None if calls is None or dry_run or error is not None else str(writing.file)
    multisig = {} if calls is None else {"multisig": calls.multisig, "chain_id": calls.chain_id}
    return {"written": written, **multisig, "acts": acts, **({} if error is None else {"error": str(error)})}


def act_data(performed: Performed) -> dict[str, Any]:
    """One act as plain data."""
    cost, done = performed.cost, performed.done
    return {
        "act": performed.act.name,
        "facts": dict(performed.act.facts),
        "dry_run": done is None,
        "stood_already": cost is None,
        "gas": None if cost is None else cost.gas,
        "wei": None if cost is None else cost.wei,
        "transaction": None if done is None else done.transaction,
        "gas_used": None if done is None else done.gas_used,
    }


def _sent(performed: Performed) -> str:
    assert performed.done is not None
    return f"{performed.act.name} in transaction {performed.done.transaction}"


def _print_act(act: "Act", office: Office) -> None:
    info = office.registry_settings.info
    for line in _lines(act, {"registry": f"{info.address} ({info.network}, chain {info.chain_id})"}):
        click.echo(line)


def _lines(act: "Act", more: dict[str, str] | None = None) -> list[str]:
    facts = {**act.facts, **(more or {})}
    width = max(map(len, facts))
    return [act.name, *(f"  {name:<{width}}  {value}" for name, value in facts.items())]


def _print_outcome(performed: Performed) -> None:
    click.echo(f"  {_outcome(performed)}")


def _outcome(performed: Performed) -> str:
    cost, done = performed.cost, performed.done
    if cost is None or performed.already:
        return "Already so; nothing was sent."
    if done is None:
        coins = f"{cost.wei / 1e18:.6f} coins of {cost.balance / 1e18:.6f}"
        return f"Dry run: up to {cost.gas:,} gas, {coins}. Nothing was sent."
    if done.gas_used is None:
        return f"Done. Transaction {done.transaction} was sent for it; no node shows its receipt yet."
    return f"Done: transaction {done.transaction}, {done.gas_used:,} gas."
