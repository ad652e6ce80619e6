"""The command `sanad status`: the lists by which verifiers that do not know the registry see revocations."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import ask_passphrase, reporting_errors
from issuer.commands.looking import look_first
from issuer.errors import NodeUnusableError, WrongChainError
from issuer.office.office import open_office
from issuer.office.records_place import place_of
from issuer.office.status_lists import compare_status_lists, publish_status_lists
from issuer.records import Records
from verifier.commands.opening import CONFIG, JSON
from verifier.core.errors import RegistryUnavailableError

if TYPE_CHECKING:
    from issuer.publishing.status_comparing import Compared
    from issuer.publishing.status_lists import Published


_NOTHING = "Nothing was published."


@click.group()
def status() -> None:
    """Publish the status lists (Bitstring Status List 1.0) that certificates name."""


@status.command()
@click.argument("domain", required=False)
@CONFIG
@JSON
def publish(domain: str | None, config: Path | None, as_json: bool) -> None:
    """Sign the lists out of the registry's revocations and publish them in the archive.

    For every institution in the records, or for DOMAIN. sanad issue and sanad revoke do this too; run it now and then,
    because others revoke as well.

    \b
    Exit codes: 0 published; 1 a list is missing in the archive, or is not the institution's, and was left as it is;
    2 not possible; 3 the registry could not be asked, and nothing was published.
    """
    with reporting_errors(), _could_not_ask(_NOTHING):
        office = open_office(config, ask_passphrase)
        found = publish_status_lists(office, domain, looked=look_first(office, domain, nothing=_NOTHING))
    _print(found, domain, as_json)
    sys.exit(1 if any(each.problem for each in found) else 0)


@status.command()
@click.argument("domain", required=False)
@CONFIG
@JSON
def check(domain: str | None, config: Path | None, as_json: bool) -> None:
    """Compare every place of every list with the registry, and write nothing.

    \b
    Exit codes: 0 they say what the registry says; 1 one does not, or is missing, or is not the institution's;
    2 not possible; 3 the registry could not be asked.
    """
    with reporting_errors(), _could_not_ask("Nothing was compared."):
        found = compare_status_lists(open_office(config, ask_passphrase), domain)
    if as_json:
        data = [
            {"url": each.url, "revoked": each.revoked, "problem": each.difference and each.difference.text}
            for each in found
        ]
        click.echo(json.dumps(data, indent=1))
    else:
        for each in found:
            _print_compared(each)
        if not found:
            _say_none(domain)
    sys.exit(1 if any(each.difference for each in found) else 0)


@status.command()
@click.argument("domain", required=False)
@CONFIG
def renew(domain: str | None, config: Path | None) -> None:
    """Take the places of the next certificates from new lists. Do this after a machine was set back to an earlier copy.

    The lists so far stay where they are and are still published. Restored backups and copied records do this by
    themselves.

    \b
    Exit codes: 0 done; 2 not possible.
    """
    with reporting_errors():
        records = place_of(config).records
        count = 0
        if records.exists:
            with closing(Records(records)) as store:
                count = store.status_lists.close_all(domain, "sanad status renew")
    lists = "1 list gives" if count == 1 else f"{count:,} lists give"
    click.echo(f"{lists} out no more places. The next certificates begin new ones.")


@contextmanager
def _could_not_ask(nothing: str) -> Iterator[None]:
    """Ends with 3 where no node answers; a node of another chain is a mistake in the settings."""
    try:
        yield
    except WrongChainError:
        raise
    except (RegistryUnavailableError, NodeUnusableError) as error:
        said = str(error).replace(nothing, "").strip()
        click.echo(f"{nothing.removesuffix('.')}: the registry could not be asked. {said}", err=True)
        sys.exit(3)


def _print_compared(one: "Compared") -> None:
    if one.difference is None:
        click.echo(f"{one.url}  {one.revoked:,} revoked  up to date")
        return
    more = " Type: sanad status publish" if one.difference.can_be_published else ""
    click.echo(f"{one.difference.text}{more}", err=True)


def _say_none(domain: str | None) -> None:
    nobody = "Neither records nor archive hold a certificate."
    click.echo(f"The records know no certificate of {domain}." if domain else nobody)


def _print(found: "list[Published]", domain: str | None, as_json: bool) -> None:
    if as_json:
        data = [
            {
                "url": each.url,
                "file": str(each.path),
                "revoked": each.revoked,
                "written": each.written,
                "problem": each.problem,
            }
            for each in found
        ]
        click.echo(json.dumps(data, indent=1))
        return
    for each in found:
        if each.problem is None:
            words = "written" if each.written else "up to date"
            click.echo(f"{each.url}  {each.revoked:,} revoked  {words}")
        else:
            click.echo(each.problem, err=True)
    if not found:
        _say_none(domain)
