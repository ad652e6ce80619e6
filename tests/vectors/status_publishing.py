"""What becomes of a list's places when it is published (SPEC.md section 15.5, steps 4 to 6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from verifier.core.hashes import to_hex
from verifier.core.registry import NO_ADDRESS

SIGNER, ADMIN, OTHER = ("0x" + digits * 20 for digits in ("51", "ad", "07"))
ONE, TWO, NEVER = (to_hex(bytes([number]) * 32) for number in (1, 2, 9))
C, D = (to_hex(letter * 32) for letter in (b"c", b"d"))
Node = dict[str, Any]

STANDS: Node = {"issuedAt": 1, "withdrawnAt": 0, "counts": True, "adopted": False, "signer": SIGNER}
WITHDRAWN, LOST = STANDS | {"withdrawnAt": 7}, STANDS | {"counts": False}
ADOPTED = STANDS | {"adopted": True, "signer": ADMIN}


@dataclass(frozen=True)
class Case:
    """One vector: the places that are known, the registry's answers, and the places that are set before and after."""

    name: str
    note: str
    after: list[int]
    batches: Node = field(default_factory=lambda: {ONE: STANDS})
    revoked: list[tuple[str, str]] = field(default_factory=list)
    """In whose authority (the zero address: the institution's), and which commitment."""
    before: list[int] = field(default_factory=list)
    places: list[tuple[int, str, str]] = field(default_factory=lambda: [(5, C, ONE)])
    """Index, commitment, root."""

    def data(self) -> Node:
        """The vector, as its file has it."""
        return {
            "note": self.note,
            "places": [{"index": index, "commitment": c, "root": root} for index, c, root in self.places],
            "batches": self.batches,
            "revoked": [{"authority": authority, "commitment": c} for authority, c in self.revoked],
            "before": self.before,
            "after": self.after,
        }


def cases() -> Iterator[Case]:
    """Every vector."""
    both = [(5, C, ONE), (5, C, TWO)]
    yield Case("stands", "nothing is said against it", [])
    yield Case("cleared", "its revocation does not count any more", [9], before=[5, 9])
    yield Case("by-signer", "revoked by the batch's signer", [5], revoked=[(SIGNER, C)])
    yield Case("by-institution", "revoked by the institution", [5], revoked=[(NO_ADDRESS, C)])
    yield Case("by-other-signer", "another signer's revocation does not bite", [], revoked=[(OTHER, C)])
    yield Case("of-another", "another certificate is revoked", [], revoked=[(SIGNER, D)])
    yield Case("withdrawn", "the batch is withdrawn", [5], {ONE: WITHDRAWN})
    yield Case("lost", "the batch does not count", [5], {ONE: LOST})
    yield Case("adopted-by-admin", "the adopter's revocation as a signer", [], {ONE: ADOPTED}, [(ADMIN, C)])
    yield Case("adopted-institution", "adopted, revoked by the institution", [5], {ONE: ADOPTED}, [(NO_ADDRESS, C)])
    yield Case("unregistered", "the registry has no such batch: it stays clear", [], {})
    zeroes = STANDS | {"issuedAt": 0, "counts": False, "signer": NO_ADDRESS}
    yield Case(
        "unregistered-zeroes", "the registry answers zeroes for a batch that it does not have", [], {ONE: zeroes}
    )
    yield Case("unregistered-set", "the registry has no such batch: it stays set", [5], {}, before=[5])
    yield Case("unknown-places", "places of certificates that are not known stay", [4, 6], before=[4, 5, 6])
    yield Case(
        "two-one-lost", "of two batches one does not count", [], {ONE: STANDS, TWO: LOST}, places=both, before=[5]
    )
    yield Case("two-both-lost", "of two batches none counts", [5], {ONE: LOST, TWO: LOST}, places=both)
    differ = {ONE: STANDS, TWO: WITHDRAWN}
    yield Case("two-differ", "two batches differ: it stays clear", [], differ, places=both)
    yield Case("two-differ-set", "two batches differ: it stays set", [5], differ, places=both, before=[5])
    once = [(5, C, ONE), (5, C, NEVER)]
    yield Case("two-one-unregistered", "one of two was never registered", [], places=once, before=[5])
    shared = [(5, C, ONE), (5, D, ONE)]
    yield Case("shared", "a place that was given twice hides no revocation", [5], revoked=[(SIGNER, D)], places=shared)
    ends = [(0, C, ONE), (131_071, D, ONE)]
    yield Case("ends", "the first place and the last", [131_071], revoked=[(SIGNER, D)], places=ends, before=[0])
