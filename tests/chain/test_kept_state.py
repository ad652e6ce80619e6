"""What a registry said, kept in a file: what of it is carried when its chain is dead, and whose word is believed."""

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from deploy.registry_contract import deploy_registry
from issuer.errors import MovingError
from issuer.registry.kept_state import KeptBatch, KeptRevocation, KeptState, old_state_in
from issuer.registry.signed_acts import Place
from issuer.registry.state_file import StateFile, read_state, write_state
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import ZERO

DOMAIN, KEY, THIEF = "university.example", "0x" + "11" * 20, "0x" + "22" * 20
OLD = Place.of(97, "0x" + "aB" * 20)


def file_of(*numbers: int) -> BatchFile:
    """A batch file of certificates with these commitments."""
    return BatchFile(DOMAIN, bytes([numbers[0]]) * 32, b"".join(bytes([n]) * 32 + bytes(32) for n in numbers))


def kept_batch(size: int, **more: Any) -> KeptBatch:
    return replace(KeptBatch(size, 100, KEY, False, True, 0), **more)


HONEST, FORGED, ONCE_WITHDRAWN, WITHDRAWN = file_of(1, 2, 3), file_of(4, 5), file_of(6), file_of(7)
SHORTER = BatchFile(DOMAIN, HONEST.root, bytes([1]) * 32 + bytes(32))
KEPT = KeptState(
    *(DOMAIN, "A University", KEY, False, False),
    {
        HONEST.root: kept_batch(3),
        FORGED.root: kept_batch(2, signer=THIEF, counts=False),
        ONCE_WITHDRAWN.root: kept_batch(1),
        WITHDRAWN.root: kept_batch(1, withdrawn_at=200),
    },
    {
        bytes([1]) * 32: KeptRevocation(3, ZERO, 150, KEY),
        bytes([2]) * 32: KeptRevocation(4, bytes([3]) * 32, 151, KEY),
        bytes([9]) * 32: KeptRevocation(3, ZERO, 152, KEY),  # of no certificate that a batch file proves
    },
    {THIEF: 90},
    1,
    frozenset({"0x01"}),
)
STATE = StateFile("P", "a-net", OLD, 1000, 1_790_000_000, (KEPT,))


def test_only_what_took_effect_is_carried() -> None:
    old = old_state_in(KEPT, [HONEST, FORGED, ONCE_WITHDRAWN, WITHDRAWN], None, OLD)
    assert dict(old.batches) == {HONEST.root: 3, ONCE_WITHDRAWN.root: 1, WITHDRAWN.root: 1}
    assert old.withdrawn == {WITHDRAWN.root}
    assert dict(old.revocations) == {bytes([1]) * 32: (3, ZERO), bytes([2]) * 32: (4, bytes([3]) * 32)}
    assert dict(old.left) == {FORGED.root: "its writer is distrusted; it does not count"}
    assert old.unseen == 1


@pytest.mark.parametrize(
    ("files", "root", "why"),
    [
        ([], HONEST.root, "no batch file of this size in the archive"),
        ([SHORTER], HONEST.root, "no batch file of this size in the archive"),
        ([file_of(8)], file_of(8).root, "neither in the kept state nor in our records"),
    ],
)
def test_a_batch_comes_along_only_with_its_batch_file(files: list[BatchFile], root: bytes, why: str) -> None:
    old = old_state_in(KEPT, files, None, OLD)
    assert root not in old.batches
    assert old.left[root] == why
    assert dict(old.revocations) in ({}, {bytes([1]) * 32: (3, ZERO)})


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write_state(path, STATE)
    assert read_state(path) == STATE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.update(sanad_state=2),
        lambda data: data.pop("block"),
        lambda data: data.update(block=-1),
        lambda data: data.update(chain_id="97"),
        lambda data: data.update(institutions={}),
        lambda data: data["institutions"][0].update(suspended=1),
        lambda data: data["institutions"][0]["batches"].update({"0x1": {}}),
        lambda data: data["institutions"][0]["batches"].update({"0x" + "1" * 64: {"size": 1}}),
        lambda data: data["institutions"][0]["revocations"].update({"0x" + "1" * 64: {"reason": True}}),
        lambda data: data["institutions"][0].update(settled=[1]),
    ],
)
def test_what_is_no_state_is_refused(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "state.json"
    write_state(path, STATE)
    data = json.loads(path.read_text())
    if damage(data) is None and data.get("institutions") == {}:
        data["institutions"] = [3]
    path.write_text(json.dumps(data))
    with pytest.raises(MovingError, match=r"state\.json is not a registry's state as sanad registry state writes it"):
        read_state(path)


@pytest.fixture(scope="module")
def school(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("office"))
    school_keys(office)
    assert office.issue().exit_code == 0
    told = office.verdicts(*office.pdfs)
    assert run(office, "revoke", told[1]["hash"], "--reason", "misconduct", "--yes").exit_code == 0
    office.deployed.chain.finalize()
    return office


def run(office: Office, *words: str) -> Result:
    return office.run(*words, "--config", str(office.config))


def test_a_state_is_kept_and_replaced_by_a_later_one(school: Office) -> None:
    path = school.folder / "state.json"
    kept = run(school, "registry", "state", str(path))
    assert kept.exit_code == 0, kept.output
    assert "darya-university.example: 1 batches, 5 certificates, 1 revocations, 0 withdrawn" in kept.output
    state = read_state(path)
    one = state.institution("darya-university.example")
    (revocation,) = one.revocations.values()
    assert (revocation.reason, revocation.writer) == (3, school.deployed.signer.address)
    assert revocation.revoked_at
    assert {each.signer for each in one.batches.values()} == {school.deployed.signer.address}
    assert (one.name, one.admin) == ("Darya University", school.deployed.admin.address)
    assert len(one.settled) == 2, "what our own records sent, and the chain has"
    assert run(school, "registry", "state", str(path), "darya-university.example").exit_code == 2  # it lacks the other
    assert run(school, "registry", "state", str(path)).exit_code == 0


def test_a_chain_that_was_reset_does_not_overwrite_the_state(school: Office) -> None:
    path = school.folder / "kept.json"
    assert run(school, "registry", "state", str(path)).exit_code == 0
    state = read_state(path)
    more = replace(state.institutions[-1], batches={**state.institutions[-1].batches, b"\x07" * 32: kept_batch(9)})
    for kept, sentence in (
        (replace(state, institutions=(*state.institutions[:-1], more)), "1 batches of darya-university.example"),
        (replace(state, institutions=(*state.institutions, KEPT)), "the institution university.example"),
        (replace(state, block=state.block + 10**6), "the blocks after"),
        (replace(state, place=OLD), "is of another registry"),
    ):
        write_state(path, kept)
        before = path.read_bytes()
        refused = run(school, "registry", "state", str(path))
        assert (refused.exit_code, sentence in refused.output) == (2, True), refused.output
        assert path.read_bytes() == before


def test_where_the_old_chain_answers_the_file_is_not_used(school: Office) -> None:
    path = school.folder / "used.json"
    assert run(school, "registry", "state", str(path)).exit_code == 0
    whole = school.config.read_text()
    table = whole[whole.index("[[registry]]") : whole.index("[issuer]")]
    there = deploy_registry(school.deployed.sender(school.deployed.programme))
    school.config.write_text(whole + "\n" + table.replace(school.deployed.address, there.address))
    words = ("reanchor", "--from", school.deployed.address, "--to", there.address, "--dry-run", "--json")
    try:
        found = run(school, *words, "--state", str(path))
        assert (found.exit_code, json.loads(found.stdout)["state"]) == (0, None), found.output
        lines = run(school, *words[:-1], "--state", str(path)).output
        assert "accredit" in lines
        write_state(path, STATE)
        refused = run(school, *words, "--state", str(path))
        assert f"is of the registry {OLD.address} on chain 97, and not of" in refused.output
    finally:
        school.config.write_text(whole)
