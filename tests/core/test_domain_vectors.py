"""The vectors of what domains and programmes publish, and of signatures, read as tests/vectors/README.md says."""

from typing import Any

import pytest

from tests.core.vector_files import given, vectors
from verifier.core.dates import Instant
from verifier.core.domain_keys import Statement, read_did_document, read_txt_records
from verifier.core.errors import DomainStatementError, ProgrammeFileError, SanadError
from verifier.core.programme_file import parse_programme_file
from verifier.core.steps import signature
from verifier.core.verdict import State

DOMAIN = "university.example"
STATES = {"genuine": State.PASSED, "false": State.FAILED, "could not check": State.UNCHECKED}


def said(error: SanadError) -> str:
    return f"{type(error).__name__}: {error}"


def seconds(moment: Instant | None) -> int | None:
    return None if moment is None else moment.seconds


def told(statement: Statement | None) -> dict[str, Any]:
    assert statement is not None
    keys = [
        {"key": each.multikey, "until": seconds(each.until), "revoked": seconds(each.revoked)}
        for each in statement.keys
    ]
    return {"keys": keys, "registries": list(statement.registries)}


@pytest.mark.parametrize("vector", vectors("domain_keys/did/good"))
def test_a_did_document_is_read(vector: dict[str, Any]) -> None:
    assert told(read_did_document(given(vector), DOMAIN)) == {name: vector[name] for name in ("keys", "registries")}


@pytest.mark.parametrize("vector", vectors("domain_keys/did/bad"))
def test_a_did_document_is_unusable(vector: dict[str, Any]) -> None:
    with pytest.raises(DomainStatementError) as refused:
        read_did_document(given(vector), DOMAIN)
    assert said(refused.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("domain_keys/txt/good"))
def test_txt_records_are_read(vector: dict[str, Any]) -> None:
    assert told(read_txt_records(vector["records"])) == {name: vector[name] for name in ("keys", "registries")}


@pytest.mark.parametrize("vector", vectors("domain_keys/txt/foreign"))
def test_txt_records_that_are_not_ours_say_nothing(vector: dict[str, Any]) -> None:
    assert read_txt_records(vector["records"]) is None


@pytest.mark.parametrize("vector", vectors("domain_keys/txt/bad"))
def test_txt_records_are_unusable(vector: dict[str, Any]) -> None:
    with pytest.raises(DomainStatementError) as refused:
        read_txt_records(vector["records"])
    assert said(refused.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("programmes/good"))
def test_a_programme_file_is_read(vector: dict[str, Any]) -> None:
    file = parse_programme_file(given(vector))
    assert (file.programme, str(file.registry)) == (vector["programme"], vector["registry"])
    assert [str(each) for each in file.retired] == vector["retired"]


@pytest.mark.parametrize("vector", vectors("programmes/bad"))
def test_a_programme_file_is_none(vector: dict[str, Any]) -> None:
    with pytest.raises(ProgrammeFileError) as refused:
        parse_programme_file(given(vector))
    assert said(refused.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("signatures"))
def test_a_signature_stands_so(vector: dict[str, Any]) -> None:
    step = signature(vector["credential"], vector["domain"])
    assert step.state is STATES[vector["signature"]], step.sentence
