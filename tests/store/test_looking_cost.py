"""A look at a large archive is cheap: names alone are read, and the node gets a fixed number of questions."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from issuer.keys.signers import KeyPlace
from issuer.office import behind
from issuer.records import BatchState, Records
from issuer.records.place import in_folder
from tests.pace import unit
from tests.store.samples import DOMAIN, batch, drafts
from verifier.archive_folder import batch_path
from verifier.core.hashes import sha256

KEY = "0x" + "22" * 20
REGISTRY = "0x" + "33" * 20
FILES = 1000


class Counted:
    """A registry that has every batch, registered by somebody else, and counts what it is asked."""

    def __init__(self, registered: int) -> None:
        self.questions: list[int] = []
        self._registered = registered

    def institution(self, _domain: str) -> Mapping[str, Any]:
        self.questions.append(1)
        return {"batches": self._registered}

    def batches(self, _domain: str, roots: Sequence[bytes]) -> list[Mapping[str, Any]]:
        self.questions.append(len(roots))
        other = {"signer": "0x" + "44" * 20, "issuedAt": 1_700_000_000, "size": 5, "adopted": False, "counts": True}
        return [other for _ in roots]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(behind, "_sent", lambda _office, _key: 3)
    for number in range(FILES):
        path = batch_path(tmp_path / "archive", DOMAIN, sha256(number.to_bytes(4)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    issuing = SimpleNamespace(records=in_folder(tmp_path / "data"), signer_key=KeyPlace(url="http://x", address=KEY))
    info = SimpleNamespace(chain_id=97, address=REGISTRY)
    return SimpleNamespace(
        archive_folder=tmp_path / "archive",
        issuing=issuing,
        registry=Counted(FILES),
        registry_settings=SimpleNamespace(info=info),
    )


def _looked(office: Any) -> behind.Look:
    before = time.process_time()
    (found,) = behind.look(office, DOMAIN)
    spent = time.process_time() - before
    assert spent < 8 * unit(), spent
    return found


def test_a_thousand_batch_files_of_colleagues_are_three_questions(office: Any) -> None:
    with closing(Records(office.issuing.records)) as store:
        store.add_batch(batch(), drafts())
    found = _looked(office)
    assert office.registry.questions == [1, 500, 500]
    assert (found.batches, found.missing, found.stop) == ((), 0, None) or found.question is not None


def test_a_thousand_batches_in_the_records_are_one_question(office: Any) -> None:
    with closing(Records(office.issuing.records)) as store:
        for number in range(FILES):
            one = batch(1, chain_id=97, registry=REGISTRY, root=sha256(number.to_bytes(4)))
            store.add_batch(one, [])
            store.set_state(one.id, BatchState.DELIVERED)
    found = _looked(office)
    assert office.registry.questions == [1]
    assert found.stop is None
    assert found.question is None
