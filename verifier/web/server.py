"""A server for one's own computer and network: `sanad serve` and `sanad demo`."""

import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _QuietHandler(WSGIRequestHandler):
    """Keeps no log: addresses of certificates are not to be written down."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def open_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A threaded server on `host` and `port`; the caller runs `serve_forever` and `shutdown`.

    Raises:
        OSError: the port is taken, or may not be listened on.
    """
    # Bound here, because werkzeug ends the process where the port is taken.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as bound:
        return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=bound.fileno())
