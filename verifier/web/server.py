"""A server for one's own computer and network: `sanad serve` and `sanad demo`."""

import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _QuietHandler(WSGIRequestHandler):
    """Keeps no log: addresses of certificates are not to be written down."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def listen(host: str, port: int) -> socket.socket:
    """Take a port, 0 for any free one; connections wait until somebody serves it.

    Raises:
        OSError: the port is taken, or may not be listened on.
    """
    # Bound here, because werkzeug ends the process where the port is taken.
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def serve_on(app: Flask, listener: socket.socket) -> BaseWSGIServer:
    """A threaded server on a port that `listen` took; the caller runs `serve_forever` and `server_close`."""
    host, port = listener.getsockname()[:2]
    return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())
