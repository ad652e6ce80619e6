"""The home page, where people enter a link, hash or short code, or choose a file."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from verifier.answers.answer import Answer, check_bytes, check_text
from verifier.answers.wording import Problem
from verifier.core.codes import ShortCode
from verifier.core.errors import CodeError
from verifier.core.hashes import to_base64url
from verifier.core.pasted import read_pasted
from verifier.web.pages import answer_page
from verifier.web.site import site
from verifier.web.status import PROBLEM_STATUS
from verifier.web.uploads import uploaded_file

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> AnyResponse | str:
    """The form; with `?q=`, a redirect to the certificate's page."""
    text = request.args.get("q")
    if text is None:
        return render_template("home.html", test_network=site().on_test_network)
    return look_up(text)


@blueprint.post("/")
def check() -> Response:
    """The verdict on a file, which is not kept. 413 if it is over 10 MB, 422 if it contains no certificate."""
    upload = uploaded_file()
    if upload is None:
        return answer_page(Answer(None, problem=Problem.NOTHING))
    return answer_page(check_bytes(site().verifier, *upload))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Pages may be fetched, for previews of shared links; a header of their own keeps them out of search engines."""
    return Response("User-agent: *\nDisallow: /api/\n", mimetype="text/plain")


@blueprint.get("/problems/<name>")
def problem(name: str) -> Response:
    """The page about a problem of the API, to which the `type` of its problem details leads; 404 if there is none."""
    found = next((each for each, status in PROBLEM_STATUS.items() if each == name and status >= 400), None)
    if found is None:
        abort(404)
    response = answer_page(Answer(None, problem=found))
    response.status_code = 200
    response.headers.pop("Retry-After", None)
    return response


def look_up(text: str) -> AnyResponse:
    """A redirect to the page of the one certificate that `text` names, or a page that says why there is none."""
    if not text.strip():
        return answer_page(Answer(None, problem=Problem.NOTHING))
    hash_ = _named(text)
    if hash_ is None:
        return answer_page(check_text(site().verifier, text))
    return redirect(url_for("certificates.show", code=to_base64url(hash_)), 303)


def _named(text: str) -> bytes | None:
    try:
        named = read_pasted(text)
    except CodeError:
        return None
    if len(named) != 1:
        return None
    [code] = named
    if not isinstance(code, ShortCode):
        return code
    matches = site().verifier.matches(code)
    return matches[0] if len(matches) == 1 else None
