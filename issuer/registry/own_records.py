"""What counted in a registry whose chain is dead, from the issuer's own records and archive.

A chain that does not answer proves nothing; so this is taken only where somebody says that it is dead. What was signed
is taken for done: of a revocation that may not have arrived, the careful reading is that it did.
"""

from issuer.records import BatchState, Records
from issuer.registry.moving import OldState, batch_files
from issuer.registry.repeating import Reasons, in_effect
from issuer.registry.signed_acts import signed_acts, signed_revocations
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import commitment

_ISSUED = (BatchState.FINAL, BatchState.DELIVERED)
_SUPERSEDED = 4


def what_we_recorded(store: Records, archive: FolderArchive, domain: str) -> OldState:
    """What the records say of one institution: batches that became final, and every revocation that was signed."""
    withdrawn = _withdrawn(store, domain)
    batches, left = {}, {}
    for batch in store.batches():
        if batch.domain != domain or batch.root is None:
            continue
        if batch.state not in _ISSUED:
            left[batch.root] = f"{batch.state.value}; never final: finish it in the new registry with sanad resume"
        else:
            batches[batch.root] = batch.size
    for file in batch_files(archive, domain):
        if file.root not in batches:
            left.setdefault(file.root, "not in our records")
    revocations = _revocations(store, archive, domain)
    return OldState(domain, batches, revocations, frozenset(withdrawn & batches.keys()), left)


def _revocations(store: Records, archive: FolderArchive, domain: str) -> Reasons:
    """What took effect: the institution's revocations on all certificates, a signer's in this signer's batches."""
    signers = {batch.root: batch.signer for batch in store.batches() if batch.domain == domain}
    files = {file.root: [file.record(index)[0] for index in range(file.size)] for file in batch_files(archive, domain)}
    ours = {each for commitments in files.values() for each in commitments}
    replaced = {commitment(old): (_SUPERSEDED, commitment(new)) for old, new in archive.replacements()}
    signed = signed_revocations(store, domain)
    took: dict[bytes, tuple[int, bytes]] = {}
    for root, commitments in files.items():
        took.update(in_effect(signed, set(commitments), signers.get(root)))
    # A pointer of ours whose replacement took no effect is no evidence; one that another machine published is.
    vain = {each.commitment for each in signed} - took.keys()
    return {old: why for old, why in replaced.items() if old in ours - vain} | took


def _withdrawn(store: Records, domain: str) -> set[bytes]:
    roots: set[bytes] = set()
    for name, given, _ in signed_acts(store, domain, "withdraw", "reinstate"):
        (roots.add if name == "withdraw" else roots.discard)(given["root"])
    return roots
