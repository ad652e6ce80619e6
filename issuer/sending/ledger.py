"""What is kept of one act's attempts: in memory where there are no records, else in the records."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from issuer.records.records import Records
from issuer.records.values import Attempt, AttemptState, Place, Signed

KEY_SECONDS = 60.0
"""How long another run that is just signing with the same key is waited for."""
Keep = Callable[[Signed], object]
_SAME_AGAIN = "Run the same command again"


@runtime_checkable
class Ledger(Protocol):
    """The attempts of one act, and those of the same key that others are still waiting for."""

    @property
    def again(self) -> str:
        """What a person does to go on with the act, in a sentence without its full stop."""

    @property
    def taken_up(self) -> bool:
        """Whether a later run knows which of the kept attempts are of this act."""

    def writing(self) -> AbstractContextManager[None]:
        """While it is held nobody else gives out nonces of the key."""

    def attempts(self) -> list[Attempt]:
        """The attempts of this act, oldest first; none before it is signed and after it is dropped."""

    def others(self) -> list[list[Attempt]]:
        """The attempts of each other open act of the key, in the order of their nonces."""

    def last_used(self, place: int | None = None) -> Place | None:
        """The highest place of the key of which it is known that a block has it, or this very one."""

    def keep(self, signed: Signed) -> None:
        """Keep what is signed, before it is sent; whatever it raises stops the sending."""

    def note(self, hash_: str, state: AttemptState, **fields: Any) -> None:
        """Note what became of an attempt."""

    def went_out(self) -> None:
        """A node has it, or may have it: from now on it belongs into the trail, whatever becomes of it."""

    def close(self, attempt: Attempt | None = None) -> None:
        """The act is done, this one or another's; its nonce needs no guarding any more."""

    def drop(self, attempt: Attempt | None = None) -> None:
        """No attempt of the act can ever be mined."""


class MemoryLedger:
    """Attempts in memory.

    Args:
        keep: is called with what is signed before it is sent.
        stored: what was signed and kept before.
        fresh: it was never sent.
    """

    def __init__(self, keep: Keep | None = None, stored: Signed | None = None, fresh: bool = False) -> None:
        self._keep = keep
        state = AttemptState.SIGNED if fresh else AttemptState.SENT
        self._attempts = [] if stored is None else [_attempt(stored, state)]

    @property
    def again(self) -> str:
        """Nobody else goes on with it."""
        return _SAME_AGAIN

    @property
    def taken_up(self) -> bool:
        """None does."""
        return False

    def writing(self) -> AbstractContextManager[None]:
        """Nobody else is known to write."""
        return nullcontext()

    def attempts(self) -> list[Attempt]:
        """What was kept."""
        return list(self._attempts)

    def others(self) -> list[list[Attempt]]:
        """None are known."""
        return []

    def last_used(self, place: int | None = None) -> Place | None:  # noqa: ARG002
        """What was mined of this act is all that is known."""
        return None

    def keep(self, signed: Signed) -> None:
        """Keep it, and call `keep`."""
        if self._keep is not None:
            self._keep(signed)
        self._attempts.append(_attempt(signed, AttemptState.SIGNED))

    def note(self, hash_: str, state: AttemptState, **fields: Any) -> None:
        """Note it."""
        self._attempts = [replace(one, state=state, **fields) if one.hash == hash_ else one for one in self._attempts]

    def went_out(self) -> None:
        """No trail is kept here."""

    def close(self, attempt: Attempt | None = None) -> None:
        """Nothing is guarded here."""

    def drop(self, attempt: Attempt | None = None) -> None:  # noqa: ARG002
        """Forget it."""
        self._attempts = []


@dataclass(frozen=True)
class Noted:
    """What the trail says of an act, besides its transaction, its chain and the key that sends."""

    domain: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class StoredLedger:
    """Attempts in the records.

    Args:
        store: the records.
        chain_id: the chain's.
        sender: the key's address.
        batch: which batch it is for, if any.
        what: the kind of act.
        noted: what the trail says of it.
    """

    store: Records
    chain_id: int
    sender: str
    batch: str | None
    what: str
    noted: Noted = Noted()
    _number: int | None = None

    @property
    def again(self) -> str:
        """A batch is gone on with by a command of its own."""
        return "Type: sanad resume" if self.taken_up else _SAME_AGAIN

    @property
    def taken_up(self) -> bool:
        """A batch's."""
        return self.batch is not None

    def writing(self) -> AbstractContextManager[None]:
        """The key's lock in the records."""
        busy = f"Another run is signing with the key {self.sender}; try again in a minute."
        return self.store.locks.held(f"key:{self.chain_id}:{self.sender}", KEY_SECONDS, busy)

    def attempts(self) -> list[Attempt]:
        """Of a batch also what earlier runs signed."""
        number = self._transaction()
        return [] if number is None else self.store.transactions.attempts(number)

    def others(self) -> list[list[Attempt]]:
        """What else is open of the key."""
        mine = self._transaction()
        found = self.store.transactions.unresolved(self.chain_id, self.sender)
        return [self.store.transactions.attempts(one.number) for one in found if one.number != mine]

    def last_used(self, place: int | None = None) -> Place | None:
        """By all that these records hold of the key."""
        return self.store.transactions.last_used(self.chain_id, self.sender, place)

    def keep(self, signed: Signed) -> None:
        """Store it."""
        self._number = self.store.transactions.keep(self.batch, self.what, signed).transaction

    def note(self, hash_: str, state: AttemptState, **fields: Any) -> None:
        """Store what became of an attempt."""
        self.store.transactions.note(hash_, state, **fields)

    def went_out(self) -> None:
        """One entry of the trail for each act, also where a later run goes on with it."""
        hashes = [attempt.hash for attempt in self.attempts()]
        if hashes and not self.store.trail.tells_of(hashes):
            facts = {"transaction": hashes[0], "chain_id": self.chain_id, "sent_by": self.sender, **self.noted.facts}
            self.store.trail.add(self.what, self.noted.domain, self.batch, **facts)

    def close(self, attempt: Attempt | None = None) -> None:
        """Its nonce needs no guarding any more."""
        number = self._transaction() if attempt is None else attempt.transaction
        if number is not None:
            self.store.transactions.close(number)

    def drop(self, attempt: Attempt | None = None) -> None:
        """Its nonce is free for another."""
        number = self._transaction() if attempt is None else attempt.transaction
        if number is not None:
            self.store.transactions.drop(number)
        if attempt is None:
            self._number = None

    def _transaction(self) -> int | None:
        if self._number is None and self.batch is not None:
            found = self.store.transactions.open_of(self.batch, self.what)
            self._number = None if found is None else found.number
        return self._number


def as_ledger(kept: "Keep | Ledger | None", stored: Signed | None = None) -> Ledger:
    """A ledger as it is; a function that keeps, or nothing, as one in memory."""
    return kept if isinstance(kept, Ledger) else MemoryLedger(kept, stored)


def _attempt(signed: Signed, state: AttemptState) -> Attempt:
    return Attempt(signed.hash, signed.raw, 0, state)
