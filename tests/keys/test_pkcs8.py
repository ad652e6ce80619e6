"""The institution's key file: as strong as the chain's keystores, and readable by OpenSSL."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from issuer.keys.files import load_institution_key, new_institution_key
from issuer.keys.pkcs8 import STRENGTH, Cost, encrypted_pem, is_of_this_strength

PASSPHRASE = "five words that nobody knows, پانچ"
QUICK = Cost(1 << 10, 8, 1)


def openssl(*words: str) -> str:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


def test_a_new_key_file_takes_as_much_work_as_a_keystore(tmp_path: Path) -> None:
    theirs = Account.encrypt(Account.create().key, "x")["crypto"]["kdfparams"]
    assert STRENGTH.n * STRENGTH.r * STRENGTH.p >= theirs["n"] * theirs["r"] * theirs["p"]
    new_institution_key(tmp_path / "k.pem", PASSPHRASE)
    assert is_of_this_strength((tmp_path / "k.pem").read_text())


def test_openssl_reads_it_and_says_how_it_is_encrypted(tmp_path: Path) -> None:
    key = new_institution_key(tmp_path / "k.pem", PASSPHRASE)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    opened = openssl(
        "pkey", "-in", str(tmp_path / "k.pem"), "-passin", f"file:{tmp_path / 'passphrase'}", "-pubout"
    )  # fmt: skip
    read = serialization.load_pem_public_key(opened.encode())
    assert read == key.public_key()
    told = openssl("asn1parse", "-strictpem", "-in", str(tmp_path / "k.pem"))
    assert [word for word in ("PBES2", "scrypt", "aes-256-cbc", ":4000", ":0F", ":09") if word not in told] == []


@pytest.mark.parametrize("cost", [(1 << 12, 8, 1), (1 << 10, 8, 200)])
def test_what_openssl_encrypts_with_scrypt_is_read(tmp_path: Path, cost: tuple[int, int, int]) -> None:
    key = Ed25519PrivateKey.generate()
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "plain.pem").write_bytes(plain)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    numbers = [f"-scrypt_{name}={number}" for name, number in zip("Nrp", cost, strict=True)]
    words = [word for each in numbers for word in each.split("=")]
    openssl(
        "pkcs8", "-topk8", "-scrypt", *words, "-in", str(tmp_path / "plain.pem"), "-out", str(tmp_path / "k.pem"),
        "-passout", f"file:{tmp_path / 'passphrase'}",
    )  # fmt: skip
    read = load_institution_key(tmp_path / "k.pem", PASSPHRASE)
    assert read.private_bytes_raw() == key.private_bytes_raw()
    assert not is_of_this_strength((tmp_path / "k.pem").read_text())


@pytest.mark.parametrize("n", [1 << 1, 1 << 7, 1 << 8])
@pytest.mark.parametrize("p", [1, 127, 128, 256])
def test_every_number_is_written_as_der_has_it(tmp_path: Path, n: int, p: int) -> None:
    key = Ed25519PrivateKey.generate()
    (tmp_path / "k.pem").write_bytes(encrypted_pem(key, PASSPHRASE, Cost(n, 1, p)))
    assert load_institution_key(tmp_path / "k.pem", PASSPHRASE).private_bytes_raw() == key.private_bytes_raw()


def test_the_same_key_never_gives_the_same_file() -> None:
    key = Ed25519PrivateKey.generate()
    assert encrypted_pem(key, PASSPHRASE, QUICK) != encrypted_pem(key, PASSPHRASE, QUICK)


@pytest.mark.parametrize("text", ["", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nA\n-----END ENCRYPTED PRIVATE KEY-----"])
def test_what_is_no_key_file_is_not_strong(text: str) -> None:
    assert not is_of_this_strength(text)
