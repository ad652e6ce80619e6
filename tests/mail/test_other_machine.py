"""Records that several machines share: what only the machine that began a batch can do, and what another one says."""

from pathlib import Path

import pytest

from tests.journey.office import Office
from tests.mail.conftest import mail_server
from tests.mail.test_mail_command import post_through

CLASS = "Student Number,Name,Email\n1,Ayesha Siddiqui,{}@students.example\n"
SAID = "Type this on the machine that began the batch, or let all machines use one data folder."


@pytest.fixture
def elsewhere(embedded_office: Office) -> Office:
    """An office with a class that another machine has issued: neither its course nor its files are here."""
    assert embedded_office.issue(CLASS.format("ayesha")).exit_code == 0
    (embedded_office.folder / "data" / "batches").rename(embedded_office.folder / "other-machine")
    (embedded_office.folder / "certificates").rename(embedded_office.folder / "their-certificates")
    return embedded_office


def run(office: Office, code: int, *words: str) -> str:
    result = office.run(*words, "--config", str(office.config))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def root_of(office: Office) -> str:
    return next((office.folder / "archive" / "batches").rglob("*.sanad")).stem


def test_each_command_says_once_where_to_type_it(elsewhere: Office, tmp_path: Path) -> None:
    certificate = str(next((elsewhere.folder / "their-certificates").glob("*.pdf")))
    with mail_server(tmp_path / "accepted") as server:
        post_through(elsewhere, server)
        for words in (
            ("deliver", root_of(elsewhere)),
            ("deliver", root_of(elsewhere), "--out", str(tmp_path / "again")),
            ("correct", certificate, "--name", "Ayesha Siddiqa"),
            ("mail", "send"),
            ("mail", "send", certificate),
        ):
            told = run(elsewhere, 2, *words)
            assert told.count(SAID) == 1, told
            assert "sanad rebuild --from FOLDER" in told
        assert server.received() == []
    assert not (tmp_path / "again").exists()


def test_letters_of_other_batches_go_out(elsewhere: Office, tmp_path: Path) -> None:
    assert elsewhere.issue(CLASS.format("here"), "here", code="BC-302").exit_code == 0
    with mail_server(tmp_path / "accepted") as server:
        post_through(elsewhere, server)
        assert SAID in run(elsewhere, 3, "mail", "send")
        assert [each["X-Recipient"] for each in server.received()] == ["here@students.example"]


def test_the_course_description_is_enough_to_go_on(elsewhere: Office, tmp_path: Path) -> None:
    """What the sentence names, typed as it says."""
    run(elsewhere, 0, "rebuild", "--from", str(elsewhere.folder))
    run(elsewhere, 0, "deliver", root_of(elsewhere))
    with mail_server(tmp_path / "accepted") as server:
        post_through(elsewhere, server)
        run(elsewhere, 0, "mail", "send")
        assert len(server.received("ayesha@students.example")) == 1
