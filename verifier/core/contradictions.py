"""What makes a registry's answer unusable, rule by rule (SPEC.md section 11, `usable`)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from verifier.core.domain import is_domain
from verifier.core.hashes import ZERO, institution_id
from verifier.core.limits import LIMITS

if TYPE_CHECKING:
    from verifier.core.registry import Record

_NOBODY = "0x" + "0" * 40
_LAST_REASON = 6


def contradicts_itself(record: "Record") -> bool:
    """Whether an answer says what no registry can say. `good` is not checked: it is a summary for contracts."""
    rules = (_times, _successor, _institution, _batch, _standing, _withdrawal, _revocation, _educator)
    return any(any(rule(record)) for rule in rules)


def _times(record: "Record") -> Iterator[bool]:
    past = (record.issued_at, record.withdrawn_at, record.distrusted_since, record.revoked_at)
    yield not 0 < record.block_time <= LIMITS.time
    yield not 0 <= record.finalized_time <= LIMITS.time
    yield any(not 0 <= time <= record.block_time for time in past)


def _successor(record: "Record") -> Iterator[bool]:
    yield (record.successor == _NOBODY) != (record.successor_chain == 0)


def _institution(record: "Record") -> Iterator[bool]:
    if record.accredited:
        return
    yield record.exists or record.suspended or bool(record.institution_name)
    yield bool(record.withdrawn_at or record.distrusted_since or record.reason) or record.signer_authorised


def _batch(record: "Record") -> Iterator[bool]:
    yield record.size < 0
    if record.exists:
        yield record.size == 0 or record.signer == _NOBODY
    else:
        yield record.size != 0 or record.signer != _NOBODY or record.adopted
        yield record.signer_authorised or bool(record.distrusted_since)


def _standing(record: "Record") -> Iterator[bool]:
    distrusted = 0 < record.distrusted_since <= record.issued_at
    yield record.counts != (record.exists and not distrusted)


def _withdrawal(record: "Record") -> Iterator[bool]:
    yield record.withdrawn_at == 0 and record.withdrawn_by != _NOBODY


def _revocation(record: "Record") -> Iterator[bool]:
    yield not 0 <= record.reason <= _LAST_REASON
    yield (record.reason == 0) != (record.revoked_at == 0)
    if record.reason == 0:
        yield record.replacement != ZERO or record.revoked_by != _NOBODY or record.revoked_by_institution


def _educator(record: "Record") -> Iterator[bool]:
    if record.certifier == ZERO:
        yield bool(record.certifier_domain or record.certifier_name) or record.educator_commitment != ZERO
        return
    yield not record.exists or record.adopted or record.educator_commitment == ZERO
    yield not is_domain(record.certifier_domain) or institution_id(record.certifier_domain) != record.certifier
