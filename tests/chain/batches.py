"""Small batches to register: commitments, sheets and their tree, without certificates around them."""

import os
from dataclasses import dataclass

from tests.chain_fixtures import Deployed
from verifier.core.batch_file import tree_of
from verifier.core.registry import Record, Registry


@dataclass(frozen=True)
class SmallBatch:
    """Random places under one root."""

    records: tuple[tuple[bytes, bytes], ...]

    @property
    def root(self) -> bytes:
        return tree_of(self.records).root

    @property
    def commitments(self) -> list[bytes]:
        return [commitment for commitment, _ in self.records]

    def verify(self, registry: Registry, domain: str, index: int = 0) -> Record:
        path = tree_of(self.records).path(index)
        return registry.verify(domain, index, *self.records[index], path)


def small_batch(size: int = 3) -> SmallBatch:
    return SmallBatch(tuple((os.urandom(32), os.urandom(32)) for _ in range(size)))


def issued(deployed: Deployed, size: int = 3) -> SmallBatch:
    """A batch that the signer has registered."""
    batch = small_batch(size)
    deployed.writer(deployed.signer).issue(deployed.institution, batch.root, size)
    return batch
