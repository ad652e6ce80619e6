"""An office whose class is issued, shared by the tests of this folder: they change its archive in copies of it."""

from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys


@pytest.fixture(scope="module")
def issued(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office"))
    school_keys(made)
    assert made.issue().exit_code == 0
    embedded_chain.finalize()
    return made


@pytest.fixture
def programme_config(issued: Office, tmp_path: Path) -> Path:
    """The settings of a programme: the same registry, no records and no archive."""
    text = issued.config.read_text().partition("[issuer]")[0].replace('archive = "archive"\n', "")
    config = tmp_path / "sanad.toml"
    config.write_text(text)
    return config
