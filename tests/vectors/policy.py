"""Vectors of SPEC.md section 11: silent registries, unusable answers, fresh signatures, and the order of all."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.vectors.archives import archived
from tests.vectors.samples import DOMAIN, Sample, batch, class_of_five, document, key, sign
from tests.vectors.verdicts import ISSUED, NOBODY, NOW, REVOKED, SIGNER, Case, as_json, holds
from verifier.core.canonical import canonical
from verifier.core.hashes import ZERO, institution_id, sha256

_ACADEMY = {"certifier": institution_id("academy.example"), "certifier_domain": "academy.example"}
_EDUCATED = {**_ACADEMY, "certifier_name": "Example Academy", "educator_commitment": sha256(b"educator")}
_LAST = 253_402_300_799
_DISTRUSTED = {"counts": False, "distrusted_since": ISSUED, "good": False}


def cases() -> Iterator[Case]:
    """What the verifier's own rules make of the registries' answers."""
    five = class_of_five()
    yield from _silent(five)
    yield from _speaking(five)
    yield from _unusable(five)
    yield from _usable(five)
    yield from _fresh()
    yield from _unreadable_dates()
    yield from _no_registry(five)


def _silent(five: Sample) -> Iterator[Case]:
    accredits = {"unavailable": "down", "accredits": [DOMAIN]}
    other = {"unavailable": "down", "accredits": ["other.example"]}

    def case(name: str, note: str, verdict: str, anchored: str, answer: Mapping[str, Any] | None = None) -> Case:
        registries = [holds(five, answer), accredits]
        return Case(f"silent-{name}", note, verdict, registries, five.sealed(0), anchored=anchored)

    unsure, told = "could not check", "note"
    yield case("valid", "a silent registry accredits the institution: it may hold a revocation", "unavailable", unsure)
    yield case("pending", "the same for pending", "unavailable", unsure, {"finalized_time": ISSUED})
    yield case("revoked", "revoked stays revoked", "revoked", told, REVOKED)
    yield case("replaced", "replaced stays", "replaced", told, REVOKED | {"replacement": sha256(b"new")})
    yield case("withdrawn", "untrusted stays", "untrusted", told, {"withdrawn_at": NOW - 9})
    yield case("distrusted", "a record that does not count stays untrusted", "untrusted", told, _DISTRUSTED)
    note = "a silent registry that is not known to accredit the institution: a prominent note"
    yield Case("silent-other", note, "valid", [holds(five), other], five.sealed(0), anchored=told)
    note = "an unusable answer makes a registry as silent as none"
    lies = holds(five, {"reason": 7, "revoked_at": 5})
    yield Case("silent-unusable", note, "valid", [holds(five), lies], five.sealed(0), anchored=told)
    yield Case(
        "silent-unusable-accredits", note, "unavailable", [holds(five), {**lies, "accredits": [DOMAIN]}],
        five.sealed(0), anchored=unsure,
    )  # fmt: skip
    pruned = {"roots": [], "counts": {DOMAIN: 0}, "otherwise": as_json({"sentinel": ZERO})}
    bare, whole = canonical(five.envelopes[0].credential), archived({}, [five.file])
    note = "a bare credential whose place is asked about in vain"
    yield Case("silent-bare", note, "unavailable", [pruned], bare, archive=whole, anchored=unsure)
    old = batch([sign(document("Ayesha Khan", validUntil="2026-07-01T00:00:00Z"), key())], [b""])
    envelope = old.envelopes[0].to_bytes()
    yield Case("silent-expired", "the same for expired", "unavailable", [holds(old), accredits], envelope)
    undated = batch([sign(document("Ayesha Khan", validUntil="soon"), key())], [b""])
    note = "a date that cannot be read comes before what a silent registry may hold"
    yield Case("silent-undated", note, "unavailable", [holds(undated), accredits],
               undated.envelopes[0].to_bytes(), anchored=told)  # fmt: skip
    stored = archived({five.envelopes[0].hash: five.envelopes[0].to_bytes()})
    yield Case(
        "silent-stored", "the same by its hash", "unavailable", [accredits, holds(five)],
        hash=five.envelopes[0].hash, archive=stored, anchored=unsure,
    )  # fmt: skip


def _speaking(five: Sample) -> Iterator[Case]:
    good, revoked, pending = holds(five), holds(five, REVOKED), holds(five, finalized_time=ISSUED)
    pdf = five.sealed(0)
    yield Case(
        "speaks-first", "of equal verdicts the first in the settings speaks", "valid", [good, good], pdf, registry=1
    )
    yield Case("speaks-worst", "the worst speaks", "revoked", [good, revoked, revoked], pdf, registry=2)
    yield Case("speaks-pending", "pending before valid", "pending", [good, pending], pdf, registry=2)
    other = holds(five, domain="other.example")
    yield Case("speaks-holding", "one that does not hold it says nothing", "valid", [other, good], pdf, registry=2)


def _unusable(five: Sample) -> Iterator[Case]:
    for name, note, changes in _CONTRADICTIONS:
        yield Case(f"unusable-{name}", note, "unavailable", [holds(five, changes)], five.sealed(4))
    for name, note, changes in _EMPTY_CONTRADICTIONS:
        registry = {"roots": [], "otherwise": as_json(changes)}
        yield Case(f"unusable-nothing-{name}", f"no record, yet {note}", "unavailable", [registry], five.sealed(4))


_CONTRADICTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("counts", "a record counts although its writer is distrusted since before", {"distrusted_since": ISSUED}),
    ("counts-not", "a record does not count although its writer is not distrusted", {"counts": False}),
    ("counts-not-later", "the writer is distrusted since later, yet the record does not count",
     {"counts": False, "distrusted_since": ISSUED + 1}),
    ("size", "a record of no certificates", {"size": 0}),
    ("writer", "a record without a writer", {"signer": NOBODY}),
    ("withdrawn-never", "withdrawn by somebody at no time", {"withdrawn_by": SIGNER}),
    ("accredited", "a record of nobody who is accredited",
     {"accredited": False, "institution_name": "", "signer_authorised": False}),
    ("reason", "a reason that does not exist", {"reason": 7, "revoked_at": 5}),
    ("reason-negative", "a negative reason", {"reason": -1, "revoked_at": 5}),
    ("reason-zero", "revoked at a time for no reason", {"revoked_at": 5}),
    ("reason-zero-replacement", "replaced for no reason", {"replacement": sha256(b"new")}),
    ("reason-zero-by", "revoked by somebody for no reason", {"revoked_by": SIGNER}),
    ("reason-zero-institution", "revoked by the institution for no reason", {"revoked_by_institution": True}),
    ("revoked-never", "revoked at no time", {"reason": 1}),
    ("certifier-domain", "a certifier without a domain", {**_EDUCATED, "certifier_domain": ""}),
    ("certifier-domain-other", "a certifier and another's domain", {**_EDUCATED, "certifier_domain": "other.example"}),
    ("certifier-no-domain", "a certifier's domain that is none",
     {**_EDUCATED, "certifier_domain": "Academy.example", "certifier": institution_id("Academy.example")}),
    ("certifier-no-ascii", "a certifier's domain outside ASCII",
     {**_EDUCATED, "certifier_domain": "acad\u00e9mie.example"}),
    ("certifier-zero", "a domain of no certifier", {"certifier_domain": "academy.example"}),
    ("certifier-zero-name", "a name of no certifier", {"certifier_name": "Example Academy"}),
    ("certifier-zero-educator", "an educator of no certifier", {"educator_commitment": sha256(b"educator")}),
    ("certifier-no-educator", "a certifier of no educator", {**_EDUCATED, "educator_commitment": ZERO}),
    ("adopted-educator", "an adopted batch has no educator", {**_EDUCATED, "adopted": True}),
    ("future", "registered after the block that the answer is of", {"issued_at": NOW + 1, "finalized_time": NOW + 2}),
    ("future-revoked", "revoked after that block", {"reason": 1, "revoked_at": NOW + 1}),
    ("future-withdrawn", "withdrawn after that block", {"withdrawn_at": NOW + 1}),
    ("future-distrusted", "distrusted after that block", {"distrusted_since": NOW + 1}),
    ("time-block", "a block after the year 9999", {"block_time": _LAST + 1}),
    ("time-block-zero", "a block without a time", {"block_time": 0, "issued_at": 0}),
    ("time-final", "finality after the year 9999", {"finalized_time": _LAST + 1}),
    ("time-negative", "a negative time", {"withdrawn_at": -1}),
    ("time-huge", "a time that no calendar has", {"block_time": 2**64 - 1, "reason": 1, "revoked_at": 2**40 - 1}),
    ("successor-no-chain", "a successor without its chain", {"successor": SIGNER}),
    ("successor-no-address", "a successor's chain without its address", {"successor_chain": 56}),
)  # fmt: skip

_EMPTY_CONTRADICTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("counts", "it counts", {"counts": True}),
    ("size", "it has a size", {"size": 5}),
    ("writer", "it has a writer", {"signer": SIGNER}),
    ("adopted", "it is adopted", {"adopted": True}),
    ("authorised", "nobody is authorised", {"accredited": True, "signer_authorised": True}),
    ("distrusted", "nobody is distrusted", {"accredited": True, "distrusted_since": 5}),
    ("suspended", "who is not accredited is suspended", {"suspended": True}),
    ("name", "who is not accredited has a name", {"institution_name": "Example University"}),
    ("revoked", "who is not accredited revoked it", {"reason": 1, "revoked_at": 5}),
    ("withdrawn", "who is not accredited withdrew it", {"withdrawn_at": 5}),
    ("withdrawn-by", "somebody withdrew it at no time", {"accredited": True, "withdrawn_by": SIGNER}),
    ("educator", "there is an educator", {"accredited": True, **_EDUCATED}),
    ("block-time", "the block has no time", {"block_time": 0}),
    ("future", "the time is after the year 9999", {"block_time": _LAST + 1}),
)  # fmt: skip


def _usable(five: Sample) -> Iterator[Case]:
    for name, note, verdict, changes in (
        ("last-second", "the last second of the year 9999", "valid", {"block_time": _LAST}),
        ("this-second", "registered in the block that the answer is of", "pending", {"issued_at": NOW}),
        ("distrusted-later", "distrusted since a second after it was registered", "valid",
         {"distrusted_since": ISSUED + 1, "signer_authorised": False}),
        ("revoked-before", "revoked before it was registered", "revoked", {"reason": 6, "revoked_at": 1}),
        ("no-name", "an institution without a name", "valid", {"institution_name": ""}),
        ("name-in-braces", "a name with braces, as templates have them", "valid", {"institution_name": "{time} %s {"}),
    ):  # fmt: skip
        yield Case(f"usable-{name}", note, verdict, [holds(five, changes)], five.sealed(4))
    withdrawn = {"roots": [], "otherwise": {"accredited": True, "institution_name": "University", "withdrawn_at": 5}}
    note = "withdrawn before it was registered means nothing yet"
    yield Case("usable-withdrawn-before", note, "unknown", [withdrawn], five.sealed(4))
    revoked = {"roots": [], "otherwise": {"accredited": True, "reason": 1, "revoked_at": 5}}
    yield Case("usable-revoked-unregistered", "revoked and not registered", "unknown", [revoked], five.sealed(4))


def _fresh() -> Iterator[Case]:
    nothing: dict[str, Any] = {"roots": []}
    for name, created, verdict in (
        ("before", "2026-09-21T14:03:20Z", "unavailable"),
        ("before-long", "2026-09-21T14:03:19Z", "unknown"),
        ("before-a-fraction", "2026-09-21T14:03:19.999Z", "unknown"),
        ("now", "2026-09-21T19:13:20+05:00", "unavailable"),
        ("after", "2026-09-21T14:23:20Z", "unavailable"),
        ("after-long", "2026-09-21T14:23:21Z", "unknown"),
        ("after-a-fraction", "2026-09-21T14:23:20.001Z", "unknown"),
        ("far", "9999-12-31T23:59:59Z", "unknown"),
        ("unreadable", "2026-09-21 14:13:20", "unknown"),
    ):
        one = _signed(created)
        note = f"no record, signed at {created}, the newest block of 2026-09-21T14:13:20Z"
        yield Case(f"fresh-{name}", note, verdict, [nothing], one.envelopes[0].to_bytes())
    fresh = _signed("2026-09-21T14:13:20Z")
    credential = fresh.envelopes[0].credential
    for name, note, proof in (
        ("several", "two proofs: no one time", [credential["proof"], credential["proof"]]),
        ("missing", "no time of signing", {k: v for k, v in credential["proof"].items() if k != "created"}),
    ):
        one = batch([{**credential, "proof": proof}], [b""])
        yield Case(f"fresh-{name}", note, "unknown", [nothing], one.envelopes[0].to_bytes())
    late, behind = {"roots": [], "otherwise": {"block_time": NOW + 601}}, {"roots": []}
    note = "the newest block of any registry counts"
    yield Case("fresh-newest", note, "unknown", [behind, late], fresh.envelopes[0].to_bytes())
    yield Case("fresh-newest-first", note, "unknown", [late, behind], fresh.envelopes[0].to_bytes())
    counted = {"roots": [], "counts": {DOMAIN: 0}}
    yield Case("fresh-bare", "a bare credential", "unavailable", [counted], canonical(credential))
    yield Case("fresh-bare-old", "a bare credential of old", "unknown", [counted],
               canonical(_signed("2026-06-30T12:00:00Z").envelopes[0].credential))  # fmt: skip
    other = {"roots": [], "counts": {DOMAIN: 0}}
    stored = archived({fresh.envelopes[0].hash: fresh.envelopes[0].to_bytes()})
    yield Case("fresh-stored", "by its hash", "unavailable", [other], hash=fresh.envelopes[0].hash, archive=stored)
    undated = {**credential, "proof": {k: v for k, v in credential["proof"].items() if k != "created"}}
    pruned = {**counted, "otherwise": as_json({"sentinel": ZERO})}
    note = "a bare credential without a time of signing: whether it is on record is asked all the same"
    yield Case("fresh-bare-silent", note, "unavailable", [pruned], canonical(undated))
    last = {"roots": [], "otherwise": {"block_time": _LAST}}
    end = _signed("9999-12-31T23:59:59Z").envelopes[0].to_bytes()
    yield Case("fresh-at-the-end", "signed and asked in the last second of the year 9999", "unavailable", [last], end)


def _unreadable_dates() -> Iterator[Case]:
    one = batch([sign(document("Ayesha Khan", validFrom="tomorrow"), key())], [b""])
    for name, note, verdict, changes in (
        ("revoked", "revoked comes before a date that cannot be read", "revoked", REVOKED),
        ("replaced", "so does replaced", "replaced", REVOKED | {"replacement": sha256(b"new")}),
        ("untrusted", "so does untrusted", "untrusted", {"withdrawn_at": NOW - 9}),
        ("pending", "pending comes after it", "unavailable", {"finalized_time": ISSUED}),
        ("valid", "nothing else to say", "unavailable", {}),
    ):
        yield Case(f"unreadable-date-{name}", note, verdict, [holds(one, changes)], one.envelopes[0].to_bytes())
    late = batch([sign(document("Ayesha Khan", validFrom="tomorrow", validUntil="2026-07-01T00:00:00Z"), key())], [b""])
    note = "the end has passed, the beginning cannot be read"
    yield Case("unreadable-date-expired", note, "unavailable", [holds(late)], late.envelopes[0].to_bytes())
    nothing: dict[str, Any] = {"roots": []}
    yield Case("unreadable-date-unknown", "no record comes first", "unknown", [nothing], one.envelopes[0].to_bytes())


def _no_registry(five: Sample) -> Iterator[Case]:
    stranger = batch([{**sign(document("Ayesha Khan"), key()), "issuer": {"id": "did:key:z"}}], [b""])
    note = "no registry is configured: nothing is said of an issuer that none could hold"
    yield Case("no-registry-issuer", note, "unavailable", [], stranger.envelopes[0].to_bytes())
    bare = canonical({**sign(document("Ayesha Khan"), key()), "issuer": {"id": "did:key:z"}})
    note = "a bare credential of an issuer that no registry could hold is somebody else's, whoever is asked"
    yield Case("no-registry-bare-issuer", note, None, [], bare)
    yield Case("bare-issuer", note, None, [holds(five), {"unavailable": "down"}], bare)
    altered = five.sealed(0) + b"\n"
    yield Case("no-registry-altered", "altered comes first", "altered", [], altered)
    stored = archived({five.envelopes[0].hash: five.envelopes[0].to_bytes()})
    yield Case("no-registry-stored", "by its hash", "unavailable", [], hash=five.envelopes[0].hash, archive=stored)


def _signed(created: str) -> Sample:
    return batch([sign(document("Ayesha Khan"), key(), created=created)], [b""])
