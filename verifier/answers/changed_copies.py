"""A changed copy of a certificate that is valid: what people are told before anything else (SPEC.md section 11).

Nobody can tell a file that a portal saved anew from one in which a name was edited. So what was issued is said first,
to be compared, and the word "valid" is in no headline.
"""

from verifier.core.credential import read_fields
from verifier.core.reading import LEADS_ELSEWHERE
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome, Verdict

WORDS = (
    "Changed copy",
    "Changed copy. What was issued reads: {issued}.",
    "Compare every word of the file with this, or open the original.",
    "The file is not byte for byte the one that was issued. Websites that store documents change files without anyone "
    "meaning to; so does whoever edits a name, and this check cannot tell which it was.",
)
"""Word, headline, explanation, advice."""
REGISTERED = "This is what was issued; whether the file shows the same is for you to compare."
"""Headline over the certificate as it was issued, for programs."""
STANDING = "{institution} registered it with {programme}, and has neither revoked nor withdrawn it."
"""Of the certificate as it was issued."""


def is_changed_copy(verdict: Verdict) -> bool:
    """Whether an altered file carries exactly one certificate, and that one is valid as it was issued."""
    return verdict.registered is not None and verdict.registered.outcome is Outcome.VALID


def issued(verdict: Verdict) -> list[str]:
    """Name, course, grade and day of the certificate in a changed copy, as far as it has them; none for any other."""
    if verdict.registered is None or verdict.registered.credential is None or not is_changed_copy(verdict):
        return []
    fields = read_fields(verdict.registered.credential)
    return [str(each) for each in (fields.recipient, fields.course, fields.grade, fields.awarded) if each]


def issued_in_words(verdict: Verdict) -> Sentence | str:
    """The same in a row, each part by itself, so that scripts of two directions stay apart."""
    parts: list[Sentence | str] = [*issued(verdict)] or [Sentence("a certificate without a name")]
    first, *rest = parts
    for part in rest:
        first = Sentence("{first}, {next}", {"first": first, "next": part})
    return first


def standing_in_words(verdict: Verdict) -> Sentence:
    """How the certificate in a changed copy stands, as it was issued; for those that `is_changed_copy` names."""
    registered = verdict.registered
    assert registered is not None
    assert registered.record is not None
    assert registered.registry is not None
    facts = {"institution": registered.record.institution_name, "programme": registered.registry.programme}
    return Sentence(STANDING, facts)


def leads_elsewhere(verdict: Verdict) -> bool:
    """Whether two roots are what is wrong: the step shows them, and nobody reads 64 digits in a sentence."""
    problem = verdict.reason.facts.get("problem") if verdict.reason else None
    return isinstance(problem, Sentence) and problem.text == LEADS_ELSEWHERE
