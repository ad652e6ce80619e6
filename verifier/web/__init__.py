"""The verifier's pages and HTTP API: a Flask application without state, secrets or cookies."""

from flask import Flask
from markupsafe import Markup

from verifier.answers.visible_text import visible
from verifier.core.verifier import Verifier
from verifier.web import api, badges, certificates, errors, headers, home, language, rate, status_lists
from verifier.web.site import Site
from verifier.web.uploads import REQUEST_BYTES, InMemoryRequest


def _finalized(value: object) -> object:
    """A value that a template shows, without control and direction characters; markup stays as it is."""
    return visible(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value


def create_app(verifier: Verifier, origin: str, checks_per_minute: int = 0, proxies: int = 0) -> Flask:
    """The application for one verifier; safe to serve from several threads.

    Args:
        verifier: judges the certificates; it comes with its registries and archive.
        origin: where the pages are served (`https://verify.example.org`), for the links shown on them.
        checks_per_minute: how many checks one address may request; 0 sets no limit (`verifier.web.rate`).
        proxies: the number of reverse proxies in front, needed to find a client's address.
    """
    app = errors.QuietFlask(__name__)
    app.request_class = InMemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_BYTES
    app.config["MAX_FORM_PARTS"] = 10
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = _finalized
    app.extensions["sanad"] = Site(verifier, origin.rstrip("/"))
    for blueprint in (home.blueprint, certificates.blueprint, badges.blueprint, status_lists.blueprint, api.blueprint):
        app.register_blueprint(blueprint)
    for module in (language, headers, errors):
        module.register(app)
    rate.register(app, checks_per_minute, proxies)
    return app
