"""The [mail] table: every mistake told at once, and no password in the file."""

from pathlib import Path

import pytest

from issuer.errors import MailSettingsError
from issuer.mail.settings import PASSWORD, Language, Security, load_mail_settings

GOOD = 'host = "smtp.darya.example"\nsender = "Darya University <post@darya.example>"\n'


def load(tmp_path: Path, text: str):
    path = tmp_path / "sanad.toml"
    path.write_text("[mail]\n" + text, encoding="utf-8")
    return load_mail_settings(path)


def test_what_is_not_said_has_sensible_values(tmp_path):
    read = load(tmp_path, GOOD)
    assert (read.host, read.port, read.security, read.language) == (
        "smtp.darya.example", 587, Security.STARTTLS, Language.BOTH
    )  # fmt: skip
    assert str(read.sender) == "Darya University <post@darya.example>"
    assert load(tmp_path, GOOD + 'security = "tls"').port == 465


def test_the_password_comes_from_a_file_or_the_environment_and_shows_nowhere(tmp_path, monkeypatch):
    (tmp_path / "word").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv(PASSWORD, "from outside")
    outside = load(tmp_path, GOOD + 'user = "sanad"')
    file = load(tmp_path, GOOD + 'user = "sanad"\npassword_file = "word"')
    assert (outside.password, file.password) == ("from outside", "from the file")
    assert "outside" not in repr(outside)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "host is missing; it is the server's name in quotes."),
        ('host = "a"', "sender is missing"),
        (GOOD + 'password = "x"', "A password does not belong in this file"),
        (GOOD + 'hots = "x"', "hots is not known. Did you mean host?"),
        (GOOD + "port = 70000", "port is not a whole number from 1 to 65535."),
        (GOOD + 'port = "587"', "port is not a whole number"),
        (GOOD + 'security = "ssl"', 'security is not "starttls", "tls" or "none".'),
        (GOOD + 'security = "none"', 'security = "none" is for a server on this machine only'),
        (GOOD + 'user = "sanad"', "There is a user and no password: name a password_file, or set SANAD_MAIL_PASSWORD."),
        (GOOD + 'password_file = "gone"', "password_file names gone, and there is no such file."),
        (GOOD + 'reply_to = "nobody"', "reply_to is not an address in quotes."),
        (GOOD + 'language = "french"', 'language is not "english", "urdu" or "both".'),
    ],
)
def test_mistakes_are_told(tmp_path, monkeypatch, text, told):
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(MailSettingsError) as caught:
        load(tmp_path, text)
    assert told in str(caught.value)


def test_all_mistakes_come_at_once(tmp_path):
    with pytest.raises(MailSettingsError) as caught:
        load(tmp_path, 'port = 0\nsecurity = "x"\nhots = "y"')
    assert all(word in str(caught.value) for word in ("port", "security", "hots", "host is missing", "sender"))


def test_a_file_without_the_table(tmp_path):
    (tmp_path / "sanad.toml").write_text("[issuer]\n", encoding="utf-8")
    with pytest.raises(MailSettingsError, match=r"has no \[mail\] table with host and sender"):
        load_mail_settings(tmp_path / "sanad.toml")
