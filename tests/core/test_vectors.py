"""Every vector, read as `tests/vectors/README.md` says; and the generator, which must write just these."""

import base64
from typing import Any

import pytest

from tests.core.vector_files import VectorArchive, VectorRegistry, given, vectors
from tests.vectors import generate
from verifier.core.batch_file import parse_batch_file
from verifier.core.canonical import canonical, parse
from verifier.core.codes import ShortCode, parse_code
from verifier.core.dates import Instant, parse_instant, parse_timestamp
from verifier.core.domain import is_domain
from verifier.core.errors import (
    BatchFileError,
    CodeError,
    CredentialError,
    JsonError,
    MistypedCodeError,
    OtherCredentialError,
    SanadError,
    SeveralCredentialsError,
    UnreadableError,
)
from verifier.core.hashes import certificate_hash, from_hex, to_hex
from verifier.core.limits import LIMITS
from verifier.core.pasted import read_pasted
from verifier.core.reading import read_file
from verifier.core.status_list import is_revoked
from verifier.core.verdict import Check, State
from verifier.core.verifier import Verifier


def said(error: SanadError) -> str:
    return f"{type(error).__name__}: {error}"


def test_the_generator_writes_the_committed_vectors() -> None:
    assert generate.main(check=True) == 0


@pytest.mark.parametrize("vector", vectors("json/accepted"))
def test_json_is_accepted(vector: dict[str, Any]) -> None:
    assert canonical(parse(given(vector))) == vector["canonical"].encode()


@pytest.mark.parametrize("vector", vectors("json/refused"))
def test_json_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(JsonError) as error:
        parse(given(vector))
    assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("codes/good"))
def test_code_is_read(vector: dict[str, Any]) -> None:
    read = parse_code(vector["input"])
    if isinstance(read, ShortCode):
        assert str(read) == vector["code"]
    else:
        assert to_hex(read) == vector["hash"]


@pytest.mark.parametrize("vector", vectors("codes/bad"))
def test_code_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(CodeError) as error:
        parse_code(vector["input"])
    assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("codes/mistyped"))
def test_code_is_mistyped(vector: dict[str, Any]) -> None:
    with pytest.raises(MistypedCodeError) as error:
        parse_code(vector["input"])
    assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("codes/pasted"))
def test_pasted_text_is_read(vector: dict[str, Any]) -> None:
    if "error" in vector:
        with pytest.raises(CodeError) as error:
            read_pasted(vector["input"])
        assert said(error.value) == vector["error"]
        return
    found = read_pasted(vector["input"])
    assert [str(each) if isinstance(each, ShortCode) else to_hex(each) for each in found] == vector["found"]


@pytest.mark.parametrize("vector", vectors("domains/good"))
def test_domain_is_one(vector: dict[str, Any]) -> None:
    assert is_domain(vector["input"])


@pytest.mark.parametrize("vector", vectors("domains/bad"))
def test_domain_is_none(vector: dict[str, Any]) -> None:
    assert not is_domain(vector["input"])


@pytest.mark.parametrize("vector", vectors("dates/good"))
def test_date_is_read_exactly(vector: dict[str, Any]) -> None:
    at = parse_instant(vector["input"])
    assert at == Instant(int(vector["seconds"]) * 1_000_000_000 + int(vector["nanoseconds"]))
    assert at.seconds == int(vector["seconds"])
    shown = parse_timestamp(vector["input"])
    assert Instant.of(shown).nanoseconds == at.nanoseconds // 1000 * 1000
    assert shown.isoformat().startswith(vector["input"][:19])


@pytest.mark.parametrize("vector", vectors("dates/bad"))
def test_date_is_refused(vector: dict[str, Any]) -> None:
    for read in (parse_instant, parse_timestamp):
        with pytest.raises(CredentialError) as error:
            read(vector["input"])
        assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("batch_files/good"))
def test_batch_file_is_read(vector: dict[str, Any]) -> None:
    file = parse_batch_file(given(vector))
    assert (file.domain, to_hex(file.root), file.size) == (vector["domain"], vector["root"], vector["size"])
    assert file.to_bytes() == given(vector)


@pytest.mark.parametrize("vector", vectors("batch_files/bad"))
def test_batch_file_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(BatchFileError) as error:
        parse_batch_file(given(vector))
    assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("files/intact"))
def test_file_is_intact(vector: dict[str, Any]) -> None:
    reading = read_file(given(vector))
    assert [step.state for step in reading.steps] == [State.PASSED, State.PASSED]
    assert reading.envelope is not None
    for name in ("hash", "commitment", "sheet", "root"):
        assert to_hex(getattr(reading.envelope, name)) == vector[name]
    assert reading.envelope.index == vector["index"]


@pytest.mark.parametrize("vector", vectors("files/altered"))
def test_file_is_altered(vector: dict[str, Any]) -> None:
    reading = read_file(given(vector))
    assert reading.altered
    assert reading.envelope is None
    assert reading.steps[1].sentence == vector["error"]
    assert (reading.found and to_hex(reading.found.hash)) == vector["found"]


@pytest.mark.parametrize("vector", vectors("files/credentials"))
def test_file_is_a_bare_credential(vector: dict[str, Any]) -> None:
    reading = read_file(given(vector))
    assert [step.state for step in reading.steps] == [State.PASSED, State.PASSED]
    assert reading.envelope is None
    assert reading.credential is not None
    assert to_hex(certificate_hash(reading.credential)) == vector["hash"]


@pytest.mark.parametrize("vector", vectors("files/presentations"))
def test_file_is_a_presentation_of_several(vector: dict[str, Any]) -> None:
    with pytest.raises(SeveralCredentialsError) as error:
        read_file(given(vector))
    assert [to_hex(certificate_hash(each)) for each in error.value.credentials] == vector["hashes"]


@pytest.mark.parametrize("vector", vectors("files/unreadable"))
def test_file_is_unreadable(vector: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError) as error:
        read_file(given(vector))
    assert said(error.value) == vector["error"]


@pytest.mark.parametrize("vector", vectors("status_lists"))
def test_status_list(vector: dict[str, Any]) -> None:
    try:
        listed = parse(given(vector), LIMITS.status_list_bytes)
        revoked = is_revoked(vector["credential"], listed, parse_timestamp(vector["now"]))  # type: ignore[arg-type]
        answer = "revoked" if revoked else "not revoked"
    except SanadError:
        answer = "could not check"
    assert answer == vector["answer"]


@pytest.mark.parametrize("vector", vectors("verdicts"))
def test_verdict(vector: dict[str, Any]) -> None:
    registries = [VectorRegistry(entry, number) for number, entry in enumerate(vector["registries"], start=1)]
    verifier = Verifier(registries, VectorArchive(vector.get("archive", {})))
    if vector["verdict"] is None:
        with pytest.raises(OtherCredentialError):
            verifier.check_file(base64.b64decode(vector["file"]))
        return
    if "file" in vector:
        verdict = verifier.check_file(base64.b64decode(vector["file"]))
    else:
        verdict = verifier.check_hash(from_hex(vector["hash"]))
    assert verdict.outcome.value == vector["verdict"], [step.sentence for step in verdict.steps]
    assert (verdict.replacement and to_hex(verdict.replacement)) == vector.get("replacement")
    assert (verdict.registered and verdict.registered.outcome.value) == vector.get("registered")
    anchored, speaking = verdict.steps[Check.ANCHORED.number - 1], verdict.registry
    assert anchored.state.value == vector.get("anchored", anchored.state.value), anchored.sentence
    if "registry" in vector:
        assert speaking is not None
        assert speaking.programme == f"Programme {vector['registry']}"
    walk = [{"role": link.role.value, "state": link.state.value} for link in verdict.walk]
    assert walk == vector.get("walk", []), [link.sentence for link in verdict.walk]
    assert [step.number for step in verdict.steps] == list(range(1, len(Check) + 1))
    assert all(step.sentence for step in verdict.steps)
