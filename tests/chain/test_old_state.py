"""What a move carries over: also what we revoked and a distrust has hidden, never what took no effect."""

from issuer.registry.institution import InstitutionActs
from issuer.registry.moving import old_state_of
from issuer.registry.signed_acts import SignedRevocation
from tests.chain.batches import issued
from tests.chain_fixtures import Deployed
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS


def test_our_own_revocations_that_a_distrust_hides_stood(deployed: Deployed) -> None:
    batch, signer = issued(deployed, 4), deployed.signer.address
    file = BatchFile(deployed.domain, batch.root, b"".join(c + p for c, p in batch.records))
    first, second, third, fourth = batch.commitments
    deployed.chain.finalize()
    deployed.revoke(deployed.signer, [first], 3)
    signed = [
        SignedRevocation(signer, signer, first, 3, ZERO),
        SignedRevocation(deployed.stranger.address, deployed.stranger.address, second, 3, ZERO),
        SignedRevocation(deployed.admin.address, NO_ADDRESS, third, 3, ZERO),  # signed, and nobody distrusts the admin
    ]
    registry = deployed.registry()
    registry.refresh()
    assert old_state_of(registry, deployed.domain, [file], signed).revocations == {first: (3, ZERO)}
    acts = InstitutionActs(deployed.sender(deployed.admin), deployed.address, deployed.domain)
    (revocation,) = registry.revocations(deployed.domain, signer, [first])
    assert revocation is not None
    acts.distrust(signer, revocation.revoked_at).perform()
    registry.refresh()
    assert old_state_of(registry, deployed.domain, [file]).revocations == {}
    old = old_state_of(registry, deployed.domain, [file], signed)
    assert old.revocations == {first: (3, ZERO)}
    acts.lift_distrust(signer).perform()
    assert fourth not in old.revocations
