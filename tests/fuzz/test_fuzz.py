"""A short run of the fuzzer, and proof that it finds what it looks for."""

from functools import partial
from random import Random
from unittest.mock import ANY

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz import running, statements
from tests.fuzz.mutations import mutated
from tests.fuzz.running import bench, run
from tests.fuzz.second import compare
from verifier.core import asking, reading, steps
from verifier.core.batch_files import BatchFiles
from verifier.core.seal import sealed_lengths
from verifier.core.status_list import is_revoked
from verifier.core.verdict import Check, State, Step

SEED = 7


def found(text: str, kind: str = "files", most: int = 4_000) -> bool:
    """Whether a fault that is told in such words is among the first cases; ends with the first one."""
    return any(text in fault for number in range(most) for fault in run(kind, SEED, [number]).faults)


def test_every_certificate_is_judged_as_issued() -> None:
    for held, index in bench().world.places:
        envelope = held.sample.envelopes[index]
        assert bench().honest.check_file(envelope.to_bytes()).outcome.value == held.outcome
        if envelope.has_sheet:
            assert bench().honest.check_file(held.sample.sealed(index)).outcome.value == held.outcome


def test_mutated_files_and_lying_archives() -> None:
    tally = run("files", SEED, range(2_000))
    assert tally.faults == []
    assert {"valid", "altered", "unknown", "unavailable", "revoked", "text read"} <= tally.outcomes.keys()
    assert {"SeveralCredentialsError", "list read", "list refused", "domain note"} <= tally.outcomes.keys()


def test_odd_answers() -> None:
    tally = run("answers", SEED, range(1_000))
    assert tally.faults == []
    assert {"valid", "unavailable", "untrusted", "revoked"} <= tally.outcomes.keys()


def test_the_second_verifier_judges_mutated_files_alike() -> None:
    assert compare(SEED, range(400)).faults == []


def test_a_case_is_drawn_from_seed_and_number_alone() -> None:
    first = [mutated(Random(f"{SEED} files {number}"), bench().world) for number in range(50)]
    assert first == [mutated(Random(f"{SEED} files {number}"), bench().world) for number in range(50)]
    assert len({data for data, _ in first}) > 45


def test_a_verifier_that_compares_no_seal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def loose(file: bytes) -> tuple[bytes, bytes]:
        sheet, envelope = sealed_lengths(file)
        start = file.find(b'{"credential"', sheet)
        return file[:sheet], file[start : start + envelope]

    monkeypatch.setattr(reading, "unseal", loose)
    assert found("valid, and not what was issued")


def test_a_verifier_that_looks_at_no_sheet_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "sheet_hash", lambda _: ANY)
    assert found("valid, and not what was issued")


def test_a_verifier_that_believes_every_record_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "entitled", lambda *_: Step(Check.ENTITLED, State.PASSED, "As it says."))
    assert found("valid, and no answer allows it", "answers")


def test_a_verifier_that_forgets_who_is_silent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_accredits", lambda *_: False)
    assert found("while an accrediting registry is silent")


def test_a_verifier_that_believes_a_stored_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BatchFiles, "places", lambda _, commitment, domain, stored=None: [stored] if stored else [])
    assert found("its place was at hand")


def test_a_list_that_is_not_signed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "is_revoked", partial(is_revoked, verify=lambda _: None))
    assert found("a list that nobody signed")


def test_a_foreign_exception_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bool:
        raise KeyError("leaked")

    monkeypatch.setattr(reading, "is_sealed", broken)
    assert "KeyError: 'leaked'" in run("files", SEED, range(5)).faults[0]


def test_a_case_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_SECONDS", -1.0)
    assert "seconds of processor" in run("files", SEED, [0]).faults[0]


def test_the_command_sums_up(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["--seed", "3", "--files", "40", "--answers", "0", "--processes", "1"]
    assert command.main(words) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("40 files in ")
    assert " seconds: 0 faults (" in first
    assert last == "No false valid, no foreign exception (seed 3)."
    monkeypatch.setattr(running, "MOST_SECONDS", -1.0)
    assert command.main([*words[:3], "1", *words[4:]]) == 1
    _, fault, last = capsys.readouterr().out.splitlines()
    assert fault.startswith("  files 0: took ")
    assert last == "Faults were found (seed 3)."
    assert command.main(["--seed", "3", "--only", "files", "0"]) == 1
