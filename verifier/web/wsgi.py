"""The application for a WSGI server: `gunicorn "verifier.web.wsgi:application()"`.

The settings are those of every command: ./sanad.toml, or the file that $SANAD_CONFIG names.
"""

import sys
from pathlib import Path

from flask import Flask

from verifier.errors import SettingsError
from verifier.settings import load_settings
from verifier.starting import started
from verifier.web import create_app


def application(config: Path | None = None) -> Flask:
    """The verifier's pages as the settings say.

    Raises:
        SettingsError: there are no settings, they cannot be used, they name no origin, or a node is of another chain.
    """
    settings = started(load_settings(config), lambda text: print(text, file=sys.stderr))
    if settings.origin is None:
        raise SettingsError(f'{settings.path}: [verifier] needs an origin, such as "https://verify.example.org".')
    return create_app(settings.verifier(), settings.origin, settings.checks_per_minute, settings.proxies)
