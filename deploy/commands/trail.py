"""The command `sanad trail`. No logic here: issuer/office/trail.py does the work."""

import csv
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from deploy.registry_contract import registry_artifact
from issuer.commands.acting import reporting_errors
from issuer.office.office import open_office
from issuer.office.records_place import place_in
from issuer.office.trail import ActSent, Filter, chosen, data_of, trail_of
from issuer.records import open_existing
from issuer.text import utc
from verifier.commands.opening import CONFIG, JSON, CommandError

_COLUMNS = (
    *("at", "who", "act", "institution", "outcome", "chain_id", "registry", "key", "sent_by", "transaction", "block"),
    *("gas_used", "batches", "certificates", "facts"),
)


@click.command()
@click.option("--since", metavar="TIME", help="UTC, as 2026-11-23 or 2026-11-23T09:30:00Z.")
@click.option("--institution", metavar="DOMAIN", help="Acts on this institution.")
@click.option("--act", "name", metavar="NAME", help="Acts of one kind, such as revoke or authorise.")
@click.option("--certificate", metavar="HASH|LINK|CODE", help="Acts on this certificate, and on its batch.")
@click.option("--batch", metavar="ROOT|NUMBER", help="Acts on this batch: the beginning of its root or number.")
@click.option("--offline", is_flag=True, help="Do not ask the nodes what became of acts whose outcome is not known.")
@CONFIG
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def trail(
    since: str | None,
    institution: str | None,
    name: str | None,
    certificate: str | None,
    batch: str | None,
    offline: bool,
    config: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List every act that was sent to the registry from here, oldest first: who sent it, and what became of it.

    \b
    Exit codes: 0 listed; 1 there is none of those asked for; 2 it could not be done.
    """
    if as_json and as_csv:
        raise click.UsageError("Give either --json or --csv.")
    name = None if name is None else name.replace("-", " ").lower()  # replace-admin, as the command is called
    with reporting_errors():
        wanted = Filter(None if since is None else _moment(since), institution, name, certificate, batch)
        office = open_office(config)
        acts = trail_of(office, registry_artifact()["abi"], offline)
        store = open_existing(place_in(office).records)
        found = acts
        if store is not None:
            with closing(store):
                found = chosen(acts, wanted, store)
    if as_json:
        _print_json(found)
    elif as_csv:
        _print_csv(found)
    else:
        _print(found)
    if not found:
        click.echo(_none(acts, name), err=True)
        sys.exit(1 if wanted != Filter() else 0)


def _none(acts: Sequence[ActSent], name: str | None) -> str:
    if not acts:
        return "Nothing was sent to a registry from here yet."
    kinds = sorted({one.act for one in acts})
    if name is not None and name not in kinds:
        return f"The trail has no act called {name}. It has: {', '.join(kinds)}."
    return f"None of the {len(acts):,} acts in the trail is of that kind."


def _print_json(acts: Sequence[ActSent]) -> None:
    click.echo(json.dumps(data_of(acts), ensure_ascii=False, indent=1))


def _print_csv(acts: Sequence[ActSent]) -> None:
    writer = csv.DictWriter(sys.stdout, _COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for one in acts:
        lists = {"batches": " ".join(one.batches), "certificates": " ".join(one.certificates)}
        writer.writerow({**asdict(one), **lists, "facts": json.dumps(one.facts, ensure_ascii=False)})


def _print(acts: Sequence[ActSent]) -> None:
    for one in acts:
        click.echo(f"{one.at}  {one.act}  {one.institution or '-'}  {one.outcome}")
        for line in _lines(one):
            click.echo(f"  {line}")


def _lines(one: ActSent) -> list[str]:
    registry = "" if one.registry is None else f", registry {one.registry}"
    block = "" if one.block is None else f", block {one.block:,}"
    user = "" if one.who is None else f", user {one.who}"
    paid = "" if one.sent_by in (None, one.key) else f", sent by {one.sent_by}"
    lines = [f"by {one.key}{user}{paid}", f"chain {one.chain_id}{registry}"]
    if one.transaction is not None:
        lines.append(f"transaction {one.transaction}{block}")
    shown = {name: value for name, value in one.facts.items() if name not in ("signed by", "sent by", "institution")}
    return [*lines, *(f"{name}: {value}" for name, value in shown.items())]


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a time. Write it as 2026-11-23 or 2026-11-23T09:30:00Z.") from None
    if len(text) > len("2026-11-23") and found.tzinfo is None:
        raise CommandError(f"{text!r} has no time zone. Write it as 2026-11-23T09:30:00Z.")
    return utc(found.replace(tzinfo=found.tzinfo or UTC))
