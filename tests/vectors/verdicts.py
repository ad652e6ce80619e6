"""Vectors of SPEC.md section 11: what registries answer, and the verdict that follows."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.vectors.samples import DOMAIN, Sample, batch, batch_of_one, class_of_five, document, key, sheet, sign
from verifier.core.hashes import ZERO, commitment, institution_id, sha256
from verifier.core.registry import SENTINEL, Record

NOW = 1_790_000_000
ISSUED = 1_789_990_000
SIGNER = "0x1111111111111111111111111111111111111111"
ADMIN = "0x2222222222222222222222222222222222222222"
NOBODY = "0x0000000000000000000000000000000000000000"

GOOD = Record(
    sentinel=SENTINEL, block_number=100, block_time=NOW, successor=NOBODY, successor_chain=0, root=ZERO,
    institution=ZERO, accredited=True, suspended=False, institution_name="Example University", signer=SIGNER,
    issued_at=ISSUED, size=5, adopted=False, withdrawn_at=0, withdrawn_by=NOBODY,
    signer_authorised=True, distrusted_since=0, counts=True,
    reason=0, revoked_at=0, revoked_by=NOBODY, revoked_by_institution=False, replacement=ZERO, certifier=ZERO,
    certifier_domain="", certifier_name="", educator_commitment=ZERO, good=True, finalized_time=NOW - 1,
)  # fmt: skip
"""The answer about a certificate in good standing."""

NOTHING = replace(
    GOOD, accredited=False, institution_name="", signer=NOBODY, issued_at=0, size=0, signer_authorised=False,
    counts=False, good=False,
)  # fmt: skip
"""The answer about what the registry does not know."""

WITHDRAWN = {"withdrawn_at": NOW - 9, "withdrawn_by": ADMIN, "good": False}
REVOKED = {"reason": 2, "revoked_at": NOW - 50, "revoked_by": SIGNER, "good": False}
CHANGES = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One input, what the registries answer, and the verdict that must come."""

    name: str
    note: str
    verdict: str | None
    """None: somebody else's credential, which gets none."""
    registries: Sequence[Mapping[str, Any]]
    file: bytes | None = None
    hash: bytes | None = None
    archive: Mapping[str, Any] = field(default_factory=dict)
    replacement: bytes | None = None
    registered: str | None = None
    walk: Sequence[tuple[str, str]] = ()
    """Role and state of each link of the sanad."""
    anchored: str | None = None
    """The state of step 3, where the case is about it."""
    registry: int | None = None
    """Which registry speaks, from 1, where the case is about it."""

    def data(self) -> dict[str, Any]:
        """The case as JSON."""
        text = {"note": self.note, "verdict": self.verdict, "registries": list(self.registries)}
        if self.file is not None:
            text["file"] = base64.b64encode(self.file).decode()
        for name in ("hash", "replacement"):
            if (value := getattr(self, name)) is not None:
                text[name] = "0x" + value.hex()
        for name in ("registered", "anchored", "registry"):
            if (value := getattr(self, name)) is not None:
                text[name] = value
        if self.walk:
            text["walk"] = [{"role": role, "state": state} for role, state in self.walk]
        return {**text, "archive": dict(self.archive)} if self.archive else text


def holds(sample: Sample, changes: CHANGES | None = None, domain: str = DOMAIN, **fields: Any) -> dict[str, Any]:
    """A registry that has this batch, and what it answers about it beyond a good standing."""
    answer = {"size": len(sample.envelopes), **(changes or {}), **fields}
    return {"roots": [{"domain": domain, "root": "0x" + sample.file.root.hex(), "answer": as_json(answer)}]}


def cases() -> Iterator[Case]:
    """Every verdict, and the order among them."""
    five = class_of_five()
    yield from _chain(five)
    yield from _dates()
    yield from _several(five)
    yield from _untrue_answers(five)
    yield from _issuers(five)
    yield from _files(five)
    yield from _hashes(five)
    yield from _replacements()


def _chain(five: Sample) -> Iterator[Case]:
    pdf = five.sealed(1)

    def case(name: str, note: str, verdict: str, **fields: Any) -> Case:
        return Case(name, note, verdict, [holds(five, fields)], pdf)

    yield case("valid", "in good standing", "valid")
    yield Case("unknown", "no registry has the root", "unknown", [{"roots": []}], pdf)
    yield Case("node-down", "the registry does not answer", "unavailable", [{"unavailable": "down"}], pdf)
    yield Case("no-registry", "no registry is configured", "unavailable", [], pdf)
    yield case("not-final", "its time is the finalized block's: not before it", "pending", finalized_time=ISSUED)
    yield case("final", "the finalized block is one second later", "valid", finalized_time=ISSUED + 1)
    note = "finality has stalled, and the record is older than the block so many blocks back: valid, with a note"
    yield case("final-by-depth", note, "valid", finality_depth=240)
    note = "finality has stalled, and the record is not older than the block so many blocks back"
    yield case("not-final-by-depth", note, "pending", finality_depth=240, finalized_time=ISSUED)
    yield case("revoked", "revoked for an error in its data", "revoked", **REVOKED)
    yield case(
        "replaced",
        "revoked, with a replacement that nobody here has",
        "replaced",
        **REVOKED,
        replacement=sha256(b"new"),
    )
    yield case(
        "distrusted", "the record's writer is distrusted since before", "untrusted", counts=False, distrusted_since=1
    )
    yield case("beyond-size", "the batch was registered as smaller than this index", "untrusted", size=1, good=False)
    yield case("last-of-size", "index 1 of a batch registered with 2", "valid", size=2)
    yield case("withdrawn", "the batch is withdrawn", "untrusted", **WITHDRAWN)
    yield case("suspended", "the institution is suspended now", "valid", suspended=True)
    yield case("signer-removed", "the signer was removed since", "valid", signer_authorised=False)
    yield case("adopted", "registered again by the institution", "valid", adopted=True, signer_authorised=False)
    note = "the registry has a successor and still answers: valid, with a note"
    yield case("successor", note, "valid", successor=SIGNER, successor_chain=56)
    yield case("revoked-and-withdrawn", "revoked comes before untrusted", "revoked", **{**WITHDRAWN, **REVOKED})
    yield case("revoked-not-final", "revoked comes before pending", "revoked", **REVOKED, finalized_time=ISSUED)
    yield case("withdrawn-not-final", "untrusted before pending", "untrusted", **WITHDRAWN, finalized_time=ISSUED)
    yield case("good-is-a-lie", "the contract's summary is not what the verdict is made of", "valid", good=False)


def _dates() -> Iterator[Case]:
    def case(name: str, note: str, verdict: str, changes: CHANGES | None = None, **more: Any) -> Case:
        one = batch([sign(document("Ayesha Khan", **more), key())], [b""])
        return Case(name, note, verdict, [holds(one, changes)], one.envelopes[0].to_bytes())

    yield case("until-later", "validUntil lies ahead", "valid", validUntil="2027-06-30T12:00:00Z")
    yield case("expired", "validUntil has passed", "expired", validUntil="2026-07-01T00:00:00Z")
    yield case("from-later", "validFrom lies ahead", "pending", validFrom="2030-01-01T00:00:00Z")
    yield case("revoked-and-expired", "revoked before expired", "revoked", REVOKED, validUntil="2026-07-01T00:00:00Z")
    yield case(
        "offset", "the offset matters: 13:13:20Z is the block's time", "expired", validUntil="2026-09-21T19:13:19+05:00"
    )
    yield case(
        "date-unreadable", "a date without an offset cannot be judged", "unavailable", validUntil="2027-06-30T12:00:00"
    )


def _several(five: Sample) -> Iterator[Case]:
    pdf, good, down, none = five.sealed(2), holds(five), {"unavailable": "down"}, {"roots": []}
    bad = holds(five, REVOKED)
    yield Case("worst-of-two", "two registries hold it: the worst counts", "revoked", [good, bad], pdf)
    yield Case("one-holds-one-silent", "one holds it, another is silent", "valid", [down, good], pdf)
    yield Case("none-holds-one-silent", "none that answered holds it, one is silent", "unavailable", [none, down], pdf)
    yield Case("none-of-two", "neither holds it", "unknown", [none, none], pdf)
    other = holds(five, domain="other.example")
    yield Case("squatted-root", "another institution registered the same root", "unknown", [other], pdf)
    yield Case("squatted-and-own", "both registered it: each speaks for itself", "valid", [both(good, other)], pdf)


def _untrue_answers(five: Sample) -> Iterator[Case]:
    pdf = five.sealed(3)
    for name, note, changes in (
        ("pruned", "zeroes from a node that has pruned the state", {"sentinel": ZERO}),
        ("other-root", "an answer about another root", {"root": sha256(b"x")}),
        ("other-institution", "an answer about another institution", {"institution": institution_id("other.example")}),
        ("contradiction", "a record of an institution that is not accredited", {"accredited": False}),
    ):
        yield Case(f"answer-{name}", note, "unavailable", [holds(five, changes)], pdf)
    pruned = {"roots": [], "otherwise": as_json({"sentinel": ZERO})}
    yield Case("answer-pruned-nothing", "nothing found, by a pruned node: not unknown", "unavailable", [pruned], pdf)


def _issuers(five: Sample) -> Iterator[Case]:
    def case(name: str, note: str, issuer: object) -> Case:
        one = batch([{**sign(document("Ayesha Khan"), key()), "issuer": issuer}], [b""])
        return Case(
            name, note, "unknown", [holds(one), holds(one, domain="other.example")], one.envelopes[0].to_bytes()
        )

    yield case("issuer-text", "an issuer that is no object", f"did:web:{DOMAIN}")
    yield case("issuer-path", "a did:web with a path", {"id": f"did:web:{DOMAIN}:department"})
    yield case("issuer-port", "a did:web with a port", {"id": f"did:web:{DOMAIN}%3A8443"})
    yield case("issuer-capitals", "a did:web in capitals", {"id": "did:web:University.example"})
    yield case("issuer-dot", "a did:web with a trailing dot", {"id": f"did:web:{DOMAIN}."})
    yield case("issuer-did-key", "another method", {"id": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"})
    mallory = batch([sign(document("Mallory"), key("mallory"), "mallory.example")], [b""])
    registered = holds(mallory, domain="mallory.example")
    note = "an institution that issues in another's name: its own root does not count there"
    yield Case("issuer-of-another", note, "unknown", [registered], mallory.envelopes[0].to_bytes())
    false = batch([{**sign(document("Ayesha Khan"), key()), "name": "Changed after signing"}], [b""])
    note = "a false signature over registered content: a prominent note, no verdict"
    yield Case("signature-false", note, "valid", [holds(false)], false.envelopes[0].to_bytes())


def _files(five: Sample) -> Iterator[Case]:
    other = five.sheets[1]
    from verifier.core.seal import seal

    inside = five.envelopes[0].to_bytes()
    swapped = other + seal(other, inside)
    yield Case(
        "altered", "an envelope sealed onto another sheet", "altered", [holds(five)], swapped, registered="valid"
    )
    note = "altered comes first; what was registered is revoked"
    yield Case("altered-revoked", note, "altered", [holds(five, REVOKED)], swapped, registered="revoked")
    yield Case("altered-unknown", "altered, and nothing registered: no help", "altered", [{"roots": []}], swapped)
    yield Case("altered-node-down", "altered whatever the node says", "altered", [{"unavailable": "down"}], swapped)
    forged = five.envelopes[0].to_bytes().replace(b"Ayesha Khan", b"Ayesha Khun")
    yield Case("altered-name", "a changed name leads to no root: no help", "altered", [holds(five)], forged)
    pretty = b" " + inside
    yield Case("altered-json", "the same JSON, saved anew", "altered", [holds(five)], pretty, registered="valid")


def _hashes(five: Sample) -> Iterator[Case]:
    mine, one = five.envelopes[0], batch_of_one()
    stored = {"envelopes": [_b64(mine.to_bytes())]}
    files = {"batch_files": [_b64(five.file.to_bytes())]}
    both = {"batch_files": [*files["batch_files"], _b64(one.file.to_bytes())]}
    elsewhere = sha256(b"a hash of nothing")
    yield Case("hash-stored", "the archive has it", "valid", [holds(five)], hash=mine.hash, archive=stored)
    yield Case("hash-revoked", "stored, and revoked", "revoked", [holds(five, REVOKED)], hash=mine.hash, archive=stored)
    lie = {"stored_as": {"0x" + elsewhere.hex(): _b64(mine.to_bytes())}}
    note = "the archive gives another certificate than the one asked for"
    yield Case(
        "hash-archive-lies", note, "unavailable", [{**holds(five), "counts": {DOMAIN: 1}}], hash=elsewhere, archive=lie
    )
    counted = {**holds(five), "counts": {DOMAIN: 1}}
    yield Case(
        "hash-absent", "every batch is at hand, none has it", "unknown", [counted], hash=elsewhere, archive=files
    )
    missing = {**holds(five), "counts": {DOMAIN: 2}}
    yield Case(
        "hash-batch-missing", "one batch is not at hand", "unavailable", [missing], hash=elsewhere, archive=files
    )
    note = "as many batch files as batches, but one is of no record: not unknown"
    yield Case("hash-foreign-batch", note, "unavailable", [missing], hash=elsewhere, archive=both)
    silent = [counted, {"unavailable": "down"}]
    yield Case("hash-one-silent", "one registry is silent", "unavailable", silent, hash=elsewhere, archive=files)
    yield Case("hash-no-registry", "no registry at all", "unavailable", [], hash=elsewhere, archive=files)
    bare = sign(document("Ayesha Khan"), key())
    from verifier.core.canonical import canonical

    yield Case(
        "credential", "a bare credential, found by its hash", "valid", [holds(five)], canonical(bare), archive=stored
    )
    note = "a bare credential that no batch has"
    other = canonical(sign(document("Somebody"), key()))
    yield Case("credential-absent", note, "unknown", [counted], other, archive=files)
    note = "a bare credential of a domain that no registry knows: somebody else's"
    strange = canonical(sign(document("Somebody", "other.example"), key()))
    yield Case("credential-of-others", note, None, [counted], strange, archive=files)
    note = "the same while one registry is silent: it might know the domain"
    yield Case("credential-of-others-silent", note, "unavailable", silent, strange, archive=files)


def _replacements() -> Iterator[Case]:
    old, new, newest = (
        batch([sign(document(name), key())], [sheet(name)]) for name in ("Aysha Khan", "Ayesha Khan", "Ayesha A. Khan")
    )
    foreign = batch([sign(document("Ayesha Khan", "other.example"), key(), "other.example")], [b""])

    def replaced(sample: Sample, by: bytes) -> dict[str, Any]:
        return holds(sample, REVOKED, replacement=commitment(by))

    h_old, h_new, h_newest = (sample.envelopes[0].hash for sample in (old, new, newest))
    everything = [_b64(sample.envelopes[0].to_bytes()) for sample in (old, new, newest)]
    links = {"0x" + h_old.hex(): "0x" + h_new.hex(), "0x" + h_new.hex(): "0x" + h_newest.hex()}
    archive = {"envelopes": everything, "replacements": links}
    pdf = old.sealed(0)
    chain = [both(replaced(old, h_new), holds(new))]
    yield Case("replacement", "the way to the new one", "replaced", chain, pdf, archive=archive, replacement=h_new)
    longer = [both(both(replaced(old, h_new), replaced(new, h_newest)), holds(newest))]
    yield Case(
        "replacement-of-two", "the newest of two", "replaced", longer, pdf, archive=archive, replacement=h_newest
    )
    circle = [both(replaced(old, h_new), replaced(new, h_old))]
    round_links = {"0x" + h_old.hex(): "0x" + h_new.hex(), "0x" + h_new.hex(): "0x" + h_old.hex()}
    yield Case(
        "replacement-circle", "stops at a repeat", "replaced", circle, pdf,
        archive={"envelopes": everything, "replacements": round_links}, replacement=h_new,
    )  # fmt: skip
    note = "the archive names another certificate than the registry does: not followed"
    wrong = [both(replaced(old, h_newest), holds(new))]
    yield Case("replacement-wrong", note, "replaced", wrong, pdf, archive=archive)
    h_foreign = foreign.envelopes[0].hash
    away = {
        "envelopes": [_b64(foreign.envelopes[0].to_bytes())],
        "replacements": {"0x" + h_old.hex(): "0x" + h_foreign.hex()},
    }
    note = "a replacement of another institution: not followed"
    other = [both(replaced(old, h_foreign), holds(foreign, domain="other.example"))]
    yield Case("replacement-foreign", note, "replaced", other, pdf, archive=away)


def both(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, Any]:
    """A registry that holds what either of two does."""
    return {"roots": [*one["roots"], *two["roots"]]}


def as_json(answer: CHANGES) -> dict[str, Any]:
    """The fields of an answer as JSON holds them."""
    return {name: "0x" + value.hex() if isinstance(value, bytes) else value for name, value in answer.items()}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def default_answers() -> dict[str, Any]:
    """The two answers that the cases' answers are changes to."""
    return {"good": as_json(asdict(GOOD)), "nothing": as_json(asdict(NOTHING))}
