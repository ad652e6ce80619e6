"""Vectors of the search for an envelope in a changed file, at each of its limits (SPEC.md section 11)."""

import zlib
from collections.abc import Iterator

from tests.vectors.samples import Sample, class_of_five
from verifier.core.envelope import Envelope
from verifier.core.limits import LIMITS

File = tuple[str, str, bytes]
"""Name, what it is, the bytes."""

JUNK = b'{"credential":{ "sanad":1,"sheet":"0x%b"}\n' % (b"0" * 64)
"""A candidate that is no envelope."""


def altered() -> Iterator[File]:
    """Files in which an envelope is found."""
    five = class_of_five()
    inside = five.envelopes[0].to_bytes()
    yield from _which(five)
    yield from _streams(five)
    yield "search-candidate-32", "31 candidates that are none before it", _file(JUNK * 31 + inside)
    yield "search-candidate-32-in-streams", "so many, each in a stream", _file(*[_zlib(JUNK)] * 31, _zlib(inside))
    yield "search-bytes-last", "candidates of 65,536 bytes in all", _file(_zlib(_junk(65_536 - len(inside)) + inside))
    too_long = _zlib(_junk(LIMITS.envelope_bytes + 1) + inside)
    yield (
        "search-candidate-too-long",
        "one candidate is longer than an envelope can be: its bytes do not count",
        _file(too_long),
    )
    capitals = JUNK.replace(b"0x" + b"0" * 64, b"0x" + b"A" * 64)
    yield "search-close-capitals", "what would be candidates, with capital digits", _file(capitals * 32 + inside)
    yield "search-stream-256", "in the 256th stream", _file(*[b"stream\n"] * 255, _zlib(inside))
    ends = [b"stream\nendstream\n"] * 255
    yield "search-ends", "what ends a stream is no start of one", _file(*ends, _zlib(inside), b"endstream\n")
    yield "search-head-last", "it begins within the first 1,024 bytes", _file(_zlib(b" " * 1009 + inside))
    late = b"stream\n\x78\x9c" + _blocks(500) + _deflated(inside)
    yield "search-head-blocks", "empty blocks before it, within the first 1,024 bytes of input", _file(late)
    begins = b"stream\n\x78\x9c" + _blocks(1_004) + _begun(inside)
    yield "search-head-input-last", "its beginning ends with byte 1,024 of the input", _file(begins)
    yield "search-output-last", "it ends with byte 524,288 of what comes out", _file(_zlib(_padded(inside, 524_288)))
    yield "search-total-last", "it ends with byte 1,048,576 of all", _file(*_full(inside, 1_048_576))


def unreadable() -> Iterator[File]:
    """Files in which nothing is found, because a limit comes first."""
    inside = class_of_five().envelopes[0].to_bytes()
    yield "search-candidate-33", "32 candidates that are none before it", _file(JUNK * 32 + inside)
    yield "search-candidate-34", "33 candidates that are none before it", _file(JUNK * 33 + inside)
    yield "search-candidate-33-in-streams", "so many, each in a stream", _file(*[_zlib(JUNK)] * 32, _zlib(inside))
    yield "search-bytes-beyond", "candidates of 65,537 bytes", _file(_zlib(_junk(65_537 - len(inside)) + inside))
    counted = _zlib(_junk(LIMITS.envelope_bytes + 1) + JUNK * 31 + inside)
    yield "search-candidate-too-long-counts", "a candidate that is too long is one of the 32", _file(counted)
    yield "search-stream-257", "in the 257th stream", _file(*[b"stream\n"] * 256, _zlib(inside))
    yield "search-head-beyond", "it begins within the first 1,025 bytes", _file(_zlib(b" " * 1010 + inside))
    late = b"stream\n\x78\x9c" + _blocks(1_024) + _deflated(inside)
    yield "search-head-blocks-beyond", "empty blocks before it, up to the 1,024th byte of input", _file(late)
    begins = b"stream\n\x78\x9c" + _blocks(1_005) + _begun(inside)
    yield "search-head-input-beyond", "its beginning ends with byte 1,025 of the input", _file(begins)
    yield "search-output-beyond", "it ends with byte 524,289 of what comes out", _file(_zlib(_padded(inside, 524_289)))
    yield "search-total-beyond", "it ends with byte 1,048,577 of all", _file(*_full(inside, 1_048_577))
    yield "search-dictionary", "a zlib stream that needs a dictionary", _file(b"stream\n\x78\xbb" + _zlib(inside)[9:])
    yield "search-header", "a zlib header whose check is wrong", _file(b"stream\n\x78\x9d" + _zlib(inside)[9:])
    yield "search-method", "a zlib header of another method", _file(b"stream\n\x79\x18" + _zlib(inside)[9:])
    window = b"stream\n\x88\x1c" + _zlib(inside)[9:]
    yield "search-window-beyond", "a zlib header with a window of 65,536 bytes", _file(window)
    yield "search-carriage-return", "no line feed behind the word stream", _file(b"stream\r" + _zlib(inside)[7:])
    yield "search-cut-off", "a stream that is cut off before the envelope ends", _file(_zlib(inside)[:-40])
    yield (
        "search-damaged",
        "a stream that is damaged before the envelope ends",
        _file(_damaged(inside[:-40], inside[-40:])),
    )


def large() -> Iterator[tuple[File, bool]]:
    """More limits, in files too large to keep: each with whether an envelope is found."""
    inside = class_of_five().envelopes[0].to_bytes()
    for name, more in (("last", 0), ("beyond", 1)):
        found = more == 0
        begin, end = _deflated(b"%PDF-", last=False), _deflated(inside[:-1], last=False) + b"\1\1\0\xfe\xff}"
        body = begin + _blocks(524_288 + more - len(begin) - len(end)) + end
        yield (f"search-input-{name}", f"at byte {len(body):,} of the stream", _file(b"stream\n\x78\x9c" + body)), found
        first = _junk(LIMITS.envelope_bytes - len(inside) + more)
        note = f"candidates of {len(first) + len(inside):,} bytes"
        yield (f"search-cap-{name}", note, _file(first, inside, b" " * 9_000)), found
        parts = [_junk(80_000), _zlib(inside)]
        padding = b" " * (80_000 + len(inside) - more - len(_file(*parts)) - 1)
        yield (f"search-length-{name}", "candidates of as many bytes as the file", _file(*parts, padding)), found


def _which(five: Sample) -> Iterator[File]:
    first, second = (each.to_bytes() for each in five.envelopes[:2])
    stray = Envelope(five.envelopes[1].credential, 4, bytes(32), five.envelopes[1].root, ()).to_bytes()
    yield "search-one-leads", "two, of which one leads to its root", _file(stray, first)
    yield "search-none-leads", "one that does not lead to its root", _file(stray)
    yield "search-twice", "the same one twice, raw and compressed", _file(first, _zlib(first))
    yield "search-two-lead", "two that lead to their roots, one compressed", _file(first, _zlib(second))
    yield "search-last-start", "a start before the start", _file(b'{"credential":{"credential":{' + first)


def _streams(five: Sample) -> Iterator[File]:
    inside = five.envelopes[0].to_bytes()
    whole = _zlib(inside)
    yield "search-adler", "a wrong checksum, and no end of the stream", _file(whole[:-4] + b"xxxx")
    yield "search-cut-behind", "cut off right behind the envelope", _file(_damaged(inside, b""))
    yield "search-damaged-behind", "damaged right behind the envelope", _file(_damaged(inside, b"xyz" * 99))
    yield "search-crlf", "the stream begins with CR and LF", _file(b"stream\r\n" + whole[7:])
    yield "search-pdf-in-pdf", "the sealed PDF attached to another PDF", _file(_zlib(five.sealed(0)))
    yield "search-window", "a zlib header with a window of 256 bytes", _file(b"stream\n\x08\x1d" + whole[9:])


def _file(*parts: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(parts)


def _zlib(data: bytes) -> bytes:
    return b"stream\n" + zlib.compress(data, 9)


def _deflated(data: bytes, *, last: bool = True) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def _junk(size: int) -> bytes:
    """A candidate of so many bytes that is no envelope."""
    return JUNK[:15] + b" " * (size - len(JUNK) + 1) + JUNK[15:-1]


def _begun(inside: bytes) -> bytes:
    """DEFLATE blocks: the beginning of an envelope as it is, the rest compressed."""
    return b"\0\x0f\0\xf0\xff" + inside[:15] + _deflated(inside[15:])


def _padded(data: bytes, size: int) -> bytes:
    """What begins as a PDF and ends with `data`, of so many bytes."""
    return b"%PDF-" + b" " * (size - 5 - len(data)) + data


def _damaged(before: bytes, behind: bytes) -> bytes:
    """A zlib stream with a block of no known kind between two parts."""
    return b"stream\n\x78\x9c" + _deflated(before, last=False) + b"\x07" + behind


def _full(inside: bytes, size: int) -> list[bytes]:
    """Two streams: what is read of them and comes out of them up to the end of `inside` is `size` bytes."""
    first = _padded(b"", 524_288)
    spent = len(_zlib(first)) - 8 + len(first)  # with the line feed behind it
    packed = len(_zlib(_padded(inside, size - spent)))
    for room in range(size - spent - packed - 30, size - spent - packed + 60):
        second = _padded(inside, room)
        if spent + len(_zlib(second)) - 9 + room == size:
            return [_zlib(first), _zlib(second)]
    raise AssertionError("no size fits")


def _blocks(size: int) -> bytes:
    """DEFLATE blocks of so many bytes in all that give four spaces at most."""
    rest = size % 5
    last = bytes([0, rest, 0, 0xFF - rest, 0xFF]) + b" " * rest
    return b"\0\0\0\xff\xff" * (size // 5 - 1) + last
