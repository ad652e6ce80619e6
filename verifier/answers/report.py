"""Verdicts as plain data: what both `sanad verify --json` and the HTTP API return."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from verifier.answers.answer import Answer, words_of
from verifier.answers.changed_copies import REGISTERED, is_changed_copy, standing_in_words
from verifier.answers.network_names import test_network
from verifier.answers.other_credentials import Report
from verifier.answers.remarks import remarks
from verifier.answers.wording import wording
from verifier.core.codes import ShortCode, short_code
from verifier.core.credential import CertificateFields, read_fields
from verifier.core.hashes import ZERO, to_base64url, to_hex
from verifier.core.pasted import Named
from verifier.core.registry import NO_ADDRESS, Record, RegistryInfo
from verifier.core.steps import REASONS
from verifier.core.verdict import Link, Step, Verdict, moment

Data = dict[str, Any]


def verdict_data(verdict: Verdict, given: str | None, asked: Sequence[RegistryInfo], at: datetime) -> Data:
    """A verdict as JSON-ready data; absent parts are null, never missing.

    Args:
        verdict: the answer.
        given: the input (a file's name, a link, a hash), or None.
        asked: the registries that the verifier trusts.
        at: when the answer was given.
    """
    words = wording(verdict)
    notice = test_network(verdict, asked)
    return {
        "input": given,
        "hash": _hex(verdict.hash),
        "commitment": _hex(verdict.commitment),
        "short_code": short_code(verdict.hash) if verdict.hash else None,
        "verdict": verdict.outcome.value,
        "problem": None,
        "headline": str(words.headline),
        "explanation": str(words.explanation),
        "advice": str(words.advice),
        "test_network": str(notice) if notice else None,
        "checked_at": _iso(at),
        "remarks": [str(remark) for remark in remarks(verdict)],
        "steps": [step_data(step) for step in verdict.steps],
        "certificate": certificate_data(read_fields(verdict.credential)) if verdict.credential else None,
        "registry": registry_data(verdict.registry) if verdict.registry else None,
        **_record_parts(verdict),
        "replacement": _reference(verdict.replacement),
        "walk": [link_data(link) for link in verdict.walk],
        "registered": _registered(verdict, given, asked, at),
    }


def _registered(verdict: Verdict, given: str | None, asked: Sequence[RegistryInfo], at: datetime) -> Data | None:
    """What was registered under an altered file's code; for a changed copy, no headline says "valid"."""
    if verdict.registered is None:
        return None
    data = verdict_data(verdict.registered, given, asked, at)
    if not is_changed_copy(verdict):
        return data
    said = {
        "headline": REGISTERED,
        "explanation": str(standing_in_words(verdict)),
        "advice": str(wording(verdict).explanation),
    }
    return data | said


def answer_data(answer: Answer, asked: Sequence[RegistryInfo]) -> Data:
    """An answer as JSON-ready data: `verdict_data`, or the same keys as far as they apply, with `problem` as reason."""
    if answer.verdict is not None:
        data = verdict_data(answer.verdict, answer.given, asked, answer.at)
        return {**data, "remarks": [*data["remarks"], *map(str, answer.notes)]}
    assert answer.problem is not None
    words = words_of(answer)
    return {
        "input": answer.given,
        "hash": None,
        "commitment": None,
        "verdict": None,
        "problem": answer.problem.value,
        "headline": str(words.headline),
        "explanation": str(words.explanation),
        "advice": str(words.advice),
        "checked_at": _iso(answer.at),
        "steps": [],
        "matches": [_named(each) for each in (*answer.matches, *answer.named)],
        "report": report_data(answer.report) if answer.report else None,
        "answers": [answer_data(part, asked) for part in answer.parts],
    }


def report_data(report: Report) -> Data:
    """What was found about another issuer's credential; this is not a verdict."""
    finding = report.finding
    return {
        "hash": to_hex(report.hash),
        "signature": report.signature.value,
        "signed_by": finding.controller,
        "certificate": certificate_data(read_fields(report.covered)),
        "lines": [
            {"question": line.question.value, "reply": line.reply.value, "sentence": str(line.sentence)}
            for line in report.lines
        ],
        "faults": [fault.details() | {"checked": not fault.unchecked} for fault in finding.faults],
        "notes": [str(warning) for warning in finding.warnings],
    }


def step_data(step: Step) -> Data:
    """One numbered step."""
    return {"number": step.number, "name": step.check.value, "state": step.state.value, "sentence": step.sentence}


def link_data(link: Link) -> Data:
    """One link of the sanad; `certificate` is the educator's own."""
    return {
        "role": link.role.value,
        "state": link.state.value,
        "sentence": link.sentence,
        "name": link.name,
        "domain": link.domain,
        "certificate": _reference(link.hash),
        "verdict": link.outcome.value if link.outcome else None,
    }


def certificate_data(fields: CertificateFields) -> Data:
    """What the credential says; dates in ISO 8601."""
    return {name: _iso(value) if isinstance(value, date) else value for name, value in asdict(fields).items()}


def registry_data(info: RegistryInfo) -> Data:
    """Which registry answered."""
    return asdict(info)


def _record_parts(verdict: Verdict) -> Data:
    record = verdict.record
    if record is None:
        institution = {"name": None, "domain": verdict.domain} if verdict.domain else None
        nothing = {"registration": None, "revocation": None, "withdrawn_at": None, "withdrawn_by": None}
        return {"institution": institution, **nothing}
    return {
        "institution": {"name": record.institution_name, "domain": verdict.domain},
        "registration": _registration(record),
        "revocation": _revocation(record),
        "withdrawn_at": _time(record.withdrawn_at),
        "withdrawn_by": record.withdrawn_by if record.withdrawn_by != NO_ADDRESS else None,
    }


def _registration(record: Record) -> Data:
    return {
        "at": _time(record.issued_at),
        "again": record.adopted,
        "signer": None if record.adopted else record.signer,
        "root": to_hex(record.root),
        "size": record.size,
        "counts": record.counts,
        "distrusted_since": _time(record.distrusted_since),
        "certifier": record.certifier_domain if record.certifier != ZERO else None,
        "successor": record.successor if record.successor != NO_ADDRESS else None,
        "successor_chain": record.successor_chain or None,
        "lone_node": record.lone_node or None,
        "block_number": record.block_number,
        "block_time": _time(record.block_time),
    }


def _revocation(record: Record) -> Data | None:
    if not record.reason:
        return None
    return {
        "at": _time(record.revoked_at),
        "code": record.reason,
        "reason": REASONS.get(record.reason, REASONS[6]),
        "by": record.revoked_by,
        "by_institution": record.revoked_by_institution,
        "replacement_commitment": to_hex(record.replacement) if record.replacement != ZERO else None,
    }


def _named(named: Named) -> Data | None:
    if isinstance(named, ShortCode):
        return {"hash": None, "short_code": str(named), "path": f"/c/{named}"}
    return _reference(named)


def _reference(hash_: bytes | None) -> Data | None:
    if hash_ is None:
        return None
    return {"hash": to_hex(hash_), "short_code": short_code(hash_), "path": f"/c/{to_base64url(hash_)}"}


def _hex(value: bytes | None) -> str | None:
    return to_hex(value) if value is not None else None


def _time(seconds: int) -> str | None:
    return _iso(moment(seconds)) if seconds else None


def _iso(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
