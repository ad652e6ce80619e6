"""Puts the registry on a chain, accredits institutions and authorises signers.

The compiled contract comes with the package (deploy/packaged_abi.py), so no compiler and no node is needed here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from deploy.errors import ArtifactError
from issuer.sending import Keep, Sender
from verifier.core.hashes import institution_id

ARTIFACT_FILE = "registry_artifact.json"


@dataclass(frozen=True)
class Done:
    """A transaction that was mined."""

    transaction: str
    block: int
    gas_used: int


@dataclass(frozen=True)
class Deployed(Done):
    """A registry on a chain."""

    address: str


def deploy_registry(sender: Sender, programme: str | None = None, store: Keep | None = None) -> Deployed:
    """Create a registry owned by `programme`, or by the sender.

    Raises:
        ArtifactError: the package lacks the compiled contract.
        TransactionError: as issuer.sending.Sender.transact.
    """
    artifact = registry_artifact()
    factory = sender.web3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
    owner = sender.web3.to_checksum_address(programme or sender.address)
    receipt = sender.transact(factory.constructor(owner), store)
    return Deployed(*_facts(receipt), address=receipt["contractAddress"])


def accredit(sender: Sender, registry: str, domain: str, name: str, admin: str, may_certify: bool = False) -> Done:
    """Accredit an institution; the sender is the programme.

    Raises:
        TransactionError: as issuer.sending.Sender.transact.
    """
    return _transact(sender, registry, "accredit", domain, name, sender.web3.to_checksum_address(admin), may_certify)


def authorise(sender: Sender, registry: str, domain: str, signer: str) -> Done:
    """Authorise a key to issue for an institution; the sender is the institution's admin.

    Raises:
        TransactionError: as issuer.sending.Sender.transact.
    """
    key = sender.web3.to_checksum_address(signer)
    return _transact(sender, registry, "authorise", institution_id(domain), key)


def _transact(sender: Sender, registry: str, function: str, *arguments: Any) -> Done:
    contract = sender.web3.eth.contract(sender.web3.to_checksum_address(registry), abi=registry_artifact()["abi"])
    return Done(*_facts(sender.transact(contract.functions[function](*arguments))))


def _facts(receipt: Any) -> tuple[str, int, int]:
    return "0x" + bytes(receipt["transactionHash"]).hex(), receipt["blockNumber"], receipt["gasUsed"]


@cache
def registry_artifact() -> Mapping[str, Any]:
    """The compiled contract that the package carries.

    Raises:
        ArtifactError: it is missing or damaged.
    """
    try:
        artifact: Mapping[str, Any] = json.loads(files("deploy").joinpath(ARTIFACT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ArtifactError(f"deploy/{ARTIFACT_FILE} is missing or damaged: install Sanad again.") from None
    return artifact
