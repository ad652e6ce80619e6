"""The command `sanad`: the three packages' commands, joined so that each loads only what it needs."""

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import click
from click.core import ParameterSource

from deploy.command_table import COMMANDS, SECTIONS, SYNONYMS, Listed

_SERVE = {
    "vc-api": Listed(
        "vc-api", "issuer.commands.vc_api:vc_api", "Serve the VC API of the W3C CCG, for conformity tests."
    )
}
"""What `sanad serve` serves besides the verifier's pages."""
_TRY_FIRST = """Try first:
  sanad demo                                  issue a sample class on a chain of your own and look at it
  sanad verify FILE                           check a certificate that somebody gave you
  sanad issue ROSTER --course COURSE --check  see what would become of a class, and issue nothing
  sanad help COMMAND                          all options of a command, with its exit codes
"""

_CHECKING = frozenset({None, "help", "verify", "serve"})
"""What handles no records: all other commands make files for their owner alone."""


class _LazyGroup(click.Group):
    """Commands that are imported when they are asked for."""

    places: Mapping[str, Listed] = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return _with_more(command) if cmd_name == "serve" else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.places and not name.startswith("-"):
            raise click.UsageError(f"There is no command {name}. {self._meant(ctx, name)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(one.name, one.line) for one in self.places.values()])

    def _meant(self, ctx: click.Context, name: str) -> str:
        near = get_close_matches(name.lower(), self.places, n=1)
        return f"Did you mean {near[0]}?" if near else f"{ctx.command_path} --help lists them."


class _Sanad(_LazyGroup):
    """`sanad` itself."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        widest = max(map(len, self.places))
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                # One column for all sections: names of the same width.
                formatter.write_dl([(f"{one.name:<{widest}}", one.line) for one in commands])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write(f"\n{_TRY_FIRST}")

    def _meant(self, ctx: click.Context, name: str) -> str:
        meant = SYNONYMS.get(name.lower()) or self._near(name.lower())
        return f"Did you mean {meant}?" if meant else f"{ctx.command_path} help lists them."

    def _near(self, name: str) -> str | None:
        near = get_close_matches(name, [*self.places, *SYNONYMS], n=1)
        return SYNONYMS.get(near[0], near[0]) if near else None


class _Serve(_LazyGroup):
    places = _SERVE


def _with_more(serve: click.Command) -> click.Group:
    """`sanad serve` as it is, with further servers as commands of its own."""

    @click.pass_context
    def run(context: click.Context, /, **options: Any) -> None:
        if context.invoked_subcommand is None:
            context.invoke(serve, **options)
        elif any(context.get_parameter_source(name) is not ParameterSource.DEFAULT for name in options):
            raise click.UsageError(f"Options go after the word: sanad serve {context.invoked_subcommand} --port …")

    return _Serve("serve", params=serve.params, callback=run, help=serve.help, invoke_without_command=True)


@click.group(
    cls=_Sanad,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    no_args_is_help=False,
)
@click.version_option(package_name="sanad")
@click.pass_context
def main(context: click.Context) -> None:
    """Issue course certificates that anyone can verify, and verify them."""
    if context.invoked_subcommand not in _CHECKING:
        from issuer.disk.private_files import owner_only  # late: checking loads nothing of issuing

        context.with_resource(owner_only())
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
