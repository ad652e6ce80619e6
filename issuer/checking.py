"""A delivered batch through the verifier's own code, file by file, before anybody says that it is good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from issuer.certificate.quads_template import QuadsTemplates
from issuer.filenames import file_stem
from issuer.store import Batch, Store
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import Record, Registry, RegistryInfo
from verifier.core.verdict import Verdict
from verifier.core.verifier import Verifier


@dataclass(frozen=True)
class Checked:
    """One delivered certificate and the verifier's verdict on its file."""

    name: str
    file: Path
    verdict: Verdict


class BatchRegistry:
    """A registry that is asked about each batch once.

    For batches just registered: the record of the batch is the chain's, the root that each file leads to is
    computed here, and revocations of single certificates are looked for only where the chain was asked.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._records: dict[tuple[str, bytes], Record] = {}

    @property
    def info(self) -> RegistryInfo:
        """The registry behind."""
        return self._registry.info

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        """The batch's record, asked for with its first certificate."""
        root = root_from_path(leaf(index, commitment, sheet), path)
        if (domain, root) not in self._records:
            self._records[domain, root] = self._registry.verify(domain, index, commitment, sheet, path)
        return replace(self._records[domain, root], root=root)

    def batch_counts(self) -> Mapping[str, int]:
        """As the registry behind says."""
        return self._registry.batch_counts()


def check_delivered(store: Store, batch: Batch, registry: Registry) -> Iterator[Checked]:
    """Each delivered PDF of a batch, read from the disk and judged."""
    verifier = Verifier([BatchRegistry(registry)], canonicalise=QuadsTemplates())
    for draft in store.drafts(batch.id):
        file = Path(batch.out) / f"{file_stem(draft.position, batch.size, draft.row.name)}.pdf"
        yield Checked(draft.row.name, file, verifier.check_file(file.read_bytes()))
