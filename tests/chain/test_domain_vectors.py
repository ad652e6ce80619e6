"""The contract takes exactly the domains of SPEC.md: the same vectors as for every verifier."""

from typing import Any

import pytest
from web3.exceptions import ContractCustomError

from deploy.registry_contract import registry_artifact
from tests.chain_fixtures import Deployed
from tests.core.vector_files import vectors


def accredit(deployed: Deployed, domain: str) -> None:
    """As the programme, but only asked: nothing is written."""
    contract = deployed.chain.web3.eth.contract(deployed.address, abi=registry_artifact()["abi"])
    act = contract.functions.accredit(domain, "University", deployed.stranger.address, False)
    act.call({"from": deployed.programme.address})


@pytest.mark.parametrize("vector", vectors("domains/good"))
def test_the_contract_takes_it(deployed: Deployed, vector: dict[str, Any]) -> None:
    accredit(deployed, vector["input"])


@pytest.mark.parametrize("vector", vectors("domains/bad"))
def test_the_contract_refuses_it(deployed: Deployed, vector: dict[str, Any]) -> None:
    selector = deployed.chain.web3.keccak(text="BadDomain(string)")[:4].hex()
    with pytest.raises(ContractCustomError, match=f"0x{selector}"):
        accredit(deployed, vector["input"])
