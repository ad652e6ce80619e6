"""The `[mail]` table of sanad.toml: through which server letters go, and in whose name.

    [mail]
    host = "smtp.university.example"
    port = 587                                # by default 587, or 465 where security is "tls"
    security = "starttls"                     # or "tls" from the first byte, or "none" (this machine only)
    user = "certificates@university.example"  # optional: logs in
    password_file = "keys/mail-password"      # optional; else SANAD_MAIL_PASSWORD
    sender = "University of Example <certificates@university.example>"
    reply_to = "registrar@university.example" # optional
    per_minute = 60                           # letters a minute at most
    language = "both"                         # or "english", or "urdu"
    ca_file = "keys/ca.pem"                   # optional: your own certificate authority

Paths are relative to the file. It never holds a password.
"""

import ipaddress
import os
import tomllib
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Any

from issuer.errors import MailSettingsError
from issuer.text import EMAIL, refused_character, suggestion
from verifier.plain_file import read_plain_text

PASSWORD = "SANAD_MAIL_PASSWORD"
"""The environment's variable for the password, where no file is named."""


class Security(StrEnum):
    """How the conversation with the server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Language(StrEnum):
    """What letters are written in."""

    ENGLISH = "english"
    URDU = "urdu"
    BOTH = "both"


@dataclass(frozen=True)
class MailSettings:
    """Through which server letters go, and in whose name."""

    host: str
    port: int
    security: Security
    sender: Address
    reply_to: Address | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    per_minute: int = 60
    language: Language = Language.BOTH
    ca_file: Path | None = None
    seconds: float = 30.0
    """How long to wait for one answer of the server."""


_KEYS: dict[str, tuple[type, str]] = {
    "host": (str, "the server's name in quotes"),
    "port": (int, "a whole number from 1 to 65535"),
    "security": (str, '"starttls", "tls" or "none"'),
    "user": (str, "a name in quotes"),
    "password_file": (str, "a path in quotes"),
    "sender": (str, 'an address in quotes, such as "University <post@university.example>"'),
    "reply_to": (str, "an address in quotes"),
    "per_minute": (int, "a whole number from 1 to 10000"),
    "language": (str, '"english", "urdu" or "both"'),
    "ca_file": (str, "a path in quotes"),
}


def has_mail(path: Path) -> bool:
    """Whether a sanad.toml has a table [mail] at all."""
    try:
        return "mail" in tomllib.loads(read_plain_text(path))
    except (OSError, ValueError):
        return False


def load_mail_settings(path: Path) -> MailSettings:
    """Read `[mail]` of a sanad.toml.

    Raises:
        MailSettingsError: it is missing, or all that is wrong with it.
    """
    try:
        table = tomllib.loads(read_plain_text(path)).get("mail")
    except OSError as error:
        raise MailSettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise MailSettingsError(f"{path} is not TOML: {error}.") from None
    if not isinstance(table, dict):
        raise MailSettingsError(f"{path} has no [mail] table with host and sender: without it no letter can be sent.")
    reader = _Reader(table, path.resolve().parent)
    settings = reader.settings()
    if reader.problems or settings is None:
        raise MailSettingsError(f"{path}, [mail]: " + " ".join(reader.problems))
    return settings


class _Reader:
    def __init__(self, table: dict[str, Any], folder: Path) -> None:
        self._table, self._folder = table, folder
        self.problems: list[str] = []

    def settings(self) -> MailSettings | None:
        self._check_keys()
        host, sender = self._take("host"), self._address("sender")
        security = self._word("security", Security, Security.STARTTLS)
        port = self._number("port", 465 if security is Security.TLS else 587, 65535)
        per_minute = self._number("per_minute", 60, 10_000)
        language, reply_to = self._word("language", Language, Language.BOTH), self._address("reply_to")
        user, password, ca_file = self._take("user"), self._password(), self._file("ca_file")
        for key, value in (("host", host), ("sender", sender)):
            if value is None and key not in self._table:
                self.problems.append(f"{key} is missing; it is {_KEYS[key][1]}.")
        if host and security is Security.NONE and not _is_here(host):
            self.problems.append('security = "none" is for a server on this machine only; take "starttls" or "tls".')
        if user and not password:
            self.problems.append(f"There is a user and no password: name a password_file, or set {PASSWORD}.")
        if self.problems or host is None or sender is None:
            return None
        return MailSettings(host, port, security, sender, reply_to, user, password, per_minute, language, ca_file)

    def _check_keys(self) -> None:
        for key in self._table:
            if key == "password":
                self.problems.append("A password does not belong in this file: write it to its own file and name that.")
            elif key not in _KEYS:
                self.problems.append(f"{key} is not known. {suggestion(key, list(_KEYS))}")

    def _take(self, key: str) -> Any:
        kind, meaning = _KEYS[key]
        value = self._table.get(key)
        if value is None:
            return None
        if type(value) is not kind or value == "":
            self.problems.append(f"{key} is not {meaning}.")
            return None
        return value

    def _number(self, key: str, default: int, most: int) -> int:
        value = self._take(key)
        if value is None:
            return default
        if not 1 <= value <= most:
            self.problems.append(f"{key} is not {_KEYS[key][1]}.")
        return int(value)

    def _word(self, key: str, kind: Any, default: Any) -> Any:
        value = self._take(key)
        if value is None:
            return default
        if value not in set(kind):
            self.problems.append(f"{key} is not {_KEYS[key][1]}.")
            return default
        return kind(value)

    def _address(self, key: str) -> Address | None:
        text = self._take(key)
        if text is None:
            return None
        name, address = parseaddr(text)
        if EMAIL.fullmatch(address) is None or refused_character(name):
            self.problems.append(f"{key} is not {_KEYS[key][1]}.")
            return None
        return Address(name, addr_spec=address)

    def _file(self, key: str) -> Path | None:
        name = self._take(key)
        if name is None:
            return None
        path: Path = self._folder / name
        if not path.is_file():
            self.problems.append(f"{key} names {name}, and there is no such file.")
        return path

    def _password(self) -> str | None:
        file = self._file("password_file")
        if file is None:
            return os.environ.get(PASSWORD) or None
        try:
            return read_plain_text(file, _PASSWORD_BYTES).rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError):
            if file.is_file():
                self.problems.append("password_file cannot be read.")
            return None


_PASSWORD_BYTES = 10_000


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
