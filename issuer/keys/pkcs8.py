"""The institution's key at rest: PKCS#8 (RFC 5958), encrypted by PBES2 (RFC 8018) with scrypt (RFC 7914) and AES-256.

`cryptography` reads this and writes only PBKDF2 with few rounds, so the few lines of DER are written here; OpenSSL
reads them (`openssl pkey -in FILE`).

OpenSSL opens no file that needs more than 32 MiB, so N cannot be the chain keystores' 2^18 (256 MiB). N = 2^14 with
r = 15 takes 30 MiB, and p = 9 makes it as much work as theirs: N·r·p is 2.2 million against 2.1 million.
"""

import base64
import os
import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_LABEL = "ENCRYPTED PRIVATE KEY"
_BODY = re.compile(f"-----BEGIN {_LABEL}-----([A-Za-z0-9+/=\\s]*)-----END {_LABEL}-----")
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_SALT_BYTES = _BLOCK_BYTES = 16


@dataclass(frozen=True)
class Cost:
    """The parameters of scrypt; it takes 128·N·r bytes of memory and N·r·p steps."""

    n: int
    r: int
    p: int


STRENGTH = Cost(1 << 14, 15, 9)
"""What new files are encrypted with."""


def encrypted_pem(key: "Ed25519PrivateKey", passphrase: str, cost: Cost = STRENGTH) -> bytes:
    """The key, encrypted, as PEM."""

    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, start = os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    secret = _encrypted(plain, _derived(passphrase, salt, cost), start)
    cipher = _der(_SEQUENCE, _AES_256_CBC, _der(_OCTETS, start))
    scheme = _der(_SEQUENCE, _PBES2, _der(_SEQUENCE, _der(_SEQUENCE, _SCRYPT, _parameters(salt, cost)), cipher))
    whole = base64.b64encode(_der(_SEQUENCE, scheme, _der(_OCTETS, secret))).decode()
    return "\n".join([f"-----BEGIN {_LABEL}-----", *textwrap.wrap(whole, 64), f"-----END {_LABEL}-----", ""]).encode()


def is_of_this_strength(pem: str) -> bool:
    """Whether a file is encrypted with scrypt and with `STRENGTH`; nothing is decrypted."""
    found = _BODY.search(pem)
    if found is None:
        return False
    try:
        whole = base64.b64decode(found[1])
    except ValueError:
        return False
    return _SCRYPT in whole and _numbers(STRENGTH) in whole


def _parameters(salt: bytes, cost: Cost) -> bytes:
    return _der(_SEQUENCE, _der(_OCTETS, salt), _numbers(cost))


def _numbers(cost: Cost) -> bytes:
    return b"".join(map(_integer, (cost.n, cost.r, cost.p)))


def _derived(passphrase: str, salt: bytes, cost: Cost) -> bytes:

    return Scrypt(salt, 32, cost.n, cost.r, cost.p).derive(passphrase.encode())


def _encrypted(plain: bytes, key: bytes, start: bytes) -> bytes:

    missing = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
    encryptor = Cipher(AES(key), CBC(start)).encryptor()
    return encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()


def _integer(number: int) -> bytes:
    return _der(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1))  # the first bit is the sign


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    long = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(long)]) + long + content
