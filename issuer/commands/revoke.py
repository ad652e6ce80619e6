"""The commands that take a certificate back: `revoke` and `replace`. No logic here: issuer/office does the work."""

import click

from issuer.commands.acting import YES, How, acting, confirm, hash_of, perform
from issuer.office.taking_back import TakingBack, replacement, revocation
from issuer.registry.reasons import REASONS
from verifier.core.hashes import to_hex

_REASON = click.Choice(list(REASONS))


@click.command()
@click.argument("certificate", metavar="HASH")
@click.option("--reason", type=_REASON, required=True, help="Why; the registry keeps it as a number.")
@YES
@acting
def revoke(certificate: str, reason: str, yes: bool, how: How) -> None:
    """Revoke a certificate by its hash. This is final: whose it is is shown, and asked.

    The professor's key revokes what it registered itself; the admin's, by --key, anything of the institution.

    \b
    Exit codes: 0 revoked, or already so; 2 it could not be done; 3 sent, and not yet known what became of it.
    """
    office = how.office()
    found = revocation(office, how.choice, _certificate(certificate), reason)
    _ask(found, "Revoke this certificate for ever?", yes, how)
    facts = {"hash": to_hex(found.old.hash), "reason": reason}
    report = perform([found.act], office, how, lambda data: {**facts, **data[0]})
    if not (how.as_json or how.dry_run):
        already = report.performed[0].already
        click.echo(f"{found.old.hash.hex()} {'was revoked already' if already else f'is revoked ({reason})'}.")


@click.command()
@click.argument("old", metavar="OLD_HASH")
@click.argument("new", metavar="NEW_HASH")
@click.option("--reason", type=_REASON, default="superseded", show_default=True, help="Why, as of `sanad revoke`.")
@click.option("--even-so", is_flag=True, help="Also where the two are of different students or courses.")
@YES
@acting
def replace(old: str, new: str, reason: str, even_so: bool, yes: bool, how: How) -> None:
    """Mark the certificate OLD_HASH as replaced by NEW_HASH, which has to be registered and final already.

    This is final: both are shown, and asked. Two certificates of different students or courses are refused.

    \b
    Exit codes: 0 replaced, or already so; 2 it could not be done; 3 sent, and not yet known what became of it.
    """
    office = how.office()
    found = replacement(office, how.choice, _certificate(old), _certificate(new), reason, even_so)
    _ask(found, "Replace this certificate for ever?", yes, how)
    perform([found.act], office, how)


def _certificate(text: str) -> bytes:
    """`H` of the certificate that somebody means."""
    return hash_of(text)


def _ask(found: TakingBack, question: str, yes: bool, how: How) -> None:
    """Show whose certificate is taken back, and what comes instead; ask, unless it is done already."""
    if not how.dry_run and not found.act.is_due():
        return
    lines = [f"To be taken back  {found.old}  ({found.reason})", f"                  {to_hex(found.old.hash)}"]
    if found.new is not None:
        lines += [f"In its place      {found.new}", f"                  {to_hex(found.new.hash)}"]
    if how.dry_run and not how.as_json:
        click.echo("\n".join(lines))
    confirm(lines, question, yes, how)
