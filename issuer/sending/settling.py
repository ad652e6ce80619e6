"""From an act to its being done: signed once, sent until it is mined, at a higher price where it is stuck.

All attempts of an act have one nonce, so at most one of them is ever mined, and all their hashes are watched. A nonce
is never given up on a guess: only where the chain's *final* count has passed it and no hash of ours is known.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from issuer.errors import DroppedError, NodeUnusableError, TransactionError, UnresolvedError
from issuer.records.raw_transaction import RawFacts, facts_of
from issuer.records.values import Attempt, AttemptState
from issuer.sending.answers import Answer, Refusals, Sending, kept_words, refusal
from issuer.sending.ledger import Ledger
from issuer.sending.places import Watch, free_place
from issuer.sending.resolving import note_mined
from issuer.sending.waiting import say, waiting
from issuer.text import utc_now

if TYPE_CHECKING:
    from issuer.sending.sender import Call, Sender

_POLL_SECONDS = 0.25
_OTHERS_SECONDS = 1.0


class Settling:
    """One act on its way.

    Args:
        sender: key and node.
        call: makes the act, when it is to be signed.
        done: whether it is done, by whomever; None where a receipt decides.
        ledger: what is kept of it.
        place: which place of the key it is to have; None for the next one.
    """

    def __init__(
        self,
        sender: "Sender",
        call: "Callable[[], Call]",
        done: Callable[[], bool] | None,
        ledger: Ledger,
        place: int | None = None,
    ) -> None:
        self._sender, self._call, self._done, self._ledger = sender, call, done, ledger
        self._place = place
        self._doubtful = False  # whether a node says that our place is taken
        self._refusals, self._watch = Refusals(sender.nodes), Watch(sender, ledger)
        self._capped = ""  # why no higher price is offered
        self._waits = "Still asking the nodes; nothing was sent yet."

    def run(self) -> Any:
        """Bring it about; the receipt of the attempt that did it, or None. Errors as Sender.transact."""
        with waiting(lambda: self._waits):
            return self._run()

    def _run(self) -> Any:
        start = time.monotonic()
        if not self._ledger.attempts() and self._done is not None and self._done():
            return None
        mined = self._look()
        if self._done is not None and self._is_done(mined):
            return None if mined is None else mined[1]
        if self._done_meanwhile(start):
            return None
        self._begin()
        start = time.monotonic()
        resend, bump = start + self._sender.resend_seconds, start + self._sender.bump_seconds
        while True:
            mined = self._look()
            if self._is_done(mined):
                mined = mined or self._look()  # it may have come between the two questions
                return mined[1] if mined is not None else None
            if mined is not None and mined[1]["status"] != 1:
                self._ledger.close()
                raise self._sender.why(mined[0].hash, mined[1])
            if mined is None and self._doubtful:
                self._check_place()
            if self._refusals.in_vain or time.monotonic() > start + self._sender.seconds:
                raise self._lost()
            if mined is None and time.monotonic() >= bump:
                self._bump()
                bump = time.monotonic() + self._sender.bump_seconds
            if mined is None and time.monotonic() >= resend:
                self._send(self._ledger.attempts()[-1], everywhere=True)
                self._look_below()
                resend = time.monotonic() + self._sender.resend_seconds
            time.sleep(_POLL_SECONDS)

    def _done_meanwhile(self, start: float) -> bool:
        """Wait for what is on its way with the key, where it may be this very act of an earlier run; is it done then?

        Signed again it would happen twice: a key would get its coins twice.
        """
        if self._done is None or self._place is not None or self._ledger.taken_up or self._ledger.attempts():
            return False
        while on_its_way := self._on_its_way():
            self._waits = (
                f"The nodes have a transaction of the key {self._sender.address} that is in no block yet; it may be "
                "this act, from an earlier run. Waiting for it; nothing was signed."
            )
            if time.monotonic() > start + self._sender.seconds:
                raise UnresolvedError(
                    f"Place {on_its_way - 1} of the key {self._sender.address} is held by a transaction that no block "
                    f"has yet, and that may be this very act. Nothing was signed now. {self._ledger.again}; nothing "
                    "happens twice.",
                )
            time.sleep(_OTHERS_SECONDS)
        return self._is_done(None)

    def _on_its_way(self) -> int:
        """How many transactions the key will have when all that is sent is mined; 0 where all of them are."""
        with self._ledger.writing():
            places = [place + 1 for place in self._open_places()]
        highest = max([self._sender.count(), *places])
        return highest if highest > self._sender.mined_count() else 0

    def _begin(self) -> None:
        """Sign and send, or send again what an earlier run signed."""
        with self._ledger.writing():
            if not self._ledger.attempts():
                self._take_a_place()
            attempts = self._ledger.attempts()
            unsent = all(each.state is AttemptState.SIGNED for each in attempts)
            answers = self._send(attempts[-1])
            if unsent and all(each.sending is Sending.REFUSED for each in answers):  # nobody has it
                facts = self._facts()
                self._ledger.drop()
                raise refusal(answers[-1].words, self._sender.pricing, None if facts is None else facts.max_fee)
            self._ledger.went_out()

    def _take_a_place(self) -> None:
        """Sign with the key's next nonce, and keep it. What others left unsent goes before it."""
        nonce = self._place
        if nonce is None:
            places = [place + 1 for place in self._open_places()]
            nonce = max([free_place(self._sender, self._ledger), *places])
        self._ledger.keep(self._sender.sign(self._call(), nonce))

    def _open_places(self) -> list[int]:
        """The nonces that other acts of the key hold. What can be decided of them is, and the rest is sent again."""
        others = self._ledger.others()
        if not others:
            return []
        final, latest = self._sender.final_count(), self._sender.nonce("latest")
        places = []
        for attempts in others:
            facts = facts_of(attempts[-1].raw)
            if facts is None:
                continue
            if facts.nonce < final:
                self._resolve(attempts)
                continue
            places.append(facts.nonce)
            if facts.nonce >= latest:
                self._sent(attempts[-1])
        return places

    def _resolve(self, attempts: list[Attempt]) -> None:
        """Close an act of which the chain's final count says that its place is taken."""
        for attempt in attempts:
            receipt = self._sender.receipt(attempt.hash)
            if receipt is not None:
                note_mined(self._ledger, attempt, receipt)
                return self._ledger.close(attempt)
        return self._ledger.drop(attempts[-1])

    def _look(self) -> "tuple[Attempt, Any] | None":
        """The attempt that a block has, with its receipt; notes what has changed."""
        for attempt in reversed(self._ledger.attempts()):
            try:
                receipt = self._sender.receipt(attempt.hash)
            except NodeUnusableError:
                continue  # asked again until the deadline
            if receipt is not None:
                note_mined(self._ledger, attempt, receipt)
                return attempt, receipt
            if attempt.state is AttemptState.MINED:  # the chain was reorganised
                self._ledger.note(attempt.hash, AttemptState.SENT, block=None, block_hash=None, receipt=None)
        return None

    def _is_done(self, mined: "tuple[Attempt, Any] | None") -> bool:
        if self._done is None:
            return mined is not None and mined[1]["status"] == 1
        try:
            return self._done()
        except NodeUnusableError:
            return False

    def _check_place(self) -> None:
        """See whether another transaction of the key has taken our place for good."""
        facts = self._facts()
        try:
            if facts is None or self._sender.final_count() <= facts.nonce:
                return
            if self._look() is not None or self._is_done(None):  # it may have come between the two questions
                return
        except NodeUnusableError:
            return
        hash_, ours = self._ledger.attempts()[-1].hash, self._ledger.last_used(facts.nonce)
        self._ledger.drop()
        if ours is not None:
            raise DroppedError(
                f"Transaction {hash_} was never mined: the nodes lagged when it was signed, and its place was used "
                "already by an earlier one of ours. Start again.",
                own=True,
            )
        raise DroppedError(
            f"Transaction {hash_} was never mined: another transaction of the same key took its place. "
            "Start again; one key has one writer."
        )

    def _bump(self) -> None:
        """Offer more for the same act at the same place; where that cannot be now, the attempts stay as they are."""
        facts = self._facts()
        if facts is None:
            return
        try:
            with self._ledger.writing():
                price = self._sender.pricing.bumped(max(facts.max_fee, facts.tip), self._sender.suggested())
                if price is None:
                    self._tell_cap(facts.max_fee)
                else:
                    signed = self._sender.sign_again(self._call(), facts.nonce, facts.gas, price)
                    self._ledger.keep(signed)
                    self._send(self._ledger.attempts()[-1])
        except TransactionError:
            return

    def _tell_cap(self, offered: int) -> None:
        if not self._capped:
            cap = self._sender.pricing.setting("price_cap_gwei")
            self._capped = f"It offers {offered / 1e9:.10g} gwei for gas, and more would be above the cap; raise {cap}"
            say(f"{self._capped}.")

    def _look_below(self) -> None:
        """See whether an empty place holds ours up."""
        facts = self._facts()
        if facts is not None:
            self._watch.look(facts.nonce)

    def _send(self, attempt: Attempt, everywhere: bool = False) -> list[Answer]:
        self._waits = f"Transaction {attempt.hash} was sent, and no node has answered yet."
        answers = self._sent(attempt, everywhere)
        self._doubtful = any(each.sending is Sending.NONCE_USED for each in answers)
        self._waits = f"Transaction {attempt.hash} was sent, and no block has it yet."
        for sentence in self._refusals.hear(answers):
            say(sentence)
        return answers

    def _sent(self, attempt: Attempt, everywhere: bool = False) -> list[Answer]:
        """Bytes on their way, and what is kept of it."""
        if attempt.state is AttemptState.SIGNED:
            # Noted before: from here on nobody can say that no node has it.
            self._ledger.note(attempt.hash, AttemptState.SENT, sent=utc_now())
        answers = self._sender.send(attempt.raw, everywhere)
        self._ledger.note(attempt.hash, AttemptState.SENT, answer=kept_words(answers))
        return answers

    def _facts(self) -> RawFacts | None:
        attempts = self._ledger.attempts()
        return facts_of(attempts[-1].raw) if attempts else None

    def _lost(self) -> UnresolvedError:
        hash_ = self._ledger.attempts()[-1].hash
        reasons = (self._refusals.summary, self._watch.sentence, self._capped)
        said = "".join(f" {each}." for each in reasons if each)
        return UnresolvedError(
            f"What became of transaction {hash_} is not known yet.{said} {self._ledger.again}; nothing is registered "
            "twice.",
            hash_,
        )
