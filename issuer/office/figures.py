"""The figures of a programme: what batch files prove, and beside it what is only claimed.

Proved is a certificate that is in a genuine batch file (one whose records lead to its root) whose root the registry has
on record and counts. How many certificates a batch has, by its signer's word alone, proves nothing: what is claimed
beyond the files here is a number of its own. What could not be asked is None, and no zero.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from issuer.errors import ActError
from issuer.office.figures_courses import Courses, Taught
from issuer.office.figures_files import BatchFiles
from issuer.registry.guards import not_accredited
from issuer.registry.moving import batches_of
from issuer.registry.repeating import parts
from issuer.text import utc_now
from verifier.chain.registry import NodeRegistry
from verifier.core.batch_file import BatchFile
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS, RegistryInfo

_TRIED = 2
"""Institutions that are asked about after the registry fell silent, before it is asked no more."""
Answer = TypeVar("Answer")
Place = tuple[Taught | None, str]
"""Course and term, None where they are not known here; and the month, YYYY-MM in UTC."""


@dataclass
class Line:
    """Certificates of one course, term and month of one university; a number that could not be asked is None."""

    proved: int | None = 0
    """In genuine batch files whose root is registered and counts."""
    revoked: int | None = 0
    """Of these, those that were revoked and not replaced."""
    replaced: int | None = 0
    withdrawn: int | None = 0
    """Of these, those of batches that the university withdrew as a whole, whatever else became of them."""
    distrusted: int | None = 0
    """Not among those proved: of batches that do not count, since the university distrusts who registered them."""

    @property
    def good(self) -> int | None:
        """Proved, and neither revoked nor replaced nor withdrawn."""
        ended = added([self.revoked, self.replaced, self.withdrawn])
        return None if self.proved is None or ended is None else self.proved - ended

    def __add__(self, other: "Line") -> "Line":
        """Both together."""
        return Line(*(added([getattr(self, name), getattr(other, name)]) for name in COLUMNS))


COLUMNS = ("proved", "revoked", "replaced", "withdrawn", "distrusted")
_NOT_ASKED = Line(None, None, None, None, None)


@dataclass
class University:
    """One institution's figures; None where the registry gave no answer."""

    domain: str
    name: str
    suspended: bool
    lines: dict[Place, Line] = field(default_factory=dict)
    asked: bool = False
    """Whether the registry answered about its batches."""
    batches: int | None = None
    """Batches that are proved."""
    claimed: int | None = None
    """Certificates that signers claim on the chain and that no file here proves."""
    unseen: int | None = None
    """Batches on record of which no file is here."""
    signers: int | None = None
    """Keys that may issue."""
    educators: frozenset[bytes] | None = None
    """The commitments of educators' certificates on whose strength a key may issue."""
    strange: int = 0
    """Batch files that are here and are not on record."""

    @property
    def total(self) -> Line:
        """All its lines together."""
        return sum(self.lines.values(), Line()) if self.asked else _NOT_ASKED

    @property
    def unknown(self) -> int:
        """Proved certificates whose course is not known here."""
        return sum(line.proved or 0 for (taught, _), line in self.lines.items() if taught is None)


@dataclass
class Figures:
    """What is known of a registry's universities."""

    registry: RegistryInfo
    as_of: str
    universities: list[University]
    troubles: list[str]
    """What could not be asked or read, in whole sentences."""
    accredited: tuple[str, ...] = ()
    """The domains of all institutions of the registry, counted or not."""
    strange: int = 0
    """Genuine batch files that are here and that this registry does not have on record: they prove nothing here."""

    @property
    def complete(self) -> bool:
        """Whether everything could be asked."""
        return not self.troubles

    @property
    def total(self) -> Line:
        """All universities together."""
        return sum((each.total for each in self.universities), Line())

    @property
    def educators(self) -> int | None:
        """Educators, each counted once; None where a university's are not known."""
        known = [each.educators for each in self.universities]
        return None if None in known else len(frozenset().union(*(each for each in known if each is not None)))

    def by(self, key: Callable[[University, Taught | None, str], Any]) -> dict[Any, Line]:
        """The lines, added up by what `key` says of a university, a course with its term, and a month."""
        found: dict[Any, Line] = defaultdict(Line)
        for each in self.universities:
            for (taught, month), line in each.lines.items():
                found[key(each, taught, month)] += line
        return dict(found)


def added(numbers: Iterable[int | None]) -> int | None:
    """A sum; None if one of the numbers is not known."""
    whole = list(numbers)
    return None if None in whole else sum(each for each in whole if each is not None)


def figures_of(registry: NodeRegistry, files: BatchFiles, courses: Courses, domains: Sequence[str] = ()) -> Figures:
    """Ask the registry about every batch file, and about what is on record besides.

    Args:
        registry: asked through as many nodes as must agree.
        files: the genuine batch files that are here.
        courses: knows courses and terms, as far as they are known here.
        domains: only these institutions; by default all.

    Raises:
        ActError: one of the domains is not accredited.
        RegistryUnavailableError: the registry did not even say which institutions it has.
    """
    records = {record["domain"]: record for record in registry.institutions()}
    if strange := [domain for domain in domains if domain not in records]:
        raise ActError(" ".join(not_accredited(domain, list(records)) for domain in strange))
    asking = _Asking(registry)
    found = [
        _University(record, files.of(record["domain"]), asking, courses).counted()
        for record in records.values()
        if not domains or record["domain"] in domains
    ]
    troubles = [*files.troubles, *courses.troubles, *asking.troubles]
    elsewhere = sum(len(files.of(domain)) for domain in files.domains if domain not in records)
    elsewhere += sum(each.strange for each in found)
    return Figures(registry.info, utc_now(), found, troubles, tuple(records), elsewhere)


class _Asking:
    """The registry, asked until it falls silent for good."""

    def __init__(self, registry: NodeRegistry) -> None:
        self.registry = registry
        self.troubles: list[str] = []
        self._silent = 0

    def about(self, what: str, question: Callable[[], Answer]) -> Answer | None:
        """The answer; None where there was none, which is noted."""
        if self._silent < _TRIED:
            try:
                answer = question()
            except RegistryUnavailableError as error:
                self._silent += 1
                self.troubles.append(f"{what} could not be asked. {error}")
                return None
            self._silent = 0
            return answer
        self.troubles.append(f"{what} could not be asked: the registry did not answer before.")
        return None


class _University:
    """Counts what one university's batch files prove."""

    def __init__(
        self, record: Mapping[str, Any], files: Sequence[BatchFile], asking: _Asking, courses: Courses
    ) -> None:
        self._record, self._asking, self._courses = record, asking, courses
        self._domain = str(record["domain"])
        self._files = {file.root: file for file in files}
        self._found = University(self._domain, record["name"], bool(record["suspended"]))
        self._seen: set[bytes] = set()

    def counted(self) -> University:
        """Its figures."""
        registry, found = self._asking.registry, self._found
        if (keys := self._about("The keys", lambda: registry.keys(self._domain))) is not None:
            able = [key for key in keys if key["authorised"] and not key["distrustedSince"]]
            found.signers = len(able)
            found.educators = frozenset(bytes(key["educatorCommitment"]) for key in able if key["certifier"] != ZERO)
        records = self._about("The batches", lambda: batches_of(registry, self._domain, list(self._files)))
        if records is None:
            return found
        found.asked = True
        there = {root: record for root, record in records.items() if record["issuedAt"]}
        backed = sum(self._size(root, record) for root, record in there.items())
        found.claimed = max(0, int(self._record["certificates"]) - backed)
        found.unseen = max(0, int(self._record["batches"]) - len(there))
        found.strange = len(self._files) - len(there)
        self._count(there)
        return found

    def _about(self, what: str, question: Callable[[], Answer]) -> Answer | None:
        return self._asking.about(f"{what} of {self._found.name} ({self._domain})", question)

    def _size(self, root: bytes, record: Mapping[str, Any]) -> int:
        """Nothing at or beyond the size that was registered is ever good (SPEC.md section 10)."""
        return min(self._files[root].size, int(record["size"]))

    def _count(self, records: Mapping[bytes, Mapping[str, Any]]) -> None:
        """Every commitment once, in its first batch that counts."""
        whole = sorted(records.items(), key=lambda each: (not each[1]["counts"], each[1]["issuedAt"], each[0]))
        fresh = {root: list(self._fresh(root, record)) for root, record in whole}
        ended = self._ended(records, fresh)
        for root, record in whole:
            month = datetime.fromtimestamp(record["issuedAt"], UTC).strftime("%Y-%m")
            taught = self._courses.of(self._domain, self._files[root], fresh[root])
            for index, commitment in fresh[root]:
                line = self._found.lines.setdefault((taught.get(index), month), Line())
                _note(line, record, None if ended is None else ended.get(commitment, "good"))
        self._found.batches = sum(1 for record in records.values() if record["counts"])

    def _fresh(self, root: bytes, record: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
        for index in range(self._size(root, record)):
            commitment = self._files[root].record(index)[0]
            if commitment not in self._seen:
                self._seen.add(commitment)
                yield index, commitment

    def _ended(
        self, records: Mapping[bytes, Mapping[str, Any]], fresh: Mapping[bytes, Sequence[tuple[int, bytes]]]
    ) -> dict[bytes, str] | None:
        """What is revoked or replaced, by commitment; None where that could not be asked."""
        if not self._record["revocations"]:
            return {}
        asked: dict[str, list[bytes]] = defaultdict(list)
        for root, record in records.items():
            if record["counts"] and not record["withdrawnAt"]:
                # On an adopted batch the institution's own revocations take effect, and nobody else's.
                asked[NO_ADDRESS if record["adopted"] else record["signer"]] += [each for _, each in fresh[root]]
        return self._about("The revocations", lambda: self._revoked(asked))

    def _revoked(self, asked: Mapping[str, Sequence[bytes]]) -> dict[bytes, str]:
        found = {}
        for signer, commitments in asked.items():
            for part in parts(commitments):
                answers = self._asking.registry.revocations(self._domain, signer, part)
                for commitment, answer in zip(part, answers, strict=True):
                    if answer is not None:
                        found[commitment] = "revoked" if answer.replacement == ZERO else "replaced"
        return found


def _note(line: Line, record: Mapping[str, Any], standing: str | None) -> None:
    """Count one certificate of a batch with that record."""
    if not record["counts"]:
        _add(line, "distrusted")
        return
    _add(line, "proved")
    if record["withdrawnAt"]:
        _add(line, "withdrawn")
    elif standing is None:
        line.revoked = line.replaced = None
    elif standing != "good":
        _add(line, standing)


def _add(line: Line, name: str) -> None:
    number = getattr(line, name)
    setattr(line, name, None if number is None else number + 1)
