"""The HTTP API, version 1: the answers of the pages as JSON (`verifier.answers.report`).

A program uses the body's `verdict`, or first the status (`verifier.web.status`): 200 means a verdict, good or bad;
503 means `unavailable`, which is neither; 4xx means input without a verdict, with the reason in `problem`.
"""

from flask import Blueprint, Response

from verifier.answers.answer import Answer, check_bytes, check_text
from verifier.answers.wording import Problem
from verifier.core.codes import ShortCode, parse_code
from verifier.core.errors import CodeError
from verifier.core.pasted import read_pasted
from verifier.core.sentence import Sentence
from verifier.web.pages import answer_json
from verifier.web.site import site
from verifier.web.uploads import body_or_file

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/certificates/<hash_>")
def certificate(hash_: str) -> Response:
    """The verdict on a certificate hash, in hex (0x or not) or base64url. Open to every origin.

    200 with a verdict; 503 with the verdict `unavailable`; 400 if it is not a hash.
    """
    try:
        named = read_pasted(hash_) or (parse_code(hash_),)
    except CodeError as error:
        return answer_json(Answer(hash_, problem=Problem.NOT_A_CODE, detail=error.sentence))
    if any(isinstance(each, ShortCode) for each in named):
        detail = Sentence("This is a short code. Give the whole hash, 64 hex digits or 43 base64url characters.")
        return answer_json(Answer(hash_, problem=Problem.NOT_A_CODE, detail=detail))
    if len(named) > 1:
        detail = Sentence("This text contains {number} different links or codes.", {"number": len(named)})
        return answer_json(Answer(hash_, problem=Problem.NOT_A_CODE, detail=detail))
    return answer_json(check_text(site().verifier, hash_))


@blueprint.post("/verify")
def verify() -> Response:
    """The verdict on a file: the raw body, or the field `file` of a multipart form; at most 10 MB.

    200 with a verdict; 503 with the verdict `unavailable`; 400 without a file; 413 over the limit; 422 where the
    file contains no certificate. The file is kept in memory only, and only during the check.
    """
    upload = body_or_file()
    if upload is None:
        return answer_json(Answer(None, problem=Problem.NOTHING))
    return answer_json(check_bytes(site().verifier, *upload))
