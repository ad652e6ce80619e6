"""The sanad on a chain: an academy certifies an educator, a university relies on its word, a class follows."""

import json
from pathlib import Path

from deploy.registry_contract import accredit
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.registry.institution import InstitutionActs
from tests.chain_fixtures import Deployed
from tests.doubles import batch, credential
from tests.journey.office import Office
from verifier.core.batch_file import BatchFile
from verifier.core.envelope import Envelope
from verifier.core.hashes import institution_id

ACADEMY = "academy.example.org"


def test_a_student_is_led_to_the_educator_and_to_the_academy(embedded_office: Office) -> None:
    office, deployed = embedded_office, embedded_office.deployed
    educator = certified_educator(deployed, office.domain, office.folder / "archive")
    text = office.config.read_text()
    office.config.write_text(text.replace("[issuer]", f'[issuer]\neducator = "0x{educator.hash.hex()}"'))
    assert office.issue().exit_code == 0
    told = office.verdicts(office.pdfs[0])[0]
    assert told["verdict"] == "valid"
    assert [(link["role"], link["state"]) for link in told["walk"]] == [("educator", "passed"), ("certifier", "passed")]
    assert told["walk"][0]["name"] == "Dr. Bilal Ahmed"
    assert told["walk"][0]["certificate"]["hash"] == "0x" + educator.hash.hex()
    assert told["walk"][1]["domain"] == ACADEMY
    printed = office.run("verify", "--config", str(office.config), str(office.pdfs[0])).output
    assert "The sanad, from the student to those who vouch for the teacher:" in printed
    assert "belongs to Dr. Bilal Ahmed, whose own certificate is valid." in printed

    deployed.revoke(deployed.stranger, [educator.commitment], 3, ACADEMY)
    deployed.chain.finalize()
    told = office.verdicts(office.pdfs[0])[0]
    assert (told["verdict"], told["walk"][0]["state"], told["walk"][0]["verdict"]) == ("valid", "note", "revoked")
    assert "the students' certificates stand" in json.dumps(told["steps"][10])


def test_an_educator_named_later_is_named_beside_what_was_delivered_before(embedded_office: Office) -> None:
    office, deployed = embedded_office, embedded_office.deployed
    educator = certified_educator(deployed, office.domain, office.folder / "archive")
    assert office.issue().exit_code == 0
    assert office.verdicts(office.pdfs[0])[0]["walk"][0]["state"] == "could not check"
    text = office.config.read_text()
    office.config.write_text(text.replace("[issuer]", f'[issuer]\neducator = "0x{educator.hash.hex()}"'))
    resumed = office.run("resume", "--config", str(office.config))
    assert resumed.exit_code == 0, resumed.output
    assert "The educator is named now beside 1 batch that was delivered before." in resumed.output
    assert office.verdicts(office.pdfs[0])[0]["walk"][0]["state"] == "passed"
    assert "The educator is named" not in office.run("resume", "--config", str(office.config)).output


def certified_educator(deployed: Deployed, domain: str, archive: Path) -> Envelope:
    """The academy registers the educator's certificate and certifies the key; the university relies on its word."""
    (envelope,) = batch([credential("Dr. Bilal Ahmed", domain=ACADEMY, institution="Academy of Educators")])
    academy = deployed.sender(deployed.stranger)
    accredit(deployed.sender(deployed.programme), deployed.address, ACADEMY, "Academy", academy.address, True)
    acts = InstitutionActs(academy, deployed.address, ACADEMY)
    acts.authorise(academy.address).perform()
    deployed.writer(deployed.stranger).issue(institution_id(ACADEMY), envelope.root, 1)
    acts.certify(deployed.signer.address, envelope.commitment).perform()
    writer = ArchiveWriter(archive)
    writer.publish_batch(BatchFile(ACADEMY, envelope.root, envelope.commitment + envelope.sheet).to_bytes())
    writer.publish_envelope(envelope.to_bytes())
    university = InstitutionActs(deployed.sender(deployed.admin), deployed.address, domain)
    university.authorise(deployed.signer.address, ACADEMY).perform()
    deployed.chain.finalize()
    return envelope
