"""Badges for the command line: from an argument to a file's name and bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verifier.badges import baked, course_badge
from verifier.core.codes import ShortCode, parse_code, short_code
from verifier.core.envelope import parse_envelope
from verifier.core.errors import BakingError, SanadError
from verifier.core.hashes import certificate_hash
from verifier.core.limits import LIMITS
from verifier.core.reading import read_file
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
        text = "{given} was changed after it was issued, so no badge can be made from it. Use the original file."
        raise BakingError(text, given=given)
    return found


def _in_archive(verifier: Verifier, given: str) -> Mapping[str, Any]:
    try:
        code = parse_code(given)
    except SanadError:
        raise BakingError("There is no file {given}, and it is not a link, hash or short code.", given=given) from None
    matches = verifier.matches(code) if isinstance(code, ShortCode) else [code]
    data = verifier.envelope(matches[0]) if len(matches) == 1 else None
    if data is None:
        raise BakingError("The archive has no certificate, or several, for {given}. Give the file.", given=given)
    return parse_envelope(data).credential
