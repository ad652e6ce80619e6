"""What the verdict asks a registry, and what it accepts as an answer (SPEC.md section 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from verifier.core.contradictions import contradicts_itself
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import institution_id, keccak256

SENTINEL = keccak256(b"sanad.registry.1")
"""The value that the registry reads from its storage into every answer; zero if a node has pruned its state."""

NO_ADDRESS = "0x" + "0" * 40
"""The zero address: no one."""


@dataclass(frozen=True)
class RegistryInfo:
    """A registry that the verifier's operator trusts."""

    programme: str
    network: str
    chain_id: int
    address: str
    test: bool
    """Whether the chain is a test network: every verdict then says so."""


@dataclass(frozen=True)
class Record:
    """The contract's answer to `verify`, field for field, with the agreed finalized time.

    Times are Unix seconds; zero means "none" in every field.
    """

    sentinel: bytes
    block_number: int
    block_time: int
    successor: str
    successor_chain: int
    root: bytes
    institution: bytes
    accredited: bool
    suspended: bool
    institution_name: str
    signer: str
    issued_at: int
    size: int
    adopted: bool
    withdrawn_at: int
    """Since when the whole batch is withdrawn."""
    withdrawn_by: str
    """Which admin withdrew it; the zero address if it is not withdrawn."""
    signer_authorised: bool
    distrusted_since: int
    counts: bool
    reason: int
    revoked_at: int
    revoked_by: str
    revoked_by_institution: bool
    replacement: bytes
    certifier: bytes
    certifier_domain: str
    certifier_name: str
    educator_commitment: bytes
    good: bool
    finalized_time: int
    """Records from before this time are final."""
    finality_depth: int = 0
    """How many blocks back that time is from, if the chain's own finality has stalled; else 0."""
    lone_node: str = ""
    """The operator of the single node behind this answer; empty if several agree, or it is the verifier's own node."""

    @property
    def exists(self) -> bool:
        """Whether the institution has a record under this root."""
        return self.issued_at != 0


class Registry(Protocol):
    """One registry, asked at one agreed block of its chain."""

    @property
    def info(self) -> RegistryInfo:
        """Which registry this is."""

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        """The contract's answer.

        Raises:
            RegistryUnavailableError: no trustworthy answer was had.
        """

    def batch_counts(self) -> Mapping[str, int]:
        """How many batches the registry counts for each institution's domain.

        Raises:
            RegistryUnavailableError: no trustworthy answer was had.
        """


@runtime_checkable
class Remembering(Protocol):
    """What a registry may also offer: what is known about it while it is silent."""

    def known_to_accredit(self, domain: str) -> bool:
        """Whether its last usable answer said that it accredits the institution of this domain."""


def check_record(record: Record, domain: str, root: bytes) -> Record:
    """Check that an answer is usable: about the question, from a node with the registry's storage, and consistent.

    Raises:
        RegistryUnavailableError: it is not.
    """
    if record.sentinel != SENTINEL:
        raise RegistryUnavailableError(
            "The node answered without the registry's storage; it keeps too little of the chain."
        )
    if record.root != root or record.institution != institution_id(domain):
        raise RegistryUnavailableError("The node answered another question than the one that was asked.")
    if contradicts_itself(record):
        raise RegistryUnavailableError("The node's answer contradicts itself.")
    return record
