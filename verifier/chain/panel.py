"""Several nodes that must agree. They fail, lag, lose old state and lie.

An answer is used only if the configured number of operators give it, byte for byte the same, for the same block, from
the registry's own storage. Nodes of one operator count once: otherwise an operator with two nodes would agree with
itself.

This module imports web3, so import it late.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from verifier.chain import contract_calls as calls
from verifier.chain.asking import Answers, ask_all
from verifier.chain.contract_calls import Witness
from verifier.chain.node import Heads, Node
from verifier.chain.pacing import Pace
from verifier.chain.values import NodeAddress, Patience, Query
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import SENTINEL, RegistryInfo
from verifier.core.sentence import Sentence, in_a_row
from verifier.errors import AgeError, ClockError, NodeError, NoFinalityError, UnfinalError

Answer = TypeVar("Answer")
_OPERATORS_FOR_A_CLOCK = 2
"""So many must agree on a time before this machine's clock is doubted."""
_SPREAD_SECONDS = 60
"""How far their times may lie from each other."""
_CLOCK_AHEAD = (
    "{count} nodes agree that it is {theirs} UTC, and this machine's clock says {ours}: it is wrong, unless the whole "
    "chain stands still. Compare it with another clock and set it right, then try again."
)
_CLOCK_BEHIND = (
    "{count} nodes agree that it is {theirs} UTC, and this machine's clock says {ours}: it is wrong. Set it right, "
    "then try again."
)


@dataclass(frozen=True)
class _Block:
    """The block that questions are about for a while, and the nodes that have it."""

    number: int
    nodes: tuple[Node, ...]
    finalized_time: int = 0
    finality_depth: int = 0
    """How many blocks back the finalized time is from, if the chain's own finality has stalled; else 0."""
    proved: set[Node] = field(default_factory=set)
    """Nodes that have proved that they have the registry's storage at this block."""


class Panel:
    """The nodes of one registry. Safe to use from several threads."""

    def __init__(
        self,
        info: RegistryInfo,
        nodes: "Sequence[NodeAddress]",
        agreement: int,
        patience: "Patience",
        clock: Callable[[], float],
        final: bool = False,
    ) -> None:
        self._address = info.address
        self._nodes = tuple(
            Node(node.name, node.url, info.chain_id, patience.request, Pace(node.budget)) for node in nodes
        )
        self._agreement = agreement
        self._own = {node.name for node in nodes if node.own}
        self._patience = patience
        self._clock = clock
        self._final = final
        self._lock = threading.Lock()
        self._agreed: tuple[float, _Block | RegistryUnavailableError] | None = None
        self._finalized = (0, 0)
        """Number and time of the highest block that the chain itself has reported as final."""

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> dict[str, Any]:
        """The fields of a Record: the contract's answer to `verify`, and the finalized time.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answer.
        """
        data = calls.ask_verify(domain, index, commitment, sheet, path)
        return self._records(data, lambda answer: [calls.read_verify(answer)])[0]

    def verify_many(self, domain: str, queries: "Sequence[Query]") -> list[dict[str, Any]]:
        """The fields of a Record for each certificate of one institution, all from one block; errors as `verify`."""
        return self._records(calls.ask_verify_many(domain, queries), calls.read_verify_many)

    def _records(self, data: str, read: Callable[[bytes], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        def question(node: Node, block: _Block) -> bytes:
            answer, records = node.call(self._address, data, block.number, lambda answer: (answer, read(answer)))
            for each in records:
                self._believe(node, block, Witness(each["sentinel"], each["block_number"], each["block_time"]))
            return answer

        answer, voices, block = self._ask(question)
        finality = {"finalized_time": block.finalized_time, "finality_depth": block.finality_depth}
        lone = next(iter(voices)) if len(voices) == 1 and not voices & self._own else ""
        return [each | finality | {"lone_node": lone} for each in read(answer)]

    def view(self, name: str, *arguments: Any) -> Any:
        """The answer of another view of the contract.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answer.
        """
        view = calls.view(name)
        return self._read(view.data(*arguments), view.value)

    def structs(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        """The list at the end of the answer of a view about many; errors as `view`."""
        return calls.view(name).structs(self._witnessed(name, *arguments))

    def institutions(self, first: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
        """The number of institutions, and a page of them from `first` on; errors as `view`."""
        view, answer = calls.view("institutions"), self._witnessed("institutions", first, limit)
        return view.values(answer)[3], view.structs(answer)

    def keys(self, institution: bytes, first: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
        """The number of keys that an institution ever had, and a page of them from `first` on; errors as `view`."""
        return calls.read_keys(self._witnessed("keys", institution, first, limit))

    def block_number(self) -> int:
        """The block that questions are about now; errors as `view`."""
        return self._block(time.monotonic() + self._patience.question).number

    def finalized_time(self) -> int:
        """The time before which records are final; errors as `view`."""
        return self._block(time.monotonic() + self._patience.question).finalized_time

    def _witnessed(self, name: str, *arguments: Any) -> bytes:
        """The agreed answer of a view that carries its own witness."""
        view = calls.view(name)
        data = view.data(*arguments)

        def read(answer: bytes) -> tuple[bytes, Witness]:
            view.structs(answer)  # so that an answer that cannot be decoded is reported as the node's fault
            return answer, view.witness(answer)

        def question(node: Node, block: _Block) -> bytes:
            answer, witness = node.call(self._address, data, block.number, read)
            self._believe(node, block, witness)
            return answer

        return self._ask(question)[0]

    def _read(self, data: str, read: Callable[[bytes], Answer]) -> Answer:
        def question(node: Node, block: _Block) -> bytes:
            self._prove(node, block)
            return node.call(self._address, data, block.number, lambda answer: (answer, read(answer)))[0]

        return read(self._ask(question)[0])

    def refresh(self) -> None:
        """Let the next question agree on a newer block."""
        with self._lock:
            self._agreed = None

    def _prove(self, node: Node, block: _Block) -> None:
        """Check that the node has the registry's storage: this answer has no sentinel; pruned state reads as zero."""
        if node not in block.proved:
            witness = node.call(self._address, calls.ask_witness(), block.number, calls.read_witness)
            self._believe(node, block, witness)
            block.proved.add(node)

    def _believe(self, node: Node, block: _Block, witness: Witness) -> None:
        if witness.sentinel != SENTINEL:
            raise node.problem("answers without the registry's storage; it keeps too little of the chain")
        if witness.number != block.number:
            raise node.problem("answered for another block than was asked")
        if not self._final:  # a final block is older than the newest one, whose age was checked
            self._check_age(node, witness.time)

    def _check_age(self, node: Node, block_time: int) -> None:
        age = int(self._clock()) - block_time
        if age > self._patience.max_age:
            what = Sentence("is {age} seconds behind this machine's clock", {"age": f"{age:,}"})
            raise AgeError(age, "{node} {what}.", node=node.name, what=what)
        if -age > self._patience.max_ahead:
            what = Sentence("is {age} seconds ahead of this machine's clock", {"age": f"{-age:,}"})
            raise AgeError(age, "{node} {what}.", node=node.name, what=what)

    def _ask(self, question: Callable[[Node, _Block], bytes]) -> tuple[bytes, set[str], _Block]:
        """The agreed answer, the operators that gave it, and its block."""
        deadline = time.monotonic() + self._patience.question
        block = self._block(deadline)
        try:
            return *self._identical(block, question, deadline), block
        except RegistryUnavailableError:
            # Blocks near the head get lost, and one address may hide several nodes: try again at a newer block.
            self._forget(block)
            block = self._block(deadline)
            return *self._identical(block, question, deadline), block

    def _identical(
        self, block: _Block, question: Callable[[Node, _Block], bytes], deadline: float
    ) -> tuple[bytes, set[str]]:
        answers = ask_all(block.nodes, lambda node: question(node, block), deadline - time.monotonic(), self._settled)
        groups = _voices(answers.given)
        agreed = [each for each in groups.items() if len(each[1]) >= self._agreement]
        if len(agreed) != 1:
            raise self._unavailable(len(groups) > 1, answers)
        return agreed[0]

    def _settled(self, answers: Answers[bytes], missing: int) -> bool:
        """Whether one answer has enough operators, and no other answer can still get as many."""
        votes = sorted(map(len, _voices(answers.given).values()), reverse=True)
        first, second = (*votes, 0, 0)[:2]
        return first >= self._agreement and second + missing < self._agreement

    def _block(self, deadline: float) -> _Block:
        with self._lock:  # held while nodes are asked, so that many questions at once ask the nodes once
            if self._agreed is None or time.monotonic() - self._agreed[0] > self._patience.reuse:
                self._agreed = (time.monotonic(), self._agree(deadline))
            block = self._agreed[1]
        if isinstance(block, RegistryUnavailableError):
            raise block
        return block

    def _forget(self, block: _Block) -> None:
        with self._lock:
            if self._agreed is not None and self._agreed[1] is block:
                self._agreed = None

    def _agree(self, deadline: float) -> _Block | RegistryUnavailableError:
        """The newest block that enough operators have, and the newest time that enough of them report as final."""
        seconds, grace = deadline - time.monotonic(), self._patience.grace
        answers = ask_all(self._nodes, self._heads, seconds, self._suffices, grace)
        if not self._suffices(answers, 0):
            return self._unavailable(False, answers)
        number = self._agreed_on((node, heads.number) for node, heads in answers.given)
        having = tuple(node for node, heads in answers.given if heads.number >= number)
        final = self._agreed_on((node, (each.finalized_number, each.finalized_time)) for node, each in answers.given)
        # A final block stays final, even if a node reports a lower one a moment later.
        self._finalized = max(self._finalized, final)
        try:
            return self._with_finality(_Block(number, having), deadline)
        except RegistryUnavailableError as error:
            return error

    def _agreed_on(self, said: Iterable[tuple[Node, Any]]) -> Any:
        """The highest value that enough operators have reached, each with the best of its nodes."""
        highest: dict[str, Any] = {}
        for node, height in said:
            highest[node.name] = max(height, highest.get(node.name, height))
        return sorted(highest.values(), reverse=True)[self._agreement - 1]

    def _with_finality(self, block: _Block, deadline: float) -> _Block:
        """The block with the time before which records are final: by the chain itself, or `final_blocks` back."""
        number, finalized_time = self._finalized
        depth = self._patience.final_blocks
        if block.number - number <= depth:
            return replace(block, finalized_time=finalized_time, number=number if self._final else block.number)
        answer, _ = self._identical(block, lambda node, _: node.block_time(block.number - depth).to_bytes(8), deadline)
        asked = block.number - depth if self._final else block.number
        return replace(block, number=asked, finalized_time=int.from_bytes(answer), finality_depth=depth)

    def _heads(self, node: Node) -> Heads:
        heads = node.heads()
        self._check_age(node, heads.time)
        return heads

    def _suffices(self, answers: Answers[Heads], _missing: int) -> bool:
        return len({node.name for node, _ in answers.given}) >= self._agreement

    def _unavailable(self, contradicting: bool, answers: Answers[Any]) -> RegistryUnavailableError:
        needed, given = self._agreement, len({node.name for node, _ in answers.given})
        if contradicting:
            said = Sentence("The nodes contradict each other, and {needed} must agree.", {"needed": needed})
        elif given:
            text = "Only {given} of the {needed} nodes that must agree gave an answer."
            said = Sentence(text, {"given": given, "needed": needed})
        else:
            said = Sentence("No node gave an answer.")
        said_all = [said, *(problem.sentence for problem in answers.problems)]
        clock = self._clock_sentence(answers.problems)
        whole = in_a_row(said_all if clock is None else [*said_all, clock])
        if clock is not None:
            return ClockError(whole.text, **whole.facts)
        unfinal = any(isinstance(problem, UnfinalError) for problem in answers.problems)
        return (NoFinalityError if unfinal else RegistryUnavailableError)(whole.text, **whole.facts)

    def _clock_sentence(self, problems: Sequence[NodeError]) -> Sentence | None:
        """What to do about this machine's clock, where several operators agree on another time; None where not."""
        far = [problem for problem in problems if isinstance(problem, AgeError)]
        ages = {str(problem.sentence.facts["node"]): problem.age for problem in far}
        agreeing = len(ages) >= max(self._agreement, _OPERATORS_FOR_A_CLOCK)
        if not agreeing or max(ages.values()) - min(ages.values()) > _SPREAD_SECONDS:
            return None
        ours = int(self._clock())
        times = {"ours": _utc(ours), "theirs": _utc(ours - min(ages.values(), key=abs)), "count": len(ages)}
        return Sentence(_CLOCK_AHEAD if min(ages.values()) > 0 else _CLOCK_BEHIND, times)


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _voices(given: Sequence[tuple[Node, bytes]]) -> dict[bytes, set[str]]:
    """Each answer, and the operators whose nodes gave it."""
    groups: dict[bytes, set[str]] = {}
    for node, answer in given:
        groups.setdefault(answer, set()).add(node.name)
    return groups
