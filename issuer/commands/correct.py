"""`sanad correct`: a certificate issued again with what was wrong put right, in the place of the old one.

No logic here: issuer/office/correcting.py looks at what is asked for, issuer/office/corrections.py does it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from issuer.commands.acting import YES, How, acting_with_key, confirm, end, report_data
from issuer.commands.ending import letters, opened_issuer, reporting_problems
from issuer.commands.looking import look_first
from issuer.commands.naming import METAVAR
from issuer.commands.roster_options import file_options, read_options
from issuer.commands.terminal import progress_bars
from issuer.errors import BusyError, IssuerError, MailError, MailServerError, RosterErrors, ValueProblem
from issuer.mail.settings import has_mail
from issuer.mail.tally import exit_code, tally_text, unknown_text
from issuer.office.certificates import Certificates
from issuer.office.correcting import Planner, check_alike
from issuer.office.corrections import Costs, costs, issue_corrected, replace_olds
from issuer.office.letters import send_all
from issuer.office.office import open_office
from issuer.office.records_place import place_in
from issuer.roster import RosterProblem
from issuer.roster.corrections import FIELDS, Asked, read_corrections, value_of
from verifier.commands.opening import FILE, CommandError
from verifier.core.errors import SanadError
from verifier.core.hashes import to_hex
from verifier.settings import find_settings

if TYPE_CHECKING:
    from issuer.batches.issuing import Issuer
    from issuer.office.certificates import Meant
    from issuer.office.correcting import Change, Correction, Plan
    from issuer.office.office import Office
    from issuer.office.performing import Report
    from issuer.records import Batch

Function = TypeVar("Function", bound=Callable[..., Any])
_VALUES = {
    "name": "The student's name, as it is to be.",
    "number": "The student number.",
    "father_name": "The father's name.",
    "national_id": "The national identity number; only its last four digits are kept, the others may be asterisks.",
    "grade": "The grade.",
    "credits": "The credits.",
    "hours": "The hours.",
    "term": "The term.",
    "email": "The e-mail address; the letter goes there.",
    "date": "The day of award.",
}
_COLUMNS = {"number": "student_number"}


def _values(function: Function) -> Function:
    """An option for everything that a roster says of a student."""
    for name, help_ in reversed(_VALUES.items()):
        function = click.option(f"--{name.replace('_', '-')}", name, help=help_)(function)
    return function


@click.command()
@click.argument("certificates", nargs=-1, metavar=f"[{METAVAR}]...")
@_values
@click.option("--from", "file", type=FILE, help="A file of corrections, CSV or XLSX, one a row.")
@file_options
@click.option("--out", type=FILE, help="Folder for the files. [corrected, beside the old ones]")
@click.option("--no-mail", is_flag=True, help="Send no letter, although [mail] is set up.")
@YES
@acting_with_key
def correct(
    certificates: tuple[str, ...],
    file: Path | None,
    out: Path | None,
    no_mail: bool,
    yes: bool,
    how: How,
    sheet: str | None,
    encoding: str | None,
    mapped: tuple[str, ...],
    **values: str | None,
) -> None:
    """Correct a certificate: issue it again, replace the old one by it, and send the letter.

    The certificate is named by its PDF, link, hash or short code. Everything that is not named stays as it was, the day
    of award too; --father-name "" takes a value away. Old and new are shown, and asked: this cannot be
    undone.

    With --from the file has a column that names the certificate (certificate: code, link or hash; or student number)
    and columns for what changes; empty cells change nothing. Nothing happens while one row is wrong.

    Cut off anywhere, the same command goes on, and nobody gets two. --key is for replacing what another key registered.

    \b
    Exit codes: 0 corrected, or already so; 1 corrected, and a letter was refused; 2 it could not be done; 3 begun: type
    the same command again.
    """
    with reporting_problems(how.as_json, "Nothing was corrected."):
        options = read_options(sheet, encoding, mapped, namesakes=False)
        asked = _asked(certificates, values) if file is None else _of_file(certificates, values, file, options)
        mailing = letters(how.config, not no_mail and has_mail(how.config or find_settings()))
        opened = open_office(how.config)
        looked = look_first(opened, None, yes or how.dry_run)
        with opened_issuer(how.config, how.as_json, looked, opened) as (office, issuer):
            planner = Planner(office, issuer.store, how.choice)
            plan = planner.plan(asked)
            if file is None:
                check_alike(asked[0].values, [each.old for each in plan.corrections])
            price = costs(office, issuer, planner, plan)
            _confirm(plan, price, yes, how)
            done = None if how.dry_run or not plan.corrections else _carry_out(office, issuer, plan, how, out)
            _report(plan, price, done, how, office, issuer)
            if done is not None:
                _end(issuer, done, mailing, how)


def _asked(certificates: tuple[str, ...], values: dict[str, str | None]) -> list[Asked]:
    """What was typed."""
    read, problems = {}, []
    for option, raw in values.items():
        column = _COLUMNS.get(option, option)
        try:
            if raw is not None:
                read[FIELDS.get(column, column)] = value_of(column, raw)
        except ValueProblem as advice:
            shown = None if option == "national_id" else raw
            problems.append(RosterProblem(None, f"--{option.replace('_', '-')}", shown, str(advice)))
    if problems:
        raise RosterErrors(problems)
    if not certificates:
        raise CommandError("Which certificate? Give its PDF, link, hash or short code, or --from a file.")
    if not read:
        raise CommandError("What is to be corrected? Say it: --name, --grade, --father-name …")
    return [Asked(text, read) for text in certificates]


def _of_file(certificates: tuple[str, ...], values: dict[str, str | None], file: Path, options: Any) -> list[Asked]:
    if certificates or any(value is not None for value in values.values()):
        raise CommandError("Give certificates and what to correct, or --from a file that says both.")
    return read_corrections(file, options)


def _confirm(plan: "Plan", price: Costs, yes: bool, how: How) -> None:
    """Show old and new side by side; ask, unless all of it was begun before."""
    lines = list(_lines(plan, price))
    if how.dry_run and not how.as_json:
        click.echo("\n".join([*lines, *(["Dry run: nothing was sent."] if plan.corrections else [])]))
    if plan.fresh:
        confirm(lines, "Issue this, and replace the old one permanently?", yes, how)


def _lines(plan: "Plan", price: Costs) -> Iterator[str]:
    for each in plan.corrections:
        yield f"{each.old}" + ("" if each.is_new else "  (begun before)")
        yield from _side_by_side(each.changes)
    if plan.fresh:
        count = sum(map(len, plan.fresh.values()))
        are = "1 certificate is" if count == 1 else f"{count:,} certificates are"
        yield f"{are} issued again, and the old replaced: up to {price.gas:,} gas, {price.wei / 1e18:.6f} coins."


def _side_by_side(changes: "tuple[Change, ...]") -> list[str]:
    shown = [(each.column.replace("_", " "), _shown(each.old), _shown(each.new)) for each in changes]
    wide, old = (max(len(each[at]) for each in shown) for at in (0, 1))
    return [f"  {what:<{wide}}  {before:<{old}}  ->  {after}" for what, before, after in shown]


def _shown(value: Any) -> str:
    return "(nothing)" if value is None else str(value)


def _carry_out(
    office: "Office", issuer: "Issuer", plan: "Plan", how: How, out: Path | None
) -> "list[tuple[Batch, Report | None]]":
    """Issue, then replace; a batch's report is None where its olds were replaced by an earlier run."""
    batches = issue_corrected(office, issuer, plan, out)
    left = {batch.id for batch in issuer.store.corrections.pending()}
    done: list[tuple[Batch, Report | None]] = []
    for batch in batches:
        try:
            done.append((batch, replace_olds(office, issuer.store, batch, how.choice) if batch.id in left else None))
        except (IssuerError, SanadError) as error:
            _not_replaced(error)
    return done


def _not_replaced(error: Exception) -> None:
    click.echo(f"Issued, and the old one is not replaced yet. {error} Type the same command again.", err=True)
    sys.exit(3)


def _report(
    plan: "Plan",
    price: Costs,
    done: "list[tuple[Batch, Report | None]] | None",
    how: How,
    office: "Office",
    issuer: "Issuer",
) -> None:
    news = _news(office, issuer) if done is not None else {}
    if how.as_json:
        acts = [act for _, report in done or () if report is not None for act in report_data(report)]
        data = {
            "dry_run": how.dry_run,
            "cost": {"gas": price.gas, "wei": price.wei},
            "corrections": [_data(each, news.get(each.old.hash)) for each in plan.corrections],
            "unchanged": [to_hex(each.hash) for each in plan.unchanged],
            "acts": acts,
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for old in plan.unchanged:
        click.echo(f"Nothing to change: {old}")
    for each in plan.corrections if done is not None else ():
        if (new := news.get(each.old.hash)) is not None:
            click.echo(f"Corrected: {new}\n  {new.link}\n  {new.file}\n  in place of {each.old.short_code}")
    for transaction in _transactions(done or []):
        click.echo(f"Replaced in transaction {transaction}.")


def _transactions(done: "list[tuple[Batch, Report | None]]") -> Iterator[str]:
    """The transactions that replaced the old ones."""
    for _, report in done:
        for each in () if report is None else report.performed:
            if each.done is not None and each.done.transaction is not None:
                yield each.done.transaction


def _data(each: "Correction", new: "Meant | None") -> dict[str, Any]:
    return {
        "old": to_hex(each.old.hash),
        "new": None if new is None else to_hex(new.hash),
        "link": None if new is None else new.link,
        "file": None if new is None else str(new.file),
        "name": each.row.name,
        "row": each.asked_in,
        "changes": {change.column: [_plain(change.old), _plain(change.new)] for change in each.changes},
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _news(office: "Office", issuer: "Issuer") -> "dict[bytes, Meant]":
    """By `H` of each old certificate, the corrected one."""
    known = issuer.store.corrections.all()
    certificates = Certificates(issuer.store, place_in(office))
    kept = {(each.batch, each.draft.position): each for each in issuer.store.certificates.at(list(known.values()))}
    return {
        old: certificates.of(kept[place])
        for old, place in known.items()
        if place in kept and kept[place].hash is not None
    }


def _end(issuer: "Issuer", done: "list[tuple[Batch, Report | None]]", mailing: Path | None, how: How) -> None:
    """What followed and what failed; then the letters."""
    for _, report in done:
        try:
            if report is not None:
                end(report)
        except (IssuerError, SanadError) as error:
            _not_replaced(error)
    if mailing is None:
        return
    try:
        with progress_bars(how.as_json) as progress:
            tallies = send_all(mailing, issuer.store, [batch for batch, _ in done], progress)
    except (BusyError, MailError, MailServerError) as error:
        click.echo(f"Corrected, and not every letter was sent. {error} Then: sanad mail send", err=True)
        sys.exit(3)
    for id_, tally in tallies.items():
        told = [f"Letters: {tally_text(tally)}", *unknown_text(issuer.store, issuer.store.batch(id_))]
        click.echo("\n".join(told), err=how.as_json)
    sys.exit(exit_code(tallies.values()))
