"""A university's own servers, real ones on this machine: https under an authority of the test, and DNS."""

import datetime as dt
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fetching.website import Website, moved, page, website
from verifier.core.domain import did_web

WELL_KNOWN = "/.well-known/did.json"


@dataclass(frozen=True)
class Site:
    """The university's web server."""

    website: Website

    @property
    def url(self) -> str:
        return self.website.origin

    @property
    def asked(self) -> list[str]:
        return [path for _, path in self.website.asked]

    def put(self, body: bytes, code: int = 200, path: str = WELL_KNOWN) -> None:
        """Answer with these bytes from now on."""
        self.website.pages[path] = page(body, code)

    def redirect(self, to: str) -> None:
        self.website.pages[WELL_KNOWN] = moved(to)

    def drip(self) -> None:
        """Send a byte now and then, for longer than anybody should wait."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(30):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.1)

        self.website.pages[WELL_KNOWN] = answer


@contextmanager
def serve_site(certificate: Path) -> Iterator[Site]:
    """A web server over https."""
    with website(certificate=certificate) as served:
        yield Site(served)


def make_certificates(folder: Path) -> tuple[Path, Path]:
    """An authority's certificate, and a server's key and certificate for 127.0.0.1 that it signed."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for one test")])
    now = dt.datetime.now(dt.UTC)
    own = (
        _begun(name, name, authority.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A university")])
    signed = (
        _begun(subject, name, server.public_key(), now).add_extension(names, False).sign(authority, hashes.SHA256())
    )
    ca, pem = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    key = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(key + signed.public_bytes(serialization.Encoding.PEM))
    return ca, pem


def _begun(subject: x509.Name, issuer: x509.Name, key: Any, now: dt.datetime) -> x509.CertificateBuilder:
    day = dt.timedelta(days=1)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), now - day, now + day)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


@dataclass
class Zone:
    """A name server on loopback: texts by name, or a DNS error for every question."""

    port: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, question: bytes) -> bytes | None:
        query = dns.message.from_wire(question)
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        response.set_rcode(self.rcode)
        if self.rcode == dns.rcode.NOERROR and name in self.texts:
            quoted = [
                " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in self.texts[name]
            ]
            response.answer.append(dns.rrset.from_text(name + ".", 60, "IN", "TXT", *quoted))
        elif self.rcode == dns.rcode.NOERROR:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return None if self.silent else response.to_wire()


@contextmanager
def serve_zone() -> Iterator[Zone]:
    """A name server over UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.05)
        zone, over = Zone(listener.getsockname()[1]), threading.Event()

        def run() -> None:
            while not over.is_set():
                try:
                    question, asker = listener.recvfrom(4096)
                except TimeoutError:
                    continue
                if (answer := zone.answer(question)) is not None:
                    listener.sendto(answer, asker)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            over.set()
            thread.join()


def did_json(domain: str, *keys: dict[str, Any] | str, **more: Any) -> bytes:
    """A did.json with these keys: each a multikey, or the members of its verification method."""
    methods = [
        {"id": f"{did_web(domain)}#key-{number}", "type": "Multikey", "controller": did_web(domain)}
        | ({"publicKeyMultibase": key} if isinstance(key, str) else key)
        for number, key in enumerate(keys)
    ]
    assertion = [method["id"] for method in methods]
    document = {"id": did_web(domain), "verificationMethod": methods, "assertionMethod": assertion, **more}
    return json.dumps(document).encode()
