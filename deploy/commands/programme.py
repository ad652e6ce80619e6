"""The programme's commands: accredit, suspend and reinstate institutions; show what the registry holds.

No logic here: deploy/programme_acts.py and deploy/registry_view.py do the work.
"""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.ceasing import ceasing
from deploy.commands.state import state
from deploy.error_reports import reporting_deploy_errors
from deploy.programme_acts import ProgrammeActs, programme_acts
from deploy.programme_lists import ACCREDIT, accrediting
from deploy.publishing import programme_file
from deploy.publishing import publish as write
from deploy.registry_signers import SIGNER_COLUMNS, signers_data, signers_lines, signers_of
from deploy.registry_view import keys_data, registry_data
from issuer.commands.acting import (
    YES,
    YES_ADDRESS,
    How,
    acting,
    at_terminal,
    check_addresses,
    confirm_acts,
    perform,
    reporting_errors,
    utc_seconds,
)
from issuer.commands.csv_output import csv_text
from issuer.commands.in_bulk import Acting, Said, listing, one_or_list, run_list
from issuer.registry.funding import top_ups, wei_of
from issuer.registry.moving import batch_files
from verifier.archive_folder import FolderArchive
from verifier.commands.opening import CONFIG, JSON, CommandError
from verifier.core.programme_file import write_programme_file
from verifier.settings import load_settings
from verifier.trust import accept, look

if TYPE_CHECKING:
    from issuer.office.office import Office
    from issuer.registry.act import Act
    from verifier.core.batch_file import BatchFile


@click.command()
@click.argument("domain", required=False)
@click.argument("name", required=False)
@click.argument("admin", metavar="[ADMIN]", required=False)
@click.option("--may-certify", is_flag=True, help="It may certify educators.")
@listing
@YES
@acting
def accredit(
    domain: str | None,
    name: str | None,
    admin: str | None,
    may_certify: bool,
    file: Path | None,
    said: Said,
    yes: bool,
    how: How,
) -> None:
    """Accredit the institution DOMAIN under NAME, with the admin key ADMIN: its address or its file.

    This is permanent for the domain: on a terminal it is asked for a second time.

    With --from the file has the columns domain, name and admin, and if you like may_certify (yes or no). All rows are
    checked first, and one question is asked for all. The same list again goes on with what is left.
    """
    one_or_list(file, [domain, name, admin], "DOMAIN, NAME and ADMIN", [may_certify])
    check_addresses([admin], yes, how)
    office, acts = _programme(how)
    if file is not None:
        run_list(file, ACCREDIT, said, partial(accrediting, acts), "Accredit, permanently,", Acting(office, how, yes))
        return
    assert domain is not None
    assert name is not None
    assert admin is not None
    act = acts.accredit(domain, name, admin, may_certify)
    if how.sends and not yes and at_terminal() and not act.done():
        _ask_again(domain, name)
    perform([act], office, how)


@click.command()
@click.argument("domain")
@YES
@acting
def suspend(domain: str, yes: bool, how: How) -> None:
    """Suspend the institution DOMAIN: it cannot issue; what it issued is not affected."""
    office, acts = _programme(how)
    steps = [acts.suspend(domain)]
    confirm_acts(steps, "Suspend this institution?", yes, how)
    perform(steps, office, how)


@click.command()
@click.argument("domain")
@acting
def reinstate(domain: str, how: How) -> None:
    """Reinstate the suspended institution DOMAIN."""
    office, acts = _programme(how)
    perform([acts.reinstate(domain)], office, how)


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="ADDRESS|KEYFILE...")
@click.option("--up-to", "coins", required=True, metavar="COINS", help="How many coins each has then, such as 0.01.")
@YES_ADDRESS
@acting
def fund(keys: tuple[str, ...], coins: str, yes: bool, how: How) -> None:
    """Top up keys, so that they can pay for gas; a key that has as much already gets nothing."""
    check_addresses(keys, yes, how)
    office, acts = _programme(how)
    perform(top_ups(acts.registry.sender, keys, wei_of(coins)), office, how)


@click.group()
def registry() -> None:
    """What the registry holds, and who owns it."""


@registry.command()
@CONFIG
@click.option("--registry", "which", metavar="ADDRESS|NETWORK", help="Which of several, also one that is retired.")
@JSON
def show(config: Path | None, which: str | None, as_json: bool) -> None:
    """Print the registry: owner, successor, and every institution with its counts."""
    with reporting_errors():
        data = registry_data(config, which)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for name in ("programme", "network", "chain_id", "address", "owner", "nominee", "successor", "successor_chain"):
        click.echo(f"{name:<15} {data[name] or '-'}")
    for each in data["institutions"]:
        state = "suspended" if each["suspended"] else "accredited"
        click.echo(
            f"\n{each['name']} ({each['domain']}), {state}{', may certify' if each['may_certify'] else ''}\n"
            f"  admin {each['admin']}{_handing_over(each['pending_admin'])}\n"
            f"  claimed by its signers: {each['certificates']:,} certificates; on record: {each['batches']:,} batches, "
            f"{each['revocations']:,} revocations"
        )
    if data["institutions"]:
        click.echo(
            "\nHow many certificates a batch holds is what its signer said when it was registered. What batch files "
            "prove: sanad report"
        )


@registry.command()
@click.argument("domain")
@CONFIG
@click.option("--registry", "which", metavar="ADDRESS|NETWORK", help="Which of several, also one that is retired.")
@JSON
def keys(domain: str, config: Path | None, which: str | None, as_json: bool) -> None:
    """List every key that was ever a signer or the admin of the institution DOMAIN, removed since or not.

    After a theft: those authorised since then, and not by you, are to be distrusted too.
    """
    with reporting_errors():
        found = keys_data(config, domain, which)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for each in found:
        offices = [name for name, held in (("admin", each["admin"]), ("signer", each["signer"])) if held]
        state = ", ".join(offices) or ("was admin" if each["was_admin"] else "was signer")
        distrusted = f", distrusted since {each['distrusted_since']}" if each["distrusted_since"] else ""
        click.echo(f"{each['address']}  last authorised {each['authorised_at']}  {state}{distrusted}")


@registry.command()
@click.argument("domain")
@CONFIG
@click.option("--registry", "which", metavar="ADDRESS|NETWORK", help="Which of several, also one that is retired.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheet programs.")
@JSON
def signers(domain: str, config: Path | None, which: str | None, as_csv: bool, as_json: bool) -> None:
    """List who may issue for the institution DOMAIN: since when, on whose word, and with how many coins.

    A key that the institution distrusts is listed and may not issue. sanad registry keys lists also those that were
    removed.
    """
    if as_csv and as_json:
        raise click.UsageError("Say either --json or --csv.")
    with reporting_errors():
        found = signers_of(config, domain, which)
    if as_json:
        click.echo(json.dumps(signers_data(found), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(csv_text(SIGNER_COLUMNS, found.keys), nl=False)
    else:
        click.echo("\n".join(signers_lines(found)))


@registry.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@CONFIG
@click.option("--dry-run", is_flag=True, help="Print the file; write nothing.")
def publish(folder: Path, config: Path | None, dry_run: bool) -> None:
    """Write .well-known/sanad.json into FOLDER, which your website shows as its root.

    Verifiers that trust your domain read from it which registry is yours, and which ones were.
    """
    with reporting_errors(), reporting_deploy_errors():
        file = programme_file(config)
        click.echo(write_programme_file(file).decode(), nl=False)
        if not dry_run:
            click.echo(
                f"Written to {write(file, folder)}. Verifiers read it at https://<your domain>/.well-known/sanad.json."
            )


@registry.command()
@click.argument("domain")
@CONFIG
@click.option("--dry-run", is_flag=True, help="Show what the domain says; change nothing.")
@JSON
def trust(domain: str, config: Path | None, dry_run: bool, as_json: bool) -> None:
    """Trust the registry that the programme at DOMAIN publishes now, whatever it published before.

    Your word, for a registry that the old one does not name as its successor. Compare the address with what the
    programme tells you by another way.
    """
    with reporting_errors():
        settings = load_settings(config)
        if domain not in settings.trust.domains:
            raise CommandError(f'{settings.path} does not trust {domain}: put trust = ["{domain}"] into [verifier].')
        change = look(settings, domain)
        if not dry_run:
            accept(settings, change)
    before = None if change.before is None else str(change.before.registry)
    if as_json:
        trusted = {"domain": domain, "programme": change.now.programme, "registry": str(change.now.registry)}
        click.echo(json.dumps({**trusted, "registry_before": before, "dry_run": dry_run}, ensure_ascii=False, indent=1))
        return
    click.echo(
        f"programme     {change.now.programme}\ntrusted now   {before or '-'}\npublished     {change.now.registry}"
    )
    click.echo("Dry run: nothing was changed." if dry_run else f"{change.now.registry} is trusted from now on.")


@registry.command()
@click.argument("nominee", required=False)
@click.option("--accept", is_flag=True, help="Take over, with the nominee's key.")
@YES
@acting
def transfer(nominee: str | None, accept: bool, yes: bool, how: How) -> None:
    """Hand the registry over to another owner: nominate it, then accept with its key."""
    if accept == (nominee is not None):
        raise click.UsageError("Give either the nominee's address, or --accept.")
    check_addresses([nominee], yes, how)
    office, acts = _programme(how, accept)
    steps = [acts.accept() if nominee is None else acts.transfer(nominee)]
    question = "Take the registry over?" if nominee is None else "Let this key take the registry over?"
    confirm_acts(steps, question, yes, how)
    perform(steps, office, how)


@registry.command("replace-admin")
@click.argument("domain")
@click.argument("admin", metavar="ADMIN")
@YES
@acting
def replace_admin(domain: str, admin: str, yes: bool, how: How) -> None:
    """Put another admin key in place at once, where the institution's is lost or stolen.

    If the institution distrusts that key, this lifts it: what counts again is listed before anything is sent.
    """
    check_addresses([admin], yes, how)
    office, acts = _programme(how)
    steps = [acts.replace_admin(domain, admin, [file.root for file in _known_files(office, domain)])]
    confirm_acts(steps, "Put this key in the admin's place?", yes, how)
    perform(steps, office, how)


@registry.command()
@click.argument("domain")
@click.argument("address")
@click.option("--since", metavar="TIME", help="UTC, as 2026-11-23T09:30:00Z.")
@click.option("--lift", is_flag=True, help="Lift the distrust instead.")
@YES
@acting
def distrust(domain: str, address: str, since: str | None, lift: bool, yes: bool, how: How) -> None:
    """Distrust the former admin ADDRESS of the institution DOMAIN: what that key wrote since TIME ceases to count.

    Put another admin in its place first: sanad registry replace-admin. Lists what ceases to count, as far as the
    institution's batch files are in the archive.
    """
    if lift == (since is not None):
        raise click.UsageError("Give either --since TIME, or --lift.")
    check_addresses([address], yes, how)
    office, acts = _programme(how)
    if since is None:
        steps, lines = [acts.lift_distrust(domain, address)], []
    else:
        steps = [acts.distrust(domain, address, utc_seconds(since))]
        lines = _ceasing(office, acts, steps[0], domain, address, utc_seconds(since))
    if (yes or not how.sends) and not how.as_json:  # else they are shown with the question, or among the facts
        click.echo("\n".join(lines), nl=bool(lines))
    question = "Let all that this key wrote count again?" if lift else "Distrust this key, with these consequences?"
    confirm_acts(steps, question, yes, how, () if yes else lines)
    if how.as_json:
        more = {f"consequence {number}": line for number, line in enumerate(lines, 1)}
        steps = [replace(step, facts={**step.facts, **more}) for step in steps]
    perform(steps, office, how)


def _ceasing(office: "Office", acts: "ProgrammeActs", step: "Act", domain: str, key: str, since: int) -> list[str]:
    """What ceases to count; nothing where the registry has the distrust already."""
    return ceasing(acts.registry, domain, key, since, _known_files(office, domain)) if step.is_due() else []


@registry.command()
@click.argument("domain")
@click.argument("name")
@YES
@acting
def rename(domain: str, name: str, yes: bool, how: How) -> None:
    """Show the institution DOMAIN under another NAME; verdicts on what it issued before show it too."""
    office, acts = _programme(how)
    steps = [acts.rename(domain, name)]
    confirm_acts(steps, "Show this name on everything that the institution ever issued?", yes, how)
    perform(steps, office, how)


@registry.command("permit-certifying")
@click.argument("domain")
@click.option("--end", is_flag=True, help="End this. Keys authorised on its word stay so; no others can be.")
@acting
def permit_certifying(domain: str, end: bool, how: How) -> None:
    """Let the institution DOMAIN certify educators (`sanad certify`)."""
    office, acts = _programme(how)
    perform([acts.permit_certifying(domain, not end)], office, how)


registry.add_command(state)


def _handing_over(nominee: str | None) -> str:
    return f", handing over to {nominee}" if nominee else ""


def _ask_again(domain: str, name: str) -> None:
    click.echo(f"{name} will issue as {domain}, permanently. Its website is https://{domain}/.", err=True)
    again = str(click.prompt("Type the domain again", err=True))
    if again.strip() != domain:
        raise CommandError(f"{again!r} is not {domain!r}. Nothing was sent.")


def _known_files(office: "Office", domain: str) -> "list[BatchFile]":
    """Of the institution's batches, as far as there is an archive here."""
    return [] if office.settings.archive is None else batch_files(FolderArchive(office.settings.archive), domain)


def _programme(how: How, accept: bool = False) -> "tuple[Office, ProgrammeActs]":
    office = how.office()
    return office, programme_acts(office, how.accepting(accept))
