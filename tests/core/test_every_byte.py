"""One sealed PDF, every byte of it changed, one at a time: none passes (issue: proof that it is right)."""

import pytest

from tests.core.vector_files import FOLDER
from verifier.core.errors import UnreadableError
from verifier.core.reading import read_file

PDF = (FOLDER / "good" / "class-of-five.0.pdf").read_bytes()
JSON = (FOLDER / "good" / "class-of-five.0.json").read_bytes()


def survives(data: bytes) -> bool:
    try:
        return not read_file(data).altered
    except UnreadableError:
        return False


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80, 0xFF])
@pytest.mark.parametrize("whole", [PDF, JSON], ids=["sealed PDF", "envelope"])
def test_no_changed_byte_passes(whole: bytes, flip: int) -> None:
    assert survives(whole)
    changed = bytearray(whole)
    passed = []
    for place in range(len(whole)):
        changed[place] ^= flip
        if survives(bytes(changed)):
            passed.append(place)
        changed[place] ^= flip
    assert passed == []


@pytest.mark.parametrize("whole", [PDF, JSON], ids=["sealed PDF", "envelope"])
def test_no_truncation_and_nothing_appended_passes(whole: bytes) -> None:
    assert not any(survives(whole[:length]) for length in range(len(whole)))
    assert not any(survives(whole + bytes([byte])) for byte in range(256))
    assert not any(survives(bytes([byte]) + whole) for byte in range(256))
