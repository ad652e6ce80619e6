"""The seeded faults of contracts/script/faults.py still fit the source, and a few of them are caught; `make mutate`
tries them all.
"""

import importlib.util
from types import ModuleType

import pytest

from deploy.compile import CONTRACTS


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("faults", CONTRACTS / "script" / "faults.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FAULTS = _load()


def test_there_are_thirty_and_more() -> None:
    assert len({fault.name for fault in FAULTS.FAULTS}) == len(FAULTS.FAULTS) >= 30


@pytest.mark.parametrize("fault", FAULTS.FAULTS, ids=lambda fault: fault.name)
def test_the_right_text_stands_once(fault) -> None:
    source = (CONTRACTS / FAULTS.source_of(fault)).read_text(encoding="utf-8")
    assert source.count(fault.right) == 1
    assert fault.right != fault.wrong


def test_a_sample_is_caught(capsys: pytest.CaptureFixture[str]) -> None:
    assert FAULTS.main(["thief keeps a new admin out"]) == 0
    assert capsys.readouterr().out.endswith("1 of 1 faults are caught\n")
