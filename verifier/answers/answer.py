"""From an input, bytes or a line of text, to an answer: a verdict, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from verifier.answers.handed_in import WORDED_HERE, handed_in_words
from verifier.answers.other_credentials import Report, examine, other_words
from verifier.answers.remarks import not_accredited
from verifier.answers.wording import Problem, Wording, problem_wording, wording
from verifier.core.canonical import canonical
from verifier.core.codes import ShortCode, parse_code
from verifier.core.errors import (
    CodeError,
    MistypedCodeError,
    OtherCredentialError,
    OtherSystemError,
    SeveralCredentialsError,
    UnreadableError,
)
from verifier.core.foreign import system_of
from verifier.core.limits import LIMITS, megabytes
from verifier.core.pasted import Named, read_pasted
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome, Verdict
from verifier.core.verifier import Verifier
from verifier.vc.checking import Standing

JUDGED_BAD = frozenset(
    {Outcome.ALTERED, Outcome.UNKNOWN, Outcome.REVOKED, Outcome.REPLACED, Outcome.UNTRUSTED, Outcome.EXPIRED}
)
_OTHERS = {
    Standing.GENUINE: Problem.OTHER_GENUINE,
    Standing.FALSE: Problem.OTHER_FALSE,
    Standing.UNCHECKED: Problem.OTHER_UNCHECKED,
}
NO_INPUT = frozenset(
    set(Problem) - {Problem.NOT_FOUND, Problem.SEVERAL, Problem.PRESENTATION, Problem.BROKEN, *_OTHERS.values()}
)
"""Problems with the input itself: nothing in it can be checked, now or later."""


@dataclass(frozen=True)
class Answer:
    """The answer for one input: exactly one of `verdict` and `problem` is set."""

    given: str | None
    verdict: Verdict | None = None
    problem: Problem | None = None
    detail: Sentence | str = ""
    """For a problem: one sentence about this input."""
    code: ShortCode | None = None
    named: tuple[Named, ...] = ()
    """For a text with several links, hashes or codes: the first of those that it names."""
    report: Report | None = None
    """For another issuer's credential: what was found about it. `problem` then says the most important part."""
    matches: tuple[bytes, ...] = ()
    """For a short code that several certificates have: their hashes."""
    parts: "tuple[Answer, ...]" = ()
    """For a presentation of several credentials: the answer for each."""
    notes: tuple[Sentence, ...] = ()
    """What people must see besides the verdict's own remarks."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def check_bytes(verifier: Verifier, data: bytes, given: str | None = None) -> Answer:
    """The answer for a file's bytes; another issuer's credential gets a report instead of a verdict."""
    if not data:
        return Answer(given, problem=Problem.UNREADABLE, detail=Sentence("The file is empty."))
    if len(data) > LIMITS.file_bytes:
        return too_large(len(data), given)
    try:
        return _judged(verifier, verifier.check_file(data), given)
    except SeveralCredentialsError as error:
        return _several(verifier, error, given)
    except OtherSystemError as error:
        return Answer(given, problem=Problem.OTHER_SYSTEM, detail=error.sentence)
    except OtherCredentialError as error:
        if system := system_of(error.credential):
            return Answer(given, problem=Problem.OTHER_SYSTEM, detail=system.sentence)
        report = examine(error.credential, verifier.domains)
        return Answer(given, problem=_OTHERS[report.signature], detail=report.reason, report=report)
    except UnreadableError as error:
        return Answer(given, problem=Problem.UNREADABLE, detail=error.sentence)


def _several(verifier: Verifier, error: SeveralCredentialsError, given: str | None) -> Answer:
    """The credentials of a presentation, each judged as a separate file."""
    count = len(error.credentials)
    names = [f"{given or 'file'}, {number} of {count}" for number in range(1, count + 1)]
    parts = [check_bytes(verifier, canonical(each), name) for each, name in zip(error.credentials, names, strict=True)]
    return Answer(given, problem=Problem.PRESENTATION, detail=error.sentence, parts=tuple(parts))


def each_of(answers: Iterable[Answer]) -> list[Answer]:
    """One answer for each credential: a presentation is replaced by its credentials."""
    return [each for answer in answers for each in answer.parts or (answer,)]


def check_text(verifier: Verifier, text: str) -> Answer:
    """The answer for a link, hash or short code as people paste it; it is looked up in the verifier's archive."""
    try:
        named = read_pasted(text) or (parse_code(text),)  # its error says why there is none
    except MistypedCodeError as error:
        return Answer(text, problem=Problem.MISTYPED, detail=error.sentence)
    except CodeError as error:
        return Answer(text, problem=Problem.NOT_A_CODE, detail=error.sentence)
    if len(named) > 1:
        detail = Sentence("This text contains {number} different links or codes.", {"number": len(named)})
        shown = named[: LIMITS.short_code_matches]
        return Answer(text, problem=Problem.SEVERAL, detail=detail, named=shown)
    [code] = named
    if isinstance(code, ShortCode):
        return _check_short(verifier, code, text)
    return _judged(verifier, verifier.check_hash(code), text)


def too_large(size: int, given: str | None = None) -> Answer:
    """The answer for a file that is too large to be read."""
    facts = {"size": megabytes(size), "limit": f"{LIMITS.file_bytes / 1e6:.0f}"}
    detail = Sentence("The file has {size} MB; at most {limit} MB are accepted.", facts)
    return Answer(given, problem=Problem.TOO_LARGE, detail=detail)


def words_of(answer: Answer) -> Wording:
    """The message for an answer of any kind."""
    if answer.verdict is not None:
        return wording(answer.verdict)
    if answer.report is not None:
        return other_words(answer.report)
    if answer.problem in WORDED_HERE:
        return handed_in_words(answer.problem, answer.detail)
    return problem_wording(answer.problem or Problem.BROKEN, answer.detail)


def bulk_word(answer: Answer) -> Sentence:
    """The one word for an answer in a list of many. A changed copy counts as altered there, whatever was issued."""
    if answer.verdict is not None and answer.verdict.outcome is Outcome.ALTERED:
        return Sentence("Altered")
    return words_of(answer).word


def exit_code(answers: Iterable[Answer]) -> int:
    """What `sanad verify` exits with.

    1: a certificate is judged bad, or another issuer's credential has a false signature, has expired or was revoked
    by its issuer; this wins over everything else. 0: all are valid. 2: nothing in the input can be checked. 3: the
    rest: something is unavailable, pending, not found, ambiguous or from an issuer that no registry knows, or is
    unreadable among readable inputs.
    """
    answers = each_of(answers)
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
        said = "The code {code} is typed correctly, but the archive has no certificate with this code."
        return Answer(text, problem=Problem.NOT_FOUND, detail=Sentence(said, {"code": str(code)}), code=code)
    if len(matches) > 1:
        detail = Sentence("{number} certificates have the code {code}.", {"number": len(matches), "code": str(code)})
        return Answer(text, problem=Problem.SEVERAL, detail=detail, code=code, matches=matches)
    return replace(_judged(verifier, verifier.check_hash(matches[0]), text), code=code)


def _judged(verifier: Verifier, verdict: Verdict, given: str | None) -> Answer:
    note = not_accredited(verifier.registries, verdict)
    return Answer(given, verdict, notes=() if note is None else (note,))
