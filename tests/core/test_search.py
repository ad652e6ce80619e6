"""The search for an envelope in a changed file: what it costs, and what it makes of damaged streams."""

import time
import zlib
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.vectors.samples import batch_of_one, class_of_five
from verifier.core.envelope import Envelope
from verifier.core.limits import LIMITS
from verifier.core.reading import read_file
from verifier.core.salvage import find_envelopes, inflate

TIMES = 3
"""How many times the costliest file as issued a file may cost (SPEC.md section 11)."""


def padded(size: int) -> bytes:
    """An envelope as issued whose numbers cost as much as any."""
    envelope = batch_of_one().envelopes[0]
    numbers = [1.5e-7] * ((size - len(envelope.to_bytes())) // 7 - 2)
    longer = replace(envelope, credential={**envelope.credential, "numbers": numbers})
    return replace(longer, root=longer.computed_root).to_bytes()


def costly_blocks(size: int) -> bytes:
    """DEFLATE blocks with tables of their own that give nothing."""
    bits, count = 0, 0

    def put(value: int, width: int) -> None:
        nonlocal bits, count
        bits, count = bits | value << count, count + width

    for _ in range(8):
        for value, width in ((0b100, 3), (0, 5), (0, 5), (14, 4)):
            put(value, width)
        for symbol in (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1):
            put(int(symbol in (1, 18)), 3)
        for value, width in ((1, 1), (127, 7), (1, 1), (107, 7), (0, 1), (0, 1), (0, 1)):
            put(value, width)
    unit = bits.to_bytes(count // 8, "little")
    return unit * (size // len(unit))


def costliest(size: int) -> bytes:
    """A file of so many bytes that spends all that the search allows."""
    starter = zlib.compressobj(9, zlib.DEFLATED, -15)
    begin = starter.compress(b"%PDF-") + starter.flush(zlib.Z_FULL_FLUSH)
    heads = [b"stream\n\x78\x9c" + costly_blocks(1_100)] * 253
    bodies = [b"stream\n\x78\x9c" + begin + costly_blocks(523_000)] * 2
    whole = b"\n".join([b"%PDF-1.7", padded(LIMITS.envelope_bytes), *bodies, *heads])
    return whole + b"endstream\n" * ((size - len(whole)) // 10)


def cost(act: Callable[[], object]) -> float:
    """Processor seconds, the least of three."""
    spent = []
    for _ in range(3):
        before = time.process_time()
        act()
        spent.append(time.process_time() - before)
    return min(spent)


def test_no_file_costs_many_times_what_a_file_as_issued_does() -> None:
    sound, worst = padded(LIMITS.envelope_bytes), costliest(LIMITS.file_bytes)
    assert not read_file(sound).altered
    assert read_file(worst).found is not None
    assert cost(lambda: read_file(worst)) < TIMES * cost(lambda: read_file(sound))


def test_a_small_file_that_unpacks_to_much_costs_no_more_than_one_as_issued() -> None:
    bomb = b"%PDF-1.7\n" + (b"stream\n" + zlib.compress(b"%PDF-" + bytes(1_000_000), 9) + b"\n") * 39
    assert 38_000 < len(bomb) < 40_000
    assert cost(lambda: find_envelopes(bomb)) < cost(lambda: read_file(padded(39_000)))


@given(st.binary(max_size=3_000), st.integers(0, 3_000), st.integers(1, 6_000))
def test_a_damaged_stream_gives_what_stands_before_the_damage(data: bytes, place: int, limit: int) -> None:
    whole = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = whole.compress(data) + whole.flush()
    cut = packed[: min(place, len(packed))]
    plain = zlib.decompressobj(-15).decompress(cut)
    assert inflate(cut, limit) == plain[:limit]
    # 111 is a block of no kind: the first byte behind the last whole one is a fault.
    faulty = inflate(packed + b"\x07" * 9, limit)
    assert faulty == data[:limit], "nothing behind the end is looked at"


def test_only_different_envelopes_count() -> None:
    first, second = class_of_five().envelopes[:2]
    spaced = first.to_bytes().replace(b'{"credential":{', b'{"credential":{ ', 1)
    found = find_envelopes(b"%PDF-1.7\n" + spaced + first.to_bytes() + second.to_bytes())
    assert [each.index for each in found.envelopes] == [0, 1]
    assert found.one is None
    stray: Envelope = replace(second, root=bytes(32))
    assert find_envelopes(b"%PDF-1.7\n" + stray.to_bytes() + first.to_bytes()).one == first
