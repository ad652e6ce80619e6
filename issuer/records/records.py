"""The records as one: batches by its own methods, all else by its parts."""

from pathlib import Path

from issuer.disk.private_files import private_folder
from issuer.errors import StoreError
from issuer.records.batches import BatchRecords
from issuer.records.certificates import CertificateRecords
from issuer.records.corrections import CorrectionRecords
from issuer.records.database import PATIENCE_SECONDS, Database
from issuer.records.deliveries import DeliveryRecords
from issuer.records.locks import Locks
from issuer.records.marks import MarkRecords
from issuer.records.place import RecordsPlace, in_file
from issuer.records.rebuilding import RebuiltRecords
from issuer.records.status_lists import StatusListRecords
from issuer.records.trail import Trail
from issuer.records.transactions import TransactionRecords
from issuer.records.upgrading import upgrade

OPENING_SECONDS = 5.0
"""How long to wait for a database that was never reached."""


class Records(BatchRecords):
    """The issuer's records.

    Args:
        place: where they are; a path is a SQLite file's.
        patience: how many seconds to wait for a database that went away.

    Raises:
        StoreError: they cannot be opened.
    """

    def __init__(self, place: RecordsPlace | Path, patience: float = PATIENCE_SECONDS) -> None:
        place = in_file(place) if isinstance(place, Path) else place
        self._make_folder(place)
        self.database = Database(place, patience)
        self.database.patience = min(patience, OPENING_SECONDS)
        try:
            upgrade(self.database)
        except StoreError:
            self.database.close()
            raise
        self.database.patience = patience
        self.trail = Trail(self.database)
        self.transactions = TransactionRecords(self.database)
        self.certificates = CertificateRecords(self.database)
        self.deliveries = DeliveryRecords(self.database)
        self.status_lists = StatusListRecords(self.database, self.trail)
        self.marks = MarkRecords(self.database)
        self.locks = Locks(self.database)
        self.rebuilt = RebuiltRecords(self.database, self.trail)
        super().__init__(self.database, self.trail)
        self.corrections = CorrectionRecords(self, self.trail)

    def close(self) -> None:
        """Close them."""
        self.database.close()

    @staticmethod
    def _make_folder(place: RecordsPlace) -> None:
        if place.file is not None:
            try:
                private_folder(place.file.parent)
            except OSError as error:
                raise StoreError(f"The folder {place.file.parent} cannot be made: {error.strerror}.") from None


def open_existing(place: RecordsPlace | None) -> Records | None:
    """The records of a place, where there are any."""
    return Records(place) if place is not None and place.exists else None
