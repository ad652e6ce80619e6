"""The main job: a roster in, sealed certificates out, one plain verdict for anyone; on both chains."""

import json

from issuer.batches.judging import check_delivered
from issuer.commands.terminal import certificate_data
from issuer.office.behind import check
from issuer.office.issuing import open_issuer
from issuer.office.office import open_office
from tests.journey.office import ORIGIN, Office
from verifier.core.codes import short_code
from verifier.core.hashes import institution_id


def test_a_class_is_issued_verified_and_one_certificate_revoked(office: Office) -> None:
    result = office.issue(ROSTER_OF_FIVE, "certificates", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [each["verdict"] for each in told["certificates"]] == ["valid"] * 5
    assert [each["name"] for each in told["certificates"]][1] == "فاطمہ نور"
    assert len(office.pdfs) == len(office.envelopes) == 5

    first, second = told["certificates"][:2]
    forms = [first["file"], first["hash"], first["link"], first["short_code"], office.envelopes[0]]
    answers = office.verdicts(*forms)
    assert [each["verdict"] for each in answers] == ["valid"] * 5
    assert {each["hash"] for each in answers} == {first["hash"]}
    assert first["link"].startswith(ORIGIN + "/c/")
    assert office.run("verify", "--config", str(office.config), *map(str, office.pdfs)).exit_code == 0

    record = office.deployed.record("institutionRecord", institution_id(office.domain))
    assert (record["batches"], record["certificates"]) == (1, 5)

    revoked = office.run("revoke", second["hash"], "--reason", "data-error", "--config", str(office.config))
    assert revoked.exit_code == 0, revoked.output
    answers = office.verdicts(first["file"], second["file"], second["link"])
    assert [each["verdict"] for each in answers] == ["valid", "revoked", "revoked"]
    assert "error in its data" in answers[1]["steps"][6]["sentence"]
    assert office.run("verify", "--config", str(office.config), second["file"]).exit_code == 1


def test_nobody_gets_the_same_course_twice(office: Office) -> None:
    assert office.issue().exit_code == 0
    again = office.issue(out="elsewhere")
    assert again.exit_code == 0, again.output
    assert "2–6 5 students already issued: 20" in " ".join(again.output.split())
    assert "Foundations of Blockchain and Digital Trust, 5 students: 0 new, 5 who have it already. " in again.output
    assert "Nothing was issued: everybody has this course's certificate already." in again.output
    assert not (office.folder / "elsewhere").exists()
    assert office.issue(out="elsewhere", code="BC-302").exit_code == 0


def test_files_spoilt_before_they_are_checked_are_told_one_by_one(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0
    changed, emptied, gone, *sound = embedded_office.pdfs
    changed.write_bytes(changed.read_bytes() + b"\n")
    emptied.write_bytes(b"")
    gone.unlink()
    opened = open_office(embedded_office.config)
    with open_issuer(opened, check(opened)) as issuer:
        (batch,) = issuer.store.batches()
        checked = list(check_delivered(issuer.store, batch, opened.registry))
        hashes = issuer.store.hashes(batch.id)
    assert [each.word for each in checked] == ["altered", "unreadable", "unreadable", "valid", "valid"]
    assert [each.hash for each in checked] == [hashes[at] for at in range(5)]
    assert [each.file for each in checked[3:]] == sound
    assert checked[2].why == f"{gone} cannot be read: No such file or directory."
    assert [certificate_data(each, ORIGIN)["short_code"] for each in checked] == [
        short_code(each.hash) for each in checked
    ]


ROSTER_OF_FIVE = """Student Number,Name,Father's Name,CNIC,Grade
DU-1,Ayesha Siddiqui,Tariq Siddiqui,61101-4420981-2,A
DU-2,فاطمہ نور,نور محمد,42101-3308876-4,A-
DU-3,Zoë Fernandes,,,B+
DU-4,Ömer Ansari,,,B
DU-5,Hira Iqbal,,,A
"""
