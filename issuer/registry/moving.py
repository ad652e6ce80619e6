"""Moving an institution from one registry to another: what counted in the old one, and what the new one still lacks.

Revocations and withdrawals first, final, in the institution's name; then the batches are adopted. What is to be done is
decided from what the new registry shows, never from notes, so a run that was cut off is simply started again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_checksum_address

from issuer.errors import NotFinalError
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.repeating import Reasons, in_effect, parts, repeated
from issuer.registry.signed_acts import Place, SignedRevocation, signed_for
from issuer.sending.values import FINAL_SECONDS
from verifier.archive_folder import FolderArchive
from verifier.chain.registry import NodeRegistry
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.errors import BatchFileError, RegistryUnavailableError
from verifier.core.registry import NO_ADDRESS

_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class OldState:
    """What counted for one institution in the registry that is left."""

    domain: str
    batches: Mapping[bytes, int]
    """Root to size, as it was registered, of each batch to adopt; withdrawn ones among them."""
    revocations: Reasons
    withdrawn: frozenset[bytes] = frozenset()
    """Roots of batches that are withdrawn: before they are adopted, so that they never count for a moment."""
    left: Mapping[bytes, str] = field(default_factory=dict)
    """Root of each batch that is not adopted, and why."""
    unseen: int = 0
    """Batches on record of which the archive has no file."""


def batch_files(archive: FolderArchive, domain: str) -> list[BatchFile]:
    """The institution's sound batch files in the archive."""
    found = []
    for name in archive.batches():
        if name.startswith(f"{domain}/"):
            try:
                found.append(parse_batch_file(archive.batch_file(name)))
            except BatchFileError:  # it proves nothing
                continue
    return found


def old_state_of(
    old: NodeRegistry, domain: str, files: Sequence[BatchFile], signed: Sequence[SignedRevocation] = ()
) -> OldState:
    """Ask the old registry, through as many nodes as must agree.

    Of what our own records `signed`, what a key wrote that is distrusted there took effect as well, and ceased to.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer; nothing is guessed.
    """
    by_root = {file.root: file for file in files}
    records = batches_of(old, domain, list(by_root))
    revocations: dict[bytes, tuple[int, bytes]] = {}
    hidden = _written_by_distrusted(old, domain, signed)
    for root, record in records.items():
        if record["issuedAt"]:
            # On an adopted batch the institution's own revocations take effect, and nobody else's.
            signer = NO_ADDRESS if record["adopted"] else to_checksum_address(record["signer"])
            revocations.update(in_effect(hidden, _commitments(by_root[root]), signer))
            revocations.update(_revoked(old, by_root[root], signer))
    batches = {root: record["size"] for root, record in records.items() if record["counts"]}
    withdrawn = frozenset(root for root in batches if records[root]["withdrawnAt"])
    left = {root: _why_left(record) for root, record in records.items() if root not in batches}
    seen = sum(1 for record in records.values() if record["issuedAt"])
    unseen = max(0, int(old.institution(domain)["batches"]) - seen)
    return OldState(domain, batches, revocations, withdrawn, left, unseen)


def batches_of(registry: NodeRegistry, domain: str, roots: Sequence[bytes]) -> dict[bytes, Mapping[str, Any]]:
    """What a registry has on record under each root, by the contract's names."""
    found: dict[bytes, Mapping[str, Any]] = {}
    for part in parts(roots):
        found.update(zip(part, registry.batches(domain, part), strict=True))
    return found


class Arrival:
    """How much of what counted counts in the new registry already, as verifiers read it."""

    def __init__(self, new: NodeRegistry, old: OldState) -> None:
        self._new, self.old = new, old

    def revoked(self) -> dict[bytes, int | None]:
        """When each commitment was revoked by the institution in the new registry; None where it is not."""
        times: dict[bytes, int | None] = {}
        for part in parts(self.old.revocations):
            answers = self._new.revocations(self.old.domain, NO_ADDRESS, part)
            for each, answer in zip(part, answers, strict=True):
                times[each] = None if answer is None else answer.revoked_at
        return times

    def withdrawn(self) -> dict[bytes, int]:
        """When each batch that is to be withdrawn was; 0 where it is not."""
        records = batches_of(self._new, self.old.domain, list(self.old.withdrawn))
        return {root: record["withdrawnAt"] for root, record in records.items()}

    def adopted(self) -> dict[bytes, int]:
        """When each batch was registered; 0 where none counts."""
        records = batches_of(self._new, self.old.domain, list(self.old.batches))
        return {root: record["issuedAt"] if record["counts"] else 0 for root, record in records.items()}

    def is_whole(self) -> bool:
        """Whether the new registry lacks nothing of what counted."""
        return all(all(times.values()) for times in (self.revoked(), self.withdrawn(), self.adopted()))

    def is_final(self, *what: Mapping[bytes, int | None] | Mapping[bytes, int]) -> bool:
        """Whether all of it is written, and lies before the finalized block."""
        final = self._new.finalized_time()
        return all(time and time < final for times in what for time in times.values())

    def wait(self, done: Callable[[], bool]) -> None:
        """Until that holds.

        Raises:
            NotFinalError: it does not in time.
        """
        deadline, problem = time.monotonic() + FINAL_SECONDS, "it is not final yet"
        while time.monotonic() < deadline:
            try:
                self._new.refresh()
                if done():
                    return
            except RegistryUnavailableError as error:
                problem = str(error)
            time.sleep(_POLL_SECONDS)
        raise NotFinalError(f"It is written, but {problem}. Run the same command again.")


class Move:
    """One institution's way into the new registry.

    Args:
        acts: of the institution's admin on the new registry.
        arrival: what is there already.
    """

    def __init__(self, acts: InstitutionActs, arrival: Arrival) -> None:
        self._acts, self._there, self._old = acts, arrival, arrival.old

    def acts(self) -> Iterator[Act]:
        """What is left to do, in order; continuing to an act supposes that those before it were performed.

        Raises:
            NotFinalError: what was written does not become final in time.
            RegistryUnavailableError: the new registry gave no trustworthy answer.
        """
        there = self._there
        yield from self._revoking()
        yield from self._withdrawing()
        there.wait(lambda: there.is_final(there.revoked(), there.withdrawn()))
        yield from self._adopting()
        there.wait(lambda: there.is_final(there.adopted()))

    def planned(self) -> Iterator[Act]:
        """What `acts` would begin with from here, without anything being performed in between."""
        yield from self._revoking()
        yield from self._withdrawing()
        yield from self._adopting()

    def _revoking(self) -> Iterator[Act]:
        found = self._there.revoked()
        lacking = {each: why for each, why in self._old.revocations.items() if found[each] is None}
        yield from repeated(self._acts, lacking)

    def _withdrawing(self) -> Iterator[Act]:
        lacking = [root for root, when in self._there.withdrawn().items() if not when]
        yield from (self._acts.withdraw(root, registered=False) for root in lacking)

    def _adopting(self) -> Iterator[Act]:
        for part in parts(root for root, when in self._there.adopted().items() if not when):
            yield self._acts.adopt({root: self._old.batches[root] for root in part})


def _why_left(record: Mapping[str, Any]) -> str:
    if record["issuedAt"]:
        return "its writer is distrusted; it does not count"
    return "no record in the old registry"


def _written_by_distrusted(
    old: NodeRegistry, domain: str, signed: Sequence[SignedRevocation]
) -> list[SignedRevocation]:
    there = signed_for(signed, Place.of(old.info.chain_id, old.info.address))
    hidden = {key for key in {each.writer for each in there} if old.key(domain, key)["distrustedSince"]}
    return [each for each in there if each.writer in hidden]


def _commitments(file: BatchFile) -> dict[bytes, None]:
    return {file.record(index)[0]: None for index in range(file.size)}


def _revoked(old: NodeRegistry, file: BatchFile, signer: str) -> Iterator[tuple[bytes, tuple[int, bytes]]]:
    for part in parts(_commitments(file)):
        for each, answer in zip(part, old.revocations(file.domain, signer, part), strict=True):
            if answer is not None:
                yield each, (answer.reason, answer.replacement)
