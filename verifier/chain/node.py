"""One node of a chain, asked within limits; every fault of it becomes one plain sentence.

This module imports web3, which is slow to load, so import it late.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import requests
import urllib3
from web3 import HTTPProvider, Web3
from web3.exceptions import BlockNotFound, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import RPCEndpoint, RPCResponse

from verifier.chain.pacing import BudgetSpentError, Pace, ThrottledError
from verifier.core.canonical import parse
from verifier.core.sentence import Sentence
from verifier.errors import NodeError, UnfinalError

Answer = TypeVar("Answer")

RESPONSE_BYTES = 1_000_000
"""Largest answer that is read. The largest that is needed is a block of hashes, about 50 KB."""
_CHUNK = 65_536
_TOO_MANY = 429
_THROTTLED = frozenset({"-32005", "-32029", str(_TOO_MANY)})
_REVERTED = "3"
_THROTTLING = re.compile(
    r"rate.?limit|too many requests|too many connections|requests? (?:limit|per second)|quota|compute units",
    re.IGNORECASE,
)
"""How HTTP and JSON-RPC say "too often": by a code, or in words. A contract that reverts may say anything."""
_LARGEST_NUMBER = 2**63
_ABSENT = re.compile("header not found|unknown block|missing trie node|block not found|not available", re.IGNORECASE)


@dataclass(frozen=True)
class Heads:
    """What a node says about its newest block and its newest final block. Times are Unix seconds."""

    number: int
    time: int
    finalized_number: int
    finalized_time: int


class Node:
    """One node. Every method raises NodeError and nothing else.

    Args:
        name: its operator or host, for messages; its address may contain a key and is never shown.
        url: its JSON-RPC address.
        chain_id: the chain that it must be on.
        seconds: how long one answer may take.
        pace: how often it may be asked.
    """

    def __init__(self, name: str, url: str, chain_id: int, seconds: float, pace: Pace | None = None) -> None:
        self.name = name
        self._chain_id = chain_id
        self._provider = BoundedProvider(url, seconds, pace)
        self._web3 = Web3(self._provider)
        self._web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)

    def __repr__(self) -> str:
        return f"Node({self.name!r})"

    def heads(self) -> Heads:
        """The newest block, and the time of the newest final one."""
        return cast(Heads, self._guarded(self._heads))

    def block_time(self, number: int) -> int:
        """The time of the block of that number."""
        return cast(int, self._guarded(lambda: _whole(self._block(number)["timestamp"])))

    def call(self, address: str, data: str, number: int, read: Callable[[bytes], Answer]) -> Answer:
        """What the contract at `address` returns in the block of that number, decoded by `read`."""
        return cast(Answer, self._guarded(lambda: read(self._call(address, data, number))))

    def problem(self, what: str, **facts: object) -> NodeError:
        """An error about this node; `what` is the end of a sentence, with `{named}` places for the facts."""
        return self._problem(Sentence(what, facts))

    def _problem(self, what: Sentence) -> NodeError:
        return NodeError("{node} {what}.", node=self.name, what=what)

    def _guarded(self, question: Any) -> Any:
        try:
            self._check_chain()
            return question()
        except NodeError:
            raise
        except Exception as error:  # a hostile node can make web3 raise anything
            raise self._problem(fault(error)) from None

    def _check_chain(self) -> None:
        found = self._web3.eth.chain_id
        if found != self._chain_id:
            self._provider.forget_chain()
            raise self.problem(
                "is a node of chain {found}, not of chain {wanted}", found=_whole(found), wanted=self._chain_id
            )

    def _heads(self) -> Heads:
        latest, finalized = self._block("latest"), self._finalized()
        return Heads(*(_whole(block[name]) for block in (latest, finalized) for name in ("number", "timestamp")))

    def _finalized(self) -> Any:
        try:
            return self._block("finalized")
        except (BlockNotFound, Web3RPCError):  # it answers, and knows no such tag
            what = Sentence(
                "does not say which block is final (the tag finalized); another node has to be named in the settings"
            )
            raise UnfinalError("{node} {what}.", node=self.name, what=what) from None

    def _block(self, which: Any) -> Any:
        block = self._web3.eth.get_block(which)
        if isinstance(which, int) and block["number"] != which:
            raise ValueError("another block")
        return block

    def _call(self, address: str, data: str, number: int) -> bytes:
        to = Web3.to_checksum_address(address)
        answer = bytes(self._web3.eth.call({"to": to, "data": cast(Any, data)}, number))
        if not answer:
            raise self.problem("finds no registry at {address}", address=to)
        return answer


class BoundedProvider(HTTPProvider):
    """web3's provider with limits on size and time. It never repeats a request by itself, and it parses JSON as all of
    Sanad does.

    That last point is needed: web3 raises Python's recursion limit so far that json.loads of hostile nesting kills the
    process.

    Args:
        url: the node's JSON-RPC address.
        seconds: how long one answer may take.
        pace: how often it may be asked; None: without limit.
    """

    def __init__(self, url: str, seconds: float, pace: Pace | None = None) -> None:
        self._seconds = seconds
        self._pace = pace or Pace()
        self._session = requests.Session()
        self._chain: RPCResponse | None = None
        super().__init__(url, session=self._session, exception_retry_configuration=None)

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """A node's response. The chain id is asked once; web3 would ask with every call."""
        if method != "eth_chainId":
            return self._asked(method, params)
        response = self._chain or self._asked(method, params)
        self._chain = response if "result" in response else None
        return response

    def forget_chain(self) -> None:
        """Ask for the chain id again next time."""
        self._chain = None

    def _asked(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        response = super().make_request(method, params)
        if _too_often(response):
            self._pace.throttled()
            raise ThrottledError
        self._pace.answered()
        return response

    def _make_request(self, method: RPCEndpoint, request_data: bytes) -> bytes:  # noqa: ARG002
        self._pace.take(self._seconds)
        deadline = time.monotonic() + self._seconds
        headers = {**self.get_request_headers(), "Accept-Encoding": "identity"}
        with self._session.post(
            str(self.endpoint_uri),
            data=request_data,
            headers=headers,
            timeout=self._seconds,
            stream=True,
            allow_redirects=False,
        ) as response:
            if response.status_code == _TOO_MANY:
                self._pace.throttled(_retry_after(response.headers.get("Retry-After", "")))
                raise ThrottledError
            if response.status_code != 200:
                raise requests.HTTPError(response=response)
            return _read(response.raw, deadline)

    @staticmethod
    def decode_rpc_response(raw_response: bytes) -> RPCResponse:
        """The response as an object; anything else is refused before web3 sees it."""
        response = parse(raw_response, RESPONSE_BYTES)
        if not isinstance(response, dict):
            raise ValueError("not an object")
        return cast(RPCResponse, response)


def _read(raw: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body, read piece by piece. A time limit on each piece alone would let a slow server continue without end."""
    body = bytearray()
    while piece := raw.read1(_CHUNK):
        body += piece
        if len(body) > RESPONSE_BYTES:
            raise _TooLargeError
        if time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(body)


class _TooLargeError(ValueError):
    """An answer beyond RESPONSE_BYTES."""


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST_NUMBER:
        raise ValueError("not a whole number")
    return value


def fault(error: Exception) -> Sentence:
    """What is wrong with a node that made web3 raise this; the end of a sentence."""
    if isinstance(error, ThrottledError):
        return Sentence("is asked too often at the moment")
    if isinstance(error, BudgetSpentError):
        return Sentence("was asked as often as it may be; wait a minute")
    if isinstance(error, requests.Timeout | TimeoutError | urllib3.exceptions.TimeoutError):
        return Sentence("did not answer in time")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return Sentence("answered with HTTP error {code}", {"code": error.response.status_code})
    if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError | OSError):
        return Sentence("cannot be reached")
    if isinstance(error, BlockNotFound):
        return Sentence("does not have the block that was asked for")
    if isinstance(error, Web3RPCError):
        return _refusal(error)
    if isinstance(error, _TooLargeError):
        return Sentence("answered with more data than any answer needs")
    return Sentence("answered something that cannot be understood")


def _refusal(error: Web3RPCError) -> Sentence:
    problem = error.rpc_response.get("error") if isinstance(error.rpc_response, dict) else None
    message = problem.get("message") if isinstance(problem, dict) else None
    if isinstance(message, str) and _ABSENT.search(message):
        return Sentence("does not have the block that was asked for")
    return Sentence("refused the question")


def _too_often(response: Any) -> bool:
    """Whether a JSON-RPC response says that the node is asked too often, as HTTP's 429 does."""
    if not isinstance(response, dict) or "result" in response:
        return False
    problem = response.get("error", response)
    if not isinstance(problem, dict):
        return isinstance(problem, str) and _THROTTLING.search(problem) is not None
    code, message = str(problem.get("code")), problem.get("message")
    if code in _THROTTLED:
        return True
    if code == _REVERTED or not isinstance(message, str) or "revert" in message.lower():
        return False
    return _THROTTLING.search(message) is not None


def _retry_after(text: str) -> float:
    """The seconds in a Retry-After header; 0 if it contains none (it may contain a date)."""
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0.0
