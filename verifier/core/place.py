"""Where a commitment is in a batch (SPEC.md section 11)."""

from dataclasses import dataclass

from verifier.core.envelope import Envelope
from verifier.core.hashes import ZERO
from verifier.core.merkle import leaf


@dataclass(frozen=True)
class Place:
    """What a registry is asked about. `root` is what index, commitment, sheet and path lead to."""

    domain: str
    root: bytes
    index: int
    commitment: bytes
    sheet: bytes
    path: tuple[bytes, ...]


def place_of(envelope: Envelope, domain: str) -> Place:
    """The place that an envelope names, under its issuer's domain; the envelope leads to its root."""
    return Place(domain, envelope.root, envelope.index, envelope.commitment, envelope.sheet, envelope.path)


def nowhere(domain: str) -> Place:
    """A place that nobody registers, used only to ask for the time of a registry's newest block."""
    return Place(domain, leaf(0, ZERO, ZERO), 0, ZERO, ZERO, ())
