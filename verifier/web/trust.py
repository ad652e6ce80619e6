"""The chain of trust on a verdict's page: programme, institution, signer, certificate, and how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from verifier.core.codes import short_code
from verifier.core.credential import read_fields
from verifier.core.hashes import ZERO
from verifier.core.registry import Record
from verifier.core.sentence import Sentence
from verifier.core.steps import reason_of
from verifier.core.verdict import Check, Outcome, State, Verdict, day

STANDINGS: Mapping[State, str] = {
    State.PASSED: "In order",
    State.NOTE: "Please note",
    State.FAILED: "Not in order",
    State.UNCHECKED: "Could not check",
}
"""How a link of the chain stands, in words."""


@dataclass(frozen=True)
class Link:
    """One link: who it is, and how it stands in one sentence."""

    role: str
    name: str | None
    state: State
    says: Sentence
    domain: str | None = None

    @property
    def standing(self) -> str:
        """The word for the state."""
        return STANDINGS[self.state]


def chain_of_trust(verdict: Verdict) -> list[Link]:
    """The links from the programme down to the certificate; none where no registry holds it."""
    if verdict.record is None or verdict.registry is None:
        return []
    record = verdict.record
    return [
        Link("Programme", verdict.registry.programme, State.PASSED, Sentence("It keeps the registry that was asked.")),
        _institution(record, verdict.domain),
        _signer(verdict, record),
        _certificate(verdict, record),
    ]


def _institution(record: Record, domain: str | None) -> Link:
    if record.suspended:
        says = "It is accredited by the programme, and suspended from issuing now. What it issued before stands."
    else:
        says = "It is accredited by the programme under this domain."
    state = State.NOTE if record.suspended else State.PASSED
    return Link("Institution", record.institution_name, state, Sentence(says), domain)


def _signer(verdict: Verdict, record: Record) -> Link:
    fields = read_fields(verdict.credential) if verdict.credential else None
    state, says = _signing(record)
    return Link("Signer", fields.professor if fields and not record.adopted else None, state, says)


def _signing(record: Record) -> tuple[State, Sentence]:
    facts = {"key": f"{record.signer[:8]}…{record.signer[-6:]}", "time": day(record.distrusted_since)}
    if record.adopted:
        return State.PASSED, Sentence("The institution registered it again itself, in its own name.")
    if not record.counts:
        return State.FAILED, Sentence("The institution distrusts the key {key} since {time}.", facts)
    if not record.signer_authorised:
        return State.NOTE, Sentence("The institution had authorised the key {key} then, and does not any more.", facts)
    if record.certifier == ZERO:
        return State.PASSED, Sentence("The institution has authorised the key {key}.", facts)
    text = "The institution has authorised the key {key}, of an educator whom {name} ({domain}) certified."
    return State.PASSED, Sentence(text, {**facts, "name": record.certifier_name, "domain": record.certifier_domain})


def _certificate(verdict: Verdict, record: Record) -> Link:
    text = _WITHDRAWN if _is_withdrawn(verdict) else _REGISTERED[verdict.outcome]
    facts = {
        "time": day(record.issued_at),
        "revoked": day(record.revoked_at),
        "withdrawn": day(record.withdrawn_at),
        "why": reason_of(record),
    }
    name = short_code(verdict.hash) if verdict.hash else None
    return Link("Certificate", name, _state(verdict), Sentence(text, facts))


def _is_withdrawn(verdict: Verdict) -> bool:
    return verdict.reason is not None and verdict.reason.check is Check.STANDING


def _state(verdict: Verdict) -> State:
    match verdict.outcome:
        case Outcome.VALID:
            return State.PASSED
        case Outcome.UNAVAILABLE:
            return State.UNCHECKED
        case Outcome.PENDING:
            return State.NOTE
        case _:
            return State.FAILED


_WITHDRAWN = "Registered on {time}, withdrawn with its whole batch on {withdrawn}."
_REGISTERED: Mapping[Outcome, str] = {
    Outcome.VALID: "Registered on {time}, not revoked, within its dates.",
    Outcome.PENDING: "Registered on {time}; it does not hold yet.",
    Outcome.EXPIRED: "Registered on {time}; its time is over.",
    Outcome.REVOKED: "Registered on {time}, revoked on {revoked}: {why}.",
    Outcome.REPLACED: "Registered on {time}, replaced on {revoked}: {why}.",
    Outcome.UNTRUSTED: "Registered on {time}; that does not count.",
    Outcome.UNAVAILABLE: "Registered on {time}; the rest could not be checked.",
}
