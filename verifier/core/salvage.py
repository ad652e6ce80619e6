"""Finding the envelope in a file whose seal is broken (SPEC.md section 11, altered files).

Portals and printers re-save PDFs. What is found here never makes a file good: it only lets the verdict
"altered" say what was registered under the code that the file carries.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import chain, islice

from verifier.core.canonical import BYTE_ORDER_MARK, parse
from verifier.core.envelope import Envelope, envelope_of
from verifier.core.errors import SanadError
from verifier.core.limits import LIMITS

_START_OR_END = re.compile(rb'\{"credential":\{|"sanad":1,"sheet":"0x[0-9a-f]{64}"\}')
_STREAM = re.compile(rb"stream\r?\n")


def find_envelopes(file: bytes) -> list[Envelope]:
    """The different envelopes in `file`: raw, in zlib streams, or as JSON that was written anew; two at most."""
    found: dict[bytes, Envelope] = {}
    for envelope in islice(_envelopes(file), LIMITS.salvage_candidates):
        found[envelope.to_bytes()] = envelope
        if len(found) == 2:
            break
    return list(found.values())


def _envelopes(file: bytes) -> Iterator[Envelope]:
    text = file.removeprefix(BYTE_ORDER_MARK).strip()
    if text[:1] == b"{":
        yield from _read(text)
        return
    for data in chain([file], _streams(file)):
        start = None
        for found in _START_OR_END.finditer(data):
            if found[0].startswith(b"{"):
                start = found.start()
            elif start is not None:
                yield from _read(data[start : found.end()])
                start = None


def _read(data: bytes) -> Iterator[Envelope]:
    try:
        yield envelope_of(parse(data))
    except SanadError:
        return


def _streams(file: bytes) -> Iterator[bytes]:
    view, total = memoryview(file), 0
    for count, found in enumerate(_STREAM.finditer(file)):
        if count == LIMITS.salvage_streams or total >= LIMITS.salvage_total_bytes:
            return
        try:
            # A damaged stream still gives what stands before the damage.
            data = zlib.decompressobj().decompress(view[found.end() :], LIMITS.salvage_stream_bytes)
        except zlib.error:
            continue
        total += len(data)
        yield data
