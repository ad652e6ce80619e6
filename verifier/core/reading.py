"""Steps 1 and 2: what a file is, and whether it is what was issued (SPEC.md section 11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from verifier.core.baking import baked_credential, is_png, is_svg
from verifier.core.canonical import BYTE_ORDER_MARK, parse
from verifier.core.envelope import Envelope, envelope_of, parse_envelope, sheet_hash
from verifier.core.errors import BakingError, CertificateError, JsonError, SanadError, SealError, UnreadableError
from verifier.core.limits import LIMITS
from verifier.core.salvage import find_envelopes
from verifier.core.seal import is_sealed, unseal
from verifier.core.sentence import Sentence
from verifier.core.verdict import Check, Outcome, State, Step

_LOCKED = re.compile(rb"/Encrypt\s+\d{1,10}\s+\d{1,5}\s+R")
_PDF_END = 1024
"""Bytes at the end of a PDF among which its end mark must stand."""


class Kind(StrEnum):
    """What was handed in."""

    SEALED = "sealed PDF"
    ENVELOPE = "envelope"
    CREDENTIAL = "credential"
    BADGE = "badge with a credential inside"
    FILE = "file"


@dataclass(frozen=True)
class Reading:
    """A file after steps 1 and 2."""

    steps: tuple[Step, Step]
    envelope: Envelope | None = None
    """The envelope that the file is or carries, if it is one as issued."""
    credential: Mapping[str, Any] | None = None
    """A bare credential, without an envelope."""
    damaged: bytes | None = field(default=None, repr=False)
    """The altered file."""

    @property
    def altered(self) -> bool:
        """Whether the file is not the one that was issued."""
        return any(step.outcome is Outcome.ALTERED for step in self.steps)

    @cached_property
    def found(self) -> Envelope | None:
        """For an altered file: the one envelope found in it that leads to its root, to say what was registered."""
        candidates = find_envelopes(self.damaged) if self.damaged is not None else []
        return candidates[0] if len(candidates) == 1 and candidates[0].computed_root == candidates[0].root else None


def read_file(data: bytes) -> Reading:
    """Take steps 1 and 2 for a file of any kind.

    Raises:
        UnreadableError: the file is too large, or carries no certificate.
    """
    if len(data) > LIMITS.file_bytes:
        size, limit = f"{len(data) / 1e6:.1f}", f"{LIMITS.file_bytes / 1e6:.0f}"
        raise UnreadableError("The file has {size} MB; at most {limit} MB are accepted.", size=size, limit=limit)
    if is_sealed(data):
        return _read_sealed(data)
    if data.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"{":
        return _read_json(data)
    if is_png(data) or is_svg(data):
        return _read_badge(data)
    return _read_other(data)


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
        Kind.SEALED, envelope, "The seal holds: sheet and certificate are those that were issued together."
    )


def _read_json(data: bytes) -> Reading:
    try:
        envelope = parse_envelope(data)
    except (JsonError, CertificateError) as error:
        return _read_other_json(data, error)
    return _integral(Kind.ENVELOPE, envelope, "The certificate and its path lead to the batch that it names.")


def _read_badge(data: bytes) -> Reading:
    try:
        inside = baked_credential(data)
    except BakingError as error:
        if find_envelopes(data):
            return _read_other(data)
        raise UnreadableError("{problem}", problem=error.sentence) from None
    reading = _read_json(inside)
    return replace(reading, steps=(_read(Kind.BADGE), reading.steps[1]))


def _read_other_json(data: bytes, error: SanadError) -> Reading:
    try:
        value = parse(data.removeprefix(BYTE_ORDER_MARK), LIMITS.envelope_bytes)
    except JsonError as unread:
        raise UnreadableError("{problem}", problem=unread.sentence) from None
    if {"@context", "credentialSubject", "proof"} <= value.keys():
        step = Step(Check.INTEGRITY, State.PASSED, "It is a signed credential without an envelope.")
        return Reading((_read(Kind.CREDENTIAL), step), credential=value)
    try:
        envelope_of(value)
    except CertificateError as other:
        text = "This JSON carries no certificate. {problem}"
        raise UnreadableError(text, problem=other.sentence) from None
    return _altered(Kind.ENVELOPE, error.sentence, data)


def _read_other(data: bytes) -> Reading:
    if not find_envelopes(data):
        _refuse_spoilt_pdf(data)
        raise UnreadableError("This file carries no certificate of Sanad.")
    problem = Sentence("Its seal is missing or broken: it was saved again by another program, or edited.")
    return _altered(Kind.FILE, problem, data)


def _refuse_spoilt_pdf(data: bytes) -> None:
    """A PDF that may have carried a certificate before something befell it is told as such; nothing is parsed."""
    if not data.startswith(b"%PDF-"):
        return
    if _LOCKED.search(data):
        raise UnreadableError("This PDF is locked with a password or against changes, so what is in it cannot be read.")
    if b"%%EOF" not in data[-_PDF_END:]:
        raise UnreadableError("This PDF is cut off: it was not copied or downloaded to its end.")


def _integral(kind: Kind, envelope: Envelope, text: str) -> Reading:
    if envelope.computed_root != envelope.root:
        problem = "The certificate does not lead to the batch that it names: its content or its path was changed."
        return Reading((_read(kind), _failed(Sentence(problem))))
    return Reading((_read(kind), Step(Check.INTEGRITY, State.PASSED, text)), envelope=envelope)


def _altered(kind: Kind, problem: Sentence, data: bytes) -> Reading:
    return Reading((_read(kind), _failed(problem)), damaged=data)


def _read(kind: Kind) -> Step:
    return Step(Check.READ, State.PASSED, "The file was read: {kind}.", {"kind": Sentence(kind.value)})


def _failed(problem: Sentence) -> Step:
    return Step(Check.INTEGRITY, State.FAILED, "{problem}", {"problem": problem}, Outcome.ALTERED)
