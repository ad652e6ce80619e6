"""Sourcify and Etherscan as real HTTP servers on this machine, answering in their words, failures included."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]
"""An HTTP status and what becomes JSON; bytes go as they are."""


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """One server: `answer` says what it does."""

    answer: Callable[[Request], Answer]
    url: str = ""
    asked: list[Request] = field(default_factory=list)


@contextmanager
def service(answer: Callable[[Request], Answer]) -> Iterator[Service]:
    """A server on a free port of this machine."""
    made = Service(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._do(b"")

        def do_POST(self) -> None:
            self._do(self.rfile.read(int(self.headers["Content-Length"])))

        def _do(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            request = Request(self.command, parts.path, query, body)
            made.asked.append(request)
            status, data = made.answer(request)
            sent = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Sourcify:
    """As Sourcify's API v2 answers: a job is taken (202), is at work for `pending` questions, and ends."""

    match: str | None = "exact_match"
    known: str | None = None
    pending: int = 1
    refuse: Answer | None = None
    error: dict[str, str] | None = None
    throttled: int = 0

    def __call__(self, request: Request) -> Answer:
        if self.throttled:
            self.throttled -= 1
            return 429, {"message": "Too many requests"}
        if request.path.startswith("/v2/contract/"):
            return (200 if self.known else 404), self._contract(self.known)
        if request.method == "POST":
            return self.refuse or (202, {"verificationId": "0f6bb8a4"})
        if not request.path.endswith("/v2/verify/0f6bb8a4"):
            return 404, _error("job_not_found", "No job with this id.")
        if self.pending:
            self.pending -= 1
            return 200, {"isJobCompleted": False, "verificationId": "0f6bb8a4", "contract": self._contract(None)}
        done: dict[str, Any] = {"isJobCompleted": True, "verificationId": "0f6bb8a4"}
        if self.error:
            return 200, {**done, "error": self.error, "contract": self._contract(None)}
        return 200, {**done, "contract": self._contract(self.match)}

    def _contract(self, match: str | None) -> dict[str, Any]:
        return {"match": match, "creationMatch": match, "runtimeMatch": match, "chainId": "97", "address": "0x"}


def _error(code: str, message: str) -> dict[str, str]:
    return {"customCode": code, "message": message, "errorId": "4c9a"}


@dataclass
class Etherscan:
    """As Etherscan's API v2 answers: HTTP 200 throughout, "status" and "result" tell."""

    results: list[str] = field(default_factory=lambda: ["Pending in queue", "Pass - Verified"])
    unseen: int = 0
    throttled: int = 0
    refuse: str | None = None

    def __call__(self, request: Request) -> Answer:
        fields = request.form if request.method == "POST" else request.query
        if fields.get("apikey") != "KEY-4711":
            return _no("Invalid API Key (#err2)|" + fields.get("apikey", ""))
        if self.throttled:
            self.throttled -= 1
            return _no("Max calls per sec rate limit reached (3/sec)")
        if fields["action"] == "verifysourcecode":
            return self._submitted()
        assert fields["guid"] == "x3ryqcqr1zdknhfhkimqmizlcqpxncqc"
        result = self.results.pop(0)
        return (200, {"status": "1", "message": "OK", "result": result}) if result.startswith("Pass") else _no(result)

    def _submitted(self) -> Answer:
        if self.unseen:
            self.unseen -= 1
            return _no("Unable to locate ContractCode at 0x1234")
        if self.refuse:
            return _no(self.refuse)
        return 200, {"status": "1", "message": "OK", "result": "x3ryqcqr1zdknhfhkimqmizlcqpxncqc"}


def _no(result: str) -> Answer:
    return 200, {"status": "0", "message": "NOTOK", "result": result}
