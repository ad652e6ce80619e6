"""The command `sanad registry state`. No logic here: deploy/keeping.py does the work."""

from pathlib import Path

import click

from deploy.keeping import keep_state
from issuer.commands.acting import reporting_errors
from issuer.text import moment
from verifier.commands.opening import CONFIG, FILE


@click.command()
@click.argument("file", type=FILE)
@click.argument("domains", nargs=-1)
@CONFIG
@click.option("--registry", "which", metavar="ADDRESS|NETWORK", help="Which of several, also one that is retired.")
def state(file: Path, domains: tuple[str, ...], config: Path | None, which: str | None) -> None:
    """Write to FILE what counts in the registry now, for the day when its chain is dead (sanad reanchor --state).

    For DOMAINS, or all institutions: batches, revocations, withdrawals and distrusted keys, of what the archive here
    holds, at a final block. No personal data. An earlier FILE is replaced, unless it has what the registry has lost.

    \b
    Exit codes: 0 written; 2 it could not be done, and an earlier FILE is as it was.
    """
    with reporting_errors():
        kept = keep_state(config, file, domains, which)
    click.echo(f"{file}: {kept.network}, block {kept.block:,}, final at {moment(kept.time)}.")
    for each in kept.institutions:
        withdrawn = sum(1 for batch in each.batches.values() if batch.withdrawn_at)
        numbers = f"{len(each.batches):,} batches, {sum(batch.size for batch in each.batches.values()):,} certificates"
        click.echo(f"{each.domain}: {numbers}, {len(each.revocations):,} revocations, {withdrawn:,} withdrawn")
        if each.unseen:
            click.echo(
                f"  {each.unseen:,} more batches are on record, of which the archive here has no file.", err=True
            )
