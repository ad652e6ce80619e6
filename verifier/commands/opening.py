"""Shared by all commands: the option `--config`, the settings that it names, and the error that ends a command."""

from pathlib import Path

import click

from verifier.errors import SettingsError
from verifier.settings import Settings, load_settings
from verifier.starting import started
from verifier.trust import with_trusted

FILE = click.Path(path_type=Path)
"""A file or folder that an option or argument names."""
CONFIG = click.option(
    "--config",
    type=FILE,
    help="The sanad.toml to use; by default ./sanad.toml, else ./sanad-demo/sanad.toml, else $SANAD_CONFIG.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class CommandError(click.ClickException):
    """An error because of which a command cannot run at all: one sentence, exit code 2."""

    exit_code = 2


def opened_settings(config: Path | None, for_long: bool = False) -> Settings:
    """The settings, with the programmes that they trust.

    Args:
        config: the sanad.toml; by default it is searched for.
        for_long: for a server that runs for long.

    Raises:
        CommandError: they are missing or wrong.
    """

    def say(text: str) -> None:
        click.echo(text, err=True)

    try:
        return (started if for_long else with_trusted)(load_settings(config), say)
    except SettingsError as error:
        raise CommandError(str(error)) from None
