"""A node that misbehaves: a real HTTP server before a real chain, which spoils what passes through it."""

import itertools
import json
import threading
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from verifier.core.registry import SENTINEL

Json = dict[str, Any]
Spoil = Callable[["Exchange"], None]


class Exchange:
    """One request on its way: look at it, answer it as you like, or let it pass."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Json, upstream: str, ended: threading.Event) -> None:
        self.handler, self.request, self._upstream, self._ended = handler, request, upstream, ended
        self.answered = False

    @property
    def method(self) -> str:
        return self.request["method"]

    def ask(self) -> Json:
        """What the real chain answers."""
        return self.forward(self.request)

    def forward(self, request: Json) -> Json:
        """What the real chain answers to another request."""
        body = json.dumps(request).encode()
        asked = urllib.request.Request(self._upstream, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=10) as response:
            return json.load(response)

    def send(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.answered = True
        self.handler.send_response(status)
        self.handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)
        self.handler.wfile.flush()

    def result(self, result: Any) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.request["id"], "result": result}).encode())

    def error(self, code: int, message: str, **more: Any) -> None:
        problem = {"code": code, "message": message, **more}
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.request["id"], "error": problem}).encode())

    def sleep(self, seconds: float) -> bool:
        """Whether the test still goes on after so long."""
        return not self._ended.wait(seconds)


class BadNode:
    """A misbehaving node; use as a context. `seen` counts the requests by method."""

    def __init__(self, upstream: str, spoil: Spoil | None = None) -> None:
        self.spoil = spoil
        self.seen: list[str] = []
        self._ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                exchange = Exchange(self, request, upstream, outer._ended)
                outer.seen.append(exchange.method)
                if outer.spoil is not None:
                    outer.spoil(exchange)
                if not exchange.answered:
                    exchange.send(json.dumps(exchange.ask()).encode())

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "BadNode":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def html(exchange: Exchange) -> None:
    exchange.send(b"<!doctype html><title>502 Bad Gateway</title>", **{"Content-Type": "text/html"})


def empty(exchange: Exchange) -> None:
    exchange.send(b"")


def gateway_error(exchange: Exchange) -> None:
    exchange.send(b"bad gateway", 502)


def throttled_http(exchange: Exchange) -> None:
    exchange.send(b"slow down", 429)


def throttled_rpc(exchange: Exchange) -> None:
    exchange.error(-32005, "limit exceeded")


def throttled_by_provider(exchange: Exchange) -> None:
    exchange.error(-32029, "slow down")


def throttled_as_http(exchange: Exchange) -> None:
    exchange.error(429, "slow down")


def throttled_in_words(exchange: Exchange) -> None:
    exchange.error(-32603, "Too Many Requests, please wait")


def throttled_in_a_bare_word(exchange: Exchange) -> None:
    exchange.send(b'{"error": "rate limit exceeded"}')


def throttled_without_an_error(exchange: Exchange) -> None:
    exchange.send(b'{"code": 429, "message": "slow down"}')


def redirected(exchange: Exchange) -> None:
    exchange.send(b"", 307, Location="http://127.0.0.1:9/")


def json_list(exchange: Exchange) -> None:
    exchange.send(b"[1,2,3]")


def json_null(exchange: Exchange) -> None:
    exchange.send(b"null")


def json_text(exchange: Exchange) -> None:
    exchange.send(b'"hello"')


def deep(exchange: Exchange) -> None:
    exchange.send(b'{"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def not_utf8(exchange: Exchange) -> None:
    exchange.send(b'{"result":"\xff\xfe"}')


def huge(exchange: Exchange) -> None:
    exchange.send(b'{"result":"' + b"0" * 3_000_000 + b'"}')


def huge_number(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc":"2.0","id":0,"result":' + b"9" * 10_000 + b"}")


def error_is_a_list(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc":"2.0","id":0,"error":[1]}')


def error_without_text(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc":"2.0","id":0,"error":{"code":"x","message":null,"data":7}}')


def result_null(exchange: Exchange) -> None:
    exchange.result(None)


def result_number(exchange: Exchange) -> None:
    exchange.result(-5)


def result_object(exchange: Exchange) -> None:
    exchange.result({"number": [], "timestamp": "soon"})


def result_garbage(exchange: Exchange) -> None:
    exchange.result("0xzz")


def result_odd(exchange: Exchange) -> None:
    exchange.result("0x" + "ab" * 77)


def reverted(exchange: Exchange) -> None:
    exchange.error(3, "execution reverted", data="0x08c379a0deadbeef")


def internal(exchange: Exchange) -> None:
    exchange.error(-32603, "internal error https://secret:key@node.example/v3/key")


def no_header(exchange: Exchange) -> None:
    exchange.error(-32000, "header not found")


def hang(exchange: Exchange) -> None:
    exchange.sleep(20)


def hang_in_the_body(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc":"2.0",', length=1000)
    exchange.sleep(20)


def drip(exchange: Exchange) -> None:
    exchange.send(b'{"jsonrpc":"2.0",', length=100_000)
    while exchange.sleep(0.05):
        exchange.handler.wfile.write(b" ")
        exchange.handler.wfile.flush()


def hang_up(exchange: Exchange) -> None:
    exchange.answered = True
    exchange.handler.connection.close()
    exchange.handler.close_connection = True


def no_finalized(exchange: Exchange) -> None:
    """As a node from before finality: it knows no such tag."""
    if "finalized" in exchange.request["params"]:
        exchange.error(-32602, "invalid argument 0: hex string without 0x prefix")


def null_finalized(exchange: Exchange) -> None:
    if "finalized" in exchange.request["params"]:
        exchange.result(None)


def stale(exchange: Exchange, seconds: int = 450) -> None:
    """Every block as it was so long ago."""
    if exchange.method == "eth_getBlockByNumber":
        block = exchange.ask()["result"]
        block["timestamp"] = hex(int(block["timestamp"], 16) - seconds)
        exchange.result(block)


def other_chain(exchange: Exchange) -> None:
    if exchange.method == "eth_chainId":
        exchange.result("0x38")


def pruned(exchange: Exchange) -> None:
    """The contract runs, and its storage that is gone reads as zero."""
    if exchange.method == "eth_call":
        answer = exchange.ask()["result"]
        one_word = len(answer) == 2 + 64
        exchange.result("0x" + "00" * 32 if one_word else answer.replace(SENTINEL.hex(), "00" * 32))


def pruned_at_last(exchange: Exchange) -> None:
    """Of many answers, the last comes out of storage that is gone."""
    if exchange.method == "eth_call":
        before, sentinel, after = exchange.ask()["result"].rpartition(SENTINEL.hex())
        exchange.result(before + "00" * len(sentinel[::2]) + after)


def zeroes(exchange: Exchange) -> None:
    if exchange.method == "eth_call":
        exchange.result("0x" + "00" * 900)


def no_contract(exchange: Exchange) -> None:
    if exchange.method == "eth_call":
        exchange.result("0x")


def forged(exchange: Exchange) -> None:
    """`verify` with a revocation that nobody wrote: `reason` and `revokedAt`, words 20 and 21 from the offset."""
    if exchange.method == "eth_call":
        words = exchange.ask()["result"][2:]
        reason, revoked_at = 64 * 20, 64 * 21
        exchange.result(f"0x{words[:reason]}{3:064x}{5:064x}{words[revoked_at + 64 :]}")


def earlier_block(exchange: Exchange) -> None:
    """Answers of the block before the one asked about."""
    if exchange.method == "eth_call":
        call, number = exchange.request["params"]
        exchange.request["params"] = [call, hex(int(number, 16) - 1)]


def never_final(exchange: Exchange) -> None:
    """A node that has seen no attestation calls only the first block final."""
    if exchange.method == "eth_getBlockByNumber" and exchange.request["params"][0] == "finalized":
        exchange.request["params"][0] = "earliest"


def slow(exchange: Exchange) -> None:
    """Late, but within what is waited."""
    exchange.sleep(0.12)


def stale_by_a_thousand_blocks(exchange: Exchange) -> None:
    """A node that stopped following the chain a thousand blocks ago."""
    if exchange.method == "eth_getBlockByNumber":
        asked, whole = exchange.request["params"]
        if asked == "latest":
            exchange.request["params"] = [hex(_head(exchange) - 1000), whole]
        elif asked == "finalized":
            exchange.request["params"] = [hex(_head(exchange) - 1003), whole]
    elif exchange.method == "eth_call" and int(exchange.request["params"][1], 16) > _head(exchange) - 1000:
        no_header(exchange)


def finality_of_an_hour_ago(exchange: Exchange) -> None:
    """The chain goes on, and no block has been called final for long."""
    if exchange.method == "eth_getBlockByNumber" and exchange.request["params"][0] == "finalized":
        exchange.request["params"][0] = hex(max(_head(exchange) - 900, 0))


class Flapping:
    """Out of order at every other request."""

    __name__ = "flapping"

    def __init__(self) -> None:
        self._requests = itertools.count()

    def __call__(self, exchange: Exchange) -> None:
        if next(self._requests) % 2:
            gateway_error(exchange)


class GoingBackInFinality:
    """Calls the newest block final once, and one of far before ever after."""

    __name__ = "going_back_in_finality"

    def __init__(self) -> None:
        self._told = False

    def __call__(self, exchange: Exchange) -> None:
        if exchange.method == "eth_getBlockByNumber" and exchange.request["params"][0] == "finalized":
            if self._told:
                exchange.request["params"][0] = hex(_head(exchange) - 200)
            self._told = True


def _head(exchange: Exchange) -> int:
    asked = {**exchange.request, "method": "eth_blockNumber", "params": []}
    return int(exchange.forward(asked)["result"], 16)
