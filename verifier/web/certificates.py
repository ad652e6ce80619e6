"""A certificate's page, which its QR code opens, and its envelope for download."""

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from verifier.answers.answer import check_text
from verifier.core.codes import ShortCode, parse_code, short_code
from verifier.core.errors import CodeError
from verifier.core.hashes import to_base64url
from verifier.web.home import look_up
from verifier.web.pages import VOUCHED, answer_page
from verifier.web.site import site

blueprint = Blueprint("certificates", __name__, url_prefix="/c")


@blueprint.get("/<code>", strict_slashes=False)
def show(code: str) -> AnyResponse:
    """The verdict on the certificate with the hash `code`, 43 base64url characters.

    A hash in hex and a short code are redirected to that address. 503 if it could not be checked, 400 if it is not a
    hash.
    """
    if hash_of(code) is None:
        return look_up(code)
    return answer_page(check_text(site().verifier, code))


@blueprint.get("/<code>/certificate.json")
def envelope(code: str) -> Response:
    """The envelope from the archive, proved to be this certificate's; 404 if the archive has none."""
    hash_ = hash_of(code)
    data = site().verifier.envelope(hash_) if hash_ else None
    if hash_ is None or data is None:
        abort(404)
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{short_code(hash_)}.json"'
    return response


@blueprint.get("/<code>/card.png")
def card(code: str) -> Response:
    """The picture of the certificate's course, for link previews; 404 unless the verdict confirms the certificate."""
    hash_ = hash_of(code)
    verdict = site().verifier.check_hash(hash_) if hash_ else None
    data = site().picture(verdict) if verdict and verdict.outcome in VOUCHED else None
    if data is None:
        abort(404)
    return Response(data, mimetype="image/png")


def hash_of(code: str) -> bytes | None:
    """`H` from an address in the form that links use; None for any other form."""
    try:
        parsed = parse_code(code)
    except CodeError:
        return None
    return parsed if not isinstance(parsed, ShortCode) and to_base64url(parsed) == code else None
