"""The batch file: what anyone may mirror of a batch, without personal data (SPEC.md section 8)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from verifier.core.domain import is_domain
from verifier.core.errors import BatchFileError
from verifier.core.hashes import from_hex, to_hex
from verifier.core.limits import LIMITS
from verifier.core.merkle import MerkleTree, leaf

RECORD_BYTES = 64
_HEAD = re.compile(rb"sanad-batch 1 ([a-z0-9.-]{1,253}) (0x[0-9a-f]{64})\n")
_LONGEST_HEAD = 14 + LIMITS.domain_chars + 1 + 66 + 1


@dataclass(frozen=True)
class BatchFile:
    """Domain, root, and `(C, P)` by index."""

    domain: str
    root: bytes
    records: tuple[tuple[bytes, bytes], ...]

    def to_bytes(self) -> bytes:
        """One line of ASCII, then 64 bytes a certificate."""
        head = f"sanad-batch 1 {self.domain} {to_hex(self.root)}\n".encode("ascii")
        return head + b"".join(commitment + sheet for commitment, sheet in self.records)

    def tree(self) -> MerkleTree:
        """The batch's Merkle tree, positions by index."""
        return tree_of(self.records)


def tree_of(records: Iterable[tuple[bytes, bytes]]) -> MerkleTree:
    """The Merkle tree over `(C, P)` by index."""
    return MerkleTree.of([leaf(index, *record) for index, record in enumerate(records)])


def parse_batch_file(data: bytes) -> BatchFile:
    """Read a batch file and prove its records by its root.

    Raises:
        BatchFileError: it is not one, or the records do not lead to the root.
    """
    found = _HEAD.match(data[:_LONGEST_HEAD])
    if found is None or not is_domain(found[1].decode("ascii")):
        raise BatchFileError("The batch file does not begin with 'sanad-batch 1', a domain and a root.")
    body = data[found.end() :]
    if not body or len(body) % RECORD_BYTES:
        raise BatchFileError("The batch file's records are not whole: 64 bytes each, at least one.")
    records = tuple((body[at : at + 32], body[at + 32 : at + 64]) for at in range(0, len(body), RECORD_BYTES))
    file = BatchFile(found[1].decode("ascii"), from_hex(found[2].decode("ascii")), records)
    if file.tree().root != file.root:
        raise BatchFileError("The batch file's records do not lead to its root: it is damaged.")
    return file
