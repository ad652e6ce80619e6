"""The issuer's records: batches, certificates, transactions, deliveries, and the trail of who did what.

values.py        what is kept, as frozen dataclasses
place.py         where it is kept: a SQLite file, or PostgreSQL by a URL
tables.py        the tables and their constraints
migrations/      how records of earlier versions become today's (Alembic)
database.py      opening, reading, writing; every exception of SQLAlchemy ends here
locks.py         one writer per key, one run per batch
batches.py, certificates.py, transactions.py, deliveries.py, status_lists.py, trail.py   what is asked and recorded
marks.py         who was erased or hidden
rebuilding.py    what a rebuild adds
"""

from issuer.records.certificates import Kept
from issuer.records.place import RecordsPlace
from issuer.records.records import Records, open_existing
from issuer.records.values import (
    Attempt,
    AttemptState,
    Batch,
    BatchState,
    Delivery,
    DeliveryState,
    Draft,
    Entry,
    Issued,
    Signed,
    StatusList,
    StatusPlace,
    Transaction,
)

__all__ = [
    "Attempt",
    "AttemptState",
    "Batch",
    "BatchState",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Entry",
    "Issued",
    "Kept",
    "Records",
    "RecordsPlace",
    "Signed",
    "StatusList",
    "StatusPlace",
    "Transaction",
    "open_existing",
]
