"""A student's certificate as an Open Badges 3.0 `OpenBadgeCredential` (W3C Verifiable Credential 2.0).

`draft_credential` is pure: the same course, row and identity give the same credential on every machine. What it
writes is covered by the certificate hash, so its shape is final; `verifier.core.credential.read_fields` reads it.
"""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer.course.course import Course, CourseProblem
from issuer.credential.achievement import achievement, issuer_profile, professor_profile, result_description_id
from issuer.credential.identity import DraftIdentity
from issuer.errors import CourseError
from issuer.roster import Row
from issuer.text import utc
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from verifier.core.credential import FATHER_NAME, MASKED_NATIONAL_ID, STUDENT_NUMBER, issuer_domain
from verifier.core.data_integrity import JCS, RDFC, proof_hash_data
from verifier.core.dates import parse_timestamp
from verifier.core.domain import did_web
from verifier.core.linked_data import Canonicalise, canonical_quads
from verifier.core.multikey import ed25519_multikey, to_multibase

Node = dict[str, Any]


def draft_credential(course: Course, row: Row, identity: DraftIdentity) -> Node:
    """The unsigned credential of one student.

    Raises:
        CourseError: it would expire before it begins.
    """
    awarded = awarded_day(course, row, identity.drafted)
    credential: Node = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": f"urn:uuid:{identity.credential_id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer_profile(course),
        "name": course.title,
        "awardedDate": _start_of(course, awarded),
        **_validity(course, awarded, identity.drafted),
        "credentialSubject": _subject(course, row, identity),
        "credentialStatus": _status(course, identity),
    }
    return credential


def sign_credential(
    draft: Node,
    key: Ed25519PrivateKey,
    created: datetime,
    cryptosuite: str = RDFC,
    canonicalise: Canonicalise = canonical_quads,
) -> Node:
    """The credential with its Data Integrity proof by the institution's key.

    `created` is the proof's time (UTC, whole seconds are kept). `canonicalise` may be a quicker way to the same
    N-Quads, for batches (issuer.credential.quads_template).

    Raises:
        SignatureError: the draft holds something that the signature would not cover.
    """
    multikey = ed25519_multikey(key.public_key().public_bytes_raw())
    options: Node = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": _utc(created),
        "verificationMethod": f"{did_web(_domain(draft))}#{multikey}",
        "proofPurpose": "assertionMethod",
    }
    if cryptosuite == JCS:
        options["@context"] = draft["@context"]
    signature = key.sign(proof_hash_data(draft, options, canonicalise))
    return {**draft, "proof": {**options, "proofValue": to_multibase(signature)}}


def status_list_address(origin: str, domain: str, identifier: str) -> str:
    """Where an institution's status list is published, at a verifier's address; says nothing about a certificate."""
    return f"{origin}/status/{domain}/{identifier}"


def _domain(draft: Node) -> str:
    """The issuer's domain; status lists name their issuer as a plain string."""
    issuer = draft.get("issuer")
    return issuer_domain({"issuer": {"id": issuer}} if isinstance(issuer, str) else draft)


def _subject(course: Course, row: Row, identity: DraftIdentity) -> Node:
    results = _results(course, row)
    earned, term = row.credits or course.credits, row.term or course.term
    subject: Node = {
        "id": f"urn:uuid:{identity.subject_id}",
        "type": ["AchievementSubject"],
        "identifier": _identities(course, row, identity),
        "achievement": achievement(course, list(results)),
        "source": professor_profile(course),
    }
    if earned:
        subject["creditsEarned"] = earned
    if term:
        subject["term"] = term
    if results:
        subject["result"] = [_result(course, identity, result, value) for result, value in results.items()]
    return subject


def _identities(course: Course, row: Row, identity: DraftIdentity) -> list[Node]:
    """The schema allows these nodes no id; distinct types keep them apart in the graph."""
    include = course.include
    plain = {
        "name": row.name,
        STUDENT_NUMBER: row.student_number if include.student_number else None,
        FATHER_NAME: row.father_name if include.father_name else None,
        MASKED_NATIONAL_ID: row.masked_national_id if include.national_id else None,
    }
    found = [_identity(kind, value) for kind, value in plain.items() if value]
    if include.email and row.email:
        found.append(_email_identity(row.email, identity.email_salt))
    return found


def _identity(kind: str, value: str) -> Node:
    return {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}


def _email_identity(email: str, salt: str) -> Node:
    """Open Badges 3.0, IdentityHash: algorithm, `$`, hash of the address in lower case followed by the salt."""
    digest = hashlib.sha256((email.lower() + salt).encode()).hexdigest()
    return {**_identity("emailAddress", f"sha256${digest}"), "hashed": True, "salt": salt}


def _results(course: Course, row: Row) -> dict[str, str]:
    hours = row.hours or course.hours
    return {**({"grade": row.grade} if row.grade else {}), **({"hours": str(hours)} if hours else {})}


def _result(course: Course, identity: DraftIdentity, result: str, value: str) -> Node:
    return {
        "id": f"urn:uuid:{identity.credential_id}#{result}",
        "type": ["Result"],
        "resultDescription": result_description_id(course, result),
        "value": value,
    }


def _status(course: Course, identity: DraftIdentity) -> Node:
    """Bitstring Status List 1.0, section 2.1."""
    url = status_list_address(course.verifier.origin, course.institution.domain, identity.status_list)
    return {
        "id": f"{url}#{identity.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(identity.status_index),
        "statusListCredential": url,
    }


def _validity(course: Course, awarded: date, drafted: datetime) -> Node:
    """Valid from the drafting, or from the day of award where that is later; until the course's expiry."""
    begins = _utc(drafted)
    if parse_timestamp(_start_of(course, awarded)) > drafted:
        begins = _start_of(course, awarded)
    last = _last_day(course, awarded)
    if last is None:
        return {"validFrom": begins}
    ends = f"{last.isoformat()}T23:59:59{course.institution.utc_offset}"
    if parse_timestamp(ends) <= parse_timestamp(begins):
        raise CourseError((CourseProblem("expiry", last.isoformat(), "It ends before the certificate begins."),))
    return {"validFrom": begins, "validUntil": ends}


def _last_day(course: Course, awarded: date) -> date | None:
    if course.expiry.until is not None or course.expiry.years is None:
        return course.expiry.until
    year = awarded.year + course.expiry.years
    try:
        return awarded.replace(year=year)
    except ValueError:  # 29 February in a year without one
        return date(year, 2, 28)


def awarded_day(course: Course, row: Row, drafted: datetime) -> date:
    """The day of award: the roster's, else the day of drafting where the institution is."""
    return row.date or _local_day(course, drafted)


def _local_day(course: Course, moment: datetime) -> date:
    midnight = parse_timestamp(f"2000-01-01T00:00:00{course.institution.utc_offset}")
    return moment.astimezone(midnight.tzinfo).date()


def _start_of(course: Course, day: date) -> str:
    return f"{datetime.combine(day, time()).isoformat()}{course.institution.utc_offset}"


def _utc(moment: datetime) -> str:
    if moment.utcoffset() != timedelta(0):
        raise ValueError("the time must be UTC")
    return utc(moment)
