"""The application for a WSGI server: `gunicorn "verifier.web.wsgi:application()"`.

The settings are those of every command: ./sanad.toml, or the file that $SANAD_CONFIG names.
"""

from pathlib import Path

from flask import Flask

from verifier.errors import SettingsError
from verifier.settings import load_settings
from verifier.web import create_app


def application(config: Path | None = None) -> Flask:
    """The verifier's pages as the settings say.

    Raises:
        SettingsError: there are no settings, they cannot be used, or they name no origin.
    """
    settings = load_settings(config)
    if settings.origin is None:
        raise SettingsError(f'{settings.path}: [verifier] needs an origin, such as "https://verify.example.org".')
    return create_app(settings.verifier(), settings.origin, settings.checks_per_minute, settings.proxies)
