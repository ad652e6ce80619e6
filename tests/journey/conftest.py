"""Each test of the journey has its own office; on the real node somebody has to mine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo import DevelopmentNode
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys


@pytest.fixture(params=["embedded_chain", "anvil"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """On both chains."""
    chain: ChainNode = request.getfixturevalue(request.param)
    node = DevelopmentNode(chain.url)
    node.tick()
    yield open_office(deploy_on(chain), tmp_path / "office")
    node.close()


@pytest.fixture
def school(embedded_office: Office) -> Office:
    """An office whose class is issued, with the keys of admin and programme in its settings."""
    school_keys(embedded_office)
    assert embedded_office.issue().exit_code == 0
    return embedded_office


@pytest.fixture
def embedded_school(embedded_office: Office) -> Office:
    """An office with the keys of admin and programme in its settings, and nothing issued."""
    school_keys(embedded_office)
    return embedded_office
