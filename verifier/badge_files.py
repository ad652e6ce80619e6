"""Badges for the command line: from an argument to a file's name and bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verifier.badges import baked, course_badge
from verifier.core.codes import ShortCode, parse_code, short_code
from verifier.core.credential import read_fields
from verifier.core.envelope import parse_envelope
from verifier.core.errors import BakingError, MistypedCodeError, SanadError
from verifier.core.hashes import certificate_hash, to_base64url
from verifier.core.limits import LIMITS
from verifier.core.pasted import Named, read_pasted
from verifier.core.reading import Reading, read_file
from verifier.core.sentence import Sentence
from verifier.core.verifier import Verifier
from verifier.plain_file import read_plain


def badge_of(verifier: Verifier, given: str, kind: str, picture: bytes | None = None) -> tuple[str, bytes]:
    """Name and bytes of the badge for a file, or for a link, hash or short code that the archive has.

    Args:
        verifier: its archive is searched.
        given: a path, link, hash or short code.
        kind: `png` or `svg`.
        picture: a PNG to put the credential into; by default the course's picture from the archive.

    Raises:
        SanadError: something is missing or wrong; the text says what.
        OSError: the file cannot be read.
    """
    path = Path(given)
    credential = _in_file(path, given) if path.exists() else _in_archive(verifier, given)
    found = picture or course_badge(verifier.archive, credential)
    if found is None:
        raise BakingError("The archive has no picture for the course of {given}. Give one with --image.", given=given)
    stem = path.stem if path.is_file() else f"badge-{short_code(certificate_hash(credential))}"
    return f"{stem}.{kind}", baked(found, credential, kind)


def _in_file(path: Path, given: str) -> Mapping[str, Any]:
    reading = read_file(read_plain(path, LIMITS.file_bytes))
    found = reading.envelope.credential if reading.envelope else reading.credential
    if found is None or reading.altered:
        raise BakingError("{problem}", problem=_altered(reading, given))
    return found


def _altered(reading: Reading, given: str) -> Sentence:
    """That a file is not as it was issued, and which certificate it came from."""
    if reading.found is None:
        return Sentence("{given} is not as it was issued; no badge is made of it.", {"given": given})
    text = "{given} is not as it was issued; no badge is made of it. It came from this certificate:\n  {certificate}"
    return Sentence(text, {"given": given, "certificate": one_line(reading.found.credential, reading.found.hash)})


def _in_archive(verifier: Verifier, given: str) -> Mapping[str, Any]:
    try:
        named = read_pasted(given) or (parse_code(given),)  # which says why there is none
    except MistypedCodeError:
        raise
    except SanadError:
        raise BakingError("There is no file {given}, and it is not a link, hash or short code.", given=given) from None
    if len(named) > 1:
        raise BakingError("This text holds {number} different links or codes. Give them one by one.", number=len(named))
    code = named[0]
    found = [_published(verifier, hash_) for hash_ in _hashes(verifier, code)]
    credentials = [credential for credential in found if credential is not None]
    if len(credentials) > 1:
        listed = "\n".join(f"  {one_line(each, certificate_hash(each))}" for each in credentials)
        text = "The code {code} names {number} certificates. Give the link, hash or file of one of them:\n{listed}"
        raise BakingError(text, code=code, number=len(credentials), listed=listed)
    if not credentials:
        raise BakingError("The archive has no certificate for {given}. Compare it with the sheet.", given=given)
    return credentials[0]


def _hashes(verifier: Verifier, code: Named) -> list[bytes]:
    return verifier.matches(code) if isinstance(code, ShortCode) else [code]


def _published(verifier: Verifier, hash_: bytes) -> Mapping[str, Any] | None:
    data = verifier.envelope(hash_)
    return None if data is None else parse_envelope(data).credential


def one_line(credential: Mapping[str, Any], hash_: bytes) -> str:
    """One line by which people tell certificates apart: name, number, course, day, link's end."""
    said = read_fields(credential)
    who = f"{said.recipient or 'no name'}" + (f" ({said.student_number})" if said.student_number else "")
    return ", ".join([who, said.course or "no course", str(said.awarded or "no date"), to_base64url(hash_)])
