"""What our own records signed after a registry's state was kept: carried where it took effect by all that is known."""

from pathlib import Path

import pytest

from issuer.records import AttemptState, Records
from issuer.registry.kept_state import KeptBatch, KeptState, old_state_in
from issuer.registry.own_records import what_we_recorded
from issuer.registry.signed_acts import Place
from issuer.sending import Signed
from tests.store.test_signed_acts import DOMAIN, PROFESSOR, REGISTRY, SENDER, A, relayed, sent
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS

ROOT = b"\x09" * 32
FILE = BatchFile(DOMAIN, ROOT, A + ZERO)
HERE, ELSEWHERE = Place.of(97, REGISTRY), Place.of(5611, REGISTRY)
BY_ADMIN, BY_SIGNER = sent("revoke", NO_ADDRESS, [A], 3), relayed("revoke", PROFESSOR.address, [A], 3)
WITHDRAWN, REINSTATED = sent("withdraw", ROOT), sent("reinstateBatch", ROOT, nonce=1)


def kept(
    signer: str = PROFESSOR.address, adopted: bool = False, distrusted: str | None = None, settled: tuple[str, ...] = ()
) -> KeptState:
    batch = KeptBatch(1, 100, signer, adopted, True, 0)
    since = {} if distrusted is None else {distrusted: 50}
    return KeptState(DOMAIN, "A", SENDER.address, False, False, {ROOT: batch}, {}, since, 0, frozenset(settled))


@pytest.mark.parametrize(
    ("act", "state", "old", "carried"),
    [
        (BY_ADMIN, kept(), HERE, True),
        (BY_SIGNER, kept(), HERE, True),
        (BY_ADMIN, kept(adopted=True), HERE, True),
        (BY_SIGNER, kept(adopted=True), HERE, False),
        (BY_SIGNER, kept(signer=SENDER.address), HERE, False),
        (BY_ADMIN, kept(settled=(BY_ADMIN.hash,)), HERE, False),
        (BY_SIGNER, kept(settled=(BY_ADMIN.hash,)), HERE, True),
        (BY_SIGNER, kept(distrusted=PROFESSOR.address), HERE, False),
        (BY_ADMIN, kept(distrusted=PROFESSOR.address), HERE, True),
        (BY_ADMIN, kept(), ELSEWHERE, False),
    ],
)
def test_a_revocation_since(store: Records, act: Signed, state: KeptState, old: Place, carried: bool) -> None:
    store.transactions.keep(None, "revoke", act)
    found = old_state_in(state, [FILE], store, old).revocations
    assert dict(found) == ({A: (3, ZERO)} if carried else {})


@pytest.mark.parametrize(
    ("acts", "settled", "withdrawn"),
    [
        ((), (), False),
        ((WITHDRAWN,), (), True),
        ((WITHDRAWN, REINSTATED), (), False),
        ((WITHDRAWN, REINSTATED), (REINSTATED.hash,), True),
        ((WITHDRAWN, REINSTATED), (WITHDRAWN.hash, REINSTATED.hash), False),
    ],
)
def test_a_withdrawal_since(
    store: Records, acts: tuple[Signed, ...], settled: tuple[str, ...], withdrawn: bool
) -> None:
    for act, kind in zip(acts, ("withdraw", "reinstate"), strict=False):
        attempt = store.transactions.keep(None, kind, act)
        store.transactions.note(attempt.hash, AttemptState.MINED, block=5, receipt={"status": 1})
        store.transactions.close(attempt.transaction)
    assert old_state_in(kept(settled=settled), [FILE], store, HERE).withdrawn == ({ROOT} if withdrawn else set())
    assert store.transactions.mined(97, 5) == {act.hash for act in acts}
    assert store.transactions.mined(97, 4) == store.transactions.mined(5611, 9) == set()


@pytest.mark.parametrize(("old", "count"), [(HERE, 1), (ELSEWHERE, 0)])
def test_of_one_address_on_two_chains_the_acts_of_one_are_not_the_others(
    store: Records, tmp_path: Path, old: Place, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.registry.own_records.batch_files", lambda *_: [FILE])
    store.transactions.keep(None, "revoke", BY_ADMIN)
    assert len(what_we_recorded(store, FolderArchive(tmp_path), DOMAIN, old).revocations) == count
