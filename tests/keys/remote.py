"""A signer elsewhere, answering JSON-RPC as Web3Signer or Clef do; and dishonest ones."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from hexbytes import HexBytes

Twist = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def remote_signer(account: LocalAccount, clef: bool = False, twist: Twist = lambda fields: fields) -> Iterator[str]:
    """The URL of a signer that holds `account`; `twist` changes what it signs."""
    prefix = "account_" if clef else "eth_"

    def answer(method: str, parameters: list[Any]) -> Any:
        if method == prefix + "signTransaction":
            raw = account.sign_transaction(twist(_fields(parameters[0]))).raw_transaction.to_0x_hex()
            return {"raw": raw, "tx": {}} if clef else raw
        if method == prefix + "signTypedData":
            return account.sign_typed_data(full_message=parameters[1]).signature.to_0x_hex()
        return None

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            result = answer(asked["method"], asked["params"])
            body: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
            body |= {"result": result} if result is not None else {"error": {"code": -32601, "message": "no method"}}
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _fields(sent: dict[str, Any]) -> dict[str, Any]:
    numbers = ("nonce", "gas", "maxFeePerGas", "maxPriorityFeePerGas", "chainId", "value", "type")
    fields = {name: int(sent[name], 16) for name in numbers if name in sent}
    return {**fields, "to": sent.get("to", ""), "data": HexBytes(sent["data"])}


def somebody() -> LocalAccount:
    account: LocalAccount = Account.create()
    return account
