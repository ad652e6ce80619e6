"""The endpoints of the VC API: JSON in, JSON out, 2xx when good and 4xx with problem details (RFC 9457) when not."""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from issuer.vc_api.contexts import lenient_reader
from issuer.vc_api.issuing import SUITES, RefusedError, Signatory, issue
from verifier.core.canonical import parse
from verifier.core.errors import JsonError
from verifier.core.linked_data import Canonicalise
from verifier.core.sentence import Sentence
from verifier.vc.checking import Finding, Standing, check_credential, check_presentation
from verifier.vc.faults import Fault, Kind, malformed
from verifier.vc.keys import DidDocuments
from verifier.vc.proofs import Asked, Bench

BODY_BYTES = 262_144
"""Largest request body, as every JSON that Sanad reads (SPEC.md section 2)."""

blueprint = Blueprint("vc_api", __name__)


@dataclass(frozen=True, repr=False)
class Service:
    """What the endpoints work with.

    Args:
        signatory: whose key issues.
        token: what every caller who has something issued must send; None: nobody is asked.
        documents: where the documents of `did:web` come from.
        canonicalise: how JSON-LD becomes canonical N-Quads.
        clock: the time, with its offset.
    """

    signatory: Signatory
    token: str | None = None
    documents: DidDocuments | None = None
    canonicalise: Canonicalise = field(default_factory=lenient_reader)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def bench(self) -> Bench:
        """What proofs are judged with, now."""
        return Bench(self.clock(), self.canonicalise, self.documents)


def create_app(service: Service) -> Flask:
    """The application around one service; may be served by several threads.

    Raises:
        ValueError: it would sign with a person's key for anybody who asks.
    """
    if not service.signatory.trial and not service.token:
        raise ValueError("only a trial key may sign for callers without a token")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.extensions["sanad-vc-api"] = service
    app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refused_by_http)
    app.after_request(_harden)
    return app


@blueprint.get("/")
def about() -> Response:
    """Who issues here, and where."""
    issuing = {suite: f"/{suite}/credentials/issue" for suite in SUITES}
    paths = {"issue": issuing, "verify": "/credentials/verify", "verifyPresentation": "/presentations/verify"}
    return _json(
        {"issuer": _service().signatory.controller, "token": _service().token is not None, "endpoints": paths}, 200
    )


@blueprint.post("/credentials/issue")
def issue_with_the_usual_suite() -> Response:
    """`issue_credential` with the suite that the options name, else `eddsa-rdfc-2022`."""
    return issue_credential(None)


@blueprint.post("/<suite>/credentials/issue")
def issue_credential(suite: str | None) -> Response:
    """Sign `{"credential": …}`; 201 with `{"verifiableCredential": …}`, 400 where it is not as it should be."""
    refusal = _without_token()
    if refusal is not None:
        return refusal
    body, faults = _body()
    options = body.get("options") or {}
    if not isinstance(options, dict):
        faults.append(malformed("/options", "The options are not an object."))
    elif not faults:
        named = options.get("cryptosuite", suite or SUITES[0])
        if named not in SUITES or (suite is not None and named != suite):
            text = "Nothing is signed with {suite} here, only with {known}."
            faults.append(malformed("/options", text, suite=str(named)[:60], known=suite or ", ".join(SUITES)))
    if faults:
        return _problem(faults, 400)
    service = _service()
    try:
        signed = issue(body.get("credential"), str(named), service.signatory, service.clock(), service.canonicalise)
    except RefusedError as error:
        return _problem(error.faults, 400)
    return _json({"verifiableCredential": signed}, 201)


@blueprint.post("/credentials/verify")
def verify_credential() -> Response:
    """Check `{"verifiableCredential": …}`."""
    body, faults = _body()
    if faults:
        return _problem(faults, 400)
    credential = body.get("verifiableCredential")
    return _finding(check_credential(credential, _service().bench), credential, "application/vc")


@blueprint.post("/presentations/verify")
def verify_presentation() -> Response:
    """Check `{"verifiablePresentation": …, "options": {"challenge": …, "domain": …}}`."""
    body, faults = _body()
    asked = Asked()
    if not faults:
        asked, faults = _asked(body.get("options") or {})
    if faults:
        return _problem(faults, 400)
    presentation = body.get("verifiablePresentation")
    return _finding(check_presentation(presentation, _service().bench, asked), presentation, "application/vp")


def _asked(options: Any) -> tuple[Asked, list[Fault]]:
    if not isinstance(options, dict):
        return Asked(), [malformed("/options", "The options are not an object.")]
    values = [options.get(key) for key in ("challenge", "domain")]
    if not all(value is None or isinstance(value, str) for value in values):
        return Asked(), [malformed("/options", "Challenge and domain are texts.")]
    return Asked(*values), []


def _body() -> tuple[dict[str, Any], list[Fault]]:
    if request.mimetype not in ("application/json", "application/ld+json"):
        return {}, [Fault(Kind.PARSING, Sentence("Send JSON, with the content type application/json."))]
    try:
        body = parse(request.get_data(cache=False), BODY_BYTES)
    except JsonError as error:
        return {}, [Fault(Kind.PARSING, error.sentence)]
    if not isinstance(body, dict):
        return {}, [Fault(Kind.PARSING, Sentence("The request is not a JSON object."))]
    return body, []


def _finding(finding: Finding, document: Any, media_type: str) -> Response:
    warnings = [str(warning) for warning in finding.warnings]
    if finding.standing is not Standing.GENUINE:
        status = 400 if finding.standing is Standing.FALSE else 422
        verified = False if finding.standing is Standing.FALSE else None
        return _problem(finding.faults, status, verified=verified, warnings=warnings)
    answer = {
        "verified": True,
        "document": document,
        "mediaType": media_type,
        "controller": finding.controller,
        "warnings": warnings,
        "errors": [],
    }
    return _json(answer, 200)


def _problem(faults: Sequence[Fault], status: int, **more: Any) -> Response:
    """The first fault as the problem, all of them under `errors`; what is wrong before what could not be checked."""
    faults = sorted(faults, key=lambda fault: fault.unchecked)
    errors = [fault.details() | ({"checked": False} if fault.unchecked else {}) for fault in faults]
    return _json({**errors[0], "status": status, **more, "errors": errors}, status, "application/problem+json")


def _without_token() -> Response | None:
    """The refusal of a caller who does not send the token; None where there is nothing to refuse."""
    token = _service().token
    if token is None:
        return None
    kind, _, brought = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and hmac.compare_digest(brought.strip().encode(), token.encode()):
        return None
    detail = "Issuing needs the token of this server: Authorization: Bearer <token>."
    response = _json(_plain("Unauthorized", 401, detail), 401, "application/problem+json")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refused_by_http(error: HTTPException) -> Response:
    status = error.code or 500
    response = _json(_plain(error.name, status, error.description or ""), status, "application/problem+json")
    if error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _plain(title: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


def _json(value: Any, status: int, media_type: str = "application/json") -> Response:
    return Response(json.dumps(value, ensure_ascii=False) + "\n", status, mimetype=media_type)


def _harden(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _service() -> Service:
    service = current_app.extensions["sanad-vc-api"]
    assert isinstance(service, Service)
    return service
