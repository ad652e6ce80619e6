"""A registry's answers without a chain, batch files and envelopes in a folder: what figures are counted from."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from issuer.office.figures import Figures, figures_of
from issuer.office.figures_courses import Courses
from issuer.office.figures_files import BatchFiles
from tests.doubles import INFO
from verifier.archive_folder import batch_path, envelope_path
from verifier.chain.registry import Revocation
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.canonical import canonical
from verifier.core.envelope import join
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import ZERO, commitment, sha256
from verifier.core.registry import NO_ADDRESS

DOMAIN, OTHER = "lahore.example.edu.pk", "quetta.example.edu.pk"
SIGNER = "0x" + "51" * 20
JUNE, JULY = 1_780_300_000, 1_783_000_000
"""In 2026."""


@dataclass
class SaidRegistry:
    """What NodeRegistry offers, from memory; `silent` names the questions that get no answer."""

    records: dict[str, dict[bytes, dict[str, Any]]] = field(default_factory=lambda: {DOMAIN: {}, OTHER: {}})
    revoked: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    """By signer and commitment, what replaces it."""
    signers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    silent: set[tuple[str, str]] = field(default_factory=set)
    """Names of questions and domains."""
    asked: list[int] = field(default_factory=list)
    """How many revocations were asked about at once."""
    info = INFO

    def institutions(self) -> list[Mapping[str, Any]]:
        return [
            {
                "domain": domain,
                "name": f"University of {domain.split('.')[0].title()}",
                "suspended": False,
                "certificates": sum(record["size"] for record in records.values()),
                "batches": len(records),
                "revocations": len(self.revoked),
            }
            for domain, records in self.records.items()
        ]

    def batches(self, domain: str, roots: Sequence[bytes]) -> list[Mapping[str, Any]]:
        self._speak("batches", domain)
        none = {"signer": NO_ADDRESS, "issuedAt": 0, "size": 0, "adopted": False, "withdrawnAt": 0, "counts": False}
        return [self.records[domain].get(root, none) for root in roots]

    def revocations(self, domain: str, signer: str, commitments: Sequence[bytes]) -> list[Revocation | None]:
        self._speak("revocations", domain)
        self.asked.append(len(commitments))
        return [
            Revocation(3, JULY, signer, False, self.revoked[signer, each]) if (signer, each) in self.revoked else None
            for each in commitments
        ]

    def keys(self, domain: str) -> list[Mapping[str, Any]]:
        self._speak("keys", domain)
        return [*self.signers.get(domain, [])]

    def _speak(self, question: str, domain: str) -> None:
        if (question, domain) in self.silent:
            raise RegistryUnavailableError("No node gave an answer.")


def key(educator: bytes = ZERO, authorised: bool = True, distrusted: int = 0) -> dict[str, Any]:
    certifier = ZERO if educator == ZERO else sha256(b"academy")
    return {
        "authorised": authorised,
        "distrustedSince": distrusted,
        "certifier": certifier,
        "educatorCommitment": educator,
    }


@dataclass
class Programme:
    """A registry and an archive."""

    folder: Path
    registry: SaidRegistry = field(default_factory=SaidRegistry)

    def certificate(self, course: str = "Algebra", term: str | None = "Fall 2026", stored: bool = True) -> bytes:
        """A certificate's commitment; its envelope is in the archive unless it is not `stored`."""
        subject: dict[str, Any] = {
            "achievement": {"name": course},
            "name": "Ayesha Siddiqui",
            "id": os.urandom(8).hex(),
        }
        if term is not None:
            subject["term"] = term
        credential = canonical({"credentialSubject": subject})
        hash_ = sha256(credential)
        if stored:
            path = envelope_path(self.folder, hash_)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(join(credential, 0, ZERO, ZERO, ()))
        return commitment(hash_)

    def batch(self, commitments: Sequence[bytes], domain: str = DOMAIN, file: bool = True, **record: Any) -> bytes:
        """Register a batch of these; its root. `record` is what the registry says otherwise."""
        records = [(each, os.urandom(32)) for each in commitments]
        root = bytes(tree_of(records).root)
        if file:
            path = batch_path(self.folder, domain, root)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(BatchFile(domain, root, b"".join(c + p for c, p in records)).to_bytes())
        usual = {"signer": SIGNER, "issuedAt": JUNE, "size": len(records), "adopted": False, "withdrawnAt": 0}
        self.registry.records[domain][root] = {**usual, "counts": True, **record}
        return root

    def figures(self, *domains: str, archives: Sequence[Path] = ()) -> Figures:
        folders = [self.folder, *archives]
        files = BatchFiles(folders, domains)
        return figures_of(self.registry, files, Courses(folders), domains)  # type: ignore[arg-type]
