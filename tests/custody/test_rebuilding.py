"""Lost records, whole or in part, come back from what is left; nothing is invented, nobody erased comes back."""

import shutil
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import ROSTER, Office, open_office
from tests.postgres import postgres

__all__ = ["postgres"]


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path / "office")
    assert opened.issue(ROSTER).exit_code == 0
    return opened


def rebuild(office: Office, *words: str) -> tuple[int, str]:
    result = office.run("rebuild", "--config", str(office.config), *words)
    assert "Traceback" not in result.output, result.output
    return result.exit_code, result.output


def test_lost_data_folder(office: Office) -> None:
    shutil.rmtree(office.folder / "data")
    code, output = rebuild(office, "--from", str(office.folder))
    print(output)
    assert code == 0, output
    again = office.issue(ROSTER)
    print(again.output)
    assert again.exit_code == 0
    assert "already issued" in again.output
    assert rebuild(office)[0] == 0
