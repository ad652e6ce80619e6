"""What forgers, careless portals and dishonest institutions try: none of it is `valid`."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from deploy.registry_contract import accredit, authorise
from tests.chain_fixtures import Deployed
from tests.journey.office import Office, settings
from verifier.core.batch_file import tree_of
from verifier.core.canonical import canonical
from verifier.core.envelope import Envelope, join, parse_envelope
from verifier.core.errors import UnreadableError
from verifier.core.hashes import institution_id, sha256
from verifier.core.reading import read_file
from verifier.core.seal import seal, unseal

LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.fixture
def school(embedded_office: Office) -> Office:
    """An office whose class is issued."""
    assert embedded_office.issue().exit_code == 0
    return embedded_office


def parts(path: Path) -> tuple[bytes, Envelope]:
    sheet, envelope = unseal(path.read_bytes())
    return sheet, parse_envelope(envelope)


def resealed(paper: bytes, envelope: Envelope, **changes: Any) -> bytes:
    fields = {name: getattr(envelope, name) for name in ("credential", "index", "sheet", "root", "path")}
    return paper + seal(paper, Envelope(**{**fields, **changes}).to_bytes())


def test_no_changed_byte_of_a_real_certificate_passes(school: Office) -> None:
    whole = bytearray(school.pdfs[1].read_bytes())
    passed = []
    for place in range(len(whole)):
        whole[place] ^= 1
        with suppress(UnreadableError):
            if not read_file(bytes(whole)).altered:
                passed.append(place)
        whole[place] ^= 1
    assert passed == []


def test_parts_of_two_students_exchanged(school: Office) -> None:
    (sheet, mine), (other_sheet, other) = parts(school.pdfs[0]), parts(school.pdfs[1])
    forgeries = {
        "path": resealed(sheet, mine, path=other.path),
        "index": resealed(sheet, mine, index=other.index),
        "path and index": resealed(sheet, mine, path=other.path, index=other.index),
        "credential": resealed(sheet, mine, credential=other.credential),
        "sheet": resealed(other_sheet, mine),
        "sheet and its hash": resealed(other_sheet, mine, sheet=other.sheet),
        "no sheet": resealed(sheet, mine, sheet=bytes(32)),
        "root": resealed(sheet, mine, root=sha256(b"another")),
    }
    assert {name: school.verdict(data) for name, data in forgeries.items()} == dict.fromkeys(forgeries, "altered")


def test_cut_appended_and_revised(school: Office) -> None:
    whole = school.pdfs[0].read_bytes()
    revision = b"99 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Size 100>>\nstartxref\n1\n%%EOF\n"
    for data in (whole[:-1], whole + b"\n", whole + revision, whole + whole[-63:], b"\n" + whole):
        assert school.verdict(data) == "altered"
    assert school.verdict(whole[:3000]) == "unreadable"


def mallory(school: Office, credential: dict[str, Any]) -> bytes:
    """A batch of one that an accredited but dishonest institution registers under its own name."""
    deployed = school.deployed
    programme, stranger = deployed.sender(deployed.programme), deployed.stranger.address
    accredit(programme, deployed.address, "mallory.example", "Mallory", stranger)
    authorise(deployed.sender(deployed.stranger), deployed.address, "mallory.example", stranger)
    envelope = _batch_of_one(credential)
    deployed.writer(deployed.stranger).issue(institution_id("mallory.example"), envelope.root, 1)
    deployed.chain.finalize()
    return envelope.to_bytes()


def test_an_institution_that_issues_in_anothers_name(school: Office) -> None:
    _, mine = parts(school.pdfs[0])
    forged = json.loads(canonical(mine.credential))
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "Mallory"
    assert school.verdict(_batch_of_one(forged).to_bytes()) == "unavailable"  # it may still be on its way
    forged["proof"]["created"] = LONG_AGO
    assert school.verdict(mallory(school, forged)) == "unknown"
    # Its own name is its own: what it registers there is judged as its certificate.
    forged["issuer"]["id"] = "did:web:mallory.example"
    deployed = school.deployed
    own = _batch_of_one(forged)
    deployed.writer(deployed.stranger).issue(institution_id("mallory.example"), own.root, 1)
    deployed.chain.finalize()
    answer = school.verdict(own.to_bytes())
    assert answer == "valid"
    assert school.verdicts(school.folder / "judged")[0]["institution"]["name"] == "Mallory"


def test_a_squatted_root_takes_nothing(school: Office, tmp_path: Path) -> None:
    _, mine = parts(school.pdfs[0])
    mallory(school, dict(mine.credential))
    deployed = school.deployed
    deployed.writer(deployed.stranger).issue(institution_id("mallory.example"), mine.root, 5)
    deployed.chain.finalize()
    answer = school.verdicts(school.pdfs[0])[0]
    assert (answer["verdict"], answer["institution"]["name"]) == ("valid", "Darya University")


def test_a_root_that_only_a_squatter_registered_is_unknown(embedded_office: Office) -> None:
    other = Account.create()
    school = embedded_office
    school.deployed.chain.fund(other.address)
    school.issue()
    _, mine = parts(school.pdfs[0])
    signed = {**dict(mine.credential["proof"]), "created": LONG_AGO}
    changed = {**mine.credential, "name": "Never registered by its institution", "proof": signed}
    assert school.verdict(mallory(school, changed)) == "unknown"


@pytest.mark.parametrize("by", ["signer", "admin"])
def test_revoked_and_issued_a_second_time(school: Office, by: str) -> None:
    _, mine = parts(school.pdfs[2])
    deployed, institution = school.deployed, institution_id(school.domain)
    deployed.revoke(getattr(deployed, by), [mine.commitment], 3, school.domain)
    deployed.chain.finalize()
    assert school.verdict(school.pdfs[2].read_bytes()) == "revoked"
    again = _batch_of_one(dict(mine.credential))
    assert again.hash == mine.hash
    deployed.writer(deployed.signer).issue(institution, again.root, 1)
    deployed.chain.finalize()
    assert school.verdict(again.to_bytes()) == "revoked"


def test_a_smaller_size_than_the_tree_has(school: Office) -> None:
    _, mine = parts(school.pdfs[0])
    credentials = [{**mine.credential, "name": f"Number {number}"} for number in range(3)]
    envelopes = _batch(credentials)
    deployed = school.deployed
    deployed.writer(deployed.signer).issue(institution_id(school.domain), envelopes[0].root, 2)
    deployed.chain.finalize()
    assert [school.verdict(each.to_bytes()) for each in envelopes] == ["valid", "valid", "untrusted"]


def test_a_node_that_is_down_makes_it_unavailable_and_never_unknown(school: Office) -> None:
    school.config.write_text(settings(school.deployed, node="http://127.0.0.1:9"))
    first = json.loads(school.envelopes[0].read_bytes())
    elsewhere = "0x" + sha256(b"nothing").hex()
    answers = school.verdicts(school.pdfs[0], school.envelopes[0], elsewhere)
    assert [each["verdict"] for each in answers] == ["unavailable"] * 3
    assert school.run("verify", "--config", str(school.config), str(school.pdfs[0])).exit_code == 3
    assert first["sanad"] == 1


def test_another_registry_does_not_know_it_and_no_contract_is_no_answer(school: Office, deployed: Deployed) -> None:
    school.config.write_text(settings(school.deployed, address=deployed.address))
    fresh = school.verdicts(school.pdfs[0])[0]
    assert (fresh["verdict"], fresh["headline"]) == ("unavailable", "This certificate is not on record yet.")
    _, mine = parts(school.pdfs[0])
    old = {**mine.credential, "proof": {**mine.credential["proof"], "created": LONG_AGO}}
    assert school.verdict(_batch_of_one(old).to_bytes()) == "unknown"
    school.config.write_text(settings(school.deployed, address=school.deployed.stranger.address))
    assert school.verdicts(school.pdfs[0])[0]["verdict"] == "unavailable"


def test_a_bare_hash_is_unknown_only_if_every_batch_is_at_hand(school: Office) -> None:
    elsewhere = "0x" + sha256(b"nothing").hex()
    assert school.verdicts(elsewhere)[0]["verdict"] == "unknown"
    batch_file = next((school.folder / "archive" / "batches").rglob("*.sanad"))
    batch_file.rename(batch_file.with_suffix(".away"))
    assert school.verdicts(elsewhere)[0]["verdict"] == "unavailable"


def _batch(credentials: list[dict[str, Any]]) -> list[Envelope]:
    hashes = [sha256(sha256(canonical(each))) for each in credentials]
    tree = tree_of([(each, bytes(32)) for each in hashes])
    return [
        parse_envelope(join(canonical(each), index, bytes(32), tree.root, tuple(tree.path(index))))
        for index, each in enumerate(credentials)
    ]


def _batch_of_one(credential: dict[str, Any]) -> Envelope:
    return _batch([credential])[0]
