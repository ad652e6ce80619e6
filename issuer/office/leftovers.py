"""What killed runs left in the folders of an installation: the next run removes it."""

from contextlib import closing, suppress
from pathlib import Path

from issuer.batches.leftovers import sweep_batches
from issuer.errors import ArchiveError
from issuer.office.records_place import Place
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Records


def sweep(place: Place) -> None:
    """Remove what killed runs left in the data folder and in the archive; never what another run is writing.

    Raises:
        StoreError: the records cannot be read.
    """
    if place.records.exists:
        with closing(Records(place.records)) as store:
            sweep_kept(store, place.data, place.archive)


def sweep_kept(store: Records, data: Path, archive: Path | None) -> None:
    """As `sweep`, with records that are open."""
    sweep_batches(store, data / "batches")
    if archive is not None:
        with suppress(ArchiveError):  # the next writer says it
            ArchiveWriter(archive).sweep()
