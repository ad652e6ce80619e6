"""What ceases to count when a key is distrusted, and how its honest part is kept in the institution's own name.

The chain cannot be asked for a key's records: they are looked for under every batch that the archive or the issuer's
records hold of the institution, and what the registry counts beyond these is reported as a number.

Where an honest batch of the key is adopted, its certificates answer to the institution alone. So every revocation that
still counts on such a batch is repeated first, and with it those that cease to count and that our own records
explain: adoption must not bring a revoked certificate back. What the key revoked since and nobody here explains is the
thief's, by all that is known, and is not repeated.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from issuer.errors import ActError
from issuer.records import Records
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.repeating import in_effect, parts, repeated, to_repeat
from issuer.registry.signed_acts import SignedRevocation, signed_for, signed_revocations
from issuer.text import moment
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import parse_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.hashes import to_hex


@dataclass(frozen=True)
class LostBatch:
    """A batch that the key wrote since the moment."""

    root: bytes
    size: int
    issued_at: int
    recorded: bool
    """The issuer's own records have it, so nobody but the institution made it."""


@dataclass(frozen=True)
class KeyRevocation:
    """A revocation that the key wrote."""

    commitment: bytes
    root: bytes
    reason: int
    revoked_at: int
    replacement: bytes
    recorded: bool


@dataclass(frozen=True)
class Consequences:
    """What distrusting a key since a moment would do."""

    batches: tuple[LostBatch, ...]
    lost: tuple[KeyRevocation, ...]
    """Revocations that took effect and would cease to count."""
    older: tuple[KeyRevocation, ...]
    """Older ones, which still count but end with the adoption of their batch."""
    unseen: int
    """Batches that the registry counts for the institution and that nobody here has a file of."""
    unknown: bool = False
    """The key is distrusted already, which hides what it revoked, and there are no records that show it."""


def consequences(
    acts: InstitutionActs, key: str, since: int, archive: FolderArchive, store: Records | None
) -> Consequences:
    """See what would cease to count; nothing is sent.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    key = acts.registry.checksummed(key)
    whole = signed_for(signed_revocations(store, acts.domain), acts.place)
    signed = [each for each in whole if each.writer == key]
    recorded = {batch.root: batch.signer for batch in store.batches()} if store is not None else {}
    hidden = bool(acts.registry.record("keyRecord", acts.id, key)["distrustedSince"])
    batches, revocations, seen = [], [], 0
    for root, commitments in _known_batches(acts.domain, archive, store):
        record = acts.registry.record("batchRecord", acts.id, root)
        seen += bool(record["issuedAt"])
        if record["signer"] == key and record["issuedAt"] >= since and not record["adopted"]:
            batches.append(LostBatch(root, record["size"], record["issuedAt"], root in recorded))
        if record["signer"] == key and not record["adopted"]:  # elsewhere nothing that the key revoked took effect
            revocations += list(_revocations(acts, key, root, commitments, signed))
            revocations += list(_hidden(acts, key, root, commitments, signed, since)) if hidden else []
            revocations += _former(acts, root, commitments, recorded.get(root, key), whole, since)
    total = acts.registry.record("institutionRecord", acts.id)["batches"]
    lost = tuple(each for each in revocations if each.revoked_at >= since)
    older = tuple(each for each in revocations if each.revoked_at < since)
    return Consequences(tuple(batches), lost, older, max(0, total - seen), hidden and store is None)


def repetition(acts: InstitutionActs, found: Consequences, roots: Iterable[bytes]) -> tuple[list[Act], list[Act]]:
    """What keeps the batches `roots` in the institution's name: revocations, and the adoption.

    The revocations belong before the distrust, which hides the key's own: cut off in between, a second run would
    find none to repeat, and the adoption would bring revoked certificates back.

    Args:
        acts: of the institution, with its admin's key.
        found: from `consequences`, before the distrust.
        roots: of the batches that were honest.
    """
    kept = {batch.root: batch.size for batch in found.batches if batch.root in set(roots)}
    again = [each for each in found.older if each.root in kept] + [each for each in found.lost if each.recorded]
    revocations = {each.commitment: (each.reason, each.replacement) for each in again}
    return list(repeated(acts, revocations)), [acts.adopt({root: kept[root] for root in part}) for part in parts(kept)]


def _known_batches(domain: str, archive: FolderArchive, store: Records | None) -> Iterator[tuple[bytes, list[bytes]]]:
    seen = set()
    for name in archive.batches():
        if not name.startswith(f"{domain}/"):
            continue
        try:
            file = parse_batch_file(archive.batch_file(name))
        except BatchFileError:  # it proves nothing, and counts as unseen
            continue
        seen.add(file.root)
        yield file.root, [file.record(index)[0] for index in range(file.size)]
    for batch in store.batches() if store is not None else ():
        if batch.domain == domain and batch.root is not None and batch.root not in seen:
            yield batch.root, []


def _revocations(
    acts: InstitutionActs, key: str, root: bytes, commitments: list[bytes], signed: Sequence[SignedRevocation]
) -> Iterator[KeyRevocation]:
    ours = {each.commitment for each in signed}
    for part in parts(commitments):
        answers = acts.registry.structs("revocations", 3, acts.id, key, part)
        for commitment, answer in zip(part, answers, strict=True):
            if answer["reason"] and not answer["byInstitution"]:
                facts = answer["reason"], answer["revokedAt"], answer["replacement"]
                yield KeyRevocation(commitment, root, *facts, recorded=commitment in ours)


def _hidden(
    acts: InstitutionActs,
    key: str,
    root: bytes,
    commitments: list[bytes],
    signed: Sequence[SignedRevocation],
    since: int,
) -> Iterator[KeyRevocation]:
    """Revocations of a key that is distrusted already: the registry shows them no more, our records do."""
    ours = in_effect(signed, set(commitments), key)
    for part in parts(ours):
        answers = acts.registry.structs("revocations", 3, acts.id, key, part)
        for commitment, answer in zip(part, answers, strict=True):
            if not answer["reason"]:
                reason, replacement = ours[commitment]
                yield KeyRevocation(commitment, root, reason, since, replacement, recorded=True)


def _former(
    acts: InstitutionActs,
    root: bytes,
    commitments: list[bytes],
    signer: str | None,
    signed: Sequence[SignedRevocation],
    since: int,
) -> list[KeyRevocation]:
    """Where the key wrote over a batch that our records registered with another one: what took effect in that."""
    if signer is None or signer == acts.registry.record("batchRecord", acts.id, root)["signer"]:
        return []
    found = to_repeat(acts, signer, commitments, signed)
    return [KeyRevocation(each, root, why[0], since, why[1], recorded=True) for each, why in found.items()]


def distrust_acts(
    acts: InstitutionActs,
    key: str,
    since: int,
    archive: FolderArchive,
    store: Records | None,
    keep: Sequence[bytes] = (),
    keep_recorded: bool = False,
) -> tuple[Consequences, list[Act]]:
    """What ceases to count, and the acts: honest revocations repeated, the distrust, honest batches adopted.

    Args:
        acts: of the institution, with its admin's key.
        key: the one to distrust.
        since: Unix seconds.
        archive: has the batch files.
        store: our own records, where there are any.
        keep: roots of batches that were honest, whatever the records say.
        keep_recorded: keep every batch that the issuer's own records explain as well.

    Revocations that cease to count and that our own records explain are repeated where anything is kept.

    Raises:
        ActError: a root to keep is none of those that cease to count.
    """
    found = consequences(acts, key, since, archive, store)
    roots = set(keep) | {batch.root for batch in found.batches if keep_recorded and batch.recorded}
    if unknown := roots - {batch.root for batch in found.batches}:
        raise ActError(f"The batch {to_hex(unknown.pop())} would not cease to count; there is nothing to keep.")
    if roots and found.unknown:
        raise ActError(
            "The key is distrusted already, which hides what it revoked, and no records here show it: kept now, "
            f"revoked certificates would come back. Run sanad distrust {acts.domain} {key} --lift, then this again."
        )
    if not roots and not keep_recorded:
        return found, [acts.distrust(key, since)]
    revocations, adoption = repetition(acts, found, roots)
    return found, [*revocations, acts.distrust(key, since), *adoption]


def describe(found: Consequences) -> Iterator[str]:
    """What ceases to count, in lines for people."""
    for batch in found.batches:
        ours = "in our records" if batch.recorded else "NOT in our records"
        facts = f"{batch.size:,} certificates, {moment(batch.issued_at)}, {ours}"
        yield f"ceases to count: batch {to_hex(batch.root)}, {facts}"
    for each in found.lost:
        ours = "in our records" if each.recorded else "NOT in our records, so not repeated with --keep"
        when = f"{to_hex(each.commitment)}, {moment(each.revoked_at)}"
        yield f"ceases to count: revocation of commitment {when}, {ours}"
    if not found.batches and not found.lost:
        yield "Nothing that is known here ceases to count."
    if found.unseen:
        yield f"{found.unseen:,} more batches of the institution are on record, of which nobody here has a file."
