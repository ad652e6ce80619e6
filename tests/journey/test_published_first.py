"""The batch file is in the archive before anything is signed; one of a batch that is never registered does no harm."""

from pathlib import Path

import pytest

from issuer.errors import RefusedError
from issuer.records import Records
from issuer.sending import Sender
from tests.journey.office import DOMAIN, Office
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import institution_id, to_hex


def _begun(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Issue, and fail when the transaction is to be signed; the roots that the archive had then."""
    found: list[bytes] = []

    def sign(*_arguments: object, **_more: object) -> None:
        found.extend(FolderArchive(office.folder / "archive").roots(DOMAIN))
        raise RefusedError("The key has too few coins.")

    with monkeypatch.context() as patched:
        patched.setattr(Sender, "sign", sign)
        done = office.issue()
    assert done.exit_code == 3, done.output
    return found


def test_the_batch_file_is_published_before_anything_is_signed(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = _begun(embedded_office, monkeypatch)
    assert len(roots) == 1
    assert not list((embedded_office.folder / "archive").rglob("envelopes/**/*.json"))
    assert not embedded_office.pdfs
    done = embedded_office.run("resume", "--config", str(embedded_office.config))
    assert done.exit_code == 0, done.output
    assert FolderArchive(embedded_office.folder / "archive").roots(DOMAIN) == roots


def test_one_that_was_never_registered_does_no_harm_and_goes_with_its_batch(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = embedded_office
    assert office.issue("Name\nOmar Aziz\n", "first", code="BC-303").exit_code == 0
    (root,) = set(_begun(office, monkeypatch)) - set(_delivered(office))
    (work,) = (office.folder / "data" / "batches").glob("*/work")
    credential = (work / "credentials.jsonl").read_bytes().splitlines()[0]
    office.deployed.chain.finalize()
    assert office.verdict((work / "000000.pdf").read_bytes()) in ("unknown", "unavailable")
    assert office.verdict(credential) in ("unknown", "unavailable")
    (first,) = (office.folder / "first").glob("*.pdf")
    assert office.verdict(first.read_bytes()) == "valid"
    with_records = office.issue("Name\nZara Aziz\n", "more", code="BC-303")  # it is no reason to stop
    assert with_records.exit_code == 0, with_records.output
    store = Records(office.folder / "data" / "records.sqlite")
    (batch,) = (each for each in store.batches() if each.root == root)
    store.close()
    (office.folder / "data" / "records.sqlite").rename(office.folder / "lost")
    assert to_hex(root) not in office.run("resume", "--config", str(office.config)).output
    (office.folder / "lost").rename(office.folder / "data" / "records.sqlite")
    cancelled = office.run("cancel", batch.id[:8], "--config", str(office.config))
    assert cancelled.exit_code == 0, cancelled.output
    assert root not in FolderArchive(office.folder / "archive").roots(DOMAIN)
    assert office.run("resume", "--config", str(office.config)).exit_code == 0


def test_records_that_were_set_back_cannot_cancel_what_is_registered(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office = embedded_office
    (root,) = _begun(office, monkeypatch)
    records = office.folder / "data" / "records.sqlite"
    older = records.read_bytes()
    assert office.run("resume", "--config", str(office.config)).exit_code == 0
    records.write_bytes(older)
    (batch,) = {path.name for path in (office.folder / "data" / "batches").iterdir()}
    refused = office.run("cancel", batch[:8], "--config", str(office.config))
    assert refused.exit_code == 2, refused.output
    assert "is registered, although these records do not know that it was signed" in refused.output
    assert "Type: sanad resume" in refused.output
    assert FolderArchive(office.folder / "archive").roots(DOMAIN) == [root]
    resumed = office.run("resume", "--config", str(office.config))
    assert resumed.exit_code == 0, resumed.output
    assert len(office.pdfs) == 5
    assert office.deployed.record("institutionRecord", institution_id(DOMAIN))["batches"] == 1


def _delivered(office: Office) -> list[bytes]:
    store = Records(office.folder / "data" / "records.sqlite")
    found = [each.root for each in store.batches() if each.root is not None and each.state.value == "delivered"]
    store.close()
    return found
