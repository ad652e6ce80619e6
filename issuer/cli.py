"""The commands for issuing: `issue`, `revoke`, `resume`, `batches`.

Importing this module is quick; what the commands need is imported when they run. No logic here: issuer/service.py
and issuer/issuing.py do the work, and a console may call them as well.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from issuer.roster.options import read_options, roster_options
from verifier.cli import CommandError

if TYPE_CHECKING:
    from issuer.checking import Checked
    from issuer.issuing import Issuer
    from issuer.roster import RosterProblem
    from issuer.roster.report import ClassReport
    from issuer.service import Office
    from issuer.store import Batch

_FILE = click.Path(path_type=Path)
_CONFIG = click.option(
    "--config", type=_FILE, help="The sanad.toml to use. Without it: ./sanad.toml, else ./sanad-demo/."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MAIL = click.option("--mail", is_flag=True, help="Then send each student a letter with link and PDF ([mail]).")
_REASONS = ("issued-in-error", "data-error", "misconduct", "superseded", "holder-request", "other")


@click.command()
@click.argument("roster", type=_FILE)
@click.option("--course", type=_FILE, required=True, help="The course description (course.toml).")
@click.option("--out", type=_FILE, default=Path("certificates"), help="Folder for the files. [./certificates]")
@click.option("--check", is_flag=True, help="Only check roster and course; issue nothing.")
@click.option(
    "--again",
    multiple=True,
    metavar="ROW|NAME",
    help="A student who has it already and gets it once more, by the row's number or the name. May be repeated.",
)
@_MAIL
@roster_options
@_CONFIG
@_JSON
def issue(
    roster: Path,
    course: Path,
    out: Path,
    check: bool,
    again: tuple[str, ...],
    mail: bool,
    config: Path | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Issue certificates to a class: one transaction, a sealed PDF and an envelope for each student.

    The roster is CSV or XLSX. Whoever has this course's certificate already is listed and left out, so a roster that
    has grown may be given again. Nothing is issued while any row has a problem.

    \b
    Exit codes: 0 issued, all valid, or everybody had it already; 1 a certificate is not valid; 2 it could not be
    done, or --check found problems; 3 begun, and goes on with `sanad resume`. With --mail, letters that were not
    sent count too, as for `sanad mail send`.
    """
    with _told(as_json):
        letters = _letters(config, mail)
        from issuer.course import load_course
        from issuer.roster.report import examine

        described = load_course(course)
        for warning in described.warnings:
            click.echo(f"Warning: {warning}", err=True)
        report = examine(described, roster, read_options(**reading), again, config)
        _tell(report, check, as_json)
        with _issuer(config, as_json) as (office, issuer):
            more = frozenset(each.row.number for each in report.found.again)
            batch = issuer.issue(course, report.found.to_issue, out, office.settings.origin, more)
            _finish(office, issuer, [batch], as_json, report.data(), letters)


@click.command()
@click.argument("roster", type=_FILE)
@click.option("--course", type=_FILE, required=True, help="The course description (course.toml).")
@click.option("--row", type=int, help="The row in the spreadsheet, the header being row 1.")
@click.option("--name", help="Or a part of the student's name. Without either: the first student.")
@click.option("--design", help="Another design than the course's: formal, modern or bilingual.")
@click.option("--out", type=_FILE, default=Path("preview.pdf"), help="The file to write. [./preview.pdf]")
@roster_options
def preview(
    roster: Path, course: Path, row: int | None, name: str | None, design: str | None, out: Path, **reading: Any
) -> None:
    """Draw a specimen of one student's sheet. Needs no keys and no chain, and is no certificate.

    \b
    Exit codes: 0 drawn; 2 it could not be done.
    """
    with _told(as_json=False, nothing="Nothing was drawn."):
        from issuer import previewing
        from issuer.course import load_course
        from issuer.roster import scan_roster

        described = load_course(course)
        read = scan_roster(roster, described, read_options(**reading))
        for note in read.notes:
            click.echo(f"Note: {note}", err=True)
        chosen = previewing.chosen_row(read, row, name)
        click.echo(f"Row {chosen.number}, {chosen.name}: {previewing.preview(described, chosen, out, design)}")


@click.command()
@click.argument("certificate", metavar="HASH")
@click.option("--reason", type=click.Choice(_REASONS), required=True, help="Why; the registry keeps it as a number.")
@_CONFIG
@_JSON
def revoke(certificate: str, reason: str, config: Path | None, as_json: bool) -> None:
    """Revoke a certificate by its hash. This is final.

    \b
    Exit codes: 0 revoked; 2 it could not be done; 3 sent, and not yet known what became of it.
    """
    with _told(as_json):
        from issuer import service
        from verifier.core.codes import parse_code

        hash_ = parse_code(certificate)
        if not isinstance(hash_, bytes):
            raise CommandError("Give the whole certificate hash: a short code may mean several certificates.")
        office = service.open_office(config)
        done = service.revoke(office, hash_, service.REASONS[reason])
        _publish_status_lists(office, hash_)
    if as_json:
        click.echo(
            json.dumps({"hash": "0x" + hash_.hex(), "reason": reason, "transaction": done.transaction}, indent=1)
        )
    elif done.transaction is None:
        click.echo(f"{hash_.hex()} was revoked already; nothing was sent.")
    else:
        click.echo(f"{hash_.hex()} is revoked ({reason}). Transaction {done.transaction}.")


@click.command()
@_MAIL
@_CONFIG
@_JSON
def resume(mail: bool, config: Path | None, as_json: bool) -> None:
    """Go on with every batch that is not delivered yet. Exit codes as `sanad issue`."""
    with _told(as_json), _issuer(config, as_json) as (office, issuer):
        letters = _letters(config, mail)
        waiting = [batch for batch in issuer.store.batches() if batch.state.value != "delivered"]
        if not waiting and not as_json:
            click.echo("Every batch is delivered.")
        _finish(office, issuer, [issuer.finish(batch) for batch in waiting], as_json, letters=letters)


@click.command()
@_CONFIG
@_JSON
def batches(config: Path | None, as_json: bool) -> None:
    """List the batches and where they stand."""
    with _told(as_json):
        from issuer.settings import load_issuer_settings
        from issuer.store import Store
        from verifier.settings import find_settings

        records = load_issuer_settings(config or find_settings()).records
        found: list[Batch] = []
        if records.exists:
            store = Store(records)
            found = store.batches()
            store.close()
    if as_json:
        click.echo(json.dumps([_batch_data(batch) for batch in found], ensure_ascii=False, indent=1))
        return
    for batch in found:
        click.echo(
            f"{batch.drafted}  {batch.state.value:10} {batch.size:>7,}  {batch.course}  ({batch.domain}) → {batch.out}"
        )
    if not found:
        click.echo("No batch has been drafted yet.")


def _tell(report: "ClassReport", check: bool, as_json: bool) -> None:
    """Say what will become of each row; end here where nothing is to be issued."""
    from issuer.roster.tables import print_report

    ending = report.ending(check)
    if not as_json:
        print_report(report, every_row=check)
        click.echo(" ".join([report.summary(), *([] if ending is None else [ending.sentence])]))
    elif ending is not None:
        click.echo(json.dumps({**report.data(), "certificates": []}, ensure_ascii=False, indent=1))
    if ending is not None:
        sys.exit(ending.exit_code)


@contextmanager
def _told(as_json: bool, nothing: str = "Nothing was issued.") -> Iterator[None]:
    """Every expected error as one sentence and an exit code."""
    from issuer.errors import CourseError, IssuerError, NotFinalError, RosterErrors, UnresolvedError
    from verifier.core.errors import SanadError

    try:
        yield
    except RosterErrors as error:
        _end_with_problems(error.problems, as_json, nothing)
    except CourseError as error:
        if as_json:
            click.echo(
                json.dumps({"problems": [_problem(each) for each in error.problems]}, ensure_ascii=False, indent=1)
            )
            sys.exit(2)
        raise CommandError(f"{nothing}\n{error}") from None
    except (NotFinalError, UnresolvedError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(3)
    except (IssuerError, SanadError) as error:
        raise CommandError(str(error)) from None


def _end_with_problems(problems: "tuple[RosterProblem, ...]", as_json: bool, nothing: str) -> NoReturn:
    if as_json:
        from issuer.roster.report import problems_data

        click.echo(json.dumps({"problems": problems_data(problems)}, ensure_ascii=False, indent=1))
    else:
        from issuer.roster.tables import print_problems

        print_problems(problems)
        click.echo(nothing)
    sys.exit(2)


@contextmanager
def _issuer(config: Path | None, quiet: bool) -> "Iterator[tuple[Office, Issuer]]":
    from issuer.service import open_issuer, open_office
    from issuer.terminal import progress_bars

    office = open_office(config)
    with progress_bars(quiet) as progress, open_issuer(office, progress) as issuer:
        yield office, issuer


def _publish_status_lists(office: "Office", *revoked: bytes) -> None:
    from issuer.publishing.after import publish_after

    if (trouble := publish_after(lambda: office, revoked)) is not None:
        click.echo(trouble, err=True)


def _letters(config: Path | None, wanted: bool) -> Path | None:
    """The settings for letters, seen to be sound before anything begins; None where none are wanted."""
    from issuer.mail.settings import load_mail_settings
    from verifier.settings import find_settings

    if not wanted:
        return None
    path = config or find_settings()
    load_mail_settings(path)
    return path


def _finish(
    office: "Office",
    issuer: "Issuer",
    delivered: "list[Batch]",
    as_json: bool,
    more: dict[str, Any] | None = None,
    letters: Path | None = None,
) -> None:
    """Judge every delivered file with the verifier's own code, print them, and end with the exit code."""
    from issuer.checking import check_delivered
    from issuer.errors import MailError, MailServerError
    from issuer.mail.sending import send_all
    from issuer.mail.telling import exit_code, tally_text
    from issuer.terminal import progress_bars

    _publish_status_lists(office)
    checked = {batch.id: list(check_delivered(issuer.store, batch, office.registry)) for batch in delivered}
    for batch in delivered:
        _print(batch, checked[batch.id], issuer, as_json, more or {})
    if not all(each.verdict.outcome.value == "valid" for one in checked.values() for each in one):
        sys.exit(1)
    if letters is not None:
        try:
            with progress_bars(as_json) as progress:
                tallies = send_all(letters, issuer.store, delivered, progress)
        except (MailError, MailServerError) as error:
            click.echo(
                f"Every certificate is issued, and not every letter was sent. {error} Then: sanad mail send", err=True
            )
            sys.exit(3)
        for id_, tally in tallies.items():
            click.echo(f"Letters of batch {id_[:8]}: {tally_text(tally)}", err=as_json)
        sys.exit(exit_code(tallies.values()))
    sys.exit(0)


def _print(batch: "Batch", checked: "list[Checked]", issuer: "Issuer", as_json: bool, more: dict[str, Any]) -> None:
    from issuer.terminal import certificate_data, print_certificates

    transaction = issuer.issued.transaction if issuer.issued else None
    if as_json:
        certificates = [certificate_data(each, batch.origin) for each in checked]
        data = {**more, **_batch_data(batch), "transaction": transaction, "certificates": certificates}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    print_certificates(checked, batch.origin)
    count = "1 certificate" if len(checked) == 1 else f"{len(checked):,} certificates"
    click.echo(f"{count} in one transaction. Files: {batch.out}")


def _batch_data(batch: "Batch") -> dict[str, Any]:
    return {
        "batch": batch.id,
        "domain": batch.domain,
        "course": batch.course,
        "drafted": batch.drafted,
        "state": batch.state.value,
        "size": batch.size,
        "root": None if batch.root is None else "0x" + batch.root.hex(),
        "out": batch.out,
    }


def _problem(problem: Any) -> dict[str, Any]:
    return {
        name: getattr(problem, name) for name in ("row", "column", "field", "value", "advice") if hasattr(problem, name)
    }
