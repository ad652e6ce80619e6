"""The sentences of steps 1 and 3 where a certificate cannot be judged (SPEC.md section 11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from verifier.core.asking import Asked, Silent
from verifier.core.dates import Instant
from verifier.core.limits import LIMITS
from verifier.core.registry import RegistryInfo
from verifier.core.sentence import Sentence, in_a_row
from verifier.core.verdict import Check, Outcome, State, Step, Verdict, day

NO_PLACE = (
    "The certificate was found, but not its place in a batch: the archive does not hold every batch of {domain}. "
    "Bring the PDF or its certificate.json."
)
SEVERAL_PLACES = "{domain} registered it several times, and these registrations do not agree. {places}"
_PLACES: Mapping[Outcome, str] = {
    Outcome.UNAVAILABLE: "The one of {time} with {programme} could not be checked.",
    Outcome.REVOKED: "The one of {time} with {programme} was revoked.",
    Outcome.REPLACED: "The one of {time} with {programme} was replaced.",
    Outcome.UNTRUSTED: "The one of {time} with {programme} is not trusted.",
    Outcome.PENDING: "The one of {time} with {programme} is not final or not valid yet.",
    Outcome.EXPIRED: "The one of {time} with {programme} has expired.",
    Outcome.VALID: "The one of {time} with {programme} is valid.",
}
TOO_FRESH = (
    "No registry that this verifier trusts has a record of it in the name of {domain} yet. It says that it was signed "
    "at {created}, and the newest block here is of {newest}: a registration may still be on its way. Ask again after "
    "{again}."
)
BESIDES = "{anchored} {others}"
NOT_ASKED = "The registry could not be asked. {problem}"
ACCREDITING_SILENT = "{anchored} {programme} accredits {domain} too, and could not be asked: {problem}"
_OTHER_SILENT = "{anchored} {programme} could not be asked, so what it holds is not known: {problem}"
NO_REGISTRY = Sentence("No registry is configured that this verifier trusts.")


def silent(problems: Iterable[tuple[RegistryInfo, Sentence]]) -> Step:
    """Step 3, if no registry that answered holds it, and one did not answer or none is asked."""
    said = [Sentence("{programme}: {problem}", {"programme": info.programme, "problem": why}) for info, why in problems]
    return _unchecked(NOT_ASKED, problem=in_a_row(said or [NO_REGISTRY]))


def no_place(domain: str) -> Step:
    """Step 3, for a credential whose place is not available."""
    return _unchecked(NO_PLACE, domain=domain)


def too_fresh(domain: str, created: Instant, newest: int) -> Step:
    """Step 3, for a missing record of what was signed a moment ago."""
    at = created.seconds
    again = min(at + LIMITS.fresh_seconds + 60, LIMITS.time)  # one minute more, because times are shown to the minute
    return _unchecked(TOO_FRESH, domain=domain, created=day(at), newest=day(newest), again=day(again))


def several_places(domain: str, verdicts: Sequence[Verdict]) -> Step:
    """Step 3, if places in batches of one institution have different verdicts."""
    return _unchecked(SEVERAL_PLACES, domain=domain, places=in_a_row(map(_one_place, verdicts)))


def _one_place(verdict: Verdict) -> Sentence:
    assert verdict.record is not None
    assert verdict.registry is not None
    facts = {"time": day(verdict.record.issued_at), "programme": verdict.registry.programme}
    return Sentence(_PLACES[verdict.outcome], facts)


def with_others(anchored: Step, others: Sentence) -> Step:
    """Step 3 with what other institutions have on record under the same code, which decides nothing."""
    facts = {"anchored": Sentence(anchored.text, anchored.facts), "others": others}
    return replace(anchored, text=BESIDES, facts=facts)


def with_silent(anchored: Step, asked: Asked, decides: bool) -> Step:
    """Step 3, with a message about registries that gave no usable answer.

    Args:
        anchored: the step from the registry that answered.
        asked: all answers, with the silent registries.
        decides: whether a silent registry that is known to accredit the institution makes it unavailable.
    """
    for each in sorted(asked.silent, key=lambda one: one.accredits):
        anchored = _with_one(anchored, each, asked.place.domain, decides)
    return anchored


def _with_one(anchored: Step, one: Silent, domain: str, decides: bool) -> Step:
    facts = {
        "anchored": Sentence(anchored.text, anchored.facts),
        "programme": one.info.programme,
        "problem": one.problem,
        "domain": domain,
    }
    if not one.accredits:
        return Step(Check.ANCHORED, State.NOTE, _OTHER_SILENT, facts)
    if decides:
        return Step(Check.ANCHORED, State.UNCHECKED, ACCREDITING_SILENT, facts, Outcome.UNAVAILABLE)
    return Step(Check.ANCHORED, State.NOTE, ACCREDITING_SILENT, facts)


def _unchecked(text: str, **facts: object) -> Step:
    return Step(Check.ANCHORED, State.UNCHECKED, text, facts, Outcome.UNAVAILABLE)
