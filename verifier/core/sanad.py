"""The sanad: student's certificate ← educator ← the institution that certified the educator (SPEC.md section 11).

There are only two links: who stands behind the educator's own certificate is shown on its own page.
"""

from collections.abc import Mapping

from verifier.core.credential import read_fields
from verifier.core.hashes import institution_id
from verifier.core.registry import Record
from verifier.core.verdict import Link, Outcome, Role, State, Verdict, day

_STANDS: Mapping[Outcome, tuple[State, str]] = {
    Outcome.VALID: (State.PASSED, "The key that registered it belongs to {name}, whose own certificate is valid."),
    Outcome.REVOKED: (
        State.NOTE,
        "The key that registered it belongs to {name}, whose own certificate was revoked on {time}; "
        "the students' certificates stand.",
    ),
    Outcome.REPLACED: (
        State.NOTE,
        "The key that registered it belongs to {name}, whose own certificate was replaced on {time}; "
        "the students' certificates stand.",
    ),
    Outcome.EXPIRED: (
        State.NOTE,
        "The key that registered it belongs to {name}, whose own certificate has expired; "
        "the students' certificates stand.",
    ),
    Outcome.PENDING: (
        State.NOTE,
        "The key that registered it belongs to {name}, whose own certificate is not final or not valid yet.",
    ),
    Outcome.UNTRUSTED: (
        State.FAILED,
        "The key that registered it belongs to {name}, whose own certificate is not trusted.",
    ),
    Outcome.UNKNOWN: (State.FAILED, "The educator's own certificate is on record with no registry."),
    Outcome.UNAVAILABLE: (State.UNCHECKED, "The educator's own certificate could not be checked now."),
}


def walk(record: Record, own: Verdict | None) -> tuple[Link, ...]:
    """The links behind a record whose signer was authorised because a certifier vouched for the educator.

    Args:
        record: the registry's answer about the student's certificate.
        own: the verdict on the certificate with the record's `educator_commitment`; None if it is not available.
    """
    return _educator(record, own), _certifier(record, own)


def _educator(record: Record, own: Verdict | None) -> Link:
    if own is None:
        text = "The certificate of the educator whose key registered it is not in the archive."
        return Link(Role.EDUCATOR, State.UNCHECKED, text)
    if own.domain is None or institution_id(own.domain) != record.certifier:
        text = "The educator's own certificate was not issued by the institution that certified the key."
        return Link(Role.EDUCATOR, State.FAILED, text, domain=own.domain, hash=own.hash, outcome=own.outcome)
    name = read_fields(own.credential).recipient if own.credential else None
    state, text = _STANDS[own.outcome]
    facts = {"name": name or "?", "time": day(own.record.revoked_at) if own.record else ""}
    return Link(Role.EDUCATOR, state, text, facts, name, own.domain, own.hash, own.outcome)


def _certifier(record: Record, own: Verdict | None) -> Link:
    name, domain = record.certifier_name, record.certifier_domain
    facts = {"name": name, "domain": domain}
    if own is not None and own.domain == domain and own.record is not None and own.record.suspended:
        text = "{name} ({domain}) certified the educator; it is suspended from issuing now, what it did before stands."
        return Link(Role.CERTIFIER, State.NOTE, text, facts, name, domain)
    text = "{name} ({domain}) certified the educator, as the registry saw when the key was authorised."
    return Link(Role.CERTIFIER, State.PASSED, text, facts, name, domain)
