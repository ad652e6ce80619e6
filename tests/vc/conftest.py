"""Credentials of other people, small enough to be read, and the VC API as it is served: over https, in a thread."""

import copy
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer.vc_api.app import Service, create_app
from issuer.vc_api.issuing import Signatory
from issuer.vc_api.tls import secure, self_signed_context
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import JCS, RDFC, proof_hash_data
from verifier.core.multikey import ed25519_multikey, to_multibase
from verifier.vc.checking import lenient_quads
from verifier.vc.proofs import Bench
from verifier.web.server import listen, serve_on

Node = dict[str, Any]

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
MULTIKEY = ed25519_multikey(KEY.public_key().public_bytes_raw())
OTHER_MULTIKEY = ed25519_multikey(OTHER_KEY.public_key().public_bytes_raw())
DID = f"did:key:{MULTIKEY}"
NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
TERMS = {"ExampleCredential": "https://example.org/#ExampleCredential", "says": "https://example.org/#says"}


def unsigned(issuer: str = DID) -> Node:
    """A credential that uses every optional part."""
    return {
        "@context": [CREDENTIALS_V2, dict(TERMS)],
        "id": "urn:uuid:0f7a6c1e-1c3a-4b6e-9a43-2f1f3a3e9b10",
        "type": ["VerifiableCredential", "ExampleCredential"],
        "name": [{"@value": "Certificate", "@language": "en"}, {"@value": "سند", "@language": "ur"}],
        "description": "An example.",
        "issuer": {"id": issuer, "name": "Example College"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T05:00:00+05:00",
        "credentialSubject": [{"id": "did:example:subject", "says": "yes"}],
        "credentialStatus": {
            "id": "https://example.org/status/1#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://example.org/status/1",
        },
        "credentialSchema": {"id": "https://example.org/schema.json", "type": "JsonSchema"},
        "evidence": [{"id": "https://example.org/evidence/1", "type": "https://example.org/#Examination"}],
        "termsOfUse": {"type": "https://example.org/#Policy"},
        "refreshService": {"id": "https://example.org/refresh", "type": "https://example.org/#Refresh"},
        "relatedResource": {
            "id": CREDENTIALS_V2,
            "mediaType": "application/ld+json",
            "digestSRI": "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU",
            "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA",
        },
    }


def sign(document: Node, key: Ed25519PrivateKey = KEY, suite: str = RDFC, **options: Any) -> Node:
    """The document with one more proof; a proof that follows others is made over them too."""
    multikey = ed25519_multikey(key.public_key().public_bytes_raw())
    proof: Node = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-06-30T12:00:00Z",
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "proofPurpose": "assertionMethod",
        **options,
    }
    present = document.get("proof", [])
    present = present if isinstance(present, list) else [present]
    secured = {name: value for name, value in document.items() if name != "proof"}
    if "previousProof" in proof:
        secured["proof"] = [each for each in present if each.get("id") in proof["previousProof"]]
    if suite == JCS:
        proof["@context"] = document["@context"]
    value = to_multibase(key.sign(proof_hash_data(secured, proof, lenient_quads)))
    proofs = [*present, {**proof, "proofValue": value}]
    return {**copy.deepcopy(document), "proof": proofs if len(proofs) > 1 else proofs[0]}


def presentation(*credentials: Node, holder: str | None = DID) -> Node:
    """A presentation that is not signed yet."""
    node: Node = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"]}
    if holder is not None:
        node["holder"] = holder
    return {**node, "verifiableCredential": list(credentials)} if credentials else node


@pytest.fixture
def bench() -> Bench:
    return Bench(NOW, lenient_quads)


@dataclass(frozen=True)
class Api:
    """A VC API that is being served."""

    url: str
    certificate: Path
    issuer: str

    def post(self, path: str, body: Any, **options: Any) -> requests.Response:
        """The answer to JSON."""
        return requests.post(self.url + path, json=body, verify=str(self.certificate), timeout=20, **options)


def served(service: Service, folder: Path) -> Iterator[Api]:
    context, made = self_signed_context("127.0.0.1")
    with listen("127.0.0.1", 0) as listener:
        server = serve_on(create_app(service), listener)
    secure(server, context)
    certificate = folder / "certificate.pem"
    certificate.write_bytes(made.pem)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Api(f"https://127.0.0.1:{server.port}", certificate, service.signatory.controller)
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Open, with a trial key that is the same in every run."""
    yield from served(Service(Signatory(KEY, trial=True), clock=lambda: NOW), tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """With an institution's key, for those who bring the token."""
    service = Service(Signatory(KEY, domain="uni.example"), token="let-me-in-0123456789", clock=lambda: NOW)
    yield from served(service, tmp_path_factory.mktemp("office"))


@pytest.fixture
def sanad_serving() -> Iterator[Callable[..., Node]]:
    """`sanad serve …` as a process of its own; answers the line of JSON with which it says where it is."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Node:
        command = [str(Path(sys.executable).parent / "sanad"), "serve", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        said: Node = json.loads(process.stdout.readline())
        return said

    yield start
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 0
