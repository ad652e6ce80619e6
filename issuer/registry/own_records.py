"""What counted in a registry whose chain is dead, from the issuer's own records and archive.

A chain that does not answer proves nothing; so this is taken only where somebody says that it is dead. What was signed
is taken for done: of a revocation that may not have arrived, the careful reading is that it did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from issuer.records import Batch, BatchState, Records
from issuer.registry.moving import OldState, batch_files
from issuer.registry.repeating import Reasons, in_effect
from issuer.registry.signed_acts import (
    Place,
    SignedAct,
    acts_signed,
    signed_for,
    signed_revocations,
)
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import commitment

_ISSUED = (BatchState.FINAL, BatchState.DELIVERED)
_SUPERSEDED = 4
_WITHDRAWING = ("withdraw", "reinstate")


def what_we_recorded(store: Records, archive: FolderArchive, domain: str, old: Place) -> OldState:
    """What the records say of one institution: batches that became final, and every revocation that was signed.

    Args:
        store: the records.
        archive: has the batch files.
        domain: the institution's.
        old: the registry that is left; what was signed for another one counts only for batches registered there.
    """
    known = recorded(store, domain)
    withdrawn = withdrawn_in(withdrawals(store, domain, known, old))
    batches, left = {}, {}
    for root, batch in known.items():
        if not is_issued(batch):
            left[root] = f"{batch.state.value}; never final: finish it in the new registry with sanad resume"
        else:
            batches[root] = batch.size
    files = batch_files(archive, domain)
    for file in files:
        if file.root not in batches:
            left.setdefault(file.root, "not in our records")
    revocations = _revocations(store, archive, files, domain, old)
    return OldState(domain, batches, revocations, frozenset(withdrawn & batches.keys()), left)


def recorded(store: Records | None, domain: str) -> dict[bytes, Batch]:
    """The institution's batches in the records, by their roots; none without records."""
    found = [] if store is None else store.batches()
    return {batch.root: batch for batch in found if batch.domain == domain and batch.root is not None}


def is_issued(batch: Batch) -> bool:
    """Whether its registration became final."""
    return batch.state in _ISSUED


def places_of(batch: Batch | None, old: Place) -> tuple[Place, ...]:
    """The registries whose revocations took effect on a batch: the one that is left, and where it was registered."""
    if batch is None or batch.chain_id is None or batch.registry is None:
        return (old,)
    return old, Place.of(batch.chain_id, batch.registry)


def withdrawals(store: Records | None, domain: str, known: Mapping[bytes, Batch], old: Place) -> Iterator[SignedAct]:
    """What our records signed to withdraw or reinstate a batch, in a registry where that took effect."""
    for act in acts_signed(store, domain, *_WITHDRAWING) if store is not None else ():
        if act.place in places_of(known.get(act.given["root"]), old):
            yield act


def withdrawn_in(acts: Iterable[SignedAct], before: Iterable[bytes] = ()) -> set[bytes]:
    """The roots of batches that these acts leave withdrawn, of those that were withdrawn `before` and all others."""
    roots = set(before)
    for act in acts:
        (roots.add if act.name == "withdraw" else roots.discard)(act.given["root"])
    return roots


def _revocations(
    store: Records, archive: FolderArchive, files: Sequence[BatchFile], domain: str, old: Place
) -> Reasons:
    """What took effect: the institution's revocations on all certificates, a signer's in this signer's batches."""
    batches, signed = recorded(store, domain), signed_revocations(store, domain)
    replaced = {commitment(old): (_SUPERSEDED, commitment(new)) for old, new in archive.replacements()}
    took: dict[bytes, tuple[int, bytes]] = {}
    ours: set[bytes] = set()
    for file in files:
        commitments, batch = {file.record(index)[0] for index in range(file.size)}, batches.get(file.root)
        ours |= commitments
        there = signed_for(signed, *places_of(batch, old))
        took.update(in_effect(there, commitments, None if batch is None else batch.signer))
    # A pointer of ours whose replacement took no effect is no evidence; one that another machine published is.
    vain = {each.commitment for each in signed} - took.keys()
    return {each: why for each, why in replaced.items() if each in ours - vain} | took
