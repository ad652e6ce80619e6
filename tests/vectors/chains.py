"""Vectors of SPEC.md section 11 about several: registries, replacements one after another, educators of one's own."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.vectors.samples import DOMAIN, Sample, batch, class_of_five, document, key, sheet, sign
from tests.vectors.verdicts import NOW, REVOKED, Case, holds
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.canonical import canonical
from verifier.core.hashes import ZERO, certificate_hash, commitment, institution_id, sha256
from verifier.core.limits import LIMITS

_OWN = {"certifier": institution_id(DOMAIN), "certifier_domain": DOMAIN, "certifier_name": "Example University"}


@dataclass(frozen=True)
class Spoken(Case):
    """A case that also says whose word the verdict is."""

    speaks: int = 1
    """Which registry, counted from 1 in the order of `registries`: `registry` in the vector."""

    def data(self) -> dict[str, Any]:
        """The case as JSON."""
        return super().data() | {"registry": self.speaks}


def cases() -> Iterator[Case]:
    """What several registries, several replacements and a university's own educators lead to."""
    yield from _registries(class_of_five())
    yield from _replaced_often()
    yield from _own_educators(class_of_five())
    yield from _batch_files(class_of_five())


def _registries(five: Sample) -> Iterator[Case]:
    pdf, none = five.sealed(2), {"roots": []}
    good = holds(five)
    standings: dict[str, Mapping[str, Any]] = {
        "revoked": holds(five, REVOKED),
        "replaced": holds(five, REVOKED, replacement=commitment(five.envelopes[0].hash)),
        "untrusted": holds(five, withdrawn_at=NOW - 9, good=False),
        "pending": holds(five, finalized_time=1),
    }
    names = list(standings)
    for place, name in enumerate(names):
        note = f"{name} by the second, good by the first: the worse counts, and the second speaks"
        yield Spoken(f"several-good-{name}", note, name, [good, standings[name]], pdf, speaks=2)
        for other in names[place + 1 :]:
            note = f"{other} by the first, {name} by the second: {name} counts"
            yield Spoken(f"several-{other}-{name}", note, name, [standings[other], standings[name]], pdf, speaks=2)
    nobody = {"accredited": False, "institution_name": "", "signer_authorised": False}
    note = "a record of an institution that is not accredited and has no name: no registry says so"
    yield Case("answer-record-of-nobody", note, "unavailable", [holds(five, nobody)], pdf)
    note = "of two that say the same the first in the settings speaks"
    yield Spoken("several-equal-good", note, "valid", [none, good, good], pdf, speaks=2)
    alike = [standings["untrusted"], holds(five, counts=False, distrusted_since=1, good=False)]
    yield Spoken("several-equal-untrusted", "untrusted for two reasons: " + note, "untrusted", alike, pdf)


def _replaced_often() -> Iterator[Case]:
    count = LIMITS.replacement_steps + 2
    chain = [batch([sign(document(f"Ayesha Khan {n}"), key())], [sheet(f"Ayesha Khan {n}")]) for n in range(count)]
    hashes = [sample.envelopes[0].hash for sample in chain]
    pdf = chain[0].sealed(0)

    def case(name: str, note: str, following: Sequence[int], newest: int) -> Case:
        """`following[n]` is the certificate that replaces certificate n."""
        archive = {
            "envelopes": [base64.b64encode(sample.envelopes[0].to_bytes()).decode() for sample in chain],
            "replacements": {_hex(hashes[n]): _hex(hashes[next_]) for n, next_ in enumerate(following)},
        }
        held = [
            holds(chain[n], REVOKED, replacement=commitment(hashes[next_])) for n, next_ in enumerate(following)
        ] + [holds(sample) for sample in chain[len(following) :]]
        registry = {"roots": [root for one in held for root in one["roots"]]}
        return Case(name, note, "replaced", [registry], pdf, archive=archive, replacement=hashes[newest])

    steps = LIMITS.replacement_steps
    yield case("replacement-of-eight", "eight steps are followed", range(1, steps + 1), steps)
    note = "the ninth step is not taken: the eighth is the newest that is named"
    yield case("replacement-of-nine", note, range(1, steps + 2), steps)
    note = "the third is replaced by the second: it stops before the repeat"
    yield case("replacement-back", note, [1, 2, 1], 2)
    note = "the second says that it replaces itself: it stops there"
    yield case("replacement-itself", note, [1, 1], 1)


def _own_educators(five: Sample) -> Iterator[Case]:
    educator = batch([sign(document("Dr. Bilal Ahmed"), key())], [b""])
    passed = (("educator", "passed"), ("certifier", "passed"))

    def case(
        name: str, note: str, certificate: Sample, students: Sample, walk: Sequence[tuple[str, str]], **more: Any
    ) -> Case:
        own = certificate.envelopes[0]
        registry = holds(students, {**_OWN, "educator_commitment": own.commitment, **more})
        if certificate is not students:
            registry = {"roots": [*registry["roots"], *holds(certificate, more)["roots"]]}
        archive = {
            "envelopes": [base64.b64encode(own.to_bytes()).decode()],
            "educators": {f"{DOMAIN} {_hex(students.file.root)}": _hex(own.hash)},
        }
        file = students.envelopes[0].to_bytes()
        return Case(name, note, "valid", [registry], file, archive=archive, walk=walk)

    yield case("educator-of-ones-own", "a university that certifies its own educator", educator, five, passed)
    note = "the educator's key registered the educator's own certificate: two links, no more"
    yield case("educator-by-himself", note, educator, educator, passed)
    note = "a student's certificate of the same batch serves as the educator's"
    yield case("educator-of-the-class", note, five, five, passed)
    other = batch([sign(document("Dr. Sana Malik"), key())], [b""])
    lie = case("", "", other, five, ())
    note, unchecked = "the archive names a valid certificate, and not the registry's one", "could not check"
    named = holds(five, {**_OWN, "educator_commitment": educator.envelopes[0].commitment})
    registry = {"roots": [*named["roots"], *holds(educator)["roots"], *holds(other)["roots"]]}
    links = (("educator", unchecked), ("certifier", "passed"))
    yield Case("educator-other", note, "valid", [registry], lie.file, archive=lie.archive, walk=links)
    expired, undated = (
        batch([sign(document("Dr. Bilal Ahmed", validUntil=until), key())], [b""])
        for until in ("2026-07-01T00:00:00Z", "2026-07-01")
    )
    note = "the educator's own certificate has expired"
    yield case("educator-expired", note, expired, five, (("educator", "note"), ("certifier", "passed")))
    note = "the dates of the educator's own certificate cannot be read"
    yield case("educator-undated", note, undated, five, (("educator", unchecked), ("certifier", "passed")))
    note += ", and the institution is suspended now: could not check comes before a note"
    links = (("educator", unchecked), ("certifier", "note"))
    yield case("educator-undated-suspended", note, undated, five, links, suspended=True)


def _batch_files(five: Sample) -> Iterator[Case]:
    """Batch files that seem to contain a certificate and do not: the answer is as without them."""
    lost = sign(document("Somebody"), key())
    wanted = commitment(certificate_hash(lost))
    text = canonical(lost)

    def case(name: str, note: str, files: Sequence[BatchFile]) -> Case:
        registered = [file for file in files if file.size > 1]
        held = [
            holds(Sample(five.envelopes[: file.size], five.sheets[: file.size], file))["roots"][0]
            for file in registered
        ]
        registry = {"roots": held, "counts": {DOMAIN: len(registered)}}
        archive = {"batch_files": [base64.b64encode(file.to_bytes()).decode() for file in files]}
        return Case(name, note, "unknown", [registry], text, archive=archive)

    note = "a batch file that has the commitment and does not lead to its root"
    yield case("batch-file-astray", note, [five.file, BatchFile(DOMAIN, sha256(b"astray"), wanted + ZERO)])
    halves = [(sha256(b"1"), sha256(b"2")[:16] + wanted[:16]), (wanted[16:] + sha256(b"3")[:16], ZERO)]
    body = b"".join(one + two for one, two in halves)
    note = "the commitment's bytes lie across two records: it is not in the batch"
    yield case("batch-file-across", note, [five.file, BatchFile(DOMAIN, tree_of(halves).root, body)])


def _hex(value: bytes) -> str:
    return "0x" + value.hex()
