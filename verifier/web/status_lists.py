"""Institutions' status lists, at the address that their certificates name; signed by the institutions themselves."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request

from verifier.web.site import site

blueprint = Blueprint("status_lists", __name__, url_prefix="/status")

_NUMBER = re.compile("[1-9][0-9]{0,8}")
SECONDS = 900
"""How long a copy of a list is good for: the TTL that issuers write into it (issuer/publishing/status_lists.py)."""


@blueprint.get("/<domain>/<number>")
def show(domain: str, number: str) -> Response:
    """A list's credential (Bitstring Status List 1.0), open to every origin; 404 where the archive has none.

    The list that was signed for this address: for the host that was asked for, else for the one in the settings.
    """
    if not _NUMBER.fullmatch(number):
        abort(404)
    hosts = (request.host.lower(), urlsplit(site().origin).netloc)
    found = (site().verifier.archive.status_list(domain, int(number), host) for host in dict.fromkeys(hosts))
    data = next((each for each in found if each is not None), None)
    if data is None:
        abort(404)
    response = Response(data, mimetype="application/vc")
    response.add_etag()
    response.make_conditional(request)
    return response
