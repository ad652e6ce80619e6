"""Archives that lie, and texts that people paste: neither makes a certificate good that is not."""

import base64
from random import Random
from typing import Any

from tests.core.vector_files import VectorArchive
from tests.fuzz.mutations import INSIDE, flipped, misplaced, moved
from tests.fuzz.world import Held, World
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.codes import link, short_code
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import ZERO, to_base64url, to_hex

_DOMAINS = ("university.example", "college.example", "stranger.example")
_MARKS = (
    "\u200e", "\u200b", "\ufeff", "\u00ad", "\u2011", "\u2013", "\u2212", "\u0131", "\u017f", "\u212a", "\u0660",
    "\u06f5", "\u00a0",
    "\x1c", "\x85", "\n", " ", "-", ".", ")", "/", "%2F", "?q=", "#", "c/", "https://", "0x", "0X", "\ud800",
)  # fmt: skip


def lying_archive(random: Random, world: World, held: Held, index: int) -> tuple[VectorArchive, bool, bool]:
    """An archive that keeps, besides what is true or not of one certificate, all sorts of lies about it.

    Also whether its own batch file is there, and whether its credential is, at whatever place.
    """
    envelope = held.sample.envelopes[index]
    stored = {to_hex(envelope.hash): _stored(random, world, envelope) for _ in range(random.randint(0, 1))}
    for _ in range(random.randint(0, 2)):
        text, _ = random.choice(INSIDE)(random, world)
        stored[to_hex(random.choice((random.randbytes(32), *world.hashes)))] = text
    files = [_batch_file(random, world, held, index) for _ in range(random.randint(0, 3))]
    entry: dict[str, Any] = {
        "stored_as": {name: _b64(data) for name, data in stored.items()},
        "batch_files": [_b64(data) for data in files for _ in range(random.choice((1, 1, 2)))],
    }
    hashes = [to_hex(each) for each in world.hashes]
    entry["replacements"] = {random.choice(hashes): random.choice(hashes) for _ in range(random.randint(0, 4))}
    batch = f"{held.domain} {to_hex(held.sample.file.root)}"
    entry["educators"] = {batch: random.choice(hashes)} if random.random() < 0.3 else {}
    own = any(base64.b64decode(each) == held.sample.file.to_bytes() for each in entry["batch_files"])
    return VectorArchive(entry), own, _is_of(stored.get(to_hex(envelope.hash)), envelope)


def pasted(random: Random, world: World) -> str:
    """A link, a hash or a code, with something done to it."""
    hash_ = random.choice(world.hashes)
    text = random.choice(
        (link("https://verify.example", hash_), hash_.hex(), to_hex(hash_), to_base64url(hash_), short_code(hash_))
    )
    for _ in range(random.choice((0, 1, 2, 4))):
        at = random.randint(0, len(text))
        change = random.randrange(4)
        if change == 0:
            text = text[:at] + random.choice(_MARKS) + text[at:]
        elif change == 1:
            text = (
                text[:at] + chr(random.choice((random.randrange(32, 127), random.randrange(0x3000)))) + text[at + 1 :]
            )
        elif change == 2:
            text = text[:at] + text[at + 1 :]
        else:
            text = random.choice((text.upper(), text.lower(), text + text, f"See {text}.", f"({text})", text[::-1]))
    return text


def _stored(random: Random, world: World, envelope: Envelope) -> bytes:
    change = random.randrange(5)
    if change == 0:
        return envelope.to_bytes()
    if change == 1:
        return flipped(random, world, envelope.to_bytes())
    if change == 2:
        return random.choice((moved, misplaced))(random, world)[0]
    # The genuine credential at a place that leads elsewhere.
    other = Envelope(envelope.credential, random.choice((0, 1, 7)), random.choice((ZERO, envelope.sheet)), ZERO, ())
    root = random.choice((other.computed_root, envelope.root, ZERO))
    return Envelope(other.credential, other.index, other.sheet, root, ()).to_bytes()


def _is_of(stored: bytes | None, envelope: Envelope) -> bool:
    """Whether what is stored is an envelope of this very credential."""
    try:
        return stored is not None and parse_envelope(stored).hash == envelope.hash
    except SanadError:
        return False


def _batch_file(random: Random, world: World, held: Held, index: int) -> bytes:
    """The batch file of the certificate or of another, as it is, spoilt, or made by a stranger of what is public."""
    own = held.sample.file
    change = random.randrange(5)
    if change == 0:
        return own.to_bytes()
    if change == 1:
        return random.choice(world.samples).file.to_bytes()
    if change == 2:
        return flipped(random, world, own.to_bytes())
    domain = random.choice(_DOMAINS)
    if change == 3:
        return BatchFile(domain, own.root, own.body).to_bytes()
    records = [own.record(index)] * random.randint(1, 3)
    body = b"".join(one + two for one, two in records)
    return BatchFile(domain, tree_of(records).root, body).to_bytes()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
