"""Leaf, tree and path: OpenZeppelin's StandardMerkleTree (SPEC.md sections 4 and 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from verifier.core.hashes import keccak256


def leaf(index: int, commitment: bytes, sheet: bytes) -> bytes:
    """`keccak256(keccak256(abi.encode(uint256 index, bytes32 C, bytes32 P)))`."""
    return keccak256(keccak256(index.to_bytes(32, "big") + commitment + sheet))


def node(left: bytes, right: bytes) -> bytes:
    """The parent of two nodes, in either order."""
    return keccak256(left + right if left < right else right + left)


def root_from_path(leaf_: bytes, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its path lead to."""
    for sibling in path:
        leaf_ = node(leaf_, sibling)
    return leaf_


@dataclass(frozen=True)
class MerkleTree:
    """A whole tree: `nodes[0]` is the root, node i has the children 2i+1 and 2i+2."""

    nodes: tuple[bytes, ...]
    places: tuple[int, ...]
    """The place of each leaf in `nodes`, in the order in which the leaves were given."""

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> "MerkleTree":
        """Build the tree over at least one leaf. Leaves are sorted, so their order does not matter."""
        if not leaves:
            raise ValueError("A batch has at least one certificate.")
        count = len(leaves)
        ranked = sorted(range(count), key=leaves.__getitem__)
        nodes = [b""] * (2 * count - 1)
        places = [0] * count
        for rank, position in enumerate(ranked):
            places[position] = 2 * count - 2 - rank
            nodes[2 * count - 2 - rank] = leaves[position]
        for parent in reversed(range(count - 1)):
            nodes[parent] = node(nodes[2 * parent + 1], nodes[2 * parent + 2])
        return cls(tuple(nodes), tuple(places))

    @property
    def root(self) -> bytes:
        """32 bytes, the batch's name on the chain."""
        return self.nodes[0]

    def path(self, position: int) -> list[bytes]:
        """The siblings from the given leaf up to the root; empty for a batch of one."""
        place, path = self.places[position], []
        while place:
            path.append(self.nodes[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return path
