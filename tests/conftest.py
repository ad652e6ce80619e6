"""Fixtures that every folder may use."""

from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, anvil, deploy_on, deployed, embedded_chain
from tests.journey.office import Office, open_office

__all__ = ["anvil", "deployed", "embedded_chain", "embedded_office"]


@pytest.fixture
def embedded_office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    """An institution's office on the embedded chain."""
    return open_office(deploy_on(embedded_chain), tmp_path / "office")
