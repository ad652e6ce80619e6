"""What every command that acts on a registry shares: its options, its dry run, its table and its JSON.

A command collects acts (issuer/registry/act.py); here they are shown with their cost and performed one after another.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from issuer.errors import IssuerError, UnresolvedError
from issuer.keys.files import Passphrases
from issuer.office.desk import KeyChoice
from issuer.office.service import open_office
from issuer.office.status_lists import publish_after
from issuer.sending.waiting import heard_by
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError
from verifier.core.errors import SanadError

if TYPE_CHECKING:
    from issuer.office.desk import Desk
    from issuer.registry.act import Act, Done

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
_REGISTRY = click.option(
    "--registry", metavar="ADDRESS|NETWORK", help="Which of several registries in sanad.toml, while one is being left."
)

_CHANGING_STATUS = frozenset({"replace", "withdraw", "reinstate", "distrust", "lift distrust", "adopt"})
"""Acts after which the status lists for other verifiers say something else."""


@dataclass(frozen=True)
class How:
    """How a command was asked to act."""

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


def acting(function: Function) -> Function:
    """Give a command that acts on a registry its options, as one argument `how`; as `acting_with_key`."""
    return _REGISTRY(acting_with_key(function))


def acting_with_key(function: Function) -> Function:
    """Give a command the options of acting, as one argument `how`, and tell every expected error in a sentence."""

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
        with told():
            how = How(config, key, passphrase_file, dry_run, as_json, registry)
            return function(*arguments, how=how, **more)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run  # type: ignore[return-value]


@contextmanager
def told() -> Iterator[None]:
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
    """Ask whoever sits at the terminal, without showing what is typed."""
    if not at_terminal():
        raise CommandError(f"{what}: nobody is there to type it. Use --passphrase-file or SANAD_PASSPHRASE.")
    return str(click.prompt(what, hide_input=True, err=True))


def at_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty()


def perform(acts: "Sequence[Act]", desk: "Desk", how: How, after: Callable[[], None] = lambda: None) -> None:
    """Show the acts and do them, or only show them; `after` runs when all are done."""
    told_so_far: list[dict[str, Any]] = []
    block = 0
    for act in acts:
        cost, done = act.cost(), None
        if not how.as_json:
            _print_act(act, desk)
        if not how.dry_run:
            with desk.ledger(act) as ledger:
                done = act.perform(ledger)
            block = max(block, done.block or 0)
        told_so_far.append(_data(act, cost, done, how.dry_run))
        if not how.as_json:
            click.echo(f"  {_outcome(cost, done, how.dry_run)}")
    if not how.dry_run:
        after()
        if _CHANGING_STATUS & {act.name for act in acts}:
            _publish_status_lists(desk, block)
    if how.as_json:
        click.echo(json.dumps(told_so_far, ensure_ascii=False, indent=1))


def _publish_status_lists(desk: "Desk", block: int) -> None:
    if (trouble := publish_after(lambda: open_office(desk.path), block=block)) is not None:
        click.echo(trouble, err=True)


def _print_act(act: "Act", desk: "Desk") -> None:
    info = desk.registry.info
    facts = {**act.facts, "registry": f"{info.address} ({info.network}, chain {info.chain_id})"}
    width = max(map(len, facts))
    click.echo(f"{act.name}")
    for name, value in facts.items():
        click.echo(f"  {name:<{width}}  {value}")


def _outcome(cost: Any, done: "Done | None", dry_run: bool) -> str:
    if cost is None or (done is not None and done.transaction is None):
        return "It stands already; nothing was sent."
    if dry_run:
        coins = f"{cost.wei / 1e18:.6f} coins of {cost.balance / 1e18:.6f}"
        return f"Dry run: up to {cost.gas:,} gas, {coins}. Nothing was sent."
    assert done is not None
    return f"Done: transaction {done.transaction}, {done.gas_used:,} gas."


def _data(act: "Act", cost: Any, done: "Done | None", dry_run: bool) -> dict[str, Any]:
    return {
        "act": act.name,
        "facts": dict(act.facts),
        "dry_run": dry_run,
        "stood_already": cost is None,
        "gas": None if cost is None else cost.gas,
        "wei": None if cost is None else cost.wei,
        "transaction": None if done is None else done.transaction,
        "gas_used": None if done is None else done.gas_used,
    }
