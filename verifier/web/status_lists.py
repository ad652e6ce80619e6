"""Institutions' status lists, at the addresses that their certificates name; the institutions sign them."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request

from verifier.web.site import site

blueprint = Blueprint("status_lists", __name__, url_prefix="/status")

_IDENTIFIER = re.compile("[0-9a-f]{32}")
SECONDS = 900
"""How long a copy of a list may be used: the TTL that issuer/publishing/status_credential.py writes into it."""


@blueprint.get("/<domain>/<identifier>")
def show(domain: str, identifier: str) -> Response:
    """A list's credential (Bitstring Status List 1.0), open to every origin; 404 if the archive has none.

    It is the list signed for this address: for the requested host, else for the host in the settings.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        abort(404)
    hosts = (request.host.lower(), urlsplit(site().origin).netloc)
    found = (site().verifier.archive.status_list(domain, identifier, host) for host in dict.fromkeys(hosts))
    data = next((each for each in found if each is not None), None)
    if data is None:
        abort(404)
    response = Response(data, mimetype="application/vc")
    response.add_etag()
    response.make_conditional(request)
    return response
