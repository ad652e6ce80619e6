"""What nodes say of a transaction that is sent to them, classified. What is not recognised is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from issuer.errors import RefusedError
from issuer.sending.nodes import Reply
from issuer.sending.values import Pricing
from issuer.sending.words import alike, cleaned


class Sending(StrEnum):
    """What a node made of a transaction that was sent to it."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    """No answer, or one that does not say; it may be on its way."""
    OBJECTED = "objected"
    """An error in words that are not known: it may be on its way all the same."""
    NONCE_USED = "nonce used"
    """A block has a transaction with this key's number already: this very one, or another."""
    REFUSED = "refused"


KEPT = 500
"""Characters that are kept in the records of what nodes said."""
_TAKEN = ("already known", "already imported", "known transaction")
_BELOW_FLOOR = "the price offered{price} is below the node's floor; raise {floor}."
_REFUSALS = {
    "replacement transaction underpriced": "another transaction of this key is waiting; wait until it is mined.",
    "underpriced": _BELOW_FLOOR,
    "below minimum": _BELOW_FLOOR,
    "less than block base fee": "the price offered{price} is below the block's; raise {floor}.",
    "insufficient funds": "the key has too few coins; send it some.",
    "gas limit": "it asks for more gas than a transaction may; split it.",
    "oversized data": "it is larger than nodes take; split it.",
}


@dataclass(frozen=True)
class Answer:
    """What one node made of a transaction, and its own words, fit to be shown."""

    node: str
    sending: Sending
    words: str

    @property
    def sentence(self) -> str:
        """The answer in a sentence without its full stop."""
        return f"{self.node} {self.words}" if self.sending is Sending.UNKNOWN else f'{self.node} says "{self.words}"'

    @property
    def against(self) -> bool:
        """Whether the node said no."""
        return self.sending in (Sending.REFUSED, Sending.OBJECTED)


def answer_of(reply: Reply) -> Answer:
    """What a node's reply to a transaction means."""
    if reply.response is None:
        return Answer(reply.node, Sending.UNKNOWN, reply.trouble)
    problem: Any = reply.response.get("error")
    if problem is None:
        taken = isinstance(reply.response.get("result"), str)
        return Answer(reply.node, *((Sending.TAKEN, "taken") if taken else (Sending.UNKNOWN, "gave no usable answer")))
    said = problem.get("message") if isinstance(problem, dict) else problem
    if not isinstance(said, str) or not said.strip():
        return Answer(reply.node, Sending.UNKNOWN, "answered with an error without words")
    return Answer(reply.node, classify(said), cleaned(said, reply.secrets))


def classify(said: str) -> Sending:
    """What a node's words mean for a transaction that was sent to it."""
    text = said.lower()
    if any(known in text for known in _TAKEN):
        return Sending.TAKEN
    if "nonce too low" in text:
        return Sending.NONCE_USED
    return Sending.REFUSED if any(known in text for known in _REFUSALS) else Sending.OBJECTED


def refusal(words: str, pricing: Pricing, price: int | None = None) -> RefusedError:
    """The error for a transaction that no node took, by what they said.

    Args:
        words: a node's own.
        pricing: names the settings of the price.
        price: what was offered for a unit of gas, in wei.
    """
    why = next(why for known, why in _REFUSALS.items() if known in words.lower())
    offered = "" if price is None else f", {price / 1e9:.10g} gwei,"
    advice = why.format(price=offered, floor=pricing.setting("price_floor_gwei"))
    return RefusedError(f'The node did not take the transaction: it says "{words}", so {advice}')


class Refusals:
    """What nodes say against one transaction: reported once, and counted.

    Args:
        nodes: everybody's names.
        enough: after so many like refusals in a row of each node nothing more is waited for.
    """

    def __init__(self, nodes: Sequence[str], enough: int = 3) -> None:
        self._nodes, self._enough = set(nodes), enough
        self._said: dict[str, tuple[Answer, int]] = {}
        self._taken = False

    def hear(self, answers: Sequence[Answer]) -> list[str]:
        """Count them; sentences for what was not said before."""
        new = []
        self._taken = self._taken or any(each.sending is Sending.TAKEN for each in answers)
        for each in answers:
            if each.sending is Sending.TAKEN:
                self._said.pop(each.node, None)
            elif each.sending is not Sending.UNKNOWN:
                new += self._heard(each)
        return new

    def _heard(self, answer: Answer) -> list[str]:
        """A refusal is said at once; that the place is used only when it is heard again, for a block may have ours."""
        before, count = self._said.get(answer.node, (answer, 0))
        same = before.sending is answer.sending or (before.against and answer.against)
        count = count + 1 if same and alike(before.words) == alike(answer.words) else 1
        self._said[answer.node] = (answer, count)
        if answer.against:
            return [] if count > 1 else [f'{answer.node} refuses the transaction: "{answer.words}".']
        return [f"{answer.sentence}."] if count == 2 else []

    @property
    def in_vain(self) -> bool:
        """Whether every node has refused it alike so often, and none ever took it."""
        against = {node: count for node, (answer, count) in self._said.items() if answer.against}
        counts = [against.get(node, 0) for node in self._nodes]
        return not self._taken and min(counts, default=0) >= self._enough

    @property
    def summary(self) -> str:
        """What each said last, for the end; empty where nobody said anything."""
        return "; ".join(answer.sentence for answer, _ in self._said.values())


def kept_words(answers: Sequence[Answer]) -> str:
    """What is kept of the answers to one sending: "taken" where one took it, else each node's words."""
    if any(each.sending is Sending.TAKEN for each in answers):
        return Sending.TAKEN.value
    return "; ".join(each.sentence for each in answers)[:KEPT]
