"""What the records hold, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from issuer.credential.identity import DraftIdentity
from issuer.roster import Row


class BatchState(StrEnum):
    """The state of a batch (drafted → built → anchoring → final → delivered)."""

    DRAFTED = "drafted"
    BUILT = "built"
    ANCHORING = "anchoring"
    FINAL = "final"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    """Cancelled before anything was signed; its certificates are gone, its row stays."""


class AttemptState(StrEnum):
    """The state of one signed transaction."""

    SIGNED = "signed"
    """Stored; not known to have left this machine."""
    SENT = "sent"
    """A node has it, or may have it."""
    MINED = "mined"
    """A block has it. Blocks may still be reorganised."""
    DROPPED = "dropped"
    """It can no longer be mined, or no node ever took it."""


class DeliveryState(StrEnum):
    """What is known of a message to one recipient."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Handed over, but the server's answer was never noted: a person decides, the program does not guess."""
    WITHHELD = "withheld"
    """Not to be sent: the certificate is no longer valid."""


@dataclass(frozen=True)
class Batch:
    """One batch as the records have it."""

    id: str
    domain: str
    course: str
    """The course's title."""
    origin: str
    """The verifier's address in links and QR codes."""
    out: str
    """The folder that the finished files go to."""
    drafted: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    size: int
    state: BatchState
    root: bytes | None = None
    chain_id: int | None = None
    registry: str | None = None
    signer: str | None = None
    since: str | None = None
    """Since when it is in this state; UTC."""
    waits: str | None = None
    """What it waits for, as last reported; None where it only waits to be continued."""


@dataclass(frozen=True)
class Draft:
    """One certificate of a batch, before it is built: what is drawn at random, and the roster's row."""

    position: int
    achievement: str
    """The course's permanent identifier (urn:uuid)."""
    person: str
    """Who it is for, within the institution."""
    identity: DraftIdentity
    row: Row
    again: int = 0
    """How many certificates of this course the person had before, each asked for by name."""


@dataclass(frozen=True)
class Issued:
    """The last certificate of a course that somebody has, or will have once its batch is finished."""

    name: str
    father_name: str | None
    hash: bytes | None
    """The certificate hash, None while the batch is not built."""
    batch: str
    state: BatchState
    drafted: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    out: str
    """The folder that its file went to."""
    again: int
    """How many the person had before this one."""


@dataclass(frozen=True)
class Transaction:
    """One place in a key's order of transactions, and what it is for; its attempts differ only in fees."""

    number: int
    what: str
    """`issue`, `revoke`, `replace`, `withdraw` …"""
    batch: str | None
    chain_id: int | None
    sender: str | None
    nonce: int | None
    made: str
    open: bool
    """Its outcome is not known yet; no other transaction gets its nonce."""


@dataclass(frozen=True)
class Attempt:
    """One signed transaction: the bytes that are sent, and sent again."""

    hash: str
    raw: bytes = field(repr=False)
    transaction: int
    state: AttemptState
    gas: int | None = None
    max_fee: int | None = None
    """Wei a unit of gas."""
    tip: int | None = None
    signed: str = ""
    sent: str | None = None
    answer: str | None = None
    """What a node said when it was last sent."""
    block: int | None = None
    block_hash: str | None = None
    gas_used: int | None = None
    receipt: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Place:
    """A place in a key's order that a block has taken, and by what."""

    nonce: int
    hash: str
    block: int | None
    sent: str | None
    """When it was sent first; UTC."""


@dataclass(frozen=True)
class Delivery:
    """A message to the holder of one certificate."""

    batch: str
    position: int
    recipient: str
    state: DeliveryState
    since: str
    tries: int = 0
    words: str | None = None
    """The server's own, as last heard."""
    message_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the trail: who did what, when. It holds no personal data of students."""

    number: int
    at: str
    who: str
    did: str
    domain: str | None
    batch: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class StatusList:
    """One status list that these records began, or those that they are a copy of."""

    id: str
    """32 lower-case hex digits."""
    domain: str
    origin: str
    """The verifier's address, with which the list's own begins."""
    begun: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    copy: str
    """Which copy of the records began it (issuer/records/status_lists.py)."""
    closed: str | None = None
    """Since when no places of it are given out; UTC."""
    published: bytes | None = None
    """SHA-256 of the bytes that these records published last; None where they never did."""


@dataclass(frozen=True)
class StatusPlace:
    """A place in a status list, and the certificate that has it."""

    list: str
    """The list's identifier."""
    origin: str
    """The verifier's address, with which the list's own begins."""
    index: int
    """From 0."""
    hash: bytes | None
    """`H`; None where it was erased."""
    position: int
    """In its batch."""
    root: bytes


@dataclass(frozen=True)
class Signed:
    """A signed transaction. The bytes are public once sent, and worth storing before."""

    hash: str
    raw: bytes = field(repr=False)
