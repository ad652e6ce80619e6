"""A certificate that the records or the archive hold: whose it is, of which course, in which batch."""

from dataclasses import dataclass
from datetime import date

from issuer.errors import UnknownCertificateError
from issuer.office.office import Office
from issuer.roster.row_checks import same_name
from verifier.core.credential import course_uuid, issuer_domain, read_fields
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import SanadError


@dataclass(frozen=True)
class KnownCertificate:
    """What people are shown of a certificate before it is acted on, and where it is registered."""

    hash: bytes
    domain: str
    root: bytes
    name: str
    course: str
    day: str
    """Of award, else of drafting; YYYY-MM-DD."""
    student_number: str | None = None
    national_id: str | None = None
    course_id: str | None = None

    def __str__(self) -> str:
        number = f" ({self.student_number})" if self.student_number else ""
        return f"{self.name}{number}: {self.course}, {self.day}"

    def is_of_same_student(self, other: "KnownCertificate") -> bool:
        """By the student number where both have one, else by the identity number, else by the name."""
        for mine, theirs in ((self.student_number, other.student_number), (self.national_id, other.national_id)):
            if mine and theirs:
                return mine.casefold() == theirs.casefold()
        return same_name(self.name) == same_name(other.name)

    def is_of_same_course(self, other: "KnownCertificate") -> bool:
        """By the course's permanent identifier where both have one, else by its name."""
        if self.course_id and other.course_id:
            return self.course_id == other.course_id
        return self.course.casefold() == other.course.casefold()


def known_certificate(office: Office, hash_: bytes) -> KnownCertificate:
    """The certificate with the hash `H`, from the archive's envelope, else from the records.

    Raises:
        UnknownCertificateError: neither holds it; what is acted on blindly is a typing mistake.
    """
    envelope = published_envelope(office, hash_)
    found = _recorded(office, hash_) if envelope is None else _of(envelope)
    if found is None:
        raise UnknownCertificateError(
            f"Neither the records nor the archive hold the certificate {hash_.hex()}. Compare the hash with the sheet."
        )
    return found


def published_envelope(office: Office, hash_: bytes) -> Envelope | None:
    """The envelope that the archive holds of it, if it is sound and of an institution."""
    data = office.settings.verifier().archive.envelope(hash_)
    try:
        envelope = parse_envelope(data or b"")
        issuer_domain(envelope.credential)
    except SanadError:
        return None
    return envelope if envelope.hash == hash_ else None


def _of(envelope: Envelope) -> KnownCertificate:
    said = read_fields(envelope.credential)
    return KnownCertificate(
        envelope.hash,
        issuer_domain(envelope.credential),
        envelope.root,
        said.recipient or "no name",
        said.course or "no course",
        _day(said.awarded),
        said.student_number,
        said.masked_national_id,
        course_uuid(envelope.credential),
    )


def _recorded(office: Office, hash_: bytes) -> KnownCertificate | None:
    with office.records() as store:
        batch = None if store is None else store.batch_of(hash_)
        draft = None if store is None else store.draft_of(hash_)
    if batch is None or draft is None or batch.root is None:
        return None
    row, course = draft.row, draft.achievement.removeprefix("urn:uuid:")
    numbers = (row.student_number, row.masked_national_id, course)
    return KnownCertificate(hash_, batch.domain, batch.root, row.name, batch.course, batch.drafted[:10], *numbers)


def _day(awarded: date | None) -> str:
    return "no date" if awarded is None else awarded.isoformat()
