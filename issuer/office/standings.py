"""The status of many certificates now, by the verifier's own code: the registry is asked about two hundred at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from issuer.credential.quads_template import QuadsTemplates
from issuer.errors import IssuerError
from verifier.archive_folder import FolderArchive
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import Query
from verifier.core.credential import issuer_domain
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import RegistryUnavailableError, SanadError
from verifier.core.limits import LIMITS
from verifier.core.reading import read_file
from verifier.core.registry import Record, RegistryInfo
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier
from verifier.plain_file import read_plain
from verifier.settings import load_settings
from verifier.trust import with_trusted

COULD_NOT_CHECK = "could not check"
_AT_ONCE = 2000
_Question = tuple[str, int, bytes, bytes, tuple[bytes, ...]]


class AskedRegistry:
    """A registry that was asked about many certificates beforehand; one that does not answer is asked no more.

    Implements the Protocol of verifier/core/registry.py.
    """

    def __init__(self, registry: NodeRegistry) -> None:
        self._registry = registry
        self._records: dict[_Question, Record] = {}
        self._silence: RegistryUnavailableError | None = None

    @property
    def info(self) -> RegistryInfo:
        """The registry behind."""
        return self._registry.info

    def ask(self, envelopes: Iterable[Envelope]) -> None:
        """Ask about these; what it answered to others is forgotten."""
        questions: dict[str, list[Query]] = defaultdict(list)
        for envelope in envelopes:
            query = Query(envelope.index, envelope.commitment, envelope.sheet, envelope.path)
            questions[issuer_domain(envelope.credential)].append(query)
        self._records = {}
        try:
            for domain, queries in questions.items() if self._silence is None else ():
                for query, record in zip(queries, self._registry.verify_many(domain, queries), strict=True):
                    place = (domain, query.index, query.commitment, query.sheet, tuple(query.path))
                    self._records[place] = record
        except RegistryUnavailableError as error:
            self._silence = error

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        """What it said; errors as the registry's."""
        if self._silence is not None:
            raise self._silence
        asked = self._records.get((domain, index, commitment, sheet, tuple(path)))
        return asked or self._registry.verify(domain, index, commitment, sheet, path)

    def batch_counts(self) -> Mapping[str, int]:
        """As the registry behind says."""
        if self._silence is not None:
            raise self._silence
        return self._registry.batch_counts()


def standings_of(path: Path, wanted: Sequence[tuple[bytes, Path | None]]) -> list[str]:
    """As `Standings.of`; `COULD_NOT_CHECK` of each where it cannot be asked at all."""
    try:
        return Standings(path).of(wanted)
    except (SanadError, IssuerError):  # a programme whose domain does not answer, say
        return [COULD_NOT_CHECK] * len(wanted)


class Standings:
    """Asks for the status of certificates.

    Args:
        path: the sanad.toml; its registries are asked, institutions' own domains are not.
    """

    def __init__(self, path: Path) -> None:
        settings = with_trusted(load_settings(path), lambda _text: None)
        self._archive = None if settings.archive is None else FolderArchive(settings.archive)
        self._asked = [AskedRegistry(one.registry()) for one in settings.registries]
        retired = [one.info for one in settings.retired]
        self._verifier = Verifier(self._asked, self._archive, QuadsTemplates(), retired)

    def of(self, wanted: Sequence[tuple[bytes, Path | None]]) -> list[str]:
        """The verdict on each in one word, in the order asked; `COULD_NOT_CHECK` where there is none.

        Args:
            wanted: `H`, and where a file of it is, for those that the archive does not have.
        """
        found: list[str] = []
        for start in range(0, len(wanted), _AT_ONCE):
            envelopes = [self._envelope(*each) for each in wanted[start : start + _AT_ONCE]]
            self._ask([each for each in envelopes if each is not None])
            found += [COULD_NOT_CHECK if each is None else self._word(each) for each in envelopes]
        return found

    def _ask(self, envelopes: Sequence[Envelope]) -> None:
        for registry in self._asked:
            registry.ask(envelopes)

    def _word(self, envelope: Envelope) -> str:
        outcome = self._verifier.check_file(envelope.to_bytes()).outcome
        return COULD_NOT_CHECK if outcome is Outcome.UNAVAILABLE else outcome.value

    def _envelope(self, hash_: bytes, file: Path | None) -> Envelope | None:
        data = None if self._archive is None else self._archive.envelope(hash_)
        try:
            if data is None and file is not None:
                envelope = read_file(read_plain(file, LIMITS.file_bytes)).envelope
            else:
                envelope = None if data is None else parse_envelope(data)
            if envelope is None or envelope.hash != hash_:
                return None
            issuer_domain(envelope.credential)  # or nobody could be asked about it
        except (OSError, SanadError):
            return None
        return envelope
