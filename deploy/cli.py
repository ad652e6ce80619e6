"""The command `sanad`: the three packages' commands, joined so that each loads only what it needs."""

import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

_COMMANDS = {
    "demo": ("deploy.commands.demo", "demo"),
    "preview": ("issuer.commands.issue", "preview"),
    "issue": ("issuer.commands.issue", "issue"),
    "revoke": ("issuer.commands.revoke", "revoke"),
    "resume": ("issuer.commands.batches", "resume"),
    "batches": ("issuer.commands.batches", "batches"),
    "cancel": ("issuer.commands.batches", "cancel"),
    "replace": ("issuer.commands.revoke", "replace"),
    "authorise": ("issuer.commands.institution", "authorise"),
    "remove": ("issuer.commands.institution", "remove"),
    "distrust": ("issuer.commands.institution", "distrust"),
    "withdraw": ("issuer.commands.institution", "withdraw"),
    "adopt": ("issuer.commands.institution", "adopt"),
    "certify": ("issuer.commands.institution", "certify"),
    "transfer": ("issuer.commands.institution", "transfer"),
    "deploy": ("deploy.commands.deploy", "deploy"),
    "fund": ("deploy.commands.programme", "fund"),
    "accredit": ("deploy.commands.programme", "accredit"),
    "suspend": ("deploy.commands.programme", "suspend"),
    "reinstate": ("deploy.commands.programme", "reinstate"),
    "registry": ("deploy.commands.programme", "registry"),
    "reanchor": ("deploy.commands.reanchor", "reanchor"),
    "mail": ("issuer.commands.mail", "mail"),
    "watch": ("issuer.commands.watch", "watch"),
    "backup": ("issuer.commands.custody", "backup"),
    "restore": ("issuer.commands.custody", "restore"),
    "erase": ("issuer.commands.custody", "erase"),
    "export": ("issuer.commands.custody", "export"),
    "status": ("issuer.commands.status", "status"),
    "did": ("issuer.commands.did", "did"),
    "key": ("issuer.commands.key", "key"),
    "verify": ("verifier.commands.verify", "verify"),
    "badge": ("verifier.commands.badge", "badge"),
    "serve": ("verifier.commands.serve", "serve"),
}
"""Command, the module that holds it, and its name there."""


_SERVE = {"vc-api": ("issuer.commands.vc_api", "vc_api")}
"""What `sanad serve` serves besides the verifier's pages."""


class _LazyGroup(click.Group):
    """Commands that are imported when they are asked for."""

    places: Mapping[str, tuple[str, str]] = _COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.places:
            return None
        module, name = self.places[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return _with_more(command) if cmd_name == "serve" else command


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


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanad")
def main() -> None:
    """Issue course certificates that anyone can verify, and verify them."""
