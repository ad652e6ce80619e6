"""What the registry says of places, and lists written by several at once; without a chain."""

import shutil
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer.batches.drafting import Wanted, draft
from issuer.course.course import load_course
from issuer.credential.identity import draw_identities
from issuer.errors import ArchiveConflictError
from issuer.publishing import status_lists
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_credential import Address, read_list, signed_list
from issuer.publishing.status_drawing import StatusDrawing
from issuer.publishing.status_known import KnownPlace
from issuer.publishing.status_lists import Answers, StatusLists
from issuer.records import Draft, Records, RecordsPlace
from issuer.roster import Row
from tests.core.vector_files import vectors
from tests.credential.conftest import KEY, SAMPLES
from tests.store.conftest import place, postgres
from tests.store.samples import batch, drafts
from tests.vectors.status_publishing import STANDS
from verifier.core.hashes import from_hex, sha256
from verifier.core.registry import NO_ADDRESS
from verifier.core.status_list import LENGTH, bit, changed, places_set, with_bits

__all__ = ["place", "postgres"]

DOMAIN, ORIGIN = "darya-university.example", "https://verify.example"
NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=20)
LIST = Address(ORIGIN, DOMAIN, "1f0a4e529d5a1e2c947b3d4f608a21c9")
C, ONE = b"c" * 32, bytes([1]) * 32


class Chain:
    """A registry: its batches, and who revoked what."""

    def __init__(
        self, batches: Mapping[bytes, Mapping[str, Any]], revoked: Mapping[str, set[bytes]] | None = None
    ) -> None:
        self.records, self.revoked = batches, revoked or {}
        self.time = int(NOW.timestamp())

    def finalized_time(self) -> int:
        return self.time

    def refresh(self) -> None:
        self.time += 1

    def institution(self, _domain: str) -> Mapping[str, Any]:
        return {"revocations": sum(map(len, self.revoked.values()))}

    def batches(self, _domain: str, roots: Sequence[bytes]) -> list[Mapping[str, Any]]:
        nothing = {**STANDS, "issuedAt": 0, "counts": False, "signer": NO_ADDRESS}
        return [self.records.get(root, nothing) for root in roots]

    def revocations(self, _domain: str, signer: str, commitments: Sequence[bytes]) -> list[object | None]:
        biting = self.revoked.get(NO_ADDRESS, set()) | self.revoked.get(signer, set())
        return [object() if each in biting else None for each in commitments]


def known(index: int, commitment: bytes = C, root: bytes = ONE) -> KnownPlace:
    return KnownPlace(LIST, index, commitment, root)


FALLEN = {**STANDS, "withdrawnAt": 7}


@pytest.mark.parametrize("vector", vectors("status_publishing"))
def test_what_becomes_of_the_places(vector: dict[str, Any]) -> None:
    revoked: dict[str, set[bytes]] = {}
    for each in vector["revoked"]:
        revoked.setdefault(each["authority"], set()).add(from_hex(each["commitment"]))
    chain = Chain({from_hex(root): record for root, record in vector["batches"].items()}, revoked)
    places = [known(each["index"], from_hex(each["commitment"]), from_hex(each["root"])) for each in vector["places"]]
    after = changed(with_bits(vector["before"]), Answers(DOMAIN, chain).bits(places)[LIST])
    assert after == with_bits(vector["after"])


def test_bits_are_set_and_cleared_one_by_one() -> None:
    before = with_bits([0, 7, 8, LENGTH - 1])
    after = changed(before, {0: False, 1: True, 8: True, 9: False, LENGTH - 1: False})
    assert after == with_bits([1, 7, 8])
    assert places_set(after) == 3


def test_a_list_is_written_only_over_the_version_that_was_read(tmp_path: Path) -> None:
    archive = ArchiveWriter(tmp_path)
    first, second, third = (signed_list(LIST, with_bits([n]), KEY, NOW + timedelta(seconds=n)) for n in range(3))
    where = (DOMAIN, LIST.identifier, LIST.host)
    with pytest.raises(ArchiveConflictError):
        archive.publish_status_list(*where, second, over=first)
    path = archive.publish_status_list(*where, first, over=None)
    with pytest.raises(ArchiveConflictError, match="was published again by somebody else in the meantime"):
        archive.publish_status_list(*where, third, over=None)
    archive.publish_status_list(*where, second, over=first)
    with pytest.raises(ArchiveConflictError):
        archive.publish_status_list(*where, third, over=first)
    assert path.read_bytes() == second


class Interrupted(ArchiveWriter):
    """An archive in which somebody else publishes between reading and writing, so many times, out of the same block."""

    def __init__(self, path: Path, times: int, chain: "Chain") -> None:
        super().__init__(path)
        self._times, self._chain = times, chain

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:
        found = super().status_list(domain, identifier, host)
        if found is not None and self._times:
            self._times -= 1
            bits = changed(read_list(found, LIST, None).bits, {100 + self._times: True})
            moment = datetime.fromtimestamp(self._chain.finalized_time(), UTC)
            super().publish_status_list(domain, identifier, host, signed_list(LIST, bits, KEY, moment), over=found)
        return found


def stored(archive: ArchiveWriter, places: Sequence[int], moment: datetime, key: Ed25519PrivateKey = KEY) -> bytes:
    data = signed_list(LIST, with_bits(places), key, moment)
    archive.publish_status_list(DOMAIN, LIST.identifier, LIST.host, data, over=None)
    return data


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks again at once, and thirty times."""
    now = iter(range(10_000))
    monkeypatch.setattr(status_lists.time, "sleep", lambda _: None)
    monkeypatch.setattr(status_lists.time, "monotonic", lambda: next(now) / 2)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(("times", "written"), [(0, True), (3, True), (999, False)])
def test_what_others_write_at_the_same_time_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, written: bool
) -> None:
    stored(ArchiveWriter(tmp_path), [3], NOW - timedelta(seconds=1))
    chain = Chain({ONE: FALLEN})
    monkeypatch.setattr(status_lists, "known_places", lambda *_: [known(7)])
    (done,) = StatusLists(DOMAIN, KEY, chain, None, Interrupted(tmp_path, times, chain)).publish()
    assert done.written is written
    bits = read_list(done.path.read_bytes(), LIST, None).bits
    assert bit(bits, 3)
    assert bit(bits, 7) is written
    assert all(bit(bits, 100 + times - 1 - n) for n in range(min(times, 5))), "what the others set"
    assert (done.problem is None) is written
    if not written:
        assert done.problem is not None
        assert "was published by others just now, and the registry has no younger final block yet" in done.problem


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("behind", [-1, 0, 5])
def test_whoever_knows_less_than_the_list_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: int
) -> None:
    """Another office has set a bit out of a younger block; our nodes have not heard of that revocation yet."""
    archive, chain = ArchiveWriter(tmp_path), Chain({ONE: STANDS})
    stored(archive, [7], datetime.fromtimestamp(chain.time + behind, UTC))
    monkeypatch.setattr(status_lists, "known_places", lambda *_: [known(7)])
    asked: list[int] = []
    really = Chain.batches

    def batches(self: Chain, domain: str, roots: Sequence[bytes]) -> list[Mapping[str, Any]]:
        asked.append(self.time)
        return [
            {**each, "withdrawnAt": int(self.time > NOW.timestamp() + behind)} for each in really(self, domain, roots)
        ]

    monkeypatch.setattr(Chain, "batches", batches)
    (done,) = StatusLists(DOMAIN, KEY, chain, None, archive).publish()
    assert done.problem is None
    assert bit(read_list(done.path.read_bytes(), LIST, None).bits, 7)
    assert asked[-1] == max(NOW.timestamp(), NOW.timestamp() + behind + 1)


def test_no_two_versions_have_the_same_bytes() -> None:
    versions = {signed_list(LIST, with_bits([]), KEY, NOW) for _ in range(5)}
    assert len(versions) == 5


def test_only_a_list_that_was_never_published_is_begun(tmp_path: Path) -> None:
    archive = ArchiveWriter(tmp_path)
    with closing(Records(tmp_path / "records.sqlite")) as store:
        begun = store.status_lists.begin(DOMAIN, ORIGIN)  # and there the machine stopped
        lists = StatusLists(DOMAIN, KEY, Chain({}), store, archive)
        (done,) = lists.publish()
        assert (done.written, done.revoked, done.problem) == (True, 0, None)
        assert StatusDrawing(KEY, store, archive).draw(DOMAIN, ORIGIN, 1, BEFORE)[0][0] == begun.id
        done.path.unlink()
        (done,) = lists.publish()
        assert done.problem is not None
        assert not done.path.exists()


def test_a_list_of_another_key_is_not_ours_to_refresh(tmp_path: Path) -> None:
    archive, other = ArchiveWriter(tmp_path), Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    data = stored(archive, [3], BEFORE, other)
    (done,) = StatusLists(DOMAIN, KEY, Chain({}), None, archive).publish()
    assert done.problem is not None
    assert "which is not one of the institution's keys here" in done.problem
    assert done.path.read_bytes() == data
    multikey = read_list(data, LIST, None).multikey
    (done,) = StatusLists(DOMAIN, KEY, Chain({}), None, archive, {multikey}).publish()
    assert (done.written, done.problem) == (True, None)
    assert read_list(done.path.read_bytes(), LIST, None).bits == with_bits([3])


def _drafting(records: RecordsPlace, folder: Path, number: int, size: int = 40) -> None:
    rows = [Row(2 + at, f"Student {number} {at}", f"{number}-{at}", grade="A") for at in range(size)]
    wanted = Wanted(SAMPLES / "course.toml", load_course(SAMPLES / "course.toml"), rows, folder / f"out{number}")
    with closing(Records(records)) as store:
        draw = StatusDrawing(KEY, store, ArchiveWriter(folder / "archive")).draw
        draft(store, folder / "batches", wanted, NOW, draw)


def test_drafts_at_the_same_time_share_no_place(place: RecordsPlace, tmp_path: Path) -> None:
    Records(place).close()
    threads = [threading.Thread(target=_drafting, args=(place, tmp_path, number)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with closing(Records(place)) as store:
        drawn = [
            (one.identity.status_list, one.identity.status_index)
            for batch in store.batches()
            for one in store.drafts(batch.id)
        ]
        assert len(set(drawn)) == len(drawn) == 160
        (own,) = store.status_lists.of(load_course(SAMPLES / "course.toml").institution.domain)
        assert own.closed is None
        assert own.published is not None


def test_a_list_that_somebody_else_refreshed_is_closed(tmp_path: Path) -> None:
    archive = ArchiveWriter(tmp_path)
    with closing(Records(tmp_path / "records.sqlite")) as store:
        drawing = StatusDrawing(KEY, store, archive)
        ((first, _),) = drawing.draw(DOMAIN, ORIGIN, 1, BEFORE)
        ((again, _),) = drawing.draw(DOMAIN, ORIGIN, 1, BEFORE)
        assert again == first
        address = Address(ORIGIN, DOMAIN, first)
        found = archive.status_list(DOMAIN, first, address.host)
        another = signed_list(address, with_bits([9]), KEY, BEFORE)
        archive.publish_status_list(DOMAIN, first, address.host, another, over=found)
        (done,) = StatusLists(DOMAIN, KEY, Chain({}), store, archive).publish()
        assert (done.written, done.revoked) == (True, 1), "what the other set stays"
        assert store.status_lists.of(DOMAIN)[0].closed is not None, "also where it was published over since"
        ((second, _),) = drawing.draw(DOMAIN, ORIGIN, 1, BEFORE)
        assert second != first
        assert [each.did for each in store.trail.entries() if "list" in each.did] == [
            "status list begun", "status list closed", "status list begun"
        ]  # fmt: skip
        kept = {each.id: each.published for each in store.status_lists.of(DOMAIN)}[second]
        assert kept == sha256(archive.status_list(DOMAIN, second, address.host) or b"")
        ((third, _),) = drawing.draw(DOMAIN, "https://another.example", 1, BEFORE)
        assert third not in {first, second}, "a list belongs to one address"


@pytest.mark.parametrize("turns", ["AB", "BA", "AABBAB", "BABABA", "ABBA"])
def test_two_copies_of_the_records_never_draw_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: str
) -> None:
    """Not even where nothing tells them apart, as two copies of a whole machine."""
    monkeypatch.setattr("issuer.records.status_lists.this_copy", lambda _: "the same")
    monkeypatch.setattr("issuer.publishing.status_drawing.draw_indexes", lambda n, taken: _first_free(n, taken))
    archive, moment = ArchiveWriter(tmp_path / "archive"), BEFORE
    files = {"A": tmp_path / "a.sqlite", "B": tmp_path / "b.sqlite"}
    with closing(Records(files["A"])) as store:
        drawn = _drawn(store, archive)
    shutil.copy(files["A"], files["B"])
    for turn in turns:
        with closing(Records(files[turn])) as store:
            drawn += _drawn(store, archive)
    assert len(set(drawn)) == len(drawn) == 3 * (1 + len(turns))
    (tmp_path / "archive" / "status").rename(tmp_path / "away")
    with closing(Records(files["A"])) as store:
        before = {each.id for each in store.status_lists.of(DOMAIN)}
        ((anew, _),) = StatusDrawing(KEY, store, archive).draw(DOMAIN, ORIGIN, 1, moment)
        assert anew not in before, "the list is gone, so another version may be anywhere"


def _first_free(count: int, taken: set[int]) -> list[int]:
    """Drawn without chance, so that what may be doubled is."""
    return [index for index in range(count + len(taken)) if index not in taken][:count]


def _drawn(store: Records, archive: ArchiveWriter) -> list[tuple[str, int]]:
    places = list(StatusDrawing(KEY, store, archive).draw(DOMAIN, ORIGIN, 3, BEFORE))
    made = batch(3, domain=DOMAIN, origin=ORIGIN)
    identities = draw_identities(places, BEFORE)
    whole = [
        Draft(each.position, each.achievement, str(uuid.uuid4()), identity, each.row)
        for each, identity in zip(drafts(3), identities, strict=True)
    ]
    store.add_batch(made, whole)
    return places
