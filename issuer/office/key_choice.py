"""Which key acts: the one that is named, else the one of sanad.toml."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from issuer.errors import ActError
from issuer.keys.files import Passphrases
from issuer.keys.signers import KeyPlace, key_place
from issuer.settings import KeySettings


class Seat(Enum):
    """Which multisig acts, where no key does."""

    HOLDER = "holder"
    """The registry's owner, or the institution's admin."""
    NOMINEE = "nominee"
    """The one that is nominated to be that."""


@dataclass(frozen=True)
class KeyChoice:
    """A key as somebody names it; what is left open, sanad.toml says.

    Args:
        key: a file, or a remote signer; relative to the working folder.
        passphrases: where its passphrase comes from; where this names no file, the settings' file is taken for the keys
            that the settings name.
        seat: a multisig acts instead, the one that the registry has there.
    """

    key: str | None = None
    passphrases: Passphrases = Passphrases()  # noqa: RUF009 - it is frozen
    seat: Seat | None = None


def chosen_key(choice: KeyChoice, configured: KeySettings, wanted: str) -> tuple[KeyPlace, Passphrases]:
    """The key to act with, and where its passphrase is; `wanted` is its name in sanad.toml.

    Raises:
        ActError: nobody names one.
    """
    place = configured.place if choice.key is None else key_place(choice.key, Path())
    if place is None:
        raise ActError(f"Which key acts? Name it with --key, or set {wanted} in sanad.toml.")
    named = choice.passphrases.file
    known = choice.key is None or (place.file is not None and place.file.resolve() in configured.files)
    file = named or (configured.passphrase_file if known else None)
    return place, Passphrases(file, choice.passphrases.ask)
