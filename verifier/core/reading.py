"""Steps 1 and 2: what a file is, and whether it is what was issued (SPEC.md section 11)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from verifier.core.baking import baked_credential, is_png
from verifier.core.canonical import BYTE_ORDER_MARK, Json, parse
from verifier.core.envelope import Envelope, envelope_of, parse_envelope, sheet_hash
from verifier.core.errors import BakingError, CertificateError, JsonError, SanadError, SealError, UnreadableError
from verifier.core.foreign import ZIP, of_another_kind
from verifier.core.hashes import to_hex
from verifier.core.limits import LIMITS, megabytes
from verifier.core.presentation import is_credential, presented
from verifier.core.salvage import Found, find_envelopes, text_of
from verifier.core.seal import is_sealed, unseal
from verifier.core.sentence import Sentence
from verifier.core.svg import is_svg
from verifier.core.verdict import Check, Outcome, State, Step

LEADS_ELSEWHERE = (
    "The certificate does not lead to the batch that it names: its content or its path was changed. "
    "It names {named} and leads to {found}."
)
"""The text for an envelope whose certificate and path give another root than its own."""

_LOCKED = re.compile(rb"/Encrypt\s+\d{1,10}\s+\d{1,5}\s+R")
_PDF_END = 1024
"""Bytes at the end of a PDF in which its end mark must be."""


class Kind(StrEnum):
    """The kind of input."""

    SEALED = "sealed PDF"
    ENVELOPE = "envelope"
    CREDENTIAL = "credential"
    PRESENTATION = "presentation of one credential"
    BADGE = "badge with a credential inside"
    FILE = "file"


@dataclass(frozen=True)
class Reading:
    """A file after steps 1 and 2."""

    steps: tuple[Step, Step]
    envelope: Envelope | None = None
    """The envelope that the file is or contains, if it is as issued."""
    credential: Mapping[str, Any] | None = None
    """A bare credential, without an envelope."""
    search: Callable[[], Found] = field(default=Found, repr=False)
    """For an altered file: searches it for envelopes. Done only when `found` is used, because it costs most."""

    @property
    def altered(self) -> bool:
        """Whether the file is not the one that was issued."""
        return any(step.outcome is Outcome.ALTERED for step in self.steps)

    @cached_property
    def found(self) -> Envelope | None:
        """For an altered file: the one envelope in it that leads to its root, to show what was registered."""
        return self.search().one


def read_file(data: bytes) -> Reading:
    """Take steps 1 and 2 for a file of any kind.

    Raises:
        UnreadableError: the file is too large, or contains no certificate.
        SeveralCredentialsError: it is a presentation of several credentials, each to be read separately.
    """
    if len(data) > LIMITS.file_bytes:
        size, limit = megabytes(len(data)), f"{LIMITS.file_bytes / 1e6:.0f}"
        raise UnreadableError("The file has {size} MB; at most {limit} MB are accepted.", size=size, limit=limit)
    if is_sealed(data):
        return _read_sealed(data)
    if text_of(data)[:1] == b"{":
        return _read_json(data)
    if is_png(data) or is_svg(data):
        return _read_badge(data)
    # A file inside an archive may be as issued, so nothing is said about it.
    return _read_other(data, Found() if data.startswith(ZIP) else find_envelopes(data))


def _read_sealed(data: bytes) -> Reading:
    try:
        sheet, inside = unseal(data)
        envelope = parse_envelope(inside)
    except (SealError, JsonError, CertificateError) as error:
        return _altered(Kind.SEALED, error.sentence, data)
    if not envelope.has_sheet:
        return _altered(Kind.SEALED, Sentence("The certificate in it was issued without a PDF."), data)
    if sheet_hash(sheet) != envelope.sheet:
        other = Sentence("The sheet is not the one that the certificate was issued with.")
        return _altered(Kind.SEALED, other, data)
    return _integral(
        data, Kind.SEALED, envelope, "The seal holds: sheet and certificate are those that were issued together."
    )


def _read_json(data: bytes) -> Reading:
    try:
        envelope = parse_envelope(data)
    except (JsonError, CertificateError) as error:
        return _read_other_json(data, error)
    return _integral(data, Kind.ENVELOPE, envelope, "The certificate and its path lead to the batch that it names.")


def _read_badge(data: bytes) -> Reading:
    try:
        inside = baked_credential(data)
    except BakingError as error:
        found = find_envelopes(data)
        if found.envelopes:
            return _read_other(data, found)
        raise of_another_kind(data) or UnreadableError("{problem}", problem=error.sentence) from None
    reading = _read_json(inside)
    return replace(reading, steps=(_read(Kind.BADGE), reading.steps[1]))


def _read_other_json(data: bytes, error: SanadError) -> Reading:
    try:
        value = parse(data.removeprefix(BYTE_ORDER_MARK))
    except JsonError as fault:
        raise of_another_kind(data) or UnreadableError("{problem}", problem=fault.sentence) from None
    if is_credential(value):
        return _bare(Kind.CREDENTIAL, value)
    try:
        envelope_of(value)
    except CertificateError as fault:
        return _read_presentation(data, value, fault)
    return _altered(Kind.ENVELOPE, error.sentence, data)


def _read_presentation(data: bytes, value: Json, error: SanadError) -> Reading:
    credential = presented(value)
    if credential is not None:
        return _bare(Kind.PRESENTATION, credential)
    if isinstance(value, dict) and "credentialSubject" in value:
        raise of_another_kind(data) or UnreadableError("This credential is not signed, or not in a form that is read.")
    text = "This JSON carries no certificate. {problem}"
    raise of_another_kind(data) or UnreadableError(text, problem=error.sentence) from None


def _read_other(data: bytes, found: Found) -> Reading:
    if found.envelopes:
        problem = Sentence("Its seal is missing or broken: it was saved again by another program, or edited.")
        return Reading((_read(Kind.FILE), _failed(problem)), search=lambda: found)
    _refuse_spoilt_pdf(data)
    raise of_another_kind(data) or UnreadableError("This file carries no certificate of Sanad.")


def _refuse_spoilt_pdf(data: bytes) -> None:
    """A PDF that may have contained a certificate before it was changed is reported as such; nothing is parsed."""
    if not data.startswith(b"%PDF-"):
        return
    if _LOCKED.search(data):
        raise UnreadableError("This PDF is locked with a password or against changes, so what is in it cannot be read.")
    if b"%%EOF" not in data[-_PDF_END:]:
        raise UnreadableError("This PDF is cut off: it was not copied or downloaded to its end.")
    raise UnreadableError("This PDF carries no certificate: printing to PDF, scanning and some websites leave it out.")


def _integral(data: bytes, kind: Kind, envelope: Envelope, text: str) -> Reading:
    if envelope.computed_root != envelope.root:
        roots = {"named": to_hex(envelope.root), "found": to_hex(envelope.computed_root)}
        return _altered(kind, Sentence(LEADS_ELSEWHERE, roots), data)
    return Reading((_read(kind), Step(Check.INTEGRITY, State.PASSED, text)), envelope=envelope)


def _bare(kind: Kind, credential: Mapping[str, Any]) -> Reading:
    step = Step(Check.INTEGRITY, State.PASSED, "It is a signed credential without an envelope.")
    return Reading((_read(kind), step), credential=credential)


def _altered(kind: Kind, problem: Sentence, data: bytes) -> Reading:
    return Reading((_read(kind), _failed(problem)), search=lambda: find_envelopes(data))


def _read(kind: Kind) -> Step:
    return Step(Check.READ, State.PASSED, "The file was read: {kind}.", {"kind": Sentence(kind.value)})


def _failed(problem: Sentence) -> Step:
    return Step(Check.INTEGRITY, State.FAILED, "{problem}", {"problem": problem}, Outcome.ALTERED)
