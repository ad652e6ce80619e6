"""Vectors of changed copies: what is said of the certificate that is found in an altered file (SPEC.md section 11)."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.vectors.pictures import itxt, png, presentation
from tests.vectors.samples import Sample, batch, batch_of_one, class_of_five, document, key, sign
from tests.vectors.searches import JUNK
from tests.vectors.verdicts import NOW, REVOKED, Case, holds
from verifier.core.envelope import Envelope
from verifier.core.hashes import sha256


def cases() -> Iterator[Case]:
    """Whatever the certificate found is worth, the file stays altered."""
    five, one = class_of_five(), batch_of_one()
    copy = _saved_anew(five)
    yield _case("valid", "saved anew, in good standing", [holds(five)], copy, "valid")
    yield _case("revoked", "saved anew, and revoked", [holds(five, REVOKED)], copy, "revoked")
    replaced = REVOKED | {"replacement": sha256(b"newer")}
    yield _case("replaced", "saved anew, and replaced", [holds(five, replaced)], copy, "replaced")
    withdrawn = {"withdrawn_at": NOW - 9, "good": False}
    yield _case("withdrawn", "saved anew, the batch withdrawn", [holds(five, withdrawn)], copy, "untrusted")
    yield _case("pending", "saved anew, and not final", [holds(five, {"finalized_time": 1})], copy, "pending")
    old = batch([sign(document("Ayesha Khan", validUntil="2026-07-01T00:00:00Z"), key())], [b""])
    yield _case("expired", "a line end behind it, and expired", [holds(old)], _line_end(old), "expired")
    yield _case("line-end", "a line end behind the envelope", [holds(one)], _line_end(one), "valid")
    yield _case("picture", "a line end behind the envelope in a PNG", [holds(one)], png(itxt(_line_end(one))), "valid")
    stray = Envelope(five.envelopes[1].credential, 1, bytes(32), five.file.root, ()).to_bytes()
    note = "one that leads to its root, and one that does not"
    yield _case("one-leads", note, [holds(five)], copy + stray, "valid")
    yield _case(
        "two-lead", "two that lead to their roots: none is chosen", [holds(five), holds(one)], copy + _line_end(one)
    )
    yield _case(
        "junk",
        "30 candidates that are none, and one that does not lead",
        [holds(five)],
        JUNK * 30 + stray + copy,
        "valid",
    )
    yield _case(
        "beyond", "31 candidates that are none, and one: the next is not tried", [holds(five)], JUNK * 31 + stray + copy
    )
    yield _case("elsewhere", "another institution has its root: no help", [holds(five, domain="other.example")], copy)
    yield _case("node-down", "the registry does not answer: no help", [{"unavailable": "down"}], copy)
    marked = b"\xef\xbb\xbf" + one.envelopes[0].to_bytes()
    yield Case("copy-marked", "a byte-order mark before it", "altered", [holds(one)], marked, registered="valid")
    bare = {"envelopes": [base64.b64encode(one.envelopes[0].to_bytes()).decode()]}
    credential = one.envelopes[0].credential
    note = "a presentation of one credential that the archive knows is judged as that"
    yield Case("presentation", note, "valid", [holds(one)], presentation([credential]), archive=bare)
    text = b"\xef\xbb\xbf" + json.dumps(credential).encode()
    yield Case(
        "credential-marked", "a bare credential behind a byte-order mark", "valid", [holds(one)], text, archive=bare
    )


def _case(name: str, note: str, registries: Sequence[Mapping[str, Any]], file: bytes, found: str | None = None) -> Case:
    whole = file if name == "picture" else b"%PDF-1.7\n" + file
    return Case(f"copy-{name}", note, "altered", registries, whole, registered=found)


def _saved_anew(sample: Sample) -> bytes:
    return b"stream\n" + zlib.compress(sample.envelopes[0].to_bytes(), 9) + b"\nendstream\n"


def _line_end(sample: Sample) -> bytes:
    return sample.envelopes[0].to_bytes() + b"\n"
