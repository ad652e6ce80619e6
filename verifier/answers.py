"""From what somebody hands in, bytes or a line of text, to an answer: a verdict, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from verifier.core.codes import ShortCode, parse_code
from verifier.core.errors import CodeError, MistypedCodeError, OtherCredentialError, UnreadableError
from verifier.core.limits import LIMITS
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome, Verdict
from verifier.core.verifier import Verifier
from verifier.other_credentials import Report, examine, other_words
from verifier.vc.checking import Standing
from verifier.wording import Problem, Wording, problem_wording, wording

JUDGED_BAD = frozenset(
    {Outcome.ALTERED, Outcome.UNKNOWN, Outcome.REVOKED, Outcome.REPLACED, Outcome.UNTRUSTED, Outcome.EXPIRED}
)
_OTHERS = {
    Standing.GENUINE: Problem.OTHER_GENUINE,
    Standing.FALSE: Problem.OTHER_FALSE,
    Standing.UNCHECKED: Problem.OTHER_UNCHECKED,
}
NO_INPUT = frozenset(set(Problem) - {Problem.NOT_FOUND, Problem.SEVERAL, Problem.BROKEN, *_OTHERS.values()})
"""Problems of the input itself: nothing in it can be checked, now or later."""


@dataclass(frozen=True)
class Answer:
    """What became of one input: exactly one of `verdict` and `problem` is set."""

    given: str | None
    verdict: Verdict | None = None
    problem: Problem | None = None
    detail: Sentence | str = ""
    """For a problem, one sentence about this input."""
    code: ShortCode | None = None
    report: Report | None = None
    """For somebody else's credential, what was found about it; `problem` then says the most important of it."""
    matches: tuple[bytes, ...] = ()
    """For a short code with several certificates, their hashes."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def check_bytes(verifier: Verifier, data: bytes, given: str | None = None) -> Answer:
    """The answer on a file's bytes; somebody else's credential gets a report in place of a verdict."""
    if not data:
        return Answer(given, problem=Problem.UNREADABLE, detail=Sentence("The file is empty."))
    if len(data) > LIMITS.file_bytes:
        return too_large(len(data), given)
    try:
        return Answer(given, verifier.check_file(data))
    except OtherCredentialError as error:
        report = examine(error.credential, verifier.domains)
        return Answer(given, problem=_OTHERS[report.signature], detail=report.reason, report=report)
    except UnreadableError as error:
        return Answer(given, problem=Problem.UNREADABLE, detail=error.sentence)


def check_text(verifier: Verifier, text: str) -> Answer:
    """The answer on a link, a hash or a short code, through the verifier's archive."""
    try:
        code = parse_code(text)
    except MistypedCodeError as error:
        return Answer(text, problem=Problem.MISTYPED, detail=error.sentence)
    except CodeError as error:
        return Answer(text, problem=Problem.NOT_A_CODE, detail=error.sentence)
    if isinstance(code, ShortCode):
        return _check_short(verifier, code, text)
    return Answer(text, verifier.check_hash(code))


def too_large(size: int, given: str | None = None) -> Answer:
    """The answer on a file that is not even read."""
    facts = {"size": f"{size / 1e6:.1f}", "limit": f"{LIMITS.file_bytes / 1e6:.0f}"}
    detail = Sentence("The file has {size} MB; at most {limit} MB are accepted.", facts)
    return Answer(given, problem=Problem.TOO_LARGE, detail=detail)


def words_of(answer: Answer) -> Wording:
    """The message for an answer, whichever kind it is."""
    if answer.verdict is not None:
        return wording(answer.verdict)
    if answer.report is not None:
        return other_words(answer.report)
    return problem_wording(answer.problem or Problem.BROKEN, answer.detail)


def exit_code(answers: Iterable[Answer]) -> int:
    """What `sanad verify` exits with.

    1: a certificate is judged bad, or somebody else's credential has a false signature, has expired or was revoked by
    its issuer, whatever else there is. 0: all are valid. 2: nothing in the input can be checked. 3: the rest:
    something is unavailable, pending, not found, ambiguous or of nobody whom a registry knows, or stands unreadable
    among readable ones.
    """
    answers = list(answers)
    outcomes = {answer.verdict.outcome for answer in answers if answer.verdict}
    if outcomes & JUDGED_BAD or any(map(_is_bad_news_of_others, answers)):
        return 1
    if all(answer.problem in NO_INPUT for answer in answers):
        return 2
    return 0 if all(answer.verdict and answer.verdict.outcome is Outcome.VALID for answer in answers) else 3


def _is_bad_news_of_others(answer: Answer) -> bool:
    if answer.problem is Problem.OTHER_GENUINE:
        return answer.report is not None and (answer.report.taken_back or answer.report.expired_on is not None)
    return answer.problem is Problem.OTHER_FALSE


def _check_short(verifier: Verifier, code: ShortCode, text: str) -> Answer:
    matches = tuple(verifier.matches(code))
    if not matches:
        said = "The code {code} is typed correctly, but the archive holds no certificate with it."
        return Answer(text, problem=Problem.NOT_FOUND, detail=Sentence(said, {"code": str(code)}), code=code)
    if len(matches) > 1:
        detail = Sentence("{number} certificates have the code {code}.", {"number": len(matches), "code": str(code)})
        return Answer(text, problem=Problem.SEVERAL, detail=detail, code=code, matches=matches)
    return Answer(text, verifier.check_hash(matches[0]), code=code)
