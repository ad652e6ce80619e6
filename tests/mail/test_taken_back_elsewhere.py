"""Letters about certificates that were taken back elsewhere: the records know nothing of it, and the registry does."""

import json
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from tests.mail.conftest import mail_server
from tests.mail.test_mail_command import post_through
from verifier.core.envelope import parse_envelope

ROSTER = "Student Number,Name,Email\n1,Ayesha Siddiqui,a@students.example\n2,Hira Iqbal,h@students.example\n"


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    return open_office(deploy_on(embedded_chain), tmp_path / "office")


def test_nobody_is_written_to_about_what_another_machine_revoked(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER).exit_code == 0
    revoked = parse_envelope(office.envelopes[0].read_bytes())
    office.deployed.revoke(office.deployed.signer, [revoked.commitment], 1, office.domain)
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        sent = office.run("mail", "send", "--config", str(office.config))
        assert "1 withheld" in sent.output, sent.output
        assert not server.received("a@students.example")
        assert len(server.received("h@students.example")) == 1
        listed = json.loads(office.run("mail", "list", "--json", "--config", str(office.config)).stdout)
        assert [each["state"] for each in listed] == ["withheld", "sent"]
        batch = listed[0]["batch"]
        settled = office.run("mail", "settle", batch[:8], "2", "--again", "--config", str(office.config))
        assert settled.exit_code == 0, settled.output
        assert office.run("mail", "send", "--config", str(office.config)).exit_code == 0
        assert len(server.received("a@students.example")) == 1  # a person decided it


def test_without_a_node_no_letter_goes_out(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER).exit_code == 0
    office.config.write_text(office.config.read_text().replace(office.deployed.chain.url, "http://127.0.0.1:9"))
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        refused = office.run("mail", "send", "--config", str(office.config))
        assert refused.exit_code == 2, refused.output
        assert "Whether certificates were taken back could not be asked, so no letter was sent." in refused.output
        assert not server.received()
