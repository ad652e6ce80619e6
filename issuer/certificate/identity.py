"""What is drawn by chance for a certificate, once, when its batch is drafted; everything else follows from it."""

import secrets
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STATUS_LIST_LENGTH = 131_072
"""Entries of one status list, the least that Bitstring Status List 1.0 allows. Fixed for ever: places count by it."""


@dataclass(frozen=True, slots=True)
class DraftIdentity:
    """The random values and the moment of one draft; stored before anything is made from them."""

    credential_id: str
    """A random UUID (version 4) in lower case; unguessable, so the certificate hash is too."""
    subject_id: str
    """A random UUID for the student in this certificate; says nothing about other certificates."""
    status_index: int
    """The place in the institution's status lists, counted through all of them from 0."""
    email_salt: str
    """32 hex digits; used only where the course asks for an e-mail identity."""
    drafted: datetime
    """UTC, whole seconds."""

    def __post_init__(self) -> None:
        if self.drafted.utcoffset() != timedelta(0) or self.drafted.microsecond:
            raise ValueError("drafted must be UTC and whole seconds")

    @property
    def status_list(self) -> int:
        """The number of the status list, from 1."""
        return self.status_index // STATUS_LIST_LENGTH + 1

    @property
    def status_list_index(self) -> int:
        """The place in that list, from 0."""
        return self.status_index % STATUS_LIST_LENGTH


def draw_identities(count: int, taken: Collection[int], drafted: datetime | None = None) -> list[DraftIdentity]:
    """Draw `count` identities from the operating system's randomness.

    `taken` are the status indexes that the institution's certificates hold already, over all lists. The free
    places of the first list that has any are drawn from first; so lists fill up one by one, each in random order.
    `drafted` is the moment of drafting, now if not given.
    """
    moment = (drafted or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return [
        DraftIdentity(
            credential_id=str(uuid.uuid4()),
            subject_id=str(uuid.uuid4()),
            status_index=status_index,
            email_salt=secrets.token_hex(16),
            drafted=moment,
        )
        for status_index in _draw_places(count, frozenset(taken))
    ]


def _draw_places(count: int, taken: frozenset[int]) -> Iterator[int]:
    system = secrets.SystemRandom()
    start = 0
    while count:
        free = [place for place in range(start, start + STATUS_LIST_LENGTH) if place not in taken]
        drawn = system.sample(free, min(count, len(free)))
        yield from drawn
        count -= len(drawn)
        start += STATUS_LIST_LENGTH
