"""Several offices of one institution, lost, restored and copied records: no revocation vanishes, no place twice."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from deploy.registry_contract import authorise
from issuer.keys.key_history import KeyHistory
from issuer.publishing.archive_writer import LOCKS, ArchiveWriter
from issuer.publishing.status_credential import Address, parse_address, read_list
from issuer.records import Records
from tests.journey.office import DOMAIN, PASSPHRASE, Office, school_keys
from tests.status.test_status_lists import credential, list_file, sanad
from verifier.core.batch_file import BatchFile
from verifier.core.envelope import Envelope
from verifier.core.hashes import ZERO, certificate_hash, commitment, institution_id
from verifier.core.merkle import leaf
from verifier.core.status_list import is_revoked

ANOTHER_CLASS = "Student Number,Name,Grade\n11,Sana Mir,A\n12,Bilal Khan,B\n13,Noor Jahan,A\n"


def colleague(office: Office) -> Office:
    """Another office of the same institution: its own records and signer, the same institution's key and archive."""
    folder, signer = office.folder.parent / "other office", office.deployed.stranger
    folder.mkdir()
    for name in ("passphrase", "institution.pem"):
        shutil.copy(office.folder / name, folder)
    keystore = Account.encrypt(signer.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (folder / "professor.json").write_text(json.dumps(keystore))
    archive = f'archive = "{office.folder / "archive"}"'
    (folder / "sanad.toml").write_text(office.config.read_text().replace('archive = "archive"', archive))
    authorise(office.deployed.sender(office.deployed.admin), office.deployed.address, DOMAIN, signer.address)
    return Office(folder, office.deployed, DOMAIN)


def copied(office: Office, name: str = "copy") -> Office:
    """A plain copy of an office's folder that publishes in the same archive."""
    folder = office.folder.parent / name
    shutil.copytree(office.folder, folder, ignore=shutil.ignore_patterns("archive", "*.locks"))
    archive = f'archive = "{office.folder / "archive"}"'
    (folder / "sanad.toml").write_text(office.config.read_text().replace('archive = "archive"', archive))
    return Office(folder, office.deployed, DOMAIN)


def issued(office: Office, out: str, code: str, roster: str = ANOTHER_CLASS) -> list[Path]:
    result = office.issue(roster, out, code=code)
    assert result.exit_code == 0, result.output
    return sorted((office.folder / out).glob("*.json"))


def accepted(office: Office) -> Office:
    """An office whose records are behind, once somebody decided to go on (issuer/office/behind.py)."""
    assert "sanad rebuild" in sanad_stopped(office)
    result = office.run("batches", "--accept-missing", "--yes", "--config", str(office.config))
    assert result.exit_code == 0, result.output
    return office


def sanad_stopped(office: Office) -> str:
    result = office.run("status", "publish", DOMAIN, "--config", str(office.config))
    assert result.exit_code == 2, result.output
    return result.output


def fallen(office: Office, *envelopes: Path) -> list[bool]:
    """What verifiers without a registry read, from the archive's own files."""
    found = []
    for path in envelopes:
        own = credential(path)
        listed = json.loads(list_file(office, own).read_bytes())
        found.append(is_revoked(own, listed, datetime.now(UTC)))
    return found


def revoke(office: Office, envelope: Path, *more: str) -> str:
    return sanad(office, "revoke", office.verdicts(envelope)[0]["hash"], "--reason", "data-error", *more)


def place(envelope: Path) -> tuple[str, str]:
    entry = credential(envelope)["credentialStatus"]
    return entry["statusListCredential"], entry["statusListIndex"]


def lists(*envelopes: Path) -> set[str]:
    return {place(each)[0] for each in envelopes}


def test_two_offices_lose_no_revocation_and_share_no_place(embedded_office: Office) -> None:
    one, other = embedded_office, colleague(embedded_office)
    school_keys(one)
    first, second = issued(one, "a", "BC-301"), issued(other, "b", "BC-302")
    assert len(lists(*first)) == len(lists(*second)) == 1
    assert lists(*first) != lists(*second)
    revoke(one, first[0])
    revoke(other, second[1])
    for office in (one, other, one):
        sanad(office, "status", "publish")
        assert fallen(one, *first, *second) == [True, False, False, False, True, False]
    # The admin, at the other office, takes back what only the first one's records know.
    (one.folder / "admin.json").rename(other.folder / "admin.json")
    key = ("--key", str(other.folder / "admin.json"), "--passphrase-file", str(other.folder / "passphrase"))
    revoke(other, first[2], *key)
    assert fallen(one, *first, *second) == [True, False, True, False, True, False]
    third = issued(one, "c", "BC-303")
    assert not lists(*third) & lists(*first), "another office published the list anew"
    assert fallen(one, *first, *second, *third) == [True, False, True, False, True, False, False, False, False]


def test_check_compares_every_place_and_writes_nothing(embedded_office: Office) -> None:
    office, other = embedded_office, colleague(embedded_office)
    first, second = issued(office, "a", "BC-301"), issued(other, "b", "BC-302")
    assert "up to date" in sanad(office, "status", "check")
    path = list_file(office, credential(first[0]))
    before = path.read_bytes()
    revoke(office, first[0])
    path.write_bytes(before)  # as if it had not been published
    for each in (office, other):
        told = sanad(each, "status", "check", code=1)
        assert f"{place(first[0])[0]} says something else than the registry of 1 of its places" in told
        assert "as revoked. Type: sanad status publish" in told
    assert path.read_bytes() == before
    sanad(office, "status", "publish")
    assert fallen(office, *first, *second) == [True, False, False, False, False, False]
    sanad(other, "status", "check")


def test_a_copy_begins_a_list_of_its_own_and_leaves_what_it_does_not_know(embedded_office: Office) -> None:
    office = embedded_office
    first = issued(office, "a", "BC-301")
    copy = copied(office)
    second = issued(office, "b", "BC-302")
    assert lists(*first) == lists(*second)
    revoke(office, second[0])
    theirs = issued(accepted(copy), "c", "BC-302")
    assert not lists(*theirs) & lists(*first)
    # Half of the list's places are of certificates that the copy has never seen: nowhere but in the other's records.
    shutil.move(office.folder / "archive" / "envelopes", office.folder / "away")
    revoke(copy, first[1])
    assert fallen(office, *first, *second) == [False, True, False, True, False, False]
    shutil.rmtree(office.folder / "archive" / "envelopes", ignore_errors=True)
    shutil.move(office.folder / "away", office.folder / "archive" / "envelopes")
    third = issued(accepted(office), "d", "BC-303")
    assert not lists(*third) & (lists(*first) | lists(*theirs)), "the copy published the list anew"
    everybody = [*first, *second, *theirs, *third]
    assert len(set(map(place, everybody))) == len(everybody)


def test_a_copy_of_the_whole_machine_is_noticed_by_what_it_publishes(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.records.status_lists.this_copy", lambda _: "the same")
    office = embedded_office
    first = issued(office, "a", "BC-301")
    copy = copied(office)
    more = [issued(office, "0", "BC-310")]
    more += [issued(accepted(each), f"{n}", f"BC-31{n}") for n, each in enumerate((copy, office, copy, office), 1)]
    assert lists(*more[0]) == lists(*first)
    assert not lists(*more[1]) & lists(*first)
    everybody = [*first, *(each for batch in more for each in batch)]
    assert len(set(map(place, everybody))) == len(everybody)


def test_lost_records_begin_anew_and_still_publish_the_old_list(embedded_office: Office) -> None:
    office = embedded_office
    first = issued(office, "a", "BC-301")
    revoke(office, first[0])
    shutil.rmtree(office.folder / "data")
    revoke(accepted(office), first[1])
    assert fallen(office, *first) == [True, True, False]
    second = issued(office, "b", "BC-302")
    assert not lists(*first) & lists(*second)
    assert fallen(office, *first, *second) == [True, True, False, False, False, False]
    shutil.rmtree(office.folder / "data")
    told = sanad(accepted(office), "status", "publish", DOMAIN)
    assert sorted(told.splitlines()) == sorted(
        [f"{lists(*first).pop()}  2 revoked  up to date", f"{lists(*second).pop()}  0 revoked  up to date"]
    )
    assert sanad(office, "status", "publish") == told, "our key signed for it"


def test_a_restored_backup_gives_out_none_of_its_places_again(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.records.status_lists.this_copy", lambda _: "the same")
    office = embedded_office
    first = issued(office, "a", "BC-301")
    sanad(office, "backup", str(office.folder / "copy.tar"))
    second = issued(office, "b", "BC-302")
    revoke(office, second[2])
    shutil.rmtree(office.folder / "data")
    archive = office.folder / "archive"
    archive.rename(office.folder / "published")
    sanad(office, "restore", str(office.folder / "copy.tar"))
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        (restored,) = store.status_lists.of(DOMAIN)
        assert restored.closed is not None
    assert not [name for name in LOCKS if (archive / name).exists()], "who holds what is no part of a backup"
    third = issued(accepted(office), "c", "BC-303")  # also where the archive is the old one
    assert not lists(*third) & lists(*first)
    shutil.rmtree(archive)
    (office.folder / "published").rename(archive)
    told = accepted(office).run("status", "publish", "--config", str(office.config))
    assert told.exit_code == 1, "the third list is gone with the restored archive"
    assert fallen(office, *first, *second) == [False] * 5 + [True]


def test_renew_after_a_machine_was_set_back(embedded_office: Office) -> None:
    office = embedded_office
    first = issued(office, "a", "BC-301")
    told = "1 list gives out no more places. The next certificates begin new ones.\n"
    assert sanad(office, "status", "renew") == told
    assert sanad(office, "status", "renew").startswith("0 lists give out")
    second = issued(office, "b", "BC-302")
    assert not lists(*first) & lists(*second)


def test_a_revocation_whose_writer_is_distrusted_later_is_cleared(embedded_office: Office) -> None:
    office = embedded_office
    school_keys(office)
    own = issued(office, "a", "BC-301")
    office.deployed.chain.finalize()
    revoke(office, own[1])
    assert fallen(office, *own) == [False, True, False]
    key = office.deployed.signer.address
    hash_ = bytes.fromhex(office.verdicts(own[1])[0]["hash"][2:])
    (record,) = office.deployed.registry().revocations(DOMAIN, key, [commitment(hash_)])
    assert record is not None
    since = datetime.fromtimestamp(record.revoked_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sanad(office, "distrust", DOMAIN, key, "--since", since)
    assert fallen(office, *own) == [False, False, False]
    sanad(office, "distrust", DOMAIN, key, "--lift")
    assert fallen(office, *own) == [False, True, False]


def test_a_new_key_signs_every_list_anew(embedded_office: Office) -> None:
    office, other = embedded_office, colleague(embedded_office)
    first, second = issued(office, "a", "BC-301"), issued(other, "b", "BC-302")
    revoke(office, first[0])
    old = _signer(office, first[0])
    assert old == _signer(office, second[0])
    sanad(office, "key", "rotate")
    told = sanad(office, "status", "publish")
    assert [line.rpartition("  ")[2] for line in told.splitlines()] == ["written", "written"]
    new = _signer(office, first[0])
    assert new == _signer(office, second[0])
    assert new != old
    assert fallen(office, *first, *second) == [True, False, False, False, False, False]
    # A stolen key: what it signs is not genuine, but for what these records published themselves.
    KeyHistory.beside(office.folder / "institution.pem").distrust(old, datetime.now(UTC))
    told = office.run("status", "publish", "--config", str(office.config)).output
    assert "is not the institution's list" not in told


def _signer(office: Office, envelope: Path) -> str:
    data = list_file(office, credential(envelope)).read_bytes()
    address = parse_address(place(envelope)[0])
    assert isinstance(address, Address)
    return read_list(data, address, None).multikey


def _forged(listed: dict[str, Any], office: Office) -> dict[str, bytes]:
    """What is not our list, and why, by the words of the report."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from issuer.credential.credential import sign_credential
    from verifier.core.status_list import encode

    thief, now = Ed25519PrivateKey.from_private_bytes(bytes(range(32))), datetime.now(UTC)
    unsigned = {key: value for key, value in listed.items() if key != "proof"}
    subject = unsigned["credentialSubject"]
    elsewhere = {**unsigned, "id": f"{listed['id'][:-1]}{'0' if listed['id'][-1] != '0' else '1'}"}
    changed = {**listed, "credentialSubject": {**subject, "encodedList": encode(b"\x80" + bytes(16_383))}}
    suspended = {**unsigned, "credentialSubject": {**subject, "statusPurpose": "suspension"}}
    longer = {**unsigned, "credentialSubject": {**subject, "encodedList": encode(bytes(32_768))}}
    return {
        "none of the institution's keys": _json(sign_credential(unsigned, thief, now)),
        "another issuer's": _json(sign_credential({**unsigned, "issuer": "did:web:college.example"}, thief, now)),
        "another list, by its id": _json(sign_credential(elsewhere, thief, now)),
        "The signature is false": _json(changed),
        "not of the form": _json(sign_credential(suspended, thief, now)),
        "not as many places": _json(sign_credential(longer, thief, now)),
        "proof": _json(unsigned),
        "The JSON": _json(listed)[:-20],
        "The JSON is empty": b"",
    }


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def test_what_is_missing_or_not_genuine_is_reported_and_left_alone(embedded_office: Office) -> None:
    office = embedded_office
    own = issued(office, "a", "BC-301")
    path = list_file(office, credential(own[0]))
    genuine = path.read_bytes()
    url = place(own[0])[0]
    for word, data in _forged(json.loads(genuine), office).items():
        path.write_bytes(data)
        told = sanad(office, "status", "publish", code=1)
        assert f"What is published at {url} is not the institution's list: " in told, word
        assert f"put {path} back from a copy of the archive, then type: sanad status publish" in told
        assert path.read_bytes() == data
    path.unlink()
    told = sanad(office, "status", "publish", code=1)
    assert told.startswith(f"The status list {url} is missing in the archive. A new one would hide")
    assert not path.exists()
    (problem,) = json.loads(sanad(office, "status", "publish", "--json", code=1))
    assert (problem["url"], problem["written"]) == (url, False)
    assert problem["problem"] in told
    shutil.rmtree(office.folder / "data")  # whoever knows of it by the certificates alone does not begin it either
    path.with_name("0" * 32 + ".json").write_bytes(b"{}")
    told = sanad(accepted(office), "status", "publish", DOMAIN, code=1)
    assert f"The status list {url} is missing" in told
    assert "is not the status list of its place. Move it away." in told
    path.with_name("0" * 32 + ".json").unlink()
    told = revoke(office, own[0])
    assert f"Not every status list for other verifiers was published. The status list {url} is missing" in told
    second = issued(office, "b", "BC-302")
    assert not lists(*own) & lists(*second), "issuing goes on, with a list of its own"
    path.write_bytes(genuine)
    sanad(office, "status", "publish")
    assert fallen(office, *own) == [True, False, False]


def test_a_thief_s_certificate_in_another_s_place_sets_nobody_s_bit(embedded_office: Office) -> None:
    """It is registered with a stolen signer's key, revoked, and laid into the archive with a place that is taken."""
    office = embedded_office
    own = issued(office, "a", "BC-301")
    stolen = json.loads(own[0].read_bytes())["credential"] | {"id": "urn:uuid:00000000-0000-4000-8000-000000000000"}
    commitment_ = commitment(certificate_hash(stolen))
    file = BatchFile(DOMAIN, leaf(0, commitment_, ZERO), commitment_ + ZERO)
    archive = ArchiveWriter(office.folder / "archive")
    archive.publish_batch(file.to_bytes())
    archive.publish_envelope(Envelope(stolen, 0, ZERO, file.root, ()).to_bytes())
    writer, institution = office.deployed.writer(office.deployed.signer), institution_id(DOMAIN)
    writer.issue(institution, file.root, 1)
    office.deployed.revoke(office.deployed.signer, [commitment_], 3, DOMAIN)
    office.deployed.chain.finalize()
    sanad(accepted(office), "status", "publish")
    assert fallen(office, *own) == [False, False, False]
    revoke(office, own[0])
    assert fallen(office, *own) == [True, False, False]
