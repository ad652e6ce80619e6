"""Each test of the journey has its own office; on the real node somebody has to mine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo import DevelopmentNode
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office


@pytest.fixture(params=["embedded_chain", "anvil"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """On both chains."""
    chain: ChainNode = request.getfixturevalue(request.param)
    node = DevelopmentNode(chain.url)
    node.tick()
    yield open_office(deploy_on(chain), tmp_path / "office")
    node.close()
