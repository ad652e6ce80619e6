"""`sanad status publish`: what the registry says, where certificates say that it is to be found, for everybody."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from issuer.credential.identity import STATUS_LIST_LENGTH
from issuer.records import Records
from issuer.records.status_lists import StatusListRecords
from tests.credential.test_independent import run as run_node
from tests.journey.office import DOMAIN, ORIGIN, Office, school_keys
from verifier.core.data_integrity import verify_proof
from verifier.core.status_list import bit, decode, is_revoked
from verifier.settings import load_settings
from verifier.web import create_app


def sanad(office: Office, *words: str, code: int = 0) -> str:
    result = office.run(*words, "--config", str(office.config))
    assert result.exit_code == code, result.output
    return result.output


def client(office: Office) -> FlaskClient:
    settings = load_settings(office.config)
    return create_app(settings.verifier(), ORIGIN).test_client()


def credential(envelope: Path) -> dict[str, Any]:
    found = json.loads(envelope.read_bytes())["credential"]
    assert isinstance(found, dict)
    return found


def list_file(office: Office, own: dict[str, Any]) -> Path:
    """Where the list that a credential names is in the office's archive."""
    identifier = own["credentialStatus"]["statusListCredential"].rpartition("/")[2]
    return office.folder / "archive" / "status" / office.domain / "127.0.0.1_8000" / f"{identifier}.json"


def list_of(office: Office, own: dict[str, Any]) -> dict[str, Any]:
    """The list that a credential names, from the verifier's website."""
    url = own["credentialStatus"]["statusListCredential"]
    assert url.startswith(ORIGIN)
    response = client(office).get(urlsplit(url).path, base_url=ORIGIN)
    assert response.status_code == 200
    found = json.loads(response.data)
    assert found["id"] == url
    return dict(found)


def test_a_revoked_certificate_is_seen_by_a_verifier_that_knows_no_registry(embedded_office: Office) -> None:
    office = embedded_office
    office.issue()
    good, bad = credential(office.envelopes[0]), credential(office.envelopes[1])
    before = list_of(office, good)
    _check_served(office)
    assert [is_revoked(each, before, datetime.now(UTC)) for each in (good, bad)] == [False, False]
    assert run_node("status.mjs", {"credential": bad, "lists": {before["id"]: before}})["verified"] is True
    told = sanad(office, "revoke", office.verdicts(office.envelopes[1])[0]["hash"], "--reason", "data-error")
    assert "not published" not in told
    after = list_of(office, good)
    assert [is_revoked(each, after, datetime.now(UTC)) for each in (good, bad)] == [False, True]
    answers = [run_node("status.mjs", {"credential": each, "lists": {after["id"]: after}}) for each in (good, bad)]
    assert [answer["verified"] for answer in answers] == [True, False]
    gone = run_node("status.mjs", {"credential": good, "lists": {}})
    assert gone["verified"] is False
    assert "not found" in str(gone["reasons"])


def _check_served(office: Office) -> None:
    path = urlsplit(credential(office.envelopes[0])["credentialStatus"]["statusListCredential"]).path
    assert re.fullmatch(f"/status/{DOMAIN}/[0-9a-f]{{32}}", path)
    response = client(office).get(path, base_url=ORIGIN)
    assert response.mimetype == "application/vc"
    assert response.headers["Cache-Control"] == "public, max-age=900"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    again = client(office).get(path, base_url=ORIGIN, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    found = json.loads(response.data)
    assert verify_proof(found).verification_method.startswith(f"did:web:{office.domain}#z6Mk")
    subject = found["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"], subject["ttl"]) == ("BitstringStatusList", "revocation", 900_000)
    assert len(decode(subject["encodedList"])) * 8 == STATUS_LIST_LENGTH
    assert found["issuer"] == f"did:web:{office.domain}", "a plain string"
    assert "validUntil" not in found
    identifier = path.rpartition("/")[2]
    for place in (f"{DOMAIN}/{'0' * 32}", f"college.example/{identifier}", f"..%2F..%2Fx/{identifier}"):
        _check_nowhere(office, place)
    for place in (f"{DOMAIN}/1", f"{DOMAIN}/{identifier.upper()}", f"{DOMAIN}/{identifier}0", f"a/{identifier}"):
        _check_nowhere(office, place)
    # By another name of the same site, the list for the address in the settings.
    assert client(office).get(path, base_url="http://localhost:8000").data == response.data


def _check_nowhere(office: Office, place: str) -> None:
    missing = client(office).get(f"/status/{place}", base_url=ORIGIN)
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-store"


def test_every_way_in_which_a_certificate_falls_sets_its_bit(embedded_office: Office) -> None:
    """Revoked, replaced, withdrawn, registered by a distrusted key: as the registry has it; and back again."""
    office = embedded_office
    school_keys(office)
    office.issue()
    office.issue(out="more", code="BC-302")
    own = [credential(path) for path in office.envelopes]
    root = json.loads(min((office.folder / "more").glob("*.json")).read_bytes())["root"]
    more = [credential(path) for path in sorted((office.folder / "more").glob("*.json"))]
    places = {int(each["credentialStatus"]["statusListIndex"]) for each in own + more}
    assert len(places) == len(own + more)

    def fallen() -> list[bool]:
        bits = decode(list_of(office, own[0])["credentialSubject"]["encodedList"])
        assert {place for place in range(STATUS_LIST_LENGTH) if bit(bits, place)} <= places
        return [bit(bits, int(each["credentialStatus"]["statusListIndex"])) for each in (own[0], more[0], more[1])]

    assert fallen() == [False, False, False]
    hashes = [each["hash"] for each in office.verdicts(office.envelopes[0], *(office.folder / "more").glob("*.json"))]
    sanad(office, "replace", hashes[0], hashes[1], "--even-so")
    assert fallen() == [True, False, False]
    sanad(office, "withdraw", office.domain, root)
    assert fallen() == [True, True, True]
    sanad(office, "withdraw", office.domain, root, "--undo")
    assert fallen() == [True, False, False]
    sanad(office, "distrust", office.domain, office.deployed.signer.address, "--since", "2026-01-01T00:00:00Z")
    assert fallen() == [True, True, True]


def test_several_lists_when_one_is_full(embedded_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """All places of the first list but two are taken: a class of five spans two lists, each with its own bits."""
    office = embedded_office
    first: list[str] = []
    really = StatusListRecords.taken

    def taken(records: StatusListRecords, id_: str) -> set[int]:
        first.append(id_)
        return set(range(STATUS_LIST_LENGTH - 2)) if id_ == first[0] else really(records, id_)

    monkeypatch.setattr(StatusListRecords, "taken", taken)
    office.issue()
    own = [credential(path) for path in office.envelopes]
    lists = [each["credentialStatus"]["statusListCredential"] for each in own]
    assert [each.endswith(first[0]) for each in lists] == [True, True, False, False, False]
    assert len(set(lists)) == 2
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        assert [each.closed is None for each in store.status_lists.of(DOMAIN)].count(True) == 1
    sanad(office, "revoke", office.verdicts(office.envelopes[3])[0]["hash"], "--reason", "other")
    fallen = [is_revoked(each, list_of(office, each), datetime.now(UTC)) for each in own]
    assert fallen == [n == 3 for n in range(5)]
    told = sanad(office, "status", "publish")
    assert told.splitlines() == [f"{url}  {int(url == lists[3])} revoked  up to date" for url in sorted(set(lists))]


def test_what_is_told(embedded_office: Office) -> None:
    office = embedded_office
    assert sanad(office, "status", "publish") == "Neither records nor archive hold a certificate.\n"
    office.issue()
    assert sanad(office, "status", "publish", "a.example") == "The records know no certificate of a.example.\n"
    whole = office.config.read_text()
    office.config.write_text(whole.replace(office.deployed.chain.url, "http://127.0.0.1:9"))
    path = list_file(office, credential(office.envelopes[0]))
    before = path.read_bytes()
    assert "Nothing was published: the registry could not be asked." in sanad(office, "status", "publish", code=3)
    assert "Nothing was compared: the registry could not be asked." in sanad(office, "status", "check", code=3)
    assert path.read_bytes() == before
    office.config.write_text(whole)
    (office.folder / "institution.pem").rename(office.folder / "away.pem")
    told = sanad(office, "revoke", office.verdicts(office.envelopes[0])[0]["hash"], "--reason", "other")
    assert "The status lists for other verifiers were not published. The key file" in told
    assert "Then type: sanad status publish" in told
    (office.folder / "away.pem").rename(office.folder / "institution.pem")
    (published,) = json.loads(sanad(office, "status", "publish", "--json"))
    assert (published["revoked"], published["written"], published["problem"]) == (1, True, None)
    assert published["file"] == str(path)
    sanad(office, "revoke", office.verdicts(office.envelopes[1])[0]["hash"], "--reason", "other")
    _check_erased(office, credential(office.envelopes[0]), before)


def _check_erased(office: Office, revoked: dict[str, Any], before: bytes) -> None:
    """Of an erased certificate only the batch file knows by what the registry revoked it."""
    engine = create_engine(f"sqlite:///{office.folder / 'data' / 'records.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE certificates SET hash = NULL WHERE position = 0"))
    engine.dispose()
    list_file(office, revoked).write_bytes(before)  # as it was when nothing was revoked yet
    sanad(office, "status", "publish")
    assert is_revoked(revoked, list_of(office, revoked), datetime.now(UTC)) is True
