"""Which certificates of the records are good no more, by the registry: others revoke too, so no record decides it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from issuer.publishing.status_lists import revoker
from issuer.records import open_existing
from issuer.registry.institution import WITHDRAWN
from verifier.core.hashes import ZERO, commitment

if TYPE_CHECKING:
    from issuer.office.office import Office

_AT_ONCE = 500
GOOD_NO_MORE = {
    "revoked": "The certificate was revoked.",
    "replaced": "The certificate was replaced.",
    "withdrawn": WITHDRAWN,
    "distrusted": "The key that registered its batch is distrusted.",
}
"""What may have become of a certificate, and the sentence that its letter is withheld with."""


def taken_back(office: "Office", domain: str, certificates: Sequence[tuple[str, bytes]]) -> dict[bytes, str]:
    """By `H`: revoked, replaced, withdrawn or distrusted; empty where the certificate is good or not registered.

    One question for all batches, and one for each five hundred certificates of a batch.

    Args:
        office: whose registry.
        domain: the institution's.
        certificates: the batch's number in the records, and `H`.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    found = dict.fromkeys((hash_ for _, hash_ in certificates), "")
    by_root = _by_root(office, certificates)
    roots = sorted(by_root)
    for start in range(0, len(roots), _AT_ONCE):
        part = roots[start : start + _AT_ONCE]
        for root, record in zip(part, office.registry.batches(domain, part), strict=True):
            found.update(_of_batch(office, domain, record, by_root[root]))
    return found


def _by_root(office: "Office", certificates: Sequence[tuple[str, bytes]]) -> dict[bytes, list[bytes]]:
    store = open_existing(office.issuing.records) if certificates else None
    if store is None:
        return {}
    roots = {batch.id: batch.root for batch in store.batches()}
    store.close()
    found: dict[bytes, list[bytes]] = {}
    for id_, hash_ in certificates:
        if (root := roots.get(id_)) is not None:
            found.setdefault(root, []).append(hash_)
    return found


def _of_batch(
    office: "Office", domain: str, record: Mapping[str, Any], hashes: Sequence[bytes]
) -> Iterator[tuple[bytes, str]]:
    if not record["issuedAt"]:
        return
    whole = "withdrawn" if record["withdrawnAt"] else "" if record["counts"] else "distrusted"
    if whole:
        yield from ((hash_, whole) for hash_ in hashes)
        return
    for start in range(0, len(hashes), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE]
        answers = office.registry.revocations(domain, revoker(record), list(map(commitment, part)))
        for hash_, answer in zip(part, answers, strict=True):
            if answer is not None:
                yield hash_, "revoked" if answer.replacement == ZERO else "replaced"
