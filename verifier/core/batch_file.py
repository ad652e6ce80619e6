"""The batch file: the part of a batch that anyone may mirror, without personal data (SPEC.md section 8)."""

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
    """Domain, root, and `C‖P` by index, 64 bytes each."""

    domain: str
    root: bytes
    body: bytes

    def to_bytes(self) -> bytes:
        """One line of ASCII, then the records."""
        return f"sanad-batch 1 {self.domain} {to_hex(self.root)}\n".encode("ascii") + self.body

    @property
    def size(self) -> int:
        """How many certificates the batch has."""
        return len(self.body) // RECORD_BYTES

    def record(self, index: int) -> tuple[bytes, bytes]:
        """`C` and `P` of the certificate at `index`."""
        at = index * RECORD_BYTES
        return self.body[at : at + 32], self.body[at + 32 : at + 64]

    def find(self, commitment: bytes) -> int | None:
        """The index of a commitment, or None."""
        at = self.body.find(commitment)
        while at >= 0 and at % RECORD_BYTES:
            at = self.body.find(commitment, at + 1)
        return at // RECORD_BYTES if at >= 0 else None

    def tree(self) -> MerkleTree:
        """The batch's Merkle tree, positions by index."""
        return tree_of(self.record(index) for index in range(self.size))


def tree_of(records: Iterable[tuple[bytes, bytes]]) -> MerkleTree:
    """The Merkle tree over `(C, P)` by index."""
    return MerkleTree.of([leaf(index, *record) for index, record in enumerate(records)])


def parse_batch_file(data: bytes) -> BatchFile:
    """Read a batch file and check that its records lead to its root.

    Raises:
        BatchFileError: it is not one, or the records do not lead to the root.
    """
    file = read_batch_file(data)
    if file.tree().root != file.root:
        raise BatchFileError("The batch file's records do not lead to its root: it is damaged.")
    return file


def read_batch_file(data: bytes) -> BatchFile:
    """The content of a batch file, without checking that it leads to its root.

    Raises:
        BatchFileError: it is not one.
    """
    found = _HEAD.match(data[:_LONGEST_HEAD])
    if found is None or not is_domain(found[1].decode("ascii")):
        raise BatchFileError("The batch file does not begin with 'sanad-batch 1', a domain and a root.")
    body = data[found.end() :]
    if not body or len(body) % RECORD_BYTES:
        raise BatchFileError("The batch file's records are not whole: 64 bytes each, at least one.")
    return BatchFile(found[1].decode("ascii"), from_hex(found[2].decode("ascii")), body)
