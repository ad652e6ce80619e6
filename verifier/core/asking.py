"""Asking every trusted registry about one place (SPEC.md section 11, `ask`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from verifier.core import steps as step
from verifier.core.errors import RegistryUnavailableError
from verifier.core.place import Place
from verifier.core.registry import Record, Registry, RegistryInfo, Remembering, check_record
from verifier.core.sentence import Sentence
from verifier.core.verdict import Step


@dataclass(frozen=True)
class Answer:
    """One registry's record of a place."""

    info: RegistryInfo
    record: Record
    steps: tuple[Step, ...]
    """Steps 3 to 7."""


@dataclass(frozen=True)
class Silent:
    """A registry that gave no usable answer."""

    info: RegistryInfo
    problem: Sentence
    accredits: bool
    """Its last usable answer said that it accredits the institution."""


@dataclass
class Asked:
    """Everything that the registries say about one place."""

    place: Place
    answers: list[Answer] = field(default_factory=list)
    """The registries that hold it, in the order of the settings."""
    silent: list[Silent] = field(default_factory=list)
    newest: int = 0
    """Time of the newest block of any usable answer, Unix seconds."""

    @property
    def counts(self) -> bool:
        """Whether a record of the place counts."""
        return any(answer.record.counts for answer in self.answers)


def ask(registries: Sequence[Registry], place: Place) -> Asked:
    """Ask each registry; a registry whose answer is not usable counts as silent."""
    asked = Asked(place)
    for registry in registries:
        try:
            answer = registry.verify(place.domain, place.index, place.commitment, place.sheet, place.path)
            record = check_record(answer, place.domain, place.root)
        except RegistryUnavailableError as error:
            asked.silent.append(Silent(registry.info, error.sentence, _accredits(registry, place.domain)))
            continue
        asked.newest = max(asked.newest, record.block_time)
        if record.exists:
            asked.answers.append(Answer(registry.info, record, _steps(record, registry.info, place)))
    return asked


def _accredits(registry: Registry, domain: str) -> bool:
    return isinstance(registry, Remembering) and registry.known_to_accredit(domain)


def _steps(record: Record, info: RegistryInfo, place: Place) -> tuple[Step, ...]:
    return (
        step.anchored(record, info, place.domain),
        step.final(record),
        step.entitled(record, place.index),
        step.standing(record),
        step.unrevoked(record),
    )
