"""A changed copy of a valid certificate: what people read first (SPEC.md section 11).

A file that a portal saved again looks the same as one in which somebody edited a name. So the message begins with what
was issued, for people to compare, and no headline says "valid".
"""

from verifier.core.credential import read_fields
from verifier.core.reading import LEADS_ELSEWHERE
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome, Verdict

WORDS = (
    "Changed copy",
    "Changed copy. What was issued reads: {issued}.",
    "Compare every word of the file with this, or open the original.",
    "This file is not exactly the one that was issued. Websites that store documents often change files without anyone "
    "meaning to. Somebody who edits a name also changes the file, and this check cannot tell the difference.",
)
"""Word, headline, explanation, advice."""
REGISTERED = "This is what was issued. Compare it with what the file shows."
"""For programs: the headline of the certificate as it was issued."""
STANDING = "{institution} registered it with {programme}, and has neither revoked nor withdrawn it."
"""The state of the certificate as it was issued."""


def is_changed_copy(verdict: Verdict) -> bool:
    """Whether an altered file carries exactly one certificate, and that one is valid as it was issued."""
    return verdict.registered is not None and verdict.registered.outcome is Outcome.VALID


def issued(verdict: Verdict) -> list[str]:
    """Name, course, grade and day of the certificate in a changed copy, as far as it has them; else nothing."""
    if verdict.registered is None or verdict.registered.credential is None or not is_changed_copy(verdict):
        return []
    fields = read_fields(verdict.registered.credential)
    return [str(each) for each in (fields.recipient, fields.course, fields.grade, fields.awarded) if each]


def issued_in_words(verdict: Verdict) -> Sentence | str:
    """The same as one list, each part isolated, so that left-to-right and right-to-left text do not mix."""
    parts: list[Sentence | str] = [*issued(verdict)] or [Sentence("a certificate without a name")]
    first, *rest = parts
    for part in rest:
        first = Sentence("{first}, {next}", {"first": first, "next": part})
    return first


def standing_in_words(verdict: Verdict) -> Sentence:
    """The state of the certificate in a changed copy, as it was issued; only where `is_changed_copy` is true."""
    registered = verdict.registered
    assert registered is not None
    assert registered.record is not None
    assert registered.registry is not None
    facts = {"institution": registered.record.institution_name, "programme": registered.registry.programme}
    return Sentence(STANDING, facts)


def leads_elsewhere(verdict: Verdict) -> bool:
    """Whether the fault is that two roots differ. The step shows them; nobody reads 64 digits in a sentence."""
    problem = verdict.reason.facts.get("problem") if verdict.reason else None
    return isinstance(problem, Sentence) and problem.text == LEADS_ELSEWHERE
