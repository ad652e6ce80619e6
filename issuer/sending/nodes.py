"""The nodes of one chain as one to write through: where one fails, is slow or throttled, the others are used.

It never sends a transaction to a second node by itself, and what it asks of another node is only ever a question. Each
change of node, and each wait, is said.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from web3 import Web3
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from issuer.errors import NodeUnusableError, WrongChainError
from issuer.sending.waiting import say, waiting
from issuer.sending.words import cleaned, secrets_of
from verifier.chain.node import BoundedProvider, fault
from verifier.chain.pacing import Pace, ThrottledError
from verifier.chain.values import NodeAddress

SEVERAL_SECONDS = 4.0
"""How long one of several nodes is waited for; then the next one is asked."""
_SLOW_SECONDS = 2.0
"""An answer that takes so long makes one of several nodes a slow one."""
_REST_SECONDS = 30.0
"""For how long a slow or failing node is asked after the others."""
WAIT_SECONDS = 60.0
"""How long nodes that are asked too often are waited for, where no other answers."""
SEND = RPCEndpoint("eth_sendRawTransaction")
_FINAL = "finalized"
_SLOW = "is slow"


@dataclass
class Seat:
    """One of the nodes."""

    name: str
    provider: BoundedProvider
    pace: Pace
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What may be a key in the node's address."""
    rests_until: float = 0.0
    of_the_chain: bool = False
    """Whether it was seen to be of the right chain."""


@dataclass(frozen=True)
class Reply:
    """What one node answered: a response, or what kept it from giving one."""

    node: str
    secrets: tuple[str, ...] = field(repr=False)
    response: RPCResponse | None
    trouble: str = ""
    throttled: bool = False


@dataclass
class _Failures:
    """Why no node answered one question."""

    reasons: list[str] = field(default_factory=list)
    throttled: int = 0


class SeveralNodes(JSONBaseProvider):
    """web3's provider over several nodes.

    Args:
        nodes: in the order in which they are asked.
        chain_id: the chain that each must be of.
        seconds: how long one answer may take.
        wait: how long throttled nodes are waited for.
    """

    def __init__(self, nodes: Sequence[NodeAddress], chain_id: int, seconds: float, wait: float = WAIT_SECONDS) -> None:
        super().__init__()
        each = min(seconds, SEVERAL_SECONDS) if len(nodes) > 1 else seconds
        names = [cleaned(node.name) for node in nodes]
        self._seats = [
            _seat(node, name if names.count(name) == 1 else f"{name} {number}", each)
            for number, (node, name) in enumerate(zip(nodes, names, strict=True), 1)
        ]
        self.chain_id, self._wait = chain_id, wait

    @property
    def names(self) -> list[str]:
        """Of the nodes, as people know them."""
        return [seat.name for seat in self._seats]

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """The first answer; a throttled node is waited for where no other answers.

        Raises:
            NodeUnusableError: none answers.
            WrongChainError: one is of another chain.
        """
        deadline = time.monotonic() + self._wait
        while True:
            failures = _Failures()
            for seat in self._in_order():
                response = self._asked(seat, method, params, failures)
                if response is not None:
                    return response
            pause = min(seat.pace.silent_for() for seat in self._seats)
            if not failures.throttled or time.monotonic() + pause > deadline:
                raise NodeUnusableError(
                    f"The node gave no usable answer: {'; '.join(failures.reasons)}. Try again; if this continues, "
                    "check nodes in sanad.toml."
                )
            seconds = max(math.ceil(pause), 1)
            say(f"{'; '.join(failures.reasons)}. Waiting {seconds} second{'s' if seconds > 1 else ''}.")
            with waiting(lambda: f"Still waiting: {'; '.join(self.names)} will be asked again."):
                time.sleep(max(pause, 0.05))

    def each(self, method: RPCEndpoint, params: Any, until: Callable[[Reply], bool] = lambda _: False) -> list[Reply]:
        """What the nodes answer one after the other, until one answer suffices; nothing is asked twice."""
        replies: list[Reply] = []
        for seat in self._in_order():
            try:
                replies.append(self._reply(seat, method, params))
            except WrongChainError:  # no error: another node may have what is sent already
                replies.append(Reply(seat.name, seat.secrets, None, "is of another chain"))
            if until(replies[-1]):
                break
        return replies

    def _in_order(self) -> Iterator[Seat]:
        now = time.monotonic()
        yield from sorted(self._seats, key=lambda seat: seat.rests_until > now or seat.pace.silent_for() > 0)

    def _asked(self, seat: Seat, method: RPCEndpoint, params: Any, failures: _Failures) -> RPCResponse | None:
        reply = self._reply(seat, method, params)
        if reply.response is None:
            failures.reasons.append(f"{seat.name} {reply.trouble}")
            failures.throttled += reply.throttled
            return None
        if _FINAL in (params or ()) and len(self._seats) > 1 and not _has_result(reply.response):
            failures.reasons.append(f"{seat.name} does not say which block is final")
            return None if len(failures.reasons) < len(self._seats) else reply.response
        return reply.response

    def _reply(self, seat: Seat, method: RPCEndpoint, params: Any) -> Reply:
        began = time.monotonic()
        try:
            if method != "eth_chainId" and not seat.of_the_chain:
                self._check_chain(seat, seat.provider.make_request(RPCEndpoint("eth_chainId"), []))
            response = seat.provider.make_request(method, params)
            if method == "eth_chainId" and len(self._seats) > 1:
                self._check_chain(seat, response)
        except WrongChainError:
            raise
        except Exception as error:  # web3 and requests raise their own exceptions
            throttled = isinstance(error, ThrottledError)
            self._rest(seat, str(fault(error)), throttled)
            return Reply(seat.name, seat.secrets, None, str(fault(error)), throttled)
        if time.monotonic() - began > _SLOW_SECONDS:
            self._rest(seat, f"{_SLOW} ({time.monotonic() - began:.1f} seconds an answer)", False)
        return Reply(seat.name, seat.secrets, response)

    def _check_chain(self, seat: Seat, response: RPCResponse) -> None:
        named = "The node" if len(self._seats) == 1 else f"The node {seat.name}"
        check_chain(int(str(response.get("result")), 16), self.chain_id, named)
        seat.of_the_chain = True

    def _rest(self, seat: Seat, why: str, throttled: bool) -> None:
        """Ask a node after the others for a while, and say so; one alone is asked all the same."""
        now, alone = time.monotonic(), len(self._seats) == 1
        if alone and not why.startswith(_SLOW):
            return  # an error says it
        if seat.rests_until <= now:
            say(f"{seat.name} {why}." if alone else f"{seat.name} {why}; the other nodes are used.")
        seat.rests_until = now + (max(seat.pace.silent_for(), 1.0) if throttled else _REST_SECONDS)


def check_chain(found: int, wanted: int, named: str = "The node") -> None:
    """See that a node is of the right chain.

    Raises:
        WrongChainError: it is not.
    """
    if found != wanted:
        raise WrongChainError(f"{named} is of chain {found}, not of chain {wanted}: check the network's settings.")


def nodes_of(web3: Web3) -> SeveralNodes:
    """The nodes behind a connection from issuer/sending/connecting.py."""
    assert isinstance(web3.provider, SeveralNodes)
    return web3.provider


def _seat(node: NodeAddress, name: str, seconds: float) -> Seat:
    pace = Pace()
    return Seat(name, BoundedProvider(node.url, seconds, pace), pace, secrets_of(node.url))


def _has_result(response: RPCResponse) -> bool:
    return response.get("result") is not None
