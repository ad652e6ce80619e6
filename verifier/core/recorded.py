"""What batches have on record about a commitment, in sentences that decide nothing (SPEC.md section 11)."""

from collections.abc import Iterable

from verifier.core.asking import Answer, Asked
from verifier.core.hashes import ZERO
from verifier.core.sentence import Sentence, in_a_row
from verifier.core.verdict import day

_REGISTERED = (
    "{institution} ({domain}) registered a certificate under this code on {time} with {programme}: bring the file."
)
_REVOKED = (
    "{institution} ({domain}) registered a certificate under this code on {time} with {programme} and revoked it on "
    "{revoked}: bring the file."
)
_REPLACED = (
    "{institution} ({domain}) registered a certificate under this code on {time} with {programme} and replaced it on "
    "{revoked}: bring the file."
)
_WITHDRAWN = (
    "{institution} ({domain}) registered a certificate under this code on {time} with {programme} and withdrew the "
    "whole batch on {withdrawn}: bring the file."
)
_NOT_COUNTING = (
    "{institution} ({domain}) registered a certificate under this code on {time} with {programme}, and that record "
    "does not count: bring the file."
)


def told(recorded: Iterable[Asked]) -> Sentence:
    """One sentence for each registry and each place that it holds; at least one."""
    return in_a_row(_one(asked, answer) for asked in recorded for answer in asked.answers)


def _one(asked: Asked, answer: Answer) -> Sentence:
    """What one registry has on record about one institution's batch."""
    record = answer.record
    facts = {
        "institution": record.institution_name,
        "domain": asked.place.domain,
        "time": day(record.issued_at),
        "revoked": day(record.revoked_at),
        "withdrawn": day(record.withdrawn_at),
        "programme": answer.info.programme,
    }
    return Sentence(_text(asked, answer), facts)


def _text(asked: Asked, answer: Answer) -> str:
    record = answer.record
    if record.reason:
        return _REVOKED if record.replacement == ZERO else _REPLACED
    if not record.counts or asked.place.index >= record.size:
        return _NOT_COUNTING
    return _WITHDRAWN if record.withdrawn_at else _REGISTERED
