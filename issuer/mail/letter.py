"""One letter to one student: the link and the PDF, as plain text and as HTML.

The words are in templates/, one file a language; what varies comes from the course and the credential. The same
certificate always gets the same Message-ID, by which mail programs recognise a second copy; it reveals nothing of `H`.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from issuer.mail.settings import Language, MailSettings
from verifier.core.codes import link, short_code
from verifier.core.hashes import sha256

_LANGUAGES = {
    Language.ENGLISH: ("english",),
    Language.URDU: ("urdu",),
    Language.BOTH: ("english", "urdu"),
}


@dataclass(frozen=True)
class Letter:
    """What a letter says; texts as the credential has them, the optional ones empty where it has none."""

    address: str
    recipient: str
    course: str
    course_urdu: str
    institution: str
    institution_urdu: str
    professor: str
    origin: str
    """The verifier's address in links."""
    hash: bytes
    """`H`, 32 bytes."""
    pdf: bytes
    pdf_name: str


def compose(letter: Letter, settings: MailSettings, moment: datetime) -> EmailMessage:
    """The message as it is sent; `moment` is the time of sending, with its offset."""
    message = EmailMessage(policy=SMTP if letter.address.isascii() else SMTPUTF8)
    message["From"] = settings.sender
    message["To"] = Address(letter.recipient if _fits_a_header(letter.recipient) else "", addr_spec=letter.address)
    if settings.reply_to is not None:
        message["Reply-To"] = settings.reply_to
    message["Subject"] = _subject(letter, settings.language)
    message["Date"] = moment
    message["Message-ID"] = message_id(letter.hash, settings.sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    facts = _facts(letter, settings)
    message.set_content(_text("letter.txt", facts), cte="base64")
    message.add_alternative(_text("letter.html", facts), subtype="html", cte="base64")
    message.add_attachment(letter.pdf, maintype="application", subtype="pdf", filename=letter.pdf_name)
    return message


def message_id(hash_: bytes, domain: str) -> str:
    """`<40 hex digits@domain>`: the same for the same certificate, and no way back to its hash."""
    return f"<{sha256(b'sanad letter' + hash_).hex()[:40]}@{domain}>"


def _subject(letter: Letter, language: Language) -> str:
    english, urdu = f"Your certificate: {letter.course}", f"آپ کی سند: {letter.course_urdu or letter.course}"
    return {Language.ENGLISH: english, Language.URDU: urdu, Language.BOTH: f"{english} · {urdu}"}[language]


def _facts(letter: Letter, settings: MailSettings) -> dict[str, Any]:
    return {
        "languages": _LANGUAGES[settings.language],
        "letter": letter,
        "link": link(letter.origin, letter.hash),
        "code": short_code(letter.hash),
        "reply_to": settings.reply_to.addr_spec if settings.reply_to is not None else "",
    }


def _fits_a_header(name: str) -> bool:
    return not any(character in name for character in "\r\n\0")


def _text(template: str, facts: dict[str, Any]) -> str:
    return _templates().get_template(template).render(facts)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("issuer.mail"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
