"""What a former admin wrote and the programme distrusts: the honest part of it, repeated by the admin of now.

Only the programme distrusts a former admin. What our own records signed with that key since then took effect, and
ceased to: revocations in the institution's name, batches that were withdrawn, and batches that were adopted.
Everything else is the thief's.
"""

from collections.abc import Iterator

from issuer.errors import ActError
from issuer.records import Records
from issuer.registry.act import Act
from issuer.registry.distrusting import Consequences, KeyRevocation, LostBatch, repetition
from issuer.registry.institution import InstitutionActs
from issuer.registry.moving import batch_files
from issuer.registry.own_records import recorded, withdrawals, withdrawn_in
from issuer.registry.repeating import parts
from issuer.registry.signed_acts import signed_for, signed_revocations
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS


def is_former_admin(acts: InstitutionActs, key: str) -> bool:
    """Whether the key was the institution's admin, and is not now.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    record = acts.registry.record("keyRecord", acts.id, acts.registry.checksummed(key))
    return bool(record["everAdmin"] and not record["isAdmin"])


def former_admin_acts(
    acts: InstitutionActs, key: str, archive: FolderArchive, store: Records | None, keep: bool
) -> tuple[Consequences, list[Act]]:
    """What of a distrusted former admin counts no more, and the acts that keep what our own records explain.

    Raises:
        ActError: the key is not distrusted, or nothing is to be kept: the rest is the programme's.
        NodeUnusableError: the node gave no usable answer.
    """
    key = acts.registry.checksummed(key)
    since = acts.registry.record("keyRecord", acts.id, key)["distrustedSince"]
    if not since:
        raise ActError(
            f"{key} was the institution's admin, so only the programme can distrust it: sanad registry distrust "
            f"{acts.domain} {key} --since TIME. Then keep what was honest: sanad distrust {acts.domain} {key} "
            "--keep-recorded"
        )
    if not keep:
        raise ActError(
            f"The programme distrusts {key} already. To keep what your own records did with it since then: "
            f"sanad distrust {acts.domain} {key} --keep-recorded"
        )
    batches = tuple(_adopted(acts, key, archive, store))
    found = Consequences(batches, tuple(_revoked(acts, key, store, since)), (), 0)
    revocations, adoption = repetition(acts, found, {batch.root for batch in batches if batch.recorded})
    withdrawing = [acts.withdraw(root, registered=False) for root in _withdrawn(acts, key, store)]
    return found, [*revocations, *withdrawing, *adoption]


def _adopted(acts: InstitutionActs, key: str, archive: FolderArchive, store: Records | None) -> Iterator[LostBatch]:
    recorded = {batch.root for batch in store.batches()} if store is not None else set()
    for file in batch_files(archive, acts.domain):
        record = acts.registry.record("batchRecord", acts.id, file.root)
        if record["adopted"] and record["signer"] == key and not record["counts"]:
            yield LostBatch(file.root, record["size"], record["issuedAt"], file.root in recorded)


def _withdrawn(acts: InstitutionActs, key: str, store: Records | None) -> Iterator[bytes]:
    signed = withdrawals(store, acts.domain, recorded(store, acts.domain), acts.place)
    for root in sorted(withdrawn_in(each for each in signed if (each.actor, each.place) == (key, acts.place))):
        record = acts.registry.record("batchRecord", acts.id, root)
        if record["issuedAt"] and not record["withdrawnAt"]:
            yield root


def _revoked(acts: InstitutionActs, key: str, store: Records | None, since: int) -> Iterator[KeyRevocation]:
    signed = {
        each.commitment: each
        for each in reversed(signed_for(signed_revocations(store, acts.domain), acts.place))  # the first one is final
        if (each.writer, each.authority) == (key, NO_ADDRESS)
    }
    for part in parts(signed):
        answers = acts.registry.structs("revocations", 3, acts.id, NO_ADDRESS, part)
        for commitment, answer in zip(part, answers, strict=True):
            if not answer["reason"]:
                each = signed[commitment]
                yield KeyRevocation(commitment, ZERO, each.reason, since, each.replacement, recorded=True)
