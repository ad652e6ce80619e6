"""The common names of the networks in the settings, and the notice for test networks."""

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
    """The network's common name; its name in the settings where it has no other."""
    return _NAMES.get(info.network, info.network)


def test_network(verdict: Verdict, asked: Sequence[RegistryInfo]) -> Sentence | None:
    """The notice that every verdict from a test network carries.

    Args:
        verdict: if no registry holds the certificate, all registries that were asked count.
        asked: the registries that the verifier trusts.
    """
    registries = [verdict.registry] if verdict.registry else asked
    network = next((network_name(info) for info in registries if info.test), None)
    if network is None:
        return None
    text = "Test network: this registry runs on {network}, for trials. It proves nothing."
    return Sentence(text, {"network": network})
