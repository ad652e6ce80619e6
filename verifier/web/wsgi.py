"""The application for a WSGI server: `gunicorn "verifier.web.wsgi:application()"`.

It uses the same settings as every command: ./sanad.toml, or the file named by $SANAD_CONFIG.
"""

import sys
from pathlib import Path

from flask import Flask

from verifier.errors import SettingsError
from verifier.settings import load_settings
from verifier.starting import started
from verifier.web import create_app


def application(config: Path | None = None) -> Flask:
    """The verifier's pages, according to the settings.

    Raises:
        SettingsError: there are no settings, they cannot be used, they name no origin, or a node is on another chain.
    """
    settings = started(load_settings(config), lambda text: print(text, file=sys.stderr))
    if settings.origin is None:
        raise SettingsError(f'{settings.path}: [verifier] needs an origin, such as "https://verify.example.org".')
    return create_app(settings.verifier(), settings.origin, settings.checks_per_minute, settings.proxies)
