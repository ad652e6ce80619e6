"""Vectors of step 11: student's certificate ← educator's certificate ← the institution that certified the educator."""

import base64
from collections.abc import Iterator
from typing import Any

from tests.vectors.samples import DOMAIN, Sample, batch, class_of_five, document, key, sign
from tests.vectors.verdicts import REVOKED, WITHDRAWN, Case, both, holds
from verifier.core.envelope import Envelope
from verifier.core.hashes import commitment, institution_id, sha256

ACADEMY = "academy.example"
_NAMED = {"certifier": institution_id(ACADEMY), "certifier_domain": ACADEMY, "certifier_name": "Example Academy"}


def cases() -> Iterator[Case]:
    """Each state of each link; none of them changes the student's verdict."""
    students, educator = class_of_five(), _educator()
    stored = _archive(students, educator)

    def case(name: str, note: str, states: tuple[str, str] | None, answer: dict[str, Any] | None = None) -> Case:
        """A good student's certificate, and what the registry answers about the educator's own."""
        registry = both(_students(students, educator), holds(educator, answer, ACADEMY))
        return _case(name, note, [registry], students, states, stored)

    yield case("educator-valid", "the educator's own certificate is valid", ("passed", "passed"))
    note = "a later revocation of the educator's certificate is shown and voids nothing"
    yield case("educator-revoked", note, ("note", "passed"), REVOKED)
    replaced = REVOKED | {"replacement": sha256(b"newer")}
    yield case("educator-replaced", "the educator has a newer certificate", ("note", "passed"), replaced)
    yield case("educator-withdrawn", "the educator's batch is withdrawn", ("failed", "passed"), WITHDRAWN)
    yield case("educator-not-final", "registered a moment ago", ("note", "passed"), {"finalized_time": 1})
    yield case("certifier-suspended", "what it certified before stands", ("passed", "note"), {"suspended": True})
    yield from _missing(students, educator)
    yield from _false(students)
    yield from _not_walked(students, educator)


def _missing(students: Sample, educator: Sample) -> Iterator[Case]:
    known = [both(_students(students, educator), holds(educator, domain=ACADEMY))]
    note, states = "the archive does not say which certificate it is", ("could not check", "passed")
    yield _case("educator-not-said", note, known, students, states, {})
    note = "the archive says which, and does not have it"
    yield _case("educator-not-stored", note, known, students, states, _archive(students, educator) | {"envelopes": []})
    stored = educator.envelopes[0]
    astray = Envelope(stored.credential, 3, stored.sheet, stored.root, stored.path).to_bytes()
    archive = _archive(students, educator) | {
        "envelopes": [base64.b64encode(astray).decode()],
        "batch_files": [base64.b64encode(educator.file.to_bytes()).decode()],
    }
    note = "the educator's certificate is stored at a place that leads nowhere; its batch file gives the right one"
    yield _case("educator-astray", note, known, students, ("passed", "passed"), archive)
    note = "the same without the batch file: it could not be checked"
    yield _case("educator-nowhere", note, known, students, states, archive | {"batch_files": []})
    other = _educator("Another Educator")
    note = "the archive names another certificate than the registry does: not followed"
    yield _case("educator-archive-lies", note, known, students, states, _archive(students, other))
    note = "the same where that other certificate is valid"
    valid = [both(known[0], holds(other, domain=ACADEMY))]
    yield _case("educator-archive-lies-well", note, valid, students, states, _archive(students, other))
    note, states = "no registry has the educator's certificate", ("failed", "passed")
    alone = [_students(students, educator)]
    yield _case("educator-unknown", note, alone, students, states, _archive(students, educator))


def _false(students: Sample) -> Iterator[Case]:
    note = "an educator's certificate of another institution than the one that certified the key"
    foreign = _educator(domain="mallory.example")
    registry = both(_students(students, foreign), holds(foreign, domain="mallory.example"))
    yield _case("educator-foreign", note, [registry], students, ("failed", "passed"), _archive(students, foreign))
    note = "the certifier's domain and id do not belong together: the answer is not believed"
    registry = holds(students, {**_NAMED, "certifier": institution_id(DOMAIN), "educator_commitment": sha256(b"x")})
    yield Case("certifier-contradicts", note, "unavailable", [registry], students.sealed(1))


def _not_walked(students: Sample, educator: Sample) -> Iterator[Case]:
    note = "what stands behind the educator's own certificate is not walked: two links, no more"
    further = holds(educator, {**_NAMED, "educator_commitment": commitment(students.envelopes[0].hash)}, ACADEMY)
    archive = _archive(students, educator)
    archive["educators"][f"{ACADEMY} 0x{educator.file.root.hex()}"] = "0x" + students.envelopes[0].hash.hex()
    registries = [both(_students(students, educator), further)]
    yield _case("educator-of-an-educator", note, registries, students, ("passed", "passed"), archive)
    note = "revoked: the walk is shown all the same"
    revoked = both(_students(students, educator, **REVOKED), holds(educator, domain=ACADEMY))
    walk = (("educator", "passed"), ("certifier", "passed"))
    yield Case(
        "educator-student-revoked", note, "revoked", [revoked], students.sealed(1),
        archive=_archive(students, educator), walk=walk,
    )  # fmt: skip


def _case(
    name: str,
    note: str,
    registries: list[dict[str, Any]],
    students: Sample,
    states: tuple[str, str] | None,
    archive: dict[str, Any],
) -> Case:
    walk = tuple(zip(("educator", "certifier"), states or (), strict=False))
    return Case(name, note, "valid", registries, students.sealed(1), archive=archive, walk=walk)


def _students(students: Sample, educator: Sample, **more: Any) -> dict[str, Any]:
    return holds(students, {**_NAMED, "educator_commitment": commitment(educator.envelopes[0].hash)}, **more)


def _archive(students: Sample, educator: Sample) -> dict[str, Any]:
    envelope = educator.envelopes[0]
    return {
        "envelopes": [base64.b64encode(envelope.to_bytes()).decode()],
        "educators": {f"{DOMAIN} 0x{students.file.root.hex()}": "0x" + envelope.hash.hex()},
    }


def _educator(name: str = "Dr. Bilal Ahmed", domain: str = ACADEMY) -> Sample:
    return batch([sign(document(name, domain), key(domain), domain)], [b""], domain)
