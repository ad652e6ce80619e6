"""The tests here run on both chains: the one in the process, and a real node."""

import pytest

from tests.chain_fixtures import ChainNode, Deployed, deploy_on


@pytest.fixture(scope="session", params=["embedded_chain", "anvil"])
def chain(request: pytest.FixtureRequest) -> ChainNode:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def deployed(chain: ChainNode) -> Deployed:
    return deploy_on(chain)
