"""Which certificate is meant, wherever one is asked for: by a file, a link, a hash, a code, a name or a number.

What is known of it comes from the records where they have it, else from the archive's envelope, else from the file
itself. Nothing is judged here; and where several are meant, none is chosen.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from issuer.batches.filenames import file_stem
from issuer.course.course import Course
from issuer.course.kept_course import kept_course
from issuer.credential.credential import awarded_day
from issuer.errors import (
    AlteredFileError,
    CourseError,
    ErasedCertificateError,
    NamingError,
    SeveralCertificatesError,
    UnknownCertificateError,
)
from issuer.office.matching import having_number, matching
from issuer.office.records_place import Place
from issuer.records import Batch, BatchState, Delivery, Kept, Records, open_issuing
from issuer.roster.row_checks import same_name
from issuer.text import folded
from verifier.archive_folder import FolderArchive
from verifier.core.codes import ShortCode, link, parse_code, short_code
from verifier.core.credential import course_uuid, issuer_domain, read_fields
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import CodeError, MistypedCodeError, SanadError
from verifier.core.hashes import certificate_hash
from verifier.core.limits import LIMITS
from verifier.core.pasted import read_pasted
from verifier.core.reading import Reading, read_file
from verifier.plain_file import read_plain

FILE_KINDS = (".pdf", ".json", ".png", ".svg")


class Source(StrEnum):
    """Where what is known of a certificate comes from."""

    RECORDS = "records"
    ARCHIVE = "archive"
    FILE = "file"
    """Neither records nor archive have it: the file that was given says all this of itself."""


@dataclass(frozen=True)
class Meant:
    """A certificate that somebody named."""

    hash: bytes
    source: Source
    name: str | None
    course: str | None
    awarded: date | None
    domain: str | None
    student_number: str | None = None
    father_name: str | None = None
    email: str | None = None
    """From the roster; credentials carry a hash of it at most."""
    national_id: str | None = None
    """Masked: its last four digits."""
    course_id: str | None = None
    """The course's permanent identifier, a UUID."""
    root: bytes | None = None
    """Of its batch."""
    index: int | None = None
    """Its position in the batch, from 0."""
    batch: str | None = None
    """The batch's id in the records."""
    state: BatchState | None = None
    """The state of that batch."""
    row: int | None = None
    """Its row in the roster."""
    link: str | None = None
    file: Path | None = None
    """The delivered PDF, whether it still is there or not."""
    letter: Delivery | None = None

    @property
    def short_code(self) -> str:
        """`XXXX-XXXX-XXXX`."""
        return short_code(self.hash)

    @property
    def is_issued(self) -> bool:
        """Whether records or archive hold it, with an institution and a batch to act on."""
        return self.source is not Source.FILE and self.domain is not None and self.root is not None

    def is_of_same_student(self, other: "Meant") -> bool:
        """By the student number where both have one, else by the identity number, else by the name."""
        for mine, theirs in ((self.student_number, other.student_number), (self.national_id, other.national_id)):
            if mine and theirs:
                return mine.casefold() == theirs.casefold()
        return same_name(self.name or "") == same_name(other.name or "")

    def is_of_same_course(self, other: "Meant") -> bool:
        """By the course's permanent identifier where both have one, else by its name."""
        if self.course_id and other.course_id:
            return self.course_id == other.course_id
        return (self.course or "").casefold() == (other.course or "").casefold()

    def __str__(self) -> str:
        """One line by which people tell certificates apart."""
        who = f"{self.name or 'no name'}" + (f" ({self.student_number})" if self.student_number else "")
        return ", ".join([who, self.course or "no course", str(self.awarded or "no date"), self.short_code])


def certificates_meant(
    place: Place, texts: Sequence[str] = (), name: str | None = None, number: str | None = None
) -> tuple[Meant, ...]:
    """The certificates that texts name, one for each, and the one that name and student number do.

    Raises:
        NamingError: nothing is named, or one of these names no certificate, several, or a file that was altered.
        UnknownCertificateError: neither records nor archive hold it.
        StoreError: the records cannot be read.
    """
    if not texts and name is None and number is None:
        raise NamingError("Which certificate? Give its PDF, link, hash or short code, or --name or --number.")
    store = open_issuing(place.records)
    if store is None:
        return _all_meant(Certificates(None, place), texts, name, number)
    with closing(store):
        return _all_meant(Certificates(store, place), texts, name, number)


def certificate_meant(
    place: Place, text: str | None, name: str | None = None, number: str | None = None, but: bytes | None = None
) -> Meant:
    """The one certificate that is named in exactly one of these ways. Errors as `certificates_meant`.

    Args:
        but: `H` of one that name and number do not mean.
    """
    if text is not None and (name is not None or number is not None):
        raise NamingError("Name the certificate once: by its file, link, hash or code, or by --name and --number.")
    try:
        return certificates_meant(place, [] if text is None else [text], name, number)[0]
    except SeveralCertificatesError as error:
        left: list[Meant] = [each for each in error.found if each.hash != but]
        if text is not None or len(left) != 1:
            raise
        return left[0]


def _all_meant(
    certificates: "Certificates", texts: Sequence[str], name: str | None, number: str | None
) -> tuple[Meant, ...]:
    found = [certificates.named(text) for text in texts]
    if name is not None or number is not None:
        found.append(certificates.called(name, number))
    return tuple(found)


class Certificates:
    """Certificates of an installation, by whatever names them.

    Args:
        store: its records; None where there are none.
        place: where its archive and files are.
    """

    def __init__(self, store: Records | None, place: Place) -> None:
        self._store, self._place = store, place
        self._archive = None if place.archive is None else FolderArchive(place.archive)
        self._batches: dict[str, Batch] = {}
        self._days = AwardDays(place.data)

    def named(self, text: str) -> Meant:
        """The certificate that a file's path, a link, a hash or a short code names. Errors as `certificates_meant`."""
        path = Path(text)
        if _is_file(path):
            return self._in_file(path)
        if text.lower().endswith(FILE_KINDS) and not text.lower().startswith(("http://", "https://")):
            raise NamingError(f"There is no file {text}.")
        code = _code(text)
        return self.hashed(code) if isinstance(code, bytes) else self._coded(code)

    def called(self, name: str | None, number: str | None) -> Meant:
        """The one certificate in the records with this (part of a) name and this student number."""
        said = {"--name": name, "--number": number}
        what = " ".join(f"{option} {value!r}" for option, value in said.items() if value is not None)
        if self._store is None:
            raise UnknownCertificateError(f"There are no records yet, so {what} names nobody: {self._place.records}.")
        found = self._store.certificates.at(self._store.certificates.places(matching(name, number)))
        meant = [self.of(kept) for kept in found if kept.hash is not None]
        if found and not meant:
            raise NamingError(f"{what} names a certificate that is not made yet. Type: sanad resume")
        if not meant:
            raise UnknownCertificateError(
                f"The records {self._place.records} have no certificate for {what}. Try fewer words, or type: sanad "
                "find WORD."
            )
        return _only(meant, what)

    def numbered(self, numbers: Collection[str]) -> dict[str, list[Meant]]:
        """The certificates in the records with each of these student numbers, the oldest first, found in one search."""
        wanted = {folded(number).strip(): number for number in numbers}
        found: dict[str, list[Meant]] = {number: [] for number in numbers}
        if self._store is None or not wanted:
            return found
        places = self._store.certificates.places(having_number(wanted))
        for kept in self._store.certificates.at(places):
            if kept.hash is not None:
                found[wanted[folded(kept.draft.row.student_number or "").strip()]].append(self.of(kept))
        return found

    def hashed(self, hash_: bytes) -> Meant:
        """The certificate `H`, from the records, else from the archive."""
        kept = [] if self._store is None else self._store.certificates.beginning(hash_.hex())
        if kept:
            return self.of(kept[0])
        envelope = self._published(hash_)
        if envelope is not None:
            return self._enveloped(envelope, Source.ARCHIVE)
        if self._archive is not None and (day := self._archive.erased(hash_)) is not None:
            raise ErasedCertificateError(f"The certificate {short_code(hash_)} was erased on {day}.", hash_)
        raise UnknownCertificateError(f"{self._nowhere(hash_.hex())} Compare the hash with the sheet.", hash_)

    def of(self, kept: Kept) -> Meant:
        """What the records say of a built certificate."""
        assert kept.hash is not None
        batch, row = self._batch(kept.batch), kept.draft.row
        stem = file_stem(kept.draft.position, batch.size, row.name)
        return Meant(
            hash=kept.hash,
            source=Source.RECORDS,
            name=row.name,
            course=batch.course,
            awarded=self._days.of(kept),
            domain=batch.domain,
            student_number=row.student_number,
            father_name=row.father_name,
            email=row.email,
            national_id=row.masked_national_id,
            course_id=kept.draft.achievement.removeprefix("urn:uuid:"),
            root=batch.root,
            index=kept.draft.position,
            batch=batch.id,
            state=batch.state,
            row=row.number,
            link=link(batch.origin, kept.hash),
            file=Path(batch.out) / f"{stem}.pdf" if batch.state is BatchState.DELIVERED else None,
            letter=kept.letter,
        )

    def _batch(self, id_: str) -> Batch:
        if not self._batches:
            assert self._store is not None
            self._batches = {batch.id: batch for batch in self._store.batches()}
        return self._batches[id_]

    def _coded(self, code: ShortCode) -> Meant:
        kept = [] if self._store is None else self._store.certificates.beginning(code.hex_prefix)
        found = {each.hash: self.of(each) for each in kept if each.hash is not None and code.matches(each.hash)}
        for hash_ in () if self._archive is None else self._archive.hashes(code.hex_prefix):
            if code.matches(hash_) and hash_ not in found and (envelope := self._published(hash_)) is not None:
                found[hash_] = self._enveloped(envelope, Source.ARCHIVE)
        if not found:
            raise UnknownCertificateError(f"{self._nowhere(f'with the code {code}')} Compare it with the sheet.")
        return _only(list(found.values()), f"The code {code}")

    def _in_file(self, path: Path) -> Meant:
        try:
            reading = read_file(read_plain(path, LIMITS.file_bytes))
        except OSError as error:
            raise NamingError(f"{path} cannot be read: {error.strerror or error}.") from None
        except SanadError as error:
            raise NamingError(f"{path} names no certificate. {error}") from None
        if reading.altered:
            raise self._altered(path, reading)
        if reading.envelope is not None:
            return self._handed_in(reading.envelope)
        assert reading.credential is not None
        return self.hashed(certificate_hash(reading.credential))

    def _handed_in(self, envelope: Envelope) -> Meant:
        try:
            return self.hashed(envelope.hash)
        except ErasedCertificateError:
            raise
        except UnknownCertificateError:
            return self._enveloped(envelope, Source.FILE)

    def _altered(self, path: Path, reading: Reading) -> AlteredFileError:
        found = reading.found
        if found is None:
            return AlteredFileError(f"{path} is not the file that was issued, and no certificate was found in it.")
        return AlteredFileError(
            f"{path} is not the file that was issued: it was changed after that. It came from this certificate:\n"
            f"  {self._handed_in(found)}\n"
            f"If that is the one that you mean, give its code: {short_code(found.hash)}"
        )

    def _published(self, hash_: bytes) -> Envelope | None:
        data = None if self._archive is None else self._archive.envelope(hash_)
        try:
            envelope = None if data is None else parse_envelope(data)
        except SanadError:
            return None
        return envelope if envelope is not None and envelope.hash == hash_ else None

    def _enveloped(self, envelope: Envelope, source: Source) -> Meant:
        said, origin = read_fields(envelope.credential), self._place.origin
        return Meant(
            hash=envelope.hash,
            source=source,
            name=said.recipient,
            course=said.course,
            awarded=said.awarded,
            domain=_domain(envelope),
            student_number=said.student_number,
            father_name=said.father_name,
            national_id=said.masked_national_id,
            course_id=course_uuid(envelope.credential),
            root=envelope.root,
            index=envelope.index,
            link=None if origin is None else link(origin, envelope.hash),
        )

    def _nowhere(self, what: str) -> str:
        archive = self._place.archive
        looked = f"the records ({self._place.records})" if self._store is not None else "the records (there are none)"
        there = f"the archive ({archive})" if archive is not None else "the archive (sanad.toml names none)"
        return f"Neither {looked} nor {there} hold the certificate {what}."


class AwardDays:
    """The days of award of certificates in the records; each batch's course is read once.

    Args:
        data: the data folder, where each batch's course is kept.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._courses: dict[str, Course | None] = {}

    def of(self, kept: Kept) -> date:
        """The day that the certificate says; where the batch's course is gone, the day of drafting in UTC."""
        row, drafted = kept.draft.row, kept.draft.identity.drafted
        if row.date is not None:
            return row.date
        if kept.batch not in self._courses:
            self._courses[kept.batch] = self._course(kept.batch)
        course = self._courses[kept.batch]
        return drafted.date() if course is None else awarded_day(course, row, drafted)

    def _course(self, batch: str) -> Course | None:
        try:
            return kept_course(self._data / "batches" / batch / "course")
        except (CourseError, OSError):
            return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # longer than a path may be, or with a NUL in it
        return False


def _code(text: str) -> bytes | ShortCode:
    try:
        named = read_pasted(text) or (parse_code(text),)  # which says why there is none
    except MistypedCodeError as error:
        raise NamingError(str(error)) from None
    except CodeError:
        raise NamingError(
            f"There is no file {text}, and it is not a link, hash or short code either. To search by name: sanad find"
        ) from None
    if len(named) > 1:
        raise NamingError(f"This text holds {len(named)} different links or codes. Give them one by one.")
    return named[0]


def _only(meant: Sequence[Meant], what: str) -> Meant:
    if len(meant) > 1:
        raise SeveralCertificatesError(what, meant)
    return meant[0]


def _domain(envelope: Envelope) -> str | None:
    try:
        return issuer_domain(envelope.credential)
    except SanadError:
        return None
