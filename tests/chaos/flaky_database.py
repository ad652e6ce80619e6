"""A door to PostgreSQL that can be shut: connections are cut and refused until it opens again."""

import contextlib
import socket
import threading
from types import TracebackType


class Door:
    """Listens on loopback and hands everything on to a server's socket; use as a context."""

    def __init__(self, upstream: str) -> None:
        self._upstream, self._shut, self._over = upstream, False, False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def shut(self) -> None:
        self._shut = True
        for pair in self._pairs:
            _end(*pair)
        self._pairs = []

    def open(self) -> None:
        self._shut = False

    def __enter__(self) -> "Door":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self.shut()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over:
            here, _ = self._listener.accept()
            if self._shut:
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._upstream)
            self._pairs.append((here, there))
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    _end(source, target)


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
