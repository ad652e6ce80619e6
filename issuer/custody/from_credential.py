"""A draft as its credential shows it: what the records of a certificate can be made from once they are lost.

A credential never has an e-mail address, and the row of the roster is counted from the first one. Where the course
shows no student number the student is known by what the certificate shows (issuer/batches/dispositions.py).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from issuer.batches.dispositions import person_of, person_shown
from issuer.credential.identity import STATUS_LIST_LENGTH, DraftIdentity
from issuer.publishing.status_credential import Address, parse_address
from issuer.records import Draft
from issuer.roster import Row
from verifier.core.credential import course_uuid, read_fields
from verifier.core.dates import parse_timestamp
from verifier.core.errors import SanadError
from verifier.core.status_list import PURPOSE, status_entry

_URN = "urn:uuid:"
_FIRST_ROW = 2
"""Of a roster: the heading is in the first."""
_INDEX = re.compile("0|[1-9][0-9]{0,5}")
Credential = Mapping[str, Any]


class NoDraftError(ValueError):
    """A credential that our issuing did not make; says why."""


def draft_of(credential: Credential, position: int) -> tuple[Draft, Address | None]:
    """The draft of a credential, and the status list that has its place (None where it names none).

    Raises:
        NoDraftError: it is not of the form that our issuing gives.
    """
    said, course = read_fields(credential), course_uuid(credential)
    if said.recipient is None or course is None:
        raise NoDraftError("it names no student, or no course")
    address, index = _place(credential)
    row = Row(
        number=position + _FIRST_ROW,
        name=said.recipient,
        student_number=said.student_number,
        father_name=said.father_name,
        masked_national_id=said.masked_national_id,
        grade=said.grade,
        credits=_credits(credential),
        hours=_number(said.hours),
        term=said.term,
        date=said.awarded,
    )
    subject = credential.get("credentialSubject")
    identity = DraftIdentity(
        credential_id=str(credential.get("id", "")).removeprefix(_URN),
        subject_id=str(subject.get("id", "") if isinstance(subject, dict) else "").removeprefix(_URN),
        status_list="" if address is None else address.identifier,
        status_index=-1 if index is None else index,
        email_salt=_salt(subject),
        drafted=_drafted(credential),
    )
    person = person_of(row) if row.student_number else person_shown(row, identity.credential_id)
    return Draft(position, f"{_URN}{course}", person, identity, row), address


def _place(credential: Credential) -> tuple[Address | None, int | None]:
    try:
        entry = status_entry(dict(credential))
    except SanadError:
        return None, None
    address, index = parse_address(entry.get("statusListCredential")), entry.get("statusListIndex")
    sound = isinstance(index, str) and _INDEX.fullmatch(index) and int(index) < STATUS_LIST_LENGTH
    if address is None or not sound or entry.get("statusPurpose") != PURPOSE:
        return None, None
    return address, int(str(index))


def _credits(credential: Credential) -> int | float | None:
    subject = credential.get("credentialSubject")
    value = subject.get("creditsEarned") if isinstance(subject, dict) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(text: str | None) -> int | float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return None if value is None else int(value) if value.is_integer() else value


def _salt(subject: object) -> str:
    entries = subject.get("identifier") if isinstance(subject, dict) else None
    for each in entries if isinstance(entries, list) else ():
        if isinstance(each, dict) and each.get("identityType") == "emailAddress" and isinstance(each.get("salt"), str):
            return str(each["salt"])
    return ""


def _drafted(credential: Credential) -> datetime:
    """The moment of signing, which is that of drafting."""
    proof = credential.get("proof")
    created = proof.get("created") if isinstance(proof, dict) else None
    try:
        return parse_timestamp(str(created)).astimezone(UTC).replace(microsecond=0)
    except SanadError:
        raise NoDraftError("its signature has no time") from None
