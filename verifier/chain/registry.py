"""The registry as several nodes tell it: one block, the agreed number of identical answers, or none at all.

Implements the Protocol of verifier/core/registry.py. Light to import: web3 is loaded with the first question.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import institution_id
from verifier.core.registry import NO_ADDRESS, Record, RegistryInfo

if TYPE_CHECKING:
    from verifier.chain.panel import Panel

PUBLIC_REQUESTS_PER_MINUTE = 1_500
"""What a public node gets: with a minute's worth at once, 9,000 in five minutes; BNB Smart Chain's bear 10,000."""
_INSTITUTIONS_AT_ONCE = 100
"""Each takes some 2 KB of an answer."""
_ANSWERS_AT_ONCE = 200
"""Of `verifyMany`: 5.6 million gas at most, and 230 KB of an answer. Nodes bear 50 million gas, some fewer."""
_KEYS_AT_ONCE = 500
"""Each takes 256 bytes of an answer."""
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, repr=False)
class NodeAddress:
    """Where a node is, and who runs it."""

    url: str
    operator: str | None = None
    requests_per_minute: int | None = None
    """How many requests it gets at most; None is what public nodes bear, or all there are on this very machine."""

    @property
    def name(self) -> str:
        """How people know it: its operator or its host. Never the whole address, which may hold a key."""
        return self.operator or urlsplit(self.url).netloc.rpartition("@")[2] or "A node"

    @property
    def budget(self) -> int | None:
        """How many requests a minute it gets at most; None: as many as there are."""
        if self.requests_per_minute is not None:
            return self.requests_per_minute
        return None if urlsplit(self.url).hostname in _THIS_MACHINE else PUBLIC_REQUESTS_PER_MINUTE

    @property
    def own(self) -> bool:
        """It is on this very machine, and nobody else is said to run it."""
        return urlsplit(self.url).hostname in _THIS_MACHINE and self.operator in (None, "this machine")

    def __repr__(self) -> str:
        return f"NodeAddress({self.name!r})"


@dataclass(frozen=True)
class Patience:
    """How long is waited, and how old an answer may be; all in seconds, but for the last."""

    request: float = 4.0
    """For one answer of one node."""
    question: float = 10.0
    """For all that one question takes, of all nodes."""
    grace: float = 0.3
    """For the slower nodes' newest blocks, once enough have told theirs."""
    reuse: float = 1.0
    """How long one agreed block is asked about before a newer one is agreed on."""
    max_age: int = 120
    """How far the agreed block may lie behind this machine's clock."""
    max_ahead: int = 900
    """How far it may lie ahead of this machine's clock."""
    final_blocks: int = 240
    """How many blocks deep a record is final where the chain's own finality has stalled; in blocks."""


@dataclass(frozen=True)
class Query:
    """One certificate that `verify_many` asks about; as the arguments of `verify` after the domain."""

    index: int
    commitment: bytes
    sheet: bytes
    path: Sequence[bytes]


@dataclass(frozen=True)
class Revocation:
    """The counting revocation of one certificate."""

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
        nodes: by different operators, if their agreement is to mean anything.
        agreement: how many operators' identical answers are needed; nodes of one operator are one voice.
        patience: how long is waited, and how old an answer may be.
        clock: Unix seconds of this machine.
        final: ask at the newest final block instead of the newest one.
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
        self._seated: Panel | None = None

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
        """What `verify` answers for each of an institution's certificates, in the order asked.

        Each answer names its block: beyond a couple of hundred they may be of several. Errors as `verify`.
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
        """How many batches the registry has on record for each institution's domain, counting or not.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return {record["domain"]: record["batches"] for record in self.institutions()}

    def institutions(self) -> list[Mapping[str, Any]]:
        """What the registry says of each institution, by the contract's names, in order of accreditation.

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
        """What the registry has on record under each of an institution's roots, by the contract's names.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return self._many("batchRecords", domain, roots)

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> list[Revocation | None]:
        """The revocations that bite on an institution's certificates that one signer registered; None where none does.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        answers = self._many("revocations", domain, commitments, signer)
        return [Revocation(*each.values()) if each["reason"] else None for each in answers]

    def institution(self, domain: str) -> Mapping[str, Any]:
        """What the registry says of an institution, by the contract's names; zeroes where it is not accredited.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        record: Mapping[str, Any] = self._panel().view("institutionRecord", institution_id(domain))
        return record

    def batch(self, domain: str, root: bytes) -> Mapping[str, Any]:
        """What the registry says of a batch, by the contract's names; zeroes where it has none. Errors as above."""
        record: Mapping[str, Any] = self._panel().view("batchRecord", institution_id(domain), root)
        return record

    def key(self, domain: str, address: str) -> Mapping[str, Any]:
        """What an institution says of an address, by the contract's names. Errors as above."""
        record: Mapping[str, Any] = self._panel().view("keyRecord", institution_id(domain), address)
        return record

    def keys(self, domain: str) -> list[Mapping[str, Any]]:
        """Every address that was ever an institution's signer or admin, by the contract's names (SPEC.md section 10).

        In the order of their first authority; `authorisedAt` is when each was last authorised or made admin. Errors as
        above.
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
        """The registry that takes this one's place, once the programme has named one. Errors as above."""
        address: str = self._panel().view("successor")
        return None if address == NO_ADDRESS else address

    def successor_chain(self) -> int | None:
        """The chain that the successor stands on: without it, an address names nothing. Errors as above."""
        chain: int = self._panel().view("successorChain")
        return chain or None

    def block_number(self) -> int:
        """The block that answers are of now, which as many nodes as must agree have. Errors as above."""
        return self._panel().block_number()

    def finalized_time(self) -> int:
        """The time before which records are final, in Unix seconds.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        """
        return self._panel().finalized_time()

    def at_final_block(self) -> "NodeRegistry":
        """The same registry, asked at the newest final block: what it says then is not undone by the chain any more."""
        return NodeRegistry(self._info, self._nodes, self._agreement, self._patience, self._clock, final=True)

    def refresh(self) -> None:
        """Let the next question agree on a newer block, where something is known to have just been written."""
        self._panel().refresh()

    def _many(self, name: str, domain: str, asked: Sequence[bytes], *between: str) -> list[Mapping[str, Any]]:
        answers = self._panel().structs(name, institution_id(domain), *between, list(asked))
        if len(answers) != len(asked):
            raise RegistryUnavailableError("The nodes' answers contradict each other.")
        return [*answers]

    def _panel(self) -> "Panel":
        from verifier.chain.panel import Panel  # late: web3 takes most of a second to load

        with self._lock:
            if self._seated is None:
                seats = (self._info, self._nodes, self._agreement, self._patience, self._clock)
                self._seated = Panel(*seats, final=self._final)
            return self._seated
