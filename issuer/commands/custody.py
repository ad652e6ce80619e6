"""`sanad backup | restore | erase | export`. No logic here."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issuer.commands.acting import reporting_errors
from issuer.commands.naming import naming
from issuer.commands.terminal import progress_bars
from issuer.custody.backup import back_up
from issuer.custody.erasing import erase as remove
from issuer.custody.exporting import export as write
from issuer.custody.restoring import restore as put_back
from issuer.errors import ErasedCertificateError
from issuer.office.certificates import certificate_meant
from issuer.office.records_place import place_of
from issuer.records import Records
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError
from verifier.core.hashes import to_hex

if TYPE_CHECKING:
    from issuer.office.records_place import Place


@click.command()
@click.argument("file", type=FILE)
@CONFIG
@JSON
def backup(file: Path, config: Path | None, as_json: bool) -> None:
    """Write everything into FILE (a tar archive): records, archive, delivered certificates. Issuing may continue.

    Keys and settings are not in it: keep them apart. The file holds personal data and is not encrypted.

    \b
    Exit codes: 0 written; 2 it could not be done.
    """
    with reporting_errors(), _opened(config) as (place, store), progress_bars(as_json) as progress:
        progress.stage("Copying", 0)
        report = back_up(store, place.data, place.archive, file, progress.step)
    if as_json:
        data = {"file": str(file), "rows": report.rows, "files": report.files, "bytes": report.bytes}
        click.echo(json.dumps({**data, "missing": list(report.missing)}, ensure_ascii=False, indent=1))
        return
    rows = sum(report.rows.values())
    click.echo(f"{file}: {rows:,} rows, {report.files:,} files, {report.bytes / 1e6:,.1f} MB.")
    if report.missing:
        click.echo(
            f"Not where they were delivered to, so not in it: {len(report.missing):,} files, first {report.missing[0]}."
        )


@click.command()
@click.argument("file", type=FILE)
@click.option("--keep-archive", is_flag=True, help="The archive was not lost: leave it as it is.")
@CONFIG
@JSON
def restore(file: Path, keep_archive: bool, config: Path | None, as_json: bool) -> None:
    """Restore a backup into the empty places that sanad.toml names. Nothing is ever overwritten.

    A restore that was killed goes on when it is typed again; until then every other command refuses these places.
    Nobody comes back who was erased since: leave the folders `erased` and `hidden` of the archive where they are.

    \b
    Exit codes: 0 restored; 2 it could not be done, and nothing was written.
    """
    with reporting_errors():
        place = place_of(config, restoring=True)
        with progress_bars(as_json) as progress:
            progress.stage("Restoring", 0)
            done = put_back(file, place.records, place.data, place.archive, progress.step, keep_archive)
    if as_json:
        click.echo(json.dumps(vars(done), ensure_ascii=False, indent=1))
        return
    click.echo(f"Restored the backup of {done.made}: {sum(done.rows.values()):,} rows, {done.files:,} files.")
    if done.erased:
        certificates = "1 certificate" if done.erased == 1 else f"{done.erased:,} certificates"
        click.echo(f"Erased since it was made, so not restored: {certificates}.")
    if done.unfinished:
        click.echo(f"{done.unfinished} batches were not delivered yet. Type: sanad resume")


@click.command()
@naming
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@CONFIG
@JSON
def erase(
    certificate: str | None, name: str | None, number: str | None, yes: bool, config: Path | None, as_json: bool
) -> None:
    """Erase a person's certificate: its record, its delivered files, its page. This is final.

    The certificate is named by its PDF, link, hash or short code, or among the records by --name or --number.
    It is not revoked: a file that the student kept still verifies. If it should not, revoke it first: that is not
    possible without the record. Backups made before still hold it.

    \b
    Exit codes: 0 erased, or was already; 2 it could not be done.
    """
    with reporting_errors(), _opened(config) as (place, store):
        if place.archive is None:
            raise CommandError(f"{place.path} names no archive: set archive in [verifier].")
        hash_, who = _to_erase(place, certificate, name, number)
        _ask_to_erase(who, yes)
        done = remove(store, place.archive, hash_)
    if as_json:
        data = {"hash": to_hex(hash_), "erased": done.day, "recorded": done.recorded}
        click.echo(json.dumps({**data, "files": [str(path) for path in done.files]}, ensure_ascii=False, indent=1))
        return
    click.echo(f"Erased ({done.day}): record, page and {len(done.files)} delivered files.")
    click.echo("Copies may remain: in backups made before, in your roster file, and with the student.")


def _to_erase(place: "Place", text: str | None, name: str | None, number: str | None) -> tuple[bytes, str]:
    """The certificate's hash, and who it is; one that was erased before may be erased again."""
    try:
        meant = certificate_meant(place, text, name, number)
    except ErasedCertificateError as error:
        return error.hash, str(error)
    return meant.hash, str(meant)


def _ask_to_erase(who: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{who}. Nobody is there to be asked whether that is meant: say --yes.")
    click.echo(who, err=True)
    if not click.confirm("Erase this record permanently?", err=True):
        raise CommandError("You answered no. Nothing was erased.")


@click.command()
@click.argument("folder", type=FILE)
@click.option("--keys", "keys_to", type=FILE, help="Copy the encrypted key files too, into this other folder.")
@CONFIG
@JSON
def export(folder: Path, keys_to: Path | None, config: Path | None, as_json: bool) -> None:
    """Write everything that an institution needs to leave into FOLDER, as plain files.

    These are PDFs, envelopes, leaves and tables.

    \b
    Exit codes: 0 written, every file sound; 1 written, and some PDFs are not where they were delivered to; 2 it
    could not be done.
    """
    with reporting_errors(), _opened(config) as (place, store):
        if place.archive is None:
            raise CommandError(f"{place.path} names no archive: set archive in [verifier].")
        with progress_bars(as_json) as progress:
            progress.stage("Exporting", 0)
            done = write(store, place.data, place.archive, folder, place.keys, keys_to, progress.step)
    if as_json:
        data = {"folder": str(folder), "batches": done.batches, "certificates": done.certificates}
        click.echo(json.dumps({**data, "erased": done.erased, "missing": list(done.missing)}, indent=1))
    else:
        click.echo(f"{folder}: {done.batches:,} batches, {done.certificates:,} certificates ({done.erased:,} erased).")
        for name in done.missing[:10]:
            click.echo(f"Not where it was delivered to: {name}")
    sys.exit(1 if done.missing else 0)


@contextmanager
def _opened(config: Path | None) -> "Iterator[tuple[Place, Records]]":
    place = place_of(config)
    if not place.records.exists:
        raise CommandError(f"There are no records yet: {place.records}.")
    with closing(Records(place.records)) as store:
        yield place, store
