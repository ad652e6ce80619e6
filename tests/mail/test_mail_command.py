"""`sanad issue --mail` and `sanad mail`: everybody gets one letter, nobody two; what is not known is asked about."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from issuer.records import DeliveryState, Records
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office
from tests.mail.conftest import MailServer, mail_server

SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]
ROSTER = """Student Number,Name,Grade,Email
1,Ayesha Siddiqui,A,ayesha@students.example
2,فاطمہ نور,A-,fatima@students.example
3,Zoë Fernandes,B,refuse@students.example
4,Ömer Ansari,B+,drop-after@students.example
5,Hira Iqbal,A,later@students.example
6,Sana Tariq,A,
"""


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    return open_office(deploy_on(embedded_chain), tmp_path / "office")


def post_through(office: Office, server: MailServer, per_minute: int = 10_000) -> None:
    office.config.write_text(
        office.config.read_text().partition("[mail]")[0]
        + f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        f'sender = "Darya University <post@darya.example>"\nper_minute = {per_minute}\n'
    )


def mail(office: Office, code: int, *words: str) -> str:
    result = office.run("mail", *words, "--config", str(office.config))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout


def states(office: Office) -> dict[int, str]:
    return {each["row"]: each["state"] for each in json.loads(mail(office, 0, "list", "--json"))}


def test_a_class_gets_its_letters_and_a_person_settles_the_rest(office: Office, tmp_path: Path) -> None:
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        issued = office.issue(ROSTER, "certificates", "--mail")
        assert issued.exit_code == 1, issued.output
        assert (
            "2 sent, 1 refused (sanad mail list --state refused), 1 not known (sanad mail list --state unknown), "
            "1 put off (sanad mail send, later), 1 without an address." in issued.output
        )
        assert states(office) == {2: "sent", 3: "sent", 4: "refused", 5: "unknown", 6: "queued"}
        assert "550 5.1.1 no such student here" in mail(office, 0, "list", "--state", "refused")
        (letter,) = server.received("fatima@students.example")
        (attachment,) = letter.iter_attachments()
        assert attachment.get_content() in [pdf.read_bytes() for pdf in office.pdfs]
        assert "فاطمہ نور" in letter["To"]

        assert mail(office, 1, "send")  # again: nobody gets a second one
        batch = json.loads(mail(office, 0, "list", "--json"))[0]["batch"]
        mail(office, 0, "settle", batch[:8], "5", "--arrived")
        mail(office, 0, "settle", batch, "4", "--again", "--to", "zoe@students.example")
        assert "3 sent" not in mail(office, 3, "send")  # 4 sent by now, one put off
        received = sorted(each["X-Recipient"].split("@")[0] for each in server.received())
        assert received == ["ayesha", "drop-after", "fatima", "zoe"]
        assert states(office) == {2: "sent", 3: "sent", 4: "sent", 5: "sent", 6: "queued"}

        for words, told in (
            (("settle", batch, "2", "--arrived"), "is sent: there is nothing to decide"),
            (("settle", batch, "7", "--arrived"), "has no letter for row 7"),
            (("settle", batch, "4", "--arrived", "--again"), "Say either --arrived, or --again"),
            (("settle", batch, "6", "--again", "--to", "nobody"), "'nobody' is no e-mail address"),
            (("settle", "zzz", "6", "--again"), "No batch ids begin with zzz"),
        ):
            result = office.run("mail", *words, "--config", str(office.config))
            assert (result.exit_code, told in result.output) == (2, True), result.output


def test_what_is_no_answer_is_asked_about_and_goes_again_only_when_somebody_says_so(
    office: Office, tmp_path: Path
) -> None:
    roster = "Student Number,Name,Email\n1,Sana Tariq,forward@students.example\n2,Ömer Ansari,lose@students.example\n"
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        told = office.issue(roster, "certificates", "--mail").output
        batch = json.loads(mail(office, 0, "list", "--json"))[0]["batch"]
        for _ in range(3):
            assert "1 letter was handed over, and no answer came. Ask whether it arrived:" in told
            assert "  row 3  Ömer Ansari <lose@students.example>" in told
            assert f"If it arrived: sanad mail settle {batch[:8]} 3 --arrived" in told
            words = f"sanad mail send --batch {batch[:8]} --unknown-again"
            assert f"To send it again, which may arrive twice: {words}" in told
            told = mail(office, 1, "send")
        assert states(office) == {2: "sent", 3: "unknown"}
        assert len(server.received("forward@students.example")) == 1, "another good answer than 250"

        again = ("mail", *words.split()[2:], "--config", str(office.config))
        refused = office.run(*again)
        assert refused.exit_code == 2
        assert "row 3  Ömer Ansari <lose@students.example>" in refused.output
        assert "Nobody is there to be asked. Say --yes" in refused.output
        assert states(office) == {2: "sent", 3: "unknown"}
        with Records(office.folder / "data" / "records.sqlite").locks.held(f"mail:{batch}", 0, ""):
            for busy in ((*again, "--yes"), ("mail", "settle", batch, "3", "--again", "--config", str(office.config))):
                result = office.run(*busy)
                assert (result.exit_code, "Another run is sending letters of batch" in result.output) == (3, True)
        assert office.run(*again, "--yes").exit_code == 1, "lost again"
        assert "It may arrive twice." in mail(office, 0, "settle", batch, "3", "--again")
        assert len(server.received("forward@students.example")) == 1
    lonely = office.run("mail", "send", "--unknown-again", "--config", str(office.config))
    assert (lonely.exit_code, "--unknown-again goes with --batch" in lonely.output) == (2, True)


def test_settings_are_looked_at_before_anything_is_issued(office: Office) -> None:
    result = office.issue(ROSTER, "certificates", "--mail")
    assert result.exit_code == 2
    assert "has no [mail] table with host and sender" in result.output
    assert not office.pdfs


def test_a_server_that_is_down_leaves_all_queued(office: Office, tmp_path: Path) -> None:
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
    result = office.issue(ROSTER, "certificates", "--mail")
    assert result.exit_code == 3
    assert "Every certificate is issued, and not every letter was sent. The mail server" in result.output
    assert len(office.pdfs) == 6
    assert set(states(office).values()) == {"queued"}


def test_killed_in_the_middle_nobody_gets_two_and_at_most_one_is_unknown(office: Office, tmp_path: Path) -> None:
    roster = "Student Number,Name,Email\n" + "".join(
        f"{n},Student {chr(65 + n)},s{n}@students.example\n" for n in range(20)
    )
    assert office.issue(roster).exit_code == 0
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server, per_minute=1200)
        command = [*SANAD, "mail", "send", "--config", str(office.config)]
        for wanted in (3, 9):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while len(server.received()) < wanted and process.poll() is None:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        assert all(process.wait(60) in (0, 1) for process in both)
        received = [each["X-Recipient"] for each in server.received()]
        assert len(received) == len(set(received))
        unknown = [row for row, state in states(office).items() if state == "unknown"]
        assert len(unknown) <= 2
        assert set(states(office).values()) <= {"sent", "unknown"}
        assert len(received) >= 20 - len(unknown)


def test_one_certificate_gets_its_letter_and_one_more_when_asked(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER).exit_code == 0
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        said = mail(office, 0, "send", str(office.pdfs[0]))
        assert said.startswith("Ayesha Siddiqui (1), Foundations of Blockchain")
        assert "sent to ayesha@students.example" in said
        assert states(office) == {2: "sent"}  # nobody else's was touched
        assert "To send another: --again" in mail(office, 0, "send", "--name", "ayesha")
        assert len(server.received()) == 1
        mail(office, 0, "send", "--number", "1", "--again")
        mail(office, 0, "send", str(office.pdfs[0]), "--again", "--to", "new@students.example")
        assert [each["X-Recipient"] for each in server.received()] == [
            *["ayesha@students.example"] * 2,
            "new@students.example",
        ]
        code = str(office.verdicts(office.pdfs[3])[0]["short_code"])
        (unknown,) = json.loads(mail(office, 1, "send", code, "--json"))
        assert (unknown["state"], unknown["sent_now"]) == ("unknown", True)
        mail(office, 0, "settle", code, "--arrived")
        mail(office, 0, "send", "--name", "Sana", "--to", "sana@students.example")  # has none in the roster
        for words, told in (
            (("send", "--name", "Sana", "--to", "other@students.example"), "say --again to send one to other@"),
            (("send", "--again"), "--again and --to go with the certificate"),
            (("send", code, "--batch", "a"), "Name certificates, or a batch by --batch"),
            (("send", "--name", "a"), "names 5 certificates"),
            (("send", code, str(office.pdfs[0]), "--to", "a@students.example"), "--to is the address of one"),
            (("settle", str(office.pdfs[1]), "--arrived"), "has no letter yet: sanad mail send"),
            (("settle", "a", "b", "c", "--arrived"), "Name the letter by its batch and its row"),
        ):
            result = office.run("mail", *words, "--config", str(office.config))
            assert (result.exit_code, told in result.output) == (2, True), result.output


def test_nobody_is_written_to_about_what_was_taken_back(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER).exit_code == 0
    ayesha, sana = office.verdicts(office.pdfs[0])[0], office.verdicts(office.pdfs[5])[0]
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        mail(office, 0, "send", "--name", "Ayesha")
        for each in (ayesha, sana, office.verdicts(office.pdfs[1])[0]):
            words = ("revoke", str(each["hash"]), "--reason", "misconduct", "--yes", "--config", str(office.config))
            assert office.run(*words).exit_code == 0
        withheld = mail(office, 0, "send", "--number", "2")
        assert "withheld to fatima@" in withheld
        assert "--again" not in withheld
        for words, told in (
            (("--name", "Ayesha", "--again"), "is revoked: no letter goes out about it. Nothing was sent."),
            (("--name", "Sana", "--to", "sana@students.example"), "is revoked: no letter goes out about it."),
            (("--number", "2", "--again"), "is withheld: The certificate was revoked. Nothing was sent. To send it"),
        ):
            result = office.run("mail", "send", *words, "--config", str(office.config))
            assert (result.exit_code, told in result.output) == (2, True), result.output
        assert len(server.received()) == 1
        assert states(office) == {2: "sent", 3: "withheld"}
        code = str(office.verdicts(office.pdfs[1])[0]["short_code"])
        mail(office, 0, "settle", code, "--again")
        mail(office, 0, "send", code)
        assert states(office)[3] == "sent"


def test_a_claim_is_given_once(office: Office, tmp_path: Path) -> None:
    assert office.issue(ROSTER).exit_code == 0
    store = Records(office.folder / "data" / "records.sqlite")
    (batch,) = store.batches()
    store.deliveries.queue(batch.id, [(0, "a@students.example")])
    assert store.deliveries.claim(batch.id, 0, words="handed over")
    assert not store.deliveries.claim(batch.id, 0, words="handed over")
    assert [each.state for each in store.deliveries.of(batch.id)] == [DeliveryState.UNKNOWN]
    store.close()


def test_a_fault_of_ours_after_the_claim_is_asked_about_and_not_guessed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("issuer.mail.postman._said", stumbles)
    with mail_server(tmp_path / "accepted") as server:
        post_through(office, server)
        assert isinstance(office.issue(ROSTER, "certificates", "--mail").exception, RuntimeError)
        assert len(server.received()) == 1
    assert states(office) == {2: "unknown", 3: "queued", 4: "queued", 5: "queued", 6: "queued"}
