"""Headers of every response: load nothing from other sites, store nothing, send nothing to other sites."""

from flask import Flask, Response, request

from verifier.web import status_lists
from verifier.web.site import site

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Anyone who has the address can open the certificate, so no other site may see it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_STATIC_SECONDS = 3600


def register(app: Flask) -> None:
    """Add the headers to every response of `app`."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_SECONDS
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "status_lists.show" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={status_lists.SECONDS}"
    if request.endpoint == "status_lists.show":  # verifiers on any site may read it
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Access-Control-Allow-Origin"] = "*"
    elif request.endpoint == "badges.show":  # wallets on any site may show it; it names nobody
        response.headers["Cache-Control"] = f"public, max-age={_STATIC_SECONDS}"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Access-Control-Allow-Origin"] = "*"
    elif request.path.startswith("/api/v1/certificates/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    else:
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if site().origin.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
