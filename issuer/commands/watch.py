"""`sanad watch`. No logic here: issuer/watch/ does the work."""

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click

from issuer.commands.acting import reporting_errors
from issuer.errors import WatchError
from issuer.records.trail import process_user
from issuer.watch.alerts import Alert
from issuer.watch.notifying import Log, data_of, paragraph
from issuer.watch.opening import Opener
from issuer.watch.watching import Keeper, Watch, unseen
from verifier.commands.opening import CONFIG, JSON

_LAST_SECONDS = 3.0
"""How long a look that is under way may go on when a signal ends the watch."""

_PROGRAMME = click.option(
    "--programme", is_flag=True, help="Watch the whole registry as its programme. [where there is no [issuer]]"
)


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Look once and end, for use by a timer.")
@click.option("--every", type=click.IntRange(5, 86_400), help="Seconds between looks. [60, or [watch] every_seconds]")
@_PROGRAMME
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="Print alerts as JSON, one a line.")
@click.pass_context
def watch(
    context: click.Context, once: bool, every: int | None, programme: bool, config: Path | None, as_json: bool
) -> None:
    """Report everything under our name in the registry that our own records do not explain.

    Batches, revocations, admins, keys, suspension, status lists; for a programme institutions, admins and the
    registry's owner. Alerts go to standard output, and by mail and webhook where [watch] says so. Only a signal ends
    it: what it cannot see is an alert too.

    \b
    Exit codes: 0 all is explained or seen (or ended by a signal); 1 something is not; 2 it could not be done;
    3 not all of it could be looked at.
    """
    if context.invoked_subcommand is not None:
        if once or every or programme or config or as_json:
            raise click.UsageError(f"Write the options after sanad watch {context.invoked_subcommand}.")
        return
    with reporting_errors():
        opener = Opener(config, Log(as_json), True if programme else None)
        keeper = Keeper(opener.again, opener.first())
        if once:
            sys.exit(_once(keeper, as_json))
        end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end.set())
        seconds = every or keeper.plan.seconds
        click.echo(f"Watching {keeper.plan.names} every {seconds} seconds. Ctrl-C ends it.", err=True)
        _until(end, keeper, every)


def _until(end: threading.Event, keeper: Keeper, every: int | None) -> None:
    """Watch until `end` is set. A look that is under way gets a few seconds more; cutting it off loses no alert."""

    def keep_watching() -> None:
        try:
            keeper.keep_watching(every, end)
        finally:
            end.set()

    looking = threading.Thread(target=keep_watching, daemon=True)
    looking.start()
    end.wait()
    looking.join(_LAST_SECONDS)
    if looking.is_alive():  # it waits for a node or a database, perhaps for half a minute
        sys.stdout.flush()
        os._exit(0)


@watch.command()
@click.argument("alerts", nargs=-1, metavar="[ALERT]...")
@click.option("--all", "everything", is_flag=True, help="Mark all that is open.")
@click.option("--undo", is_flag=True, help="Take the mark back.")
@_PROGRAMME
@CONFIG
@JSON
def seen(
    alerts: tuple[str, ...], everything: bool, undo: bool, programme: bool, config: Path | None, as_json: bool
) -> None:
    """Mark alerts as seen: they are not reported or counted again while they stay the same.

    Without ALERT it lists what is open and what was seen, by whom and when. Each alert names its own ALERT.

    \b
    Exit codes: 0 done; 1 something listed is open; 2 not possible.
    """
    if everything and alerts:
        raise click.UsageError("Give either alerts or --all.")
    with reporting_errors():
        plan = Opener(config, Log(False), True if programme else None).first()
        listed = list(unseen(plan.watches))
        if not alerts and not everything:
            sys.exit(_list(listed, as_json))
        wanted = [each for each in listed if _is_meant(each, alerts, undo)]
        names = {alert.id for _, alert, _ in listed}
        if unknown := [name for name in alerts if name not in names]:
            raise WatchError(f"There is no alert {unknown[0]} now. sanad watch seen lists them.")
        for one in plan.watches:
            mine = [alert for owner, alert, _ in wanted if owner is one]
            if mine:
                one.memory.unmark(mine) if undo else one.memory.mark(mine, process_user())
        done = "open again" if undo else "marked as seen"
        click.echo(f"{len(wanted)} {done}.")


_FIRST = (
    "Nothing unexplained was found under {names}. This was the first look: later ones compare with the institutions, "
    "admins and keys that are there now. See that these are right: sanad registry show, and sanad registry keys DOMAIN."
)


def _once(keeper: Keeper, as_json: bool) -> int:
    found = keeper.round(thorough=True)
    for trouble in keeper.blindness.now.values():
        click.echo(f"{trouble.what} {trouble.why}", err=True)
    if not found and not keeper.blindness.blind and not as_json:
        if any(each.is_first for each in keeper.plan.watches):
            click.echo(_FIRST.format(names=keeper.plan.names))
        else:
            click.echo(f"Everything under {keeper.plan.names} is explained by our records.")
    elif found and not as_json:
        click.echo(f"{len(found)} not explained in all; what was reported before is not repeated.", err=True)
    return 1 if found else 3 if keeper.blindness.blind else 0


def _is_meant(each: tuple[Watch, Alert, object], names: tuple[str, ...], undo: bool) -> bool:
    _, alert, mark = each
    return (mark is not None) == undo and (not names or alert.id in names)


def _list(listed: Sequence[tuple[Watch, Alert, object]], as_json: bool) -> int:
    if as_json:
        data = [{**data_of(alert), "seen": _mark(mark)} for _, alert, mark in listed]
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
    else:
        for _, alert, mark in listed:
            click.echo(_line(alert, mark))
        if not listed:
            click.echo("No alert is open, and none was marked as seen.")
    return 1 if any(mark is None for _, _, mark in listed) else 0


def _mark(mark: object) -> dict[str, str] | None:
    return {"who": str(mark["who"]), "at": str(mark["at"])} if isinstance(mark, dict) else None


def _line(alert: Alert, mark: object) -> str:
    found = _mark(mark)
    state = "open" if found is None else f"seen by {found['who']} at {found['at']}"
    return (
        f"{alert.id}  {state}\n{paragraph(alert)}"
        if found is None
        else f"{alert.id}  {state}\n{alert.domain}: {alert.text}"
    )
