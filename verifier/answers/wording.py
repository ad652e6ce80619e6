"""The messages for every verdict, and for every input that gets none, in plain English.

Each sentence is a key for translators, with `{named}` places; `Sentence` carries their values. "Could not check" is
never worded as false, and never as true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from verifier.answers.changed_copies import WORDS, is_changed_copy, issued_in_words, leads_elsewhere
from verifier.answers.signature_wording import FALSE_SIGNATURE, has_false_signature
from verifier.answers.signature_wording import Tone as Tone
from verifier.answers.unsure_wording import CASES, UNSURE
from verifier.core.sentence import Sentence
from verifier.core.steps import ERASED, reason_of
from verifier.core.verdict import Check, Outcome, State, Verdict, day


class Problem(StrEnum):
    """Why an input or a request gets no verdict."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    MISTYPED = "mistyped"
    NOT_A_CODE = "not-a-code"
    NOT_FOUND = "not-found"
    SEVERAL = "several"
    NO_FILE = "no-file"
    NOTHING = "nothing"
    NO_PAGE = "no-page"
    NOT_ALLOWED = "not-allowed"
    RATE_LIMITED = "rate-limited"
    BAD_REQUEST = "bad-request"
    BROKEN = "broken"
    OTHER_SYSTEM = "other-system"  # the messages of these two are in verifier.answers.handed_in
    PRESENTATION = "presentation"
    OTHER_GENUINE = "other-genuine"  # the messages of these three are in verifier.answers.other_credentials
    OTHER_FALSE = "other-false"
    OTHER_UNCHECKED = "other-unchecked"


@dataclass(frozen=True)
class Wording:
    """A message in four parts, from the one word to what to do next."""

    tone: Tone
    word: Sentence
    headline: Sentence
    explanation: Sentence
    advice: Sentence


_UNAVAILABLE: Mapping[Check | None, str] = {Check.ANCHORED: "registry", Check.READ: "missing"}
_ASK_FOR_THE_PDF = (
    "Do not rely on what this file shows. Ask for the PDF as the institution sent it: websites that store documents, "
    "and printing to PDF, can change a file without anyone meaning to."
)

_VERDICTS: dict[tuple[Outcome, str], tuple[Tone, str, str, str, str]] = FALSE_SIGNATURE | {
    (Outcome.VALID, ""): (
        Tone.GOOD,
        "Valid",
        "This certificate is valid.",
        "{institution} registered it with {programme}, and it has not been changed, revoked or withdrawn.",
        "Compare the name, course and grade with your copy: what you read here is what was registered.",
    ),
    (Outcome.ALTERED, ""): (
        Tone.BAD,
        "Altered",
        "This file is not the one that was issued.",
        "{reason}",
        _ASK_FOR_THE_PDF,
    ),
    (Outcome.ALTERED, "roots"): (
        Tone.BAD,
        "Altered",
        "This file is not the one that was issued.",
        "What it says, or the proof in it, was changed after it was issued.",
        _ASK_FOR_THE_PDF,
    ),
    (Outcome.UNAVAILABLE, "registry"): (
        Tone.UNSURE,
        "Could not check",
        "This certificate could not be checked now.",
        "The public record gave no reliable answer. This speaks neither for nor against the certificate.",
        "Try again in a few minutes. Nothing is wrong with your file or link because of this.",
    ),
    (Outcome.UNAVAILABLE, "missing"): (
        Tone.UNSURE,
        "Could not check",
        "This certificate could not be checked from its link or code.",
        "{reason} This speaks neither for nor against the certificate.",
        "Check that you copied the whole link or code. If you have the PDF or its certificate.json, check that: it "
        "contains everything needed. If the public record could not be reached, try again later.",
    ),
    (Outcome.UNAVAILABLE, "erased"): (
        Tone.UNSURE,
        "Erased",
        "The institution has erased its copy of this certificate.",
        "{reason} This speaks neither for nor against the certificate.",
        "Ask the holder for the PDF and check that: it contains its own proof, which the public record still confirms.",
    ),
    **{(Outcome.UNAVAILABLE, name): (Tone.UNSURE, *words) for name, words in UNSURE.items()},
    (Outcome.UNAVAILABLE, ""): (
        Tone.UNSURE,
        "Could not check",
        "This certificate could not be checked.",
        "{reason} This speaks neither for nor against the certificate.",
        "Ask the institution that issued it about this.",
    ),
    (Outcome.UNKNOWN, "file"): (
        Tone.BAD,
        "Unknown",
        "No programme that this verifier trusts has a record of this certificate.",
        "The file names {domain} as its issuer, but there is no record of it under that name. Anyone can make such a "
        "file.",
        "Do not rely on it. If you expected it to be genuine, ask the institution. Use an address or phone number that "
        "you find yourself, not one from the certificate.",
    ),
    (Outcome.UNKNOWN, "hash"): (
        Tone.BAD,
        "Unknown",
        "No certificate was issued under this code.",
        "The records of every institution were searched, and none has this code. Part of the link or code may be "
        "missing.",
        "Copy the whole link or code again, or ask for the PDF file and check that.",
    ),
    (Outcome.REVOKED, ""): (
        Tone.BAD,
        "Revoked",
        "This certificate has been revoked.",
        "It was issued by {institution} and was revoked on {revoked}: {why}. It no longer counts.",
        "Do not rely on it. If it is yours, ask {institution} for the reason.",
    ),
    (Outcome.REPLACED, "known"): (
        Tone.CHANGED,
        "Replaced",
        "This certificate has been replaced by a newer one.",
        "{institution} replaced it on {revoked}: {why}. This one no longer counts.",
        "Check the newer certificate instead.",
    ),
    (Outcome.REPLACED, ""): (
        Tone.CHANGED,
        "Replaced",
        "This certificate has been replaced by a newer one.",
        "{institution} replaced it on {revoked}: {why}. This one no longer counts.",
        "Ask its holder for the newer certificate, and check that.",
    ),
    (Outcome.UNTRUSTED, "withdrawn"): (
        Tone.BAD,
        "Not trusted",
        "The institution has withdrawn this certificate.",
        "On {withdrawn}, {institution} withdrew this certificate and all others that were registered with it.",
        "Do not rely on it. Ask {institution} for the reason; it may reinstate the certificate later.",
    ),
    (Outcome.UNTRUSTED, "distrusted"): (
        Tone.BAD,
        "Not trusted",
        "This certificate was registered with a key that is not trusted.",
        "{institution} stopped trusting that key on {distrusted}, and the certificate was not registered before then.",
        "Do not rely on it now. If it is genuine, {institution} can register it again.",
    ),
    (Outcome.UNTRUSTED, ""): (
        Tone.BAD,
        "Not trusted",
        "This certificate was not properly registered.",
        "{reason}",
        "Do not rely on it. Ask {institution} about it.",
    ),
    (Outcome.PENDING, "final"): (
        Tone.WAIT,
        "Not final yet",
        "This certificate was registered a moment ago.",
        "{institution} registered it, but the registration is not final yet.",
        "Check again in a minute.",
    ),
    (Outcome.PENDING, ""): (
        Tone.WAIT,
        "Not valid yet",
        "This certificate is not valid yet.",
        "{institution} registered it. {reason}",
        "Check again then.",
    ),
    (Outcome.EXPIRED, ""): (
        Tone.CHANGED,
        "Expired",
        "This certificate has expired.",
        "{institution} registered it, and it has not been changed or revoked. {reason}",
        "It shows what was certified until then. Ask its holder whether there is a renewed one.",
    ),
}

_PROBLEMS: dict[Problem, tuple[Tone, str, str, str]] = {
    Problem.UNREADABLE: (
        Tone.UNSURE,
        "No certificate found",
        "No certificate was found in this file.",
        "Use the PDF as the institution sent it, or its certificate.json. A photo, a scan or a printed copy is not "
        "enough: use the link or code that is printed on it.",
    ),
    Problem.TOO_LARGE: (
        Tone.UNSURE,
        "Too large",
        "This file is too large to be a certificate.",
        "Use the PDF as the institution sent it, one certificate at a time.",
    ),
    Problem.MISTYPED: (
        Tone.UNSURE,
        "Mistyped",
        "There is a typing mistake in this code.",
        "Compare it with the printed code, character by character. This says nothing about the certificate.",
    ),
    Problem.NOT_A_CODE: (
        Tone.UNSURE,
        "Not a code",
        "This is not a complete link or code.",
        "Copy the whole link from the message or the QR code, or type the twelve characters printed on the certificate "
        "(XXXX-XXXX-XXXX).",
    ),
    Problem.NOT_FOUND: (
        Tone.UNSURE,
        "Not found",
        "No certificate with this short code was found here.",
        "It may still have been issued: short codes are looked up only in this verifier's own archive. Scan the QR "
        "code, or check the PDF.",
    ),
    Problem.SEVERAL: (
        Tone.UNSURE,
        "Several",
        "This matches several certificates.",
        "To find the right one, compare the long code printed on the certificate, or scan its QR code.",
    ),
    Problem.NO_FILE: (
        Tone.UNSURE,
        "No such file",
        "There is no such file.",
        "Check that the name is spelled correctly and that you have permission to read the file.",
    ),
    Problem.NOTHING: (
        Tone.UNSURE,
        "Nothing to check",
        "You did not give anything to check.",
        "Enter a link or code, or choose a PDF, certificate.json or badge file.",
    ),
    Problem.NO_PAGE: (
        Tone.UNSURE,
        "Not found",
        "There is no such page.",
        "If you followed a certificate's link, part of it may be missing: copy the whole link again. It ends in /c/ "
        "and 43 characters.",
    ),
    Problem.NOT_ALLOWED: (
        Tone.UNSURE,
        "Not possible",
        "This address does not accept that kind of request.",
        "Start on the home page.",
    ),
    Problem.RATE_LIMITED: (
        Tone.WAIT,
        "Too many requests",
        "Too many checks came from your connection.",
        "This says nothing about the certificate. To check many files at once, use the command sanad verify on your "
        "own computer.",
    ),
    Problem.BAD_REQUEST: (
        Tone.UNSURE,
        "Not understood",
        "This request could not be read.",
        "Start on the home page.",
    ),
    Problem.BROKEN: (
        Tone.UNSURE,
        "Our mistake",
        "Something went wrong in this verifier.",
        "The certificate was not checked. Try again in a few minutes. If it happens again, tell the operator of this "
        "website.",
    ),
}

STATES: Mapping[State, str] = {
    State.PASSED: "passed",
    State.FAILED: "failed",
    State.NOTE: "note",
    State.SKIPPED: "skipped",
    State.UNCHECKED: "could not check",
}
"""The result of a step, in words for people."""

FIELDS: Mapping[str, str] = {
    "father_name": "Father’s name",
    "student_number": "Student number",
    "masked_national_id": "National identity number",
    "course_code": "Course code",
    "term": "Term",
    "grade": "Grade",
    "credits": "Credits",
    "hours": "Hours",
    "awarded": "Awarded on",
    "valid_from": "Valid from",
    "valid_until": "Valid until",
    "skills": "Leads to",
    "criteria": "Requirements met",
}
"""The labels of a certificate's minor fields, in the order in which they are shown."""

REGISTERED_INSTEAD = "The certificate registered under this code says:"
CONFIRMED = "This is what was registered"
UNCONFIRMED = "This is what it says; it could not be confirmed now"
NOT_SHOWN = "Its content is not shown, because no genuine signature covers it."
CLAIMED = "This is what it says; it is not confirmed"
SANAD = "The sanad, from the student to those who vouch for the teacher:"
COMPARE = "Compare this with your copy."


def wording(verdict: Verdict) -> Wording:
    """The message for a verdict."""
    tone, *parts = _VERDICTS[verdict.outcome, _case(verdict)]
    if is_changed_copy(verdict):
        tone, *parts = Tone.CHANGED, *WORDS
    facts = _facts(verdict)
    return Wording(tone, *(Sentence(part, facts) for part in parts))


def problem_wording(problem: Problem, detail: Sentence | str = "") -> Wording:
    """The message where there is no verdict; `detail` is a sentence that says more."""
    tone, word, headline, advice = _PROBLEMS[problem]
    more = detail if isinstance(detail, Sentence) else Sentence("{detail}", {"detail": detail})
    return Wording(tone, Sentence(word), Sentence(headline), more, Sentence(advice))


def standing(verdict: Verdict) -> str:
    """How far the certificate's fields are confirmed under this verdict."""
    if verdict.record is not None:
        return CONFIRMED
    return UNCONFIRMED if verdict.outcome is Outcome.UNAVAILABLE else CLAIMED


def _case(verdict: Verdict) -> str:
    check = verdict.reason.check if verdict.reason else None
    match verdict.outcome:
        case Outcome.ALTERED:
            return "roots" if leads_elsewhere(verdict) else ""
        case Outcome.UNAVAILABLE | Outcome.UNKNOWN if has_false_signature(verdict):
            return "signature"
        case Outcome.UNAVAILABLE:
            text = verdict.reason.text if verdict.reason else ""
            return "erased" if text == ERASED else CASES.get(text) or _UNAVAILABLE.get(check, "")
        case Outcome.UNKNOWN:
            return "hash" if verdict.credential is None else "file"
        case Outcome.REPLACED:
            return "known" if verdict.replacement else ""
        case Outcome.UNTRUSTED:
            return _untrusted(verdict, check)
        case Outcome.PENDING:
            return "final" if check is Check.FINAL else ""
        case _:
            return ""


def _untrusted(verdict: Verdict, check: Check | None) -> str:
    if check is Check.STANDING:
        return "withdrawn"
    return "distrusted" if verdict.record and not verdict.record.counts else ""


def _facts(verdict: Verdict) -> dict[str, str | Sentence]:
    reason = verdict.reason
    facts: dict[str, str | Sentence] = {
        "reason": Sentence(reason.text, reason.facts) if reason else "",
        "again": reason.facts.get("again", "") if reason else "",
        "domain": verdict.domain or Sentence("an issuer that no registry can hold"),
        "programme": verdict.registry.programme if verdict.registry else "",
        "issued": issued_in_words(verdict),
    }
    if record := verdict.record:
        facts |= {
            "institution": record.institution_name,
            "revoked": day(record.revoked_at),
            "why": reason_of(record),
            "withdrawn": day(record.withdrawn_at),
            "distrusted": day(record.distrusted_since),
        }
    return facts
