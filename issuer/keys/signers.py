"""Who signs transactions: a key in a file, or a signer elsewhere that keeps its key (issuer/keys/remote_signer.py)."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from issuer.errors import KeyFileError
from issuer.keys.files import Passphrases, load_account, require_file
from issuer.keys.remote_signer import RemoteSigner
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from eth_account.datastructures import SignedMessage, SignedTransaction

_REMOTE = re.compile(r"(https?://[^#]+)#(0x[0-9a-fA-F]{40})")


class Signer(Protocol):
    """Signs for one address. eth-account's LocalAccount is one, and so is RemoteSigner."""

    @property
    def address(self) -> Any:
        """The address, with the capital letters of EIP-55."""

    def sign_transaction(self, transaction_dict: Any) -> "SignedTransaction":
        """The transaction, signed and not sent."""

    def sign_typed_data(self, *, full_message: Any) -> "SignedMessage":
        """EIP-712 typed data, signed."""


@dataclass(frozen=True, repr=False)
class KeyPlace:
    """Where a key is: in a keystore file, or with a remote signer."""

    file: Path | None = None
    url: str | None = None
    address: str | None = None

    @property
    def name(self) -> str:
        """How people know it; of a remote signer no more than host and address, for its URL may hold a token."""
        if self.url is None:
            return str(self.file)
        return f"{urlsplit(self.url).netloc.rpartition('@')[2]}#{self.address}"

    def __repr__(self) -> str:
        return f"KeyPlace({self.name!r})"


def key_place(text: str, folder: Path) -> KeyPlace:
    """Read `keys/admin.json`, relative to `folder`, or `http://127.0.0.1:9000#0xAddress`.

    Raises:
        KeyFileError: it begins like a remote signer but is not one, or its address has a typing error.
    """
    if not text.startswith(("http://", "https://")):
        return KeyPlace(folder / text)
    found = _REMOTE.fullmatch(text)
    if found is None:
        raise KeyFileError("A remote signer is written as its address, # and the key's: http://127.0.0.1:9000#0x….")
    if found[2][2:] not in (found[2][2:].lower(), found[2][2:].upper()) and checksummed(found[2]) != found[2]:
        raise KeyFileError(f"{found[2]} has a wrong check sum: there is a typing error in it.")
    return KeyPlace(url=found[1], address=found[2])


def open_signer(place: KeyPlace, passphrases: Passphrases) -> Signer:
    """The signer at a place; a passphrase is asked for only where a file needs one.

    Raises:
        KeyFileError: the file or its passphrase is wrong.
        SignerError: the remote signer does not answer, or has no such key.
    """
    if place.file is not None:
        require_file(place.file)
        return load_account(place.file, passphrases.of(place.file))

    assert place.url is not None
    assert place.address is not None
    return RemoteSigner(place.url, place.address)
