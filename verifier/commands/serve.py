"""The command `sanad serve`: the verifier's pages and API."""

import contextlib
import os
from pathlib import Path

import click

from verifier.commands.opening import CONFIG, CommandError, opened_settings
from verifier.web import create_app
from verifier.web.server import listen, serve_on


@click.command()
@CONFIG
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
def serve(config: Path | None, host: str, port: int) -> None:
    """Serve the verifier's pages and API until Ctrl-C.

    This is for your own computer and network. On the internet, run verifier.web.wsgi in a WSGI server behind TLS.
    """
    settings = opened_settings(config, for_long=True)
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    app = create_app(settings.verifier(), settings.origin or here, settings.checks_per_minute, settings.proxies)
    try:
        server = serve_on(app, listen(host, port))
    except OSError as error:
        raise CommandError(f"Port {port} on {host} cannot be used: {_why(error)}. Give another with --port.") from None
    click.echo(f"The verifier is at {here} until Ctrl-C.", err=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
