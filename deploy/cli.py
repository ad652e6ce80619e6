"""The command `sanad`: the three packages' commands, joined so that each loads only what it needs."""

import importlib

import click

_COMMANDS = {
    "demo": ("deploy.demo_command", "demo"),
    "preview": ("issuer.cli", "preview"),
    "issue": ("issuer.cli", "issue"),
    "revoke": ("issuer.cli", "revoke"),
    "resume": ("issuer.cli", "resume"),
    "batches": ("issuer.cli", "batches"),
    "replace": ("issuer.registry_commands", "replace"),
    "authorise": ("issuer.registry_commands", "authorise"),
    "remove": ("issuer.registry_commands", "remove"),
    "distrust": ("issuer.registry_commands", "distrust"),
    "withdraw": ("issuer.registry_commands", "withdraw"),
    "adopt": ("issuer.registry_commands", "adopt"),
    "certify": ("issuer.registry_commands", "certify"),
    "transfer": ("issuer.registry_commands", "transfer"),
    "accredit": ("deploy.programme_commands", "accredit"),
    "suspend": ("deploy.programme_commands", "suspend"),
    "reinstate": ("deploy.programme_commands", "reinstate"),
    "registry": ("deploy.programme_commands", "registry"),
    "reanchor": ("deploy.reanchor_command", "reanchor"),
    "watch": ("issuer.watch.commands", "watch"),
    "key": ("issuer.key_commands", "key"),
    "verify": ("verifier.cli", "verify"),
    "serve": ("verifier.cli", "serve"),
}
"""Command, the module that holds it, and its name there."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanad")
def main() -> None:
    """Issue course certificates that anyone can verify, and verify them."""
