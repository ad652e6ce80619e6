"""Where alerts go: the log, letters, a webhook. Where one fails, the next look reports in that way again."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any, Protocol

import requests

from issuer.errors import MailServerError
from issuer.mail.postman import Fate, Postman
from issuer.mail.settings import MailSettings
from issuer.text import utc_now
from issuer.watch.alerts import Alert
from issuer.watch.signing import signed

_WEBHOOK_SECONDS = 10


class Teller(Protocol):
    """One way of reporting."""

    def tell(self, alerts: Sequence[Alert]) -> str | None:
        """Report them; a sentence of what went wrong, or None."""


class Log:
    """Alerts on standard output: one line of JSON each, or as people read them."""

    def __init__(self, as_json: bool, write: Callable[[str], None] = lambda text: print(text, flush=True)) -> None:
        self._as_json, self._write = as_json, write

    def tell(self, alerts: Sequence[Alert]) -> str | None:
        """Write them."""
        for alert in alerts:
            text = json.dumps(data_of(alert), ensure_ascii=False) if self._as_json else paragraph(alert)
            self._write(text)
        return None


class Letters:
    """Alerts by mail: one letter with all of a look to each address."""

    def __init__(self, settings: MailSettings, addresses: Sequence[str]) -> None:
        self._settings, self._addresses = settings, addresses

    def tell(self, alerts: Sequence[Alert]) -> str | None:
        """Send them."""
        failed = []
        try:
            with Postman(self._settings) as postman:
                for address in self._addresses:
                    outcome = postman.deliver(self._letter(alerts, address), address)
                    if outcome.fate is not Fate.SENT:
                        failed.append(f"{address} ({outcome.words})")
        except MailServerError as error:
            return str(error)
        return f"No letter reached {', '.join(failed)}." if failed else None

    def _letter(self, alerts: Sequence[Alert], address: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._settings.sender, Address("", addr_spec=address)
        message["Subject"] = f"Sanad: {len(alerts)} alert{'' if len(alerts) == 1 else 's'} for {alerts[0].domain}"
        message["Date"], message["Message-ID"] = datetime.now(UTC), make_msgid(domain=self._settings.sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join(map(paragraph, alerts)) + "\n")
        return message


class Webhook:
    """Alerts to an address on the web, as JSON, signed with the time where a secret is given."""

    def __init__(self, url: str, secret: bytes | None) -> None:
        self._url, self._secret = url, secret

    def tell(self, alerts: Sequence[Alert]) -> str | None:
        """Post them."""
        body = json.dumps({"alerts": [data_of(alert) for alert in alerts]}, ensure_ascii=False).encode("utf-8")
        headers = {"Content-Type": "application/json"}
        if self._secret is not None:
            headers |= signed(self._secret, body)
        try:
            answer = requests.post(
                self._url, data=body, headers=headers, timeout=_WEBHOOK_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            return f"The webhook cannot be reached ({type(error).__name__})."
        return None if answer.ok else f"The webhook answered {answer.status_code}."


def data_of(alert: Alert) -> dict[str, Any]:
    """An alert as plain data."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "domain": alert.domain,
        "text": alert.text,
        "commands": list(alert.commands),
        "seen_command": alert.seen_command,
        "registry": alert.place,
        "told_at": utc_now(),
    }


def paragraph(alert: Alert) -> str:
    """An alert as people read it."""
    lines = [f"{alert.domain}: {alert.text}", *(f"    {command}" for command in alert.commands)]
    if alert.seen_command:
        lines.append(f"    If it is in order: {alert.seen_command}")
    return "\n".join(lines)
