"""The command `sanad`: the three packages' commands, joined so that each loads only what it needs."""

import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

_COMMANDS = {
    "demo": ("deploy.demo_command", "demo"),
    "preview": ("issuer.cli", "preview"),
    "issue": ("issuer.cli", "issue"),
    "revoke": ("issuer.cli", "revoke"),
    "resume": ("issuer.batches.commands", "resume"),
    "batches": ("issuer.batches.commands", "batches"),
    "cancel": ("issuer.batches.commands", "cancel"),
    "replace": ("issuer.registry_commands", "replace"),
    "authorise": ("issuer.registry_commands", "authorise"),
    "remove": ("issuer.registry_commands", "remove"),
    "distrust": ("issuer.registry_commands", "distrust"),
    "withdraw": ("issuer.registry_commands", "withdraw"),
    "adopt": ("issuer.registry_commands", "adopt"),
    "certify": ("issuer.registry_commands", "certify"),
    "transfer": ("issuer.registry_commands", "transfer"),
    "deploy": ("deploy.deploy_command", "deploy"),
    "fund": ("deploy.programme_commands", "fund"),
    "accredit": ("deploy.programme_commands", "accredit"),
    "suspend": ("deploy.programme_commands", "suspend"),
    "reinstate": ("deploy.programme_commands", "reinstate"),
    "registry": ("deploy.programme_commands", "registry"),
    "reanchor": ("deploy.reanchor_command", "reanchor"),
    "mail": ("issuer.mail.commands", "mail"),
    "watch": ("issuer.watch.commands", "watch"),
    "backup": ("issuer.custody.commands", "backup"),
    "restore": ("issuer.custody.commands", "restore"),
    "erase": ("issuer.custody.commands", "erase"),
    "export": ("issuer.custody.commands", "export"),
    "status": ("issuer.publishing.status_command", "status"),
    "did": ("issuer.publishing.did_command", "did"),
    "key": ("issuer.key_commands", "key"),
    "verify": ("verifier.cli", "verify"),
    "badge": ("verifier.badge_command", "badge"),
    "serve": ("verifier.cli", "serve"),
}
"""Command, the module that holds it, and its name there."""


_SERVE = {"vc-api": ("issuer.vc_api.command", "vc_api")}
"""What `sanad serve` serves besides the verifier's pages."""

_CHECKING = frozenset({None, "verify", "serve"})
"""What handles no records: all other commands make files for their owner alone."""


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
@click.pass_context
def main(context: click.Context) -> None:
    """Issue course certificates that anyone can verify, and verify them."""
    if context.invoked_subcommand not in _CHECKING:
        from issuer.private_files import owner_only  # late: checking loads nothing of issuing

        context.with_resource(owner_only())
