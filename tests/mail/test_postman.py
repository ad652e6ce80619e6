"""Every answer of a mail server, and every way in which a conversation breaks off."""

from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest

from issuer.errors import MailServerError
from issuer.mail.letter import Letter, compose
from issuer.mail.postman import Fate, Postman
from issuer.mail.settings import Language, MailSettings, Security

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HASH = bytes(range(32))
LETTER = Letter(
    "ayesha@students.example", "Ayesha Siddiqui", "Digital Trust", "ڈیجیٹل اعتماد", "Darya University",
    "دریا یونیورسٹی", "Dr. Bilal Ahmed", "https://verify.example", HASH, b"%PDF-1.7\r\n.\r\n..\nend", "001-Ayesha.pdf",
)  # fmt: skip
SENDER = Address("Darya University", addr_spec="post@darya.example")


def settings(port: int, **more) -> MailSettings:
    base = MailSettings("127.0.0.1", port, Security.NONE, SENDER, per_minute=10_000, seconds=5)
    return replace(base, **more)


def bring(to: str, chosen: MailSettings, postman: Postman | None = None):
    message = compose(replace(LETTER, address=to), chosen, NOW)
    if postman is not None:
        return postman.deliver(message, to)
    with Postman(chosen) as one:
        return one.deliver(message, to)


def test_a_letter_arrives_whole(serve):
    server = serve()
    chosen = settings(server.port, reply_to=Address("", addr_spec="registrar@darya.example"))
    outcome = bring(LETTER.address, chosen)
    assert (outcome.fate, outcome.words) == (Fate.SENT, "250 taken")
    (letter,) = server.received()
    assert letter["Subject"] == "Your certificate: Digital Trust · آپ کی سند: ڈیجیٹل اعتماد"
    assert letter["To"] == "Ayesha Siddiqui <ayesha@students.example>"
    assert letter["Reply-To"] == "registrar@darya.example"
    plain = letter.get_body(("plain",)).get_content()
    rich = letter.get_body(("html",)).get_content()
    for text in (plain, rich):
        assert "https://verify.example/c/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" in text
        assert "Dear" in text
        assert "محترم" in text
        assert "registrar@darya.example" in text
    (attachment,) = letter.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("001-Ayesha.pdf", LETTER.pdf)


@pytest.mark.parametrize(
    ("name", "fate", "words"),
    [
        ("refuse", Fate.REFUSED, "550 5.1.1 no such student here"),
        ("later", Fate.LATER, "451 4.2.1 mailbox is busy"),
        ("full", Fate.REFUSED, "552 5.2.2 mailbox is full"),
        ("drop-before", Fate.LATER, "The server hung up before the letter (Connection unexpectedly closed)."),
        ("drop-after", Fate.UNKNOWN, "No answer came after the letter (Connection unexpectedly closed)."),
        ("lose", Fate.UNKNOWN, "No answer came after the letter (Connection unexpectedly closed)."),
    ],
)
def test_every_answer_is_told_apart_and_the_next_letter_still_goes(serve, name, fate, words):
    server = serve()
    chosen = settings(server.port)
    with Postman(chosen) as postman:
        outcome = bring(f"{name}@students.example", chosen, postman)
        assert (outcome.fate, outcome.words) == (fate, words)
        assert bring("next@students.example", chosen, postman).fate is Fate.SENT
    kept = (
        {"drop-after@students.example", "next@students.example"} if name == "drop-after" else {"next@students.example"}
    )
    assert {letter["X-Recipient"] for letter in server.received()} == kept


def test_a_refused_sender_stops_everything(serve):
    chosen = settings(serve().port, sender=Address("", addr_spec="stranger@darya.example"))
    with pytest.raises(MailServerError, match=r"^The mail server refuses the sender stranger@darya\.example: 550 5\.7"):
        bring(LETTER.address, chosen)


@pytest.mark.parametrize("implicit", [True, False])
def test_login_over_tls(serve, certificate, implicit):
    options = [
        "--certificate",
        str(certificate[0]),
        "--key",
        str(certificate[1]),
        "--user",
        "sanad",
        "--password",
        "word",
    ]
    server = serve(*options, *(["--implicit"] if implicit else []))
    security = Security.TLS if implicit else Security.STARTTLS
    chosen = settings(server.port, security=security, ca_file=certificate[0], user="sanad", password="word")
    assert bring(LETTER.address, chosen).fate is Fate.SENT
    with pytest.raises(MailServerError, match="refuses the login: 535") as caught:
        bring(LETTER.address, replace(chosen, password="wrong secret"))
    assert "wrong secret" not in str(caught.value)
    with pytest.raises(MailServerError, match=r"no protection that can be trusted .*CERTIFICATE_VERIFY_FAILED"):
        bring(LETTER.address, replace(chosen, ca_file=None))


def test_a_server_without_protection_gets_neither_login_nor_letter(serve):
    server = serve()
    with pytest.raises(MailServerError, match="does not offer what"):
        bring(LETTER.address, settings(server.port, security=Security.STARTTLS, user="sanad", password="word"))
    assert server.received() == []


def test_a_server_that_is_not_there():
    with pytest.raises(MailServerError, match=r"^The mail server 127\.0\.0\.1:1 cannot be reached"):
        bring(LETTER.address, settings(1))


def test_letters_keep_to_the_pace_agreed(serve):
    slept = []
    with Postman(settings(serve().port, per_minute=30), slept.append) as postman:
        for _ in range(3):
            postman.wait()
    assert len(slept) == 2
    assert sum(slept) == pytest.approx(6, abs=0.5)  # 2 s to the second, and 4 s to the third, as no time went by


def test_the_same_certificate_has_the_same_message_id_and_its_hash_is_not_in_it():
    first = compose(LETTER, settings(25), NOW)
    again = compose(LETTER, settings(25), datetime(2027, 1, 1, tzinfo=UTC))
    assert (
        first["Message-ID"]
        == again["Message-ID"]
        != compose(replace(LETTER, hash=b"\1" * 32), settings(25), NOW)["Message-ID"]
    )
    assert not {HASH.hex()[:16], HASH.hex()[-16:]} & {first["Message-ID"][at : at + 16] for at in range(40)}


@pytest.mark.parametrize(("language", "there", "absent"), [
    (Language.ENGLISH, "Dear", "محترم"), (Language.URDU, "محترم", "Dear"),
])  # fmt: skip
def test_languages(language, there, absent):
    message = compose(LETTER, settings(25, language=language), NOW)
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert there in text
        assert absent not in text


def test_names_are_no_markup():
    message = compose(replace(LETTER, recipient='<b>Ayesha</b> & "Co"'), settings(25), NOW)
    assert "<b>Ayesha" not in message.get_body(("html",)).get_content()
    assert "&lt;b&gt;Ayesha&lt;/b&gt; &amp;" in message.get_body(("html",)).get_content()
    assert '<b>Ayesha</b> & "Co"' in message.get_body(("plain",)).get_content()
