"""The command `sanad key`: new, import, show, list. No key and no passphrase is ever an argument or printed."""

import json
import sys
from pathlib import Path

import click

from issuer.act_options import told

_FILE = click.Path(path_type=Path)
_KIND = click.option(
    "--kind",
    type=click.Choice(["chain", "institution"]),
    default="chain",
    show_default=True,
    help="chain: secp256k1, registers and acts. institution: Ed25519, signs credentials.",
)
_PASSPHRASE = click.option(
    "--passphrase-file", type=_FILE, help="File with the passphrase; else SANAD_PASSPHRASE, or asked."
)


@click.group()
def key() -> None:
    """Make, import, show and list encrypted key files."""


@key.command()
@click.argument("file", type=_FILE)
@_KIND
@_PASSPHRASE
def new(file: Path, kind: str, passphrase_file: Path | None) -> None:
    """Draw a new key and write it to FILE, encrypted, mode 600."""
    from issuer.keys import new_account, new_institution_key

    with told():
        passphrase = _passphrase(file, passphrase_file, confirm=True)
        (new_account if kind == "chain" else new_institution_key)(file, passphrase)
        _show(file, passphrase)


@key.command("import")
@click.argument("file", type=_FILE)
@_KIND
@_PASSPHRASE
def import_(file: Path, kind: str, passphrase_file: Path | None) -> None:
    """Encrypt a key that is typed at a prompt (or piped in) into FILE: 64 hex digits, for both kinds."""
    from issuer.keys import import_account, import_institution_key

    with told():
        secret = _secret()
        passphrase = _passphrase(file, passphrase_file, confirm=True)
        (import_account if kind == "chain" else import_institution_key)(file, secret, passphrase)
        _show(file, passphrase)


@key.command()
@click.argument("file", type=_FILE)
@_PASSPHRASE
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show what others may know of the key in FILE: its address, or its public key."""
    with told():
        _show(file, _passphrase(file, passphrase_file), as_json)


@key.command("list")
@click.argument("folder", type=_FILE, default=Path("keys"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(folder: Path, as_json: bool) -> None:
    """List the key files of FOLDER; nothing is decrypted."""
    from issuer.keys import describe_folder

    with told():
        found = describe_folder(folder)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for each in found:
        click.echo(f"{each['file']:<40} {each['kind']:<12} {each['address'] or '(public key: sanad key show)'}")
    if not found:
        click.echo(f"There are no key files in {folder}.")


def _show(file: Path, passphrase: str, as_json: bool = False) -> None:
    from issuer.keys import public_facts

    facts = public_facts(file, passphrase)
    if as_json:
        click.echo(json.dumps(facts, indent=1))
        return
    for name, value in facts.items():
        click.echo(f"{name:<8} {value}")


def _passphrase(file: Path, passphrase_file: Path | None, confirm: bool = False) -> str:
    from issuer.keys import Passphrases

    def ask(what: str) -> str:
        if not sys.stdin.isatty():
            raise click.UsageError(f"{what}: nobody is there to type it. Use --passphrase-file or SANAD_PASSPHRASE.")
        return str(click.prompt(what, hide_input=True, confirmation_prompt=confirm, err=True))

    return Passphrases(passphrase_file, ask).of(file)


def _secret() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("The key, 64 hex digits", hide_input=True, err=True))
    return sys.stdin.readline().strip()
