"""The command `sanad did`: the institution's did.json and TXT records, and whether its domain says the same."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import ask_passphrase, reporting_errors
from issuer.disk.shared_folder import write_public
from issuer.errors import DiskError
from issuer.office.issuing import records_of
from issuer.office.office import open_office
from issuer.office.own_domain import OwnDomain
from issuer.publishing.did_document import differences
from verifier.commands.opening import CONFIG, FILE
from verifier.domains.domain_lookup import DomainLookups
from verifier.settings import load_settings

if TYPE_CHECKING:
    from issuer.publishing.did_document import Institution


@click.command()
@click.argument("domain", required=False)
@click.option("--out", type=FILE, help="File to write did.json to. Without it: printed.")
@click.option("--dns", is_flag=True, help="Print TXT records instead, as a zone file has them.")
@click.option("--signer", "signers", multiple=True, metavar="ADDRESS", help="A colleague's signer. Repeatable.")
@click.option("--key", "keys", multiple=True, metavar="z6Mk…", help="Another office's public key. Repeatable.")
@click.option("--check", is_flag=True, help="Ask the domain whether it says all this already.")
@CONFIG
def did(
    domain: str | None,
    out: Path | None,
    dns: bool,
    signers: tuple[str, ...],
    keys: tuple[str, ...],
    check: bool,
    config: Path | None,
) -> None:
    """Write what the institution's own DOMAIN must say about its keys: did.json, or DNS records (--dns).

    Every key that ever signed stays in it. Repeat this after each sanad key rotate.

    \b
    Exit codes: 0 written, or the domain says all of it; 1 it says something else; 2 not possible; 3 could not check.
    """
    with reporting_errors():
        office = open_office(config, ask_passphrase)
        institution = OwnDomain(office, records_of(office)).institution(domain, signers, keys)
        if check:
            sys.exit(_check(institution, config))
        if dns:
            click.echo("\n".join(institution.zone_lines()))
            return
        _write(institution, out)


def _write(institution: "Institution", out: Path | None) -> None:
    text = json.dumps(institution.did_document(), indent=2, ensure_ascii=False) + "\n"
    place = f"https://{institution.domain}/.well-known/did.json"
    if out is None:
        click.echo(text, nl=False)
        click.echo(f"Publish it at {place}", err=True)
        return
    try:
        write_public(out, text)
    except OSError as error:
        raise DiskError(f"{out} cannot be written: {error.strerror}.") from None
    click.echo(f"{out} is written. Publish it at {place}")


def _check(institution: "Institution", config: Path | None) -> int:
    answer = DomainLookups(load_settings(config).domains).look_up(institution.domain)
    if answer is None:
        click.echo(f"{institution.domain} is reserved for examples and does not exist; it was not asked.")
        return 3
    found = differences(institution, answer)
    for sentence in found or [f"{institution.domain} confirms every key."]:
        click.echo(sentence)
    return 3 if answer.problems and not answer.statements else 1 if found else 0
