"""The command `sanad status`: the lists by which verifiers that do not know the registry see revocations."""

import json
import sys
from pathlib import Path

import click

from issuer.act_options import ask_passphrase, told


@click.group()
def status() -> None:
    """Publish the status lists (Bitstring Status List 1.0) that certificates name."""


@status.command()
@click.argument("domain", required=False)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The sanad.toml to use. Without it: ./sanad.toml, else ./sanad-demo/.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def publish(domain: str | None, config: Path | None, as_json: bool) -> None:
    """Sign the lists out of the registry's revocations and publish them in the archive.

    For every institution in the records, or for DOMAIN. It is done after each sanad issue and sanad revoke too; let it
    run now and then, because others revoke as well.

    \b
    Exit codes: 0 published; 2 not possible; 3 the registry could not be asked, and nothing was published.
    """
    from verifier.core.errors import RegistryUnavailableError

    with told():
        from issuer.publishing.after import publish_status_lists
        from issuer.service import open_office

        try:
            found = publish_status_lists(open_office(config, ask_passphrase), domain)
        except RegistryUnavailableError as error:
            click.echo(f"Nothing was published: the registry could not be asked. {error}", err=True)
            sys.exit(3)
    if as_json:
        data = [
            {"url": each.url, "file": str(each.path), "revoked": each.revoked, "written": each.written}
            for each in found
        ]
        click.echo(json.dumps(data, indent=1))
        return
    for each in found:
        click.echo(f"{each.url}  {each.revoked:,} revoked  {'written' if each.written else 'stands as it is'}")
    if not found:
        click.echo(f"The records know no certificate of {domain}." if domain else "No certificate has been issued yet.")
