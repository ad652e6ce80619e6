"""The vectors of what domains publish, with what our implementation reads."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

from tests.vectors import domain_steps, publications
from verifier.core.domain_keys import Statement, read_did_document, read_txt_records
from verifier.core.errors import SanadError
from verifier.core.programme_file import ProgrammeFile, parse_programme_file

Cases = Iterator[tuple[str, dict[str, Any]]]


def cases() -> Cases:
    """The relative name and the content of every vector."""
    for name, note, data in publications.good_documents():
        yield f"domain_keys/did/good/{name}", _given(note, data) | _said(read_did_document(data, publications.DOMAIN))
    for name, note, data in publications.bad_documents():
        yield (
            f"domain_keys/did/bad/{name}",
            _given(note, data) | {"error": _error(lambda each: read_did_document(each, publications.DOMAIN), data)},
        )
    for name, note, texts in publications.good_records():
        yield f"domain_keys/txt/good/{name}", {"note": note, "records": texts} | _said(read_txt_records(texts))
    for name, note, texts in publications.foreign_records():
        assert read_txt_records(texts) is None
        yield f"domain_keys/txt/foreign/{name}", {"note": note, "records": texts}
    for name, note, texts in publications.bad_records():
        yield f"domain_keys/txt/bad/{name}", {"note": note, "records": texts, "error": _error(read_txt_records, texts)}
    for case in domain_steps.cases():
        vector = case.data()
        assert domain_steps.judged(vector) == case.step, case.name
        yield f"domain_keys/step/{case.name}", vector
    for name, note, data in publications.good_programmes():
        yield f"programmes/good/{name}", _given(note, data) | _programme(parse_programme_file(data))
    for name, note, data in publications.bad_programmes():
        yield f"programmes/bad/{name}", _given(note, data) | {"error": _error(parse_programme_file, data)}


def _said(statement: Statement | None) -> dict[str, Any]:
    assert statement is not None
    keys = [
        {
            "key": each.multikey,
            "until": each.until and each.until.seconds,
            "revoked": each.revoked and each.revoked.seconds,
        }
        for each in statement.keys
    ]
    return {"keys": keys, "registries": list(statement.registries)}


def _programme(file: ProgrammeFile) -> dict[str, Any]:
    return {
        "programme": file.programme,
        "registry": str(file.registry),
        "retired": [str(each) for each in file.retired],
    }


def _given(note: str, data: bytes) -> dict[str, Any]:
    return {"note": note, "input": base64.b64encode(data).decode()}


def _error(function: Callable[[Any], Any], data: Any) -> str:
    try:
        function(data)
    except SanadError as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"accepted: {data!r}")
