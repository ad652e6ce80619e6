"""What SPEC.md says of relayed acts is what the contract accepts, on both chains."""

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from deploy.registry_contract import registry_artifact
from issuer.errors import RevertedError
from tests.chain.batches import issued, small_batch
from tests.chain_fixtures import Deployed
from tests.relaying import typed_data


def relay(deployed: Deployed, kind: str, **message: Any) -> None:
    """The signer signs, a stranger sends."""
    deadline = deployed.chain.web3.eth.get_block("latest")["timestamp"] + 3600
    message = {"institution": deployed.institution, "signer": deployed.signer.address, **message, "deadline": deadline}
    data = typed_data(kind, deployed.chain.chain_id, deployed.address, **message)
    signature = Account.sign_message(encode_typed_data(full_message=data), deployed.signer.key).signature
    sender = deployed.sender(deployed.stranger)
    contract = sender.web3.eth.contract(deployed.address, abi=registry_artifact()["abi"])
    sender.transact(contract.functions[f"{kind.lower()}For"](*message.values(), signature))


def test_a_batch_is_relayed_once(deployed: Deployed) -> None:
    batch = small_batch()
    relay(deployed, "Issue", root=batch.root, size=3)
    record = batch.verify(deployed.registry(), deployed.domain)
    assert (record.counts, record.signer, record.size) == (True, deployed.signer.address, 3)
    with pytest.raises(RevertedError, match="registered this batch already"):
        relay(deployed, "Issue", root=batch.root, size=3)


def test_revocations_and_replacements_are_relayed_and_skip_what_stands(deployed: Deployed) -> None:
    batch, new = issued(deployed), bytes([7]) * 32
    for _ in range(2):
        relay(deployed, "Revoke", authority=deployed.signer.address, commitments=batch.commitments[:1], reason=3)
        news = {"commitments": batch.commitments[:2], "replacements": [new, new], "reason": 4}
        relay(deployed, "Replace", authority=deployed.signer.address, **news)
    registry = deployed.registry()
    first, second = (batch.verify(registry, deployed.domain, index) for index in range(2))
    assert (first.reason, first.replacement, first.revoked_by) == (3, bytes(32), deployed.signer.address)
    assert (second.reason, second.replacement, second.revoked_by_institution) == (4, new, False)
