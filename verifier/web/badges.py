"""Badges: the picture of a course, public; and with a certificate inside, for those who have its link."""

import re

from flask import Blueprint, Response, abort

from verifier.badges import KINDS, baked, course_badge
from verifier.core.canonical import canonical
from verifier.core.codes import short_code
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import BakingError
from verifier.web.certificates import hash_of
from verifier.web.site import site

blueprint = Blueprint("badges", __name__)

_COURSE = re.compile("[0-9a-f-]{36}")


@blueprint.get("/badges/<domain>/<course>.png")
def show(domain: str, course: str) -> Response:
    """The badge of a course, which credentials name as their achievement's image; it contains no personal data."""
    data = site().verifier.archive.badge(domain, course) if _COURSE.fullmatch(course) else None
    if data is None:
        abort(404)
    return Response(data, mimetype="image/png")


@blueprint.get("/c/<code>/credential.json")
def credential(code: str) -> Response:
    """The credential alone, in the form that wallets import; 404 if the archive does not have it."""
    envelope = _envelope(code)
    name = f"credential-{short_code(envelope.hash)}.json"
    return _download(canonical(dict(envelope.credential)), "application/vc", name)


@blueprint.get("/c/<code>/badge.<kind>")
def certificate(code: str, kind: str) -> Response:
    """The course's badge with the credential inside, PNG or SVG; 404 if the archive does not have both."""
    envelope = _envelope(code)
    picture = course_badge(site().verifier.archive, envelope.credential)
    if picture is None or kind not in KINDS:
        abort(404)
    try:
        data = baked(picture, envelope.credential, kind)
    except BakingError:
        abort(404)
    return _download(data, KINDS[kind], f"badge-{short_code(envelope.hash)}.{kind}")


def _envelope(code: str) -> Envelope:
    hash_ = hash_of(code)
    data = site().verifier.envelope(hash_) if hash_ else None
    if data is None:
        abort(404)
    return parse_envelope(data)


def _download(data: bytes, mimetype: str, name: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
