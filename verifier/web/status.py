"""The HTTP status of every answer, the same for pages and API.

| answer | status |
|---|---|
| a verdict, good or bad | 200: the question was answered |
| `unavailable` | 503 with Retry-After: nothing was found out, and the body says so too |
| a report on another issuer's credential, which gets no verdict | 200 |
| an invalid code, hash or link | 400 |
| a short code that the archive does not have | 404 |
| several credentials in one presentation, each with its own answer | 200 |
| a file that contains no certificate, or one from another system | 422 |
| a file over 10 MB | 413 |
"""

from verifier.answers.answer import Answer
from verifier.answers.wording import Problem
from verifier.core.verdict import Outcome

RETRY_SECONDS = 60

PROBLEM_STATUS = {
    Problem.UNREADABLE: 422,
    Problem.TOO_LARGE: 413,
    Problem.MISTYPED: 400,
    Problem.NOT_A_CODE: 400,
    Problem.NOT_FOUND: 404,
    Problem.SEVERAL: 200,
    Problem.NO_FILE: 400,
    Problem.NOTHING: 400,
    Problem.NO_PAGE: 404,
    Problem.NOT_ALLOWED: 405,
    Problem.RATE_LIMITED: 429,
    Problem.BAD_REQUEST: 400,
    Problem.BROKEN: 500,
    Problem.OTHER_SYSTEM: 422,
    Problem.PRESENTATION: 200,
    Problem.OTHER_GENUINE: 200,
    Problem.OTHER_FALSE: 200,
    Problem.OTHER_UNCHECKED: 200,
}


def status_of(answer: Answer) -> int:
    """The status for an answer."""
    if answer.problem is not None:
        return PROBLEM_STATUS[answer.problem]
    assert answer.verdict is not None
    return 503 if answer.verdict.outcome is Outcome.UNAVAILABLE else 200


def headers_of(status: int) -> dict[str, str]:
    """The headers that a status needs."""
    return {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else {}
