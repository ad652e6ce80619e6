"""Vectors of SPEC.md sections 6, 7 and 12: every key of an envelope in every wrong form, and issuers that are none."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from tests.vectors.samples import DOMAIN, batch, class_of_five, document, key, sign
from tests.vectors.verdicts import Case, holds
from verifier.core.canonical import canonical
from verifier.core.hashes import keccak256
from verifier.core.seal import seal

File = tuple[str, str, bytes]
_HASH = "0x" + "ab" * 32
_NO_HASHES: tuple[tuple[str, str, Any], ...] = (
    ("upper", "upper-case hex", "0x" + "AB" * 32),
    ("0X", "0X before it", "0X" + "ab" * 32),
    ("bare", "no 0x before it", "ab" * 32),
    ("short", "63 digits", _HASH[:-1]),
    ("long", "65 digits", _HASH + "a"),
    ("line-end", "a line end after it", _HASH + "\n"),
    ("letter", "a letter that is no digit", _HASH[:-1] + "g"),
    ("empty", "an empty text", ""),
    ("null", "null", None),
    ("number", "a number", 0),
    ("list", "a list", [_HASH]),
)


def unreadable() -> Iterator[File]:
    """JSON that has the keys of an envelope, each but for one as it must be."""
    value = json.loads(class_of_five().envelopes[0].to_bytes())
    for name, note, changes in _spoilt(value):
        yield f"form-{name}", note, canonical({**value, **changes})
    later = canonical({**value, "sanad": 2})
    paper = class_of_five().sheets[0]
    foot = b"/SanadSeal2[%010d %010d]>>\nstartxref\n0000000000\n%%%%EOF\n" % (len(paper), len(later))
    yield "version-2-pdf", "a PDF as a version 2 might seal it: of another version, not altered", paper + later + foot


def altered() -> Iterator[File]:
    """The same inside a PDF, sealed as if it were an envelope."""
    five = class_of_five()
    value, paper = json.loads(five.envelopes[0].to_bytes()), five.sheets[0]
    for name, note, changes in _spoilt(value):
        yield f"form-{name}", f"sealed: {note}", paper + seal(paper, canonical({**value, **changes}))
    for name, note, inside in (
        ("list", "a list", b"[]"),
        ("text", "a text", b'"a"'),
        ("null", "null", b"null"),
        ("no-json", "no JSON", b"{"),
        ("not-utf8", "no UTF-8", b"\xff"),
        ("empty-object", "an empty object", b"{}"),
        ("version-2", "an envelope of version 2", canonical({**value, "sanad": 2})),
        ("pretty", "an envelope in other bytes", json.dumps(value).encode()),
    ):
        yield f"form-inside-{name}", f"sealed: {note}", paper + seal(paper, inside)


def cases() -> Iterator[Case]:
    """Issuers whom no registry can hold, whatever it says."""
    for name, note, issuer in (
        ("bare-domain", "a domain without did:web", {"id": DOMAIN}),
        ("one-label", "a domain of one label", {"id": "did:web:university"}),
        ("underscore", "a domain with an underscore", {"id": "did:web:uni_versity.example"}),
        ("upper-method", "DID:WEB in capitals", {"id": f"DID:WEB:{DOMAIN}"}),
        ("twice", "did:web twice", {"id": f"did:web:did:web:{DOMAIN}"}),
        ("space", "a space after it", {"id": f"did:web:{DOMAIN} "}),
        ("line-end", "a line end after it", {"id": f"did:web:{DOMAIN}\n"}),
        ("address", "an address", {"id": "did:web:192.0.2.1"}),
        ("empty", "an empty text", {"id": ""}),
        ("number", "a number", {"id": 7}),
        ("null", "null", {"id": None}),
        ("no-id", "no id", {"name": "Example University"}),
        ("list", "a list of one", [{"id": f"did:web:{DOMAIN}"}]),
        ("nothing", "null instead of an object", None),
    ):
        one = batch([{**sign(document("Ayesha Khan"), key()), "issuer": issuer}], [b""])
        held = [holds(one), holds(one, domain="university"), holds(one, domain="uni_versity.example")]
        yield Case(f"issuer-is-{name}", note, "unknown", held, one.envelopes[0].to_bytes())


def versions() -> Iterator[Case]:
    """What a verifier of version 1 says of what is of another version (SPEC.md appendix C)."""
    five = class_of_five()
    sentinel = {"sentinel": keccak256(b"sanad.registry.2")}
    note = "a registry of version 2: its answer is not usable"
    yield Case("version-2-registry", note, "unavailable", [holds(five, sentinel)], five.sealed(0))
    file = five.file.to_bytes().replace(b"sanad-batch 1", b"sanad-batch 2", 1)
    archive = {"batch_files": [base64.b64encode(file).decode()]}
    note = "a batch file of version 2: as if not at hand, so that nothing is unknown"
    counted = {**holds(five), "counts": {DOMAIN: 1}}
    yield Case(
        "version-2-batch-file", note, "unavailable", [counted], hash=keccak256(b"a hash of nothing"), archive=archive
    )


def _spoilt(value: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for field in ("sheet", "root"):
        for name, note, wrong in _NO_HASHES:
            yield f"{field}-{name}", f"{field}: {note}", {field: wrong}
    for name, note, wrong in _NO_HASHES:
        yield f"path-{name}", f"path with one element that is no hash: {note}", {"path": [*value["path"][:-1], wrong]}
    for name, note, wrong in (
        ("is-object", "an object", {}),
        ("is-text", "an empty text", ""),
        ("is-null", "null", None),
        ("is-number", "a number", 0),
        ("is-41", "41 hashes", [_HASH] * 41),
    ):
        yield f"path-{name}", f"path: {note}", {"path": wrong}
    for field in ("index", "sanad"):
        for name, note, wrong in (
            ("true", "true", True),
            ("text", "a text", "1"),
            ("null", "null", None),
            ("list", "a list", [1]),
            ("fraction", "1.5", 1.5),
            ("negative", "−1", -1),
            ("2-32-1", "2^32−1", 2**32 - 1),
        ):
            yield f"{field}-{name}", f"{field}: {note}", {field: wrong}
    for name, note, wrong in (("list", "a list", []), ("text", "a text", "{}"), ("null", "null", None)):
        yield f"credential-{name}", f"credential: {note}", {"credential": wrong}
