"""The `[issuer]` table of sanad.toml: where records are, and which keys issue."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from issuer.errors import IssuerSettingsError
from issuer.text import suggestion

_KEYS = ("data", "signer_key", "institution_key", "passphrase_file")
_REQUIRED = ("data", "signer_key", "institution_key")


@dataclass(frozen=True)
class IssuerSettings:
    """Paths are absolute; what they hold is looked at only when it is needed."""

    data: Path
    """Folder of the records and of batches in work."""
    signer_key: Path
    """Keystore v3 file of the key that registers batches."""
    institution_key: Path
    """Encrypted PKCS#8 file of the Ed25519 key that signs credentials."""
    passphrase_file: Path | None
    """Where the passphrase of both is, if not in the environment."""


def load_issuer_settings(path: Path) -> IssuerSettings:
    """Read `[issuer]` of a sanad.toml; its paths are relative to the file.

    Raises:
        IssuerSettingsError: all that is wrong with it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise IssuerSettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise IssuerSettingsError(f"{path} is not TOML: {error}.") from None
    table = document.get("issuer")
    if not isinstance(table, dict):
        raise IssuerSettingsError(f"{path} has no [issuer] section with data, signer_key and institution_key.")
    if problems := _problems(table):
        raise IssuerSettingsError(f"{path}, [issuer]: " + " ".join(problems))
    folder = path.resolve().parent
    values = {key: folder / table[key] for key in _KEYS if key in table}
    return IssuerSettings(passphrase_file=values.pop("passphrase_file", None), **values)


def _problems(table: dict[str, object]) -> list[str]:
    problems = [f"There is no {key}. {suggestion(key, list(_KEYS))}" for key in table if key not in _KEYS]
    problems += [f"{key} is missing." for key in _REQUIRED if key not in table]
    problems += [f"{key} is not a path in quotes." for key in _KEYS if key in table and not isinstance(table[key], str)]
    return problems
