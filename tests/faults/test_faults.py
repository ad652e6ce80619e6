"""The table keeps up with the code, and what tries the faults tells a caught one from one that survives."""

import pytest

from tests.faults import __main__ as command
from tests.faults.table import Fault, MisplacedError, faults, faulty, source_of
from tests.faults.trial import vector_tests

CAUGHT = Fault("leaf hashed once", "4", "core/merkle", "keccak256(keccak256(index", "(keccak256(index")
SURVIVES = Fault("another comment", "5", "core/merkle", "of two nodes, in either order", "of two nodes")
GONE = Fault("long gone", "5", "core/merkle", "this was never here", "nor this")
ENDLESS = Fault("never ends", "5", "core/merkle", "for sibling in path:", "while True:\n        sibling = leaf_")


@pytest.fixture
def few_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.trial.vector_tests", lambda: ["tests/core/test_tree_vectors.py"])


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.section} {fault.name}")
def test_every_fault_is_in_the_code_once_and_changes_it(fault: Fault) -> None:
    source = source_of(fault).read_text(encoding="utf-8")
    changed = faulty(fault, source)
    assert changed != source
    compile(changed, fault.file, "exec")


def test_every_part_of_the_core_that_decides_has_faults() -> None:
    assert {"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} <= {fault.section for fault in faults()}
    assert len({(fault.file, fault.name) for fault in faults()}) == len(faults())


def test_a_text_that_is_not_there_once_is_told() -> None:
    with pytest.raises(MisplacedError, match=r"its text is 0 times in verifier/core/merkle\.py"):
        faulty(GONE, "x")
    with pytest.raises(MisplacedError, match="its text is 2 times"):
        faulty(CAUGHT, CAUGHT.right * 2)


@pytest.mark.usefixtures("few_vectors")
def test_the_command_tells_what_caught_each(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "faults", lambda words: [CAUGHT, SURVIVES, GONE])
    assert command.main([]) == 1
    first, second, third, last = capfd.readouterr().out.splitlines()
    assert first.startswith("caught: 4 leaf hashed once  (test_")
    assert second == "SURVIVES: 5 another comment  (no vector fails)"
    assert third == "NOT IN THE CODE: 5 long gone  (its text is 0 times in verifier/core/merkle.py)"
    assert last == "1 of 3 faults are caught by a vector"


@pytest.mark.usefixtures("few_vectors")
def test_a_verifier_that_never_ends_is_caught(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "faults", lambda words: [ENDLESS])
    monkeypatch.setattr("tests.faults.trial.MOST_SECONDS", 3)
    assert command.main([]) == 0
    assert "never ends  (the time that it may take)" in capfd.readouterr().out


def test_the_vectors_are_read_by_files_that_read_nothing_else() -> None:
    assert "tests/core/test_vectors.py" in vector_tests()
