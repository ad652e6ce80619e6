"""The institution's commands: its signers, its batches, its educators, its admin.

No logic here: issuer/registry/institution.py and issuer/registry/distrusting.py do the work, issuer/office performs it.
"""

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import YES, How, acting, check_addresses, confirm_acts, perform, utc_seconds
from issuer.commands.in_bulk import Acting, Said, listing, one_or_list, run_list
from issuer.commands.naming import METAVAR
from issuer.errors import UnknownCertificateError
from issuer.office.certificates import certificate_meant
from issuer.office.in_bulk import AUTHORISE, CERTIFY, REMOVE, authorising, certifying, removing
from issuer.office.records_place import place_in
from issuer.registry.adopting import adoption
from issuer.registry.distrusting import describe, distrust_acts
from issuer.registry.former_admins import former_admin_acts, is_former_admin
from issuer.text import moment
from verifier.archive_folder import FolderArchive
from verifier.core.codes import parse_code
from verifier.core.hashes import ZERO, commitment, to_hex

if TYPE_CHECKING:
    from issuer.office.office import Office
    from issuer.registry.act import Act
    from issuer.registry.distrusting import Consequences
    from issuer.registry.institution import InstitutionActs


@click.command()
@click.argument("domain")
@click.argument("address", required=False)
@click.option("--certifier", metavar="DOMAIN", help="The institution that certified the educator.")
@listing
@YES
@acting
def authorise(
    domain: str, address: str | None, certifier: str | None, file: Path | None, said: Said, yes: bool, how: How
) -> None:
    """Let the key ADDRESS issue for the institution DOMAIN.

    With --from the file has a column key (the address, or its keystore file), and if you like the columns certifier (a
    domain) and name. All rows are checked first. The same list again goes on with what is left.
    """
    one_or_list(file, [address], "the key's address", [certifier])
    check_addresses([address], yes, how)
    office, acts = _institution(how, domain)
    if file is not None:
        run_list(file, AUTHORISE, said, partial(authorising, acts), "Authorise", Acting(office, how, yes))
        return
    assert address is not None
    perform([acts.authorise(address, certifier)], office, how)
    if certifier is not None and not how.as_json:
        click.echo(
            "Before anything is issued with this key, name the educator's certificate in [issuer] of sanad.toml: "
            'educator = "its hash or link". Verdicts then link to it.'
        )


@click.command()
@click.argument("domain")
@click.argument("address", required=False)
@listing
@YES
@acting
def remove(domain: str, address: str | None, file: Path | None, said: Said, yes: bool, how: How) -> None:
    """End the authority of the key ADDRESS; what it issued stays valid.

    With --from the file has a column key, and if you like a column name. All rows are checked first. The same list
    again goes on with what is left.
    """
    one_or_list(file, [address], "the key's address")
    check_addresses([address], yes, how)
    office, acts = _institution(how, domain)
    if file is not None:
        run_list(file, REMOVE, said, partial(removing, acts), "End the authority of", Acting(office, how, yes))
        return
    assert address is not None
    steps = [acts.remove(address)]
    confirm_acts(steps, "End this key's authority?", yes, how)
    perform(steps, office, how)


@click.command()
@click.argument("domain")
@click.argument("address")
@click.option("--since", metavar="TIME", help="UTC, as 2026-11-23T09:30:00Z. Without it: now.")
@click.option("--lift", is_flag=True, help="Lift the distrust instead.")
@click.option(
    "--keep", multiple=True, metavar="ROOT", help="An honest batch, kept in the institution's name. Repeatable."
)
@click.option("--keep-recorded", is_flag=True, help="Keep every batch and revocation that our own records explain.")
@YES
@acting
def distrust(
    domain: str,
    address: str,
    since: str | None,
    lift: bool,
    keep: tuple[str, ...],
    keep_recorded: bool,
    yes: bool,
    how: How,
) -> None:
    """Distrust the key ADDRESS since a moment: what it wrote from then on ceases to count.

    Lists what ceases to count first. What was honest is repeated in the institution's own name: revocations, then
    batches (--keep, --keep-recorded).
    """
    check_addresses([address], yes, how)
    office, acts = _institution(how, domain)
    if lift:
        lifting = [acts.lift_distrust(address)]
        confirm_acts(lifting, "Let all that this key wrote count again?", yes, how)
        perform(lifting, office, how)
        return
    former = is_former_admin(acts, address)
    if how.safe is not None and since is None and not former:
        raise click.UsageError(
            f"With --safe, say since when: --since {moment(acts.now())} is now. Typed again, it means the same moment, "
            "and the command knows what the multisig did."
        )
    at = acts.now() if since is None else utc_seconds(since)
    archive, roots = FolderArchive(office.archive_folder), [_root(each) for each in keep]
    with office.records() as store:
        if former:
            found, steps = former_admin_acts(acts, address, archive, store, keep_recorded)
        else:
            found, steps = distrust_acts(acts, address, at, archive, store, roots, keep_recorded)
    lines = [*describe(found), *_advice(found, bool(keep or keep_recorded))]
    if (yes or not how.sends) and not how.as_json:  # else they are shown with the question, or among the facts
        click.echo("\n".join(lines))
    asked = [step for step in steps if step.name == "distrust"] or steps
    question = (
        "Distrust this key, with these consequences?" if asked is not steps else "Repeat what was honest of this?"
    )
    confirm_acts(asked, question, yes, how, () if yes else lines)
    _perform_distrust(office, _noted(steps, list(describe(found)), how) if how.as_json else steps, how)


def _perform_distrust(office: "Office", steps: "list[Act]", how: How) -> None:
    """Do it. Adopting is possible only once the distrust is written: a dry run cannot ask what that would cost."""
    if not how.dry_run or how.safe is not None:
        perform(steps, office, how, after=frozenset({"adopt"}))
        return
    perform([step for step in steps if step.name != "adopt"], office, how)
    for step in steps if not how.as_json else ():
        if step.name == "adopt":
            click.echo(f"Then adopted in the institution's own name: {len(_adopted(step))} of these batches.")


def _advice(found: "Consequences", kept: bool) -> list[str]:
    """How to keep what ends, where nothing is kept."""
    if kept:
        return []
    if found.batches:
        return ["To keep honest ones in the institution's own name: --keep-recorded, or --keep ROOT for each."]
    if any(each.recorded for each in found.lost):
        return ["Certificates that our own records revoked are good again then. To repeat it: --keep-recorded."]
    return []


def _noted(steps: "list[Act]", lines: list[str], how: How) -> "list[Act]":
    """The acts, the distrust with its consequences, for --json."""
    facts = {f"consequence {number}": line for number, line in enumerate(lines, 1)}
    if how.dry_run:
        then = [fact for step in steps if step.name == "adopt" for fact in _adopted(step)]
        facts |= {f"then adopted {number}": fact for number, fact in enumerate(then, 1)}
    return [
        dataclasses.replace(step, facts={**step.facts, **facts}) if step.name == "distrust" else step for step in steps
    ]


def _adopted(step: "Act") -> list[str]:
    return [fact for fact in step.facts if fact.startswith("batch ")]


@click.command()
@click.argument("domain")
@click.argument("root")
@click.option("--undo", is_flag=True, help="Reinstate a withdrawn batch.")
@YES
@acting
def withdraw(domain: str, root: str, undo: bool, yes: bool, how: How) -> None:
    """Withdraw the whole batch ROOT; `sanad batches --json` shows each batch's root."""
    office, acts = _institution(how, domain)
    steps = [acts.reinstate_batch(_root(root)) if undo else acts.withdraw(_root(root))]
    question = (
        "Let every certificate of this batch count again?" if undo else "Withdraw every certificate of this batch?"
    )
    confirm_acts(steps, question, yes, how, _of_batch(office, _root(root)))
    perform(steps, office, how)


@click.command()
@click.argument("domain")
@click.argument("roots", nargs=-1, required=True)
@click.option(
    "--without-records", is_flag=True, help="Adopt even if neither records nor registry can say what was revoked."
)
@YES
@acting
def adopt(domain: str, roots: tuple[str, ...], without_records: bool, yes: bool, how: How) -> None:
    """Register batches in the institution's own name; their batch files are taken from the archive.

    On such a batch only the institution's revocations take effect. So every revocation that took effect on its
    certificates is repeated in the institution's name first; for a batch that is not on record here, also what was
    revoked or withdrawn in the other registries of sanad.toml.
    """
    office, acts = _institution(how, domain)
    wanted, folder = [_root(root) for root in roots], office.archive_folder
    with office.records() as store:
        found = adoption(acts, wanted, folder, store, office.others, without_records)
    if not how.as_json:
        _say_repeated(found.count, len(found.withdrawals))
    lines = [line for root in wanted for line in _of_batch(office, root)]
    confirm_acts([found.adoption], "Register this in the institution's own name, permanently?", yes, how, lines)
    perform(found.acts, office, how)


@click.command()
@click.argument("domain")
@click.argument("address", required=False)
@click.argument("certificate", metavar=f"[{METAVAR}]", required=False)
@click.option(
    "--undo", is_flag=True, help="Take the word back, without a certificate; keys authorised on it before stay so."
)
@listing
@YES
@acting
def certify(
    domain: str,
    address: str | None,
    certificate: str | None,
    undo: bool,
    file: Path | None,
    said: Said,
    yes: bool,
    how: How,
) -> None:
    """Say that the key ADDRESS belongs to the educator who has this certificate.

    The certificate is named by its PDF, link, hash or short code; it may be another institution's.

    With --from the file has the columns key and certificate, and if you like name, which must be the name on the
    certificate. Every certificate must be good now. Up to 200 educators are certified in one transaction.
    """
    one_or_list(file, [address], "the key's address", [certificate, undo])
    if file is None and undo == (certificate is not None):
        raise click.UsageError("Give either the educator's certificate, or --undo.")
    check_addresses([address], yes, how)
    office, acts = _institution(how, domain)
    if file is not None:
        run_list(file, CERTIFY, said, partial(certifying, office, acts), "Certify", Acting(office, how, yes))
        return
    assert address is not None
    if certificate is None:
        perform([acts.certify(address, ZERO)], office, how)
        return
    perform([acts.certify(address, commitment(_educator(office, certificate)))], office, how)


@click.command()
@click.argument("domain")
@click.argument("nominee", required=False)
@click.option("--accept", is_flag=True, help="Take over, with the nominee's key.")
@YES
@acting
def transfer(domain: str, nominee: str | None, accept: bool, yes: bool, how: How) -> None:
    """Hand the institution over to another admin key: nominate it, then accept with it."""
    if accept == (nominee is not None):
        raise click.UsageError("Give either the nominee's address, or --accept.")
    check_addresses([nominee], yes, how)
    office, acts = _institution(how, domain, accept)
    steps = [acts.accept() if nominee is None else acts.transfer(nominee)]
    question = "Take the institution over?" if nominee is None else "Let this key take the institution over?"
    confirm_acts(steps, question, yes, how)
    perform(steps, office, how)


def _educator(office: "Office", text: str) -> bytes:
    """`H` of an educator's certificate; one that is not known here is named by its hash or link."""
    try:
        meant = certificate_meant(place_in(office), text)
    except UnknownCertificateError as error:
        if error.hash is None:
            raise
        click.echo(f"Note: the archive here holds no certificate {to_hex(error.hash)}. Compare the hash.", err=True)
        return error.hash
    click.echo(f"The educator's certificate: {meant}", err=True)
    return meant.hash


def _root(text: str) -> bytes:
    """The root of a batch that somebody typed.

    Raises:
        CodeError, UsageError: it is none.
    """
    found = parse_code(text)
    if not isinstance(found, bytes):
        raise click.UsageError(f"{text} is no batch's root, which has 64 digits: sanad batches --json says them.")
    return found


def _institution(how: How, domain: str, accept: bool = False) -> "tuple[Office, InstitutionActs]":
    office = how.office()
    return office, office.institution(domain, how.accepting(accept))


def _of_batch(office: "Office", root: bytes) -> list[str]:
    """Which class a batch is, as far as the records know."""
    with office.records() as store:
        found = [] if store is None else [batch for batch in store.batches() if batch.root == root]
    return [f"  {batch.course}, {batch.size:,} certificates, drafted {batch.drafted[:10]}" for batch in found]


def _say_repeated(count: int, withdrawals: int) -> None:
    if withdrawals:
        click.echo(f"Before the adoption, {withdrawals:,} batches are withdrawn here, as in another registry.")
    if count:
        click.echo(f"Before the adoption, {count:,} revocations are repeated in the institution's own name:")
    else:
        click.echo("No revocation has to be repeated in the institution's own name.")
