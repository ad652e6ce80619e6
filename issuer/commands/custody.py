"""`sanad backup | restore | erase | export`. No logic here."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issuer.commands.acting import reporting_errors
from issuer.commands.naming import naming
from issuer.commands.terminal import progress_bars
from issuer.custody.backup import back_up
from issuer.custody.exporting import export as write
from issuer.custody.restoring import restore as put_back
from issuer.office.erasing import erase as remove
from issuer.office.erasing import meant_in, parts_of, see_erasable
from issuer.office.records_place import place_of
from issuer.records import open_existing, open_issuing
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError
from verifier.core.codes import short_code
from verifier.core.hashes import to_hex

if TYPE_CHECKING:
    from issuer.office.certificates import Meant
    from issuer.office.erasing import Gone
    from issuer.office.records_place import Place
    from issuer.records import Records


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
    with reporting_errors(), _opened(config, issuing=False) as (place, store), progress_bars(as_json) as progress:
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
@click.option("--all", "every", is_flag=True, help="With --name or --number: every certificate that is meant.")
@click.option("--archive-only", is_flag=True, help="Also where no records have it, because they are lost.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@CONFIG
@JSON
def erase(
    certificate: str | None,
    name: str | None,
    number: str | None,
    every: bool,
    archive_only: bool,
    yes: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Erase a person's certificate: its record, its delivered files, its page. This is final.

    The certificate is named by its PDF, link, hash or short code, or among the records by --name or --number.
    It is erased in every place that `also` in [issuer] names: other offices' records, folders with copies.
    It is not revoked: a file that the student kept still verifies. If it should not, revoke it first: that is not
    possible without the record. Backups made before still hold it.

    \b
    Exit codes: 0 erased, or was already; 2 it could not be done: no records here have it, say.
    """
    if every and (certificate is not None or (name is None and number is None)):
        raise CommandError("--all goes with --name or --number, and with no certificate.")
    with reporting_errors():
        if certificate is not None and (name is not None or number is not None):
            raise CommandError("Name the certificate once: by its file, link, hash or code, or by --name and --number.")
        parts = parts_of(config)
        meant = meant_in(parts, certificate, name, number, every)
        see_erasable(parts, meant, archive_only)
        _ask_to_erase([_who(each) for each in meant], yes)
        done = remove(parts, meant, archive_only)
    if as_json:
        data = [_gone_data(each) for each in done]
        click.echo(json.dumps(data if every else data[0], ensure_ascii=False, indent=1))
        return
    for each in done:
        what = "record, page" if each.recorded else "page"
        click.echo(f"Erased ({each.day}): {what} and {len(each.files)} files.")
        for path in each.naming:
            click.echo(f"Left as it is, because it names others too; take the person out yourself: {path}")
    click.echo("Copies may remain: in backups made before, in your roster file, and with the student.")


def _who(meant: "Meant | bytes") -> str:
    return f"The certificate {short_code(meant)}, which was erased before" if isinstance(meant, bytes) else str(meant)


def _gone_data(gone: "Gone") -> dict[str, Any]:
    return {
        "hash": to_hex(gone.hash),
        "erased": gone.day,
        "recorded": gone.recorded,
        "files": [str(path) for path in gone.files],
        "naming": [str(path) for path in gone.naming],
    }


def _ask_to_erase(who: list[str], yes: bool) -> None:
    if yes:
        return
    names = "\n".join(who)
    if not sys.stdin.isatty():
        raise CommandError(f"{names}. Nobody is there to be asked whether that is meant: say --yes.")
    click.echo(names, err=True)
    if not click.confirm("Erase permanently?", err=True):
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
def _opened(config: Path | None, issuing: bool = True) -> "Iterator[tuple[Place, Records]]":
    place = place_of(config)
    store = open_issuing(place.records) if issuing else open_existing(place.records)
    if store is None:
        raise CommandError(f"There are no records yet: {place.records}.")
    with closing(store):
        yield place, store
