"""The sample certificates behind the vectors: fixed key, fixed identities, tiny sheets. Deterministic."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verifier.core.batch_file import BatchFile
from verifier.core.data_integrity import proof_hash_data
from verifier.core.envelope import Envelope
from verifier.core.errors import SignatureUncheckedError
from verifier.core.hashes import ZERO, certificate_hash, commitment, sha256
from verifier.core.seal import seal

DOMAIN = "university.example"
NAMES = ("Ayesha Khan", "Łukasz Żółć", "محمد علی", "Nguyễn Thị Hồng", "O'Brien \u2068سارہ\u2069")
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class Sample:
    """One batch, whole."""

    envelopes: tuple[Envelope, ...]
    sheets: tuple[bytes, ...]
    file: BatchFile

    def sealed(self, index: int) -> bytes:
        """The sealed PDF at `index`."""
        return self.sheets[index] + seal(self.sheets[index], self.envelopes[index].to_bytes())


def uuid(seed: str) -> str:
    """A version 4 UUID drawn from `seed`: for vectors only."""
    digits = list(hashlib.sha256(seed.encode()).hexdigest()[:32])
    digits[12], digits[16] = "4", "89ab"[int(digits[16], 16) % 4]
    text = "".join(digits)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def key(seed: str = "institution") -> Ed25519PrivateKey:
    """An Ed25519 key drawn from `seed`: known to everybody, for vectors only."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def base58(data: bytes) -> str:
    """Multibase base58btc, with its `z`."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def sign(
    document: dict[str, Any], signer: Ed25519PrivateKey, domain: str = DOMAIN, created: str = "2026-06-30T12:00:00Z"
) -> dict[str, Any]:
    """The document with its Data Integrity proof: eddsa-rdfc-2022 or, where RDF has no signature for what it says,
    eddsa-jcs-2022.
    """
    text = json.dumps(document, ensure_ascii=False)
    return {**document, "proof": json.loads(_proof(text, signer.private_bytes_raw(), domain, created))}


@cache
def _proof(text: str, secret: bytes, domain: str, created: str) -> str:
    """The proof, as JSON: the same documents are signed again and again."""
    document, signer = json.loads(text), Ed25519PrivateKey.from_private_bytes(secret)
    public = signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": f"did:web:{domain}#{base58(bytes([0xED, 0x01]) + public)}",
        "proofPurpose": "assertionMethod",
    }
    try:
        signed = proof_hash_data(document, proof)
    except SignatureUncheckedError:
        proof |= {"@context": document["@context"], "cryptosuite": "eddsa-jcs-2022"}
        signed = proof_hash_data(document, proof)
    return json.dumps({**proof, "proofValue": base58(signer.sign(signed))}, ensure_ascii=False)


def document(name: str, domain: str = DOMAIN, **more: Any) -> dict[str, Any]:
    """An unsigned credential for `name`."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:{uuid(name)}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Machine Learning",
        "issuer": {"id": f"did:web:{domain}", "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-06-30T12:00:00Z",
        "credentialSubject": {
            "id": f"urn:uuid:{uuid('subject ' + name)}",
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"},
            ],
            "achievement": {
                "id": f"urn:uuid:{uuid('achievement')}",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "Machine Learning",
                "description": "An introduction.",
                "criteria": {"narrative": "Passed the final examination."},
            },
        },
        **more,
    }


def sheet(name: str) -> bytes:
    """The smallest sheet that follows SPEC.md section 7; shows nothing."""
    identity = hashlib.sha256(name.encode()).hexdigest()[:32].encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/AF 5 0 R/Names 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Resources<<>>>>",
        b"<</Title(Certificate)>>",
    )
    body, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        offsets += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    trailer = b"<</Size 5/Root 1 0 R/Info 4 0 R/ID[<%b><%b>]/SanadSheet(D:20260630120000Z)>>" % (identity, identity)
    return body + b"xref\n0 5\n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (offsets, trailer, len(body))


def batch(credentials: list[dict[str, Any]], sheets: list[bytes], domain: str = DOMAIN) -> Sample:
    """A batch over credentials and their sheets (empty bytes: none)."""
    hashes = [commitment(certificate_hash(each)) for each in credentials]
    papers = [sha256(each) if each else ZERO for each in sheets]
    body = b"".join(one + two for one, two in zip(hashes, papers, strict=True))
    file = BatchFile(domain, b"", body)
    tree = file.tree()
    envelopes = tuple(
        Envelope(each, index, papers[index], tree.root, tuple(tree.path(index)))
        for index, each in enumerate(credentials)
    )
    return Sample(envelopes, tuple(sheets), BatchFile(domain, tree.root, body))


def class_of_five() -> Sample:
    """Five students with PDFs."""
    return batch([sign(document(name), key()) for name in NAMES], [sheet(name) for name in NAMES])


def batch_of_one() -> Sample:
    """One student, no PDF, with an end date."""
    return batch([sign(document("Ayesha Khan", validUntil="2027-06-30T12:00:00Z"), key())], [b""])
