"""The command `sanad badge`."""

from pathlib import Path

import click

from verifier.badge_files import badge_of
from verifier.commands.opening import CONFIG, FILE, CommandError
from verifier.core.errors import SanadError
from verifier.core.limits import LIMITS
from verifier.errors import SettingsError
from verifier.plain_file import read_plain
from verifier.settings import load_settings


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILES|LINKS|HASHES|CODES...")
@click.option("--out", type=FILE, default=Path(), help="Folder for the badges, or the file for one. [.]")
@click.option("--svg", is_flag=True, help="Write SVG instead of PNG.")
@click.option("--image", type=FILE, help="A PNG to put the credential into. [the course's own, from the archive]")
@CONFIG
def badge(inputs: tuple[str, ...], out: Path, svg: bool, image: Path | None, config: Path | None) -> None:
    """Write badges for wallets: the course's picture with the certificate's credential inside.

    They are Open Badges 3.0. This does not check the certificate; `sanad verify` does, and it reads badges too.

    \b
    Exit codes: 0 all were written; 2 one could not be written, and the message says why.
    """
    try:
        verifier = load_settings(config).verifier(False)
        picture = None if image is None else read_plain(image, LIMITS.file_bytes)
        one = out.suffix.lower() in (".png", ".svg") and not out.is_dir()
        if one and len(inputs) > 1:
            raise CommandError(f"{out} is one file, and there are {len(inputs):,} certificates. Give --out a folder.")
        (out.parent if one else out).mkdir(parents=True, exist_ok=True)
        kind = "svg" if svg or (one and out.suffix.lower() == ".svg") else "png"
        for given in inputs:
            name, data = badge_of(verifier, given, kind, picture)
            file = out if one else out / name
            file.write_bytes(data)
            click.echo(file)
    except (SanadError, SettingsError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror or error}.") from None
