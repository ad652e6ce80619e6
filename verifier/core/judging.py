"""From the places of a credential to its verdict (SPEC.md section 11, `judge`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.core import steps as step
from verifier.core import unsure
from verifier.core.absence import Absence
from verifier.core.asking import Answer, Asked, ask
from verifier.core.closing import Closing, not_asked
from verifier.core.credential import issuer_domain
from verifier.core.errors import CredentialError
from verifier.core.freshness import is_fresh, signed_at
from verifier.core.hashes import commitment
from verifier.core.place import Place, nowhere
from verifier.core.recorded import told
from verifier.core.registry import RegistryInfo
from verifier.core.sentence import Sentence
from verifier.core.verdict import PRECEDENCE, Check, Outcome, Step, Verdict, rank

_AFTER_ANCHORED = list(Check)[3:]
_UNTIL_REVOKED = list(Check)[3:7]
_SILENCED = PRECEDENCE.index(Outcome.PENDING)


@dataclass(frozen=True)
class Subject:
    """The subject of a verdict: a credential, its hash, and the two steps that found it."""

    opening: tuple[Step, ...]
    hash: bytes
    credential: Mapping[str, Any]


class Judge:
    """Judges credentials by what the registries that the operator trusts say about their places."""

    def __init__(self, absence: Absence, retired: Sequence[RegistryInfo], closing: Closing) -> None:
        self._registries = absence.registries
        self._retired = tuple(retired)
        self._files = absence.files
        self._closing = closing
        self._absence = absence

    def whole(self, subject: Subject, place: Callable[[str], Place]) -> Verdict:
        """The verdict on a credential that came with its place.

        Args:
            subject: what is judged.
            place: the place in the name of a domain.
        """
        return self._by_domain(subject, lambda domain: self._whole(subject, place(domain)))

    def bare(self, subject: Subject, stored: Callable[[str], Place | None]) -> Verdict:
        """The verdict on a credential whose place must be searched for.

        Args:
            subject: what is judged.
            stored: the place that an archive names for it under a domain, which leads to its own root.
        """
        return self._by_domain(subject, lambda domain: self._bare(subject, domain, stored))

    def deciding(self, domain: str, place: Place | None, commitment_: bytes) -> list[Asked]:
        """The records about each deciding place of a commitment: all that count, or else all there are.

        Args:
            domain: only its batches count.
            place: one that an archive names, which leads to its own root.
            commitment_: `C`.
        """
        return _deciding(self._all(domain, place, commitment_))

    def _all(self, domain: str, stored: Place | None, commitment_: bytes) -> list[Asked]:
        return [ask(self._registries, place) for place in self._files.places(commitment_, domain, stored)]

    def _by_domain(self, subject: Subject, judged: Callable[[str], Verdict]) -> Verdict:
        try:
            domain = issuer_domain(subject.credential)
        except CredentialError as error:
            return self._without_issuer(subject, error.sentence)
        return judged(domain)

    def _without_issuer(self, subject: Subject, problem: Sentence) -> Verdict:
        anchored = unsure.silent(()) if not self._registries else step.impossible(problem)
        steps = (*subject.opening, anchored, *not_asked(_AFTER_ANCHORED, "Not asked, because no registry holds it."))
        return Verdict(steps, subject.hash, commitment(subject.hash), subject.credential)

    def _whole(self, subject: Subject, place: Place) -> Verdict:
        asked = ask(self._registries, place)
        if asked.answers:
            return self._held(subject, asked)
        if asked.silent or not self._registries:
            problems = [(one.info, one.problem) for one in asked.silent]
            return self._not_held(subject, place.domain, unsure.silent(problems), ask_domain=True)
        return self._not_held(subject, place.domain, self._absent(subject, place.domain, asked.newest))

    def _bare(self, subject: Subject, domain: str, stored: Callable[[str], Place | None]) -> Verdict:
        everything = self._all(domain, stored(domain), commitment(subject.hash))
        if deciding := _deciding(everything):
            return self._of_several(subject, deciding)
        return self._without_place(subject, domain, everything)

    def _of_several(self, subject: Subject, deciding: Sequence[Asked]) -> Verdict:
        verdicts = [self._held(subject, asked) for asked in deciding]
        if len({verdict.outcome for verdict in verdicts}) == 1:
            return verdicts[0]
        anchored = unsure.several_places(deciding[0].place.domain, verdicts)
        return self._not_held(subject, deciding[0].place.domain, anchored, ask_domain=True)

    def _without_place(self, subject: Subject, domain: str, everything: Sequence[Asked]) -> Verdict:
        coverage = self._absence.coverage(domain)
        problems = {one.info: one.problem for asked in everything for one in asked.silent} | dict(coverage.problems)
        known = coverage.accredited
        if problems or not self._registries:
            return self._not_held(subject, domain, unsure.silent(problems.items()), ask_domain=True)
        if not coverage.whole:
            anchored = self._with_others(subject, domain, unsure.no_place(domain))
            return self._not_held(subject, domain, anchored, ask_domain=known)
        newest = max((asked.newest for asked in everything), default=0)
        if not newest:
            asked = ask(self._registries, nowhere(domain))
            if asked.silent:
                problems = {one.info: one.problem for one in asked.silent}
                return self._not_held(subject, domain, unsure.silent(problems.items()), ask_domain=True)
            newest = asked.newest
        anchored = self._absent(subject, domain, newest)
        if anchored.outcome is Outcome.UNKNOWN:
            anchored = self._with_others(subject, domain, anchored)
        return self._not_held(subject, domain, anchored, ask_domain=known)

    def _with_others(self, subject: Subject, domain: str, anchored: Step) -> Step:
        """Step 3, with what other institutions registered under the same code, as any of them can."""
        places = self._files.places(commitment(subject.hash))
        asked = [ask(self._registries, place) for place in places if place.domain != domain]
        recorded = [each for each in asked if each.answers]
        return unsure.with_others(anchored, told(recorded)) if recorded else anchored

    def _absent(self, subject: Subject, domain: str, newest: int) -> Step:
        created = signed_at(subject.credential)
        if created is not None and is_fresh(created, newest):
            return unsure.too_fresh(domain, created, newest)
        return step.absent(domain, self._retired)

    def _not_held(self, subject: Subject, domain: str, anchored: Step, ask_domain: bool = False) -> Verdict:
        steps = (*subject.opening, anchored, *not_asked(_UNTIL_REVOKED, _why_not_asked(anchored)))
        closing = self._closing.not_held(subject.credential, domain, ask_domain)
        return Verdict(steps + closing, subject.hash, commitment(subject.hash), subject.credential, domain)

    def _held(self, subject: Subject, asked: Asked) -> Verdict:
        answer, place = speaking(asked, subject.credential), asked.place
        decides = _outlook(answer, subject.credential) >= _SILENCED
        steps = (unsure.with_silent(answer.steps[0], asked, decides), *answer.steps[1:])
        return Verdict(
            (*subject.opening, *steps, *self._closing.held(subject.credential, place.domain, answer)),
            subject.hash,
            place.commitment,
            subject.credential,
            place.domain,
            answer.info,
            answer.record,
            place=place,
        )


def speaking(asked: Asked, credential: Mapping[str, Any]) -> Answer:
    """The registry with the worst verdict among those that hold it; among equals, the first in the settings."""
    return min(asked.answers, key=lambda answer: _outlook(answer, credential))


def _deciding(everything: Sequence[Asked]) -> list[Asked]:
    held = [asked for asked in everything if asked.answers]
    return [asked for asked in held if asked.counts] or held


def _outlook(answer: Answer, credential: Mapping[str, Any]) -> float:
    return rank((*answer.steps, step.dates(credential, answer.record.block_time)))


def _why_not_asked(anchored: Step) -> str:
    if anchored.outcome is Outcome.UNKNOWN:
        return "Not asked, because no registry holds it."
    if anchored.text == unsure.NOT_ASKED:
        return "Not asked, because the registry could not be reached."
    return "Not asked, because no record decides."
