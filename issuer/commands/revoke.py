"""The commands that take a certificate back: `revoke` and `replace`. No logic here: issuer/office does the work."""

import click

from issuer.commands.acting import YES, How, acting, confirm, perform
from issuer.commands.naming import METAVAR, NAME, NUMBER, naming
from issuer.office.certificates import Meant, certificate_meant
from issuer.office.records_place import Place, place_in
from issuer.office.taking_back import TakingBack, replacement, revocation
from issuer.registry.reasons import REASONS
from verifier.commands.opening import CommandError
from verifier.core.hashes import to_hex

_REASON = click.Choice(list(REASONS))


@click.command()
@naming
@click.option("--reason", type=_REASON, required=True, help="Why; the registry keeps it as a number.")
@YES
@acting
def revoke(certificate: str | None, name: str | None, number: str | None, reason: str, yes: bool, how: How) -> None:
    """Revoke a certificate. This is final: whose it is is shown, and asked.

    The certificate is named by its PDF, link, hash or short code, or among the records by --name or --number.
    The professor's key revokes what it registered itself; the admin's, by --key, anything of the institution.

    \b
    Exit codes: 0 revoked, or already so; 2 it could not be done; 3 sent, and not yet known what became of it.
    """
    office = how.office()
    meant = certificate_meant(place_in(office), certificate, name, number)
    found = revocation(office, how.choice, meant, reason)
    _ask(found, "Revoke this certificate permanently?", yes, how)
    facts = {"hash": to_hex(found.old.hash), "reason": reason}
    report = perform([found.act], office, how, lambda data: {**facts, **data[0]})
    if how.sends and not how.as_json:
        already = report.performed[0].already
        click.echo(f"{found.old.hash.hex()} {'was revoked already' if already else f'is revoked ({reason})'}.")


@click.command()
@click.argument("certificates", nargs=-1, required=True, metavar="[OLD] NEW")
@NAME
@NUMBER
@click.option("--reason", type=_REASON, default="superseded", show_default=True, help="Why, as of `sanad revoke`.")
@click.option("--even-so", is_flag=True, help="Also where the two are of different students or courses.")
@YES
@acting
def replace(
    certificates: tuple[str, ...],
    name: str | None,
    number: str | None,
    reason: str,
    even_so: bool,
    yes: bool,
    how: How,
) -> None:
    """Mark the certificate OLD as replaced by NEW, which has to be registered and final already.

    Each is named by its PDF, link, hash or short code; instead of OLD, --name or --number say whose it is. Where the
    new one is not issued yet, `sanad correct` does both.

    This is final: both are shown, and asked. Two certificates of different students or courses are refused.

    \b
    Exit codes: 0 replaced, or already so; 2 it could not be done; 3 sent, and not yet known what became of it.
    """
    office = how.office()
    old, new = _pair(place_in(office), certificates, name, number)
    found = replacement(office, how.choice, old, new, reason, even_so)
    _ask(found, "Replace this certificate permanently?", yes, how)
    perform([found.act], office, how)


def _pair(place: Place, texts: tuple[str, ...], name: str | None, number: str | None) -> tuple[Meant, Meant]:
    """The old certificate and the new one."""
    called = name is not None or number is not None
    if len(texts) != (1 if called else 2):
        wanted = "NEW alone, beside --name or --number" if called else "OLD and NEW, or --name and NEW"
        raise CommandError(f"Name two certificates ({METAVAR}): {wanted}. {len(texts)} were given.")
    new = certificate_meant(place, texts[-1])
    return certificate_meant(place, None if called else texts[0], name, number, new.hash), new


def _ask(found: TakingBack, question: str, yes: bool, how: How) -> None:
    """Show whose certificate is taken back, and what comes instead; ask, unless it is done already."""
    if how.sends and found.act.cost() is None:  # what the registry refuses, nobody is asked about
        return
    lines = [f"To be taken back  {found.old}  ({found.reason})", f"                  {to_hex(found.old.hash)}"]
    if found.new is not None:
        lines += [f"In its place      {found.new}", f"                  {to_hex(found.new.hash)}"]
    if not (how.sends or how.as_json):
        click.echo("\n".join(lines))
    confirm(lines, question, yes, how)
