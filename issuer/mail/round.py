"""Who of a batch still has to get a letter, and what became of each.

A recipient is claimed in the records before the server is spoken to, as *unknown*; only the server's answer turns that
into sent, refused or queued again. So nobody gets two: not from two runs at once, and not after a crash, which leaves
*unknown* for a person to decide. One run at a time brings a batch's letters, and nobody decides about one meanwhile: it
may be on its way.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from issuer.batches.filenames import file_stem
from issuer.course.course import Course
from issuer.course.kept_course import kept_course
from issuer.errors import MailError, MailServerError
from issuer.mail.letter import Letter, compose, message_id
from issuer.mail.postman import Fate, Postman
from issuer.mail.settings import MailSettings
from issuer.records import Batch, BatchState, Delivery, DeliveryState, Draft, Records
from verifier.core.credential import read_fields
from verifier.core.envelope import parse_envelope
from verifier.core.errors import SanadError
from verifier.plain_file import read_plain

CLAIMED = "Handed over; the server's answer was never recorded."
_ANOTHER_RUN_SECONDS = 60.0
"""How long to wait for another run that brings letters of the same batch."""
_MOST_TRIES = 8
"""After so many runs in which the server put a letter off, a person has to look."""


@dataclass(frozen=True)
class Tally:
    """The state of a batch's letters."""

    sent: int
    refused: int
    unknown: int
    queued: int
    without: int
    """Students without an address in the roster."""
    withheld: int = 0
    """Letters that do not go out, because the certificate is good no more."""

    @property
    def settled(self) -> bool:
        """Whether everybody who has an address got a letter."""
        return not (self.refused or self.unknown or self.queued)


class Round:
    """The letters of one delivered batch.

    Args:
        store: the records.
        batch: a delivered one.
        folder: the batch's folder in the data folder, which keeps the course as it was drafted.
        settings: whose server.
    """

    def __init__(self, store: Records, batch: Batch, folder: Path, settings: MailSettings) -> None:
        if batch.state is not BatchState.DELIVERED:
            raise MailError(
                f"Batch {batch.id} is {batch.state}, not delivered: nobody gets a letter before the certificate "
                "is valid. Type: sanad resume"
            )
        self._store, self._batch, self._settings, self._folder = store, batch, settings, folder

    @cached_property
    def _course(self) -> Course:
        """As it was drafted; read with the first letter, for a rebuilt batch may have none."""
        return kept_course(self._folder / "course")

    def queue(self) -> int:
        """Queue a letter for every student who has an address and none yet; how many are new."""
        drafts = self._store.drafts(self._batch.id)
        wanted = ((draft.position, draft.row.email) for draft in drafts if draft.row.email)
        return self._store.deliveries.queue(self._batch.id, wanted)

    def send(self, progress: Callable[[int], None] = lambda _count: None, only: Collection[int] | None = None) -> Tally:
        """Bring every queued letter to the server, once; `only` those at these positions, where they are given.

        Raises:
            MailServerError: the server takes nothing from us; letters that it did not take stay queued.
            MailError: a student's files are not where they were delivered; nothing of theirs was sent.
            BusyError: another run brings letters of this batch, and does not end.
        """
        if self.tally().queued:
            with _alone(self._store, self._batch.id, _ANOTHER_RUN_SECONDS), Postman(self._settings) as postman:
                for delivery, draft in with_students(self._store, self._batch, DeliveryState.QUEUED):
                    if only is None or delivery.position in only:
                        self._send_one(postman, delivery, draft)
                        progress(1)
        return self.tally()

    def tally(self) -> Tally:
        """Their state now."""
        counts = self._store.deliveries.counts(self._batch.id)
        sent, refused, unknown, queued, withheld = (
            counts.get(state, 0)
            for state in (
                *(DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNKNOWN),
                *(DeliveryState.QUEUED, DeliveryState.WITHHELD),
            )
        )
        return Tally(sent, refused, unknown, queued, self._batch.size - sum(counts.values()), withheld)

    def _send_one(self, postman: Postman, delivery: Delivery, draft: Draft) -> None:
        letter = self._letter(delivery, draft)
        message = compose(letter, self._settings, datetime.now(UTC))
        postman.wait()
        deliveries, place = self._store.deliveries, (delivery.batch, delivery.position)
        identity = message_id(letter.hash, self._settings.sender.domain)
        if not deliveries.claim(*place, words=CLAIMED, message_id=identity):
            return  # another run has it
        try:
            outcome = postman.deliver(message, delivery.recipient)
        except MailServerError:
            # Raised before the letter was handed over: postman answers everything after it with an outcome.
            deliveries.note(*place, DeliveryState.QUEUED, words=None)
            raise
        state = _STATES[outcome.fate]
        if outcome.fate is Fate.LATER and delivery.tries + 1 >= _MOST_TRIES:
            state = DeliveryState.REFUSED
        deliveries.note(*place, state, words=outcome.words, tries=delivery.tries + 1)

    def _letter(self, delivery: Delivery, draft: Draft) -> Letter:
        institution, professor = self._course.institution, self._course.professor
        stem = file_stem(draft.position, self._batch.size, draft.row.name)
        pdf, envelope = (Path(self._batch.out) / f"{stem}{ending}" for ending in (".pdf", ".json"))
        try:
            data, parsed = read_plain(pdf), parse_envelope(read_plain(envelope))
        except OSError as error:
            raise MailError(
                f"Row {draft.row.number} ({draft.row.name}): {error.filename} cannot be read ({error.strerror}). "
                f"Make the delivered files again: sanad deliver {self._batch.id[:8]}. Then type: sanad mail send"
            ) from None
        except SanadError:
            raise MailError(f"{envelope} is not the envelope that was delivered; nothing was sent.") from None
        said = read_fields(parsed.credential)
        return Letter(
            address=delivery.recipient,
            recipient=said.recipient or draft.row.name,
            course=said.course or self._course.title,
            course_urdu=said.course_urdu or "",
            institution=said.institution or institution.name,
            institution_urdu=said.institution_urdu or "",
            professor=professor.name,
            origin=self._batch.origin,
            hash=parsed.hash,
            pdf=data,
            pdf_name=pdf.name,
        )


_STATES = {
    Fate.SENT: DeliveryState.SENT,
    Fate.REFUSED: DeliveryState.REFUSED,
    Fate.LATER: DeliveryState.QUEUED,
    Fate.UNKNOWN: DeliveryState.UNKNOWN,
}


def settle(store: Records, delivery: Delivery, again: bool, to: str | None = None) -> None:
    """Decide what a person was asked about: it arrived, or it is to go (again), perhaps to another address.

    Raises:
        MailError: it is sent or queued, so that there is nothing to decide.
        BusyError: a run brings letters of this batch, so that this one may be on its way.
    """
    with _alone(store, delivery.batch):
        (now,) = (each for each in store.deliveries.of(delivery.batch) if each.position == delivery.position)
        _settle(store, now, again, to)


def _settle(store: Records, delivery: Delivery, again: bool, to: str | None = None) -> None:
    if delivery.state in (DeliveryState.SENT, DeliveryState.QUEUED):
        raise MailError(f"The letter to {delivery.recipient} is {delivery.state}: there is nothing to decide.")
    state = DeliveryState.QUEUED if again else DeliveryState.SENT
    change = {} if to is None else {"recipient": to}
    words = "Decided by hand: to be sent again." if again else "Decided by hand: it arrived."
    store.deliveries.note(delivery.batch, delivery.position, state, words=words, tries=0, **change)
    store.trail.add("settle letter", batch=delivery.batch, position=delivery.position, again=again)


def unknown_again(store: Records, batch: Batch, positions: Collection[int]) -> int:
    """Queue those letters at these positions again of which it is still not known whether they arrived; how many.

    Raises:
        BusyError: a run brings letters of this batch, so that one of them may be on its way.
    """
    with _alone(store, batch.id):
        left = [each for each in store.deliveries.of(batch.id, DeliveryState.UNKNOWN) if each.position in positions]
        for each in left:
            _settle(store, each, again=True)
    return len(left)


def send_again(store: Records, delivery: Delivery, to: str | None = None) -> None:
    """Queue a letter again, whatever became of it, perhaps to another address.

    Raises:
        BusyError: a run brings letters of this batch, so that this one may be on its way.
    """
    with _alone(store, delivery.batch):
        _queue_again(store, delivery, to)


def _queue_again(store: Records, delivery: Delivery, to: str | None) -> None:
    change = {} if to is None else {"recipient": to}
    words = "Decided by hand: to be sent again."
    store.deliveries.note(delivery.batch, delivery.position, DeliveryState.QUEUED, words=words, tries=0, **change)
    store.trail.add("send letter again", batch=delivery.batch, position=delivery.position)


@contextmanager
def _alone(store: Records, batch: str, seconds: float = 0) -> Iterator[None]:
    busy = f"Another run is sending letters of batch {batch}, and this may be one of them. Let it end first."
    with store.locks.held(f"mail:{batch}", seconds, busy):
        yield


def with_students(store: Records, batch: Batch, *states: DeliveryState) -> Iterator[tuple[Delivery, Draft]]:
    """Each delivery of a batch, in these states or in all, with the student it is for."""
    waiting = iter(list(store.deliveries.of(batch.id, *states)))
    delivery = next(waiting, None)
    for draft in store.drafts(batch.id) if delivery is not None else ():
        if delivery is not None and delivery.position == draft.position:
            yield delivery, draft
            delivery = next(waiting, None)
