"""What people call the networks that the settings know by name, and what is said of those for tests."""

from collections.abc import Mapping, Sequence

from verifier.core.registry import RegistryInfo
from verifier.core.sentence import Sentence
from verifier.core.verdict import Verdict

_NAMES: Mapping[str, str | Sentence] = {
    "local": Sentence("a local chain"),
    "bsc": "BNB Smart Chain",
    "bsc-testnet": "BNB Smart Chain Testnet",
    "opbnb-testnet": "opBNB Testnet",
}


def network_name(info: RegistryInfo) -> str | Sentence:
    """The network's name in words; as the settings call it, where they know it by no other."""
    return _NAMES.get(info.network, info.network)


def test_network(verdict: Verdict, asked: Sequence[RegistryInfo]) -> Sentence | None:
    """What every verdict from a test network says besides.

    Args:
        verdict: where no registry holds the certificate, those that were asked count.
        asked: the registries that the verifier trusts.
    """
    registries = [verdict.registry] if verdict.registry else asked
    network = next((network_name(info) for info in registries if info.test), None)
    if network is None:
        return None
    text = "Test network: the registry stands on {network}, for trying out. This is no proof of anything in earnest."
    return Sentence(text, {"network": network})
