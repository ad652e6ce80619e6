"""Asks several nodes at the same time, within a time limit."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from verifier.chain.node import Node
from verifier.errors import NodeError

Answer = TypeVar("Answer")


class Answers(Generic[Answer]):
    """The answers of nodes, and the problems of those that gave none."""

    def __init__(self) -> None:
        self.given: list[tuple[Node, Answer]] = []
        self.problems: list[NodeError] = []


def ask_all(
    nodes: Sequence[Node],
    question: Callable[[Node], Answer],
    seconds: float,
    enough: Callable[[Answers[Answer], int], bool],
    grace: float = 0.0,
) -> Answers[Answer]:
    """Put one question to all nodes at once.

    Args:
        nodes: the nodes to ask.
        question: may raise NodeError.
        seconds: how long to wait in all.
        enough: from the answers so far and the number still missing, whether to stop waiting.
        grace: how many seconds to wait for the others even then.
    """
    arrived: queue.SimpleQueue[tuple[Node, Answer | NodeError]] = queue.SimpleQueue()
    for node in nodes:
        # Daemon threads, so that a node that sends one byte a minute cannot keep a command from ending.
        threading.Thread(target=_ask, args=(node, question, arrived), daemon=True).start()
    answers: Answers[Answer] = Answers()
    missing, deadline, satisfied = list(nodes), time.monotonic() + seconds, False
    while missing:
        try:
            node, answer = arrived.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            break
        missing.remove(node)
        if isinstance(answer, NodeError):
            answers.problems.append(answer)
        else:
            answers.given.append((node, answer))
        if not satisfied and enough(answers, len(missing)):
            satisfied, deadline = True, min(deadline, time.monotonic() + grace)
    answers.problems += [node.problem("did not answer in time") for node in missing]
    return answers


def _ask(
    node: Node,
    question: Callable[[Node], Answer],
    arrived: "queue.SimpleQueue[tuple[Node, Answer | NodeError]]",
) -> None:
    try:
        arrived.put((node, question(node)))
    except NodeError as error:
        arrived.put((node, error))
