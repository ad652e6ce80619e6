"""https for your own server: a certificate that was given, or one that is made for the occasion."""

import ipaddress
import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import BaseWSGIServer

from issuer.errors import KeyFileError

_DAYS = 30


def given_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """The context of a certificate and its key, both PEM, the key not encrypted.

    Raises:
        KeyFileError: they cannot be read, or do not belong together.
    """
    for path in (certificate, key):
        if not path.is_file():
            raise KeyFileError(f"The file {path} cannot be read.")
    context = _context()
    try:
        context.load_cert_chain(certificate, key, password=_no_passphrase)
    except (ssl.SSLError, OSError, ValueError):
        raise KeyFileError(
            f"{certificate} and {key} are not a certificate and its unencrypted key in PEM form."
        ) from None
    return context


@dataclass(frozen=True)
class SelfSigned:
    """A certificate made for the occasion."""

    pem: bytes
    """For those who are to trust it."""
    fingerprint: str
    """SHA-256 of its DER form, hex."""


def self_signed_context(host: str) -> tuple[ssl.SSLContext, SelfSigned]:
    """A context with a certificate made now, good for a month; its key is nowhere else."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(host, key)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = _context()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "certificate-and-key.pem"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return context, SelfSigned(public, certificate.fingerprint(hashes.SHA256()).hex())


def secure(server: BaseWSGIServer, context: ssl.SSLContext) -> None:
    """Have a server speak https; greetings are taken in each connection's own thread, so none delays the others."""
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.ssl_context = context


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _no_passphrase() -> bytes:
    raise ValueError("the key is encrypted")


def _certificate(host: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Sanad VC API (self-signed)")])
    now = datetime.now(UTC)
    names = dict.fromkeys([_general_name(each) for each in (host, "localhost", "127.0.0.1", "::1")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
