"""A website refuses to start on a node of another chain."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.cli import main
from tests.chain_fixtures import ChainNode
from verifier.errors import SettingsError
from verifier.web.wsgi import application

SETTINGS = """
[verifier]
origin = "https://verify.example.org"

[[registry]]
programme = "National Educators Programme"
network = "bsc-testnet"
address = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
nodes = ["{node}", "http://127.0.0.1:1"]
"""


def test_a_node_of_another_chain_is_a_refusal_at_start(embedded_chain: ChainNode, tmp_path: Path) -> None:
    config = tmp_path / "sanad.toml"
    config.write_text(SETTINGS.format(node=embedded_chain.url))
    name = embedded_chain.url.removeprefix("http://")
    told = (
        f"{config} cannot be used:\nThe node {name} is on chain 1337, but bsc-testnet is chain 97. Give another node."
    )
    with pytest.raises(SettingsError) as caught:
        application(config)
    assert str(caught.value) == told
    result = CliRunner().invoke(main, ["serve", "--config", str(config)])
    assert (result.exit_code, result.output) == (2, f"Error: {told}\n")


def test_nodes_that_do_not_answer_keep_nothing_from_starting(tmp_path: Path) -> None:
    (tmp_path / "sanad.toml").write_text(SETTINGS.format(node="http://127.0.0.1:2"))
    assert application(tmp_path / "sanad.toml").test_client().get("/").status_code == 200
