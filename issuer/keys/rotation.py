"""Replacing the institution's Ed25519 key: the old one stays listed, so what it signed is still confirmed."""

import os
from dataclasses import dataclass
from pathlib import Path

from issuer.errors import KeyFileError
from issuer.keys.files import load_institution_key, new_institution_key
from issuer.keys.key_history import KeyHistory
from verifier.core.multikey import ed25519_multikey


@dataclass(frozen=True)
class Rotated:
    """What became of the keys."""

    old: str
    new: str
    aside: Path
    """Where the old key's file is now."""


def rotate(path: Path, passphrase: str) -> Rotated:
    """Draw a new key in place of the one at `path`, under the same passphrase; the old file is set aside.

    It makes no difference whether the old key is distrusted before or afterwards.
    The place always holds a whole key: cut off anywhere, the next use of a key notes which one it is.

    Raises:
        KeyFileError: the old key does not open, or a file cannot be written.
    """
    history = KeyHistory.beside(path)
    old = ed25519_multikey(load_institution_key(path, passphrase).public_key().public_bytes_raw())
    if not history.distrusts(old):  # else the list has it, and is right about it
        history.note(old)
    coming, aside = path.with_suffix(".new"), path.with_name(f"{path.stem}-{old[-8:]}{path.suffix}")
    try:
        coming.unlink(missing_ok=True)  # of a run that was cut off: nothing was ever signed with it
        new = ed25519_multikey(new_institution_key(coming, passphrase).public_key().public_bytes_raw())
        if not aside.exists():
            os.link(path, aside)
        coming.replace(path)
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be replaced: {error.strerror}.") from None
    history.note(new)
    return Rotated(old, new, aside)
