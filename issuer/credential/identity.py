"""What is drawn by chance for a certificate, once, when its batch is drafted; everything else follows from it."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STATUS_LIST_LENGTH = 131_072
"""Entries of one status list, the least that Bitstring Status List 1.0 allows. Fixed: places are counted by it."""


@dataclass(frozen=True, slots=True)
class DraftIdentity:
    """The random values and the moment of one draft; stored before anything is made from them."""

    credential_id: str
    """A random UUID (version 4) in lower case; unguessable, so the certificate hash is too."""
    subject_id: str
    """A random UUID for the student in this certificate; says nothing about other certificates."""
    status_list: str
    """The identifier of the status list that holds its place: 32 lower-case hex digits."""
    status_index: int
    """The place in that list, from 0."""
    email_salt: str
    """32 hex digits; used only where the course asks for an e-mail identity."""
    drafted: datetime
    """UTC, whole seconds."""

    def __post_init__(self) -> None:
        if self.drafted.utcoffset() != timedelta(0) or self.drafted.microsecond:
            raise ValueError("drafted must be UTC and whole seconds")


def draw_identities(places: Sequence[tuple[str, int]], drafted: datetime | None = None) -> list[DraftIdentity]:
    """Draw an identity for each place in a status list (its identifier, the index) from the system's randomness.

    `drafted` is the moment of drafting, now if not given.
    """
    moment = (drafted or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return [
        DraftIdentity(
            credential_id=str(uuid.uuid4()),
            subject_id=str(uuid.uuid4()),
            status_list=status_list,
            status_index=status_index,
            email_salt=secrets.token_hex(16),
            drafted=moment,
        )
        for status_list, status_index in places
    ]


def draw_status_list() -> str:
    """A new status list's identifier: 32 lower-case hex digits, so that no two lists of anybody share an address."""
    return secrets.token_hex(16)


def draw_indexes(count: int, taken: Collection[int]) -> list[int]:
    """Draw at most `count` of one list's places that are not taken; fewer where it has no more."""
    gone = frozenset(taken)
    free = [index for index in range(STATUS_LIST_LENGTH) if index not in gone]
    return secrets.SystemRandom().sample(free, min(count, len(free)))
