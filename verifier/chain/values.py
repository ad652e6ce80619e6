"""Whom to ask, how patiently, and about what."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PUBLIC_REQUESTS_PER_MINUTE = 1_500
"""Requests to a public node. With a first burst that is 9,000 in five minutes; BNB Smart Chain's nodes allow 10,000."""
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, repr=False)
class NodeAddress:
    """Where a node is, and who runs it."""

    url: str
    operator: str | None = None
    requests_per_minute: int | None = None
    """The most requests to send it; None: the limit for public nodes, or no limit if it is on this machine."""

    @property
    def name(self) -> str:
        """Its operator or its host, for messages. Never the whole address, which may contain a key."""
        return self.operator or urlsplit(self.url).netloc.rpartition("@")[2] or "A node"

    @property
    def budget(self) -> int | None:
        """The most requests to send it in a minute; None: no limit."""
        if self.requests_per_minute is not None:
            return self.requests_per_minute
        return None if urlsplit(self.url).hostname in _THIS_MACHINE else PUBLIC_REQUESTS_PER_MINUTE

    @property
    def own(self) -> bool:
        """Whether it is on this machine, and the settings name no other operator."""
        return urlsplit(self.url).hostname in _THIS_MACHINE and self.operator in (None, "this machine")

    def __repr__(self) -> str:
        return f"NodeAddress({self.name!r})"


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how old an answer may be; all in seconds, except the last."""

    request: float = 4.0
    """For one answer of one node."""
    question: float = 10.0
    """For one question to all nodes, in total."""
    grace: float = 0.3
    """For the newest blocks of slower nodes, once enough nodes have answered."""
    reuse: float = 1.0
    """How long to use one agreed block before agreeing on a newer one."""
    max_age: int = 120
    """How far the agreed block may be behind this machine's clock."""
    max_ahead: int = 900
    """How far it may be ahead of this machine's clock."""
    final_blocks: int = 240
    """After how many blocks a record is final if the chain's own finality has stalled; in blocks."""


@dataclass(frozen=True)
class Query:
    """One certificate for `verify_many`: the arguments of `verify` after the domain."""

    index: int
    commitment: bytes
    sheet: bytes
    path: Sequence[bytes]
