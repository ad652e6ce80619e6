"""The report on another issuer's credential, which is not a verdict and is never good news.

No trusted registry knows the issuer. So the most that the report says is that the signature is genuine, and whose key
made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

from verifier.answers.wording import Tone, Wording
from verifier.core.dates import parse_timestamp
from verifier.core.errors import SanadError, StatusError
from verifier.core.hashes import certificate_hash
from verifier.core.linked_data import canonical_quads
from verifier.core.sentence import Sentence, in_a_row
from verifier.core.status_list import is_revoked, status_entry
from verifier.vc.checking import EXPIRED, Finding, Standing, check_credential
from verifier.vc.faults import Fault, Kind
from verifier.vc.keys import DidDocuments
from verifier.vc.proofs import Bench, counted


class Question(StrEnum):
    """What the report answers, in this order."""

    SIGNATURE = "signature"
    REGISTRY = "registry"
    FORM = "data model"
    DATES = "dates"
    REVOCATION = "revocation"


class Reply(StrEnum):
    """The answer to a question. None of these words is used for a verdict."""

    GENUINE = "genuine"
    FALSE = "false"
    NONE = "not registered"
    AS_ASKED = "as the standard asks"
    NOT_AS_ASKED = "not as the standard asks"
    TAKEN_BACK = "taken back"
    NOT_TAKEN_BACK = "not taken back"
    NO_LIST = "no list"
    WITHIN = "within its dates"
    OUTSIDE = "outside its dates"
    UNCHECKED = "could not check"


@dataclass(frozen=True)
class Line:
    """One question, its reply, and a sentence about it."""

    question: Question
    reply: Reply
    sentence: Sentence


@dataclass(frozen=True)
class Report:
    """What was found about one credential."""

    credential: Mapping[str, Any]
    hash: bytes
    finding: Finding
    revocation: Line

    @property
    def taken_back(self) -> bool:
        """Whether its issuer's own list says that it is revoked."""
        return self.revocation.reply is Reply.TAKEN_BACK

    @property
    def covered(self) -> Mapping[str, Any]:
        """What a genuine signature covers, all of the credential or nothing; only that is shown.

        It need not be known whose key signed it: then the content is somebody's statement, but not known whose.
        """
        about = [fault for fault in self.finding.faults if fault.kind not in _NOT_ABOUT_THE_SIGNATURE]
        return self.credential if all(fault.kind is Kind.METHOD and fault.unchecked for fault in about) else {}

    @property
    def over(self) -> bool:
        """Whether, by its own dates, it is not valid now."""
        return any(fault.kind is Kind.RANGE for fault in self.finding.faults)

    @property
    def expired_on(self) -> date | None:
        """The day on which it expired, in the offset in which it is written; None if it has not."""
        if not any(fault.kind is Kind.RANGE and fault.pointer == EXPIRED for fault in self.finding.faults):
            return None
        return parse_timestamp(self.credential["validUntil"]).date()

    @property
    def signature(self) -> Standing:
        """The state of its signature: the report's headline."""
        return self.finding.signature

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of the report."""
        return (self._signature(), _REGISTRY, self._form(), self._dates(), self.revocation)

    @property
    def reason(self) -> Sentence:
        """What the signature says about who made it, or why it is not genuine."""
        faults = [fault for fault in self.finding.faults if fault.kind not in _NOT_ABOUT_THE_SIGNATURE]
        decisive = [fault.sentence for fault in faults if not fault.unchecked] or [fault.sentence for fault in faults]
        return in_a_row(decisive) if decisive else _whose(self.finding.controller or "")

    def _signature(self) -> Line:
        replies = {Standing.GENUINE: Reply.GENUINE, Standing.FALSE: Reply.FALSE, Standing.UNCHECKED: Reply.UNCHECKED}
        return Line(Question.SIGNATURE, replies[self.signature], self.reason)

    def _form(self) -> Line:
        faults = [fault for fault in self.finding.faults if fault.kind in (Kind.MALFORMED, Kind.PARSING)]
        if not faults:
            text = "It meets Verifiable Credentials 2.0 in everything that software can check."
            return Line(Question.FORM, Reply.AS_ASKED, Sentence(text))
        wrong = [fault for fault in faults if not fault.unchecked]
        reply = Reply.NOT_AS_ASKED if wrong else Reply.UNCHECKED
        return Line(Question.FORM, reply, in_a_row([_placed(fault) for fault in wrong or faults]))

    def _dates(self) -> Line:
        over = [fault.sentence for fault in self.finding.faults if fault.kind is Kind.RANGE]
        if over:
            return Line(Question.DATES, Reply.OUTSIDE, in_a_row(over))
        if any(fault.pointer in ("/validFrom", EXPIRED) for fault in self.finding.faults):
            return Line(Question.DATES, Reply.UNCHECKED, Sentence("Its dates cannot be read."))
        return Line(Question.DATES, Reply.WITHIN, Sentence("It is within the dates that it states, if it states any."))


def other_words(report: Report) -> Wording:
    """The message of a report; its tone is never that of good news."""
    if report.signature is Standing.GENUINE and (report.taken_back or report.over):
        return _genuine_once(report)
    word, headline, advice, tone = _WORDS[report.signature]
    return Wording(tone, word, headline, report.reason, advice)


def _genuine_once(report: Report) -> Wording:
    """The message for a credential that its issuer signed, but that is revoked, expired or not valid yet."""
    if report.taken_back:
        text = "Signature genuine; revoked by its issuer; not registered with a programme that we trust."
        tone, advice = Tone.BAD, "Do not rely on it: its issuer has revoked it."
        explanation = in_a_row([report.reason, report.revocation.sentence])
        return Wording(tone, Sentence("Revoked"), Sentence(text), explanation, Sentence(advice))
    if report.expired_on is not None:
        text = "Signature genuine; expired on {day}; not registered with a programme that we trust."
        headline = Sentence(text, {"day": report.expired_on.isoformat()})
        advice = "It shows what its issuer said until then. Rely on that only if you know the issuer by other means."
        return Wording(Tone.CHANGED, Sentence("Expired"), headline, report.reason, Sentence(advice))
    text = "Signature genuine; not valid yet; not registered with a programme that we trust."
    _, _, advice_, tone = _WORDS[Standing.GENUINE]
    return Wording(tone, Sentence("Not valid yet"), Sentence(text), report.reason, advice_)


_WORDS = {
    Standing.GENUINE: (
        Sentence("Not registered"),
        Sentence("Signature genuine; not registered with a programme that we trust."),
        Sentence("Rely on it only if you know its issuer by other means, and read what is said about revocation."),
        Tone.UNSURE,
    ),
    Standing.FALSE: (
        Sentence("Signature false"),
        Sentence("The signature of this credential is false."),
        Sentence("Do not rely on it: it was changed after it was signed, or the issuer that it names never signed it."),
        Tone.BAD,
    ),
    Standing.UNCHECKED: (
        Sentence("Could not check"),
        Sentence("The signature of this credential could not be checked."),
        Sentence("This speaks neither for nor against it. No programme that we trust knows who issued it."),
        Tone.UNSURE,
    ),
}
_NOT_ABOUT_THE_SIGNATURE = frozenset({Kind.MALFORMED, Kind.PARSING, Kind.RANGE})
_REGISTRY = Line(Question.REGISTRY, Reply.NONE, Sentence("No programme that this verifier trusts has registered it."))


class Sources(DidDocuments, Protocol):
    """Where other issuers' keys and status lists come from."""

    def status_list(self, url: str) -> Mapping[str, Any]:
        """The credential of a status list; raises SanadError if it cannot be fetched."""


def examine(credential: Mapping[str, Any], sources: Sources | None = None, now: datetime | None = None) -> Report:
    """Check a credential without any registry.

    Args:
        credential: the credential as given.
        sources: where `did:web` documents and status lists come from; None: neither is fetched.
        now: the time; by default the clock's.
    """
    bench = counted(Bench(now or datetime.now(UTC), canonical_quads, sources))
    finding = check_credential(dict(credential), bench)
    return Report(credential, certificate_hash(credential), finding, _revocation(credential, finding, sources, bench))


def _revocation(credential: Mapping[str, Any], finding: Finding, sources: Sources | None, bench: Bench) -> Line:
    """What the issuer's own list says; a list that cannot be fetched says nothing."""
    if "credentialStatus" not in credential:
        text = "It names no list in which its issuer could revoke it."
        return Line(Question.REVOCATION, Reply.NO_LIST, Sentence(text))
    if sources is None or finding.signature is not Standing.GENUINE:
        return _unasked(Sentence("It was not checked whether its issuer has revoked it since."))
    try:
        listed = sources.status_list(str(status_entry(credential).get("statusListCredential")))
        revoked = is_revoked(credential, listed, bench.now, lambda each: _see_that_it_is_genuine(each, bench))
    except SanadError as error:
        text = "It could not be checked whether its issuer has revoked it since. {reason}"
        return _unasked(Sentence(text, {"reason": error.sentence}))
    if revoked:
        return Line(Question.REVOCATION, Reply.TAKEN_BACK, Sentence("Its issuer has revoked it."))
    return Line(Question.REVOCATION, Reply.NOT_TAKEN_BACK, Sentence("Its issuer's list does not show it as revoked."))


def _unasked(sentence: Sentence) -> Line:
    return Line(Question.REVOCATION, Reply.UNCHECKED, sentence)


def _see_that_it_is_genuine(listed: Mapping[str, Any], bench: Bench) -> None:
    if check_credential(dict(listed), bench).signature is not Standing.GENUINE:
        raise StatusError("The status list's own signature is false, or could not be checked.")


def _whose(controller: str) -> Sentence:
    if controller.startswith("did:key:"):
        return Sentence(
            "Its key is not tied to anyone: anybody can make one. It is not known who made this credential."
        )
    text = "Its key is published by {name}: the owner of that website made this credential."
    return Sentence(text, {"name": controller.removeprefix("did:web:")})


def _placed(fault: Fault) -> Sentence:
    if not fault.pointer:
        return fault.sentence
    return Sentence("{place}: {sentence}", {"place": fault.pointer, "sentence": fault.sentence})
