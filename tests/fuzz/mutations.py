"""Files as somebody might hand them in: what is in them, what is around it, and what befell the bytes."""

import json
import re
import zlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from tests.fuzz import drawn
from tests.fuzz.world import World, bare
from verifier.core.baking import bake_png, bake_svg
from verifier.core.canonical import canonical
from verifier.core.envelope import Envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import ZERO, sha256
from verifier.core.seal import seal

EXTREMES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 0.5, 1e300, 2**32 - 2, 2**32 - 1, 2**53, -(2**53), 10**40, "", "0x", "1",
    "0x" + "00" * 32, "did:web:college.example", "did:web:", "2026-06-30T24:00:00Z", "\u202e\u0000", "{name}", [], {},
    [[]], {"id": 1}, {"@value": 1}, [None], "9999-12-31T23:59:59-14:00",
)  # fmt: skip
TOKENS = (
    b'"sanad":1,', b'{"credential":{', b"stream\n", b"endstream\n", b"%%EOF\n", b"startxref\n0\n", b"xref\n0 5\n",
    b"\xef\xbb\xbf", b"\0", b"\xff", b"\r\n", b" ", b"}", b"{", b'"', b"\\u0000", b"\\ud800", b"1e0", b"<svg>",
    b"\x89PNG\r\n\x1a\n", b"/SanadSeal[0000000001 0000000001]>>\nstartxref\n0000000000\n%%EOF\n", b"iTXt", b"trailer\n",
)  # fmt: skip
_NUMBER = re.compile(rb"(?<=[:\[,])-?[0-9]+(?=[,}\]])")
_KEY = re.compile(rb'"(credential|index|path|root|sanad|sheet|id|proof|validUntil)":')
_LENGTHS = re.compile(rb"/SanadSeal\[([0-9]{10}) ([0-9]{10})\]")

Envelopes = Callable[[Random, World], tuple[bytes, bytes]]
"""What is inside: JSON, and the sheet that goes with it (empty: none)."""
Around = Callable[[Random, World, bytes, bytes], bytes]
Bytes = Callable[[Random, World, bytes], bytes]


def mutated(random: Random, world: World) -> tuple[bytes, str]:
    """One file, and by which ways it came about."""
    inside = random.choice(INSIDE)
    around = random.choice(AROUND)
    text, paper = inside(random, world)
    data = around(random, world, text, paper)
    names = [inside.__name__, around.__name__]
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        change = random.choice(CHANGES)
        data = change(random, world, data)
        names.append(change.__name__)
    return data, " ".join(names)


# --- what is inside


def issued(random: Random, world: World) -> tuple[bytes, bytes]:
    """An envelope as it was issued."""
    envelope, paper = _any(random, world)
    return envelope.to_bytes(), paper


def credential(random: Random, world: World) -> tuple[bytes, bytes]:
    """A bare credential."""
    envelope, paper = _any(random, world)
    return bare(envelope), paper


def moved(random: Random, world: World) -> tuple[bytes, bytes]:
    """An envelope with parts of another one."""
    one, paper = _any(random, world)
    two, other = _any(random, world)
    parts = random.sample(("credential", "index", "sheet", "root", "path"), random.randint(1, 4))
    mixed = replace(one, **{name: getattr(two, name) for name in parts})
    return mixed.to_bytes(), random.choice((paper, other))


def misplaced(random: Random, world: World) -> tuple[bytes, bytes]:
    """Another index, sheet or path; sometimes with the root that these lead to."""
    envelope, paper = _any(random, world)
    path = list(envelope.path)
    change = random.randrange(6)
    if change == 0:
        envelope = replace(envelope, index=random.choice((0, 1, 2, 4, 5, 2**32 - 2, 256)))
    elif change == 1:
        envelope = replace(envelope, sheet=random.choice((ZERO, sha256(paper), random.randbytes(32))))
    elif change == 2 and path:
        path[random.randrange(len(path))] = random.choice((ZERO, random.randbytes(32), *path))
    elif change == 3:
        path.insert(random.randint(0, len(path)), random.choice((ZERO, random.randbytes(32), *path)))
    elif change == 4:
        path = path[: random.randint(0, len(path))]
    else:
        random.shuffle(path)
    envelope = replace(envelope, path=tuple(path))
    if random.random() < 0.5:
        envelope = replace(envelope, root=envelope.computed_root)
    return envelope.to_bytes(), paper


def forged(random: Random, world: World) -> tuple[bytes, bytes]:
    """An edited credential, led to a root of its own or left as if it were in the batch."""
    envelope, paper = _any(random, world)
    value = json.loads(canonical(envelope.credential))
    edit(random, value)
    made = replace(envelope, credential=value)
    try:
        if random.random() < 0.5:
            made = replace(made, root=made.computed_root)
        return made.to_bytes(), paper
    except SanadError:
        return _dumped(random, value), paper


def edited(random: Random, world: World) -> tuple[bytes, bytes]:
    """An envelope or a credential with values changed, in canonical bytes or in others."""
    text, paper = random.choice((issued, credential))(random, world)
    value = json.loads(text)
    for _ in range(random.randint(1, 3)):
        edit(random, value)
    return _dumped(random, value), paper


def dated(random: Random, world: World) -> tuple[bytes, bytes]:
    """Other dates, almost dates among them, in an envelope or a credential, led to a root of its own or not."""
    envelope, paper = _any(random, world)
    value = json.loads(canonical(envelope.credential))
    for name in random.sample(("validFrom", "validUntil", "created"), random.randint(1, 2)):
        (value if name != "created" else value["proof"])[name] = drawn.date_text(random)
    if random.random() < 0.4:
        return _dumped(random, value), paper
    made = replace(envelope, credential=value)
    if random.random() < 0.5:
        made = replace(made, root=made.computed_root)
    return made.to_bytes(), paper


def respelled(random: Random, world: World) -> tuple[bytes, bytes]:
    """The same JSON in other bytes: numbers, escapes, white space, order."""
    text, paper = random.choice((issued, credential))(random, world)
    change = random.randrange(4)
    if change == 0 and (numbers := list(_NUMBER.finditer(text))):
        found = random.choice(numbers)
        written = found[0].decode()
        ways = (
            "{}.0", "{}e0", "{}E+00", "0{}", "+{}", "{}.", "{}0e-1", "{}." + "0" * 38, "-{}", "{}e999", "0x{}",
            "{}." + "0" * 60 + "1", '"{}"', "{}e-400",
        )  # fmt: skip
        return text[: found.start()] + random.choice(ways).format(written).encode() + text[found.end() :], paper
    if change == 1:
        at = random.choice([found.end() for found in re.finditer(rb"[A-Za-z]", text)])
        return text[: at - 1] + b"\\u%04x" % text[at - 1] + text[at:], paper
    if change == 2:
        at = random.choice([found.end() for found in re.finditer(rb"[,:{}\[\]]", text)])
        return text[:at] + random.choice((b" ", b"\n", b"\t", b"\r", b"\x0c", b"\xc2\xa0")) + text[at:], paper
    value = json.loads(text)
    return json.dumps(dict(random.sample(list(value.items()), len(value))), ensure_ascii=False).encode(), paper


def key_twice(random: Random, world: World) -> tuple[bytes, bytes]:
    """A key that stands twice, with values that contradict each other."""
    text, paper = issued(random, world)
    other, _ = issued(random, world)
    found = random.choice(list(_KEY.finditer(text)))
    value = json.loads(other).get(found[1].decode(), _extreme(random))
    again = json.dumps({found[1].decode(): value}).encode()[1:-1]
    return text[: found.start()] + again + b"," + text[found.start() :], paper


def batch_file(random: Random, world: World) -> tuple[bytes, bytes]:
    """No certificate at all."""
    sample = random.choice(world.samples)
    return sample.file.to_bytes(), sample.sheets[0]


INSIDE: tuple[Envelopes, ...] = (
    issued, issued, credential, moved, misplaced, misplaced, forged, forged, edited, edited, dated, respelled,
    respelled, key_twice, batch_file,
)  # fmt: skip


# --- what is around it


def plain(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    return text


def sealed(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    """In the PDF to which it belongs, or in another's, sealed anew."""
    paper = paper if paper and random.random() < 0.8 else _paper(random, world)
    try:
        return paper + seal(paper, text)
    except SanadError:
        return paper + text


def sealed_otherwise(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    """Sealed, the sheet redrawn or the lengths moved."""
    paper = paper or _paper(random, world)
    if random.random() < 0.3:
        paper = paper.replace(b"842 595", b"595 842").replace(b"20260630", b"20260631")
    data = sealed(random, world, text, paper)
    by, more = random.choice((0, 1, -1, 60)), random.choice((0, 0, 1))

    def lengths(found: re.Match[bytes]) -> bytes:
        one, two = int(found[1]) + by, int(found[2]) - by + more
        return b"/SanadSeal[%010d %010d]" % (max(one, 0), max(two, 0))

    return _LENGTHS.sub(lengths, data)


def resaved(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    """A PDF that another program wrote, with the attachment as it was or compressed."""
    level = random.choice((None, None, 0, 1, 9))
    stream = text if level is None else zlib.compress(text, level)
    if random.random() < 0.3:
        stream = stream[: random.randint(0, len(stream))]
    if random.random() < 0.2:
        stream = zlib.compress(stream)
    end = random.choice((b"\nendstream\nendobj\n", b"\r\nendstream\r\n", b""))
    return b"%%PDF-1.4\n1 0 obj\n<</Length %d>>\nstream\n%b%b%%%%EOF\n" % (len(stream), stream, end)


def in_png(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    return bake_png(picture(), text)


def in_svg(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    try:
        return bake_svg(picture(), text, "A badge")
    except SanadError:
        return b"<svg>" + text + b"</svg>"


def in_svg_otherwise(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    """In an SVG as another program writes it, or as none should."""
    return drawn.svg(random, text.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")


def presented(random: Random, world: World, text: bytes, paper: bytes) -> bytes:
    """In a Verifiable Presentation, alone or beside another."""
    try:
        one = json.loads(text)
    except ValueError:
        return text
    value = drawn.presentation(random, one, json.loads(credential(random, world)[0]))
    value = {"@context": ["https://www.w3.org/ns/credentials/v2"], **value}
    return json.dumps(value).encode("utf-8", "surrogatepass")


AROUND: tuple[Around, ...] = (
    plain, plain, plain, sealed, sealed, sealed, sealed_otherwise, resaved, in_png, in_svg, in_svg_otherwise, presented,
)  # fmt: skip


# --- what befell the bytes


def flipped(random: Random, world: World, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def digit(random: Random, world: World, data: bytes) -> bytes:
    """Another digit or letter of the same kind, so that the form stays."""
    places = [found.start() for found in re.finditer(rb"[0-9a-f]", data)]
    if not places:
        return data
    at = random.choice(places)
    return data[:at] + random.choice(b"0123456789abcdef").to_bytes() + data[at + 1 :]


def cut(random: Random, world: World, data: bytes) -> bytes:
    at = random.randint(0, len(data))
    return random.choice((data[:at], data[at:], data[: -random.randint(1, 4)], data[1:]))


def lost(random: Random, world: World, data: bytes) -> bytes:
    start, end = _range(random, data)
    return data[:start] + data[end:]


def doubled(random: Random, world: World, data: bytes) -> bytes:
    start, end = _range(random, data)
    return data[:end] + data[start:end] + data[end:]


def inserted(random: Random, world: World, data: bytes) -> bytes:
    at = random.choice((0, len(data), random.randint(0, len(data))))
    return data[:at] + random.choice((random.randbytes(random.randint(1, 9)), *TOKENS)) + data[at:]


def spliced(random: Random, world: World, data: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    other, _ = random.choice(INSIDE)(random, world)
    other = random.choice(AROUND)(random, world, other, _paper(random, world))
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def joined(random: Random, world: World, data: bytes) -> bytes:
    other, paper = issued(random, world)
    return data + random.choice((other, paper, sealed(random, world, other, paper)))


def line_ends(random: Random, world: World, data: bytes) -> bytes:
    return random.choice((data.replace(b"\n", b"\r\n"), data + b"\n", data + b"\r\n", b"\n" + data, data.strip()))


CHANGES: tuple[Bytes, ...] = (
    flipped, flipped, digit, digit, cut, lost, doubled, inserted, inserted, spliced, joined, line_ends,
)  # fmt: skip


@cache
def picture() -> bytes:
    """The smallest PNG."""
    import struct

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _any(random: Random, world: World) -> tuple[Envelope, bytes]:
    held, index = random.choice(world.places)
    return held.sample.envelopes[index], held.sample.sheets[index]


def _paper(random: Random, world: World) -> bytes:
    return random.choice(
        [paper for paper in random.choice(world.samples).sheets if paper] or [world.samples[0].sheets[0]]
    )


def _range(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 16, 64, 500)))


def edit(random: Random, value: Any) -> None:
    """Change one thing somewhere inside, in place."""
    holders = [value]
    for holder in holders:
        inner = holder.values() if isinstance(holder, dict) else holder
        holders.extend(each for each in inner if isinstance(each, dict | list) and each)
    holder = random.choice(holders)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if not keys:
        return
    at, change = random.choice(keys), random.randrange(4)
    if change == 0:
        del holder[at]
    elif change == 1 and isinstance(holder, dict):
        holder[random.choice(("id", "type", "@context", "x", "validUntil", "_:a", "proof"))] = _extreme(random)
    elif change == 2 and isinstance(holder[at], str):
        holder[at] = holder[at] + random.choice(("x", "\u0301", " ", "\u200d"))
    else:
        holder[at] = _extreme(random)


def _extreme(random: Random) -> Any:
    # A value of its own each time: what is put in may be changed again.
    return deepcopy(random.choice(EXTREMES))


def _dumped(random: Random, value: Any) -> bytes:
    if random.random() < 0.6:
        try:
            return canonical(value)
        except SanadError:
            pass
    return json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
