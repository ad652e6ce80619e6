"""What a registry said of one institution at a final block, kept for the day when its chain is dead.

Written by `sanad registry state` while the chain answers, read by `sanad reanchor --state`. What our own records
signed after it is added; what they had signed before, and the registry did not show, took no effect.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eth_utils.address import to_checksum_address

from issuer.records import Records
from issuer.registry.moving import OldState, batches_of, old_state_of
from issuer.registry.own_records import is_issued, places_of, recorded, withdrawals, withdrawn_in
from issuer.registry.repeating import in_effect, parts
from issuer.registry.signed_acts import Place, signed_for, signed_revocations
from verifier.chain.registry import NodeRegistry
from verifier.core.batch_file import BatchFile
from verifier.core.registry import NO_ADDRESS


@dataclass(frozen=True)
class KeptBatch:
    """A batch that the registry has on record."""

    size: int
    issued_at: int
    signer: str
    adopted: bool
    counts: bool
    withdrawn_at: int

    @property
    def authority(self) -> str:
        """Whose revocations take effect on it besides the institution's; an adopted one has nobody else's."""
        return NO_ADDRESS if self.adopted else self.signer


@dataclass(frozen=True)
class KeptRevocation:
    """A revocation that took effect on a known certificate."""

    reason: int
    replacement: bytes
    revoked_at: int | None
    """None: our own records signed it, and a distrust hides when."""
    writer: str | None


@dataclass(frozen=True)
class KeptState:
    """One institution."""

    domain: str
    name: str
    admin: str
    may_certify: bool
    suspended: bool
    batches: Mapping[bytes, KeptBatch]
    revocations: Mapping[bytes, KeptRevocation]
    """By commitment."""
    distrusted: Mapping[str, int] = field(default_factory=dict)
    """Since when each key is distrusted, in Unix seconds."""
    unseen: int = 0
    """Batches on record of which nobody here had a file."""
    settled: frozenset[str] = frozenset()
    """Our own transactions that the registry had by then."""


def keep(registry: NodeRegistry, domain: str, files: Sequence[BatchFile], store: Records | None) -> KeptState:
    """Ask a registry at a final block, through as many nodes as must agree.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    record, block = registry.institution(domain), registry.block_number()
    signed = signed_revocations(store, domain)
    old = old_state_of(registry, domain, files, signed)
    on_record = batches_of(registry, domain, [file.root for file in files])
    batches = {root: _batch(each) for root, each in on_record.items() if each["issuedAt"]}
    shown = dict(_shown(registry, domain, files, batches))
    ours = {each.commitment: each.writer for each in signed}
    revocations = {
        each: shown.get(each) or KeptRevocation(*why, None, ours.get(each)) for each, why in old.revocations.items()
    }
    return KeptState(
        domain,
        record["name"],
        to_checksum_address(record["admin"]),
        bool(record["mayCertify"]),
        bool(record["suspended"]),
        batches,
        revocations,
        {
            to_checksum_address(key["key"]): key["distrustedSince"]
            for key in registry.keys(domain)
            if key["distrustedSince"]
        },
        old.unseen,
        frozenset() if store is None else frozenset(store.transactions.mined(registry.info.chain_id, block)),
    )


def old_state_in(kept: KeptState, files: Sequence[BatchFile], store: Records | None, old: Place) -> OldState:
    """What is to be carried: as it was kept, and what our own records signed since.

    Args:
        kept: the institution's.
        files: its batch files in the archive; a batch without one is left.
        store: our own records, where there are any.
        old: the registry that is left.
    """
    sizes, known = {file.root: file.size for file in files}, recorded(store, kept.domain)
    later = {root: batch for root, batch in known.items() if root not in kept.batches and is_issued(batch)}
    batches = {root: each.size for root, each in kept.batches.items() if each.counts}
    batches |= {root: batch.size for root, batch in later.items()}
    left = dict.fromkeys(kept.batches.keys() - batches.keys(), "its writer is distrusted; it does not count")
    for root, size in [*batches.items()]:
        if sizes.get(root) != size:
            left[root] = "no batch file of this size in the archive"
            del batches[root]
    for root in sizes.keys() - batches.keys() - left.keys():
        left[root] = "neither in the kept state nor in our records"
    since = (each for each in withdrawals(store, kept.domain, known, old) if each.transaction not in kept.settled)
    withdrawn = withdrawn_in(since, (root for root, each in kept.batches.items() if each.withdrawn_at))
    revocations = _since(kept, files, store, old) | {
        each: (why.reason, why.replacement) for each, why in kept.revocations.items()
    }
    ours = {each for file in files for each in _commitments(file)}
    carried = {each: why for each, why in revocations.items() if each in ours}
    return OldState(kept.domain, batches, carried, frozenset(withdrawn & batches.keys()), left, kept.unseen)


def _since(
    kept: KeptState, files: Sequence[BatchFile], store: Records | None, old: Place
) -> dict[bytes, tuple[int, bytes]]:
    """What our records signed after the state was kept, and took effect by all that is known."""
    known, found = recorded(store, kept.domain), dict[bytes, tuple[int, bytes]]()
    signed = [
        each
        for each in signed_revocations(store, kept.domain)
        if each.transaction not in kept.settled and each.writer not in kept.distrusted
    ]
    for file in files:
        batch, there = known.get(file.root), kept.batches.get(file.root)
        signer = there.authority if there is not None else None if batch is None else batch.signer
        found.update(in_effect(signed_for(signed, *places_of(batch, old)), set(_commitments(file)), signer))
    return found


def lost_since(before: Iterable[KeptState], now: Mapping[str, KeptState]) -> Iterator[str]:
    """What an earlier state has and a later one cannot lack, where the chain is still the same one."""
    for kept in before:
        found = now.get(kept.domain)
        if found is None:
            yield f"the institution {kept.domain}"
        elif lacking := len(kept.batches.keys() - found.batches.keys()):
            yield f"{lacking:,} batches of {kept.domain}"


def _batch(record: Mapping[str, Any]) -> KeptBatch:
    size, issued_at, signer = record["size"], record["issuedAt"], to_checksum_address(record["signer"])
    return KeptBatch(size, issued_at, signer, record["adopted"], record["counts"], record["withdrawnAt"])


def _shown(
    registry: NodeRegistry, domain: str, files: Sequence[BatchFile], batches: Mapping[bytes, KeptBatch]
) -> Iterator[tuple[bytes, KeptRevocation]]:
    for file in files:
        for part in parts(_commitments(file)) if file.root in batches else ():
            answers = registry.revocations(domain, batches[file.root].authority, part)
            for each, found in zip(part, answers, strict=True):
                if found is not None:
                    yield (
                        each,
                        KeptRevocation(
                            found.reason, found.replacement, found.revoked_at, to_checksum_address(found.revoked_by)
                        ),
                    )


def _commitments(file: BatchFile) -> Iterator[bytes]:
    return (file.record(index)[0] for index in range(file.size))


def without(state: OldState, roots: Iterable[bytes]) -> OldState:
    """The same without batches that somebody wants left."""
    unwanted = set(roots)
    kept = {root: size for root, size in state.batches.items() if root not in unwanted}
    left = {root: "left as you asked" for root in state.batches if root not in kept}
    return replace(state, batches=kept, withdrawn=state.withdrawn & kept.keys(), left={**state.left, **left})
