"""The numbered steps of the verdict, each a pure function of the input and the answers (SPEC.md section 11)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from verifier.core.credential import validity
from verifier.core.dates import Instant
from verifier.core.domain import did_web
from verifier.core.errors import CredentialError, SignatureError, SignatureUncheckedError
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS, Record, RegistryInfo
from verifier.core.sentence import Sentence
from verifier.core.signature_memory import SignatureMemory
from verifier.core.verdict import Check, Link, Outcome, State, Step, day

_WEAKEST_FIRST = (State.FAILED, State.UNCHECKED, State.NOTE, State.SKIPPED, State.PASSED)
REASONS = {
    1: "issued in error",
    2: "error in its data",
    3: "misconduct",
    4: "superseded",
    5: "at the holder's request",
    6: "another reason",
}
"""What the registry's reason codes mean (SPEC.md section 10)."""
ERASED = "The institution erased this record on {day}. Only whoever has the file can still show it: bring the file."


def reason_of(record: Record) -> Sentence:
    """Why a record is revoked; an unknown code counts as "another reason"."""
    return Sentence(REASONS.get(record.reason, REASONS[6]))


def skipped(check: Check, text: str) -> Step:
    """A step that had nothing to check."""
    return Step(check, State.SKIPPED, text)


def erased(day: date) -> Step:
    """Step 1, for a bare hash whose certificate the institution erased from the archive."""
    return Step(Check.READ, State.UNCHECKED, ERASED, {"day": day.isoformat()}, Outcome.UNAVAILABLE)


def anchored(record: Record, info: RegistryInfo, domain: str) -> Step:
    """Step 3, for an existing record."""
    facts = {
        "institution": record.institution_name,
        "domain": domain,
        "programme": info.programme,
        "time": day(record.issued_at),
        "successor": record.successor,
        "successor_chain": record.successor_chain,
        "node": record.lone_node,
    }
    text = "{institution} ({domain}) registered it on {time} with {programme}."
    if record.adopted:
        text = "{institution} ({domain}) registered it again on {time} with {programme}."
    state = State.PASSED
    if record.lone_node:
        text, state = text + " This rests on the word of one node alone ({node}).", State.NOTE
    if record.successor == NO_ADDRESS:
        return Step(Check.ANCHORED, state, text, facts)
    text += (
        " That registry takes no more batches; the programme has named {successor} on chain {successor_chain} "
        "to follow it."
    )
    return Step(Check.ANCHORED, State.NOTE, text, facts)


def absent(domain: str, retired: Sequence[RegistryInfo]) -> Step:
    """Step 3, if every registry gave a usable answer and none holds it."""
    text, facts = (
        "No registry that this verifier trusts has a record of it in the name of {domain}.",
        {"domain": domain},
    )
    if retired:
        text += " Retired registries were not asked: {retired}."
        facts["retired"] = ", ".join(f"{info.programme} ({info.network}, {info.address})" for info in retired)
    return Step(Check.ANCHORED, State.FAILED, text, facts, Outcome.UNKNOWN)


def impossible(problem: Sentence) -> Step:
    """Step 3, for an issuer that no registry can hold."""
    text = "No registry can hold it: {problem}"
    return Step(Check.ANCHORED, State.FAILED, text, {"problem": problem}, Outcome.UNKNOWN)


def final(record: Record) -> Step:
    """Step 4: the record's time is before the finalized block's."""
    if record.finality_depth:
        return _final_by_depth(record)
    if record.issued_at < record.finalized_time:
        return Step(Check.FINAL, State.PASSED, "The registration is final.")
    return Step(
        Check.FINAL,
        State.FAILED,
        "The registration is seconds old and not final yet. Look again in a minute.",
        outcome=Outcome.PENDING,
    )


def _final_by_depth(record: Record) -> Step:
    facts = {"blocks": record.finality_depth}
    if record.issued_at < record.finalized_time:
        text = "The chain has stopped calling blocks final; the registration is taken for final {blocks} blocks on."
        return Step(Check.FINAL, State.NOTE, text, facts)
    text = "The chain has stopped calling blocks final; wait until the registration is {blocks} blocks old."
    return Step(Check.FINAL, State.FAILED, text, facts, Outcome.PENDING)


def entitled(record: Record, index: int) -> Step:
    """Step 5: the record counts, and the batch is large enough for this place in it."""
    facts: dict[str, str | int]
    if not record.counts:
        facts = {"time": day(record.distrusted_since)}
        text = "The key that registered it is distrusted by the institution since {time}; its record does not count."
        return Step(Check.ENTITLED, State.FAILED, text, facts, Outcome.UNTRUSTED)
    if index >= record.size:
        text = "The batch was registered with {size} certificates; this one claims to be number {number}."
        facts = {"size": record.size, "number": index + 1}
        return Step(Check.ENTITLED, State.FAILED, text, facts, Outcome.UNTRUSTED)
    if record.suspended:
        text = "The institution is suspended from issuing now; what it issued before stands."
        return Step(Check.ENTITLED, State.NOTE, text)
    if record.adopted:
        text = "The institution itself registered the batch again, without a signer."
        return Step(Check.ENTITLED, State.PASSED, text)
    if not record.signer_authorised:
        text = "The signer was authorised then and is not any more; what was issued before stands."
        return Step(Check.ENTITLED, State.NOTE, text)
    return Step(Check.ENTITLED, State.PASSED, "The signer was authorised by the institution and is not distrusted.")


def standing(record: Record) -> Step:
    """Step 6: the institution has not withdrawn the batch."""
    if record.withdrawn_at:
        text = "The institution withdrew the whole batch on {time}."
        return Step(Check.STANDING, State.FAILED, text, {"time": day(record.withdrawn_at)}, Outcome.UNTRUSTED)
    return Step(Check.STANDING, State.PASSED, "The batch has not been withdrawn.")


def unrevoked(record: Record) -> Step:
    """Step 7: no counting revocation or replacement."""
    if not record.reason:
        return Step(Check.UNREVOKED, State.PASSED, "It has not been revoked.")
    facts = {"time": day(record.revoked_at), "reason": reason_of(record)}
    if record.replacement != ZERO:
        text = "It was replaced by another certificate on {time}: {reason}."
        return Step(Check.UNREVOKED, State.FAILED, text, facts, Outcome.REPLACED)
    text = "It was revoked on {time}: {reason}."
    return Step(Check.UNREVOKED, State.FAILED, text, facts, Outcome.REVOKED)


def dates(credential: Mapping[str, Any], now: int) -> Step:
    """Step 8: `validFrom` and `validUntil` around the agreed block's time."""
    try:
        start, end = validity(credential)
    except CredentialError as error:
        facts = {"reason": error.sentence}
        return Step(Check.DATES, State.UNCHECKED, "Its dates cannot be read: {reason}", facts, Outcome.UNAVAILABLE)
    if start is not None and Instant.of_seconds(now) < start:
        text = "It is valid only from {time} on."
        return Step(Check.DATES, State.FAILED, text, {"time": _date(start)}, Outcome.PENDING)
    if end is not None and Instant.of_seconds(now) > end:
        return Step(Check.DATES, State.FAILED, "It expired on {time}.", {"time": _date(end)}, Outcome.EXPIRED)
    if end is not None:
        return Step(Check.DATES, State.PASSED, "It is valid until {time}.", {"time": _date(end)})
    return Step(Check.DATES, State.PASSED, "It has no end date.")


def signature(
    credential: Mapping[str, Any], domain: str | None, canonicalise: Callable[[Any], str] | None = None
) -> Step:
    """Step 9: the Data Integrity proof by a key of the issuer. Never decides: the registered `C` covers it.

    Cached by `H`, unless a quicker way to canonicalise is given.
    """
    if canonicalise is None:
        return _SIGNATURES.step(credential, domain)
    return _signature(credential, domain, canonicalise)


def _signature(
    credential: Mapping[str, Any], domain: str | None, canonicalise: Callable[[Any], str] | None = None
) -> Step:
    # Imported late: RDF canonicalisation is slow to load, and checking a code needs none of it.
    from verifier.core.data_integrity import verify_proof  # late: only a signature needs it
    from verifier.core.linked_data import canonical_quads

    try:
        method = verify_proof(credential, canonicalise or canonical_quads).verification_method
        if domain is None or not method.startswith(did_web(domain) + "#"):
            raise SignatureError("The key that signed does not belong to the issuer.")
    except SignatureError as error:
        facts = {"reason": error.sentence}
        return Step(Check.SIGNATURE, State.FAILED, "The credential's own signature is false: {reason}", facts)
    except SignatureUncheckedError as error:
        facts = {"reason": error.sentence}
        text = "The credential's own signature could not be checked: {reason}"
        return Step(Check.SIGNATURE, State.UNCHECKED, text, facts)
    return Step(Check.SIGNATURE, State.PASSED, "The credential's own signature is genuine.")


_SIGNATURES = SignatureMemory(_signature)


def educator(record: Record, links: Sequence[Link] = ()) -> Step:
    """Step 11: who certified the educator whose key registered the batch, and the state of each link.

    Args:
        record: the registry's answer.
        links: the walk, if it was made.
    """
    if record.adopted:
        return skipped(Check.EDUCATOR, "The institution itself registered the batch again: no educator is behind it.")
    if record.certifier == ZERO:
        return skipped(Check.EDUCATOR, "No educator's certificate stands behind the signer's key.")
    facts = {"name": record.certifier_name, "domain": record.certifier_domain}
    text = "The signer is an educator certified by {name} ({domain})."
    weak = min(links, key=lambda link: _WEAKEST_FIRST.index(link.state), default=None)
    if weak is None or weak.state is State.PASSED:
        return Step(Check.EDUCATOR, State.NOTE if weak is None else State.PASSED, text, facts)
    said = {"certified": Sentence(text, facts), "link": Sentence(weak.text, weak.facts)}
    return Step(Check.EDUCATOR, weak.state, "{certified} {link}", said)


def _date(value: Instant) -> str:
    return day(value.seconds)
