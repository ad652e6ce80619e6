"""A key file's passphrase changed, and the file encrypted as new ones are. The key itself stays what it is."""

import json
from pathlib import Path

from eth_account import Account

from issuer.disk.private_files import replace_private
from issuer.errors import KeyFileError
from issuer.keys.files import (
    check_new_passphrase,
    institution_pem,
    is_institution_key,
    load_account,
    load_institution_key,
)
from issuer.keys.pkcs8 import is_of_this_strength
from verifier.plain_file import read_plain_text

_KEYSTORE_WORK = (1 << 18) * 8
"""N·r·p of scrypt in the keystores that eth-account writes."""
_MOST_BYTES = 100_000


def change_passphrase(path: Path, old: str, new: str) -> None:
    """Encrypt a key file again, under another passphrase or the same.

    The new file is read back before it takes the old one's place, in one step: cut off anywhere, `path` is a whole
    file that opens with the one passphrase or the other. A symbolic link still leads to the file.

    Raises:
        KeyFileError: the file does not open, the new passphrase is too weak, or the file cannot be written.
    """
    check_new_passphrase(new)
    path = path.resolve()
    data, secret = _encrypted_anew(path, old, new)
    draft = path.with_name(f".{path.name}.new")
    try:
        replace_private(draft, data)
        if _secret_of(draft, new) != secret:
            raise KeyFileError(f"{path} did not come out as it was, so it is left alone. Is the disk sound?")
        draft.replace(path)
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be replaced: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def weaker_than_new(path: Path) -> bool:
    """Whether a key file is encrypted less well than a new one would be; nothing is decrypted."""
    try:
        text = read_plain_text(path, _MOST_BYTES)
    except (OSError, UnicodeDecodeError):
        return False
    return not (is_of_this_strength(text) if is_institution_key(text) else _is_strong_keystore(text))


def _encrypted_anew(path: Path, old: str, new: str) -> tuple[bytes, bytes]:
    """The new file, and the key in it."""

    if _holds_institution_key(path):
        key = load_institution_key(path, old)
        return institution_pem(key, new), key.private_bytes_raw()
    account = load_account(path, old)
    return json.dumps(Account.encrypt(account.key, new, kdf="scrypt")).encode(), bytes(account.key)


def _secret_of(path: Path, passphrase: str) -> bytes:
    if _holds_institution_key(path):
        return load_institution_key(path, passphrase).private_bytes_raw()
    return bytes(load_account(path, passphrase).key)


def _holds_institution_key(path: Path) -> bool:
    try:
        return is_institution_key(read_plain_text(path, _MOST_BYTES))
    except UnicodeDecodeError:
        raise KeyFileError(f"The key file {path} cannot be read: it is not text.") from None
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from None


def _is_strong_keystore(text: str) -> bool:
    try:
        crypto = json.loads(text)["crypto"]
        cost = crypto["kdfparams"]
        return bool(crypto["kdf"] == "scrypt" and cost["n"] * cost["r"] * cost["p"] >= _KEYSTORE_WORK)
    except (ValueError, KeyError, TypeError):
        return False
