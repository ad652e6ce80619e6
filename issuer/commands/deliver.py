"""`sanad deliver`: a batch's delivered files, made again. No logic here: issuer/batches/redelivering.py does it."""

import json
import sys
from contextlib import closing
from pathlib import Path

import click

from issuer.batches.overview import chosen
from issuer.batches.redelivering import Fate, redeliver
from issuer.commands.acting import reporting_errors
from issuer.commands.terminal import progress_bars
from issuer.office.records_place import place_of
from issuer.records import Records
from verifier.commands.opening import CONFIG, FILE, JSON, CommandError

_GOOD = (Fate.WRITTEN, Fate.THERE)


@click.command()
@click.argument("batch", metavar="BATCH")
@click.option("--out", type=FILE, help="Folder for the files. [where the batch was delivered to]")
@CONFIG
@JSON
def deliver(batch: str, out: Path | None, config: Path | None, as_json: bool) -> None:
    """Make the delivered files of BATCH again, byte for byte: a PDF and a .json file for each student.

    BATCH is the beginning of its number or of its root. It needs no key and no chain. Certificates that were erased are
    left out. A file that is there already and differs is reported and left as it is.

    \b
    Exit codes: 0 every file is there; 1 some are not, and why; 2 nothing was done.
    """
    with reporting_errors():
        place = place_of(config)
        if not place.records.exists:
            raise CommandError(f"There are no records yet: {place.records}.")
        with closing(Records(place.records)) as store:
            one = chosen(store, batch)
            folder, to = place.data / "batches" / one.id, out or Path(one.out)
            with progress_bars(as_json) as progress:
                progress.stage("Making the files again", one.size)
                done = list(redeliver(store, one, folder, place.archive, to, progress.step))
    counts = {fate: sum(each.fate is fate for each in done) for fate in Fate}
    erased = one.size - len(done)
    if as_json:
        rows = [
            {
                "row": each.row,
                "name": each.name,
                "file": str(each.file),
                "fate": each.fate.value,
                "why": each.why or None,
            }
            for each in done
        ]
        data = {"batch": one.id, "out": str(to), "erased": erased, "certificates": rows}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for each in done:
            if each.fate not in _GOOD:
                click.echo(f"Row {each.row}, {each.name}: {each.fate}. {each.why}")
        told = [f"{count:,} {fate}" for fate, count in counts.items() if count or fate is Fate.WRITTEN]
        told += [f"{erased:,} erased, so not made again"] if erased else []
        click.echo(f"Batch {one.id[:8]} ({one.course}): {', '.join(told)}. Folder: {to}")
    sys.exit(0 if sum(counts[fate] for fate in _GOOD) == len(done) else 1)
