"""Key files: keystore v3 for the chain's secp256k1 keys, encrypted PKCS#8 for the institution's Ed25519 key.

Both kinds are encrypted with a passphrase, which comes from a prompt, a file or the environment, and never
from an argument. Keys stay out of every message, log and record.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from eth_account import Account

from issuer.disk.private_files import private_folder
from issuer.errors import ActError, KeyFileError
from issuer.keys.passphrases import weakness
from issuer.keys.pkcs8 import encrypted_pem
from issuer.keys.secret_lines import first_line
from verifier.core.multikey import ed25519_multikey
from verifier.plain_file import read_plain_text
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_NO_KEY = "This is not a key: a key has 64 hex digits. Nothing was written."
_KEYSTORE_TYPED = (
    "This is a keystore, which is an encrypted key already. Nothing was written. Copy its file to where your keys are "
    "and name that file in sanad.toml; its passphrase stays the one it was made with. sanad key show FILE opens it and "
    "shows its address."
)
_WORDS_TYPED = (
    "These are the words of a wallet, from which it makes many keys; Sanad takes one key. Nothing was written. Let the "
    "wallet show the private key of the one account (64 hex digits) and import that. Or make a new key for this work "
    "alone: sanad key new FILE"
)
_FEWEST_WORDS = 12
_BYTE_ORDER_MARK = "\ufeff"
_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_KEYSTORE_BYTES = 100_000
_BEGIN = "-----BEGIN"
_PUBLIC = re.compile(r"Ed25519 public key (z6Mk[1-9A-HJ-NP-Za-km-z]+)\n")
PASSPHRASE_VARIABLE = "SANAD_PASSPHRASE"
"""The environment variable that may hold the passphrase."""
NEW_PASSPHRASE_VARIABLE = "SANAD_NEW_PASSPHRASE"
"""And the new one, where it is changed."""


@dataclass(frozen=True, repr=False)
class Passphrases:
    """Where passphrases come from: the environment, else the first line of `file`, else a person.

    Args:
        file: a file of the settings or of an option; or a folder with a file for each key, of the key file's name
            (`professor.json`) or of that without its ending (`professor`).
        ask: asks a person, given what for; None where nobody can be asked.
        variable: the environment variable that goes before the others.
    """

    file: Path | None = None
    ask: Callable[[str], str] | None = None
    variable: str = PASSPHRASE_VARIABLE

    def of(self, key: Path) -> str:
        """The passphrase of a key file.

        Raises:
            KeyFileError: there is none, or the file that should hold it cannot be read.
        """
        if (text := os.environ.get(self.variable)) is not None:
            return text
        file = self._file(key)
        if file is None:
            if self.ask is not None:
                return self.ask(f"Passphrase of {key}")
            where = "set passphrase_file in sanad.toml"
            if self.file is not None:
                where = f"put it into {self.file / key.stem}"
            raise KeyFileError(f"No passphrase for {key}: {where}, or the variable {self.variable}.")
        try:
            return first_line(file)
        except UnicodeDecodeError:
            raise KeyFileError(f"The passphrase file {file} cannot be read: it is not UTF-8.") from None
        except OSError as error:
            raise KeyFileError(f"The passphrase file {file} cannot be read: {error.strerror}.") from None

    def _file(self, key: Path) -> Path | None:
        """Where the passphrase of this key is; None where a folder has none for it."""
        if self.file is None or not self.file.is_dir():
            return self.file
        found = (self.file / key.name, self.file / key.stem)
        return next((path for path in found if path.is_file()), None)


def check_new_passphrase(passphrase: str) -> None:
    """See that a passphrase for a new key protects it; those of old keys are taken as they are.

    Raises:
        KeyFileError: it is empty or too weak, and what to take instead.
    """
    if (problem := weakness(passphrase)) is not None:
        raise KeyFileError(f"{problem} Nothing was written.")


def require_file(path: Path) -> None:
    """See that a key file is there before anybody is asked for its passphrase.

    Raises:
        KeyFileError: it is not.
    """
    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises where a name is too long
        raise KeyFileError(f"There is no key file {path}.")


def new_account(path: Path, passphrase: str) -> "LocalAccount":
    """Draw a secp256k1 key and write it to `path`, encrypted (keystore v3, scrypt), mode 600.

    Raises:
        KeyFileError: the file exists already or cannot be written.
    """
    account: LocalAccount = Account.create()
    _write_new(path, json.dumps(account.encrypt(passphrase)).encode())
    return account


def load_account(path: Path, passphrase: str) -> "LocalAccount":
    """The account of a keystore v3 file.

    Raises:
        KeyFileError: the file cannot be read, the passphrase is wrong, or it states another key's address.
    """
    text = _read(path)
    try:
        key = Account.decrypt(text, passphrase)
    except (ValueError, KeyError, TypeError, NotImplementedError):
        raise KeyFileError(f"{path} does not open: the passphrase is wrong, or it is not a keystore v3 file.") from None
    account: LocalAccount = Account.from_key(key)
    _check_stated(path, text, str(account.address))
    return account


def _check_stated(path: Path, text: str, address: str) -> None:
    """See that a keystore states its own key's address: people authorise and fund what it states. It may state none."""
    stated = json.loads(text).get("address")
    if stated in (None, ""):
        return
    digits = str(stated).lower().removeprefix("0x")
    if digits != address.lower().removeprefix("0x"):
        named = f"0x{digits}" if _ADDRESS.fullmatch(f"0x{digits}") else "something that is not an address"
        raise KeyFileError(
            f"{path} states {named} as its address, and holds the key of {address}. Somebody changed it, or mixed two "
            "files up. Do not use it: take the key from a copy that you trust."
        )


def new_institution_key(path: Path, passphrase: str) -> "Ed25519PrivateKey":
    """Draw the Ed25519 key that signs credentials and write it to `path`, encrypted PKCS#8, mode 600.

    Raises:
        KeyFileError: the file exists already or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    _write_new(path, institution_pem(key, passphrase))
    return key


def load_institution_key(path: Path, passphrase: str) -> "Ed25519PrivateKey":
    """The institution's Ed25519 key.

    Raises:
        KeyFileError: the file cannot be read, the passphrase is wrong, or it is another kind of key.
    """
    try:
        key = load_pem_private_key(_read(path).encode(), passphrase.encode())
    except (ValueError, TypeError):
        raise KeyFileError(f"{path} does not open: the passphrase is wrong, or it is not an encrypted key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds another kind of key; credentials are signed with Ed25519.")
    return key


def import_account(path: Path, secret: str, passphrase: str) -> "LocalAccount":
    """Encrypt a secp256k1 key, given as 64 hex digits, into a new keystore file.

    Raises:
        KeyFileError: it is no key; or as `new_account`.
    """
    try:
        account: LocalAccount = Account.from_key(_key_bytes(secret))
    except ValueError:
        raise KeyFileError(_NO_KEY) from None
    _write_new(path, json.dumps(account.encrypt(passphrase)).encode())
    return account


def import_institution_key(path: Path, secret: str, passphrase: str) -> "Ed25519PrivateKey":
    """Encrypt an Ed25519 key, given as 64 hex digits (the seed of RFC 8032), into a new PKCS#8 file.

    Raises:
        KeyFileError: it is no key; or as `new_institution_key`.
    """
    key = Ed25519PrivateKey.from_private_bytes(_key_bytes(secret))
    _write_new(path, institution_pem(key, passphrase))
    return key


def public_facts(path: Path, passphrase: str) -> dict[str, str]:
    """What others may know of a key file: its kind, and its address or its public key.

    Raises:
        KeyFileError: it does not open.
    """
    if not is_institution_key(_read(path)):
        return {"kind": "chain", "address": str(load_account(path, passphrase).address)}
    public = load_institution_key(path, passphrase).public_key().public_bytes_raw()
    return {"kind": "institution", "public": ed25519_multikey(public)}


def stated_address(path: Path) -> str | None:
    """The address that a keystore file states; nothing is decrypted."""
    found = _describe(path)
    return None if found is None else found["address"]


def stated_public_key(path: Path) -> str | None:
    """The public key that an institution's key file states; nothing is decrypted."""
    found = _describe(path)
    return None if found is None else found.get("public")


def describe_folder(folder: Path) -> list[dict[str, str | None]]:
    """The key files of a folder by name, with the addresses and public keys that they state; nothing is decrypted.

    Raises:
        KeyFileError: the folder cannot be read.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise KeyFileError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    return [found for path in files if (found := _describe(path)) is not None]


def address_named(text: str) -> str:
    """The address that somebody names: as it is, or by a keystore file, which states it without being opened.

    Raises:
        ActError: it is neither, or has a typing error.
    """
    found = _describe(Path(text)) if not text.lower().startswith("0x") else None
    address = text if found is None else found["address"]
    mixed = address is not None and address[2:] not in (address[2:].lower(), address[2:].upper())
    if address is None or not _ADDRESS.fullmatch(address) or (mixed and checksummed(address) != address):
        raise ActError(
            f"{text} is neither an address (0x and 40 hex digits; is there a typing error?) nor a keystore file."
        )
    return checksummed(address)


def without_check_sum(text: str) -> str | None:
    """The address that is meant, if what somebody typed has none of the capitals that would betray a typing error."""
    if not _ADDRESS.fullmatch(text) or text[2:] not in (text[2:].lower(), text[2:].upper()):
        return None
    meant = checksummed(text)
    return None if meant == text else meant


def _describe(path: Path) -> dict[str, str | None] | None:
    try:
        text = read_plain_text(path, _KEYSTORE_BYTES)
    except (OSError, UnicodeDecodeError):
        return None
    if f"{_BEGIN} ENCRYPTED PRIVATE KEY" in text:
        stated = _PUBLIC.match(text)
        return {"file": str(path), "kind": "institution", "address": None, "public": stated and stated[1]}
    try:
        keystore = json.loads(text[:_KEYSTORE_BYTES])
        address = str(keystore["address"]).removeprefix("0x")
        int(address, 16), keystore["crypto"]
    except (ValueError, KeyError, TypeError):
        return None
    return {"file": str(path), "kind": "chain", "address": f"0x{address}"}


def is_institution_key(text: str) -> bool:
    """Whether a file of this text is an institution's key, and not one of the chain."""
    return _BEGIN in text


def institution_pem(key: "Ed25519PrivateKey", passphrase: str) -> bytes:
    """The institution's key, encrypted, as `new_institution_key` writes it."""
    public = ed25519_multikey(key.public_key().public_bytes_raw())
    # Explanatory text, as RFC 7468 allows it before the key: so that a folder can be listed without a passphrase.
    return f"Ed25519 public key {public}\n".encode() + encrypted_pem(key, passphrase)


def _key_bytes(secret: str) -> bytes:
    typed = secret.strip().removeprefix(_BYTE_ORDER_MARK).strip()
    _check_is_one_key(typed)
    try:
        key = bytes.fromhex(typed.partition("\n")[0].strip().removeprefix("0x"))
    except ValueError:
        raise KeyFileError(_NO_KEY) from None
    if len(key) != 32:
        raise KeyFileError(_NO_KEY)
    return key


def _check_is_one_key(typed: str) -> None:
    """Say what to do with what people mistake for a key; what they typed is not repeated."""
    if typed.startswith("{"):
        raise KeyFileError(_KEYSTORE_TYPED)
    words = typed.split()
    if len(words) >= _FEWEST_WORDS and all(word.isalpha() for word in words):
        raise KeyFileError(_WORDS_TYPED)


def _read(path: Path) -> str:
    try:
        return read_plain_text(path, _KEYSTORE_BYTES)
    except UnicodeDecodeError:
        raise KeyFileError(f"The key file {path} cannot be read: it is not text.") from None
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from None


def _write_new(path: Path, data: bytes) -> None:
    try:
        private_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; a key is never overwritten.") from None
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be written: {error.strerror}.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
