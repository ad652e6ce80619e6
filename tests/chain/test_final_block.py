"""A registry asked at the newest final block: nothing that the chain may still undo, and nothing of a guess."""

import pytest

from issuer.registry.institution import InstitutionActs
from tests.chain import bad_node
from tests.chain.bad_node import BadNode
from tests.chain.batches import issued
from tests.chain_fixtures import ChainNode, Deployed, deploy_on
from verifier.chain.registry import NodeRegistry
from verifier.chain.values import NodeAddress, Patience
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import check_record


@pytest.fixture
def mined(anvil: ChainNode) -> Deployed:
    deployed = deploy_on(anvil)
    anvil.finalize()
    return deployed


def test_what_is_not_final_yet_is_not_there(mined: Deployed) -> None:
    registry = mined.registry()
    final = registry.at_final_block()
    assert final.info == registry.info
    batch = issued(mined)
    assert registry.batch(mined.domain, batch.root)["issuedAt"]
    assert not final.batch(mined.domain, batch.root)["issuedAt"]
    assert final.block_number() < registry.block_number()
    mined.chain.finalize()
    assert final.batch(mined.domain, batch.root)["counts"]
    record = batch.verify(final, mined.domain)
    assert check_record(record, mined.domain, batch.root).good
    assert record.block_time == record.finalized_time


def test_what_is_not_finally_undone_is_still_there(mined: Deployed) -> None:
    """A withdrawal that is taken back leaves no time in the newest answer: only an older block tells of it."""
    registry, final, batch = mined.registry(), mined.registry().at_final_block(), issued(mined)
    admin = InstitutionActs(mined.sender(mined.admin), mined.address, mined.domain)
    admin.withdraw(batch.root).perform()
    mined.chain.finalize()
    assert final.batch(mined.domain, batch.root)["withdrawnAt"]
    admin.reinstate_batch(batch.root).perform()
    assert not registry.batch(mined.domain, batch.root)["withdrawnAt"]
    assert final.batch(mined.domain, batch.root)["withdrawnAt"]
    mined.chain.finalize()
    assert not final.batch(mined.domain, batch.root)["withdrawnAt"]


@pytest.mark.parametrize("spoil", [bad_node.never_final, bad_node.finality_of_an_hour_ago])
def test_where_finality_is_missing_nothing_is_guessed(embedded_chain: ChainNode, spoil: bad_node.Spoil) -> None:
    deployed = deploy_on(embedded_chain)
    batch = issued(deployed)
    embedded_chain.finalize()
    with BadNode(embedded_chain.url, spoil) as node:
        address = [NodeAddress(node.url, "Node 1")]
        final = NodeRegistry(deployed.info, address, 1, Patience(reuse=0)).at_final_block()
        try:
            found = final.batch(deployed.domain, batch.root)
        except RegistryUnavailableError:
            return
        assert not found["issuedAt"], "an older block knows nothing of it yet"


def test_the_newest_block_still_has_to_be_young(mined: Deployed) -> None:
    def tomorrow() -> float:
        return float(mined.chain.web3.eth.get_block("latest")["timestamp"]) + 86_400

    nodes = [NodeAddress(mined.chain.url)]
    final = NodeRegistry(mined.info, nodes, 1, Patience(reuse=0), tomorrow).at_final_block()
    with pytest.raises(RegistryUnavailableError, match="seconds behind this machine's clock"):
        final.institution(mined.domain)
