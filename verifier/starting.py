"""What a website does before its first answer: it looks up its programmes and checks the chains of its nodes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from verifier.chain.values import NodeAddress
from verifier.errors import SettingsError
from verifier.settings import Settings
from verifier.trust import with_trusted

_SECONDS = 4.0


def started(settings: Settings, say: Callable[[str], None]) -> Settings:
    """The settings for a process that will run for long.

    Args:
        settings: from a sanad.toml.
        say: shows the operator a message about programmes that are trusted by their domain.

    Raises:
        SettingsError: a node is on another chain than the settings say, or a programme cannot be looked up.
    """
    settings = with_trusted(settings, say)
    if problems := list(_wrong_chains(settings)):
        raise SettingsError("\n".join([f"{settings.path} cannot be used:", *problems]))
    return settings


def _wrong_chains(settings: Settings) -> Iterator[str]:
    """Messages about nodes on another chain. A node that does not answer is not a mistake in the settings."""
    asked = list(
        dict.fromkeys((node, one.info.network, one.chain.chain_id) for one in settings.registries for node in one.nodes)
    )
    with ThreadPoolExecutor(max(1, len(asked))) as pool:
        found = pool.map(lambda each: _chain_of(each[0]), asked)
        for (node, network, chain_id), chain in zip(asked, found, strict=True):
            if chain is not None and chain != chain_id:
                yield f"The node {node.name} is on chain {chain}, but {network} is chain {chain_id}. Give another node."


def _chain_of(node: NodeAddress) -> int | None:
    from web3.types import RPCEndpoint  # late: web3 takes most of a second to load

    from verifier.chain.node import BoundedProvider

    try:
        answer = BoundedProvider(node.url, _SECONDS).make_request(RPCEndpoint("eth_chainId"), [])
        return int(str(answer["result"]), 16)
    except Exception:  # dead, slow or hostile: later questions report that
        return None
