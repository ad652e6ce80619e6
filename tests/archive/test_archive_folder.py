"""The archive's folder: what is published is found, whole or not at all, and nothing else is believed to be there."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from issuer.errors import ArchiveConflictError, ArchiveError
from issuer.publishing.archive_writer import LOCKS, ArchiveWriter
from tests.doubles import DOMAIN, batch, credential
from verifier.archive_folder import FolderArchive, batch_path, envelope_path
from verifier.core.archive import Archive
from verifier.core.batch_file import BatchFile
from verifier.core.envelope import Envelope, join
from verifier.core.hashes import ZERO


@pytest.fixture(scope="module")
def envelopes() -> list[Envelope]:
    return batch([credential(name) for name in ("Ayesha Khan", "بلال احمد", "Zoë Müller")])


def batch_file(envelopes: Sequence[Envelope], domain: str = DOMAIN) -> bytes:
    body = b"".join(each.commitment + each.sheet for each in envelopes)
    return BatchFile(domain, envelopes[0].root, body).to_bytes()


@pytest.fixture
def published(tmp_path: Path, envelopes: list[Envelope]) -> Path:
    writer = ArchiveWriter(tmp_path / "archive")
    writer.publish_batch(batch_file(envelopes))
    for envelope in envelopes:
        writer.publish_envelope(envelope.to_bytes())
    return tmp_path / "archive"


def files(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if name not in LOCKS}


def test_what_is_published_is_found(published: Path, envelopes: list[Envelope]) -> None:
    archive: Archive = FolderArchive(published)
    for envelope in envelopes:
        assert archive.envelope(envelope.hash) == envelope.to_bytes()
        assert archive.hashes(envelope.hash.hex()[:13]) == [envelope.hash]
    assert list(archive.batches()) == [f"{DOMAIN}/{envelopes[0].root.hex()}"]
    assert archive.batch_file(f"{DOMAIN}/{envelopes[0].root.hex()}") == batch_file(envelopes)


def test_the_layout(published: Path, envelopes: list[Envelope]) -> None:
    hash_ = envelopes[0].hash.hex()
    ArchiveWriter(published).publish_replacement(envelopes[0].hash, envelopes[1].hash)
    found = files(published)
    assert found[f"envelopes/{hash_[:4]}/{hash_}.json"] == envelopes[0].to_bytes()
    assert found[f"replacements/{hash_[:4]}/{hash_}"].strip() == b"0x" + envelopes[1].hash.hex().encode()
    assert len(found) == 5
    assert FolderArchive(published).replacement(envelopes[0].hash) == envelopes[1].hash
    assert FolderArchive(published).replacement(envelopes[1].hash) is None


def test_publishing_again_changes_nothing(published: Path, envelopes: list[Envelope]) -> None:
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*")}
    writer = ArchiveWriter(published)
    writer.publish_batch(batch_file(envelopes))
    for envelope in envelopes:
        writer.publish_envelope(envelope.to_bytes())
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*")} == before


def test_a_second_certificate_at_the_same_place_is_refused(published: Path, envelopes: list[Envelope]) -> None:
    other, first = credential("Somebody Else"), envelopes[0]
    # Its path is another's, as if a signer had put two leaves with one index under the root.
    forged = Envelope(other, first.index, first.sheet, first.root, first.path)
    before = files(published)
    with pytest.raises(ArchiveConflictError, match=r"is not the one at place 0 of its batch 0x[0-9a-f]{64}\.$"):
        ArchiveWriter(published).publish_envelope(forged.to_bytes())
    beyond = Envelope(first.credential, 3, first.sheet, first.root, first.path)
    with pytest.raises(ArchiveConflictError, match="at place 3"):
        ArchiveWriter(published).publish_envelope(beyond.to_bytes())
    assert files(published) == before


def test_the_same_certificate_in_another_batch_is_refused(published: Path, envelopes: list[Envelope]) -> None:
    alone = batch([envelopes[0].credential])
    writer = ArchiveWriter(published)
    writer.publish_batch(batch_file(alone))
    with pytest.raises(ArchiveConflictError, match="is published already, and it is something else"):
        writer.publish_envelope(alone[0].to_bytes())
    assert FolderArchive(published).envelope(envelopes[0].hash) == envelopes[0].to_bytes()


def test_a_batch_file_comes_first(tmp_path: Path, envelopes: list[Envelope]) -> None:
    with pytest.raises(ArchiveError, match="is not published; publish it first"):
        ArchiveWriter(tmp_path).publish_envelope(envelopes[0].to_bytes())


def test_a_wrong_path_is_refused(published: Path, envelopes: list[Envelope]) -> None:
    first = envelopes[0]
    twisted = Envelope(first.credential, 0, first.sheet, first.root, (ZERO, *first.path[1:]))
    with pytest.raises(ArchiveError, match="does not lead to its root"):
        ArchiveWriter(published).publish_envelope(twisted.to_bytes())


@pytest.mark.parametrize("data", [b"", b"{}", b"not json", b'{"sanad":1}'])
def test_what_is_no_envelope_or_batch_file_is_refused(tmp_path: Path, data: bytes) -> None:
    writer = ArchiveWriter(tmp_path / "archive")
    with pytest.raises(ArchiveError, match="cannot be published"):
        writer.publish_envelope(data)
    with pytest.raises(ArchiveError, match="cannot be published"):
        writer.publish_batch(data)
    assert not (tmp_path / "archive").exists()


def test_an_envelope_that_was_saved_again_is_refused(published: Path, envelopes: list[Envelope]) -> None:
    with pytest.raises(ArchiveError, match="not in its canonical form"):
        ArchiveWriter(published).publish_envelope(envelopes[0].to_bytes().replace(b":", b": ", 1))
    first = envelopes[0]
    joined = join(b"{}", first.index, first.sheet, first.root, first.path)
    with pytest.raises(ArchiveError, match="cannot be published"):
        ArchiveWriter(published).publish_envelope(joined)


def test_nothing_half_written_is_left_or_seen(
    tmp_path: Path, envelopes: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError, match=r"\.sanad cannot be written: No space left on device\."):
        ArchiveWriter(tmp_path).publish_batch(batch_file(envelopes))
    assert files(tmp_path) == {}
    assert list(FolderArchive(tmp_path).batches()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, envelopes: list[Envelope]) -> None:
    (tmp_path / "archive").write_bytes(b"")
    with pytest.raises(ArchiveError, match="cannot be written: Not a directory"):
        ArchiveWriter(tmp_path / "archive").publish_batch(batch_file(envelopes))
    archive = FolderArchive(tmp_path / "archive")
    assert (list(archive.batches()), archive.envelope(ZERO), archive.hashes("0" * 13)) == ([], None, [])


def test_junk_is_passed_over(published: Path, envelopes: list[Envelope]) -> None:
    hash_ = envelopes[0].hash
    folder = envelope_path(published, hash_).parent
    for name in ("x.json", ".DS_Store", f"{hash_.hex().upper()}.json", f"{hash_.hex()}.json.part", "0" * 64):
        (folder / name).write_bytes(b"junk")
    (folder / f"{hash_.hex()[:63]}0.txt").mkdir()
    batches = published / "batches"
    (batches / "Not A Domain").mkdir()
    (batches / "Not A Domain" / f"{'0' * 64}.sanad").write_bytes(b"junk")
    (batches / "stray").write_bytes(b"junk")
    (batches / DOMAIN / "x.sanad").write_bytes(b"junk")
    archive = FolderArchive(published)
    assert archive.hashes(hash_.hex()[:13]) == [hash_]
    assert list(archive.batches()) == [f"{DOMAIN}/{envelopes[0].root.hex()}"]


def test_what_cannot_be_read_is_not_there(published: Path, envelopes: list[Envelope]) -> None:
    archive, first, second = FolderArchive(published), envelopes[0], envelopes[1]
    path = envelope_path(published, first.hash)
    path.unlink()
    path.mkdir()
    envelope_path(published, second.hash).write_bytes(b" " * 300_000)
    assert archive.envelope(first.hash) is None
    assert archive.envelope(second.hash) is None
    path = batch_path(published, DOMAIN, first.root)
    path.unlink()
    os.mkfifo(path)  # reading it would wait for ever
    assert archive.batch_file(f"{DOMAIN}/{first.root.hex()}") == b""


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", f"../{'0' * 64}", f"{DOMAIN}/../../x", f"{DOMAIN}/{'0' * 64}"]
)
def test_names_never_lead_out_of_the_folder(published: Path, name: str) -> None:
    assert FolderArchive(published).batch_file(name) == b""


@pytest.mark.parametrize("text", [b"", b"0x12", b"\xff" * 66, b"0x" + b"A" * 64, b"0x" + b"0" * 65])
def test_a_damaged_replacement_is_none(published: Path, envelopes: list[Envelope], text: bytes) -> None:
    path = ArchiveWriter(published).publish_replacement(envelopes[0].hash, envelopes[1].hash)
    path.write_bytes(text)
    assert FolderArchive(published).replacement(envelopes[0].hash) is None


def test_a_replacement_never_changes(published: Path, envelopes: list[Envelope]) -> None:
    writer = ArchiveWriter(published)
    writer.publish_replacement(envelopes[0].hash, envelopes[1].hash)
    with pytest.raises(ArchiveConflictError):
        writer.publish_replacement(envelopes[0].hash, envelopes[2].hash)


def test_a_batchs_educator_is_kept_beside_it_and_may_be_corrected(tmp_path: Path) -> None:
    writer, archive = ArchiveWriter(tmp_path), FolderArchive(tmp_path)
    root, first, second = (bytes([number]) * 32 for number in (1, 2, 3))
    assert archive.educator(DOMAIN, root) is None
    for educator in (first, first, second):
        path = writer.publish_educator(DOMAIN, root, educator)
        assert archive.educator(DOMAIN, root) == educator
    assert archive.educator("../" + DOMAIN, root) is None
    assert archive.educator(DOMAIN, second) is None
    path.write_text("not a hash")
    assert archive.educator(DOMAIN, root) is None


def test_what_is_erased_is_gone_and_its_hash_with_it(published: Path, envelopes: list[Envelope]) -> None:
    first, second, third = (envelope.hash for envelope in envelopes)
    writer, archive = ArchiveWriter(published), FolderArchive(published)
    writer.publish_replacement(first, second)
    writer.publish_replacement(third, first)
    for _ in range(2):
        writer.erase(first, date(2026, 11, 25))
        assert (archive.envelope(first), archive.replacement(first), archive.replacement(third)) == (None, None, None)
        assert archive.erased(first) == date(2026, 11, 25)
    assert archive.erased(second) is None
    assert archive.envelope(second) is not None
    assert archive.batch_file(f"{DOMAIN}/{envelopes[0].root.hex()}") == batch_file(envelopes)
    kept = files(published)
    assert not [name for name, data in kept.items() if first.hex() in name or first.hex().encode() in data]
