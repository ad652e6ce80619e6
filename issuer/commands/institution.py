"""The institution's commands: its signers, its batches, its educators, its admin.

No logic here: issuer/registry/institution.py and issuer/registry/distrusting.py do the work.
"""

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import How, acting, perform
from issuer.office.desk import chosen_key, open_desk
from issuer.registry.adopting import adoption
from issuer.registry.distrusting import describe, distrust_acts
from issuer.registry.replacing import replacement
from issuer.settings import load_key_settings
from verifier.core.codes import parse_code
from verifier.core.hashes import ZERO, commitment

if TYPE_CHECKING:
    from issuer.office.desk import Desk
    from issuer.registry.institution import InstitutionActs


@click.command()
@click.argument("domain")
@click.argument("address")
@click.option("--certifier", metavar="DOMAIN", help="The institution whose word for the educator is relied on.")
@acting
def authorise(domain: str, address: str, certifier: str | None, how: How) -> None:
    """Let the key ADDRESS issue for the institution DOMAIN."""
    desk, acts = _institution(how, domain)
    perform([acts.authorise(address, certifier)], desk, how)
    if certifier is not None and not how.as_json:
        click.echo(
            "Whoever issues with this key names the educator's certificate in [issuer] of sanad.toml, before issuing: "
            'educator = "its hash or link". Verdicts lead to it then.'
        )


@click.command()
@click.argument("domain")
@click.argument("address")
@acting
def remove(domain: str, address: str, how: How) -> None:
    """End the authority of the key ADDRESS; what it issued stands."""
    desk, acts = _institution(how, domain)
    perform([acts.remove(address)], desk, how)


@click.command()
@click.argument("domain")
@click.argument("address")
@click.option("--since", metavar="TIME", help="UTC, as 2026-11-23T09:30:00Z. Without it: now.")
@click.option("--lift", is_flag=True, help="Lift the distrust instead.")
@click.option(
    "--keep", multiple=True, metavar="ROOT", help="An honest batch, kept in the institution's name. Repeatable."
)
@click.option("--keep-recorded", is_flag=True, help="Keep every batch and revocation that our own records explain.")
@acting
def distrust(
    domain: str, address: str, since: str | None, lift: bool, keep: tuple[str, ...], keep_recorded: bool, how: How
) -> None:
    """Distrust the key ADDRESS since a moment: what it wrote from then on ceases to count.

    Lists what ceases to count first. What was honest is repeated in the institution's own name: revocations, then
    batches (--keep, --keep-recorded).
    """
    desk, acts = _institution(how, domain)
    if lift:
        perform([acts.lift_distrust(address)], desk, how)
        return
    moment = acts.now() if since is None else _moment(since)
    roots = [_hash(each) for each in keep]
    found, steps = distrust_acts(desk, acts, address, moment, roots, keep_recorded)
    adoption = [step for step in steps if step.name == "adopt"]
    # Adopting is possible only once the distrust stands, so a dry run cannot ask what it would cost.
    steps = [step for step in steps if step not in adoption] if how.dry_run else steps
    if how.as_json:
        lines = {f"consequence {number}": line for number, line in enumerate(describe(found), 1)}
        then = [fact for step in adoption for fact in step.facts if fact.startswith("batch ")] if how.dry_run else []
        lines |= {f"then adopted {number}": fact for number, fact in enumerate(then, 1)}
        steps = [
            dataclasses.replace(step, facts={**step.facts, **lines}) if step.name == "distrust" else step
            for step in steps
        ]
    for line in () if how.as_json else describe(found):
        click.echo(line)
    if found.batches and not adoption and not how.as_json:
        click.echo("To keep honest ones in the institution's own name: --keep-recorded, or --keep ROOT for each.")
    elif any(each.recorded for each in found.lost) and not (keep or keep_recorded or how.as_json):
        click.echo("Certificates that our own records revoked are good again then. To repeat it: --keep-recorded.")
    perform(steps, desk, how)
    for step in adoption if how.dry_run and not how.as_json else ():
        click.echo(f"Then adopted in the institution's own name: {len(step.facts) - 2} of these batches.")


@click.command()
@click.argument("domain")
@click.argument("root")
@click.option("--undo", is_flag=True, help="Let a withdrawn batch stand again.")
@acting
def withdraw(domain: str, root: str, undo: bool, how: How) -> None:
    """Withdraw the whole batch ROOT; `sanad batches --json` tells each batch's root."""
    desk, acts = _institution(how, domain)
    perform([acts.reinstate_batch(_hash(root)) if undo else acts.withdraw(_hash(root))], desk, how)


@click.command()
@click.argument("domain")
@click.argument("roots", nargs=-1, required=True)
@click.option(
    "--without-records", is_flag=True, help="Adopt although no records, or a silent registry, tell what was revoked."
)
@acting
def adopt(domain: str, roots: tuple[str, ...], without_records: bool, how: How) -> None:
    """Register batches in the institution's own name; their batch files are taken from the archive.

    On such a batch only the institution's revocations take effect. So every revocation that took effect on its
    certificates is repeated in the institution's name first; for a batch that is not on record here, also what was
    revoked or withdrawn in the other registries of sanad.toml.
    """
    desk, acts = _institution(how, domain)
    found = adoption(desk, acts, [_hash(root) for root in roots], without_records)
    if not how.as_json:
        _say_repeated(found.count, len(found.withdrawals))
    perform(found.acts, desk, how)


@click.command()
@click.argument("domain")
@click.argument("address")
@click.argument("certificate", metavar="[HASH]", required=False)
@click.option("--undo", is_flag=True, help="Take the word back, without HASH; keys authorised on it before stay so.")
@acting
def certify(domain: str, address: str, certificate: str | None, undo: bool, how: How) -> None:
    """Say that the key ADDRESS belongs to the educator whose certificate is HASH."""
    if undo == (certificate is not None):
        raise click.UsageError("Give either the hash of the educator's certificate, or --undo.")
    desk, acts = _institution(how, domain)
    if certificate is None:
        perform([acts.certify(address, ZERO)], desk, how)
        return
    hash_ = _hash(certificate)
    if desk.settings.verifier().archive.envelope(hash_) is None:
        click.echo(f"Note: the archive here holds no certificate 0x{hash_.hex()}. Compare the hash.", err=True)
    perform([acts.certify(address, commitment(hash_))], desk, how)


@click.command()
@click.argument("domain")
@click.argument("nominee", required=False)
@click.option("--accept", is_flag=True, help="Take over, with the nominee's key.")
@acting
def transfer(domain: str, nominee: str | None, accept: bool, how: How) -> None:
    """Hand the institution over to another admin key: nominate it, then accept with it."""
    if accept == (nominee is not None):
        raise click.UsageError("Give either the nominee's address, or --accept.")
    desk, acts = _institution(how, domain)
    perform([acts.accept() if nominee is None else acts.transfer(nominee)], desk, how)


@click.command()
@click.argument("old", metavar="OLD_HASH")
@click.argument("new", metavar="NEW_HASH")
@click.option("--reason", default="superseded", show_default=True, help="As of `sanad revoke`.")
@acting
def replace(old: str, new: str, reason: str, how: How) -> None:
    """Mark the certificate OLD_HASH as replaced by NEW_HASH, which has to be registered and final already."""
    desk = open_desk(how.config, how.registry)
    act, publish = replacement(desk, how.choice, _hash(old), _hash(new), reason)
    perform([act], desk, how, publish)


def _institution(how: How, domain: str) -> "tuple[Desk, InstitutionActs]":
    desk = open_desk(how.config, how.registry)
    place, passphrases = chosen_key(
        how.choice, load_key_settings(desk.path, "issuer", "admin_key"), "[issuer] admin_key"
    )
    return desk, desk.institution(desk.sender(place, passphrases), domain)


def _say_repeated(count: int, withdrawals: int) -> None:
    if withdrawals:
        click.echo(f"Before the adoption, {withdrawals:,} batches are withdrawn here, as in another registry.")
    if count:
        click.echo(f"Before the adoption, {count:,} revocations are repeated in the institution's own name:")
    else:
        click.echo("No revocation has to be repeated in the institution's own name.")


def _hash(text: str) -> bytes:
    found = parse_code(text)
    if not isinstance(found, bytes):
        raise click.UsageError("Give the whole hash: a short code may mean several.")
    return found


def _moment(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no moment. Write it as 2026-11-23T09:30:00Z.") from None
    if found.tzinfo is None:
        raise click.UsageError(f"{text!r} has no zone. Write it as 2026-11-23T09:30:00Z.")
    return int(found.timestamp())
