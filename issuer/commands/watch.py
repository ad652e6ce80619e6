"""`sanad watch`. No logic here: issuer/watch/watching.py does the work."""

import signal
import sys
import threading
from pathlib import Path

import click

from issuer.commands.acting import reporting_errors
from issuer.watch.notifying import Log
from issuer.watch.watching import keep_watching, open_watches
from verifier.commands.opening import CONFIG
from verifier.core.errors import RegistryUnavailableError


@click.command()
@click.option("--once", is_flag=True, help="Look once and end, for use by a timer.")
@click.option("--every", type=click.IntRange(5, 86_400), help="Seconds between looks. [60, or [watch] every_seconds]")
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="Print alerts as JSON, one a line.")
def watch(once: bool, every: int | None, config: Path | None, as_json: bool) -> None:
    """Report everything under our name in the registry that our own records do not explain.

    Batches, revocations, admins, keys, suspension. Alerts go to standard output, and by mail and webhook where
    [watch] says so.

    \b
    Exit codes: 0 all is explained (or ended by a signal); 1 something is not; 2 it could not be done;
    3 the registry could not be asked.
    """
    with reporting_errors():
        watches, wishes = open_watches(config, Log(as_json))
        if once:
            try:
                found = [alert for each in watches for alert in each.look(thorough=True)]
            except RegistryUnavailableError as error:
                click.echo(f"The registry could not be asked. {error}", err=True)
                sys.exit(3)
            if not found and not as_json:
                names = ", ".join(sorted({each.domain for each in watches}))
                click.echo(f"Everything under {names} is explained by our records.")
            elif found and not as_json:
                click.echo(f"{len(found)} not explained in all; what was reported before is not repeated.", err=True)
            sys.exit(1 if found else 0)
        end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end.set())
        names = ", ".join(sorted({each.domain for each in watches}))
        seconds = every or wishes.every_seconds
        click.echo(f"Watching {names} every {seconds} seconds. Ctrl-C ends it.", err=True)
        keep_watching(watches, seconds, end)
