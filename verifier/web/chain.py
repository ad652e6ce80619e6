"""The chain of trust for a page: programme, institution, signing key, certificate; each link with its state."""

from dataclasses import dataclass

from verifier.answers.network_names import network_name
from verifier.answers.wording import wording
from verifier.core.credential import read_fields
from verifier.core.hashes import to_base64url
from verifier.core.registry import Record
from verifier.core.sentence import Sentence
from verifier.core.verdict import Check, Outcome, Role, State, Step, Verdict, day
from verifier.core.verdict import Link as Walked

HEADINGS = {
    Outcome.VALID: "Who vouches for it",
    Outcome.PENDING: "Who vouches for it",
    Outcome.EXPIRED: "Who vouched for it",
    Outcome.REVOKED: "Who issued it",
    Outcome.REPLACED: "Who issued it",
    Outcome.UNTRUSTED: "Why it is not trusted",
}
"""For any other outcome no chain is shown, because none was found."""

_WORDS = {
    State.PASSED: "Confirmed",
    State.NOTE: "Please note",
    State.FAILED: "Not trusted",
    State.UNCHECKED: "Could not check",
}
_ROLES = {Role.EDUCATOR: "Educator", Role.CERTIFIER: "Certifier"}
_OWN_CHECKS = (Check.UNREVOKED, Check.STANDING, Check.FINAL, Check.DATES)


@dataclass(frozen=True)
class Link:
    """One link: who it is, and what is known about it."""

    role: str
    state: State
    word: str
    """Its state, in one or two words."""
    said: Sentence
    name: str | None = None
    domain: str | None = None
    key: str | None = None
    path: str | None = None
    """Base64url `H` of the educator's own certificate."""


def chain(verdict: Verdict) -> list[Link]:
    """The links from the programme down to the certificate; none if no registry holds it."""
    record = verdict.record
    if record is None or verdict.registry is None or verdict.outcome not in HEADINGS:
        return []
    text = "Keeps the public record on {network}, and accredited the institution."
    programme = _link("Programme", State.PASSED, Sentence(text, {"network": network_name(verdict.registry)}))
    return [
        _named(programme, verdict.registry.programme),
        _named(_institution(record), record.institution_name, verdict.domain),
        *(_walked(link) for link in reversed(verdict.walk)),
        _signer(verdict, record),
        _certificate(verdict),
    ]


def _institution(record: Record) -> Link:
    if record.suspended:
        text = "Accredited by the programme; now suspended from issuing. What it issued before still counts."
        return _link("Institution", State.NOTE, Sentence(text))
    return _link("Institution", State.PASSED, Sentence("Accredited by the programme under this domain."))


def _walked(link: Walked) -> Link:
    path = to_base64url(link.hash) if link.hash else None
    said = Sentence(link.text, link.facts)
    return Link(_ROLES[link.role], link.state, _WORDS[link.state], said, link.name, link.domain, path=path)


def _signer(verdict: Verdict, record: Record) -> Link:
    facts = {"time": day(record.issued_at)}
    if record.adopted:
        text = "The institution itself registered the certificate again on {time}."
        return _link("Key", State.PASSED, Sentence(text, facts))
    step = _step(verdict, Check.ENTITLED)
    if step.state is State.FAILED:
        link = _link("Key", State.FAILED, Sentence(step.text, step.facts))
    elif not record.signer_authorised:
        text = "This key registered the certificate on {time}. The institution authorised it then, but no longer does."
        link = _link("Key", State.NOTE, Sentence(text, facts))
    else:
        text = "This key, authorised by the institution, registered the certificate on {time}."
        link = _link("Key", State.PASSED, Sentence(text, facts))
    return Link(link.role, link.state, link.word, link.said, key=record.signer)


def _certificate(verdict: Verdict) -> Link:
    name = read_fields(verdict.credential).recipient if verdict.credential else None
    own = (_step(verdict, check) for check in _OWN_CHECKS)
    failed = next((step for step in own if step.state is State.FAILED), None)
    if failed is not None:
        word = wording(verdict).word.text
        return Link("Certificate", State.FAILED, word, Sentence(failed.text, failed.facts), name)
    text = Sentence("Registered, and neither revoked nor withdrawn.")
    return _named(_link("Certificate", State.PASSED, text), name)


def _link(role: str, state: State, said: Sentence) -> Link:
    return Link(role, state, _WORDS[state], said)


def _named(link: Link, name: str | None, domain: str | None = None) -> Link:
    return Link(link.role, link.state, link.word, link.said, name, domain)


def _step(verdict: Verdict, check: Check) -> Step:
    return verdict.steps[check.number - 1]
