"""HTTP errors, in the same words and style as all other answers: pages for people, JSON under /api/."""

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from verifier.answers.answer import Answer
from verifier.answers.wording import Problem
from verifier.core.limits import LIMITS, megabytes
from verifier.core.sentence import Sentence
from verifier.web.pages import answer_json, answer_page
from verifier.web.status import RETRY_SECONDS
from verifier.web.uploads import REQUEST_BYTES, drain

_PROBLEMS = {
    404: Problem.NO_PAGE,
    405: Problem.NOT_ALLOWED,
    413: Problem.TOO_LARGE,
    429: Problem.RATE_LIMITED,
    500: Problem.BROKEN,
}
_BEFORE_READING = frozenset({404, 405, 429})
"""Errors raised before any of the body was read, so that all of it is still to come."""


class QuietFlask(Flask):
    """Logs a fault of ours without the address where it happened: anyone with that address can open the certificate."""

    def log_exception(self, exc_info: Any) -> None:
        """Log the fault with the name of its view."""
        self.logger.error("A fault in %s", request.endpoint or "no view", exc_info=exc_info)


def register(app: Flask) -> None:
    """Handle every error of `app`."""
    app.register_error_handler(HTTPException, _answer)


def _answer(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response(request.environ)  # type: ignore[return-value]
    problem = _PROBLEMS.get(code, Problem.BROKEN if code >= 500 else Problem.BAD_REQUEST)
    answer = Answer(None, problem=problem, detail=_detail(problem, error))
    if code in _BEFORE_READING or (request.content_length or 0) > REQUEST_BYTES:
        drain()
    response = answer_json(answer, code) if request.path.startswith("/api/") else answer_page(answer)
    response.status_code = code
    if isinstance(error, TooManyRequests) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _detail(problem: Problem, error: HTTPException) -> Sentence | str:
    if isinstance(error, TooManyRequests):
        return Sentence("Try again in {seconds} seconds.", {"seconds": error.retry_after or RETRY_SECONDS})
    if problem is not Problem.TOO_LARGE:
        return ""
    size, limit = request.content_length or 0, f"{LIMITS.file_bytes / 1e6:.0f}"
    if size <= LIMITS.file_bytes:
        return Sentence("At most {limit} MB are accepted.", {"limit": limit})
    text = "The file has about {size} MB; at most {limit} MB are accepted."
    return Sentence(text, {"size": megabytes(size), "limit": limit})
