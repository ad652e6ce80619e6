"""Clues to who did it, from one node: which transactions of the last blocks acted, and how many each key sent.

Nodes that forget soon, or lie, give none or false ones. So a clue is only where to look: what it names is asked of the
registry itself, by as many nodes as must agree. Without clues the watch still sees that something happened.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from issuer.sending import connect_to_any
from issuer.watch.alerts import Place
from issuer.watch.own import Pair
from verifier.chain.values import NodeAddress
from verifier.core.hashes import institution_id, keccak256
from verifier.core.registry import NO_ADDRESS
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from web3 import Web3

Answer = TypeVar("Answer")
_SECONDS = 5.0
_BLOCKS_AT_ONCE = 1000
_QUESTIONS = 60
"""How many ranges of blocks are asked about at most: what is older stays unknown."""
_ISSUED = ("BatchIssued(bytes32,bytes32,address,uint32)", "BatchAdopted(bytes32,bytes32,address,uint32)")
_REVOKED = (
    "CertificateRevoked(bytes32,bytes32,address,uint8,bool)",
    "CertificateReplaced(bytes32,bytes32,address,uint8,bool,bytes32)",
)


@dataclass(frozen=True)
class Written:
    """What the node says was written in some blocks."""

    roots: frozenset[bytes]
    revocations: frozenset[Pair]


class Clues:
    """Asks the first node that answers; whatever goes wrong, there is no clue.

    Args:
        nodes: the registry's.
        place: the registry.
    """

    def __init__(self, nodes: Sequence[NodeAddress], place: Place) -> None:
        self._nodes, self._place = nodes, place

    def written(self, domain: str, first: int, last: int) -> Written | None:
        """The batches and revocations of an institution in these blocks; None where no node says."""
        return self._try(lambda web3: self._written(web3, domain, first, last))

    def counts(self, addresses: Collection[str]) -> dict[str, int] | None:
        """How many transactions each key has sent; None where no node says."""
        return self._try(lambda web3: {each: int(web3.eth.get_transaction_count(_address(each))) for each in addresses})

    def _written(self, web3: "Web3", domain: str, first: int, last: int) -> Written:
        topics = {name: "0x" + keccak256(name.encode()).hex() for name in (*_ISSUED, *_REVOKED)}
        roots: set[bytes] = set()
        revoked: set[Pair] = set()
        first = max(first, last - _BLOCKS_AT_ONCE * _QUESTIONS + 1, 0)
        for start in range(first, last + 1, _BLOCKS_AT_ONCE):
            wanted: Any = {
                "address": _address(self._place.address),
                "fromBlock": start,
                "toBlock": min(last, start + _BLOCKS_AT_ONCE - 1),
                "topics": [list(topics.values()), "0x" + institution_id(domain).hex()],
            }
            for log in web3.eth.get_logs(wanted):
                name, about, writer = ("0x" + bytes(log["topics"][at]).hex() for at in (0, 2, 3))
                if name in (topics[each] for each in _ISSUED):
                    roots.add(bytes.fromhex(about[2:]))
                else:
                    by_institution = any(bytes(log["data"])[32:64])
                    authority = NO_ADDRESS if by_institution else checksummed("0x" + writer[-40:])
                    revoked.add((authority, bytes.fromhex(about[2:])))
        return Written(frozenset(roots), frozenset(revoked))

    def _try(self, question: "Callable[[Web3], Answer]") -> Answer | None:
        try:
            return question(connect_to_any(self._nodes, self._place.chain_id, _SECONDS, 0))
        except Exception:  # a clue is never worth a look
            return None


def _address(text: str) -> Any:
    return checksummed(text)
