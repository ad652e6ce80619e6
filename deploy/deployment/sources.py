"""Has the registry's source checked by public services: Sourcify, and Etherscan where there is a key.

Both compile the committed standard JSON again and compare the result with the code on the chain.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from deploy.deployment.etherscan import Etherscan
from deploy.deployment.records import Deployed
from deploy.deployment.source_service import Patience, Source
from deploy.deployment.sourcify import Sourcify
from deploy.errors import SourceError, SourcePendingError
from deploy.registry_contract import registry_artifact
from verifier.chain.networks import Network
from verifier.plain_file import read_plain_text

KEY_VARIABLE = "ETHERSCAN_API_KEY"
"""The environment variable that may hold Etherscan's API key; it is never an argument."""
SOURCE_FILE = "registry_source.json"


@dataclass(frozen=True)
class Outcome:
    """What one service said."""

    service: str
    text: str
    problem: bool = False
    pending: bool = False


def check_sources(
    network: Network, deployed: Deployed, key: str | None, patience: Patience | None = None
) -> list[Outcome]:
    """Ask every service that the network names; whatever one of them answers, the others are asked too."""
    source, outcomes, wait = _source(), [], patience or Patience()
    if network.sourcify is not None:
        sourcify = Sourcify(network.sourcify, wait)
        outcomes.append(_asked("Sourcify", lambda: sourcify.check(deployed, source)))
    if network.etherscan is not None and key is not None:
        etherscan = Etherscan(network.etherscan, key, wait)
        outcomes.append(_asked("Etherscan", lambda: etherscan.check(deployed, source)))
    elif network.etherscan is not None:
        outcomes.append(Outcome("Etherscan", f"not asked: it needs an API key, in {KEY_VARIABLE} or a file."))
    return outcomes or [Outcome("Nobody", f"no service is known that checks sources on {network.name}.")]


def etherscan_key(file: Path | None) -> str | None:
    """Etherscan's API key: the first line of `file`, else the environment's; None where there is none.

    Raises:
        SourceError: the file cannot be read, or is empty.
    """
    if file is None:
        return os.environ.get(KEY_VARIABLE) or None
    try:
        key = read_plain_text(file).strip().split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"The file {file} with Etherscan's API key cannot be read.") from None
    if not key:
        raise SourceError(f"The file {file} with Etherscan's API key is empty.")
    return key


def _source() -> Source:
    text = files("deploy").joinpath(SOURCE_FILE).read_text(encoding="utf-8")
    return Source(text, registry_artifact()["solc"])


def _asked(service: str, ask: Callable[[], str]) -> Outcome:
    try:
        return Outcome(service, ask())
    except SourcePendingError as error:
        return Outcome(service, str(error), pending=True)
    except SourceError as error:
        return Outcome(service, str(error), problem=True)
