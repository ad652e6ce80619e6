"""Finding the envelope in a file whose seal is broken (SPEC.md section 11, altered files).

Portals and printers save PDFs again. An envelope found here never makes a file good: it only lets the verdict
"altered" say what was registered under the code in the file. Every limit is counted in bytes and pieces, never in
seconds, so that every verifier stops at the same point.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from verifier.core.canonical import BYTE_ORDER_MARK, parse
from verifier.core.envelope import Envelope, envelope_of
from verifier.core.errors import SanadError
from verifier.core.limits import LIMITS

WHITE_SPACE = b" \t\n\x0b\x0c\r"
"""What may come before and after a JSON text in a file."""

_START = b'{"credential":{'
_END = re.compile(rb'"sanad":1,"sheet":"0x[0-9a-f]{64}"\}')
_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 16_384
"""Bytes of a stream that are inflated at a time; the number does not affect the result."""
_SLACK = 4_096
"""More than one byte of DEFLATE can produce: reading this far past the limit meets a fault as if without a limit."""


def find_envelopes(file: bytes) -> "Found":
    """Every envelope that the search finds in `file`, within its limits."""
    search = _Search(file)
    if text_of(file)[:1] == b"{":
        search.try_candidate(text_of(file))
    elif search.look_through(file):
        for stream in _streams(file):
            if not search.look_into(stream):
                break
    return Found(tuple(search.found.values()))


def text_of(file: bytes) -> bytes:
    """A file without a byte-order mark at its beginning and without white space around."""
    return file.removeprefix(BYTE_ORDER_MARK).strip(WHITE_SPACE)


@dataclass(frozen=True)
class Found:
    """The result of the search."""

    envelopes: tuple[Envelope, ...] = ()
    """Different ones, in the order in which they were found."""

    @property
    def one(self) -> Envelope | None:
        """The one that leads to its own root, if exactly one of them does."""
        leading = [each for each in self.envelopes if each.computed_root == each.root]
        return leading[0] if len(leading) == 1 else None


@dataclass
class _Search:
    """What was found so far, and how much work was done. Each step says whether the search goes on."""

    file: bytes = field(repr=False)
    found: dict[bytes, Envelope] = field(default_factory=dict)
    tried: int = 0
    tried_bytes: int = 0
    inflated: int = 0

    def look_through(self, data: bytes) -> bool:
        """Try every candidate that is in `data` without compression."""
        end = 0
        while (start := data.find(_START, end)) >= 0 and (closing := _END.search(data, start)):
            start, end = data.rfind(_START, start, closing.start()), closing.end()
            if not self.try_candidate(data[start : min(end, start + LIMITS.envelope_bytes + 1)]):
                return False
        return True

    def try_candidate(self, data: bytes) -> bool:
        """Read a candidate; one that is too long for an envelope counts as a candidate, and its bytes do not."""
        fits = len(data) <= LIMITS.envelope_bytes
        size = len(data) if fits else 0
        if self.tried == LIMITS.search_candidates or self.tried_bytes + size > self._candidate_bytes:
            return False
        self.tried += 1
        self.tried_bytes += size
        if fits:
            self._read(data)
        return True

    def look_into(self, stream: bytes) -> bool:
        """Inflate a stream whose first bytes look promising, and search the result."""
        body = _deflated(stream)
        if body is None or not _promises(inflate(body[: LIMITS.search_head_input], LIMITS.search_head_bytes)):
            return True
        body = body[: LIMITS.search_stream_bytes]
        if self.inflated + len(body) > LIMITS.search_total_bytes:
            return False
        self.inflated += len(body)
        data = inflate(body, min(LIMITS.search_stream_bytes, LIMITS.search_total_bytes - self.inflated))
        self.inflated += len(data)
        return self.look_through(data)

    @property
    def _candidate_bytes(self) -> int:
        return min(max(LIMITS.search_candidate_floor, len(self.file)), LIMITS.envelope_bytes)

    def _read(self, data: bytes) -> None:
        try:
            envelope = envelope_of(parse(data))
        except SanadError:
            return
        self.found.setdefault(envelope.to_bytes(), envelope)


def _streams(file: bytes) -> Iterator[bytes]:
    """The bytes after each start of a stream, up to the next start or the end of the file."""
    starts: list[tuple[int, int]] = []
    # Same length, so that positions stay; a look-behind pattern is slow on files full of ends.
    for found in _STREAM.finditer(file.replace(b"endstream", b"ends-----")):
        starts.append(found.span())
        if len(starts) > LIMITS.search_streams:
            break
    else:
        starts.append((len(file), len(file)))
    for (_, begin), (end, _) in pairwise(starts):
        yield file[begin:end]


def _deflated(stream: bytes) -> bytes | None:
    """The data after the header of a zlib stream (RFC 1950) that needs no dictionary; None if there is none."""
    if len(stream) < 2:
        return None
    method, flags = stream[:2]
    sound = method & 0x0F == 8 and method >> 4 <= 7 and (method * 256 + flags) % 31 == 0 and not flags & 0x20
    return stream[2:] if sound else None


def _promises(head: bytes) -> bool:
    return _START in head or head.startswith(b"%PDF-")


def inflate(data: bytes, limit: int) -> bytes:
    """At most `limit` bytes that DEFLATE (RFC 1951) produces from `data`, up to its first fault.

    Checksums are not checked: damaged data is read as far as possible.
    """
    out, at, piece, faulty = bytearray(), 0, _PIECE, False
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while at < len(data) and piece and len(out) < limit and not inflater.eof:
        before = inflater.copy()
        try:
            out += inflater.decompress(data[at : at + piece], limit - len(out) + _SLACK)
            at += piece
        except zlib.error:
            inflater, faulty = before, True
        if faulty:
            piece //= 2
    return bytes(out[:limit])
