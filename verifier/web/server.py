"""A server for your own computer and network: `sanad serve` and `sanad demo`."""

import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _QuietHandler(WSGIRequestHandler):
    """Keeps no log: addresses of certificates must not be written to disk."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def listen(host: str, port: int) -> socket.socket:
    """Take a port, 0 for any free one; connections wait until it is served.

    Raises:
        OSError: the port is taken, or this process may not listen on it.
    """
    # Bound here, because werkzeug ends the process if the port is taken.
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def serve_on(app: Flask, listener: socket.socket) -> BaseWSGIServer:
    """A threaded server on a port that `listen` took; the caller runs `serve_forever` and `server_close`."""
    host, port = listener.getsockname()[:2]
    return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())
