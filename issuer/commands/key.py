"""The command `sanad key`: new, import, show, list, passphrase; rotate, distrust, history of the institution's key.

No key and no passphrase is ever an argument or printed.
"""

import codecs
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import reporting_errors
from issuer.errors import KeyFileError
from issuer.keys.files import (
    NEW_PASSPHRASE_VARIABLE,
    Passphrases,
    check_new_passphrase,
    describe_folder,
    import_account,
    import_institution_key,
    new_account,
    new_institution_key,
    public_facts,
    require_file,
    stated_public_key,
)
from issuer.keys.key_history import KeyHistory
from issuer.keys.passphrases import weakness
from issuer.keys.reencrypting import change_passphrase, weaker_than_new
from issuer.keys.rotation import rotate as replace
from issuer.keys.signers import key_place
from issuer.settings import load_issuer_settings
from verifier.commands.opening import CONFIG, FILE, JSON
from verifier.core.dates import parse_timestamp
from verifier.settings import find_settings

if TYPE_CHECKING:
    from issuer.settings import IssuerSettings

_MOST_TYPED = 100_000
"""Bytes that are read of what is piped in; a keystore has some 500."""
_KIND = click.option(
    "--kind",
    type=click.Choice(["chain", "institution", "secp256k1", "ed25519"]),
    default="chain",
    show_default=True,
    callback=lambda _context, _parameter, kind: {"secp256k1": "chain", "ed25519": "institution"}.get(kind, kind),
    help="chain (or secp256k1) registers and acts; institution (or ed25519) signs credentials.",
)
_PASSPHRASE = click.option(
    "--passphrase-file", type=FILE, help="File with the passphrase; else SANAD_PASSPHRASE, or asked."
)


@click.group()
def key() -> None:
    """Make, import, show and list encrypted key files."""


@key.command()
@click.argument("file", type=FILE)
@_KIND
@_PASSPHRASE
def new(file: Path, kind: str, passphrase_file: Path | None) -> None:
    """Draw a new key and write it to FILE, encrypted, mode 600."""
    with reporting_errors():
        passphrase = _passphrase(file, passphrase_file, confirm=True)
        (new_account if kind == "chain" else new_institution_key)(file, passphrase)
        _print(_facts(file, passphrase))


@key.command("import")
@click.argument("file", type=FILE)
@click.argument("more", nargs=-1, metavar="")
@_KIND
@_PASSPHRASE
def import_(file: Path, more: tuple[str, ...], kind: str, passphrase_file: Path | None) -> None:
    """Encrypt a key that is typed at a prompt (or piped in) into FILE: 64 hex digits, for both kinds.

    A keystore file is encrypted already and needs no import; of a wallet's words, import the one account's private key.
    """
    if more:  # a key, most likely, so it is not repeated
        raise click.UsageError(
            "Give the file only. A key is never an argument, where the shell's history and other users see it: it is "
            "typed at the prompt, or piped in. If you gave one just now, take another."
        )
    with reporting_errors():
        secret = _secret()
        passphrase = _passphrase(file, passphrase_file, confirm=True)
        (import_account if kind == "chain" else import_institution_key)(file, secret, passphrase)
        _print(_facts(file, passphrase))


@key.command()
@click.argument("name", metavar="FILE|URL#ADDRESS")
@_PASSPHRASE
@JSON
def show(name: str, passphrase_file: Path | None, as_json: bool) -> None:
    """Show what others may know of the key in FILE, or of a remote signer's: its address, or its public key."""
    with reporting_errors():
        place = key_place(name, Path())
        if place.file is not None:
            require_file(place.file)
            _print(_facts(place.file, _passphrase(place.file, passphrase_file)), as_json)
            _say_if_weaker(place.file)
        else:
            _print({"kind": "remote", "address": str(place.address), "signer": place.name.partition("#")[0]}, as_json)


@key.command("list")
@click.argument("folder", type=FILE, default=Path("keys"))
@JSON
def list_(folder: Path, as_json: bool) -> None:
    """List the key files of FOLDER; nothing is decrypted."""
    with reporting_errors():
        found = describe_folder(folder)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for each in found:
        stated = each["address"] or each.get("public") or "(public key: sanad key show)"
        click.echo(f"{each['file']:<40} {each['kind']:<12} {stated}")
    if not found:
        click.echo(f"There are no key files in {folder}.")
    for each in found:
        _say_if_weaker(Path(str(each["file"])))


@key.command()
@click.argument("file", type=FILE)
@_PASSPHRASE
@click.option(
    "--new-passphrase-file",
    type=FILE,
    help="File with the new passphrase; else SANAD_NEW_PASSPHRASE, or asked. It may be the same.",
)
def passphrase(file: Path, passphrase_file: Path | None, new_passphrase_file: Path | None) -> None:
    """Change the passphrase of the key in FILE, and encrypt it as new keys are. The key stays the same.

    A copy of the file made before still opens with the old passphrase.
    """
    with reporting_errors():
        require_file(file)
        old = _passphrase(file, passphrase_file)
        change_passphrase(file, old, _new_passphrase(file, new_passphrase_file))
    click.echo(f"{file} opens with the new passphrase.")


@key.command()
@CONFIG
@_PASSPHRASE
def rotate(config: Path | None, passphrase_file: Path | None) -> None:
    """Replace the institution's Ed25519 key by a new one, under the same passphrase.

    The old key stays listed, so what it signed is still confirmed; its file is set aside.
    """
    with reporting_errors():
        settings, path = _institution(config)
        passphrase = _passphrase(path, passphrase_file or settings.passphrase_file)
        _refuse_for_new_key(passphrase, path)
        done = replace(path, passphrase)
    click.echo(f"New key   {done.new}\nOld key   {done.old}, set aside in {done.aside}")
    click.echo("Publish it before you issue: sanad did, sanad status publish.")


@key.command()
@click.argument("public_key", metavar="z6Mk…")
@click.option("--since", required=True, metavar="TIME", help="UTC, as 2026-11-23T09:30:00Z.")
@CONFIG
def distrust(public_key: str, since: str, config: Path | None) -> None:
    """Mark one of the institution's Ed25519 keys as not to be trusted from a given time.

    What was registered before then is still confirmed. Whether sanad key rotate comes before or after makes no
    difference. For keys of the chain: sanad distrust.
    """
    with reporting_errors():
        path = _institution(config)[1]
        in_use = KeyHistory.beside(path).distrust(public_key, parse_timestamp(since), stated_public_key(path))
    if in_use:
        click.echo(f"{public_key} is distrusted since {since}. Nothing is signed with it any more.")
        click.echo("Make a new key, then publish: sanad key rotate, sanad did, sanad status publish.")
    else:
        click.echo(f"{public_key} is distrusted since {since}. Publish it: sanad did, sanad status publish.")


@key.command()
@CONFIG
@JSON
def history(config: Path | None, as_json: bool) -> None:
    """List the institution's Ed25519 keys, past and present; nothing is decrypted."""
    with reporting_errors():
        path = _institution(config)[1]
        keys, in_place = KeyHistory.beside(path).listed(), stated_public_key(path)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in keys], indent=1))
        return
    for each in keys:
        until = (
            f"distrusted since {each.revoked}" if each.revoked else f"until {each.until}" if each.until else "in use"
        )
        click.echo(f"{each.multikey}  {until}")
    if in_place is not None and all(each.multikey != in_place for each in keys):
        click.echo(f"{in_place}  in {path}; no use of it is noted yet")
    elif not keys:
        click.echo("No key has been used yet.")


def _institution(config: Path | None) -> "tuple[IssuerSettings, Path]":
    settings = load_issuer_settings(config or find_settings())
    return settings, settings.institution_key


def _facts(file: Path, passphrase: str) -> dict[str, str]:
    return public_facts(file, passphrase)


def _print(facts: dict[str, str], as_json: bool = False) -> None:
    if as_json:
        click.echo(json.dumps(facts, indent=1))
        return
    for name, value in facts.items():
        click.echo(f"{name:<8} {value}")


def _say_if_weaker(file: Path) -> None:

    if weaker_than_new(file):
        click.echo(
            f"{file} is encrypted less well than new keys are. To mend it: sanad key passphrase {file}", err=True
        )


def _refuse_for_new_key(passphrase: str, path: Path) -> None:

    if (problem := weakness(passphrase)) is not None:
        raise KeyFileError(f"{problem} Change it first: sanad key passphrase {path}. Nothing was changed.")


def _new_passphrase(file: Path, passphrase_file: Path | None) -> str:

    def ask(_what: str) -> str:
        if not sys.stdin.isatty():
            raise click.UsageError(
                f"New passphrase of {file}: nobody is there to type it. Use --new-passphrase-file or "
                f"{NEW_PASSPHRASE_VARIABLE}."
            )
        return str(click.prompt(f"New passphrase of {file}", hide_input=True, confirmation_prompt=True, err=True))

    return Passphrases(passphrase_file, ask, NEW_PASSPHRASE_VARIABLE).of(file)


def _passphrase(file: Path, passphrase_file: Path | None, confirm: bool = False) -> str:
    def ask(what: str) -> str:
        if not sys.stdin.isatty():
            raise click.UsageError(f"{what}: nobody is there to type it. Use --passphrase-file or SANAD_PASSPHRASE.")
        return str(click.prompt(what, hide_input=True, confirmation_prompt=confirm, err=True))

    passphrase = Passphrases(passphrase_file, ask).of(file)
    if confirm:
        check_new_passphrase(passphrase)
    return passphrase


def _secret() -> str:
    """The key as it is typed or piped in; Windows' programs pipe UTF-16, or a byte-order mark before it."""
    if sys.stdin.isatty():
        return str(click.prompt("The key, 64 hex digits", hide_input=True, err=True))
    piped = sys.stdin.buffer.read(_MOST_TYPED)
    marked = piped.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return piped.decode("utf-16" if marked else "utf-8", errors="replace")
