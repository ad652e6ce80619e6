"""Which Ed25519 keys an institution has signed with, and when: public, kept beside the key file that is in use.

Nobody has to remember this when the key file is replaced, by `sanad key rotate` or by hand: every use of a key is
noted here, so the one before it stays listed, and what it signed is still confirmed (SPEC.md section 13).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from issuer.disk.private_files import replace_private
from issuer.errors import KeyFileError
from issuer.text import utc
from verifier.core.dates import parse_timestamp
from verifier.core.errors import SanadError
from verifier.core.multikey import ed25519_public_key
from verifier.plain_file import read_plain_text


@dataclass(frozen=True)
class InstitutionKey:
    """One key; times are UTC as in did.json, None where there is none."""

    multikey: str
    since: str | None = None
    """None for the first key: what is older than this list is not known."""
    until: str | None = None
    revoked: str | None = None
    """Since when it is distrusted."""

    @property
    def current(self) -> bool:
        """Whether it is signed with now."""
        return self.until is None and self.revoked is None


class KeyHistory:
    """The list in one file, oldest key first.

    Raises (each method):
        KeyFileError: the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, key_file: Path) -> "KeyHistory":
        """The list that belongs to a key file: `institution.pem` has `institution.history.json`."""
        return cls(key_file.with_suffix(".history.json"))

    def listed(self) -> list[InstitutionKey]:
        """All keys; none before the first was used."""
        try:
            listed = json.loads(read_plain_text(self.path))["keys"]
            return [_checked(InstitutionKey(**each)) for each in listed]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, SanadError):
            raise KeyFileError(f"The list of keys {self.path} cannot be read. It is JSON; put it right.") from None

    def note(self, multikey: str, now: datetime | None = None) -> None:
        """Note that this key is signed with now; the one before it ends now.

        Raises:
            KeyFileError: it is distrusted.
        """
        keys, moment = self.listed(), utc(now or datetime.now(UTC))
        own = next((key for key in keys if key.multikey == multikey), None)
        if own is not None and own.revoked is not None:
            raise KeyFileError(
                f"The institution's key {multikey} is distrusted since {own.revoked}: nothing is signed with it any "
                "more. Take another: sanad key rotate"
            )
        if own is not None and own.current:
            return
        ended = [replace(key, until=key.until or moment) for key in keys if key is not own]
        begun = replace(own, until=None) if own else InstitutionKey(multikey, moment if keys else None)
        self._write([*ended, begun])

    def distrusts(self, multikey: str) -> bool:
        """Whether a key is marked as not to be trusted."""
        return any(key.revoked is not None for key in self.listed() if key.multikey == multikey)

    def distrust(self, multikey: str, since: datetime, in_place: str | None = None) -> bool:
        """Mark a key as not to be trusted since a moment; a later word replaces an earlier one.

        Args:
            multikey: the key.
            since: the moment.
            in_place: the key that the key file states, which may not have been used yet.

        Returns:
            Whether it is the key in use, so that nothing can be signed until there is another.

        Raises:
            KeyFileError: it is not in the list.
        """
        keys = self.listed()
        if multikey == in_place and all(key.multikey != multikey for key in keys):
            self.note(multikey)
            keys = self.listed()
        if all(key.multikey != multikey for key in keys):
            raise KeyFileError(f"{multikey} is none of the keys in {self.path}. sanad key history lists them.")
        self._write([replace(key, revoked=utc(since)) if key.multikey == multikey else key for key in keys])
        return any(key.multikey == multikey and key.until is None for key in keys)

    def _write(self, keys: list[InstitutionKey]) -> None:
        listed = {"keys": [asdict(key) for key in keys]}
        try:
            replace_private(self.path, (json.dumps(listed, indent=1) + "\n").encode())
        except OSError as error:
            raise KeyFileError(f"The list of keys {self.path} cannot be written: {error.strerror}.") from None


def _checked(key: InstitutionKey) -> InstitutionKey:
    ed25519_public_key(key.multikey)
    for time in _times(key):
        parse_timestamp(time)
    return key


def _times(key: InstitutionKey) -> Iterator[str]:
    return (time for time in (key.since, key.until, key.revoked) if time is not None)
