"""Status lists (SPEC.md section 15): a credential's entry, the list that was found, the moment, and what it says."""

import base64
import gzip
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.vectors.samples import DOMAIN, base58, key
from verifier.core.data_integrity import JCS, RDFC, proof_hash_data
from verifier.core.errors import SignatureError
from verifier.core.limits import LIMITS
from verifier.core.multikey import ed25519_multikey
from verifier.core.status_list import LENGTH, encode, with_bits

URL = f"https://verify.example/status/{DOMAIN}/1f0a4e529d5a1e2c947b3d4f608a21c9"
PLACES = (0, 9, 94_567, LENGTH - 1)
NOW = "2026-07-01T00:00:00Z"
SIGNED = "2026-06-30T12:00:00Z"
REVOKED, STANDS, UNCHECKED = "revoked", "not revoked", "could not check"
_LONGEST = 2_097_152
Node = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One vector."""

    name: str
    note: str
    answer: str
    index: Any = "94567"
    entry: Node = field(default_factory=dict)
    """What is different in the status entry; a None is left out."""
    listed: Node = field(default_factory=dict)
    """What is different in the list, before it is signed."""
    subject: Node = field(default_factory=dict)
    """What is different in its subject."""
    credential: Node = field(default_factory=dict)
    """What is different in the credential."""
    proof: Node = field(default_factory=dict)
    """What is different in the proof, before it is signed."""
    after: Node = field(default_factory=dict)
    """What is changed in the list after it was signed."""
    raw: bytes | None = None
    """What was found instead of a list."""
    suite: str = RDFC
    now: str = NOW

    def data(self) -> Node:
        """The vector, as its file has it."""
        entry = _with(
            {
                "id": f"{URL}#{self.index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": self.index,
                "statusListCredential": URL,
            },
            self.entry,
        )
        credential = _with({"issuer": {"id": f"did:web:{DOMAIN}"}, "credentialStatus": entry}, self.credential)
        found = self.raw if self.raw is not None else json.dumps(self._list(), sort_keys=True).encode()
        answer = {"credential": credential, "now": self.now, "answer": self.answer}
        return {"note": self.note, "input": base64.b64encode(found).decode()} | answer

    def _list(self) -> Node:
        unsigned = _with(the_list(encode(with_bits(PLACES))), self.listed)
        if self.subject:
            unsigned["credentialSubject"] = _with(unsigned["credentialSubject"], self.subject)
        return _with(_sign(unsigned, self.proof, self.suite), self.after)


def the_list(encoded: str) -> Node:
    """A list's credential, unsigned."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": f"did:web:{DOMAIN}",
        "validFrom": SIGNED,
        "credentialSubject": {
            "id": f"{URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
            "ttl": 900_000,
        },
    }


def cases() -> Iterator[Case]:
    """Every vector."""
    yield from _said()
    yield from _entries()
    yield from _lists()
    yield from _signatures()
    yield from _bits()


def _said() -> Iterator[Case]:
    yield Case("set", "the place is set", REVOKED)
    yield Case("clear", "the place beside it is not", STANDS, index="94568")
    yield Case("first", "the leftmost bit of the first byte", REVOKED, index="0")
    yield Case("second-byte", "the second bit of the second byte", REVOKED, index="9")
    yield Case("last", "the last place", REVOKED, index=str(LENGTH - 1))
    yield Case("last-but-one", "the last place but one", STANDS, index=str(LENGTH - 2))
    yield Case(
        "fraction", "signed at a fraction of a second", REVOKED, listed={"validFrom": "2026-06-30T12:00:00.123456Z"}
    )
    yield Case("just-valid", "at the very moment from which it is valid", STANDS, index="1", now=SIGNED)
    yield Case("valid-until", "another issuer's list may end; at the very moment", REVOKED, listed={"validUntil": NOW})
    yield Case("no-dates", "a list without dates is valid for ever", REVOKED, listed={"validFrom": None})
    yield Case(
        "issuer-object", "the list's issuer is an object", REVOKED, listed={"issuer": {"id": f"did:web:{DOMAIN}"}}
    )
    yield Case(
        "issuer-string", "the credential's issuer is a string", REVOKED, credential={"issuer": f"did:web:{DOMAIN}"}
    )
    yield Case("purposes", "a list of two purposes", REVOKED, subject={"statusPurpose": ["suspension", "revocation"]})
    yield Case("jcs", "signed by eddsa-jcs-2022", REVOKED, suite=JCS)
    yield Case("size-one", "statusSize is 1, as without it", REVOKED, entry={"statusSize": 1})
    longer = encode(with_bits([200_000], 262_144))
    yield Case("longer", "a list of 262,144 places", REVOKED, index="200000", subject={"encodedList": longer})
    longest = encode(with_bits([_LONGEST * 8 - 1], _LONGEST * 8))
    yield Case(
        "longest", "the longest list that is unpacked", REVOKED, index="16777215", subject={"encodedList": longest}
    )


def _entries() -> Iterator[Case]:
    entry = Case("", "", "").data()["credential"]["credentialStatus"]
    yield Case("array-of-one", "the entry is the one of an array", REVOKED, credential={"credentialStatus": [entry]})
    no = UNCHECKED
    yield Case("two-entries", "two entries", no, credential={"credentialStatus": [entry, entry]})
    yield Case("no-entry", "an empty array of entries", no, credential={"credentialStatus": []})
    yield Case("entry-string", "the entry is the list's address", no, credential={"credentialStatus": URL})
    yield Case("entry-type", "an entry of another kind", no, entry={"type": "StatusList2021Entry"})
    yield Case("entry-purpose", "an entry about suspension", no, entry={"statusPurpose": "suspension"})
    yield Case("entry-no-purpose", "an entry without a purpose", no, entry={"statusPurpose": None})
    yield Case("size-two", "a status of two bits", no, entry={"statusSize": 2})
    yield Case("size-true", "statusSize is true", no, entry={"statusSize": True})
    yield Case("other-list", "the entry names another list", no, entry={"statusListCredential": URL[:-1] + "8"})
    yield Case("credential-issuer", "another issuer's credential", no, credential={"issuer": "did:web:college.example"})
    yield Case("beyond", "a place beyond the last", no, index=str(LENGTH))
    for name, index in (("number", 94_567), ("negative", "-1"), ("zeros", "094567"), ("hex", "0x17167"), ("empty", "")):
        yield Case(f"index-{name}", "a place that is no decimal number as text", no, index=index)
    yield Case("index-digits", "a place of eleven digits", no, index="10000000000")
    yield Case("index-arabic", "a place in other digits", no, index="٩٤٥٦٧")


def _lists() -> Iterator[Case]:
    no, subject = UNCHECKED, the_list("u")["credentialSubject"]
    yield Case("list-id", "the list has another id", no, listed={"id": URL[:-1] + "8"})
    yield Case("list-no-id", "the list has no id", no, listed={"id": None}, suite=JCS)
    neither = {"statusListCredential": None}
    yield Case(
        "no-address", "neither the list nor the entry names it", no, entry=neither, listed={"id": None}, suite=JCS
    )
    yield Case(
        "list-type", "it is no status list by its type", no, listed={"type": ["VerifiableCredential"]}, suite=JCS
    )
    yield Case("subject-type", "its subject is none", no, subject={"type": "VerifiableCredential"}, suite=JCS)
    yield Case("purpose", "a list about suspension", no, subject={"statusPurpose": "suspension"})
    yield Case(
        "two-subjects", "a list with two subjects", no, listed={"credentialSubject": [subject, subject]}, suite=JCS
    )
    yield Case("not-yet", "not valid yet, by a second", no, now="2026-06-30T11:59:59Z")
    yield Case("over", "not valid any more, by a second", no, listed={"validUntil": "2026-06-30T23:59:59Z"})
    yield Case("no-date", "a date that cannot be read", no, listed={"validFrom": "yesterday"}, suite=JCS)
    yield Case("nothing", "nothing", no, raw=b"")
    yield Case("page", "a page instead", no, raw=b"<!doctype html><title>Not found</title>")
    yield Case("array", "an array", no, raw=b"[]")
    yield Case("cut", "the end is cut off", no, raw=json.dumps(Case("", "", "")._list()).encode()[:-9])
    twice = json.dumps(Case("", "", "")._list()).encode()
    yield Case("key-twice", "a key twice", no, raw=twice[:-1] + b', "id": "' + URL.encode() + b'"}')
    over = twice + b" " * (LIMITS.status_list_bytes + 1 - len(twice))
    yield Case("too-large", "one byte more than is read", no, raw=over)


def _signatures() -> Iterator[Case]:
    no, other = UNCHECKED, ed25519_multikey(key("thief").public_key().public_bytes_raw())
    yield Case("unsigned", "no proof", no, after={"proof": None})
    quiet = {**the_list(encode(with_bits([])))["credentialSubject"]}
    yield Case("cleared", "the bits were cleared after it was signed", no, after={"credentialSubject": quiet})
    yield Case("later", "its date was changed after it was signed", no, after={"validFrom": "2026-06-30T13:00:00Z"})
    method = f"did:web:{DOMAIN}#{other}"
    yield Case("other-key", "the proof names another key than signed", no, proof={"verificationMethod": method})
    stranger = {"verificationMethod": f"did:web:college.example#{other}"}
    yield Case("method", "the proof is by a key of another domain", no, proof=stranger)
    yield Case("list-issuer", "another issuer's list", no, listed={"issuer": "did:web:college.example"})
    yield Case("proof-purpose", "a proof made for something else", no, proof={"proofPurpose": "authentication"})
    yield Case("suite", "an unknown cryptosuite", no, proof={"cryptosuite": "eddsa-2030"})


def _bits() -> Iterator[Case]:
    whole = gzip.compress(with_bits(PLACES), mtime=0)
    half = gzip.compress(with_bits(PLACES)[:8192], mtime=0) + gzip.compress(with_bits(PLACES)[8192:], mtime=0)
    padded = base64.urlsafe_b64encode(whole).decode()
    standard = base64.b64encode(whole + b"").decode().rstrip("=")
    found = {
        "bits-number": ("the bits are a number", 7),
        "bits-no-u": ("no u before them", _packed(whole)[1:]),
        "bits-base58": ("base58 after a z", base58(whole)),
        "bits-padded": ("base64url with padding", "u" + padded + "=" * (not padded.endswith("="))),
        "bits-standard": ("base64 with + and /", "u" + standard + "+/"),
        "bits-space": ("a line end among them", _packed(whole)[:40] + "\n" + _packed(whole)[40:]),
        "bits-one-character": ("one character too many for base64", _packed(whole[:30]) + "A"),
        "bits-no-gzip": ("no gzip form", _packed(with_bits(PLACES)[:64])),
        "bits-cut": ("the gzip form is cut off", _packed(whole[:-1])),
        "bits-more": ("a byte follows the gzip form", _packed(whole + b"\0")),
        "bits-two": ("two gzip members", _packed(half)),
        "bits-checksum": ("the checksum is false", _packed(whole[:-8] + bytes(4) + whole[-4:])),
        "bits-short": ("one byte less than the least", _packed(gzip.compress(with_bits(PLACES)[:-1], mtime=0))),
        "bits-long": ("one byte more than is unpacked", _packed(gzip.compress(bytes(_LONGEST + 1), mtime=0))),
        "bits-empty": ("nothing", "u"),
    }
    for name, (note, encoded) in found.items():
        yield Case(name, note, UNCHECKED, subject={"encodedList": encoded}, suite=JCS)


def _packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def _with(node: Node, changes: Node) -> Node:
    return {name: value for name, value in {**deepcopy(node), **changes}.items() if value is not None}


def _sign(unsigned: Node, changes: Node, suite: str, signer: Ed25519PrivateKey | None = None) -> Node:
    signer = signer or key()
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": SIGNED,
        "verificationMethod": f"did:web:{DOMAIN}#{ed25519_multikey(signer.public_key().public_bytes_raw())}",
        "proofPurpose": "assertionMethod",
    } | ({"@context": unsigned["@context"]} if suite == JCS else {})  # fmt: skip
    try:
        hashed = proof_hash_data(unsigned, {**proof, **changes, "cryptosuite": suite})
    except SignatureError as error:
        raise AssertionError(f"cannot be signed: {error}") from error
    return {**unsigned, "proof": {**proof, **changes, "proofValue": base58(signer.sign(hashed))}}
