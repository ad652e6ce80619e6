"""What the commands that issue share: their options, their errors in sentences, and how they end.

Certificates are judged and printed one by one, so that memory does not grow with the batch.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from issuer.batches.issuing import ENDED
from issuer.batches.judging import check_delivered
from issuer.batches.overview import batch_data
from issuer.commands.class_tables import MOST_ROWS, print_problems
from issuer.commands.terminal import certificate_data, print_certificates, progress_bars
from issuer.disk.private_files import open_to_others
from issuer.errors import (
    BegunError,
    BusyError,
    CourseError,
    IssuerError,
    MailError,
    MailServerError,
    RosterErrors,
    UnresolvedError,
)
from issuer.mail.settings import load_mail_settings
from issuer.mail.tally import exit_code, tally_text, unknown_text
from issuer.office.class_report import problems_data
from issuer.office.issuing import open_issuer
from issuer.office.letters import send_all
from issuer.office.office import open_office
from issuer.office.status_lists import publish_after
from issuer.publishing.status_known import Concerned
from issuer.sending.waiting import waiting
from verifier.commands.opening import CommandError
from verifier.core.errors import SanadError
from verifier.settings import find_settings

if TYPE_CHECKING:
    from issuer.batches.issuing import Issuer
    from issuer.batches.judging import Checked
    from issuer.office.behind import Look
    from issuer.office.office import Office
    from issuer.records import Batch, Records
    from issuer.roster import RosterProblem

MAIL = click.option("--mail", is_flag=True, help="Then send each student a letter with link and PDF ([mail]).")


@contextmanager
def reporting_problems(as_json: bool, nothing: str = "Nothing was issued.", most: int = MOST_ROWS) -> Iterator[None]:
    """Every expected error as one sentence and an exit code; of wrong rows a table shows `most`."""
    try:
        yield
    except RosterErrors as error:
        _end_with_problems(error.problems, as_json, nothing, most)
    except CourseError as error:
        if as_json:
            click.echo(
                json.dumps({"problems": [_problem(each) for each in error.problems]}, ensure_ascii=False, indent=1)
            )
            sys.exit(2)
        raise CommandError(f"{nothing}\n{error}") from None
    except (BegunError, BusyError, UnresolvedError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(3)
    except (IssuerError, SanadError) as error:
        raise CommandError(str(error)) from None


def _end_with_problems(problems: "tuple[RosterProblem, ...]", as_json: bool, nothing: str, most: int) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"problems": problems_data(problems)}, ensure_ascii=False, indent=1))
    else:
        print_problems(problems, most)
        click.echo(nothing)
    sys.exit(2)


@contextmanager
def opened_issuer(
    config: Path | None, quiet: bool, looked: "Sequence[Look]", office: "Office | None" = None
) -> "Iterator[tuple[Office, Issuer]]":
    """The issuer that a sanad.toml describes; its progress goes to standard error."""
    office = office or open_office(config)
    issuing = office.issuing
    say_if_open(issuing.data, issuing.institution_key, issuing.signer_key.file, issuing.passphrase_file)
    with progress_bars(quiet) as progress, open_issuer(office, looked, progress) as issuer:
        known = len(issuer.store.batches())
        try:
            yield office, issuer
        except KeyboardInterrupt:
            _end_stopped(issuer.store, known)


def say_if_open(*paths: Path | None) -> None:
    """Say which of these files and folders others on this machine can look into, and how to close them.

    They were made by hand or by an earlier version; it may be intended, so they are left as they are.
    """
    for path in open_to_others(path for path in paths if path is not None):
        click.echo(f"Note: others on this machine can look into {path}. To close it: chmod go= {path}", err=True)


def _end_stopped(store: "Records", known: int) -> NoReturn:
    """After Ctrl-C: what was begun is kept, and how to continue it."""
    batches = store.batches()
    begun = sum(batch.state not in ENDED for batch in batches)
    if begun:
        are = "1 batch is" if begun == 1 else f"{begun:,} batches are"
        click.echo(
            f"Stopped. Nothing is lost: {are} begun. Continue with: sanad resume (sanad batches lists them)", err=True
        )
    elif store.corrections.pending():
        click.echo("Stopped. Nothing is lost: the old certificates are not replaced yet. Go on: sanad resume", err=True)
        sys.exit(3)
    elif len(batches) > known:
        click.echo("Stopped. The batch is delivered; not every file was checked: sanad verify does it.", err=True)
    else:
        click.echo("Stopped. No batch was begun.", err=True)
    sys.exit(3 if len(batches) > known or begun else 2)


def letters(config: Path | None, wanted: bool) -> Path | None:
    """The settings for letters, checked before anything begins; None where no letters are wanted."""
    if not wanted:
        return None
    path = config or find_settings()
    load_mail_settings(path)
    return path


def finish(
    office: "Office",
    issuer: "Issuer",
    delivered: "list[Batch]",
    as_json: bool,
    looked: "Sequence[Look]",
    more: dict[str, Any] | None = None,
    letters: Path | None = None,
) -> None:
    """Judge every delivered file with the verifier's own code, print them, send letters; ends with the exit code."""
    only = Concerned(roots=frozenset(batch.root for batch in delivered if batch.root is not None))
    if delivered and (trouble := publish_after(lambda: office, looked=looked, only=only)) is not None:
        click.echo(trouble, err=True)
    good = True
    for batch in delivered:
        verdicts: set[str] = set()
        checked = _noted(check_delivered(issuer.store, batch, office.registry), verdicts)
        with waiting(lambda: "Still checking the delivered files against the chain."):
            _print(batch, checked, issuer, as_json, more or {})
        good = good and verdicts <= {"valid"}
    if not good:
        sys.exit(1)
    sys.exit(0 if letters is None else _send(letters, issuer, delivered, as_json))


def _noted(checked: "Iterator[Checked]", verdicts: set[str]) -> "Iterator[Checked]":
    for each in checked:
        verdicts.add(each.word)
        yield each


def _send(letters: Path, issuer: "Issuer", delivered: "list[Batch]", as_json: bool) -> int:
    try:
        with progress_bars(as_json) as progress:
            tallies = send_all(letters, issuer.store, delivered, progress)
    except (BusyError, MailError, MailServerError) as error:
        click.echo(
            f"Every certificate is issued, and not every letter was sent. {error} Then: sanad mail send", err=True
        )
        return 3
    for id_, tally in tallies.items():
        told = [
            f"Letters of batch {id_[:8]}: {tally_text(tally)}",
            *unknown_text(issuer.store, issuer.store.batch(id_)),
        ]
        click.echo("\n".join(told), err=as_json)
    return exit_code(tallies.values())


def _print(batch: "Batch", checked: "Iterator[Checked]", issuer: "Issuer", as_json: bool, more: dict[str, Any]) -> None:
    transaction = issuer.issued.transaction if issuer.issued else None
    if as_json:
        data = {**more, **batch_data(issuer.store, batch), "transaction": transaction}
        _print_json(data, (certificate_data(each, batch.origin) for each in checked))
        return
    count = print_certificates(checked, batch.origin)
    certificates = "1 certificate" if count == 1 else f"{count:,} certificates"
    click.echo(f"{certificates} in one transaction. Files: {batch.out}")


def _print_json(data: dict[str, Any], certificates: Iterable[dict[str, Any]]) -> None:
    """One JSON object whose last member, `certificates`, is written piece by piece."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "certificates": [', nl=False)
    between = "\n"
    for each in certificates:
        click.echo(between + json.dumps(each, ensure_ascii=False, indent=1), nl=False)
        between = ",\n"
    click.echo("\n ]\n}")


def _problem(problem: Any) -> dict[str, Any]:
    return {
        name: getattr(problem, name) for name in ("row", "column", "field", "value", "advice") if hasattr(problem, name)
    }
