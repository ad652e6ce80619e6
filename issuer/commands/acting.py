"""What every command that acts on a registry shares: its options, its dry run, its table and its JSON.

A command collects acts (issuer/registry/act.py); issuer/office/performing.py does them, and here they are shown.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from issuer.errors import IssuerError, KeyFileError, UnresolvedError
from issuer.keys.files import Passphrases
from issuer.office.key_choice import KeyChoice
from issuer.office.office import Office, open_office
from issuer.office.performing import Listener, Performed, Report
from issuer.office.performing import perform as perform_acts
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
REGISTRY = click.option("--registry", metavar="ADDRESS|NETWORK", help="Which registry, where sanad.toml names several.")


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

    @property
    def choice(self) -> "KeyChoice":
        """The key that the options name."""
        return KeyChoice(self.key, Passphrases(self.passphrase_file, ask_passphrase))

    def office(self) -> Office:
        """The office of the settings, with the registry that the options name."""
        return open_office(self.config, ask_passphrase, self.registry)


def acting(function: Function) -> Function:
    """Give a command that acts on a registry its options, as one argument `how`; as `acting_with_key`."""
    return REGISTRY(acting_with_key(function))


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
        **more: Any,
    ) -> Any:
        with reporting_errors():
            how = How(config, key, passphrase_file, dry_run, as_json, registry)
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
    if how.dry_run:
        return
    for line in lines if not (yes and how.as_json) else ():
        click.echo(line, err=not yes)
    if yes:
        return
    if not at_terminal():
        raise CommandError("Nobody is there to be asked. Say --yes if that is meant. Nothing was sent.")
    if not click.confirm(question, err=True):
        raise CommandError("You answered no. Nothing was sent.")


def confirm_acts(acts: "Sequence[Act]", question: str, yes: bool, how: How, more: Iterable[str] = ()) -> None:
    """As `confirm`, with the facts of acts that are still to be done; where none is, nobody is asked.

    Raises:
        ActError: an act would change nothing.
    """
    due = [] if how.dry_run else [act for act in acts if act.is_due()]
    if due:
        due[0].cost()  # what the registry refuses, nobody is asked about; later acts may rest on this one
        facts = () if yes else (line for act in due for line in _lines(act))  # else they are shown as they are done
        confirm([*facts, *more], question, yes, how)


def perform(
    acts: "Iterable[Act]", office: Office, how: How, shape: Callable[[list[dict[str, Any]]], Any] = lambda data: data
) -> Report:
    """Show the acts and do them, or only show them; where one fails, say what was done before, and end.

    `shape` turns the acts' data into what --json prints.
    """
    listener = Listener() if how.as_json else Listener(lambda act: _print_act(act, office), _print_outcome)
    report = perform_acts(office, acts, listener, how.dry_run)
    if how.as_json:
        click.echo(json.dumps(shape(report_data(report)), ensure_ascii=False, indent=1))
    end(report)
    return report


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
