"""When a certificate may be called unknown without its place: every batch is available, and none contains it.

SPEC.md section 11, bare credentials and bare hashes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from verifier.core.batch_files import BatchFiles
from verifier.core.errors import RegistryUnavailableError
from verifier.core.place import Place
from verifier.core.registry import Registry, RegistryInfo, check_record
from verifier.core.sentence import Sentence


@dataclass(frozen=True)
class Coverage:
    """How many of the batches that the registries count are available as batch files."""

    whole: bool
    """Every registry answered, and every batch that it counts is available as a batch file."""
    accredited: bool = False
    """A registry that answered knows the institution in question."""
    problems: tuple[tuple[RegistryInfo, Sentence], ...] = ()
    """Registries that gave no usable answer, and why."""


class Absence:
    """Compares batch files with what registries count."""

    def __init__(self, registries: Sequence[Registry], files: BatchFiles) -> None:
        self.registries = tuple(registries)
        self.files = files
        self._held: set[tuple[RegistryInfo, str, bytes]] = set()
        """Records that are final: they never disappear, so no registry is asked about them again."""

    def coverage(self, domain: str | None = None) -> Coverage:
        """Whether every counted batch, of one institution or of all, is available as a batch file."""
        whole, accredited = bool(self.registries), False
        problems = []
        for registry in self.registries:
            try:
                counts = registry.batch_counts()
                accredited = accredited or domain in counts
                wanted = dict(counts) if domain is None else {domain: counts.get(domain, 0)}
                whole = whole and self._covers(registry, wanted, domain)
            except RegistryUnavailableError as error:
                problems.append((registry.info, error.sentence))
        return Coverage(whole and not problems, accredited, tuple(problems))

    def _covers(self, registry: Registry, wanted: dict[str, int], domain: str | None) -> bool:
        if not any(wanted.values()):
            return True
        first = (place for place in self.files.first_places(domain) if place.domain in wanted)
        held = Counter(place.domain for place in first if self._holds(registry, place))
        return all(held[each] >= count for each, count in wanted.items())

    def _holds(self, registry: Registry, place: Place) -> bool:
        known = (registry.info, place.domain, place.root)
        if known in self._held:
            return True
        record = registry.verify(place.domain, place.index, place.commitment, place.sheet, place.path)
        check_record(record, place.domain, place.root)
        if record.exists and record.issued_at < record.finalized_time:
            self._held.add(known)
        return record.exists
