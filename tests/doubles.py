"""In-memory doubles of the verifier's Protocols, and small certificates to feed them.

`FakeRegistry` keeps what the contract keeps and answers as the contract answers; it never looks at files.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.canonical import Json
from verifier.core.data_integrity import proof_hash_data
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import ZERO, certificate_hash, commitment, institution_id, sha256
from verifier.core.merkle import leaf, root_from_path
from verifier.core.multikey import ed25519_multikey, to_multibase
from verifier.core.registry import SENTINEL, Record, RegistryInfo
from verifier.core.seal import seal

NOBODY = "0x" + "0" * 40
SIGNER = "0x52908400098527886E0F7030069857D2E4169EE7"
ADMIN = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"
NOW = 1_795_000_000
"""The block time of every FakeRegistry that is not told another: 2026-11-18 11:06:40 UTC."""

DOMAIN = "lahore.example.edu.pk"
INSTITUTION = "University of Lahore (Sample)"
INFO = RegistryInfo(
    programme="National Educators Programme",
    network="BNB Smart Chain Testnet",
    chain_id=97,
    address="0x5FbDB2315678afecb367f032d93F642f64180aa3",
    test=True,
)
MAINNET = replace(INFO, network="BNB Smart Chain", chain_id=56, test=False)


@dataclass
class _Batch:
    size: int
    issued_at: int
    signer: str
    adopted: bool
    withdrawn_at: int = 0
    withdrawn_by: str = NOBODY


@dataclass
class _Revocation:
    reason: int
    at: int
    by: str
    by_institution: bool
    replacement: bytes


@dataclass
class _Institution:
    name: str
    suspended: bool = False
    batches: dict[bytes, _Batch] = field(default_factory=dict)
    authorised: set[str] = field(default_factory=lambda: {SIGNER})
    distrusted: dict[str, int] = field(default_factory=dict)
    revoked: dict[tuple[str, bytes], _Revocation] = field(default_factory=dict)
    educators: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def counts(self, writer: str, time: int) -> bool:
        """Whether what a key wrote at a time counts: it is not distrusted since then or earlier."""
        since = self.distrusted.get(writer, 0)
        return not since or time < since


class FakeRegistry:
    """The registry contract's rules over dictionaries, at a block whose time can be set."""

    def __init__(self, info: RegistryInfo = INFO, time: int = NOW) -> None:
        self._info = info
        self.block_number = 48_123_456
        self.block_time = time
        self.finalized_time = time
        self.successor, self.successor_chain = NOBODY, 0
        self.problem: str | None = None
        """While set, every question ends in RegistryUnavailableError with this text."""
        self.calls = 0
        self.institutions: dict[str, _Institution] = {}

    @property
    def info(self) -> RegistryInfo:
        return self._info

    def accredit(self, domain: str = DOMAIN, name: str = INSTITUTION) -> None:
        self.institutions[domain] = _Institution(name)

    def suspend(self, domain: str = DOMAIN) -> None:
        self.institutions[domain].suspended = True

    def register(
        self,
        root: bytes,
        size: int,
        domain: str = DOMAIN,
        *,
        at: int | None = None,
        signer: str = SIGNER,
        adopted: bool = False,
    ) -> None:
        """Register a batch, a day ago unless told otherwise."""
        if domain not in self.institutions:
            self.accredit(domain)
        issued_at = self.block_time - 86_400 if at is None else at
        self.institutions[domain].batches[root] = _Batch(size, issued_at, signer, adopted)

    def withdraw(self, root: bytes, domain: str = DOMAIN) -> None:
        batch = self.institutions[domain].batches[root]
        batch.withdrawn_at, batch.withdrawn_by = self.block_time - 3600, ADMIN

    def remove_signer(self, signer: str = SIGNER, domain: str = DOMAIN) -> None:
        self.institutions[domain].authorised.discard(signer)

    def distrust(self, since: int, signer: str = SIGNER, domain: str = DOMAIN) -> None:
        self.institutions[domain].distrusted[signer] = since

    def revoke(
        self,
        commitment_: bytes,
        reason: int = 2,
        domain: str = DOMAIN,
        *,
        replacement: bytes = ZERO,
        signer: str | None = None,
    ) -> None:
        """Revoke in the institution's name, or in one signer's."""
        revocation = _Revocation(reason, self.block_time - 7200, signer or ADMIN, signer is None, replacement)
        self.institutions[domain].revoked[(signer or "", commitment_)] = revocation

    def certify(self, certifier_domain: str, commitment_: bytes, signer: str = SIGNER, domain: str = DOMAIN) -> None:
        """Let a signer stand on another institution's word, by the educator's certificate."""
        self.institutions[domain].educators[signer] = (certifier_domain, commitment_)

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        self._ask()
        root = root_from_path(leaf(index, commitment, sheet), path)
        record = self._empty(domain, root)
        institution = self.institutions.get(domain)
        if institution is None:
            return record
        record = replace(record, accredited=True, suspended=institution.suspended, institution_name=institution.name)
        batch = institution.batches.get(root)
        return record if batch is None else self._held(record, institution, batch, index, commitment)

    def batch_counts(self) -> Mapping[str, int]:
        self._ask()
        return {domain: len(institution.batches) for domain, institution in self.institutions.items()}

    def _ask(self) -> None:
        self.calls += 1
        if self.problem is not None:
            raise RegistryUnavailableError(self.problem)

    def _empty(self, domain: str, root: bytes) -> Record:
        return Record(
            sentinel=SENTINEL, block_number=self.block_number, block_time=self.block_time, successor=self.successor,
            successor_chain=self.successor_chain,
            root=root, institution=institution_id(domain), accredited=False, suspended=False, institution_name="",
            signer=NOBODY, issued_at=0, size=0, adopted=False, withdrawn_at=0, withdrawn_by=NOBODY,
            signer_authorised=False, distrusted_since=0, counts=False, reason=0, revoked_at=0, revoked_by=NOBODY,
            revoked_by_institution=False, replacement=ZERO, certifier=ZERO, certifier_domain="", certifier_name="",
            educator_commitment=ZERO, good=False, finalized_time=self.finalized_time,
        )  # fmt: skip

    def _held(self, record: Record, institution: _Institution, batch: _Batch, index: int, commitment: bytes) -> Record:
        counts = institution.counts(batch.signer, batch.issued_at)
        record = replace(
            record,
            signer=batch.signer,
            issued_at=batch.issued_at,
            size=batch.size,
            adopted=batch.adopted,
            withdrawn_at=batch.withdrawn_at,
            withdrawn_by=batch.withdrawn_by,
            counts=counts,
            signer_authorised=batch.signer in institution.authorised,
            distrusted_since=institution.distrusted.get(batch.signer, 0),
        )
        record = self._with_educator(self._with_revocation(record, institution, commitment), institution)
        return replace(record, good=counts and index < batch.size and not batch.withdrawn_at and not record.reason)

    def _with_revocation(self, record: Record, institution: _Institution, commitment: bytes) -> Record:
        for authority in ("", record.signer):
            found = institution.revoked.get((authority, commitment))
            if found is not None and institution.counts(found.by, found.at):
                return replace(
                    record,
                    reason=found.reason,
                    revoked_at=found.at,
                    revoked_by=found.by,
                    revoked_by_institution=found.by_institution,
                    replacement=found.replacement,
                )
        return record

    def _with_educator(self, record: Record, institution: _Institution) -> Record:
        if record.adopted or record.signer not in institution.educators:
            return record
        domain, educator = institution.educators[record.signer]
        return replace(
            record,
            certifier=institution_id(domain),
            certifier_domain=domain,
            certifier_name=self.institutions[domain].name,
            educator_commitment=educator,
        )


class MemoryArchive:
    """An archive in dictionaries."""

    def __init__(self) -> None:
        self.envelopes: dict[bytes, bytes] = {}
        self.replacements: dict[bytes, bytes] = {}
        self.batch_files: dict[str, bytes] = {}
        self.educators: dict[tuple[str, bytes], bytes] = {}
        self.status_lists: dict[tuple[str, str, str], bytes] = {}
        self.erasures: dict[bytes, date] = {}
        self.cards: dict[tuple[str, str], bytes] = {}
        self.badges: dict[tuple[str, str], bytes] = {}

    def add(self, envelopes: Iterable[Envelope]) -> None:
        """Keep envelopes under their hashes."""
        for envelope in envelopes:
            self.envelopes[envelope.hash] = envelope.to_bytes()

    def add_batch(self, envelopes: Sequence[Envelope], domain: str = DOMAIN) -> None:
        """Keep the batch file of a whole batch, its envelopes given by index."""
        body = b"".join(each.commitment + each.sheet for each in envelopes)
        self.batch_files[f"{domain}/{envelopes[0].root.hex()}"] = BatchFile(domain, envelopes[0].root, body).to_bytes()

    def envelope(self, hash_: bytes) -> bytes | None:
        return self.envelopes.get(hash_)

    def hashes(self, hex_prefix: str) -> Sequence[bytes]:
        return [hash_ for hash_ in self.envelopes if hash_.hex().startswith(hex_prefix)]

    def replacement(self, hash_: bytes) -> bytes | None:
        return self.replacements.get(hash_)

    def erased(self, hash_: bytes) -> date | None:
        return self.erasures.get(hash_)

    def educator(self, domain: str, root: bytes) -> bytes | None:
        return self.educators.get((domain, root))

    def card(self, domain: str, course: str) -> bytes | None:
        return self.cards.get((domain, course))

    def badge(self, domain: str, course: str) -> bytes | None:
        return self.badges.get((domain, course))

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:
        return self.status_lists.get((domain, identifier, host))

    def batches(self) -> Iterable[str]:
        return list(self.batch_files)

    def batch_file(self, name: str) -> bytes:
        return self.batch_files[name]


def credential(recipient: str = "Ayesha Khan", course: str = "Teaching with Data", **more: Any) -> dict[str, Json]:
    """A small signed Open Badges 3.0 credential.

    Keywords: domain, institution, professor, grade, hours, father, number, valid_until, valid_from,
    awarded, key, salt.
    """
    domain = more.get("domain", DOMAIN)
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"key of " + domain.encode()))
    unsigned = _unsigned(recipient, course, domain, more)
    return {**unsigned, "proof": _proof(unsigned, domain, key)}


def _unsigned(recipient: str, course: str, domain: str, more: Mapping[str, Any]) -> dict[str, Json]:
    seed = hashlib.sha256(f"{recipient}|{course}|{more}".encode()).hexdigest()
    identities = {"name": recipient, "ext:fatherName": more.get("father"), "ext:studentNumber": more.get("number")}
    noon = "2026-06-30T12:00:00Z"
    dates = {"validFrom": more.get("valid_from", noon), "awardedDate": more.get("awarded", noon)}
    if "valid_until" in more:
        dates["validUntil"] = more["valid_until"]
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:{seed[:8]}-{seed[8:12]}-4{seed[13:16]}-8{seed[17:20]}-{seed[20:32]}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": f"did:web:{domain}",
            "type": ["Profile"],
            "name": more.get("institution", INSTITUTION),
            "url": f"https://{domain}/",
        },
        **dates,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": kind, "identityHash": value, "hashed": False}
                for kind, value in identities.items()
                if value
            ],
            "source": {
                "id": "urn:uuid:0c9f5d0a-4f0b-4a53-9f0f-0d0f0a0b0c0d",
                "type": ["Profile"],
                "name": more.get("professor", "Dr. Bilal Ahmed"),
                "description": more.get("professor_title", "Professor of Education"),
            },
            "achievement": {
                "id": "urn:uuid:5b0f6c8e-2a1d-4c3b-8e7f-112233445566",
                "type": ["Achievement"],
                "name": course,
                "humanCode": more.get("course_code", "EDU-210"),
                "description": more.get("description", "Using evidence from the classroom to improve teaching."),
                "criteria": {"narrative": "Attended at least 80 % of the sessions and passed the final assessment."},
                "resultDescription": [
                    {"id": "urn:x:grade", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade"},
                    {"id": "urn:x:hours", "type": ["ResultDescription"], "name": "H", "resultType": "ext:ContactHours"},
                ],
                **more.get("achievement", {}),
            },
            "result": [
                {"type": ["Result"], "resultDescription": kind, "value": value}
                for kind, value in (("urn:x:grade", more.get("grade")), ("urn:x:hours", more.get("hours")))
                if value
            ],
        },
    }


def _proof(unsigned: dict[str, Json], domain: str, key: Ed25519PrivateKey) -> dict[str, Json]:
    options: dict[str, Json] = {
        "@context": unsigned["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-06-30T12:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": f"did:web:{domain}#{ed25519_multikey(key.public_key().public_bytes_raw())}",
    }
    return {**options, "proofValue": to_multibase(key.sign(proof_hash_data(unsigned, options)))}


def batch(credentials: Sequence[Mapping[str, Json]], sheets: Sequence[bytes] | None = None) -> list[Envelope]:
    """The envelopes of one batch by index; `sheets` are PDF bytes, none by default."""
    hashes = [sha256(sheet) for sheet in sheets] if sheets else [ZERO] * len(credentials)
    tree = tree_of((commitment(certificate_hash(each)), sheet) for each, sheet in zip(credentials, hashes, strict=True))
    return [
        parse_envelope(Envelope(dict(each), index, hashes[index], tree.root, tuple(tree.path(index))).to_bytes())
        for index, each in enumerate(credentials)
    ]


def sheet(text: str = "Certificate") -> bytes:
    """A tiny PDF that follows the sheet grammar (SPEC.md section 7)."""
    content = f"BT /F1 24 Tf 72 400 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/AF 7 0 R/Names 8 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Certificate)>>",
    )
    data, table = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"0000000000 65535 f \n"
    for number, each in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    id_ = sha256(data)[:16].hex().encode()
    return data + b"xref\n0 7\n%btrailer\n<</Size 7/Root 1 0 R/Info 6 0 R/ID[<%b><%b>]" % (
        table, id_, id_,
    ) + b"/SanadSheet(D:20260630120000Z)>>\nstartxref\n%d\n%%%%EOF\n" % len(data)  # fmt: skip


def sealed(envelope: Envelope, sheet_: bytes) -> bytes:
    """The sealed PDF of an envelope and its sheet."""
    return sheet_ + seal(sheet_, envelope.to_bytes())
