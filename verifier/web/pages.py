"""An answer as an HTTP response: a page for people, JSON for programs."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, make_response, render_template, request, url_for

from verifier.answers.answer import Answer, words_of
from verifier.answers.changed_copies import is_changed_copy, issued, standing_in_words
from verifier.answers.network_names import test_network
from verifier.answers.other_credentials import Report
from verifier.answers.remarks import remarks
from verifier.answers.report import answer_data
from verifier.answers.wording import (
    FIELDS,
    STATES,
    standing,
    wording,
)
from verifier.core.codes import ShortCode, link, short_code
from verifier.core.credential import CertificateFields, read_fields
from verifier.core.hashes import to_base64url, to_hex
from verifier.core.pasted import Named
from verifier.core.sentence import Sentence
from verifier.core.verdict import Outcome, Verdict, day
from verifier.web.chain import HEADINGS, chain
from verifier.web.site import site
from verifier.web.status import headers_of, status_of

VOUCHED = frozenset({Outcome.VALID, Outcome.PENDING, Outcome.EXPIRED})


def answer_json(answer: Answer, status: int | None = None) -> Response:
    """The data of `verifier.answers.report`, under the status of `verifier.web.status` or another one.

    Without a verdict, the data are problem details (RFC 9457), whose `type` is the address of a page about it.
    """
    status = status or status_of(answer)
    data = answer_data(answer, site().asked)
    response = jsonify(data if answer.problem is None or status < 400 else _problem_details(data, answer, status))
    if answer.problem is not None and status >= 400:
        response.mimetype = "application/problem+json"
    response.status_code = status
    response.headers.update(headers_of(status))
    return response


def _problem_details(data: dict[str, Any], answer: Answer, status: int) -> dict[str, Any]:
    type_ = site().origin + url_for("home.problem", name=answer.problem)
    detail = {"detail": data["explanation"]} if data["explanation"] else {}
    return {"type": type_, "title": data["headline"], "status": status, **detail, **data}


def answer_page(answer: Answer) -> Response:
    """The page of a verdict, or a page that says why there is none."""
    status = status_of(answer)
    html = _problem_page(answer) if answer.verdict is None else _verdict_page(answer, answer.verdict)
    return make_response(html, status, headers_of(status))


def _problem_page(answer: Answer) -> str:
    words = words_of(answer)
    matches = [(_path_part(each), _spelled(each)) for each in (*answer.matches, *answer.named)]
    report = _report_view(answer.report) if answer.report else None
    asked_for = request.args.get("q", "")
    parts = [_part_view(part) for part in answer.parts]
    return render_template(
        "problem.html", words=words, matches=matches, asked_for=asked_for, report=report, parts=parts
    )


def _part_view(part: Answer) -> dict[str, object]:
    """One of several credentials in a presentation: whose it is, its answer, and the address of its page."""
    credential = part.report.credential if part.report else part.verdict.credential if part.verdict else None
    fields = read_fields(credential) if credential else None
    path = None if part.verdict is None else _view(part.verdict)["path"]
    return {"words": words_of(part), "fields": fields, "path": path}


def _path_part(named: Named) -> str:
    return str(named) if isinstance(named, ShortCode) else to_base64url(named)


def _spelled(named: Named) -> str:
    return str(named) if isinstance(named, ShortCode) else to_hex(named)


def _report_view(report: Report) -> dict[str, object]:
    """What the templates show of a report on another issuer's credential; its content is shown as unconfirmed."""
    fields = read_fields(report.covered)
    return {
        "verdict": {"record": None, "domain": None},
        "fields": fields if report.covered else None,
        "rows": _rows(fields),
        "confirmed": False,
        "vouched": False,
        "lines": report.lines,
        "identity": [("Credential hash", to_hex(report.hash)), ("Signed by", report.finding.controller or "?")],
    }


def _verdict_page(answer: Answer, verdict: Verdict) -> str:
    return render_template(
        "verdict.html",
        answer=answer,
        view=_view(verdict, answer.notes),
        registered=_view(verdict.registered) if verdict.registered else None,
        issued=issued(verdict),
        standing=standing_in_words(verdict) if is_changed_copy(verdict) else None,
        notice=test_network(verdict, site().asked),
        card=_card(verdict),
    )


def _card(verdict: Verdict) -> dict[str, str | None]:
    """What chats and social networks show for a link: course and institution, but no person's name."""
    if verdict.outcome not in VOUCHED or verdict.record is None or verdict.credential is None:
        return {"title": None, "picture": None}
    course = read_fields(verdict.credential).course
    title = " · ".join(part for part in (course, verdict.record.institution_name) if part)
    picture = None
    if verdict.hash is not None and site().picture(verdict) is not None:
        picture = site().origin + url_for("certificates.card", code=to_base64url(verdict.hash))
    return {"title": title, "picture": picture}


def _view(verdict: Verdict, notes: Sequence[Sentence] = ()) -> dict[str, object]:
    """What the templates show of a verdict."""
    stored = verdict.hash is not None and verdict.credential is not None and _is_offered(verdict.hash, verdict)
    return {
        "verdict": verdict,
        "words": wording(verdict),
        "remarks": [*remarks(verdict), *notes],
        "states": STATES,
        "fields": read_fields(verdict.credential) if verdict.credential else None,
        "rows": _rows(read_fields(verdict.credential)) if verdict.credential else [],
        "standing": standing(verdict),
        "confirmed": verdict.record is not None,
        "vouched": verdict.outcome in VOUCHED,
        "path": to_base64url(verdict.hash) if verdict.hash and stored else None,
        "badge": stored and site().badge(verdict) is not None,
        "replacement": to_base64url(verdict.replacement) if verdict.replacement else None,
        "identity": _identity(verdict),
        "chain": chain(verdict),
        "chain_heading": HEADINGS.get(verdict.outcome),
    }


def _is_offered(hash_: bytes, verdict: Verdict) -> bool:
    """Whether the archive has it, and its envelope can be downloaded."""
    verifier = site().verifier
    return verifier.has(hash_) and (verdict.place is not None or verifier.envelope(hash_) is not None)


def _rows(fields: CertificateFields) -> list[tuple[str, str]]:
    """Label and value of each of the certificate's minor fields that it has."""
    # The day of award begins at midnight where the institution is; in UTC that is often the day before.
    plain = fields.valid_from and fields.awarded and fields.valid_from.date() <= fields.awarded
    hidden = {"valid_from"} if plain else set()
    values = {name: getattr(fields, name) for name in FIELDS if name not in hidden}
    return [(FIELDS[name], _shown(value)) for name, value in values.items() if value is not None]


def _shown(value: object) -> str:
    date = getattr(value, "date", None)
    return str(date() if callable(date) else value)


def _identity(verdict: Verdict) -> list[tuple[str, str]]:
    """The technical details of the verdict, for engineers and auditors."""
    rows: list[tuple[str, str]] = []
    if verdict.hash is not None and verdict.commitment is not None:
        rows += [
            ("Link", link(site().origin, verdict.hash)),
            ("Short code", short_code(verdict.hash)),
            ("Certificate hash", to_hex(verdict.hash)),
            ("Commitment", to_hex(verdict.commitment)),
        ]
    if verdict.registry is not None and verdict.record is not None:
        info, record = verdict.registry, verdict.record
        rows += [
            ("Network", f"{info.network} ({info.chain_id})"),
            ("Registry", info.address),
            ("Batch root", to_hex(record.root)),
            ("Batch size", str(record.size)),
            *([] if record.adopted else [("Registered by key", record.signer)]),
            ("Answered at block", f"{record.block_number} ({day(record.block_time)})"),
        ]
    return rows
