"""The registry, read from several nodes: enough identical answers for one block, or no answer.

Implements the Protocol of verifier/core/registry.py. Quick to import: web3 is loaded with the first question.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verifier.chain.values import NodeAddress, Patience, Query
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import institution_id
from verifier.core.registry import NO_ADDRESS, Record, RegistryInfo
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from verifier.chain.panel import Panel

_INSTITUTIONS_AT_ONCE = 100
"""Each takes about 2 KB of an answer."""
_ANSWERS_AT_ONCE = 200
"""For `verifyMany`: at most 5.6 million gas, and an answer of 230 KB. Nodes allow 50 million gas, some less."""
_KEYS_AT_ONCE = 500
"""Each takes 256 bytes of an answer."""


@dataclass(frozen=True)
class Revocation:
    """The revocation of one certificate that takes effect."""

    reason: int
    revoked_at: int
    revoked_by: str
    by_institution: bool
    replacement: bytes
    """The commitment of the certificate that replaces it; zero for none."""


class NodeRegistry:
    """One registry, read from several nodes. Safe to use from several threads.

    Args:
        info: which registry this is.
        nodes: of different operators; otherwise their agreement means nothing.
        agreement: how many operators must give the same answer; nodes of one operator count once.
        patience: how long to wait, and how old an answer may be.
        clock: Unix seconds of this machine.
        final: ask about the newest final block instead of the newest block.
    """

    def __init__(
        self,
        info: RegistryInfo,
        nodes: Sequence[NodeAddress],
        agreement: int = 1,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
        final: bool = False,
    ) -> None:
        self._info = info
        self._nodes = tuple(nodes)
        self._agreement = agreement
        self._patience = patience or Patience()
        self._clock = clock
        self._final = final
        self._lock = threading.Lock()
        self._opened: Panel | None = None

    @property
    def info(self) -> RegistryInfo:
        """Which registry this is."""
        return self._info

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        """The contract's answer at one agreed block.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answer.
        """
        return Record(**self._panel().verify(domain, index, commitment, sheet, path))

    def verify_many(self, domain: str, queries: Sequence[Query]) -> list[Record]:
        """The answer of `verify` for each of an institution's certificates, in the given order.

        Each answer names its block; more than 200 answers may be from several blocks. Errors as `verify`.
        """
        found: list[Record] = []
        for at in range(0, len(queries), _ANSWERS_AT_ONCE):
            part = queries[at : at + _ANSWERS_AT_ONCE]
            answers = self._panel().verify_many(domain, part)
            if len(answers) != len(part):
                raise RegistryUnavailableError("The nodes' answers contradict each other.")
            found += [Record(**each) for each in answers]
        return found

    def batch_counts(self) -> Mapping[str, int]:
        """How many batches the registry has on record for each institution's domain, whether they count or not.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return {record["domain"]: record["batches"] for record in self.institutions()}

    def institutions(self) -> list[Mapping[str, Any]]:
        """The registry's record of each institution, with the contract's field names, in order of accreditation.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        records: list[Mapping[str, Any]] = []
        count = 1
        while len(records) < count:
            count, page = self._panel().institutions(len(records), _INSTITUTIONS_AT_ONCE)
            if len(page) != min(_INSTITUTIONS_AT_ONCE, count - len(records)):
                raise RegistryUnavailableError("The nodes' answers contradict each other.")
            records += page
        if len({record["domain"] for record in records}) != count or not all(each["accreditedAt"] for each in records):
            raise RegistryUnavailableError("The nodes' answers contradict each other.")
        return records

    def batches(self, domain: str, roots: Sequence[bytes]) -> list[Mapping[str, Any]]:
        """The registry's record for each of an institution's roots, with the contract's field names.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return self._many("batchRecords", domain, roots)

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> list[Revocation | None]:
        """The revocations that take effect on certificates that one signer registered; None for those without one.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        answers = self._many("revocations", domain, commitments, signer)
        return [Revocation(*each.values()) if each["reason"] else None for each in answers]

    def institution(self, domain: str) -> Mapping[str, Any]:
        """The registry's record of an institution, with the contract's field names; all zero if it is not accredited.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        record: Mapping[str, Any] = self._panel().view("institutionRecord", institution_id(domain))
        return record

    def batch(self, domain: str, root: bytes) -> Mapping[str, Any]:
        """The registry's record of a batch, with the contract's names; all zero if there is none. Errors as above."""
        record: Mapping[str, Any] = self._panel().view("batchRecord", institution_id(domain), root)
        return record

    def key(self, domain: str, address: str) -> Mapping[str, Any]:
        """An institution's record of an address, with the contract's field names. Errors as above."""
        record: Mapping[str, Any] = self._panel().view("keyRecord", institution_id(domain), address)
        return record

    def keys(self, domain: str) -> list[Mapping[str, Any]]:
        """Every address that was ever an institution's signer or admin, with the contract's names (SPEC.md section 10).

        In the order in which they were first authorised; `authorisedAt` is when each was last authorised or made
        admin. Errors as above.
        """
        records: list[Mapping[str, Any]] = []
        count = 1
        while len(records) < count:
            count, page = self._panel().keys(institution_id(domain), len(records), _KEYS_AT_ONCE)
            if len(page) != min(_KEYS_AT_ONCE, count - len(records)):
                raise RegistryUnavailableError("The nodes' answers contradict each other.")
            records += page
        if len({record["key"] for record in records}) != count:
            raise RegistryUnavailableError("The nodes' answers contradict each other.")
        return records

    def successor(self) -> str | None:
        """The registry that replaces this one, if the programme has named one. Errors as above."""
        address: str = self._panel().view("successor")
        return None if address == NO_ADDRESS else address

    def successor_chain(self) -> int | None:
        """The chain of the successor: an address means nothing without its chain. Errors as above."""
        chain: int = self._panel().view("successorChain")
        return chain or None

    def owner(self) -> str:
        """Who owns the registry: the programme. Errors as above."""
        return str(checksummed(self._panel().view("owner")))

    def pending_owner(self) -> str | None:
        """Whom the owner nominated as the next one, if anybody. Errors as above."""
        address = self._panel().view("pendingOwner")
        return None if address == NO_ADDRESS else str(checksummed(address))

    def block_number(self) -> int:
        """The block that answers are from now; enough nodes have it. Errors as above."""
        return self._panel().block_number()

    def finalized_time(self) -> int:
        """The time before which records are final, in Unix seconds.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return self._panel().finalized_time()

    def at_final_block(self) -> "NodeRegistry":
        """The same registry, asked about the newest final block, which the chain no longer undoes."""
        return NodeRegistry(self._info, self._nodes, self._agreement, self._patience, self._clock, final=True)

    def refresh(self) -> None:
        """Let the next question agree on a newer block, for when something has just been written."""
        self._panel().refresh()

    def _many(self, name: str, domain: str, asked: Sequence[bytes], *between: str) -> list[Mapping[str, Any]]:
        answers = self._panel().structs(name, institution_id(domain), *between, list(asked))
        if len(answers) != len(asked):
            raise RegistryUnavailableError("The nodes' answers contradict each other.")
        return [*answers]

    def _panel(self) -> "Panel":
        from verifier.chain.panel import Panel  # late: web3 takes most of a second to load

        with self._lock:
            if self._opened is None:
                settings = (self._info, self._nodes, self._agreement, self._patience, self._clock)
                self._opened = Panel(*settings, final=self._final)
            return self._opened
