"""The verifier's pages and HTTP API: a Flask application without state, secrets or cookies."""

from flask import Flask
from markupsafe import Markup

from verifier.answers.visible_text import visible
from verifier.core.verifier import Verifier
from verifier.web import api, badges, certificates, errors, headers, home, language, rate, status_lists
from verifier.web.site import Site
from verifier.web.uploads import REQUEST_BYTES, InMemoryRequest


def _finalized(value: object) -> object:
    """Whatever a template shows that is not its own: without control and direction characters."""
    return visible(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value


def create_app(verifier: Verifier, origin: str, checks_per_minute: int = 0, proxies: int = 0) -> Flask:
    """The application around one verifier; may be served by several threads.

    Args:
        verifier: judges; its registries and its archive are its own matter.
        origin: where the pages are served (`https://verify.example.org`), for the links shown on them.
        checks_per_minute: how often one address may have something checked; 0 sets no limit (`verifier.web.rate`).
        proxies: how many reverse proxies stand in front, to know addresses by.
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
