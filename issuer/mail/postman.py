"""One conversation with an SMTP server (RFC 5321), and what each of its answers means.

smtplib's `sendmail` hides where a conversation broke off, and that decides everything here: before the letter's last
line nothing was accepted; between that line and the answer nobody can know.
"""

import re
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import EmailMessage
from enum import StrEnum
from io import BytesIO
from types import TracebackType

from issuer.errors import MailServerError
from issuer.mail.settings import MailSettings, Security

_MOST_WORDS = 300
"""Characters kept of what a server says."""
_GO_ON, _CLOSING = 354, 421

_YES, _NO, _ANSWERS = range(200, 300), range(500, 600), range(400, 600)
"""What accepts, what refuses for good, and what says clearly that nothing was taken: for good, or for now."""


class Fate(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    """The server has taken it; from now on it is the server's."""
    REFUSED = "refused"
    """The server will not take it, now or later."""
    LATER = "later"
    """The server did not take it now; nothing was sent."""
    UNKNOWN = "unknown"
    """The letter was handed over and there is no answer: the conversation broke off, or what came is none."""


@dataclass(frozen=True)
class Outcome:
    """What became of a letter, and the server's words."""

    fate: Fate
    words: str


class Postman:
    """Brings letters to one server, over one connection, not faster than agreed.

    Raises (on entering, and where the server refuses everything):
        MailServerError: it cannot be reached, has no protection, or refuses login or sender. No letter was sent.
    """

    def __init__(self, settings: MailSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings, self._sleep = settings, sleep
        self._smtp: smtplib.SMTP | None = None
        self._next = 0.0

    def __enter__(self) -> "Postman":
        self._smtp = self._connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._hang_up()

    def wait(self) -> None:
        """Wait until the next letter may go."""
        now = time.monotonic()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + 60 / self._settings.per_minute

    def deliver(self, message: EmailMessage, address: str) -> Outcome:
        """Bring one letter; a broken connection is opened again for it."""
        if self._smtp is None:
            self._smtp = self._connect()
        smtp = self._smtp
        try:
            refusal = self._envelope(smtp, message, address)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Outcome(Fate.LATER, f"The server hung up before the letter ({_words(error)}).")
        if refusal is not None:
            return refusal
        try:
            smtp.send(_dotted(message))
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(Fate.UNKNOWN, f"No answer came after the letter ({_words(error)}).")
        if code in _YES:
            return Outcome(Fate.SENT, _said(code, words))
        if code in _ANSWERS:
            return self._not_taken(smtp, code, words)
        self._drop()  # who knows what it means, or what comes next
        return Outcome(Fate.UNKNOWN, f"What came after the letter is no answer: {_said(code, words)}")

    def _envelope(self, smtp: smtplib.SMTP, message: EmailMessage, address: str) -> Outcome | None:
        """Sender, recipient and permission to begin; None where the server said yes to all three."""
        options = ["SMTPUTF8", "BODY=8BITMIME"] if getattr(message.policy, "utf8", False) else []
        if options and not smtp.has_extn("smtputf8"):
            return Outcome(Fate.REFUSED, "The server takes no address with other than Latin letters (SMTPUTF8).")
        code, words = smtp.mail(self._settings.sender.addr_spec, options)
        if code not in _YES:
            self._hang_up()
            if code in _NO:
                sender = self._settings.sender.addr_spec
                raise MailServerError(f"The mail server refuses the sender {sender}: {_said(code, words)}")
            return Outcome(Fate.LATER, _said(code, words))
        code, words = smtp.rcpt(address)
        if code not in _YES:
            return self._not_taken(smtp, code, words)
        code, words = smtp.docmd("DATA")
        return None if code == _GO_ON else self._not_taken(smtp, code, words)

    def _not_taken(self, smtp: smtplib.SMTP, code: int, words: bytes) -> Outcome:
        """Any other answer than the one that was hoped for; the server has no letter."""
        if code == _CLOSING or code not in _ANSWERS:
            self._hang_up()
        else:
            self._reset(smtp)
        return Outcome(Fate.REFUSED if code in _NO else Fate.LATER, _said(code, words))

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = f"{settings.host}:{settings.port}"
        try:
            smtp = self._open()
            try:
                smtp.ehlo_or_helo_if_needed()
                if settings.security is Security.STARTTLS:
                    smtp.starttls(context=self._context())
                    smtp.ehlo()
                if settings.user is not None:
                    smtp.login(settings.user, settings.password or "")
            except BaseException:
                smtp.close()
                raise
            return smtp
        except smtplib.SMTPAuthenticationError as error:
            said = _said(error.smtp_code, error.smtp_error)
            raise MailServerError(f"The mail server {where} refuses the login: {said}") from None
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerError(f"The mail server {where} does not offer what [mail] asks for: {error}") from None
        except ssl.SSLError as error:
            raise MailServerError(
                f"The mail server {where} has no protection that can be trusted ({error.reason or error}). "
                "Compare host, port and security in [mail]; ca_file names your own authority."
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerError(f"The mail server {where} cannot be reached ({_words(error)}).") from None

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.TLS:
            context = self._context()
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.seconds, context=context)
        return smtplib.SMTP(settings.host, settings.port, timeout=settings.seconds)

    def _context(self) -> ssl.SSLContext:
        file = self._settings.ca_file
        return ssl.create_default_context(cafile=None if file is None else str(file))

    def _drop(self) -> None:
        """End a conversation in which there is nothing left to say."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def _dotted(message: EmailMessage) -> bytes:
    """The message as it goes over the line: CRLF, leading dots doubled, the closing dot (RFC 5321 section 4.5.2)."""
    buffer = BytesIO()
    BytesGenerator(buffer, policy=message.policy.clone(linesep="\r\n")).flatten(message)
    data = re.sub(rb"(?m)^\.", b"..", buffer.getvalue())
    return data + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:_MOST_WORDS]


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:_MOST_WORDS] or type(error).__name__
