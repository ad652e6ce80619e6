"""The look at records and archive before anything is issued or published (issuer/office/behind.py), at the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import at_terminal
from issuer.errors import IssuerError, NodeUnusableError, WrongChainError
from issuer.office import behind
from issuer.office.class_report import as_registered
from issuer.office.office import open_office
from issuer.sending.connecting import connect_to_any
from verifier.commands.opening import CommandError
from verifier.core.errors import RegistryUnavailableError, SanadError
from verifier.errors import SettingsError
from verifier.settings import find_settings

if TYPE_CHECKING:
    from issuer.office.behind import Look
    from issuer.office.class_report import ClassReport
    from issuer.office.office import Office

GO_ON = click.option("--yes", is_flag=True, help="Do not ask whether to go on where batches are missing.")


def look_first(
    office: "Office",
    domain: str | None = None,
    yes: bool = False,
    asks: bool = False,
    nothing: str = "Nothing was issued.",
) -> "list[Look]":
    """Look, and refuse where something is behind; say what is known, and ask once where batches may be missing.

    Args:
        office: whose records.
        domain: only this institution.
        yes: nobody is to be asked.
        asks: whether students may get certificates now; else what would be asked is only said.
        nothing: what was not done where it ends here.

    Raises:
        CommandError: the answer is no, or nobody can be asked; nothing was done.
        BehindError and others: as issuer.office.behind.check.
    """
    found = _checked(office, domain, nothing)
    notes = [note for each in found if (note := each.note) is not None]
    questions = [question for each in found if (question := each.question) is not None]
    for sentence in dict.fromkeys((*notes, *questions)):
        click.echo(sentence, err=True)
    if questions and asks:
        _ask("Go on without them?", yes, nothing)
    if (questions and asks) or (notes and not questions):
        behind.accept(office, found)
    return found


def _checked(office: "Office", domain: str | None, nothing: str) -> "list[Look]":
    try:
        return behind.check(office, domain)
    except WrongChainError as error:
        raise WrongChainError(f"{error} {nothing}") from None
    except NodeUnusableError as error:
        raise NodeUnusableError(f"Whether the records are whole could not be checked. {error} {nothing}") from None
    except RegistryUnavailableError as error:
        _see_chain(office, nothing)
        raise NodeUnusableError(
            f"Whether the records are whole could not be checked. {error} Look at nodes in sanad.toml. {nothing}"
        ) from None


def _see_chain(office: "Office", nothing: str) -> None:
    """See that the nodes that answer are of the chain that the settings name.

    Raises:
        WrongChainError: one is of another.
    """
    settings = office.registry_settings
    try:
        connect_to_any(settings.nodes, settings.info.chain_id)
    except WrongChainError as error:
        raise WrongChainError(f"{error} {nothing}") from None
    except NodeUnusableError:
        return


def look_if_possible(config: Path | None, domain: str, report: "ClassReport") -> "ClassReport":
    """As `look_first` for a check: where nobody can be asked, that is said; nothing is remembered.

    Returns the report with what the registry says of the certificates in it.

    Raises:
        CommandError: something is behind.
    """
    try:
        office = open_office(config or find_settings())
    except SettingsError:
        return report  # a roster can be checked before there is any sanad.toml
    try:
        found = behind.look(office, domain)
        report = as_registered(report, office, domain)
    except (IssuerError, SanadError) as error:
        click.echo(f"Whether the records are whole could not be checked. {error}", err=True)
        return report
    for each in found:
        if each.stop is not None:
            raise CommandError(each.stop)
        if each.question is not None:
            click.echo(each.question, err=True)
    return report


def accept(config: Path | None, yes: bool) -> None:
    """Show what is missing, ask, and remember the answer.

    Raises:
        CommandError: the answer is no, or nobody can be asked; nothing was changed.
    """
    office = open_office(config)
    # One by one: the batches of institutions that these records do not know are counted only then.
    each_one = [look for known in behind.look(office) for look in behind.look(office, known.domain)]
    found = [each for each in each_one if each.stop or each.question or each.note]
    if not found:
        click.echo("Nothing is missing that was not accepted before.", err=True)
        return
    for sentence in dict.fromkeys(each.stop or each.question or each.note for each in found):
        click.echo(sentence, err=True)
    _ask("Go on without these from now on?", yes, "Nothing was changed.")
    behind.accept(office, found)
    click.echo(f"Accepted: {_domains(found)}.", err=True)


def _ask(question: str, yes: bool, nothing: str) -> None:
    if yes:
        return
    if not at_terminal():
        raise CommandError(f"Nobody is there to be asked. To go on all the same, say --yes. {nothing}")
    if not click.confirm(question, err=True):
        raise CommandError(f"You answered no. {nothing}")


def _domains(found: "Sequence[Look]") -> str:
    return ", ".join(each.domain for each in found)
