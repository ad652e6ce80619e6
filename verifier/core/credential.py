"""What a credential says, read tolerantly for people (Open Badges 3.0, Verifiable Credentials 2.0).

The issuer writes these fields (issuer/credential/credential.py); other issuers' credentials are read as far as they
use the same fields. Nothing here judges: a missing value is None.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from verifier.core.canonical import Json
from verifier.core.dates import Instant, parse_instant, parse_timestamp
from verifier.core.domain import did_web, is_domain
from verifier.core.errors import CredentialError

STUDENT_NUMBER = "ext:studentNumber"
FATHER_NAME = "ext:fatherName"
MASKED_NATIONAL_ID = "ext:maskedNationalId"
CONTACT_HOURS = "ext:ContactHours"

_COURSE = re.compile("urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Validity(NamedTuple):
    """The period for which the credential says that it is valid; None where it does not say."""

    valid_from: Instant | None
    valid_until: Instant | None


@dataclass(frozen=True)
class CertificateFields:
    """What the verdict's page and the sheet show, taken directly from the credential."""

    credential_id: str | None
    recipient: str | None
    father_name: str | None
    student_number: str | None
    masked_national_id: str | None
    email_hashed: bool
    """Whether the credential contains a hash of the recipient's e-mail address."""
    course: str | None
    course_urdu: str | None
    course_code: str | None
    course_description: str | None
    language: str | None
    criteria: str | None
    grade: str | None
    credits: str | None
    hours: str | None
    term: str | None
    institution: str | None
    """The name that the issuer writes; only the name in the registry is confirmed."""
    institution_urdu: str | None
    institution_url: str | None
    programme: str | None
    professor: str | None
    professor_title: str | None
    awarded: date | None
    """The day of award where it was awarded (in the timestamp's own offset)."""
    valid_from: datetime | None
    valid_until: datetime | None
    skills: str | None = None
    """What the course leads to: the names of its alignments."""


def issuer_domain(credential: Mapping[str, Json]) -> str:
    """The domain of the issuing institution: `issuer.id` is exactly `did:web:` and a valid domain (SPEC.md section 10).

    Raises:
        CredentialError: it is not.
    """
    issuer = credential.get("issuer")
    if not isinstance(issuer, dict):
        raise CredentialError("The credential's issuer is not an object with an id.")
    identifier = issuer.get("id")
    domain = identifier.removeprefix("did:web:") if isinstance(identifier, str) else ""
    if not is_domain(domain) or identifier != did_web(domain):
        raise CredentialError(
            "The credential's issuer {issuer} is not did:web: and a domain in lower case.", issuer=repr(identifier)
        )
    return domain


def course_uuid(credential: Mapping[str, Json]) -> str | None:
    """The permanent identifier of the course, the UUID of the achievement's `urn:uuid:`; None where it has none."""
    achievement = _first_object(_first_object(credential.get("credentialSubject")).get("achievement"))
    found = _COURSE.fullmatch(_text(achievement.get("id")) or "")
    return found[1] if found else None


def validity(credential: Mapping[str, Json]) -> Validity:
    """The credential's `validFrom` and `validUntil`, exactly.

    Raises:
        CredentialError: one of them is present and not a dateTimeStamp (SPEC.md section 16); null is none.
    """
    return Validity(_instant(credential, "validFrom"), _instant(credential, "validUntil"))


def read_fields(credential: Mapping[str, Json]) -> CertificateFields:
    """What a credential says, for people; never raises, None for what is missing or unreadable."""
    subject = _first_object(credential.get("credentialSubject"))
    achievement = _first_object(subject.get("achievement"))
    issuer = _first_object(credential.get("issuer"))
    professor = _first_object(subject.get("source"))
    identifiers = _identifiers(subject)
    grade, hours = _results(subject, achievement)
    return CertificateFields(
        credential_id=_text(credential.get("id")),
        recipient=identifiers.get("name") or _text(subject.get("name")),
        father_name=identifiers.get(FATHER_NAME),
        student_number=identifiers.get(STUDENT_NUMBER),
        masked_national_id=identifiers.get(MASKED_NATIONAL_ID),
        email_hashed=_has_hashed_email(subject),
        course=_text(achievement.get("name")),
        course_urdu=_edition(achievement, "ur"),
        course_code=_text(achievement.get("humanCode")),
        course_description=_text(achievement.get("description")),
        language=_text(achievement.get("inLanguage")),
        criteria=_text(_first_object(achievement.get("criteria")).get("narrative")),
        grade=grade,
        credits=_number(subject.get("creditsEarned")) or _number(achievement.get("creditsAvailable")),
        hours=hours,
        term=_text(subject.get("term")),
        institution=_text(issuer.get("name")),
        institution_urdu=_other_name(issuer),
        institution_url=_text(issuer.get("url")),
        programme=_text(_first_object(achievement.get("creator")).get("name")),
        professor=_text(professor.get("name")),
        professor_title=_text(professor.get("description")),
        awarded=_awarded(credential),
        valid_from=_tolerant_moment(credential, "validFrom"),
        valid_until=_tolerant_moment(credential, "validUntil"),
        skills=_aligned(achievement),
    )


def _aligned(achievement: Mapping[str, Json]) -> str | None:
    names = (_text(each.get("targetName")) for each in _objects(achievement.get("alignment")))
    return "; ".join(name for name in names if name) or None


def _instant(credential: Mapping[str, Json], key: str) -> Instant | None:
    if key not in credential:
        return None
    value = credential[key]
    if not isinstance(value, str):  # null too: a value that is not a date is not the same as no value
        raise CredentialError("The credential's {key} is not a text.", key=key)
    try:
        return parse_instant(value)
    except CredentialError as error:
        raise CredentialError("The credential's {key}: {reason}", key=key, reason=error.sentence) from None


def _tolerant_moment(credential: Mapping[str, Json], key: str) -> datetime | None:
    value = credential.get(key)
    try:
        return parse_timestamp(value) if isinstance(value, str) else None
    except CredentialError:
        return None


def _awarded(credential: Mapping[str, Json]) -> date | None:
    moment = _tolerant_moment(credential, "awardedDate") or _tolerant_moment(credential, "validFrom")
    return moment.date() if moment else None


def _identifiers(subject: Mapping[str, Json]) -> dict[str, str]:
    """The subject's readable identities by type; hashed ones mean nothing to people."""
    found: dict[str, str] = {}
    for item in _objects(subject.get("identifier")):
        kind, value = _text(item.get("identityType")), _text(item.get("identityHash"))
        if kind and value and item.get("hashed") is False:
            found.setdefault(kind, value)
    return found


def _has_hashed_email(subject: Mapping[str, Json]) -> bool:
    return any(
        item.get("identityType") == "emailAddress" and item.get("hashed") is True
        for item in _objects(subject.get("identifier"))
    )


def _results(subject: Mapping[str, Json], achievement: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """The grade (the first result that is not hours) and the contact hours."""
    kinds = {
        _text(item.get("id")): _text(item.get("resultType")) for item in _objects(achievement.get("resultDescription"))
    }
    grade = hours = None
    for result in _objects(subject.get("result")):
        value = _text(result.get("value")) or _text(result.get("status"))
        if kinds.get(_text(result.get("resultDescription"))) == CONTACT_HOURS:
            hours = hours or value
        else:
            grade = grade or value
    return grade, hours


def _edition(achievement: Mapping[str, Json], language: str) -> str | None:
    """The title of the same course in another language (Open Badges 3.0 `related`)."""
    for item in _objects(achievement.get("related")):
        if item.get("inLanguage") == language:
            return _text(item.get("name"))
    return None


def _other_name(profile: Mapping[str, Json]) -> str | None:
    for item in _objects(profile.get("otherIdentifier")):
        if item.get("identifierType") == "name":
            return _text(item.get("identifier"))
    return None


def _text(value: Json) -> str | None:
    """A string, or the English (else the first) of a language map; None for nothing."""
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    elif isinstance(value, dict):
        value = value.get("en", next(iter(value.values()), None))
    return value if isinstance(value, str) and value else None


def _number(value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if float(value).is_integer() else str(value)


def _objects(value: Json) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _first_object(value: Json) -> dict[str, Any]:
    return next(_objects(value), {})
