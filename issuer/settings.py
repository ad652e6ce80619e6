"""The `[issuer]` table of sanad.toml: where records are, and which keys issue and act for the institution.

    [issuer]
    data = "data"                           # folder of the records
    records = "postgresql+psycopg://user@host/sanad"  # optional: the records in PostgreSQL; its password comes from
                                            # PGPASSWORD or a passfile, never from here
    signer_key = "keys/professor.json"      # registers batches: a keystore v3 file, or a remote signer,
                                            # "http://127.0.0.1:9000#0xAddress"
    institution_key = "keys/institution.pem"  # signs credentials
    admin_key = "keys/admin.json"           # acts for the institution: authorises, removes, withdraws …; optional
    passphrase_file = "keys/passphrase"     # optional; else SANAD_PASSPHRASE, else a prompt. A folder has one file for
                                            # each key: passphrases/professor for keys/professor.json
    relay_key = "keys/service.json"         # optional: sends and pays for what signer_key only signs
    educator = "https://…/c/…"              # optional: link or hash of the certificate of signer_key's owner
    also = ["../law/sanad.toml", "/srv/exports"]  # optional: where else `sanad erase` looks for a person's data:
                                            # other offices' settings, and folders with certificates' files

Paths are relative to the file. The `[programme]` table also has owner_key and passphrase_file
(deploy/commands/programme.py).
"""

import json
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer.errors import IssuerSettingsError, KeyFileError
from issuer.keys.signers import KeyPlace, key_place
from issuer.records.place import RESTORING, RecordsPlace, by_url, in_folder
from issuer.text import suggestion
from verifier.core.codes import parse_code
from verifier.core.errors import CodeError
from verifier.plain_file import read_plain_text

_KEYS = (
    "data",
    "records",
    "signer_key",
    "institution_key",
    "admin_key",
    "relay_key",
    "passphrase_file",
    "educator",
    "also",
)
_LISTS = ("also",)
_REQUIRED = ("data", "signer_key", "institution_key")


@dataclass(frozen=True)
class IssuerSettings:
    """Paths are absolute; their content is read only when it is needed."""

    data: Path
    """Folder of the records and of batches in work."""
    records: RecordsPlace
    """The records: a file in that folder, or PostgreSQL."""
    signer_key: KeyPlace
    """The key that registers batches."""
    institution_key: Path
    """Encrypted PKCS#8 file of the Ed25519 key that signs credentials."""
    passphrase_file: Path | None
    """Where their passphrases are, if not in the environment: a file, or a folder with one for each key."""
    admin_key: KeyPlace | None = None
    """The key that acts for the institution, where these settings know it."""
    relay_key: KeyPlace | None = None
    """The key that sends and pays, where the signer only signs."""
    educator: bytes | None = None
    """`H` of the certificate of the educator who has the signer's key; stored beside each batch."""
    also: tuple[Path, ...] = ()
    """Where else a person's data may be: settings of other offices, and folders (issuer/office/erasing.py)."""


@dataclass(frozen=True)
class KeySettings:
    """One key that a table names, and where its passphrase is."""

    place: KeyPlace | None
    passphrase_file: Path | None
    data: Path | None = None
    records: RecordsPlace | None = None
    files: tuple[Path, ...] = ()
    """Every key file that the table names: all of them have that passphrase."""


def load_issuer_settings(path: Path, restoring: bool = False) -> IssuerSettings:
    """Read `[issuer]` of a sanad.toml; its paths are relative to the file.

    `restoring` is said by the one command that goes on with a restore that was begun.

    Raises:
        IssuerSettingsError: all that is wrong with it; or a restore was begun in its places and not finished.
    """
    table = _table(path, "issuer")
    if table is None:
        raise IssuerSettingsError(f"{path} has no [issuer] section with data, signer_key and institution_key.")
    if problems := _problems(table, _KEYS, _REQUIRED):
        raise IssuerSettingsError(f"{path}, [issuer]: " + " ".join(problems))
    folder = path.resolve().parent
    if not restoring:
        _check_restored(folder / table["data"])
    return IssuerSettings(
        data=folder / table["data"],
        records=_records(path, table, folder / table["data"]),
        signer_key=_place(path, table["signer_key"]),
        institution_key=folder / table["institution_key"],
        passphrase_file=folder / table["passphrase_file"] if "passphrase_file" in table else None,
        admin_key=_place(path, table["admin_key"]) if "admin_key" in table else None,
        relay_key=_place(path, table["relay_key"]) if "relay_key" in table else None,
        educator=_educator(path, table.get("educator")),
        also=tuple(folder / each for each in table.get("also", ())),
    )


def _educator(path: Path, text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        code = parse_code(text)
    except CodeError as error:
        raise IssuerSettingsError(f"{path}, [issuer]: educator is not a certificate. {error}") from None
    if not isinstance(code, bytes):
        raise IssuerSettingsError(f"{path}, [issuer]: educator is a short code; give the whole link or hash.")
    return code


def load_key_settings(path: Path, name: str, key: str, known: tuple[str, ...] = _KEYS) -> KeySettings:
    """Read of the table `name` the key that is called `key`; nothing of it is required.

    Raises:
        IssuerSettingsError: all that is wrong with the table.
    """
    table = _table(path, name) or {}
    if problems := _problems(table, known, ()):
        raise IssuerSettingsError(f"{path}, [{name}]: " + " ".join(problems))
    folder = path.resolve().parent
    passphrases = folder / table["passphrase_file"] if "passphrase_file" in table else None
    data = folder / table["data"] if "data" in table else None
    if data is not None:
        _check_restored(data)
    records = None if data is None else _records(path, table, data)
    places = [_place(path, table[name]) for name in table if name.endswith("_key")]
    files = tuple(place.file.resolve() for place in places if place.file is not None)
    return KeySettings(_place(path, table[key]) if key in table else None, passphrases, data, records, files)


def _records(path: Path, table: dict[str, Any], data: Path) -> RecordsPlace:
    try:
        return by_url(table["records"]) if "records" in table else in_folder(data)
    except IssuerSettingsError as error:
        raise IssuerSettingsError(f"{path}, [issuer]: {error}") from None


def _check_restored(data: Path) -> None:
    """Refuse records that are half restored: they would look whole, and are not.

    Raises:
        IssuerSettingsError: which command goes on.
    """
    mark = data / RESTORING
    if not mark.exists():
        return
    try:
        said = json.loads(mark.read_bytes())
        file = shlex.quote(said["file"]) + (" --keep-archive" if said.get("keep_archive") else "")
    except (OSError, ValueError, KeyError, TypeError):
        file = "FILE"
    raise IssuerSettingsError(f"A restore was begun and not finished. Type: sanad restore {file}")


def _place(path: Path, text: str) -> KeyPlace:
    try:
        return key_place(text, path.resolve().parent)
    except KeyFileError as error:
        raise IssuerSettingsError(f"{path}: {error}") from None


def _table(path: Path, name: str) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(read_plain_text(path))
    except OSError as error:
        raise IssuerSettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise IssuerSettingsError(f"{path} is not TOML: {error}.") from None
    table = document.get(name)
    return table if isinstance(table, dict) else None


def _problems(table: dict[str, Any], known: tuple[str, ...], required: tuple[str, ...]) -> list[str]:
    problems = [f"There is no {key}. {suggestion(key, list(known))}" for key in table if key not in known]
    problems += [f"{key} is missing." for key in required if key not in table]
    plain = [key for key in known if key in table and key not in _LISTS]
    problems += [f"{key} is not a path in quotes." for key in plain if not isinstance(table[key], str)]
    lists = [key for key in known if key in table and key in _LISTS]
    problems += [f"{key} is not a list of paths in quotes." for key in lists if not _is_list_of_texts(table[key])]
    return problems


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)
