"""The registry written and read through real nodes."""

from dataclasses import replace

import pytest
from eth_account import Account

from deploy.registry_contract import accredit, authorise, deploy_registry
from issuer.errors import RefusedError, RevertedError
from issuer.registry.institution import InstitutionActs
from issuer.registry.writer import RegistryWriter
from issuer.sending import Pricing, Sender, Signed, connect
from tests.chain.batches import issued, small_batch
from tests.chain_fixtures import INSTITUTION, OTHER_DOMAIN, ChainNode, Deployed, deploy_on
from verifier.chain.values import Query
from verifier.core.batch_file import tree_of
from verifier.core.hashes import institution_id
from verifier.core.registry import SENTINEL, check_record

NOBODY = "0x" + "0" * 40


def test_a_registered_certificate_is_good_and_its_record_says_everything(deployed: Deployed) -> None:
    batch = small_batch(5)
    done = deployed.writer(deployed.signer).issue(deployed.institution, batch.root, 5)
    deployed.chain.finalize()
    record = check_record(batch.verify(deployed.registry(), deployed.domain, 4), deployed.domain, batch.root)
    assert record.sentinel == SENTINEL
    assert (record.good, record.counts, record.accredited, record.signer_authorised) == (True, True, True, True)
    assert (record.signer, record.size, record.issued_at) == (deployed.signer.address, 5, done.issued_at)
    assert (record.institution_name, record.successor, record.revoked_by) == (INSTITUTION, NOBODY, NOBODY)
    assert record.issued_at < record.finalized_time <= record.block_time
    assert record.block_number == deployed.chain.web3.eth.block_number or record.block_number > done.block


def test_issuing_is_as_cheap_as_promised_for_any_size(deployed: Deployed) -> None:
    writer = deployed.writer(deployed.signer)
    for size in (1, 80_000):
        assert writer.issue(deployed.institution, small_batch().root, size).gas_used <= 57_000
    revoked = deployed.revoke(deployed.admin, small_batch(100).commitments, 2)
    assert revoked["gasUsed"] <= 2_700_000


def test_what_was_never_registered_has_no_record(deployed: Deployed) -> None:
    batch = small_batch()
    record = check_record(batch.verify(deployed.registry(), deployed.domain), deployed.domain, batch.root)
    assert (record.exists, record.good, record.accredited) == (False, False, True)


def test_the_signed_transaction_is_stored_before_it_is_sent(deployed: Deployed) -> None:
    kept: list[Signed] = []
    writer, batch, web3 = deployed.writer(deployed.signer), small_batch(), deployed.chain.web3

    def store(signed: Signed) -> None:
        kept.append(signed)
        assert not writer.has_batch(deployed.institution, batch.root, 3)

    done = writer.issue(deployed.institution, batch.root, 3, store)
    assert [signed.hash for signed in kept] == [done.transaction]
    assert web3.eth.get_transaction_receipt(done.transaction)["status"] == 1


def test_nothing_is_sent_where_it_cannot_be_stored(deployed: Deployed) -> None:
    writer, batch = deployed.writer(deployed.signer), small_batch()

    def full(_signed: Signed) -> None:
        raise OSError("No space left on device")

    before = deployed.chain.web3.eth.get_transaction_count(deployed.signer.address, "pending")
    with pytest.raises(OSError, match="No space left"):
        writer.issue(deployed.institution, batch.root, 3, full)
    assert deployed.chain.web3.eth.get_transaction_count(deployed.signer.address, "pending") == before
    assert not writer.has_batch(deployed.institution, batch.root, 3)


def test_a_retry_registers_nothing_twice(deployed: Deployed) -> None:
    kept: list[Signed] = []
    writer, batch = deployed.writer(deployed.signer), small_batch()
    first = writer.issue(deployed.institution, batch.root, 3, kept.append)
    count = deployed.chain.web3.eth.get_transaction_count(deployed.signer.address)
    again = writer.issue(deployed.institution, batch.root, 3, kept.append)
    stored = writer.issue(deployed.institution, batch.root, 3, stored=kept[0])
    assert (again.transaction, again.issued_at, stored.issued_at) == (None, first.issued_at, first.issued_at)
    assert len(kept) == 1
    assert deployed.chain.web3.eth.get_transaction_count(deployed.signer.address) == count


def test_what_was_stored_and_never_sent_is_sent_as_it_is(deployed: Deployed) -> None:
    kept: list[Signed] = []
    writer, batch = deployed.writer(deployed.signer), small_batch()

    def killed(signed: Signed) -> None:
        kept.append(signed)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.issue(deployed.institution, batch.root, 3, killed)
    done = writer.issue(deployed.institution, batch.root, 3, stored=kept[0])
    assert done.transaction == kept[0].hash
    assert batch.verify(deployed.registry(), deployed.domain).good


def test_many_are_answered_as_one_by_one(deployed: Deployed) -> None:
    batch, other, registry = issued(deployed, 5), small_batch(1), deployed.registry()
    deployed.revoke(deployed.signer, batch.commitments[1:2], 3)
    tree = tree_of(batch.records)
    queries = [Query(index, *record, tree.path(index)) for index, record in enumerate(batch.records)]
    queries = [*queries[::-1], Query(0, *other.records[0], []), queries[1]]
    registry.refresh()
    answers = registry.verify_many(deployed.domain, queries)
    assert [each.reason for each in answers] == [0, 0, 0, 3, 0, 0, 3]
    assert [each.exists for each in answers] == [True] * 5 + [False, True]
    for query, answer in zip(queries, answers, strict=True):
        one = registry.verify(deployed.domain, query.index, query.commitment, query.sheet, query.path)
        blocks = {"block_number": one.block_number, "block_time": one.block_time, "finalized_time": one.finalized_time}
        assert replace(answer, **blocks) == one
    assert registry.verify_many(deployed.domain, []) == []


def test_more_than_one_call_holds_are_asked_in_several(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, registry = issued(deployed, 5), deployed.registry()
    monkeypatch.setattr("verifier.chain.registry._ANSWERS_AT_ONCE", 2)
    tree = tree_of(batch.records)
    queries = [Query(index, *record, tree.path(index)) for index, record in enumerate(batch.records)]
    answers = registry.verify_many(deployed.domain, queries)
    assert [each.root for each in answers] == [batch.root] * 5


def test_every_key_that_was_ever_authorised_is_listed(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, address = deployed.sender(deployed.admin), deployed.address
    acts = InstitutionActs(admin, address, deployed.domain)
    stolen = [str(Account.create().address) for _ in range(3)]
    for key in stolen:
        authorise(admin, address, deployed.domain, key)
        acts.remove(key).perform()
    acts.distrust(stolen[0], acts.now()).perform()
    registry = deployed.registry()
    for at_once in (500, 2):
        monkeypatch.setattr("verifier.chain.registry._KEYS_AT_ONCE", at_once)
        registry.refresh()
        listed = {each["key"]: each for each in registry.keys(deployed.domain)}
        assert [key for key in listed if key in stolen] == stolen
        assert {deployed.admin.address, deployed.signer.address} <= listed.keys()
        assert listed[deployed.admin.address]["isAdmin"]
        for key in stolen:
            assert not listed[key]["authorised"]
            assert 0 < listed[key]["authorisedAt"] <= acts.now()
        assert listed[stolen[0]]["distrustedSince"] > 0
    assert registry.keys("nowhere.example") == []


def test_a_withdrawal_names_who_wrote_it(deployed: Deployed) -> None:
    batch, registry = issued(deployed), deployed.registry()
    acts = InstitutionActs(deployed.sender(deployed.admin), deployed.address, deployed.domain)
    acts.withdraw(batch.root).perform()
    registry.refresh()
    record = batch.verify(registry, deployed.domain)
    assert (record.withdrawn_by, record.good) == (deployed.admin.address, False)
    assert record.withdrawn_at > 0
    acts.reinstate_batch(batch.root).perform()
    registry.refresh()
    record = batch.verify(registry, deployed.domain)
    assert (record.withdrawn_by, record.withdrawn_at, record.good) == (NOBODY, 0, True)


def test_the_same_root_with_another_size_is_refused_in_words(deployed: Deployed) -> None:
    batch = issued(deployed)
    with pytest.raises(RevertedError, match=f"by {deployed.signer.address} and with 3 certificates"):
        deployed.writer(deployed.signer).issue(deployed.institution, batch.root, 4)


def test_a_key_without_authority_is_told_so(deployed: Deployed) -> None:
    for key in (deployed.stranger, deployed.admin):
        with pytest.raises(RevertedError) as caught:
            deployed.writer(key).issue(deployed.institution, small_batch().root, 3)
        assert caught.value.reason == "NotAuthorised"
        assert str(caught.value) == (
            f"The key {key.address} is not an authorised signer of the institution. Its admin can authorise it (sanad "
            "authorise), or act with the admin's own key (--key)."
        )


def test_only_the_programme_accredits_and_only_the_admin_authorises(deployed: Deployed) -> None:
    stranger = deployed.sender(deployed.stranger)
    with pytest.raises(RevertedError, match=r"Only the programme, the registry's owner, may do this; 0x\w{40} is not"):
        accredit(stranger, deployed.address, OTHER_DOMAIN, "Quetta", deployed.stranger.address)
    with pytest.raises(RevertedError, match="Only the institution's admin may do this"):
        authorise(stranger, deployed.address, deployed.domain, deployed.stranger.address)


def test_a_squatted_root_takes_nothing_from_its_owner(deployed: Deployed) -> None:
    squatter, batch = deployed.stranger, small_batch()
    accredit(deployed.sender(deployed.programme), deployed.address, OTHER_DOMAIN, "Quetta", squatter.address)
    authorise(deployed.sender(squatter), deployed.address, OTHER_DOMAIN, squatter.address)
    deployed.writer(squatter).issue(institution_id(OTHER_DOMAIN), batch.root, 3)
    registry = deployed.registry()
    assert not batch.verify(registry, deployed.domain).exists
    deployed.writer(deployed.signer).issue(deployed.institution, batch.root, 3)
    record = batch.verify(registry, deployed.domain)
    assert (record.good, record.signer) == (True, deployed.signer.address)
    assert dict(registry.batch_counts())[OTHER_DOMAIN] == 1


def test_a_signer_revokes_its_own(deployed: Deployed) -> None:
    batch = issued(deployed)
    deployed.revoke(deployed.signer, batch.commitments[:1], 2)
    registry = deployed.registry()
    record = batch.verify(registry, deployed.domain)
    assert (record.good, record.reason, record.revoked_by_institution) == (False, 2, False)
    assert record.revoked_by == deployed.signer.address
    assert batch.verify(registry, deployed.domain, 1).good


def test_the_institution_revokes_any_and_its_word_stands_over_a_second_batch(deployed: Deployed) -> None:
    batch = issued(deployed)
    deployed.revoke(deployed.admin, batch.commitments[:2], 3)
    record = batch.verify(deployed.registry(), deployed.domain)
    assert (record.good, record.reason, record.revoked_by_institution) == (False, 3, True)
    acts = InstitutionActs(deployed.sender(deployed.admin), deployed.address, deployed.domain)
    assert acts.revoke(batch.commitments[:2], 2).perform().transaction is None
    second = small_batch(1)
    second = type(second)((batch.records[0], *second.records))
    deployed.writer(deployed.signer).issue(deployed.institution, second.root, 2)
    assert second.verify(deployed.registry(), deployed.domain).reason == 3


def test_a_stranger_revokes_nothing(deployed: Deployed) -> None:
    batch = issued(deployed)
    with pytest.raises(RevertedError, match="not an authorised signer"):
        deployed.revoke(deployed.stranger, batch.commitments, 1)
    assert batch.verify(deployed.registry(), deployed.domain).good


def test_the_counts_are_those_of_the_registry(chain: ChainNode) -> None:
    deployed = deploy_on(chain)
    registry = deployed.registry()
    assert registry.batch_counts() == {deployed.domain: 0}
    issued(deployed)
    assert registry.batch_counts() == {deployed.domain: 1}
    other = f"x.{OTHER_DOMAIN}"
    accredit(deployed.sender(deployed.programme), deployed.address, other, "Quetta", deployed.stranger.address)
    assert registry.batch_counts() == {deployed.domain: 1, other: 0}


def test_the_price_is_at_least_the_floor_and_never_above_the_cap(deployed: Deployed) -> None:
    web3 = connect(deployed.chain.url, deployed.chain.chain_id)
    dear = RegistryWriter(Sender(web3, deployed.signer, Pricing(floor=3_000_000_000)), deployed.address)
    done = dear.issue(deployed.institution, small_batch().root, 3)
    assert web3.eth.get_transaction(done.transaction)["maxFeePerGas"] == 3_000_000_000
    cheap = RegistryWriter(Sender(web3, deployed.signer, Pricing(floor=1, cap=10)), deployed.address)
    with pytest.raises(RefusedError, match="more than the 1e-08 gwei that the settings allow"):
        cheap.issue(deployed.institution, small_batch().root, 3)


def test_a_key_without_coins_is_told_what_it_needs(chain: ChainNode) -> None:
    from eth_account import Account

    with pytest.raises(RefusedError, match=r"The key 0x\w{40} has 0\.000000 coins and needs up to 0\.\d{6}"):
        deploy_registry(chain.sender(Account.create()))
