"""The chain of trust as a page shows it: programme, institution, signer, certificate, each link with its state."""

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
    Outcome.UNTRUSTED: "Where the chain of trust breaks",
}
"""No chain is shown where none was seen."""

_WORDS = {
    State.PASSED: "Holds",
    State.NOTE: "Please note",
    State.FAILED: "Broken",
    State.UNCHECKED: "Could not check",
}
_ROLES = {Role.EDUCATOR: "Educator", Role.CERTIFIER: "Certifier"}
_OWN_CHECKS = (Check.UNREVOKED, Check.STANDING, Check.FINAL, Check.DATES)


@dataclass(frozen=True)
class Link:
    """One link: who it is, and what is known of it."""

    role: str
    state: State
    word: str
    """How it stands, in a word or two."""
    said: Sentence
    name: str | None = None
    domain: str | None = None
    key: str | None = None
    path: str | None = None
    """Base64url `H` of their own certificate."""


def chain(verdict: Verdict) -> list[Link]:
    """The links from the programme down to the certificate; none where no registry holds it."""
    record = verdict.record
    if record is None or verdict.registry is None or verdict.outcome not in HEADINGS:
        return []
    text = "Keeps the registry on {network} and accredited the institution."
    programme = _link("Programme", State.PASSED, Sentence(text, {"network": network_name(verdict.registry)}))
    return [
        _named(programme, verdict.registry.programme),
        _named(_institution(record), record.institution_name, verdict.domain),
        *(_walked(link) for link in reversed(verdict.walk)),
        _signer(verdict, record),
        _certificate(verdict, record),
    ]


def _institution(record: Record) -> Link:
    if record.suspended:
        text = "Accredited by the programme; suspended from issuing now. What it issued before stands."
        return _link("Institution", State.NOTE, Sentence(text))
    return _link("Institution", State.PASSED, Sentence("Accredited by the programme under this domain."))


def _walked(link: Walked) -> Link:
    path = to_base64url(link.hash) if link.hash else None
    said = Sentence(link.text, link.facts)
    return Link(_ROLES[link.role], link.state, _WORDS[link.state], said, link.name, link.domain, path=path)


def _signer(verdict: Verdict, record: Record) -> Link:
    facts = {"time": day(record.issued_at)}
    if record.adopted:
        text = "The institution itself registered the batch again on {time}."
        return _link("Signer", State.PASSED, Sentence(text, facts))
    step = _step(verdict, Check.ENTITLED)
    if step.state is State.FAILED:
        link = _link("Signer", State.FAILED, Sentence(step.text, step.facts))
    elif not record.signer_authorised:
        text = "This key registered the batch on {time}. It was authorised by the institution then and is not any more."
        link = _link("Signer", State.NOTE, Sentence(text, facts))
    else:
        text = "This key, authorised by the institution, registered the batch on {time}."
        link = _link("Signer", State.PASSED, Sentence(text, facts))
    return Link(link.role, link.state, link.word, link.said, key=record.signer)


def _certificate(verdict: Verdict, record: Record) -> Link:
    name = read_fields(verdict.credential).recipient if verdict.credential else None
    own = (_step(verdict, check) for check in _OWN_CHECKS)
    failed = next((step for step in own if step.state is State.FAILED), None)
    if failed is not None:
        word = wording(verdict).word.text
        return Link("Certificate", State.FAILED, word, Sentence(failed.text, failed.facts), name)
    text = "Registered in a batch of {size}, and neither revoked nor withdrawn."
    return _named(_link("Certificate", State.PASSED, Sentence(text, {"size": record.size})), name)


def _link(role: str, state: State, said: Sentence) -> Link:
    return Link(role, state, _WORDS[state], said)


def _named(link: Link, name: str | None, domain: str | None = None) -> Link:
    return Link(link.role, link.state, link.word, link.said, name, domain)


def _step(verdict: Verdict, check: Check) -> Step:
    return verdict.steps[check.number - 1]
