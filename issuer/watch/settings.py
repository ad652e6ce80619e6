"""The `[watch]` table of sanad.toml; nothing of it is required.

[watch]
domains = ["university.example"]        # by default those that the records know
keys = ["0x…"]                          # keys that may act besides those of the records
every_seconds = 60
blind_after_seconds = 300               # after how long without an answer the watch says that it sees nothing
explained = ["acts.json"]               # acts of other machines, as sanad trail --json writes them
mail = ["security@university.example"]  # alerts go there too, through [mail]
webhook = "https://hooks.example/sanad" # and there, as JSON
webhook_secret_file = "keys/hook"       # signs what is sent there, with the time (issuer/watch/signing.py)
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from issuer.errors import WatchError
from issuer.text import EMAIL, suggestion
from issuer.watch.signing import signing_key
from verifier.core.domain import is_domain
from verifier.plain_file import read_plain, read_plain_text
from verifier.toml_table import checksummed

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_KEYS = (
    *("domains", "keys", "every_seconds", "blind_after_seconds", "explained"),
    *("mail", "webhook", "webhook_secret_file"),
)
_SECRET_BYTES = 10_000
_HERE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class WatchSettings:
    """Which institutions are watched, how often, and who gets the alerts."""

    domains: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    every_seconds: int = 60
    blind_after_seconds: int = 300
    explained: tuple[Path, ...] = ()
    """Files of acts of other machines."""
    mail: tuple[str, ...] = ()
    webhook: str | None = None
    webhook_secret: bytes | None = field(default=None, repr=False)


def load_watch_settings(path: Path) -> WatchSettings:
    """Read `[watch]` of a sanad.toml.

    Raises:
        WatchError: all that is wrong with it.
    """
    try:
        table = tomllib.loads(read_plain_text(path)).get("watch", {})
    except OSError as error:
        raise WatchError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise WatchError(f"{path} is not TOML: {error}.") from None
    problems: list[str] = []
    settings = _settings(table if isinstance(table, dict) else {}, path.resolve().parent, problems)
    if problems:
        raise WatchError(f"{path}, [watch]: " + " ".join(problems))
    return settings


def _settings(table: dict[str, Any], folder: Path, problems: list[str]) -> WatchSettings:
    problems += [f"{key} is not known. {suggestion(key, list(_KEYS))}" for key in table if key not in _KEYS]
    domains = _list(table, "domains", is_domain, 'a list of domains, such as ["university.example"]', problems)
    keys = _list(table, "keys", _ADDRESS.fullmatch, "a list of addresses of 0x and 40 hex digits", problems)
    mail = _list(table, "mail", EMAIL.fullmatch, "a list of e-mail addresses", problems)
    every = _seconds(table, "every_seconds", 60, 5, problems)
    blind = _seconds(table, "blind_after_seconds", 300, 0, problems)
    explained = _list(table, "explained", str.strip, 'a list of files, such as ["acts.json"]', problems)
    webhook = table.get("webhook")
    if webhook is not None and not _is_safe(webhook):
        problems.append("webhook must be https:// and a host (http:// only on this machine).")
    secret = _secret(table, folder, problems)
    files = tuple(folder / name for name in explained)
    return WatchSettings(domains, tuple(map(checksummed, keys)), every, blind, files, mail, webhook, secret)


def _seconds(table: dict[str, Any], key: str, usual: int, least: int, problems: list[str]) -> int:
    seconds = table.get(key, usual)
    if type(seconds) is int and least <= seconds <= 86_400:
        return seconds
    problems.append(f"{key} must be a whole number from {least} to 86400.")
    return usual


def _list(table: dict[str, Any], key: str, fits: Any, meaning: str, problems: list[str]) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(each, str) and fits(each) for each in values):
        problems.append(f"{key} must be {meaning}.")
        return ()
    return tuple(values)


def _is_safe(url: Any) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        )
    except (ValueError, AttributeError):
        return False


def _secret(table: dict[str, Any], folder: Path, problems: list[str]) -> bytes | None:
    name = table.get("webhook_secret_file")
    if name is None:
        return None
    try:
        secret = read_plain(folder / name, _SECRET_BYTES).strip()
    except (OSError, TypeError, ValueError):
        problems.append(f"webhook_secret_file names {name!r}, which cannot be read.")
        return None
    if not secret:
        problems.append(f"webhook_secret_file names {name!r}, which is empty: nothing would be signed.")
        return None
    try:
        return signing_key(secret)
    except WatchError as error:
        problems.append(str(error))
        return None
