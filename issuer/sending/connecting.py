"""A node to write through; each of its faults becomes one sentence."""

from collections.abc import Callable, Sequence
from typing import Any

from web3 import Web3
from web3.exceptions import ContractLogicError
from web3.middleware import ExtraDataToPOAMiddleware

from issuer.errors import NodeUnusableError, TransactionError
from issuer.sending.nodes import WAIT_SECONDS, SeveralNodes, check_chain
from issuer.sending.revert_reasons import reverted
from verifier.chain.values import NodeAddress

SECONDS = 8.0
"""How long one answer of a node may take: a person hears of it within ten seconds."""


def connect(url: str, chain_id: int, seconds: float = SECONDS) -> Web3:
    """A connection for writing: it never sends twice by itself.

    Raises:
        NodeUnusableError: the node cannot be asked, or is of another chain.
    """
    return connect_to_any([url], chain_id, seconds)


def connect_to_any(
    nodes: Sequence[str | NodeAddress], chain_id: int, seconds: float = SECONDS, wait: float = WAIT_SECONDS
) -> Web3:
    """A connection to several nodes, of which the first that answers is used each time.

    Args:
        nodes: their addresses.
        chain_id: the chain that they must be of.
        seconds: how long one answer may take; of several nodes each gets four at most.
        wait: how long throttled nodes are waited for, where no other answers.

    Raises:
        NodeUnusableError: none answers.
        WrongChainError: one is of another chain: what the settings say of it may be wrong of the others too.
    """
    addresses = [node if isinstance(node, NodeAddress) else NodeAddress(node) for node in nodes]
    web3 = Web3(SeveralNodes(addresses, chain_id, seconds, wait))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    reading(lambda: check_chain(int(web3.eth.chain_id), chain_id))
    return web3


def reading(question: Callable[[], Any]) -> Any:
    """What a node answers to a question.

    Raises:
        NodeUnusableError: it gave no answer.
        RevertedError: the contract refuses, and why.
    """
    try:
        return question()
    except TransactionError:
        raise
    except ContractLogicError as error:
        raise reverted(error.data) from None
    except Exception as error:  # web3, requests and eth_abi each raise their own exceptions
        raise NodeUnusableError(f"The node gave no usable answer ({type(error).__name__}). Try again.") from None
