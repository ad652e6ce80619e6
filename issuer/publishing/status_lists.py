"""The institution's status lists (Bitstring Status List 1.0): what the registry says, for verifiers that do not ask it.

A bit is set where a certificate is revoked, replaced, or in a batch that was withdrawn or does not count: what the
registry answers, out of its storage, and never what our records wish. SPEC.md section 15.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from issuer.archive import ArchiveWriter
from issuer.certificate.credential import sign_credential, status_list_address
from issuer.certificate.identity import STATUS_LIST_LENGTH
from issuer.errors import ArchiveError
from issuer.store import StatusPlace, Store
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import parse_batch_file
from verifier.core.canonical import canonical
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.dates import parse_timestamp
from verifier.core.domain import did_web
from verifier.core.errors import BatchFileError, SanadError
from verifier.core.hashes import commitment
from verifier.core.multikey import ed25519_multikey
from verifier.core.status_list import PURPOSE, encode, with_bits

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TTL = timedelta(minutes=15)
"""How long others may go by a copy of a list."""
_AT_ONCE = 500


class Asked(Protocol):
    """What is asked of the registry; verifier.registry.NodeRegistry answers it."""

    def institution(self, domain: str) -> Mapping[str, Any]:
        """An institution, by the contract's names."""

    def batch(self, domain: str, root: bytes) -> Mapping[str, Any]:
        """A batch, by the contract's names."""

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> Sequence[Any]:
        """The counting revocation of each; None where there is none."""


@dataclass(frozen=True)
class Published:
    """One list as it stands in the archive now."""

    url: str
    path: Path
    revoked: int
    """How many places are set."""
    written: bool
    """False where the same list, still fresh, stood there already."""


class StatusLists:
    """Writes the lists of one institution.

    Args:
        domain: the institution's.
        key: its Ed25519 key.
        registry: asked about every certificate.
        store: the records, which know whose place is whose.
        archive: where the lists are published.
    """

    def __init__(
        self, domain: str, key: "Ed25519PrivateKey", registry: Asked, store: Store, archive: ArchiveWriter
    ) -> None:
        self._domain, self._key, self._registry, self._store, self._archive = domain, key, registry, store, archive

    def revoked(self) -> set[int]:
        """The places, over all lists, whose certificates the registry does not let stand.

        Raises:
            RegistryUnavailableError: it gave no trustworthy answer; then nothing is published.
            ArchiveError: of an erased certificate the batch file is missing too.
        """
        found: set[int] = set()
        any_at_all = self._registry.institution(self._domain)["revocations"] > 0  # saves most questions, mostly
        by_root = sorted(self._store.places(self._domain), key=lambda place: place.root)
        for root, places in groupby(by_root, key=lambda place: place.root):
            found.update(self._fallen(root, list(places), any_at_all))
        return found

    def publish(self, now: datetime | None = None) -> list[Published]:
        """Sign and publish every list, for each address under which certificates name it; errors as `revoked`."""
        places, moment = self._store.places(self._domain), (now or datetime.now(UTC)).replace(microsecond=0)
        revoked = self.revoked()
        numbers = range(1, max((place.index for place in places), default=-1) // STATUS_LIST_LENGTH + 2)
        origins = sorted({place.origin for place in places})
        return [self._publish(origin, number, revoked, moment) for origin in origins for number in numbers]

    def _fallen(self, root: bytes, places: Sequence[StatusPlace], any_revoked: bool) -> Iterator[int]:
        record = self._registry.batch(self._domain, root)
        if not record["issuedAt"]:
            return  # never registered: nobody was given these
        if record["withdrawnAt"] or not record["counts"]:
            yield from (place.index for place in places)
            return
        for start in range(0, len(places) if any_revoked else 0, _AT_ONCE):
            asked = places[start : start + _AT_ONCE]
            answers = self._registry.revocations(self._domain, record["signer"], list(self._commitments(root, asked)))
            yield from (place.index for place, answer in zip(asked, answers, strict=True) if answer is not None)

    def _commitments(self, root: bytes, places: Iterable[StatusPlace]) -> Iterator[bytes]:
        """What the registry knows them by; of erased ones the batch file still has it."""
        file = None
        for place in places:
            if place.hash is not None:
                yield commitment(place.hash)
                continue
            if file is None:
                try:
                    name = f"{self._domain}/{root.hex()}"
                    file = parse_batch_file(FolderArchive(self._archive.path).batch_file(name))
                except BatchFileError:
                    text = f"The batch file of 0x{root.hex()} is missing in the archive, and a certificate was erased."
                    raise ArchiveError(text) from None
            yield file.record(place.position)[0]

    def _publish(self, origin: str, number: int, revoked: Iterable[int], now: datetime) -> Published:
        url = status_list_address(origin, self._domain, number)
        first = (number - 1) * STATUS_LIST_LENGTH
        own = sorted(place - first for place in revoked if 0 <= place - first < STATUS_LIST_LENGTH)
        unsigned = status_list_credential(self._domain, url, encode(with_bits(own)), now)
        host = urlsplit(origin).netloc
        before = FolderArchive(self._archive.path).status_list(self._domain, number, host)
        stands = before is not None and self._still_holds(before, unsigned, now)
        if not stands:
            data = canonical(sign_credential(unsigned, self._key, now))
            self._archive.publish_status_list(self._domain, number, host, data)
        path = self._archive.status_list_path(self._domain, number, host)
        return Published(url, path, len(own), not stands)

    def _still_holds(self, before: bytes, unsigned: dict[str, Any], now: datetime) -> bool:
        """Whether the list that stands there says the same, by the same key, and was signed within its own TTL."""
        try:
            listed = json.loads(before)
            signed = parse_timestamp(listed["validFrom"])
            method = listed["proof"]["verificationMethod"]
        except (ValueError, KeyError, TypeError, SanadError):
            return False
        own = ed25519_multikey(self._key.public_key().public_bytes_raw())
        same = {**unsigned, "validFrom": listed["validFrom"]} == {k: v for k, v in listed.items() if k != "proof"}
        return same and method == f"{did_web(self._domain)}#{own}" and timedelta(0) <= now - signed < TTL


def status_list_credential(domain: str, url: str, encoded: str, now: datetime) -> dict[str, Any]:
    """A status list's credential, to be signed (Bitstring Status List 1.0 section 2.2)."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": did_web(domain)},
        "validFrom": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encoded,
            "ttl": int(TTL.total_seconds() * 1000),
        },
    }
