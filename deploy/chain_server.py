"""The embedded chain behind HTTP, so that other commands, a browser and other programs read the same chain."""

import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from deploy.chain_methods import BODY_LIMIT, ChainMethods
from deploy.chain_store import ChainStore
from deploy.embedded_chain import CHAIN_ID, EmbeddedChain
from deploy.errors import PortBusyError

DEFAULT_PORT = 8545
_IDLE_SECONDS = 30


class ChainServer:
    """A running embedded chain and its HTTP server; use as a context, or call `close`.

    Args:
        funded: addresses that own coins from the first block on.
        host: the address to listen on; only this machine reaches the default one.
        port: 0 takes any free one.
        kept: the file that the chain is kept in; without one it is gone with the process.

    Raises:
        PortBusyError: the address is taken.
        ChainStoreError: the file cannot be used, or another chain runs on it.
    """

    def __init__(
        self,
        funded: Iterable[str],
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        chain_id: int = CHAIN_ID,
        kept: Path | None = None,
    ) -> None:
        try:
            self._server = _Server((host, port), _Door)
        except OSError as error:
            raise PortBusyError(
                f"The chain cannot listen on {host}:{port} ({error.strerror}): "
                "stop what listens there, or choose another port with --chain-port."
            ) from None
        try:
            self.chain = _chain(funded, chain_id, kept)
        except BaseException:
            self._server.server_close()
            raise
        self._server.methods = ChainMethods(self.chain)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where this machine reaches the chain."""
        host, port = self._server.server_address[:2]
        return f"http://{'127.0.0.1' if host == '0.0.0.0' else str(host)}:{port}"

    def close(self) -> None:
        """Stop listening, end every open connection, and wait for all threads."""
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()
        self.chain.close()

    def __enter__(self) -> "ChainServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _chain(funded: Iterable[str], chain_id: int, kept: Path | None) -> EmbeddedChain:
    if kept is None:
        return EmbeddedChain(funded, chain_id)
    store = ChainStore(kept)
    try:
        return EmbeddedChain(funded, chain_id, store=store)
    except BaseException:
        store.close()
        raise


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    methods: ChainMethods

    def __init__(self, *arguments: Any) -> None:
        self._open: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()
        super().__init__(*arguments)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                del self._open[threading.current_thread()]

    def close_connections(self) -> None:
        with self._guard:
            connections = dict(self._open)
        for thread, connection in connections.items():
            with suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that hangs up needs no report."""


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet
    server: _Server

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= BODY_LIMIT:
            self.close_connection = True
            self._respond(413, b"A request has a Content-Length of at most 2 MB.\n", "text/plain")
            return
        self._respond(200, self.server.methods.answer(self.rfile.read(length)), "application/json")

    def do_GET(self) -> None:
        self._respond(200, b"Sanad's embedded chain. POST JSON-RPC here.\n", "text/plain")

    def do_OPTIONS(self) -> None:
        self._respond(204, b"", None)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: a request needs no report."""

    def _respond(self, status: int, body: bytes, kind: str | None) -> None:
        self.send_response(status)
        # The visitor's own browser asks the chain from the verifier's page, which is another origin.
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Methods", "POST, GET, OPTIONS")
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("Access-Control-Allow-Private-Network", "true")
        if kind is not None:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
