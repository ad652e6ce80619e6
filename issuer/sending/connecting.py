"""A node to write through, and its every fault told in one sentence."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from web3 import Web3
from web3.exceptions import ContractLogicError
from web3.middleware import ExtraDataToPOAMiddleware

from issuer.errors import NodeUnusableError, WrongChainError
from issuer.sending.revert_reasons import reverted
from verifier.chain.node import BoundedProvider, fault


def connect(url: str, chain_id: int, seconds: float = 10.0) -> Web3:
    """A connection for writing: it never sends twice by itself.

    Raises:
        NodeUnusableError: the node cannot be asked, or is of another chain.
    """
    web3 = Web3(BoundedProvider(url, seconds))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    try:
        found = web3.eth.chain_id
    except Exception as error:  # web3 and requests have trees of their own
        host = urlsplit(url).netloc.rpartition("@")[2]  # an address may hold a key, and is not shown whole
        raise NodeUnusableError(
            f"The node {host} {fault(error)}. Try again; if it goes on, look at nodes in sanad.toml."
        ) from None
    if found != chain_id:
        raise WrongChainError(f"The node is of chain {found}, not of chain {chain_id}: check the network's settings.")
    return web3


def connect_to_any(urls: Sequence[str], chain_id: int, seconds: float = 10.0) -> Web3:
    """A connection to the first node that answers.

    Raises:
        NodeUnusableError: none does.
        WrongChainError: one is of another chain: what the settings say of it may be wrong of the others too.
    """
    for url in urls[:-1]:
        try:
            return connect(url, chain_id, seconds)
        except WrongChainError:
            raise
        except NodeUnusableError:
            continue
    return connect(urls[-1], chain_id, seconds)


def reading(question: Callable[[], Any]) -> Any:
    """What a node answers to a question.

    Raises:
        NodeUnusableError: it gave no answer.
        RevertedError: the contract refuses, and why.
    """
    try:
        return question()
    except ContractLogicError as error:
        raise reverted(error.data) from None
    except Exception as error:  # web3, requests and eth_abi each have trees of their own
        raise NodeUnusableError(f"The node gave no usable answer ({type(error).__name__}). Try again.") from None
