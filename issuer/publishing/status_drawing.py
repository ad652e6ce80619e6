"""Giving out places in the status lists that these records began, and in no other. SPEC.md section 15.

Before places of a list are given out, it is published again over the version that these records published last. So of
two copies of the records, the second finds another version, closes the list for itself, and begins a new one.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from issuer.credential.identity import STATUS_LIST_LENGTH, draw_indexes
from issuer.errors import ArchiveConflictError, StatusListError
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_credential import Address, read_list, signed_list
from issuer.records import Records, StatusList
from verifier.core.hashes import sha256
from verifier.core.status_list import with_bits

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FULL = "every place is given out"
_ANOTHER = "another version is published, or none"


class StatusDrawing:
    """Draws places.

    Args:
        key: the institution's Ed25519 key, which signs the lists.
        store: the records.
        archive: where the lists are published.
    """

    def __init__(self, key: "Ed25519PrivateKey", store: Records, archive: ArchiveWriter) -> None:
        self._key, self._store, self._archive = key, store, archive

    def draw(self, domain: str, origin: str, count: int, moment: datetime) -> list[tuple[str, int]]:
        """So many places, each a list's identifier and an index; call it while no other run drafts for the domain.

        `moment` is the chain's time.

        Raises:
            ArchiveError: the archive cannot be written.
        """
        drawn: list[tuple[str, int]] = []
        while len(drawn) < count:
            own = self._open(domain, origin, moment)
            taken = self._store.status_lists.taken(own.id)
            indexes = draw_indexes(count - len(drawn), taken)
            drawn += ((own.id, index) for index in indexes)
            if len(taken) + len(indexes) >= STATUS_LIST_LENGTH:
                self._store.status_lists.close(own.id, FULL)
        return drawn

    def _open(self, domain: str, origin: str, moment: datetime) -> StatusList:
        """A list of ours whose places nobody else gives out."""
        for each in self._store.status_lists.open(domain, origin):
            if self._is_ours_alone(each, moment):
                return each
            self._store.status_lists.close(each.id, _ANOTHER)
        begun = self._store.status_lists.begin(domain, origin)
        if not self._is_ours_alone(begun, moment):
            raise StatusListError(f"The status list {begun.id} was begun just now, and another is published there.")
        return begun

    def _is_ours_alone(self, own: StatusList, moment: datetime) -> bool:
        """Publish the list again, its bits unchanged, over what these records published last; whether it was there."""
        address = Address(own.origin, own.domain, own.id)
        found = self._archive.status_list(own.domain, own.id, address.host)
        if (None if found is None else sha256(found)) != own.published:
            return False
        bits = with_bits([])
        if found is not None:
            before = read_list(found, address, keys=None)
            bits, moment = before.bits, max(moment, before.moment)
        data = signed_list(address, bits, self._key, moment)
        try:
            self._archive.publish_status_list(own.domain, own.id, address.host, data, over=found)
        except ArchiveConflictError:
            return False
        self._store.status_lists.set_published(own.id, sha256(data))
        return True
