"""What a node says of who did it, and the watch without any."""

import pytest

from issuer.watch.alerts import Place
from issuer.watch.clues import Clues
from tests.chain_fixtures import ChainNode, deploy_on
from tests.watch.conftest import Watched
from verifier.chain.values import NodeAddress
from verifier.core.registry import NO_ADDRESS


@pytest.mark.parametrize("which", ["anvil", "embedded_chain"])
def test_a_node_names_roots_and_revocations(which: str, request: pytest.FixtureRequest) -> None:
    chain: ChainNode = request.getfixturevalue(which)
    deployed = deploy_on(chain)
    first = chain.web3.eth.block_number
    deployed.writer(deployed.signer).issue(deployed.institution, b"r" * 32, 3)
    deployed.revoke(deployed.signer, [b"s" * 32], 3)
    deployed.revoke(deployed.admin, [b"a" * 32], 3)
    clues = Clues([NodeAddress(chain.url)], Place(chain.chain_id, deployed.address))
    found = clues.written(deployed.domain, first, chain.web3.eth.block_number)
    assert found is not None
    assert found.roots == {b"r" * 32}
    assert found.revocations == {(deployed.signer.address, b"s" * 32), (NO_ADDRESS, b"a" * 32)}
    assert clues.written("other.example", first, chain.web3.eth.block_number).roots == frozenset()  # type: ignore[union-attr]
    assert clues.written(deployed.domain, first - 2, first - 1).roots == frozenset()  # type: ignore[union-attr]
    assert clues.counts([deployed.signer.address, deployed.admin.address]) == {
        deployed.signer.address: 2,
        deployed.admin.address: 2,
    }


def test_without_a_node_there_is_no_clue() -> None:
    clues = Clues([NodeAddress("http://127.0.0.1:1")], Place(97, NO_ADDRESS))
    assert (clues.written("a.example", 0, 5), clues.counts([NO_ADDRESS])) == (None, None)


def test_without_logs_the_key_is_found_by_counting_and_stopped_as_printed(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public nodes often refuse questions about logs."""
    monkeypatch.setattr(Clues, "written", lambda *_: None)
    office = watched.office
    professor = watched.key()
    assert watched.watch(0) == []
    forged = watched.issue(professor)
    watched.issue_honestly()  # honest, by the other key
    (alert,) = watched.watch(1)
    assert f"{professor.address} sent 1 transaction that our records do not have" in alert["text"]
    assert office.deployed.signer.address not in alert["text"]
    (command,) = alert["commands"]
    watched.typed(command)
    assert not watched.counts(forged)
    assert watched.verdicts("later") == watched.verdicts() == {"valid"}
    # The registry goes on counting the batch, and nobody knows its root: somebody has to have seen it.
    watched.watch(1)
    watched.run("watch", "seen", "--all")
    assert watched.watch(0) == []


def test_a_stolen_key_without_logs_keeps_what_was_honest(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clues, "written", lambda *_: None)
    office = watched.office
    watched.watch(0)
    forged = watched.issue(office.deployed.signer)
    watched.issue_honestly()  # honest, by the key that is stolen
    (alert,) = watched.watch(1)
    assert f"{office.deployed.signer.address} sent 1 transaction that our records do not have" in alert["text"]
    watched.typed(alert["commands"][0])
    assert not watched.counts(forged)
    assert watched.verdicts("later") == watched.verdicts() == {"valid"}
