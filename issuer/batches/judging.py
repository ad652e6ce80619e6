"""A delivered batch through the verifier's own code, file by file, before it is reported as good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from issuer.batches.filenames import file_stem
from issuer.credential.quads_template import QuadsTemplates
from issuer.records import Batch, Records
from verifier.answers.wording import Problem
from verifier.core.errors import UnreadableError
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import Record, Registry, RegistryInfo
from verifier.core.verdict import Outcome, Verdict
from verifier.core.verifier import Verifier
from verifier.plain_file import read_plain


@dataclass(frozen=True)
class Checked:
    """One delivered certificate and what the verifier's own code says about its file."""

    name: str
    file: Path
    hash: bytes
    """The certificate hash by the records: a file that was damaged since has another one, or none."""
    verdict: Verdict | None
    trouble: str = ""
    """Why there is no verdict: the file is gone, or no longer carries a certificate."""

    @property
    def word(self) -> str:
        """The verdict in one word; `unreadable` where there is none."""
        return Problem.UNREADABLE.value if self.verdict is None else self.verdict.outcome.value

    @property
    def valid(self) -> bool:
        """Whether the file on the disk is a valid certificate."""
        return self.verdict is not None and self.verdict.outcome is Outcome.VALID

    @property
    def why(self) -> str:
        """What is wrong with it, in one sentence; empty where it is valid."""
        reason = None if self.verdict is None else self.verdict.reason
        return self.trouble if reason is None else reason.sentence


class BatchRegistry:
    """A registry that is asked about each batch once.

    For batches just registered: the record of the batch is the chain's, the root that each file leads to is
    computed here, and revocations of single certificates are read only where the chain was asked.
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


def check_delivered(store: Records, batch: Batch, registry: Registry) -> Iterator[Checked]:
    """Each delivered PDF of a batch, read from the disk and judged; one that is gone or damaged is reported as such."""
    yield from check_each(store, batch, Verifier([BatchRegistry(registry)], canonicalise=QuadsTemplates()))


def check_each(store: Records, batch: Batch, verifier: Verifier) -> Iterator[Checked]:
    """Each delivered PDF of a batch, judged by a verifier that asks about each: for batches that are not new."""
    hashes = store.hashes(batch.id)
    for draft in store.drafts(batch.id):
        file = Path(batch.out) / f"{file_stem(draft.position, batch.size, draft.row.name)}.pdf"
        yield _checked(verifier, draft.row.name, file, hashes[draft.position])


def _checked(verifier: Verifier, name: str, file: Path, hash_: bytes) -> Checked:
    try:
        return Checked(name, file, hash_, verifier.check_file(read_plain(file)))
    except OSError as error:
        return Checked(name, file, hash_, None, f"{file} cannot be read: {error.strerror or error}.")
    except UnreadableError as error:
        return Checked(name, file, hash_, None, str(error))
