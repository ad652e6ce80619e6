"""What people call the networks that the settings know by name."""

from collections.abc import Mapping

from verifier.core.registry import RegistryInfo
from verifier.core.sentence import Sentence

_NAMES: Mapping[str, str | Sentence] = {
    "local": Sentence("a local chain"),
    "bsc": "BNB Smart Chain",
    "bsc-testnet": "BNB Smart Chain Testnet",
    "opbnb-testnet": "opBNB Testnet",
}


def network_name(info: RegistryInfo) -> str | Sentence:
    """The network's name in words; as the settings call it, where they know it by no other."""
    return _NAMES.get(info.network, info.network)
