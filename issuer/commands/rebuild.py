"""The command `sanad rebuild`. No logic here."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from issuer.commands.acting import REGISTRY, ask_passphrase, reporting_errors
from issuer.commands.terminal import progress_bars
from issuer.custody.rebuilding_archive import RebuiltArchive
from issuer.custody.rebuilt import Rebuilt, RebuiltBatch
from issuer.errors import NodeUnusableError
from issuer.office.office import open_office
from issuer.office.rebuilding import rebuild_archive, rebuild_records
from issuer.records.rebuilding import TakenOver
from issuer.text import moment
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError
from verifier.core.errors import RegistryUnavailableError

_SHOWN = 10
_NEVER = (
    "In no file, so not in the records: e-mail addresses, letters that were sent, rows of rosters, and student numbers "
    "that a certificate does not show. No letter of a rebuilt batch goes out by itself."
)


@click.command()
@click.option(
    "--from", "folders", type=FILE, multiple=True, metavar="FOLDER",
    help="A folder with delivered files (PDF, .json) or course descriptions. May be given several times.",
)  # fmt: skip
@click.option(
    "--signer", "signers", multiple=True, metavar="ADDRESS",
    help="An earlier key of ours, whose batches belong to these records too. May be given several times.",
)  # fmt: skip
@click.option("--archive", "of_archive", is_flag=True, help="Build the archive again instead, from the records.")
@click.option("--dry-run", is_flag=True, help="Say what would be added; change nothing.")
@REGISTRY
@CONFIG
@JSON
def rebuild(
    folders: tuple[Path, ...],
    signers: tuple[str, ...],
    of_archive: bool,
    dry_run: bool,
    registry: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Build lost records again from the archive, delivered files and the registry.

    It adds what is missing and changes nothing that is there, so it may be typed again at any time. Only what the
    registry has on record is taken; nobody who was erased comes back. If both are lost, build the records first, then
    the archive.

    \b
    Exit codes: 0 nothing is missing now; 1 something is still missing, and is named; 2 nothing was done; 3 the
    registry or a node could not be asked.
    """
    if of_archive and signers:
        raise CommandError("--signer goes with the records: an archive is built from the batches that these have.")
    done: Rebuilt | RebuiltArchive
    with reporting_errors(), progress_bars(as_json) as progress:
        office = open_office(config, ask_passphrase, registry)
        try:
            if of_archive:
                done = rebuild_archive(office, folders, dry_run, progress)
            else:
                done = rebuild_records(office, folders, signers, dry_run, progress)
        except (RegistryUnavailableError, NodeUnusableError) as error:
            end = "Nothing was written." if dry_run else "What was added stays; type it again."
            click.echo(f"The registry could not be asked. {error} {end}", err=True)
            sys.exit(3)
    if as_json:
        click.echo(json.dumps(done.data, ensure_ascii=False, indent=1))
    else:
        for line in _lines(done) if isinstance(done, Rebuilt) else _archive_lines(done):
            click.echo(line)
    if isinstance(done, Rebuilt) and done.waiting:
        sys.exit(3)
    sys.exit(0 if done.whole else 1)


def _archive_lines(done: RebuiltArchive) -> Iterator[str]:
    counts = {
        ("batch file", "batch files"): done.batch_files,
        ("envelope", "envelopes"): done.envelopes,
        ("course's pictures", "courses' pictures"): done.pictures,
        ("pointer to a replacement", "pointers to replacements"): done.pointers,
        ("pointer to an educator", "pointers to educators"): done.educators,
        ("mark of an erased certificate", "marks of erased certificates"): done.marks,
    }
    for sentence in done.missing:
        yield f"Missing: {sentence}."
    if done.lists:
        yield f"Status lists that are made again by typing sanad status publish: {', '.join(done.lists)}."
    parts = ", ".join(_counted(count, *words) for words, count in counts.items() if count)
    would = "Would be added" if done.dry_run else "Added"
    yield f"{would} to the archive: {parts}." if parts else "Nothing had to be added to the archive."


def _lines(done: Rebuilt) -> Iterator[str]:
    for batch in done.batches:
        yield from _of_batch(batch, done.dry_run)
    if done.erased and any(batch.missing for batch in done.batches):
        erased = _counted(done.erased, "certificate is", "certificates are")
        yield f"By the marks {erased} erased: what was found nowhere may be among them."
    for domain, count in done.unknown.items():
        batches = _counted(count, "more batch", "more batches")
        yield (
            f"{domain}: the registry has {batches}, of which no file was found. They may be another office's. If not, "
            "name the folders with their files: sanad rebuild --from FOLDER"
        )
    for key, roots in done.others.items():
        yield f"Registered by another key, {key}, so left out: {_listed(roots)}. If it was ours: --signer {key}"
    if done.unregistered:
        yield f"Not on record in this registry, so left out: {_listed(done.unregistered)}."
    if done.unproved:
        yield "These files prove nothing, so nothing was taken from them:"
        yield from (f"  {path}: {why}" for path, why in [*done.unproved.items()][:_SHOWN])
        if len(done.unproved) > _SHOWN:
            yield f"  … and {len(done.unproved) - _SHOWN:,} more; --json has all."
    if done.left:
        yield "These files hold data of certificates that were erased. Remove them:"
        yield from (f"  {path}" for path in done.left)
    for domain, found in done.taken_over.items():
        yield from _taken_over(done, domain, found)
    for key in done.waiting:
        yield f"The key {key} has a transaction that is not final yet. In a minute type again: sanad rebuild"
    yield _summary(done)
    if done.added:
        yield _NEVER


def _of_batch(batch: RebuiltBatch, dry_run: bool) -> Iterator[str]:
    root, course = f"0x{batch.root.hex()}", f"{batch.course}, {batch.registered[:10]}"
    if batch.unfinished is not None:
        yield f"{root}  {course}: it is {batch.unfinished} in the records. Type: sanad resume"
        return
    lacks = list(_lacking(batch))
    if batch.new or batch.added or lacks:
        would = "would be added" if dry_run else "added"
        yield f"{root}  {course}: {batch.added:,} of {batch.size:,} certificates {would}"
        if (batch.new or batch.added) and (state := _state(batch)):
            yield f"  by the registry: {state}"
    yield from lacks


def _lacking(batch: RebuiltBatch) -> Iterator[str]:
    if batch.missing:
        yield (
            f"  batch 0x{batch.root.hex()[:8]}…: {len(batch.missing):,} of {batch.size:,} certificates found nowhere: "
            f"positions {_positions(batch.missing)}. Any copy of a file brings it back, a student's too: sanad rebuild "
            "--from FOLDER"
        )
    if batch.without_pdf:
        pdfs = "1 PDF is" if batch.without_pdf == 1 else f"{batch.without_pdf:,} PDFs are"
        again = f"To make them again: sanad deliver {batch.id}"
        if not batch.has_course:
            again = "If you have the files elsewhere: sanad rebuild --from FOLDER"
        yield f"  {pdfs} not in {batch.out}. {again}"
    if not batch.has_course:
        yield (
            "  its course description was not found, and correcting needs it. Name the folder that has the "
            "course.toml: sanad rebuild --from FOLDER"
        )


def _taken_over(done: Rebuilt, domain: str, found: Sequence[TakenOver]) -> Iterator[str]:
    count = _counted(len(found), "revocation", "revocations")
    would = "would be taken over" if done.dry_run else "taken over"
    yield f"{domain}: {count} {would} from the registry; the records had lost who wrote them:"
    for each in found[:_SHOWN]:
        root, position = done.places[each.commitment]
        yield f"  batch 0x{root.hex()[:8]}…, position {position + 1}: {moment(each.at)}, by the key {each.writer}"
    if len(found) > _SHOWN:
        yield f"  … and {len(found) - _SHOWN:,} more; --json has all."
    yield (
        "  Look whether they are yours, because sanad watch takes them for yours from now on. If they are not, the key "
        "is stolen: stop it with sanad distrust."
    )


def _state(batch: RebuiltBatch) -> str:
    parts = [f"{count:,} {what}" for count, what in ((batch.revoked, "revoked"), (batch.replaced, "replaced")) if count]
    parts += ["withdrawn"] if batch.withdrawn else []
    parts += [] if batch.counts else ["does not count: its key is distrusted"]
    parts += [f"{batch.erased:,} erased"] if batch.erased else []
    return ", ".join(parts)


def _summary(done: Rebuilt) -> str:
    batches = sum(each.new for each in done.batches)
    if not done.added and not batches and not done.batches and done.unknown:
        return "Nothing was found of it, so nothing was added to the records."
    if not done.added and not batches:
        return "Nothing had to be added to the records."
    would = "would be added" if done.dry_run else "were added to the records"
    certificates = _counted(done.added, "certificate", "certificates")
    return f"{_counted(batches, 'batch', 'batches')} and {certificates} {would}."


def _positions(positions: Sequence[int]) -> str:
    """Positions counted from 1, as file names do, with runs as one: `1-3, 7`."""
    runs: list[list[int]] = []
    for at in positions:
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    shown = [f"{first + 1}" if first == last else f"{first + 1}-{last + 1}" for first, last in runs]
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN:,} more" if len(shown) > _SHOWN else "")


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def _listed(roots: Sequence[str]) -> str:
    return ", ".join(roots[:_SHOWN]) + (f" and {len(roots) - _SHOWN:,} more" if len(roots) > _SHOWN else "")
