"""Adopting batches in the institution's own name, without bringing back what was revoked in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer.errors import ActError
from issuer.records import Batch, Records
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.moving import batches_of, old_state_of
from issuer.registry.repeating import Reasons, in_effect, repeated, to_repeat
from issuer.registry.signed_acts import Place, SignedRevocation, signed_for, signed_revocations
from verifier.archive_folder import batch_path
from verifier.chain.registry_settings import RegistrySettings
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError, RegistryUnavailableError
from verifier.core.hashes import to_hex
from verifier.plain_file import read_plain


@dataclass(frozen=True)
class Adoption:
    """What adopting takes: revocations and withdrawals first, then the batches."""

    revocations: tuple[Act, ...]
    withdrawals: tuple[Act, ...]
    adoption: Act
    count: int
    """How many certificates' revocations are repeated."""

    @property
    def acts(self) -> list[Act]:
        """All of it, in order."""
        return [*self.revocations, *self.withdrawals, self.adoption]


def adoption(
    acts: InstitutionActs,
    roots: Sequence[bytes],
    archive: Path,
    store: Records | None,
    others: Sequence[RegistrySettings],
    without_records: bool = False,
) -> Adoption:
    """See what took effect on the certificates of these batches, and repeat it before they are adopted.

    Args:
        acts: of the institution, with its admin's key.
        roots: of the batches.
        archive: the folder that has the batch files.
        store: our own records, where there are any.
        others: the other registries that are known, retired ones too.
        without_records: adopt although no records here show what a distrusted key revoked, or another registry of the
            settings is silent.

    Raises:
        ActError: a batch file is missing or unsound, the sizes differ, a batch counts already, no records show it,
            or another registry is silent that may have a batch which is not on record here.
        NodeUnusableError: the node gave no usable answer.
    """
    files = {root: _batch_file(archive, acts.domain, root) for root in roots}
    signed, batches = signed_revocations(store, acts.domain), _recorded(store, acts.domain)
    adoption_ = acts.adopt({root: file.size for root, file in files.items()})
    adoption_.is_due()  # before anything is sent that only the adoption needs
    records = {root: acts.registry.record("batchRecord", acts.id, root) for root in files}
    new = [file for root, file in files.items() if not records[root]["issuedAt"]]
    elsewhere, withdrawn = _elsewhere(others, acts.domain, new, signed, without_records)
    reasons = dict(elsewhere)
    for root, file in files.items():
        record = records[root]
        _check(acts.domain, file, record, batches.get(root), store is None and not without_records)
        reasons.update(_took_effect(acts, file, record, batches.get(root), signed))
    withdrawals = tuple(acts.withdraw(root, registered=False) for root in withdrawn)
    return Adoption(tuple(repeated(acts, reasons)), withdrawals, adoption_, len(reasons))


def _elsewhere(
    others: Sequence[RegistrySettings],
    domain: str,
    files: Sequence[BatchFile],
    signed: Sequence[SignedRevocation],
    despite_silence: bool,
) -> tuple[Reasons, list[bytes]]:
    """What took effect on batches that are not on record here in the other registries of the settings.

    Revocations, and the roots of batches that are withdrawn there.
    """
    reasons: dict[bytes, tuple[int, bytes]] = {}
    withdrawn: dict[bytes, None] = {}
    for each in others if files else ():
        try:
            other = each.registry()
            reasons.update(old_state_of(other, domain, files, signed).revocations)
            there = batches_of(other, domain, [file.root for file in files])
        except RegistryUnavailableError as error:
            if despite_silence:
                continue
            raise ActError(_SILENT.format(address=each.info.address, network=each.info.network, why=error)) from None
        withdrawn.update(dict.fromkeys(root for root, record in there.items() if record["withdrawnAt"]))
    return reasons, list(withdrawn)


_SILENT = (
    "Whether these batches are registered in {address} ({network}), and what was revoked there, could not be asked. "
    "{why} Where its chain is dead: sanad reanchor --old-is-dead, or --without-records. Nothing was sent."
)


def _took_effect(
    acts: InstitutionActs,
    file: BatchFile,
    record: Mapping[str, Any],
    batch: Batch | None,
    signed: Sequence[SignedRevocation],
) -> Reasons:
    commitments = dict.fromkeys(_commitments(file))
    if record["counts"]:  # adopted already: what was to be repeated was
        return {}
    if not record["issuedAt"]:  # registered elsewhere, if at all: our records know where, and by whom
        if batch is None or batch.chain_id is None or batch.registry is None:
            return in_effect(signed, commitments, None)
        there = Place.of(batch.chain_id, batch.registry)
        return in_effect(signed_for(signed, there, acts.place), commitments, batch.signer)
    found = to_repeat(acts, record["signer"], commitments, signed)
    if batch is not None and batch.signer not in (None, record["signer"]):  # another key wrote over it meanwhile
        found = {**to_repeat(acts, batch.signer, commitments, signed), **found}
    return found


def _check(domain: str, file: BatchFile, record: Mapping[str, Any], batch: Batch | None, blind: bool) -> None:
    root = to_hex(file.root)
    known = {"the registry": record["size"] if record["issuedAt"] else file.size}
    known["our records"] = file.size if batch is None else batch.size
    for whose, size in known.items():
        if size != file.size:
            raise ActError(
                f"The batch file of {root} has {file.size:,} certificates, {whose} says {size:,}. Nothing was sent: "
                "find out which is right first, for no certificate beyond the size is ever good."
            )
    if record["issuedAt"] and not record["counts"] and blind:
        raise ActError(
            f"The key {record['signer']}, which registered {root}, is distrusted. That hides what it revoked since, "
            f"and no records of {domain} here show it: revoked certificates could come back. Where there are none any "
            "more: --without-records."
        )


def _batch_file(archive: Path, domain: str, root: bytes) -> BatchFile:
    path = batch_path(archive, domain, root)
    try:
        file = parse_batch_file(read_plain(path))
    except (OSError, BatchFileError):
        file = None
    if file is None or (file.root, file.domain) != (root, domain):
        raise ActError(f"The archive has no sound batch file of {to_hex(root)}: {path}.")
    return file


def _recorded(store: Records | None, domain: str) -> dict[bytes, Batch]:
    found = [] if store is None else store.batches()
    return {batch.root: batch for batch in found if batch.domain == domain and batch.root is not None}


def _commitments(file: BatchFile) -> Iterator[bytes]:
    return (file.record(index)[0] for index in range(file.size))
