"""Vectors of SPEC.md section 11: what an archive says, and is believed for nothing."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from tests.vectors.samples import DOMAIN, NAMES, Sample, batch, class_of_five, document, key, sheet, sign
from tests.vectors.verdicts import ISSUED, NOW, REVOKED, Case, as_json, both, holds
from verifier.core.batch_file import BatchFile
from verifier.core.canonical import canonical
from verifier.core.envelope import Envelope
from verifier.core.hashes import ZERO, commitment, sha256

MALLORY = "mallory.example"
_DISTRUSTED = {"counts": False, "distrusted_since": ISSUED, "good": False}


def cases() -> Iterator[Case]:
    """Every lie of an archive, and what is left without one."""
    five = class_of_five()
    yield from _stored(five)
    yield from _bare_credentials(five)
    yield from _several_places(five)
    yield from _bare_hashes(five)
    yield from _followed(five)


def _stored(five: Sample) -> Iterator[Case]:
    mine, files = five.envelopes[1], [five.file]

    def case(name: str, note: str, verdict: str, stored: bytes, *more: Any, **fields: Any) -> Case:
        archive = archived({mine.hash: stored}, *more)
        return Case(f"stored-{name}", note, verdict, [holds(five, fields)], hash=mine.hash, archive=archive)

    astray = _moved(mine, index=0)
    note = "the credential is there, its path leads elsewhere, its batch file is missing"
    yield case("astray", note, "unavailable", astray)
    note = "the path leads elsewhere; the institution's own batch file gives the place"
    yield case("astray-batch", note, "valid", astray, files)
    yield case("astray-batch-revoked", "the same, revoked", "revoked", astray, files, **REVOKED)
    elsewhere = _rooted(mine, index=4)
    yield case("unregistered", "it leads to a root that nobody registered", "unavailable", elsewhere)
    yield case("unregistered-batch", "the same, its batch file is there", "valid", elsewhere, files)
    yield case("unregistered-batch-revoked", "the same, revoked", "revoked", elsewhere, files, **REVOKED)
    yield case("no-envelope", "what is stored is no envelope: as if not there", "unavailable", b"{}", files)
    spaced = b" " + mine.to_bytes()
    yield case("not-canonical", "an envelope in other bytes is none: as if not there", "unavailable", spaced, files)
    other = holds(batch([mine.credential], [b""]), REVOKED, MALLORY)
    note = "the stored root is another institution's, where it is revoked: not its own"
    squatted = both(holds(five), other)
    archive = archived({mine.hash: _rooted(mine, 0, b"")}, files)
    yield Case("stored-root-of-another", note, "valid", [squatted], hash=mine.hash, archive=archive)
    foreign = archived({mine.hash: astray}, [_in_name_of(MALLORY, five)])
    note = "a batch file in another institution's name gives no place"
    registry = {**both(holds(five), holds(five, domain=MALLORY)), "counts": {DOMAIN: 1, MALLORY: 1}}
    yield Case("stored-batch-of-another", note, "unavailable", [registry], hash=mine.hash, archive=foreign)


def _bare_credentials(five: Sample) -> Iterator[Case]:
    file, files = canonical(five.envelopes[2].credential), [five.file]
    counted = {**holds(five), "counts": {DOMAIN: 1}}

    def case(name: str, note: str, verdict: str, registry: Mapping[str, Any], archive: Mapping[str, Any]) -> Case:
        return Case(f"bare-{name}", note, verdict, [registry], file, archive=archive)

    whole, twice = archived({}, files), archived({}, [five.file, five.file])
    yield case("in-batch", "a credential and its batch file are the whole place", "valid", counted, whole)
    yield case("in-batch-revoked", "the same, revoked", "revoked", holds(five, REVOKED), whole)
    yield case("in-batch-pending", "the same, not final", "pending", holds(five, finalized_time=ISSUED), whole)
    yield case("in-batch-twice", "one batch file under two names is one place", "valid", counted, twice)
    yield case("nowhere", "its place is not at hand", "unavailable", counted, archived({}))
    mallory = batch([five.envelopes[2].credential, five.envelopes[0].credential], [b"", b""], MALLORY)
    attacked = both(counted, holds(mallory, REVOKED, MALLORY))
    note = "another institution registered and revoked the same commitment: only its own counts"
    yield case("attacked", note, "valid", attacked, archived({}, [mallory.file, five.file]))
    note = "the same, its own batch file is missing"
    missing = {**attacked, "counts": {DOMAIN: 1, MALLORY: 1}}
    yield case("attacked-nowhere", note, "unavailable", missing, archived({}, [mallory.file]))
    other = batch([sign(document("Somebody"), key())], [b""])
    absent = {**holds(other), "counts": {DOMAIN: 1, MALLORY: 9}}
    note = "every batch of its own institution is at hand, and none contains it; others' do not matter"
    yield case("absent", note, "unknown", absent, archived({}, [other.file]))
    note = "one of its institution's two batches is at hand, under two names: it counts once"
    two = {**absent, "counts": {DOMAIN: 2}}
    yield case("absent-twice", note, "unavailable", two, archived({}, [other.file, other.file]))
    note = "two batch files, one of no record: only what a registry has on record counts"
    yield case("absent-unregistered", note, "unavailable", two, archived({}, [other.file, _other(3).file]))
    note = "two batches are on record while one is counted: a block later than the count"
    more = {**both(holds(other), holds(_other(3))), "counts": {DOMAIN: 1}}
    yield case("absent-more", note, "unknown", more, archived({}, [other.file, _other(3).file]))
    yield Case("hash-absent-more", note, "unknown", [more], hash=sha256(b"a hash of nothing"),
               archive=archived({}, [other.file, _other(3).file]))  # fmt: skip
    note = "its batch is on record nowhere, and all that is on record is at hand"
    yield case("unregistered-batch", note, "unknown", absent, archived({}, [other.file, five.file]))
    damaged = BatchFile(DOMAIN, other.file.root, five.file.body)
    note = "a batch file that contains it and does not lead to its root says nothing"
    yield case("damaged-batch", note, "unavailable", absent, archived({}, [damaged]))
    note = "the same beside every batch that is on record: as if it were not there"
    beside = archived({}, [other.file, BatchFile(DOMAIN, sha256(b"no root"), five.file.body)])
    yield case("damaged-batch-beside", note, "unknown", absent, beside)
    yield Case("bare-no-registry", "no registry is configured", "unavailable", [], file, archive=whole)


def _several_places(five: Sample) -> Iterator[Case]:
    mine, again = five.envelopes[3], batch([five.envelopes[3].credential], [b""])
    stored = {mine.hash: mine.to_bytes()}

    def case(name: str, note: str, verdict: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> Case:
        registry = both(holds(five, first), holds(again, second))
        archive = archived(stored, [five.file, again.file])
        return Case(f"places-{name}", note, verdict, [registry], hash=mine.hash, archive=archive)

    yield case("agree", "two batches of its institution have it, both good", "valid", {}, {})
    yield case("both-revoked", "revoked in both", "revoked", REVOKED, REVOKED)
    yield case("disagree", "revoked in one of the two: told, not chosen among", "unavailable", {}, REVOKED)
    yield case("disagree-stored", "revoked in the one that is stored", "unavailable", REVOKED, {})
    yield case("withdrawn-and-good", "withdrawn and good", "unavailable", {"withdrawn_at": NOW - 9}, {})
    note = "the stored place is in a batch that does not count; another does"
    yield case("stored-does-not-count", note, "valid", _DISTRUSTED, {})
    yield case("other-does-not-count", "another place does not count, whatever it says", "valid", {}, _DISTRUSTED)
    note = "revoked where it counts; the batch that does not count is not looked at"
    yield case("revoked-and-does-not-count", note, "revoked", REVOKED, _DISTRUSTED)
    yield case("none-counts", "neither counts: they are used all the same", "untrusted", _DISTRUSTED, _DISTRUSTED)
    one = [sign(document("Ayesha Khan"), key())] * 2
    double = batch(one, [sheet("one"), sheet("two")])
    registry = holds(double, size=1)
    archive = archived({double.envelopes[1].hash: double.envelopes[1].to_bytes()}, [double.file])
    note = "twice in one batch, registered with the size 1: the lowest index is its place"
    yield Case("places-in-one-batch", note, "valid", [registry], hash=double.envelopes[1].hash, archive=archive)
    note = "a file that carries its place is judged by that place alone"
    revoked = both(holds(five), holds(again, REVOKED))
    yield Case(
        "places-of-a-file", note, "valid", [revoked], five.sealed(3), archive=archived(stored, [five.file, again.file])
    )


def _bare_hashes(five: Sample) -> Iterator[Case]:
    mine = five.envelopes[0]
    whole = archived({}, [five.file])

    def case(name: str, note: str, registry: Mapping[str, Any], archive: Mapping[str, Any], **more: Any) -> Case:
        verdict, anchored = more.get("verdict", "unavailable"), more.get("anchored", "note")
        registries = [registry, *more.get("others", [])]
        return Case(f"hash-{name}", note, verdict, registries, hash=mine.hash, archive=archive, anchored=anchored)

    yield case("in-batch", "its batch is known, the certificate is not at hand", holds(five), whole)
    yield case("in-batch-revoked", "a revocation is a note: anybody can register it", holds(five, REVOKED), whole)
    replaced = holds(five, REVOKED, replacement=sha256(b"new"))
    yield case("in-batch-replaced", "a replacement is a note", replaced, whole)
    yield case("in-batch-withdrawn", "a withdrawal is a note", holds(five, {"withdrawn_at": NOW - 9}), whole)
    yield case("in-batch-distrusted", "that it does not count is a note", holds(five, _DISTRUSTED), whole)
    yield case("in-batch-pending", "that it is not final decides nothing", holds(five, finalized_time=ISSUED), whole)
    mallory = batch([mine.credential], [b""], MALLORY)
    attacked = both(holds(five), holds(mallory, REVOKED, MALLORY))
    yield case(
        "in-two-batches", "of two institutions, one revoked it", attacked, archived({}, [five.file, mallory.file])
    )
    note = "a batch file of no record contains it; the others do not: as if it were not there"
    counted = {**holds(_other(7)), "counts": {DOMAIN: 1}}
    yield case(
        "in-unregistered-batch", note, counted, archived({}, [five.file, _other(7).file]),
        verdict="unknown", anchored="failed",
    )  # fmt: skip
    note = "one batch file under two names, the other batch is missing"
    two = {**counted, "counts": {DOMAIN: 2}}
    twice = archived({}, [_other(7).file, _other(7).file])
    yield case("batch-file-twice", note, two, twice, anchored="skipped")
    note = "every batch of one institution is at hand, none of another's"
    half = {**counted, "counts": {DOMAIN: 1, MALLORY: 1}}
    yield case("other-institution-missing", note, half, archived({}, [_other(7).file]), anchored="skipped")
    note = "asked about the batch that contains it, the registry gives no usable answer"
    pruned = {"roots": [], "counts": {}, "otherwise": as_json({"sentinel": ZERO})}
    yield case("silent-about-its-batch", note, pruned, whole, anchored="could not check")
    note = "nothing is counted anywhere: unknown without a batch file"
    yield case("no-batches", note, {"roots": [], "counts": {}}, {}, verdict="unknown", anchored="failed")


def _followed(five: Sample) -> Iterator[Case]:
    new = batch([sign(document("Ayesha A. Khan"), key())], [sheet("new")])
    h_old, h_new = five.envelopes[0].hash, new.envelopes[0].hash
    registry = both(holds(five, REVOKED, replacement=commitment(h_new)), holds(new))
    archive = archived({h_new: _moved(new.envelopes[0], index=3)})
    archive["replacements"] = {"0x" + h_old.hex(): "0x" + h_new.hex()}
    note = "the replacement is stored at a place that leads nowhere: it is followed all the same"
    yield Case("replacement-astray", note, "replaced", [registry], five.sealed(0), archive=archive, replacement=h_new)


def archived(stored: Mapping[bytes, bytes], files: list[BatchFile] | None = None) -> dict[str, Any]:
    """An archive with this under these hashes, and these batch files."""
    return {
        "stored_as": {"0x" + hash_.hex(): _b64(data) for hash_, data in stored.items()},
        "batch_files": [_b64(file.to_bytes()) for file in files or []],
    }


def _moved(envelope: Envelope, index: int) -> bytes:
    """The envelope with another index: its path leads to another root than it names."""
    return Envelope(envelope.credential, index, envelope.sheet, envelope.root, envelope.path).to_bytes()


def _rooted(envelope: Envelope, index: int, paper: bytes = b"another sheet") -> bytes:
    """The credential at a place of its own, which leads to its own root."""
    alone = batch([envelope.credential] * (index + 1), [paper] * (index + 1))
    return alone.envelopes[index].to_bytes()


def _in_name_of(domain: str, sample: Sample) -> BatchFile:
    return BatchFile(domain, sample.file.root, sample.file.body)


def _other(number: int) -> Sample:
    return batch([sign(document(f"{name} {number}"), key()) for name in NAMES[:2]], [b"", b""])


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
